# The front door: `make help`. Every target first installs or builds what it needs; nothing is done twice.
SHELL = /bin/bash
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

SOURCES := $(shell find src -name '*.ts')
# Vitest projects to run, for example PROJECTS='unit lab'; all by default.
PROJECTS ?=

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: build
build: dist/kedge.js dist/kedge kedged build/qjs ## dist/kedge.js (the bundle), dist/kedged (the helper), dist/kedge (the command line)

.PHONY: check
check: node_modules/.installed check-packages ## format, lint, types, unused code, shell scripts
	npx biome check
	npx tsc -p tsconfig.json
	npx tsc -p test/tsconfig.json
	npx tsc -p test/lab/inside/tsconfig.json
	@tools/shellcheck
	@if tools/node-is 20.19; then npx knip; else echo 'knip needs Node.js 20.19: unused code is not looked for'; fi

.PHONY: test
test: lab ## everything, ends with `N passed, N failed`
	@tools/test $(PROJECTS:%=--project %)

.PHONY: conformance
conformance: lab ## what each document demands and which test shows it, ends with a line of JSON
	@npx vite-node test/conformance/main.ts

.PHONY: soak
soak: lab ## long forms of the tests: in the lab an hour at 2 % loss, two hours of random failures, two hours of fifty flows and 200 routers; ten minutes of random schedules
	KEDGE_QJS=build/qjs SOAK_MINUTES=60 RANDOM_MINUTES=120 FLOW_MINUTES=120 LAB_ROUTERS=200 SIMULATION_SECONDS=600 npx vitest run \
		test/lab/quiet-hour.test.ts test/lab/random-failures.test.ts test/lab/flow-soak.test.ts test/lab/many-routers.test.ts test/simulation/random.test.ts

.PHONY: fuzz
fuzz: node_modules/.installed ## two million mutants and random inputs for everything that reads packets
	node --expose-gc node_modules/.bin/vite-node test/fuzz/main.ts

.PHONY: demo
demo: lab ## a router with two uplinks keeps its sessions, live
	npx vite-node test/lab/demo.ts

.PHONY: bench
bench: lab ## cost of computing, in figures
	npx vite-node test/bench/main.ts

.PHONY: ipk
ipk: build ipk-packages ## packages for OpenWrt in build/packages: x86_64 and all; prints their sizes
	@tools/ipk

.PHONY: size
size: build ipk-packages ## the same, ends with a line of JSON in octets
	@tools/ipk size

.PHONY: clean
clean: ## removes what was built in the checkout; the machine's cache stays
	rm -rf dist build results node_modules/.installed

# What tests, demo and benchmarks run on.
.PHONY: lab
lab: build test-packages build/qjs-mips build/linux build/linux-mip6 build/labtool build/clock-shift.so
	@chmod -R go+rX dist build # in the lab, programs without privileges run from there

.PHONY: packages check-packages ipk-packages test-packages
packages:
	@tools/packages build
check-packages:
	@tools/packages check
ipk-packages:
	@tools/packages ipk
test-packages:
	@tools/packages test

node_modules/.installed: package.json package-lock.json | packages
	@echo '==> packages from npm'
	npm install --no-audit --no-fund --loglevel=error </dev/null
	@touch $@

dist/kedge.js: $(SOURCES) luci-app/luci-app-kedge/src/rules.ts package.json tools/bundle.mjs node_modules/.installed
	node tools/bundle.mjs

dist/kedge: tools/kedge.sh
	@install -D -m 755 $< $@

.PHONY: kedged
kedged: | packages
	@$(MAKE) -C src/netio

build/qjs: tools/quickjs | packages
	@tools/quickjs
	@touch $@

build/qjs-mips: tools/quickjs | test-packages
	@tools/quickjs mips
	@touch $@

build/linux build/linux-mip6 &: tools/kernel test/lab/kernel.config test/lab/kernel-mip6.config | test-packages
	@tools/kernel
	@touch build/linux build/linux-mip6

build/labtool: test/lab/labtool.c | packages
	@mkdir -p build
	gcc -O2 -Wall -Wextra -Werror -o $@ $<

build/clock-shift.so: test/lab/clock-shift.c | packages
	@mkdir -p build
	gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o $@ $<

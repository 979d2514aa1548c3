/** Runs the real kedged in a network namespace of its own, as root or as an ordinary user (user namespaces). */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** `mips`: helper and interpreter for big-endian MIPS, under QEMU. */
export type Variant = 'plain' | 'asan' | 'valgrind' | 'mips';

const ROOT = join(import.meta.dirname, '../../..');
const work = mkdtempSync(join(tmpdir(), 'kedged-test-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function need(condition: boolean, what: string): void {
  if (!condition) throw new Error(`the tests of kedged need ${what}`);
}

export const qjs =
  process.env.KEDGE_QJS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kedge/qjs');

/** Builds the helper in its variants, the driver and the script. */
export function prepare(): void {
  need(existsSync(qjs), `QuickJS at ${qjs} (make build puts it there; KEDGE_QJS names another)`);
  const unshare = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  need(
    unshare.status === 0,
    `user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces) and iproute2: ` +
      (unshare.error?.message ?? unshare.stderr),
  );
  execFileSync('make', ['-s', '-C', join(ROOT, 'src/netio'), `OUT=${work}`, 'all', 'asan']);
  // valgrind cannot look into a static C library.
  execFileSync('make', [
    '-s',
    '-C',
    join(ROOT, 'src/netio'),
    `OUT=${work}/dynamic`,
    'CFLAGS=-g -O1',
    'LDFLAGS=',
  ]);
  execFileSync('make', ['-s', '-C', join(ROOT, 'src/netio'), `OUT=${work}/mips`, 'CC=mips-linux-gnu-gcc']);
  const interpreter = `exec qemu-mips-static ${join(ROOT, 'build/qjs-mips')} "$@"`;
  writeFileSync(mipsQjs, `#!/bin/sh\n${interpreter}\n`, { mode: 0o755 });
  execFileSync('cc', [
    '-O1',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-o',
    join(work, 'driver'),
    join(import.meta.dirname, 'driver.c'),
  ]);
  buildSync({
    entryPoints: [join(import.meta.dirname, 'scenarios.ts')],
    outfile: join(work, 'scenarios.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['std', 'os'],
    logLevel: 'error',
  });
}

export interface RunOptions {
  readonly variant?: Variant;
  /** Run the driver instead of qjs. */
  readonly driver?: boolean;
  readonly qjs?: string;
  readonly options?: readonly string[];
  /** Shell commands before kedged, in its namespace. */
  readonly before?: string;
  /** Called with each line of standard output, and a function that signals the helper. */
  readonly onLine?: (line: string, signal: (name: NodeJS.Signals) => void) => void;
}

export interface Outcome {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
  /** The JSON lines by their `name`. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON that the assertions look into
  readonly facts: Record<string, any>;
  readonly milliseconds: number;
  readonly runDirectory: string;
}

const commands: Record<Variant, string> = {
  plain: `exec ${work}/kedged`,
  asan: `ASAN_OPTIONS=exitcode=99 exec ${work}/kedged-asan`,
  mips: `exec qemu-mips-static ${work}/mips/kedged`,
  valgrind: `exec valgrind -q --error-exitcode=99 --leak-check=full ${work}/dynamic/kedged`,
};

/** Stands for the run directory in the arguments and options of run(); shell commands say $RUN. */
export const RUN_DIRECTORY = '@run';

let runs = 0;

export const driverPath = join(work, 'driver');
const mipsQjs = join(work, 'qjs-mips');

/** Runs kedged with a scenario (or the driver's mode) and waits for its end. */
export function run(args: readonly string[], how: RunOptions = {}): Promise<Outcome> {
  const runDirectory = join(work, `run${++runs}`);
  const placed = (words: readonly string[]) => words.map(word => word.replace(RUN_DIRECTORY, runDirectory));
  const words = [
    ...[
      '--qjs',
      how.qjs ?? (how.driver ? driverPath : how.variant === 'mips' ? mipsQjs : qjs),
      '--script',
      join(work, 'scenarios.js'),
    ],
    ...['--run-dir', runDirectory, ...placed(how.options ?? []), '--', ...placed(args)],
  ];
  const shell = `ip link set lo up; ${how.before ?? ''}\n${commands[how.variant ?? 'plain']} "$@"`;
  const started = Date.now();
  const child = spawn('unshare', ['-rnm', 'sh', '-c', shell, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, RUN: runDirectory },
  });
  let stdout = '';
  let stderr = '';
  let told = 0;
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
    const lines = stdout.split('\n');
    for (; told < lines.length - 1; told++) how.onLine?.(lines[told]!, name => child.kill(name));
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data;
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 25000);
  return new Promise(resolve => {
    child.on('close', code => {
      clearTimeout(limit);
      const lines = stdout.split('\n').filter(line => line !== '');
      // biome-ignore lint/suspicious/noExplicitAny: see Outcome
      const facts: Record<string, any> = {};
      for (const line of lines) {
        if (!line.startsWith('{')) continue;
        const { name, ...rest } = JSON.parse(line);
        facts[name] = rest;
      }
      resolve({ code, lines, stderr, facts, milliseconds: Date.now() - started, runDirectory });
    });
  });
}

#!/bin/sh
# The mobile network as an interface of netifd: `option proto 'kedge'`. The daemon does all the work, tunnels included; it is
# told here which interface stands for the mobile network of which router, and tells netifd the rest itself.

[ -n "$INCLUDE_ONLY" ] || {
	. ../netifd-proto.sh
	init_proto "$@"
}

proto_kedge_init_config() {
	# shellcheck disable=SC2034 # netifd-proto.sh reads them
	no_device=1
	# shellcheck disable=SC2034
	available=1
	# shellcheck disable=SC2034
	no_proto_task=1
	# shellcheck disable=SC2034
	renew_handler=1
	# shellcheck disable=SC2034
	lasterror=1
	proto_config_add_string router
}

proto_kedge_setup() {
	local config="$1"
	local router=

	json_get_vars router
	json_init
	json_add_string interface "$config"
	[ -n "$router" ] && json_add_string router "$router"
	ubus call kedge attach "$(json_dump)" >/dev/null 2>&1
	case $? in
		0) ;;
		2) proto_notify_error "$config" NO_ROUTER ;;
		*) proto_notify_error "$config" NO_DAEMON ;;
	esac
}

# The daemon asks for it when it starts or reads its configuration, if it has not got the interface.
proto_kedge_renew() {
	proto_kedge_setup "$@"
}

proto_kedge_teardown() {
	json_init
	json_add_string interface "$1"
	ubus call kedge detach "$(json_dump)" >/dev/null 2>&1
}

[ -n "$INCLUDE_ONLY" ] || add_protocol kedge

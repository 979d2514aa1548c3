# shellcheck shell=dash
# A stand-in for /lib/functions/procd.sh and procd itself, written from what init scripts expect: one instance a service,
# started anew when it is not as it was, kept alive with `respawn`. A definition is a directory of files with one word a line.
# Signals and jails are the real procd's business; triggers are written down for the tests.

PROCD=/var/run/procd
_words() { printf '%s\n' "$@"; }

procd_open_service() {
	_new=$PROCD/$service.new
	rm -rf "$_new"
	mkdir -p "$_new"
}
procd_open_instance() { :; }
procd_close_instance() { :; }
procd_set_param() {
	local name=$1

	shift
	_words "$@" >"$_new/$name"
}
procd_append_param() {
	local name=$1

	shift
	_words "$@" >>"$_new/$name"
}
procd_add_reload_trigger() { _words "$@" >>"$_new/reload-trigger"; }
procd_add_reload_interface_trigger() { _words "$@" >>"$_new/interface-trigger"; }
procd_close_service() {
	service_triggers
	if diff -r "$_new" "$PROCD/$service" >/dev/null 2>&1; then
		rm -r "$_new"
		return
	fi
	procd_kill "$service"
	mv "$_new" "$PROCD/$service"
	[ ! -f "$PROCD/$service/command" ] || setsid /sbin/procd "$service" </dev/null >/dev/null 2>&1 &
}

procd_running() { [ -f "$PROCD/$1.pid" ]; }
procd_send_signal() { ! procd_running "$1" || kill "-${3:-HUP}" "$(cat "$PROCD/$1.pid")"; }
procd_kill() { # service
	local pid wait

	rm -rf "${PROCD:?}/$1"
	procd_running "$1" || return 0
	kill -9 "$(cat "$PROCD/$1.procd")"
	pid=$(cat "$PROCD/$1.pid")
	kill "$pid" 2>/dev/null
	wait=50
	while [ -e "/proc/$pid" ] && [ $wait -gt 0 ]; do
		sleep 0.1
		wait=$((wait - 1))
	done
	kill -9 "$pid" 2>/dev/null
	rm -f "$PROCD/$1.pid"
}

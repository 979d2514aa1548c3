# In place of netifd's netifd-proto.sh and libubox's jshn.sh: as much of them as our protocol handler calls. Objects are flat,
# values strings; each call of ubus goes to the `ubus` in PATH, as theirs does.

json_init() { JSON=; }
json_load() { JSON_IN="$1"; }
json_get_vars() {
	for name in "$@"; do
		eval "$name=\"\$(printf %s \"\$JSON_IN\" | sed -n 's/.*\"$name\": *\"\\([^\"]*\\)\".*/\\1/p')\""
	done
}
_json_add() { JSON="$JSON${JSON:+, }\"$1\": $2"; }
json_add_string() { _json_add "$1" "\"$2\""; }
json_add_int() { _json_add "$1" "$2"; }
json_dump() { echo "{ $JSON }"; }

proto_config_add_string() { CONFIG="$CONFIG${CONFIG:+, }[ \"$1\", 3 ]"; }

proto_notify_error() {
	json_init
	json_add_int action 3
	_json_add error "[ \"$2\" ]"
	json_add_string interface "$1"
	ubus call network.interface notify_proto "$(json_dump)"
}

init_proto() { # protocol command [interface data device]
	PROTO="$1" CMD="$2" INTERFACE="$3" DATA="$4"
}

add_protocol() {
	if [ "$CMD" = dump ]; then
		"proto_$1_init_config"
		echo "{ \"name\": \"$1\", \"config\": [ $CONFIG ], \"no-device\": ${no_device:-0}, \"no-proto-task\": ${no_proto_task:-0}," \
			"\"available\": ${available:-0}, \"renew-handler\": ${renew_handler:-0}, \"lasterror\": ${lasterror:-0} }"
	elif [ "$PROTO" = "$1" ]; then
		json_load "$DATA"
		"proto_$1_$CMD" "$INTERFACE" ""
	fi
}

# shellcheck shell=dash
# A stand-in for /lib/functions.sh of OpenWrt, written from how packages use it: the configuration as UCI files have it, and
# what the scripts of a package do by default. The real one is part of base-files, which is not to be had here.

OPKG_INFO=$IPKG_INSTROOT/usr/lib/opkg/info

# A UCI file is almost shell: its statements are these commands.
config_load() {
	CONFIG_SECTIONS=''
	[ ! -f "/etc/config/$1" ] || . "/etc/config/$1"
}
config() {
	CONFIG_SECTION=${2:-cfg$(echo "$CONFIG_SECTIONS" | wc -w)}
	CONFIG_SECTIONS="$CONFIG_SECTIONS $CONFIG_SECTION"
	eval "CONFIG_${CONFIG_SECTION}_TYPE=\$1"
}
option() { eval "CONFIG_${CONFIG_SECTION}_$1=\$2"; }
list() { eval "CONFIG_${CONFIG_SECTION}_$1=\"\${CONFIG_${CONFIG_SECTION}_$1:+\$CONFIG_${CONFIG_SECTION}_$1 }\$2\""; }
config_get() { eval "$1=\${CONFIG_$2_$3:-\$4}"; }
config_get_bool() {
	config_get "$@"
	eval "case \$$1 in 1 | on | true | yes | enabled) $1=1 ;; *) $1=0 ;; esac"
}
config_foreach() { # function type
	local section type

	for section in $CONFIG_SECTIONS; do
		config_get type "$section" TYPE
		[ "$type" != "$2" ] || "$1" "$section"
	done
}

add_group_and_user() { # name
	local users user

	users=$(sed -n 's/^Require-User: *//p' "$OPKG_INFO/$1.control")
	for user in $users; do
		user=${user%%:*}
		grep -q "^$user:" "$IPKG_INSTROOT/etc/passwd" && continue
		echo "$user:x:65536:" >>"$IPKG_INSTROOT/etc/group"
		echo "$user:x:65536:65536:$user:/var/run/$user:/bin/false" >>"$IPKG_INSTROOT/etc/passwd"
		echo "$user:x:0:0:99999:7:::" >>"$IPKG_INSTROOT/etc/shadow"
	done
}

default_postinst() { # script
	local name script

	name=$(basename "${1%.*}")
	add_group_and_user "$name"
	[ ! -f "$OPKG_INFO/$name.postinst-pkg" ] || (. "$OPKG_INFO/$name.postinst-pkg")
	for script in $(grep '^/etc/init.d/' "$OPKG_INFO/$name.list"); do
		[ "$PKG_UPGRADE" = 1 ] || "$script" enable
		"$script" start
	done
}

default_prerm() { # script
	local name script

	name=$(basename "${1%.*}")
	[ ! -f "$OPKG_INFO/$name.prerm-pkg" ] || (. "$OPKG_INFO/$name.prerm-pkg")
	for script in $(grep '^/etc/init.d/' "$OPKG_INFO/$name.list"); do
		[ "$PKG_UPGRADE" = 1 ] || "$script" disable
		"$script" stop
	done
}

# Sourced by the builders of what is kept outside the checkout: built once a machine, in the user's cache directory.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/kedge
mkdir -p "$cache"

# One build at a time on this machine; a second one waits and then finds the result.
lock() {
  exec 9>"$cache/lock"
  flock -n 9 || { echo "==> waiting for another build in $cache" && flock 9; }
}

# A directory that disappears with this program.
scratch_directory() {
  scratch=$(mktemp -d "$cache/building.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 130' INT TERM HUP
}

# Puts a file in its place in one step.
place() { # from to
  mkdir -p "$(dirname "$2")"
  install -m 755 "$1" "$2.$$"
  mv -f "$2.$$" "$2"
}

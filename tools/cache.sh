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

# Sets `apt` to an apt-get that works in the scratch directory, on the packages of one Debian release, without root.
release_apt() { # deb|deb-src release
  mkdir -p "$scratch"/{lists,archives}/partial
  echo "$1 [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${DEBIAN_MIRROR:-http://deb.debian.org/debian} $2 main" \
    >"$scratch/sources.list"
  apt=(apt-get -q
    -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::State::Lists="$scratch/lists" -o Dir::Cache="$scratch" -o Dir::Cache::archives="$scratch/archives"
    -o APT::Sandbox::User="$(id -un)" -o APT::Get::List-Cleanup=0)
}

# Runs a step of a build; only a failure is worth reading.
run() {
  "$@" </dev/null >>"$scratch/log" 2>&1 || { tail -n 50 "$scratch/log" >&2; exit 1; }
}

# Puts a file in its place in one step.
place() { # from to
  mkdir -p "$(dirname "$2")"
  install -m 755 "$1" "$2.$$"
  mv -f "$2.$$" "$2"
}

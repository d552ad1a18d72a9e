# Shared by quickstart and runtests: the Debian packages, and the build.

packages='gcc clang make autoconf automake pkg-config libssl-dev libjson-c-dev
	libcbor-dev check libclang-rt-dev mandoc'

missing_packages() {
	for package in $packages; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
		    2>/dev/null) || state=
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

# Installs what is missing where it may, else says what it wants.
need_packages() {
	command -v dpkg-query >/dev/null 2>&1 || return 0
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "Please install first: apt-get install $missing" >&2
		exit 1
	fi
	echo "== installing: $missing"
	apt-get -qq update
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    --no-install-recommends install $missing >/dev/null
}

jobs_here() {
	nproc 2>/dev/null || echo 1
}

# build_in FOLDER quiet|loud CONFIGURE-ARGUMENT...
build_in() {
	folder=$1 how=$2
	shift 2
	[ -x configure ] && [ configure -nt configure.ac ] || {
		echo "== autoreconf"
		autoreconf -i >autoreconf.log 2>&1 || {
			cat autoreconf.log >&2
			exit 1
		}
	}
	mkdir -p "$folder"
	echo "== building in $folder"
	source=$(pwd)
	(
		cd "$folder"
		[ -f Makefile ] || "$source/configure" -q "$@"
		make -s -j"$(jobs_here)" all
	) >"$folder.out" 2>&1 || {
		cat "$folder.out" >&2
		exit 1
	}
	[ "$how" = quiet ] || cat "$folder.out"
}

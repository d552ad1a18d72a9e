# Shared by quickstart and runtests: the Debian packages, and the build.

build_packages='gcc libc6-dev make autoconf automake pkg-config libssl-dev
	libjson-c-dev libcbor-dev libseccomp-dev
	libmnl-dev check'
test_packages='clang libclang-rt-dev mandoc zlib1g-dev libzstd-dev
	python3-cryptography-vectors'

missing_packages() {
	for package; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
		    2>/dev/null) || state=
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

# need_packages NAME...: installs what is missing where it may, else says it.
need_packages() {
	command -v dpkg-query >/dev/null 2>&1 || return 0
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "Please install first: apt-get install $missing" >&2
		exit 1
	fi
	echo "== installing: $missing"
	twice apt-get -qq update
	# shellcheck disable=SC2086
	twice env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    --no-install-recommends install $missing >/dev/null
}

# What goes over a network gets a second try.
twice() {
	"$@" && return 0
	echo "== failed, once more: $*" >&2
	sleep 5
	"$@"
}

jobs_here() {
	nproc 2>/dev/null || echo 1
}

configure_is_made() {
	[ -x configure ] && [ configure -nt configure.ac ] || {
		echo "== autoreconf"
		autoreconf -i >autoreconf.log 2>&1 || {
			cat autoreconf.log >&2
			exit 1
		}
	}
}

pwd_of() {
	(cd "$1" && pwd)
}

# build_in FOLDER CONFIGURE-ARGUMENT...: silent unless it fails.
build_in() {
	folder=$1
	shift
	configure_is_made
	mkdir -p "$folder"
	echo "== building in $folder"
	source=$(pwd)
	[ -z "${DEVATTEST_TESTDATA:-}" ] ||
		set -- "$@" "--with-testdata=$DEVATTEST_TESTDATA"
	(
		cd "$folder"
		[ -f Makefile ] || "$source/configure" -q "$@"
		make -s -j"$(jobs_here)" all
	) >"$folder.log" 2>&1 || {
		cat "$folder.log" >&2
		exit 1
	}
}

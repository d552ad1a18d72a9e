#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# openssl_newer.sh FOLDER [SUITE]: the static libcrypto of another Debian suite
# (trixie), unpacked in FOLDER.  Nothing is installed and none of the system's
# lists or sources is touched, so no privileges are needed.  Afterwards
#   PKG_CONFIG_PATH=FOLDER/pkgconfig ./configure
# builds against it.  Prints its version.  Needs zlib1g-dev and libzstd-dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=${2:-trixie}
mkdir -p "$1"
cd "$1"
folder=$(pwd)

tell_version() {
	sed -n 's/^Version: //p' "$folder/pkgconfig/libcrypto.pc"
}

# The mirror is the one that the system has its own suite from.
mirror() {
	own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
	    'Created-By: Packages' |
		awk -v own="$own" '$2 == own { print $1; exit }'
}

# apt-get with a set-up of its own below FOLDER/apt.
own_apt() {
	apt-get -o Dir::Etc::sourcelist="$folder/apt/sources.list" \
	    -o Dir::Etc::sourceparts=/dev/null \
	    -o Dir::State="$folder/apt/state" \
	    -o Dir::State::status=/var/lib/dpkg/status \
	    -o Dir::Cache="$folder/apt/cache" \
	    -o APT::Sandbox::User="$(id -un)" \
	    -o Acquire::Retries=2 -o Acquire::Languages=none \
	    -o Acquire::http::Timeout=30 -qq "$@"
}

fetch() {
	uri=$(mirror)
	[ -n "$uri" ] || {
		echo "apt knows no mirror of this system's suite" >&2
		exit 1
	}
	mkdir -p apt/state/lists/partial apt/cache/archives/partial
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	trust=
	[ ! -r "$keyring" ] || trust="[signed-by=$keyring] "
	printf 'deb %s%s %s main\n' "$trust" "$uri" "$suite" \
	    >apt/sources.list
	own_apt update
	own_apt download libssl-dev
}

# Debian's library refers to one function of a newer glibc: our own goes in.
# Its .so links lead nowhere here, and the linker must not take them.
unpack() {
	dpkg-deb -x libssl-dev_*.deb root
	library=$(find "$folder/root" -name libcrypto.a)
	libraries=${library%/*}
	rm -f "$libraries"/lib*.so
	${CC:-cc} -O2 -c -o isoc23.o "$here/isoc23.c"
	ar q "$library" isoc23.o
	mkdir -p pkgconfig
	version=$(sed -n 's/^Version: //p' \
	    "$libraries/pkgconfig/libcrypto.pc")
	cat >libcrypto.pc <<END
Name: libcrypto of $suite, static
Description: $(basename libssl-dev_*.deb .deb), unpacked
Version: $version
Cflags: -isystem $folder/root/usr/include -isystem $folder/root/usr/include/${libraries##*/}
Libs: $library -lz -lzstd -ldl -pthread
END
	mv libcrypto.pc pkgconfig/
}

if [ ! -e pkgconfig/libcrypto.pc ]; then
	rm -rf apt root libssl-dev_*.deb
	fetch
	unpack
	rm -rf apt
fi
tell_version

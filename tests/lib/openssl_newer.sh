#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# openssl_newer.sh FOLDER [SUITE]: the static libcrypto of another Debian suite
# (trixie), unpacked in FOLDER.  Nothing is installed and none of the system's
# lists or sources is touched, so no privileges are needed.  Afterwards
#   PKG_CONFIG_PATH=FOLDER/pkgconfig ./configure
# builds against it.  Prints its version.  Needs zlib1g-dev and libzstd-dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/suite.sh"
suite=${2:-trixie}
mkdir -p "$1"
cd "$1"
folder=$(pwd)

tell_version() {
	sed -n 's/^Version: //p' "$folder/pkgconfig/libcrypto.pc"
}

fetch() {
	suite_update "$folder/apt" "$suite"
	suite_apt "$folder/apt" apt-get download libssl-dev
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

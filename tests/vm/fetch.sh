#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh FOLDER: what the tests with virtual machines need beside the system's
# own packages, unpacked below FOLDER: two kernels with their headers, a newer
# QEMU, the host's side of vsock.  Nothing is installed, the system's sources are
# not touched, and names and versions are asked of apt.  What is there already is
# not fetched again; what cannot be fetched ends this with an error.
#   FOLDER/6.1, FOLDER/7.3   kver, vmlinuz, modules/, headers/
#   FOLDER/qemu10            runs the newer QEMU
#   FOLDER/vhost-device-vsock
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/suite.sh"
. "$here/../lib/packages.sh"
mkdir -p "$1"
top=$(cd "$1" && pwd)
cc=${CC:-gcc}

# in_suite SUITE WORDS...: apt of that suite.
in_suite() {
	suite=$1
	shift
	[ -e "$top/apt/$suite/there" ] || {
		twice suite_update "$top/apt/$suite" "$suite"
		: >"$top/apt/$suite/there"
	}
	suite_apt "$top/apt/$suite" "$@"
}

# unpack SUITE INTO PACKAGE...: as they are in the suite.
unpack() {
	from=$1
	into=$top/$2
	shift 2
	rm -rf "$into" "$top/debs"
	mkdir -p "$into" "$top/debs"
	(cd "$top/debs" && twice in_suite "$from" apt-get download "$@")
	for deb in "$top"/debs/*.deb; do
		dpkg-deb -x "$deb" "$into"
	done
	rm -rf "$top/debs"
}

# needed SUITE PACKAGE PATTERN: the packages of that name that it depends on.
needed() {
	in_suite "$1" apt-cache depends "$2" |
		sed -n "s/^ *Depends: \($3\)\$/\1/p"
}

# once NAME COMMAND...: unless it has been done here.
once() {
	[ ! -e "$top/done/$1" ] || return 0
	echo "== fetching: $1"
	done=$1
	shift
	"$@"
	mkdir -p "$top/done"
	: >"$top/done/$done"
}

# Absolute paths and the compiler's name: headers that are not at their place.
repair_headers() {
	sed -i "s#[^ =]*/usr/src/#$1/usr/src/#g" \
	    "$1/usr/src/linux-headers-$2/Makefile"
	sed -i "s#gcc-[0-9]*#$cc#" \
	    "$1/usr/src/linux-headers-$2/.kernelvariables"
	# 6.1's refer to their tools by a link to /usr/lib.
	find "$1/usr/src" -type l -lname '*/lib/linux-kbuild-*' |
		while read -r link; do
			ln -sfn "$1/usr/lib/$(basename "$(dirname \
			    "$(readlink "$link")")")/$(basename \
			    "$(readlink "$link")")" "$link"
		done
}

# Programs that want a newer glibc than the system's start through the loader of
# the suite that they were built for.
run_by_loader() {
	libraries=$top/root-loader/usr/lib/x86_64-linux-gnu
	find "$1" -type f -perm -100 ! -name '*.elf' | while read -r program; do
		[ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
		! ldd "$program" 2>&1 | grep -q 'GLIBC_.*not found' || {
			mv "$program" "$program.elf"
			cat >"$program" <<LOADER
#!/bin/sh
exec $libraries/ld-linux-x86-64.so.2 --library-path $libraries "\$0.elf" "\$@"
LOADER
			chmod 755 "$program"
		}
	done
}

# lay_out KERNEL KVER ROOT VMLINUZ MODULES
lay_out() {
	mkdir -p "$top/$1"
	echo "$2" >"$top/$1/kver"
	ln -sfn "$4" "$top/$1/vmlinuz"
	ln -sfn "$5" "$top/$1/modules"
	ln -sfn "$3/usr/src/linux-headers-$2" "$top/$1/headers"
	repair_headers "$3" "$2"
	base=${5%/lib/modules/*}
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$base" "$2"
}

kernel_6_1() {
	image=$(needed bookworm linux-image-cloud-amd64 'linux-image-6.*')
	kver=${image#linux-image-}
	# shellcheck disable=SC2046
	unpack bookworm root-6.1 "$image" "linux-headers-$kver" \
	    $(needed bookworm "linux-headers-$kver" \
	    'linux-\(headers\|kbuild\)-.*')
	root=$top/root-6.1
	lay_out 6.1 "$kver" "$root" "$root/boot/vmlinuz-$kver" \
	    "$root/lib/modules/$kver"
}

kernel_7_3() {
	image=$(needed trixie-backports linux-image-amd64 'linux-image-.*')
	kver=${image#linux-image-}
	# shellcheck disable=SC2046
	unpack trixie-backports root-7.3 "linux-binary-$kver" \
	    "linux-modules-$kver" "linux-headers-$kver" \
	    $(needed trixie-backports "linux-headers-$kver" \
	    'linux-\(headers\|kbuild\)-.*')
	unpack trixie root-loader libc6 libelf1t64 zlib1g libzstd1
	run_by_loader "$top"/root-7.3/usr/lib/linux-kbuild-*
	root=$top/root-7.3
	lay_out 7.3 "$kver" "$root" "$root/usr/lib/modules/$kver/vmlinuz" \
	    "$root/usr/lib/modules/$kver"
}

# Built for this system: it runs with the libraries of the system's own QEMU.
qemu_10() {
	unpack bookworm-backports root-qemu qemu-system-x86 \
	    qemu-system-common qemu-system-data
	cat >"$top/qemu10" <<QEMU
#!/bin/sh
exec $top/root-qemu/usr/bin/qemu-system-x86_64 \\
    -L $top/root-qemu/usr/share/qemu -L /usr/share/seabios \\
    -L /usr/lib/ipxe/qemu "\$@"
QEMU
	chmod 755 "$top/qemu10"
	"$top/qemu10" --version >/dev/null
}

vhost_device_vsock() {
	unpack sid root-vsock vhost-device-vsock
	ln -sfn root-vsock/usr/bin/vhost-device-vsock "$top/vhost-device-vsock"
	"$top/vhost-device-vsock" --version >/dev/null
}

once 6.1 kernel_6_1
once 7.3 kernel_7_3
once qemu10 qemu_10
once vhost-device-vsock vhost_device_vsock
rm -rf "$top/apt"

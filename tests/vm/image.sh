#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# image.sh FOLDER KERNEL OUT "MODULE..." FILE[=/PATH]...: the guest's whole file
# system: busybox, our modules (loaded by the tests), those of the kernel's
# (loaded at boot, with what they need) and programs with their libraries.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1/$2
out=$3
modules=$4
shift 4
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/vm" "$root/ko" "$root/modules" "$root/etc"
cp /bin/busybox "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$here/init.sh" "$root/init"
chmod 755 "$root/init"
cp "$kernel"/ko/*.ko "$root/ko/"
cat >"$root/etc/passwd" <<END
root:x:0:0::/:/bin/sh
devattest-receiver:x:901:901::/:/bin/sh
devattest-judge:x:902:902::/:/bin/sh
nobody:x:65534:65534::/:/bin/sh
END
cat >"$root/etc/group" <<END
root:x:0:
devattest-receiver:x:901:
devattest-judge:x:902:
nogroup:x:65534:
END

# put FILE PATH: and its libraries, where it looks for them.
put() {
	mkdir -p "$root$(dirname "$2")"
	cp -L "$1" "$root$2"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
		[ -e "$root$library" ] || {
			mkdir -p "$root$(dirname "$library")"
			cp -L "$library" "$root$library"
		}
	done
}

# The name that a module has in the image.
load() {
	name=$(basename "$1")
	name=${name%.xz}
	[ ! -e "$root/modules/$name" ] || return 0
	case $1 in
	*.xz) xz -dc "$1" >"$root/modules/$name" ;;
	*) cp "$1" "$root/modules/$name" ;;
	esac
	echo "/modules/$name" >>"$root/modlist"
}

: >"$root/modlist"
tree=$(readlink -f "$kernel/modules")
for module in $modules; do
	PATH=$PATH:/sbin:/usr/sbin modprobe -d "${tree%/lib/modules/*}" \
	    -S "$(cat "$kernel/kver")" --show-depends "$module" |
		while read -r verb path _; do
			[ "$verb" != insmod ] || load "$path"
		done
done
for file; do
	case $file in
	*=*) put "${file%%=*}" "${file#*=}" ;;
	*) put "$file" "/vm/$(basename "$file")" ;;
	esac
done
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out"

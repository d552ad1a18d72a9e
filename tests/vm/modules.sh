#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# modules.sh FOLDER: our modules for both kernels that fetch.sh has unpacked
# below FOLDER: FOLDER/KERNEL/ko/*.ko.  A warning is an error.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$1" && pwd)

# The compiler of the system may lack an option that the kernel was configured
# by; BTF of modules needs the kernel's own image.
build() {
	rm -rf "$top/$1/build" "$top/$1/ko"
	"$here/../../kernel-uapi/module/prepare.sh" "$top/$1/build"
	make -s -j"$(nproc)" -C "$top/$1/headers/" M="$top/$1/build" W=1 \
	    CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= CONFIG_DEBUG_INFO_BTF_MODULES= \
	    modules >"$top/$1/build.log" 2>&1 || {
		cat "$top/$1/build.log" >&2
		return 1
	}
	! grep "$top/$1/build/.*warning" "$top/$1/build.log" >&2 || return 1
	mkdir "$top/$1/ko"
	for module in "$top/$1/build"/*.ko; do
		strip -g -o "$top/$1/ko/$(basename "$module")" "$module"
	done
}

build 6.1
build 7.3

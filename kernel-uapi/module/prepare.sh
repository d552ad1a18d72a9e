#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# prepare.sh OUT: a flat folder that `make -C KERNEL-HEADERS M=OUT modules`
# builds.  Nothing is built in the source tree.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out/include/uapi/linux"
cp -p "$here"/*.c "$here"/*.h "$here"/Kbuild "$here"/../tsm_*.c \
    "$here"/../tsm_message.h "$here"/../tsm_reader.h "$out/"
rm -f "$out"/tsm_ticket.c
cp -p "$here"/../include/uapi/linux/devattest.h "$out/include/uapi/linux/"

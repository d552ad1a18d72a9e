#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# case_accept.sh KERNEL: each platform's messages; an honest host; the daemon as
# shipped accepts three functions, and the kernel's map is what it judged.
set -eu
. "$DEVATTEST_SOURCE/tests/vm/lib.sh"
firmware sev-tio:2
vm_host
boot
insert devattest.ko
insert devattest_emulated.ko
tdis_are_there 3
put_owner "$tmp/guest/owner"
vm_run 0 --verbose
cat "$tmp/err"
dmesg_is_clean

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A kernel that refuses, moves or lies at each step: refused with class 9, and
# unlocked, so that the next, undisturbed run accepts the device.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

machine m
honest_host m

# disturbed CLASS FAULT LINE...
disturbed() {
	class=$1 fault=$2
	shift 2
	control m "$@"
	run "$class" m --verbose
	says "$fault"
	control m "clear $bdf"
}

# 13 is EACCES.
disturbed 9 KERNEL_REFUSED "fail lock 13 $bdf"
says_not "unlocked again"
# 110 is ETIMEDOUT: it may have locked, so an unlock is tried, and told.
disturbed 9 KERNEL_REFUSED "fail lock 110 $bdf"
says "the unlock failed, too"
for step in ticket:1 ticket:2 ticket:3 ticket:4 ticket:5 push validate accept \
    map bind; do
	disturbed 9 KERNEL_REFUSED "fail $step 13 $bdf"
	says "Permission denied"
	says "unlocked again"
done

for step in push validate accept map; do
	disturbed 9 KERNEL_ "move-tokens $step $bdf"
	says "unlocked again"
	disturbed 9 KERNEL_ "error-after $step $bdf"
	says "unlocked again"
done
disturbed 9 KERNEL_MOVED "move-tokens ticket:2 $bdf"
disturbed 9 TSM_ERROR "error-after lock $bdf"
disturbed 9 KERNEL_MOVED "error-after ticket:2 $bdf"
disturbed 9 KERNEL_MAP "map-lies $bdf"
says "unlocked again"

disturbed 9 KERNEL_REFUSED "driver bound $bdf"
says "a driver already uses the device"
control m "driver free $bdf"

# An unlock that fails is said, too.
disturbed 9 KERNEL_MAP "map-lies $bdf" "fail unlock 5 $bdf"
says "the unlock failed, too"
control m "state unlocked $bdf"

run 0 m
stop_last

# Two devices that are wanted together.  The second drops out: no driver gets
# the first; and where one has it already, that is said.
second=0000:02:00.0
machine pair --device $bdf --device $second
sed -i '/"count"/s/"min": 1/"min": 2/' \
    "$tmp/pair/owner/policy.json"
honest_host pair
for step in push accept map; do
	control pair "fail $step 13 $second"
	run 9 pair --verbose
	says "$bdf refused (5): composition: POLICY_COUNT"
	says "$second refused (9): KERNEL_REFUSED"
	says_not "yes  a driver may bind"
	says_not "the unlock failed"
	control pair "clear $bdf" "clear $second"
done
control pair "fail bind 13 $second"
run 9 pair --verbose
says "$bdf refused (9): composition: POLICY_COUNT"
says "the unlock failed, too: Device or resource busy"
control pair "clear $bdf" "clear $second" "driver free $bdf" \
    "state unlocked $bdf"
run 0 pair

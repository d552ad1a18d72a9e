#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Hosts that have a genuine answer and spoil it on the way, also by hanging up
# in it: a clear fault, the right status, the device unlocked, nothing pushed.
# (That every one of its bytes is such a place, test_receiver shows; here the
# shipped roles are held to a sample of them.)
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
badhost=$DEVATTEST_BUILD/tests/e2e/badhost
kernelstate=$DEVATTEST_BUILD/tests/e2e/kernelstate

machine m

spoiling_host() {
	rm -f "$tmp/host.sock"
	start "$badhost" "$1" "$tmp/host.sock" 3 "$tmp/m/host/evidence.sock"
}

# refused MODE CLASS FAULT
refused() {
	spoiling_host "$1"
	run "$2" m --tries 1 --verbose
	says "$3"
	says "unlocked again"
	says_not "pushed the report"
	state=$("$kernelstate" "$tmp/m/guest/kernel.sock" "$bdf")
	[ "$state" = "unlocked free 0" ] || fail "$1 leaves it $state"
	stop_last
}

# It is the spoiling that is refused: the same host as it is, and one that is
# slow, are not.
spoiling_host drip
run 0 m
stop_last
control m "state unlocked $bdf" "driver free $bdf"

refused id 8 WIRE_ID
refused double 8 WIRE_ORDER
refused unasked 8 WIRE_TYPE
refused reserved 8 WIRE_RESERVED
refused over:0 8 WIRE_LENGTH
refused over:8 8 WIRE_LENGTH
refused over:9 8 WIRE_LENGTH
refused over:10 8 WIRE_LENGTH
refused over:0xffff 8 WIRE_LENGTH
refused over:0x7f00 8 WIRE_LENGTH
refused endless 8 WIRE_LENGTH
refused no-end 10 TRANSPORT_CLOSED
refused stall:1000 10 TRANSPORT_TIMEOUT

# Hanging up: within each field of the first head, at its end, in its bytes.
for at in 0 1 2 3 4 7 8 15 16 17 500 1000 1500 2000; do
	refused "cut:$at" 10 TRANSPORT_CLOSED
done

spoiling_host as-is
run 0 m

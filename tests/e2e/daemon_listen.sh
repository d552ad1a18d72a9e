#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A socket is handed in, as by systemd, and the host connects: the guest speaks
# first all the same.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
manager=$DEVATTEST_BUILD/tests/e2e/manager

# handed CLASS KIND WORDS...: the daemon once, with that kind of socket.
handed() {
	want=$1
	kind=$2
	shift 2
	rm -rf "$tmp/run"
	got=0
	"$manager" listen "$kind" "$tmp/guest.sock" "$daemon" --once --verbose \
	    --kernel "soft:$tmp/m/guest/kernel.sock" \
	    --policy "$tmp/m/owner/policy.json" \
	    --roots "$tmp/m/owner/roots" --run "$tmp/run" "$@" \
	    >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq "$want" ] || fail "exit $got, not $want: $kind $*"
}

machine m

# One listening stream socket, and no other address beside it.
handed 1 datagram
says "no stream socket"
handed 1 two
says "not one descriptor"
handed 1 stream --connect unix:/nowhere
says "one of them"

# Nobody comes: it ends when the owner's time is over, and nothing is locked.
cp "$tmp/m/owner/policy.json" "$tmp/policy.json"
sed 's/"version": 1,/"version": 1, "boot-deadline-seconds": 5,/' \
    "$tmp/policy.json" >"$tmp/m/owner/policy.json"
handed 10 stream
says "unlocked again"
cp "$tmp/policy.json" "$tmp/m/owner/policy.json"

# A host that comes.
start "$manager" come "$tmp/guest.sock" "$tmp/m/host/evidence.sock" 3
handed 0 stream
says "$bdf accepted"
stop_last

# Two devices, one host: a connection for each request.
machine m2 --device 0000:01:00.0 --device 0000:02:00.0
rm -rf "$tmp/m"
ln -s m2 "$tmp/m"
start "$manager" come "$tmp/guest.sock" "$tmp/m2/host/evidence.sock" 3
handed 0 stream
says "0000:01:00.0 accepted"
says "0000:02:00.0 accepted"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A judge that is killed (as the kernel does where memory is out) or stopped:
# the device is refused and unlocked, nothing is pushed, and the next bundle is
# judged as if nothing had been.  Memory that runs out inside a judge is in
# tests/unit/test_judge.c: here it has all that it needs from the start.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
catch=$DEVATTEST_BUILD/tests/e2e/catch

if [ "$(id -u)" -ne 0 ] || [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "SKIPPED: only root may catch a judge"
	exit 77
fi

machine m
honest_host m

# Until the host's answer is held back: the daemon's roles are all there then.
begin() {
	control m "hold-answer 1 $bdf"
	"$daemon" --once --verbose --run "$tmp/run" --tries 1 \
	    --kernel "soft:$tmp/m/guest/kernel.sock" \
	    --connect "unix:$tmp/host.sock" \
	    --policy "$tmp/m/owner/policy.json" \
	    --roots "$tmp/m/owner/roots" >"$tmp/out" 2>"$tmp/err" &
	daemon_pid=$!
	control m await
	warden=$(role warden)
	[ -n "$warden" ] || fail "there is no warden"
}

# caught NTH WHAT SAYS: the NTH judge; the first is the authenticator.
caught() {
	begin
	: >"$tmp/log"
	start "$catch" "$warden" "$1" "$2" 3
	control m go
	got=0
	wait "$daemon_pid" || got=$?
	[ "$got" -eq 1 ] || fail "exit $got, not 1, with judge $1 $2"
	says "$3"
	says "unlocked again"
	says_not "pushed the report"
	judge=$(sed -n 's/^caught //p' "$tmp/log" | tail -n 1)
	[ -n "$judge" ] || fail "the judge was not caught"
	# One that is stopped ends with whoever holds it.
	[ "$2" = kill ] || kill "$last"
	wait "$last" || :
	pids=${pids% "$last"}
	until_true gone "$judge"
	run 0 m --run "$tmp/run"
	rm -rf "$tmp/run"
	control m "clear $bdf" "driver free $bdf" "state unlocked $bdf"
}

caught 1 kill "the authenticator died"
caught 2 kill "the appraiser died"
caught 1 stop "the authenticator did not answer"
caught 2 stop "the appraiser did not answer"

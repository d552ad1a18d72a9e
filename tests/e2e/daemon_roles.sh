#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A role that is killed in the middle: refused, class 1, and unlocked.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

if [ ! -e "/proc/self/task/$$/children" ] &&
    [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "SKIPPED: no /proc/PID/task/PID/children to find a role by"
	exit 77
fi

machine m

# begin: the daemon, until it has asked a host that waits for a word.
begin() {
	rm -f "$tmp/go" "$tmp/out" "$tmp/err"
	bad_host wait "$tmp/m/host/evidence.sock" "$tmp/go"
	"$daemon" --kernel "soft:$tmp/m/guest/kernel.sock" \
	    --connect "unix:$tmp/host.sock" \
	    --policy "$tmp/m/owner/policy.json" --roots "$tmp/m/owner/roots" \
	    --run "$tmp/run" --once --verbose >"$tmp/out" 2>"$tmp/err" &
	daemon_pid=$!
	pids="$pids $daemon_pid"
	until_true grep -q ' 5 yes' "$tmp/err"
	receiver=$(role receiver) warden=$(role warden) pusher=$(role pusher)
}

# ended_with TEXT
ended_with() {
	ended 1
	says "$1"
	says "unlocked again"
	stop_last
	rm -f "$tmp/go"
}

begin
kill -KILL "$receiver"
ended_with "the receiver died"

begin
kill -KILL "$warden"
until_true gone "$warden"
: >"$tmp/go"
ended_with "the warden died"

# The job is on its way when the warden ends, and no judge was started.
begin
kill -STOP "$warden"
: >"$tmp/go"
until_true grep -q ' 9 yes' "$tmp/err"
kill -KILL "$warden"
ended_with "the authenticator died"

# The pusher itself: nobody is left to unlock, and the next start does it.
begin
kill -KILL "$pusher"
ended 1
says "the pusher died (signal 9)"
stop_last
rm -f "$tmp/go"

# Told to end in the middle, as once SIGHUP says, too: nothing is left locked.
for signal in TERM INT HUP; do
	begin
	kill -$signal "$daemon_pid"
	ended_with "told to stop"
done
# And by a service manager or a terminal, which signal every process at once.
begin
kill -TERM "$receiver" "$warden" "$pusher" "$daemon_pid" || :	# one is gone by then
ended_with "told to stop"

honest_host m
run 0 m

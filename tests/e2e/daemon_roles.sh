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
	    --once --verbose >"$tmp/out" 2>"$tmp/err" &
	daemon_pid=$!
	pids="$pids $daemon_pid"
	n=0
	until grep -qs ' 4 yes' "$tmp/err"; do
		n=$((n + 1))
		[ $n -lt 200 ] || fail "does not ask the host"
		sleep 0.05
	done
	# The receiver was started first, the warden second.
	# shellcheck disable=SC2046
	set -- $(cat "/proc/$daemon_pid/task/$daemon_pid/children")
	receiver=$1 warden=$2
}

# ended TEXT
ended() {
	got=0
	wait "$daemon_pid" || got=$?
	[ "$got" -eq 1 ] || fail "exit $got, not 1"
	says "$1"
	says "unlocked again"
	stop_last
	rm -f "$tmp/go"
}

begin
kill -KILL "$receiver"
ended "the receiver died"

# gone PID: it has closed its sockets; its parent has not reaped it yet.
gone() {
	n=0
	while grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"; do
		n=$((n + 1))
		[ $n -lt 200 ] || fail "process $1 does not end"
		sleep 0.05
	done
}

begin
kill -KILL "$warden"
gone "$warden"
: >"$tmp/go"
ended "the warden died"

# The job is on its way when the warden ends, and no judge was started.
begin
kill -STOP "$warden"
: >"$tmp/go"
n=0
until grep -q ' 8 yes' "$tmp/err"; do
	n=$((n + 1))
	[ $n -lt 200 ] || fail "does not pass the gate"
	sleep 0.05
done
kill -KILL "$warden"
ended "the authenticator died"

# Told to end in the middle: nothing is left locked.
begin
kill -TERM "$daemon_pid"
ended "told to stop"

honest_host m
run 0 m

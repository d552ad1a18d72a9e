#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each role is killed at each step of the order, while the kernel (emulated) is
# at it and after it has done it: the device is unlocked or accepted, and the
# next start finds the truth.  Then the same with a kernel that unlocks nothing
# by itself.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
kernelstate=$DEVATTEST_BUILD/tests/e2e/kernelstate

if [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "SKIPPED: no /proc/PID/task/PID/children to find a role by"
	exit 77
fi

machine m
honest_host m

state() {
	"$kernelstate" "$tmp/m/guest/kernel.sock" "$bdf"
}

# role NAME: its process; the steward is the daemon's own.
role() {
	if [ "$1" = steward ]; then
		echo "$daemon_pid"
		return
	fi
	for child in $(cat "/proc/$daemon_pid/task/$daemon_pid/children"); do
		case $(cat "/proc/$child/comm" 2>/dev/null) in
		*"$1"*) echo "$child" ;;
		esac
	done
}

# gone PID...: ended, if perhaps not reaped.
gone() {
	for pid in "$@"; do
		n=0
		while grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$pid/status"
		do
			n=$((n + 1))
			[ $n -lt 500 ] || fail "process $pid does not end"
			sleep 0.02
		done
	done
}

# The daemon runs until the kernel stalls.
begin() {
	control m "$1"
	"$daemon" --once --verbose --run "$tmp/run" \
	    --kernel "soft:$tmp/m/guest/kernel.sock" \
	    --connect "unix:$tmp/host.sock" \
	    --policy "$tmp/m/owner/policy.json" \
	    --roots "$tmp/m/owner/roots" >"$tmp/out" 2>"$tmp/err" &
	daemon_pid=$!
	control m await
}

# killed ROLE STALL: all that is left of the daemon ends.
killed() {
	begin "$2"
	victim=$(role "$1")
	[ -n "$victim" ] || fail "there is no $1"
	all=$(cat "/proc/$daemon_pid/task/$daemon_pid/children")
	kill -KILL "$victim"
	# A pusher that lives on waits for its kernel before it ends.
	case $1 in
	receiver | warden)
		gone "$victim"
		control m go
		;;
	esac
	wait "$daemon_pid" && fail "ends with 0 although the $1 was killed"
	# shellcheck disable=SC2086
	gone $all
	control m go
}

# As it was at the machine's start, but for its boot.
reset() {
	rm -rf "$tmp/run"
	control m "clear $bdf" "driver free $bdf" "state unlocked $bdf"
}

# found: a new start accepts the device, or keeps it where it was accepted.
found() {
	before=$(state)
	case $before in
	"unlocked free 0" | "run free "* | "run driver "*) ;;
	*) fail "$*: it is left $before" ;;
	esac
	run 0 m --verbose --run "$tmp/run"
	case $(state) in
	"run driver "[1-9]*) ;;
	*) fail "$*: the next start leaves it $(state)" ;;
	esac
}

for stall in "stall lock" "stall-after lock" "stall ticket:1" \
    "stall ticket:2" "stall ticket:3" "stall push" "stall-after push" \
    "stall validate" "stall-after validate" "stall accept" \
    "stall-after accept" "stall map" "stall bind" "stall-after bind"; do
	for who in steward pusher receiver warden; do
		killed "$who" "$stall $bdf"
		found "$who killed at $stall"
		reset
	done
done

# A kernel that keeps the lock of whoever is gone: it is the next start that
# unlocks, and looks whether that was done.
control m "keep-locks on"
for stall in "stall ticket:2" "stall-after push" "stall-after validate"; do
	killed pusher "$stall $bdf"
	case $(state) in
	locked*) ;;
	*) fail "keep-locks: it is $(state) already" ;;
	esac
	run 0 m --verbose --run "$tmp/run"
	reset
done
killed pusher "stall ticket:2 $bdf"
control m "unlock-sticks $bdf"
run 9 m --run "$tmp/run"
says KERNEL_LEFT_LOCKED
reset

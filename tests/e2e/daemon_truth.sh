#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What an earlier start left, and its ticket cannot be read: config space is the
# host's, so that a device whose TEE capability is hidden is unlocked like any
# other, and where it cannot be, that is told.  Then drivers that were quicker
# than the daemon.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
kernelstate=$DEVATTEST_BUILD/tests/e2e/kernelstate

if [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "SKIPPED: no /proc/PID/task/PID/children to find a role by"
	exit 77
fi

# is WORDS: what the kernel has of the device, once it may be asked again.
is() {
	control m "clear $bdf"
	state=$("$kernelstate" "$tmp/m/guest/kernel.sock" "$bdf")
	case $state in
	"$1"*) ;;
	*) fail "it is $state, not $1" ;;
	esac
}

# As it was at the machine's start.
reset() {
	rm -rf "$tmp/run"
	control m "clear $bdf" "driver free $bdf" "state unlocked $bdf"
}

# left_locked: by a pusher that was killed.
left_locked() {
	control m "stall ticket:2 $bdf"
	service m --once
	control m await
	kill -KILL "$(role pusher)"
	ended 1
	control m go
	is locked
}

machine m
control m "keep-locks on"
honest_host m
sed 's/"e0e0"/"e0e1"/' "$tmp/m/owner/policy.json" >"$tmp/other.json"
sed 's/"others": "[a-z]*"/"others": "untrusted"/' "$tmp/other.json" \
    >"$tmp/untrusted.json"
grep -q e0e1 "$tmp/untrusted.json" || fail "the policy names no e0e0"
grep -q untrusted "$tmp/untrusted.json" || fail "the policy has no others"

# Unlocked, although nobody can read that it was locked: then it can have no
# lock any more.  5 is EIO.
left_locked
control m "fail ticket 5 $bdf" "hide-tee $bdf"
run 5 m --verbose
says "POLICY_NO_TEE"
says_not "an earlier start left it"
is unlocked
reset
# Nor can it be read back.
left_locked
control m "fail ticket 5 $bdf"
run 9 m --policy "$tmp/other.json"
says "POLICY_OTHER"
says "its state is not known: it cannot be read back"
is unlocked
reset
# Where it can be read before, hiding is no help either.
left_locked
control m "hide-tee $bdf"
run 5 m --verbose
says "POLICY_NO_TEE"
says "an earlier start left it"
says_not "FAILED"
is unlocked
reset

# No rule is for it, and the kernel unlocks nothing.
for policy in other untrusted; do
	left_locked
	control m "fail ticket 5 $bdf" "fail unlock 5 $bdf"
	run 9 m --policy "$tmp/$policy.json" --json
	says '"unlock": "its state is not known: Input/output error'
	is locked
	reset
done
left_locked
control m "fail ticket 5 $bdf" "fail unlock 5 $bdf" "hide-tee $bdf"
run 9 m --policy "$tmp/untrusted.json"
says "KERNEL_LEFT_LOCKED"
says_not "untrusted:"
is locked
reset

# Accepted before, its driver is bound, and then nobody can read it.
run 0 m --run "$tmp/run"
control m "fail ticket 5 $bdf" "hide-tee $bdf"
run 9 m --run "$tmp/run"
says "a driver uses it already"
says "its state is not known: "
says_not "no driver"
run 9 m --run "$tmp/run" --policy "$tmp/untrusted.json"
says "KERNEL_LEFT_LOCKED"
says_not "untrusted:"
# Nobody took it for another one; once it can be read, it is still the same.
is "run driver"
run 0 m --run "$tmp/run"
says "accepted before, and unchanged"
reset

# The same of a service that is told to judge again.
service m
until_true grep -q "$bdf accepted" "$tmp/err"
control m "fail ticket 5 $bdf" "hide-tee $bdf"
kill -HUP "$daemon_pid"
until_true grep -q "refused (9).*its state is not known" "$tmp/err"
says "a driver uses it already"
is "run driver"
kill -TERM "$daemon_pid"
ended 9
reset

# One without TEE capability has no lock by the kernel's own word, and is told
# with the driver that it has.
plain=0000:03:00.0
stop_last
machine builtin --device "$bdf" --plain "$plain" --builtin "$plain"
honest_host builtin
policy=$tmp/builtin/owner/policy.json
run 0 builtin --json
says '"verdict": "untrusted"'
says '"driver": "bound-before"'
stop_last
sed 's/"others": "untrusted"/"others": "refuse"/' "$policy" >"$tmp/refuse.json"
machine builtin2 --device "$bdf" --plain "$plain" --builtin "$plain"
honest_host builtin2
run 5 builtin2 --policy "$tmp/refuse.json" --roots "$tmp/builtin2/owner/roots" \
    --device "$plain"
says "$plain refused (5)"
says "POLICY_OTHER"
says "a driver uses it already"
says_not "unlock"

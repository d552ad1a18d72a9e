#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An honest host: every step, the map, the JSON; one device and several; then
# a daemon that stays until it is told to end.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

for version in 1.2 1.3; do
	machine "m$version" --spdm $version
	honest_host "m$version"
	run 0 "m$version" --verbose
	says "$bdf accepted: class \"emulated-nic\""
	says "the bytes are the ones that the TSM saw"
	says "the TSM's digest: chain, vca, measurements, report"
	says "  21 yes  a driver may bind"
	says_not " NO "
	grep -q '0  0x00008000 .* private  MSI-X table' "$tmp/err" ||
		fail "the map lacks the MSI-X table"
	grep -q '2  0x00004000 .* shared ' "$tmp/err" ||
		fail "the map lacks the shared range"
	stop_last
done

# Whoever starts it may have ignored what it needs to hear.
machine ignoring
honest_host ignoring
cat >"$tmp/ignoring-daemon" <<END
#!/bin/sh
exec env --ignore-signal=CHLD --ignore-signal=ALRM "$daemon" "\$@"
END
chmod +x "$tmp/ignoring-daemon"
shipped=$daemon
daemon=$tmp/ignoring-daemon
run 0 ignoring
daemon=$shipped
stop_last

# What runs, and was accepted by nobody whom this start knows, is refused.
honest_host m1.3
run 9 m1.3
says "KERNEL_STRANGER"
stop_last

# Each run draws its own nonce.  (Another owner's policy refuses the device.)
machine other --name "Another Vendor"
machine fresh
honest_host fresh
for i in 1 2; do
	run 3 other --kernel "soft:$tmp/fresh/guest/kernel.sock" --verbose
	grep 'nonce [0-9a-f]*\.\.\.' "$tmp/err" >"$tmp/nonce.$i"
	[ -s "$tmp/nonce.$i" ] || fail "no nonce is told"
done
! cmp -s "$tmp/nonce.1" "$tmp/nonce.2" || fail "a nonce was used twice"
stop_last

# Two functions of one device, and a second device.
machine many --device 0000:01:00.0 --device 0000:01:00.1 \
	--device 0000:02:00.0
honest_host many
run 0 many --json
[ ! -s "$tmp/err" ] || ! grep -q FAIL "$tmp/err" || fail "not clean"
[ "$(grep -c '"verdict": "accepted"' "$tmp/out")" -eq 3 ] ||
	fail "not three accepted devices"
stop_last

# Only the one that is named; and one that is not there.
machine named --device 0000:01:00.0 --device 0000:02:00.0
honest_host named
run 0 named --device 0000:02:00.0
says "0000:02:00.0 accepted"
says_not "0000:01:00.0"
run 9 named --device 0000:09:00.0
says "KERNEL_REFUSED"
stop_last

# Without --once it stays, and what it accepted stays accepted.
machine stays
honest_host stays
service stays
until_true grep -q accepted "$tmp/err"
[ ! -s "$tmp/out" ] || fail "a service says something on standard output"
if [ -e "/proc/$daemon_pid/task/$daemon_pid/children" ]; then
	for name in receiver warden pusher; do
		role=$(role $name)
		[ -n "$role" ] || fail "there is no $name"
		grep -q '^NoNewPrivs:.*1' "/proc/$role/status" ||
			fail "the $name may gain privileges"
		grep -q '^Seccomp:.*2' "/proc/$role/status" ||
			fail "the $name has no filter"
		users=$(awk '/^Uid:/ { print $2, $3, $4 }' \
		    "/proc/$role/status")
		[ "$(id -u)" -ne 0 ] || [ $name = pusher ] ||
			case " $users" in
			*" 0"*) fail "the $name is root: $users" ;;
			esac
	done
else
	echo "SKIPPED: no /proc/PID/task/PID/children to look at roles"
fi
kill -TERM "$daemon_pid"
ended 0
# A start that knows of it keeps it; one that does not, does not believe it.
run 0 stays --run "$tmp/run" --verbose
says "same boot, same tokens: kept"
says_not "drew a nonce"
run 9 stays
says "KERNEL_STRANGER"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The daemon as a service: what the manager is told, what stands in the run
# folder, what the status socket says, and what signals do.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
manager=$DEVATTEST_BUILD/tests/e2e/manager
cli=$DEVATTEST_BUILD/devattest

if [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "SKIPPED: no /proc/PID/task/PID/children to find a role by"
	exit 77
fi

machine m
honest_host m
policy=$tmp/m/owner/policy.json
cp "$policy" "$tmp/good.json"

# notices: a manager that hears the next service.
notices() {
	start "$manager" notify "$tmp/notify.sock" "$tmp/notices" 3
	notifier=$last
}

# told TEXT: the manager has been.
told() {
	until_true grep -qF -- "$1" "$tmp/notices"
}

# count TEXT: how often so far.
count() {
	grep -cF -- "$1" "$tmp/notices" || :
}

# more TEXT N: more often than that.
more() {
	[ "$(count "$1")" -gt "$2" ]
}

# hup TEXT: SIGHUP, until the manager was told READY=1 once more, and standard
# error says that.
hup() {
	ready=$(count READY=1)
	kill -HUP "$daemon_pid"
	until_true more READY=1 "$ready"
	says "$1"
}

status() {
	want=$1
	got=0
	"$cli" status --run "$tmp/run" --json >"$tmp/out" 2>>"$tmp/log" ||
		got=$?
	[ "$got" -eq "$want" ] || fail "status says $got, not $want"
}

# -- accepted: told once it is decided, and no sooner --

notices
NOTIFY_SOCKET=$tmp/notify.sock
export NOTIFY_SOCKET
service m
told READY=1
told "STATUS=1 of 1 functions accepted"
grep -q "^devattestd: $bdf accepted" "$tmp/err" || fail "no line a verdict"
sed -n '1,/READY=1/p' "$tmp/notices" | grep -q "STATUS=judging" ||
	fail "ready before it judged"
status 0
for text in '"result": "accepted"' '"boot-id"' '"kernel": "soft:' \
    '"since"' "\"device\": \"$bdf\"" '"name"'; do
	says "$text"
done
since=$(grep '"since"' "$tmp/out" | tail -n 1)
mode=$(stat -c %a "$tmp/run" "$tmp/run/status.sock" "$tmp/run/$bdf.bundle")
[ "$(echo $mode)" = "700 600 600" ] || fail "open to others: $mode"

# Three roles under their names; none has a capability, whoever it is.
for name in receiver warden pusher; do
	pid=$(role $name)
	[ -n "$pid" ] || fail "there is no da-$name"
	grep -q '^CapPrm:[[:space:]]*0*$' "/proc/$pid/status" ||
		fail "the $name may have a capability"
	grep -q '^CapEff:[[:space:]]*0*$' "/proc/$pid/status" ||
		fail "the $name has a capability"
done

# What it kept is what anyone may judge again.
for file in .json .ticket.json .bundle .record; do
	[ -s "$tmp/run/$bdf$file" ] || fail "no $bdf$file"
done
root=
for file in "$tmp/m/owner/roots"/*.pem; do
	root="$root --root $file"
done
# shellcheck disable=SC2086
"$cli" verify --bundle "$tmp/run/$bdf.bundle" \
    --ticket "$tmp/run/$bdf.ticket.json" $root >"$tmp/out" 2>&1 ||
	fail "the recording does not verify"

# One daemon a folder.
run 1 m --run "$tmp/run"
says "another devattestd uses it"

# -- SIGHUP --

: >"$tmp/err"		# (which it goes on appending to)
warden=$(role warden)
pusher=$(role pusher)

# A policy that is none: all stays as it is.
echo '{' >"$policy"
hup "the policy and roots of before stay"
[ "$(role warden) $(role pusher)" = "$warden $pusher" ] ||
	fail "a policy that is none took the place of one"
status 0
told RELOADING=1
told MONOTONIC_USEC=
rm "$policy"
hup "the policy and roots of before stay"

# One that can be used: new roles, and what is accepted stays so.
cp "$tmp/good.json" "$policy"
fds=$(ls "/proc/$daemon_pid/fd" | wc -l)
for i in 1 2 3; do
	: >"$tmp/err"
	hup "$bdf accepted"
done
[ "$(ls "/proc/$daemon_pid/fd" | wc -l)" -eq "$fds" ] ||
	fail "descriptors are left open"
[ "$(role warden)" != "$warden" ] || fail "the old warden is still there"
[ "$(role pusher)" != "$pusher" ] || fail "the old pusher is still there"
# shellcheck disable=SC2046
[ $(cat "/proc/$daemon_pid/task/$daemon_pid/children" | wc -w) -eq 3 ] ||
	fail "an old role is left"
status 0
[ "$(grep '"since"' "$tmp/out" | tail -n 1)" = "$since" ] ||
	fail "kept, and yet accepted since another time"
[ -s "$tmp/run/$bdf.bundle" ] || fail "the bundle of what was kept is gone"

# A policy that was wrong for a while: what a driver has cannot be taken back,
# which is said; and once the policy is right again, nothing is forgotten.
sed 's/"pci-vendor": "...."/"pci-vendor": "10de"/' "$tmp/good.json" >"$policy"
: >"$tmp/err"
hup KERNEL_LEFT_LOCKED
cp "$tmp/good.json" "$policy"
: >"$tmp/err"
hup "$bdf accepted"

# Twice at once.
kill -HUP "$daemon_pid"
kill -HUP "$daemon_pid"
hup "$bdf accepted"

# -- the end, and the next start --

kill -TERM "$daemon_pid"
ended 0
told STOPPING=1
[ ! -e "$tmp/run/status.sock" ] || fail "the socket is left"
service m
until_true test -S "$tmp/run/status.sock"
until_true grep -q accepted "$tmp/err"
[ -s "$tmp/run/$bdf.record" ] || fail "the record of what was kept is gone"

# -- a role that dies: all end, and it is said which --

for name in receiver warden pusher; do
	: >"$tmp/err"
	kill -KILL "$(role $name)"
	ended 1
	says "the $name died"
	service m
	until_true grep -q accepted "$tmp/err"
done
kill -KILL "$daemon_pid"
got=0
wait "$daemon_pid" 2>/dev/null || got=$?
service m
until_true grep -q accepted "$tmp/err"
kill -TERM "$daemon_pid"
ended 0

# -- refused: it stays, says so, and judges anew when told --

control m "driver free $bdf" "state unlocked $bdf"
sed 's/"sha384:...../"sha384:00000/' "$tmp/good.json" >"$policy"
ready=$(count READY=1)
service m
until_true more READY=1 "$ready"
says "$bdf refused (5)"
says "POLICY_MEASUREMENT"
status 5
says '"result": "refused"'
[ ! -e "$tmp/run/$bdf.record" ] || fail "a record of what is refused"
grep -q '"refused"' "$tmp/run/$bdf.json" || fail "an old result is left"
cp "$tmp/good.json" "$policy"
hup "$bdf accepted"
status 0
kill -INT "$daemon_pid"
ended 0
kill "$notifier"
unset NOTIFY_SOCKET

# -- while it judges: the status says so, and SIGTERM leaves nothing locked --

control m "driver free $bdf" "state unlocked $bdf"
bad_host wait "$tmp/m/host/evidence.sock" "$tmp/go"
service m --verbose
until_true grep -q ' 5 yes' "$tmp/err"
status 10
says '"result": "judging"'
kill -TERM "$daemon_pid"
ended 1
says "told to stop"
says "unlocked again"

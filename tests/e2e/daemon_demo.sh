#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo: accepted once, eight attacks refused, nothing left behind.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
cli=$DEVATTEST_BUILD/devattest

# demo CLASS WORDS...
demo() {
	want=$1
	shift
	got=0
	mkdir "$tmp/t"
	chmod 711 "$tmp/t"
	TMPDIR=$tmp/t "$cli" demo "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq "$want" ] || fail "exit $got, not $want: demo $*"
	! grep -q "$(printf '\033')" "$tmp/out" "$tmp/err" ||
		fail "colour, and this is no terminal"
}

for words in "" "--spdm 1.2"; do
	# shellcheck disable=SC2086
	demo 0 $words
	says "21 yes"
	says "8 attacks in 14 tries; refused, for the right reason: 14 of 14"
	says_not "NOT AS EXPECTED"
	says "EMULATED"
	for fault in DIGEST_DIFFERS SIGNATURE_WRONG NONCE_DIFFERS \
	    ROOT_UNKNOWN RANGE_OUTSIDE POLICY_MEASUREMENT SESSION_KEY \
	    POLICY_REPORT POLICY_NO_TEE; do
		says "$fault"
	done
	awk 'length > 100 { exit 1 }' "$tmp/out" || fail "lines are too long"
	rmdir "$tmp/t" || fail "something is left behind"
done

demo 0 --json
grep -q '"verb": "demo"' "$tmp/out" || fail "no JSON"
rmdir "$tmp/t" || fail "something is left behind"

demo 0 --keep
says "Kept: $tmp/t/"
rm -rf "$tmp/t"

demo 1 --wrong
demo_left=$(ls -A "$tmp/t")
[ -z "$demo_left" ] || fail "something is left behind"
rm -rf "$tmp/t"

# Interrupted: it ends, and cleans up.
mkdir "$tmp/t"
chmod 711 "$tmp/t"
TMPDIR=$tmp/t "$cli" demo >"$tmp/out" 2>"$tmp/err" &
demo_pid=$!
pids="$pids $demo_pid"
n=0
until grep -q ' 1 yes' "$tmp/out"; do
	n=$((n + 1))
	[ $n -lt 400 ] || fail "does not begin"
	sleep 0.02
done
kill -TERM "$demo_pid"
got=0
wait "$demo_pid" || got=$?
[ "$got" -eq 1 ] || fail "exit $got, not 1: interrupted"
rmdir "$tmp/t" || fail "something is left behind"

# As installed, but elsewhere; and with a daemon that does not end by itself.
mkdir -p "$tmp/i/bin" "$tmp/i/sbin" "$tmp/i/libexec/devattest" "$tmp/t"
cp "$cli" "$tmp/i/bin/"
cp "$emulator" "$relay" "$attacker" "$tmp/i/libexec/devattest/"
printf '#!/bin/sh\necho "   1 yes" >&2\nexec sleep 60\n' \
    >"$tmp/i/sbin/devattestd"
chmod 755 "$tmp/i/sbin/devattestd"
chmod 711 "$tmp/t"
TMPDIR=$tmp/t "$tmp/i/bin/devattest" demo >"$tmp/out" 2>"$tmp/err" &
demo_pid=$!
pids="$pids $demo_pid"
n=0
until grep -q ' 1 yes' "$tmp/out"; do
	n=$((n + 1))
	[ $n -lt 400 ] || fail "does not begin"
	sleep 0.02
done
kill -TERM "$demo_pid"
n=0
while [ -e "$tmp/t" ] && ! rmdir "$tmp/t" 2>/dev/null; do
	n=$((n + 1))
	[ $n -lt 500 ] || fail "waits for the daemon, or leaves its folder"
	sleep 0.02
done
got=0
wait "$demo_pid" || got=$?
[ "$got" -eq 1 ] || fail "exit $got, not 1: interrupted with the daemon"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Evidence of an emulated device through an honest relay: collected, shown,
# verified; then hosts that misbehave, and files that cannot be written.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
cli=$DEVATTEST_BUILD/devattest
onejson=$DEVATTEST_BUILD/tests/e2e/onejson
nonce=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
far=0000:f7:1e.3	# no device of this machine's

# collect CLASS WORDS...
collect() {
	want=$1
	shift
	got=0
	"$cli" collect "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq "$want" ] || fail "exit $got, not $want: collect $*"
	[ -s "$tmp/out" ] || [ -s "$tmp/err" ] || fail "silent: collect $*"
	! ls "$tmp"/*.part >/dev/null 2>&1 || fail "a half file is left"
}

says_json() {
	"$onejson" version=1 verb=collect +checks "$@" <"$tmp/out" ||
		fail "collect --json"
}

host_at="unix:$tmp/host.sock"
machine one --device $far
honest_host one
collect 0 --connect "$host_at" --device $far --out "$tmp/bundle" \
	--nonce $nonce
says "nonce $nonce"
says "is verified"
: >"$tmp/as.usual"
[ "$(stat -c %a "$tmp/bundle")" = "$(stat -c %a "$tmp/as.usual")" ] ||
	fail "another mode than a new file's"
"$cli" show --bundle "$tmp/bundle" --json >"$tmp/out"
"$onejson" result=shown +bundle +chain +measurements <"$tmp/out" ||
	fail "show of what was collected"
"$cli" verify --bundle "$tmp/bundle" --nonce $nonce \
	--root "$tmp/one/owner/roots/emulated-vendor.pem" >"$tmp/out" ||
	fail "what was collected does not verify"
got=0
"$cli" check --bundle "$tmp/bundle" --nonce $nonce \
	--policy "$tmp/one/owner/policy.json" --roots "$tmp/one/owner/roots" \
	>"$tmp/out" || got=$?
[ "$got" -eq 5 ] || fail "check without a ticket: exit $got"

# A nonce of its own each time; one that is there is replaced, whole.
for i in 1 2; do
	collect 0 --connect "$host_at" --device $far --out "$tmp/bundle" --json
	says_json result=collected exit=0 +nonce +device +parts +file
	[ ! -s "$tmp/err" ] || fail "says something beside the object"
	sed -n 's/.*"nonce": *"\([0-9a-f]*\)".*/\1/p' "$tmp/out" \
		>"$tmp/nonce.$i"
	"$cli" verify --bundle "$tmp/bundle" --nonce "$(cat "$tmp/nonce.$i")" \
		--root "$tmp/one/owner/roots/emulated-vendor.pem" \
		>"$tmp/out" || fail "not the nonce that was drawn"
done
! cmp -s "$tmp/nonce.1" "$tmp/nonce.2" || fail "a nonce was used twice"

# On a terminal a line says how far it is, and is gone at the end.
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	TERM=xterm script -qec "$cli collect --connect $host_at --device $far \
		--out $tmp/bundle" /dev/null </dev/null >"$tmp/out"
	says "waiting for the host"
	says "3 parts, "
	[ "$(tr '\r' '\n' <"$tmp/out" | grep -c 'parts, ')" -ge 1 ] ||
		fail "no line of its own"
	last_erase=$(tr '\r' '\n' <"$tmp/out" | grep -n "$(printf '\033')\[K" |
		tail -n 1 | cut -d: -f1)
	last_part=$(tr '\r' '\n' <"$tmp/out" | grep -n 'parts, ' |
		tail -n 1 | cut -d: -f1)
	[ "$last_erase" -gt "$last_part" ] || fail "the line stays"
else
	echo "SKIPPED: no script(1), or no terminal to be had: what is shown on one"
fi

# A device that the host does not have.
collect 10 --connect "$host_at" --device 0000:f8:00.0 --out "$tmp/none"
says WIRE_FAILURE
says "it knows no such device"
[ ! -e "$tmp/none" ] || fail "a failure was saved"

# Files that cannot be: said before the host is asked.
collect 1 --connect "$host_at" --device $far --out "$tmp"
collect 1 --connect "$host_at" --device $far --out "$tmp/nowhere/bundle"
collect 1 --connect "$host_at" --device $far --out /dev/null
collect 1 --connect "$host_at" --device $far --out -
collect 1 --connect "$host_at" --device $far
collect 1 --out "$tmp/none"
collect 1 --connect tcp:host --out "$tmp/none"
collect 1 --connect "$host_at" --out "$tmp/none" --device 1
collect 1 --connect "$host_at" --out "$tmp/none" --nonce 0011
: >"$tmp/empty"
collect 8 --connect "$host_at" --out "$tmp/none" --nonce "$tmp/empty"
head -c 33 /dev/zero >"$tmp/33"
collect 8 --connect "$host_at" --out "$tmp/none" --nonce "$tmp/33"
stop_last

# Hosts that are not there, or as they should not be.
rm -f "$tmp/host.sock"
collect 10 --connect "$host_at" --out "$tmp/none" --json
says_json result=refused exit=10 well-formed:broken +error
for mode in hang-up half silent; do
	bad_host $mode
	collect 10 --connect "$host_at" --out "$tmp/none"
	says TRANSPORT_
	stop_last
done
bad_host garbage
collect 8 --connect "$host_at" --out "$tmp/none"
stop_last
bad_host no-device
collect 10 --connect "$host_at" --out "$tmp/none"
says "it knows no such device"

# Told to stop while it waits: nothing is left.
stop_last
bad_host silent
"$cli" collect --connect "$host_at" --out "$tmp/none" >"$tmp/out" 2>&1 &
asking=$!
pids="$pids $asking"
kill -TERM "$asking"
wait "$asking" || :
pids=${pids% "$asking"}
for file in "$tmp/none" "$tmp"/none.*; do
	[ ! -e "$file" ] || fail "left behind: $file"
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the daemon decided and left behind, as a person looks into it: its
# status, its result in words, and the same decision made again at a shell.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
cli=$DEVATTEST_BUILD/devattest
onejson=$DEVATTEST_BUILD/tests/e2e/onejson

machine one
honest_host one
service one
until_true "$cli" status --run "$tmp/run"
"$cli" status --run "$tmp/run" --json >"$tmp/out"
"$onejson" version=1 verb=status result=accepted exit=0 +devices <"$tmp/out" ||
	fail "status --json"
"$cli" status --run "$tmp/run" >"$tmp/out"
says "$bdf  accepted"
"$cli" explain "$tmp/run/$bdf.json" >"$tmp/out"
says "$bdf: accepted"
says "tolerates this unknown by name"

# check WORDS...: the daemon's own ticket, policy and anchors.
check() {
	got=0
	"$cli" check --policy "$tmp/one/owner/policy.json" \
		--roots "$tmp/one/owner/roots" \
		--ticket "$tmp/run/$bdf.ticket.json" "$@" --json \
		>"$tmp/out" 2>"$tmp/err" || got=$?
}

check --bundle "$tmp/run/$bdf.bundle"
[ "$got" -eq 0 ] || fail "the same question, another answer: $got"
"$onejson" verb=check result=accepted signature:holds platform:holds \
	revocation:unknown <"$tmp/out" || fail "check --json"
# Collected anew, the answer is to another nonce than the ticket's.
"$cli" collect --connect "unix:$tmp/host.sock" --device $bdf \
	--out "$tmp/bundle" >"$tmp/out" || fail "collect"
check --bundle "$tmp/bundle"
[ "$got" -eq 7 ] || [ "$got" -eq 6 ] || fail "another bundle: exit $got"

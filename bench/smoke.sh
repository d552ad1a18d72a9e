#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The bench works: a few rounds, in each of which all that is timed was proved,
# and an object that names what it must.  How long it took decides nothing.
set -u
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
	echo "FAILED: $1"
	failed=1
}

[ -r "$DEVATTEST_TESTDATA/nvidia/README.md" ] &&
[ -r "$DEVATTEST_TESTDATA/libspdm/README.md" ] || {
	echo "SKIPPED: the bench: no evidence in '$DEVATTEST_TESTDATA'"
	exit 77
}
"$DEVATTEST_BUILD/bench/bench" --rounds 3 \
    --devattest "$DEVATTEST_BUILD/devattest" >"$tmp/out" || fail "it ends badly"
cat "$tmp/out"
tail -n 1 "$tmp/out" >"$tmp/object"
# Our own reader knows whole numbers only: the fractions are cut off.
sed -E 's/([0-9])\.[0-9]+/\1/g' "$tmp/object" |
	"$DEVATTEST_BUILD/tests/e2e/onejson" +gpu-p384-5certs +p256-3certs \
	    +next-function-p384 +parse-64k +gate-64k +memory ||
	fail "the last line is not the object"
for name in gpu-p384-5certs p256-3certs next-function-p384; do
	grep -qE "\"$name\": \{\"ours_us\": [0-9.]+, \"floor_us\": [0-9.]+, \"ratio\": [0-9.]+," \
	    "$tmp/object" || fail "$name has no figures"
done
DEVATTEST_TESTDATA=$tmp "$DEVATTEST_BUILD/bench/bench" >"$tmp/out" \
    2>"$tmp/err" && fail "it measures without evidence"
grep -q DEVATTEST_TESTDATA "$tmp/err" || fail "it does not say what it needs"
exit "$failed"

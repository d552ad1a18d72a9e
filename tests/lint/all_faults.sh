#!/bin/sh
# Every fault of verifier/faults.h was provoked by a test of this run: the
# tests note the name of each refusal that they assert.
set -eu
work=$(mktemp -d)
# The notes are of one run: a test that is removed must be missed by the next.
trap 'rm -rf "$work" "$DEVATTEST_FAULT_LOG"' EXIT

"$DEVATTEST_BUILD/tests/lint/list_faults" | cut -f1 | sort >"$work/all"
sort -u "$DEVATTEST_FAULT_LOG" >"$work/provoked"
comm -23 "$work/all" "$work/provoked" >"$work/missing"
if [ -s "$work/missing" ]; then
	echo "faults that no test provokes:"
	cat "$work/missing"
	exit 1
fi
echo "$(wc -l <"$work/all") faults, each provoked"

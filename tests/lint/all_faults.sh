#!/bin/sh
# Every fault of verifier/faults.h was provoked by a test of this run: the
# tests note the name of each refusal that they assert.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$DEVATTEST_BUILD/tests/lint/list_faults" | cut -f1 | sort >"$work/all"
sort -u "$DEVATTEST_FAULT_LOG" >"$work/provoked"
comm -23 "$work/all" "$work/provoked" >"$work/missing"
if [ -s "$work/missing" ]; then
	echo "faults that no test provokes:"
	cat "$work/missing"
	exit 1
fi
echo "$(wc -l <"$work/all") faults, each provoked"

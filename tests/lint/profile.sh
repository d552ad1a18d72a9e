#!/bin/sh
# devattest-profile(7) has every fault that a chain can have, once as a rule, and
# names no other: the sections of faults.h are what is compared.
set -eu
page=$DEVATTEST_SOURCE/man/devattest-profile.7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C && export LC_ALL

# From the chain's structure to the leaf's profile, which the VCA's follow.
awk '/\/\* certificate chain structure \*\// { on = 1 }
	/\/\* VCA \*\// { on = 0 }
	on' "$DEVATTEST_SOURCE/verifier/faults.h" |
	sed -n 's/^	X(\([A-Z_0-9]*\),.*/\1/p' | sort >"$work/faults.h"
sed -n 's/^\.It Dv \([A-Z_0-9]*\)$/\1/p' "$page" | sort >"$work/rules"
sed -n 's/.*Dv \([A-Z_0-9]*\).*/\1/p' "$page" | sort -u >"$work/named"

bad=0
for list in faults.h rules; do
	[ -s "$work/$list" ] || { echo "no fault found: $list"; bad=1; }
done
uniq -d "$work/rules" >"$work/twice"
comm -23 "$work/faults.h" "$work/rules" >"$work/missing"
comm -13 "$work/faults.h" "$work/named" >"$work/others"
for what in twice missing others; do
	[ -s "$work/$what" ] || continue
	echo "faults of a chain and devattest-profile.7, $what:"
	cat "$work/$what"
	bad=1
done
[ "$bad" -eq 0 ] && echo "$(wc -l <"$work/rules") rules"
exit "$bad"

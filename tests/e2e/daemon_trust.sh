#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the owner's files say beyond a root: revocation lists, and the name of
# the function that a certificate is for.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

# found CHECK RESULT: in the last object.
found() {
	tr -d ' \n' <"$tmp/out" |
		grep -q "\"check\":\"$1\",\"result\":\"$2\"" ||
		fail "$1 is not \"$2\""
}

# -- revocation lists --
machine crl

# Without the rule nobody reads them: unknown, and tolerated by name.
honest_host crl
run 0 crl --json
found revocation unknown
stop_last

# by_lists NAME: a machine, and a policy for it that judges by lists.
by_lists() {
	machine "$1"
	owner=$tmp/$1/owner
	lists=$owner/roots/crls
	sed 's/"tolerate-unknown": \["revocation"\]/"revocation": { "mode": "crl", "max-age-days": 60 }/' \
		"$owner/policy.json" >"$tmp/crl.json"
	grep -q max-age "$tmp/crl.json" || fail "no rule for lists"
	honest_host "$1"
}

by_lists fresh
run 0 fresh --json --policy "$tmp/crl.json"
found revocation holds
stop_last

by_lists revoked
cp "$owner/crls-revoked/"*.crl "$lists"
run 4 revoked --policy "$tmp/crl.json"
says REVOKED
stop_last

by_lists stale
cp "$owner/crls-stale/"*.crl "$lists"
run 4 stale --policy "$tmp/crl.json"
says CRL_STALE
stop_last

# A list that is missing leaves it unknown, which the policy minds.
by_lists missing
rm "$lists/issuer.crl"
run 4 missing --policy "$tmp/crl.json"
says "revocation"
stop_last

# A file that is no list stops the daemon before anything is judged.
by_lists bad
echo "no list" >"$lists/zzz.crl"
got=0
"$daemon" --once --kernel "soft:$tmp/bad/guest/kernel.sock" \
	--connect "unix:$tmp/host.sock" --policy "$tmp/crl.json" \
	--roots "$owner/roots" --run "$tmp/run.once" \
	>"$tmp/out" 2>"$tmp/err" || got=$?
[ "$got" -ne 0 ] || fail "a bad list is taken"
says "crls/zzz.crl"
stop_last

# -- the name of the function --
for kind in own other none; do
	machine "name-$kind"
	control "name-$kind" "pci-name $kind $bdf"
	sed 's/"roots": \[/"identity": { "pci-name": true }, "roots": [/' \
		"$tmp/name-$kind/owner/policy.json" >"$tmp/name.json"
	honest_host "name-$kind"
	case $kind in
	own)
		run 0 name-own --policy "$tmp/name.json" --json
		found device-identity holds
		;;
	other)
		run 5 name-other --policy "$tmp/name.json"
		says IDENTITY_NAME
		;;
	none)
		run 5 name-none --policy "$tmp/name.json"
		says IDENTITY_ABSENT
		;;
	esac
	stop_last
done

# A name that contradicts config space is refused by any policy.
machine plain
control plain "pci-name other $bdf"
honest_host plain
run 5 plain
says IDENTITY_NAME

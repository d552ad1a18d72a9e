#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A policy's errors and warnings, by line and column, and as an exit status.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

has() {
	grep -qE -- "$1" "$tmp/out" || fail "does not say: $1"
}

# linted CLASS WORDS...
linted() {
	class=$1
	shift
	run_json "$class" "verb=lint +file +notes" lint "$@"
	run "$class" lint "$@"
}

cat >"$tmp/policy" <<'END'
{ "version": 1, "name": "owner",
  "clock": { "source": "floor", "not-before": "2026-11-01T00:00:00Z" },
  "platforms": ["arm-cca:bet0"],
  "devices": [ {
    "class": "gpu", "count": { "min": 1, "max": 8 },
    "functions-per-device": { "min": 1, "max": 1 },
    "match": { "pci-vendor": "10de", "pci-device": ["2330"] },
    "roots": ["vendor"],
    "spdm": { "versions": ["1.2"], "asym": ["ecdsa-p384"],
      "hash": ["sha384"] },
    "measurements": { "1": ["sha384:000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"] },
    "device-mode": { "debug": "off" },
    "report": { "no-fw-update": true, "msix": "locked-or-absent",
      "shared-ranges": [], "updatable-ranges": [],
      "page-unit": "platform" },
    "tolerate-unknown": ["revocation", "session-key"] } ],
  "others": "refuse" }
END
linted 0 --policy "$tmp/policy"
has "policy: 0 errors, "
linted 0 "$tmp/policy"
"$cli" lint - <"$tmp/policy" >"$tmp/out" 2>"$tmp/err" || fail "lint -"

# An unknown key: where, as a compiler says it.
sed 's/"others"/"other"/' "$tmp/policy" >"$tmp/key"
linted 5 "$tmp/key"
has "^$tmp/key:17:[0-9]+: error: [A-Z_]+: "
sed 's/"version": 1,/"version": 1, "version": 1,/' "$tmp/policy" >"$tmp/twice"
linted 5 "$tmp/twice"
has ":1:[0-9]+: error: "
sed 's/"platforms": .*/"platforms": [],/' "$tmp/policy" >"$tmp/none"
linted 5 "$tmp/none"
head -c 300 "$tmp/policy" >"$tmp/cut"
linted 5 "$tmp/cut"
head -c 5000 /dev/urandom >"$tmp/binary"
linted 5 "$tmp/binary"
printf '{ "version": 1, "name": "\033[31m" }' >"$tmp/red"
linted 5 "$tmp/red"
linted 0 "$DEVATTEST_SOURCE/policy/default-policy.json"
has "warning"

# The anchors, where a folder is named.
mkdir "$tmp/roots"
linted 5 "$tmp/policy" --roots "$tmp/roots"
has "ROOT_MISSING"
echo "no certificate" >"$tmp/roots/vendor.pem"
linted 5 "$tmp/policy" --roots "$tmp/roots"
if [ -n "$data" ] && [ -d "$data/libspdm" ]; then
	rm "$tmp/roots/vendor.pem"
	cp "$data/libspdm/v1.2-p384-sha384-all/root.der" \
		"$tmp/roots/vendor.der"
	linted 0 "$tmp/policy" --roots "$tmp/roots"
else
	echo "SKIPPED: no test data: a root that is there"
fi

# Files that are none.
expect 1 lint "$tmp/nowhere"
expect 1 lint "$tmp"
expect 1 lint /dev/zero
expect 1 lint "$tmp/policy" --policy "$tmp/policy"
expect 1 lint --rim "$tmp/policy"
: >"$tmp/empty"
expect 8 lint "$tmp/empty"
truncate -s 1G "$tmp/huge"
expect 8 lint --policy "$tmp/huge"

finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The decision at a shell: an owner's policy on real evidence, with a ticket
# and without one, and every class in which it says no.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
need_data "devattest check on recorded evidence"

dir=$data/libspdm/v1.2-p384-sha384-all
report=$data/libspdm/tdisp-sample/report.bin
other_nonce=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
mkdir "$tmp/roots"
cp "$dir/root.der" "$tmp/roots/vendor.der"

hex_of() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

digest_of() {
	sha384sum "$1" | cut -d' ' -f1
}

# value WORDS... INDEX: of the measurements that `show` reads, not raw.
value() {
	index=$1
	shift
	"$cli" show --json "$@" | tr -d ' \n' |
		sed 's/.*"index":'"$index"',[^}]*"value":"\([0-9a-f]*\)".*/\1/'
}

one=$(value 1 --vca "$dir/vca.bin" --measurements "$dir/measurements.bin")
two=$(value 2 --vca "$dir/vca.bin" --measurements "$dir/measurements.bin")
[ ${#one} -eq 96 ] && [ ${#two} -eq 96 ] || fail "no digests in show"

cat >"$tmp/ticket" <<END
{ "version": 1, "platform": "emulated", "abi": "1",
  "device": "0000:01:00.0", "bound": true,
  "state": { "value": "locked", "trusted": true },
  "tokens": { "lock": "01", "measurements": "11", "report": "21" },
  "tokens-at-lock": { "lock": "01", "measurements": "10", "report": "20" },
  "nonce": "$(hex_of "$dir/nonce.bin")", "hash": "sha384", "slot": 0,
  "page-unit": "page", "bar-base": "relative",
  "pci": { "vendor": "10de", "device": "2330", "class": "030200",
    "tee": true, "bars": [
      { "index": 1, "address": "0x10000000", "size": "0x1000" },
      { "index": 2, "address": "0x20000000", "size": "0x10000" },
      { "index": 3, "address": "0x30000000", "size": "0x10000" },
      { "index": 4, "address": "0x40000000", "size": "0x10000" } ] },
  "digests": { "vca": "$(digest_of "$dir/vca.bin")",
    "chain": "$(digest_of "$dir/certchain.bin")",
    "measurements": "$(digest_of "$dir/measurements.bin")",
    "report": "$(digest_of "$report")" } }
END

cat >"$tmp/policy" <<END
{ "version": 1, "name": "owner",
  "clock": { "source": "floor", "not-before": "2026-11-01T00:00:00Z" },
  "platforms": ["emulated"],
  "devices": [ {
    "class": "gpu", "count": { "min": 1, "max": 8 },
    "functions-per-device": { "min": 1, "max": 1 },
    "match": { "pci-vendor": "10de", "pci-device": ["2330"] },
    "roots": ["vendor"],
    "spdm": { "versions": ["1.2"], "asym": ["ecdsa-p384"],
      "hash": ["sha384"] },
    "measurements": { "1": ["sha384:$one"], "2": ["sha384:$two"] },
    "report": { "no-fw-update": true, "msix": "locked-or-absent",
      "shared-ranges": [1], "updatable-ranges": [2, 3, 4],
      "page-unit": "platform" },
    "tolerate-unknown": ["revocation", "session-key", "content-changed"] } ],
  "others": "refuse" }
END

# variant NAME SED-WORDS FILE: the same with a change, which there must be.
variant() {
	sed "$2" "$3" >"$tmp/$1"
	! cmp -s "$tmp/$1" "$3" || fail "no change: $1"
}

# loose CLASS WORDS...: the evidence in files.
loose() {
	class=$1
	shift
	expect "$class" check --chain "$dir/certchain.bin" \
		--vca "$dir/vca.bin" --measurements "$dir/measurements.bin" \
		--report "$report" "$@"
}

# given CLASS WORDS...: with that roots folder, ticket and policy, too.
given() {
	class=$1
	shift
	loose "$class" --roots "$tmp/roots" --ticket "$tmp/ticket" \
		--policy "$tmp/policy" "$@"
}

# -- yes --
given 0
says result=accepted platform:holds reference-values:holds \
	report-policy:holds revocation:unknown signature:holds nonce:holds \
	tsm-digest-report:holds tsm-tokens:holds +spdm +chain +measurements \
	+report +device +policy
given 0 --nonce "$dir/nonce.bin" --device 0000:01:00.0
given 0 --root "$dir/root.der"
given 0 --at 2027-01-01T00:00:00Z

# A CHALLENGE of the same connection: fresh, or minded as any other unknown.
challenged=$data/libspdm/v1.2-p384-challenge
dd if="$challenged/challenge.bin" bs=1 skip=4 count=32 of="$tmp/nonce" \
	2>/dev/null
given 0 --challenge "$challenged/challenge.bin" --challenge-nonce "$tmp/nonce" \
	--digests-certs "$challenged/digests_certs.bin"
says challenge:holds +challenge
given 5 --challenge "$challenged/challenge.bin" \
	--digests-certs "$challenged/digests_certs.bin"
given 2 --challenge "$challenged/challenge.bin" --challenge-nonce "$tmp/nonce"
fault CHALLENGE_WRONG
"$cli" check --chain "$dir/certchain.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --report "$report" \
	--roots "$tmp/roots" --policy "$tmp/policy" --ticket - \
	<"$tmp/ticket" >"$tmp/out" 2>"$tmp/err" || fail "a ticket by a pipe"
grep -q '^ACCEPTED$' "$tmp/out" || fail "no ACCEPTED"

grep -q '^  tolerated .*revocation' "$tmp/out" || fail "bears in silence"

# -- no, class by class --
given 1 --nonce $other_nonce
given 1 --device 0000:02:00.0
# The policy's floor is later than this: the certificates were not valid then.
given 0 --at 1990-01-01T00:00:00Z
variant none 's/"clock".*/"clock": { "source": "none" },/' "$tmp/policy"
policy() {
	class=$1
	file=$2
	shift 2
	loose "$class" --roots "$tmp/roots" --ticket "$tmp/ticket" \
		--policy "$tmp/$file" "$@"
}
policy 5 none
says validity:unknown
policy 0 none --at $at
policy 2 none --at 1990-01-01T00:00:00Z
fault NOT_YET_VALID

variant platform 's/"emulated"\]/"tdx:1"]/' "$tmp/policy"
policy 5 platform
fault POLICY_PLATFORM
variant another 's/"2330"/"2331"/' "$tmp/policy"
policy 5 another
fault POLICY_NO_DEVICE
says composition:broken chain:holds signature:holds
variant firmware 's/"1": \["sha384:../"1": ["sha384:00/' "$tmp/policy"
policy 5 firmware
fault POLICY_MEASUREMENT
variant range 's/"shared-ranges": \[1\]/"shared-ranges": []/' "$tmp/policy"
policy 5 range
fault POLICY_REPORT
variant spdm 's/"1\.2"\]/"1.3"]/' "$tmp/policy"
policy 5 spdm
fault POLICY_VERSION
variant untolerated 's/"revocation", //' "$tmp/policy"
policy 4 untolerated
says revocation:unknown platform:holds

# ticket CLASS FILE
ticket() {
	loose "$1" --roots "$tmp/roots" --ticket "$tmp/$2" \
		--policy "$tmp/policy"
}
variant t.nonce 's/"nonce": "../"nonce": "ff/' "$tmp/ticket"
sed 's/"measurements": "[0-9a-f]\{96\}"/"measurements": null/' \
	"$tmp/t.nonce" >"$tmp/t.other"
ticket 7 t.other	# unknown and not tolerated: the gate stays shut
says tsm-digest-measurements:unknown
ticket 6 t.nonce
fault NONCE_DIFFERS
variant t.digest 's/"report": "[0-9a-f]\{4\}/"report": "0000/' "$tmp/ticket"
ticket 7 t.digest
fault DIGEST_DIFFERS
variant t.state 's/"value": "locked"/"value": "unlocked"/' "$tmp/ticket"
ticket 9 t.state
fault TSM_UNLOCKED
variant t.token 's/"lock": "01", "measurements": "10"/"lock": "02", "measurements": "10"/' \
	"$tmp/ticket"
ticket 6 t.token
fault TOKEN_LOCK
variant t.bars 's/"0x10000"/"0x1000"/' "$tmp/ticket"
ticket 8 t.bars

for root in "$data"/libspdm/*/root.der; do
	cmp -s "$root" "$dir/root.der" || break
done
mkdir "$tmp/others"
cp "$root" "$tmp/others/vendor.der"
given 3 --root "$root"		# it takes the policy's away, and adds none
loose 3 --roots "$tmp/others" --ticket "$tmp/ticket" --policy "$tmp/policy"
mkdir "$tmp/noroots"
loose 3 --roots "$tmp/noroots" --ticket "$tmp/ticket" --policy "$tmp/policy"
fault NO_ANCHOR
loose 1 --roots "$tmp/nowhere" --ticket "$tmp/ticket" --policy "$tmp/policy"
echo "no certificate" >"$tmp/noroots/vendor.der"
loose 8 --roots "$tmp/noroots" --ticket "$tmp/ticket" --policy "$tmp/policy"
cat "$dir/root.der" "$dir/root.der" >"$tmp/noroots/vendor.der"
loose 8 --roots "$tmp/noroots" --ticket "$tmp/ticket" --policy "$tmp/policy"

# Signed, and less than the policy needs.
expect 2 check --chain "$dir/certchain.bin" --roots "$tmp/roots" \
	--ticket "$tmp/ticket" --policy "$tmp/policy"
expect 5 check --chain "$dir/certchain.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --roots "$tmp/roots" \
	--ticket "$tmp/ticket" --policy "$tmp/policy"
says report-policy:broken

# -- without a ticket nobody knows the platform: shown, and refused --
loose 5 --roots "$tmp/roots" --policy "$tmp/policy" --nonce "$dir/nonce.bin"
fault POLICY_PLATFORM
says platform:broken composition:broken chain:holds signature:holds \
	nonce:holds validity:holds +measurements
loose 6 --roots "$tmp/roots" --policy "$tmp/policy"
loose 6 --roots "$tmp/roots" --policy "$tmp/policy" --nonce $other_nonce
says platform:broken

# -- bad policies: misuse; nothing of the evidence is told --
misuse() {
	loose 1 --roots "$tmp/roots" --ticket "$tmp/ticket" --policy "$1"
	"$onejson" +error <"$tmp/out" || fail "no error told: $1"
}
variant unknown-key 's/"others"/"other"/' "$tmp/policy"
misuse "$tmp/unknown-key"
grep -q 'line 16' "$tmp/err" || fail "no line told: $(cat "$tmp/err")"
variant twice 's/"version": 1,/"version": 1, "version": 1,/' "$tmp/policy"
misuse "$tmp/twice"
head -c 4096 /dev/urandom >"$tmp/binary"
misuse "$tmp/binary"
printf '{ "version": 1, "name": "a\0b" }' >"$tmp/nul"
misuse "$tmp/nul"
misuse "$tmp/nowhere"
misuse "$tmp"
: >"$tmp/empty"
loose 8 --roots "$tmp/roots" --ticket "$tmp/ticket" --policy "$tmp/empty"
truncate -s 1G "$tmp/huge"
loose 8 --roots "$tmp/roots" --ticket "$tmp/ticket" --policy "$tmp/huge"
expect 1 check --policy "$tmp/policy" --roots "$tmp/roots"
expect 1 check --policy "$tmp/policy" --roots "$tmp/roots" --rims "$tmp"

# -- NVIDIA's own evidence: SPDM 1.1, no VCA, no TSM digests --
gpu=$data/nvidia/hopper-a
cp "$gpu/root.der" "$tmp/roots/nvidia.der"
two=$(value 2 --algorithms ecdsa-p384,sha384 --measurements "$gpu/report.bin")
cat >"$tmp/gpu" <<END
{ "version": 1, "name": "gpu",
  "platforms": ["emulated"],
  "devices": [ { "class": "h100",
    "match": { "pci-vendor": "10de" }, "roots": ["nvidia"],
    "spdm": { "versions": ["1.1"], "asym": ["ecdsa-p384"],
      "hash": ["sha384"], "without-vca": "ecdsa-p384,sha384" },
    "measurements": { "2": ["sha384:$two"] },
    "report": { "msix": "locked-or-absent", "page-unit": "platform",
      "shared-ranges": [1], "updatable-ranges": [2, 3, 4] },
    "tolerate-unknown": ["tsm-digest-chain", "session-key", "validity",
      "revocation"] } ],
  "others": "refuse" }
END
# As a person has it: no ticket.
expect 5 check --chain-pem "$gpu/certchain.pem" \
	--measurements "$gpu/report.bin" --nonce "$gpu/nonce.bin" \
	--policy "$tmp/gpu" --roots "$tmp/roots"
says platform:broken chain:holds signature:holds nonce:holds \
	tsm-digest-chain:unknown algorithms:unknown
# With a ticket that knows no chain and no negotiation, and a report that is no H100's.
sed -e 's/"chain": "[0-9a-f]*",//' -e 's/"vca": "[0-9a-f]*",//' \
	-e "s/\"measurements\": \"[0-9a-f]\{96\}\"/\"measurements\": \"$(
	digest_of "$gpu/report.bin")\"/" -e 's/ "slot": 0,//' \
	-e "s/\"nonce\": \"[0-9a-f]*\"/\"nonce\": \"$(hex_of \
	"$gpu/nonce.bin")\"/" "$tmp/ticket" >"$tmp/gpu-ticket"
expect 0 check --chain-pem "$gpu/certchain.pem" \
	--measurements "$gpu/report.bin" --report "$report" \
	--ticket "$tmp/gpu-ticket" --policy "$tmp/gpu" --roots "$tmp/roots"
says result=accepted algorithms:holds tsm-digest-chain:unknown \
	validity:unknown reference-values:holds
variant gpu-strict 's/"validity",//' "$tmp/gpu"
expect 5 check --chain-pem "$gpu/certchain.pem" \
	--measurements "$gpu/report.bin" --report "$report" \
	--ticket "$tmp/gpu-ticket" --policy "$tmp/gpu-strict" \
	--roots "$tmp/roots"
says validity:unknown

finish

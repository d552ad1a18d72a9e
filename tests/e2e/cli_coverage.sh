#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each platform's digests cover other bytes of the same evidence: what a ticket
# of it lets through at a shell is what the daemon would judge.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
. "$DEVATTEST_SOURCE/tests/e2e/bundle_lib.sh"
need_data "devattest with tickets of each platform"

dir=$data/libspdm/v1.2-p384-sha384-all
report=$data/libspdm/tdisp-sample/report.bin

digest_of() {
	sha384sum "$1" | cut -d' ' -f1
}

hex_of() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

# ticket FILE PLATFORM ABI DIGESTS: with the tokens that the platform has.
ticket() {
	now='"lock": "01"'
	then=$now
	if [ "$2" = arm-cca ]; then
		now='"lock": "01", "measurements": "11", "report": "21"'
		then='"lock": "01", "measurements": "10", "report": "20"'
	fi
	cat >"$1" <<END
{ "version": 1, "platform": "$2", "abi": "$3", "device": "0000:01:00.0",
  "bound": true, "state": { "value": "locked", "trusted": true },
  "tokens": { $now }, "tokens-at-lock": { $then },
  "nonce": "$(hex_of "$dir/nonce.bin")", "hash": "sha384", "slot": 0,
  "page-unit": "page", "bar-base": "relative",
  "pci": { "vendor": "10de", "device": "2330", "class": "030200",
    "tee": true, "bars": [
      { "index": 1, "address": "0x10000000", "size": "0x1000" },
      { "index": 2, "address": "0x20000000", "size": "0x10000" },
      { "index": 3, "address": "0x30000000", "size": "0x10000" },
      { "index": 4, "address": "0x40000000", "size": "0x10000" } ] },
  "digests": { "report": "$(digest_of "$report")"$4 } }
END
}

# bundle FILE CHAIN SHAPE MEASUREMENTS REPORT [VCA [DEVICE-INFO]]
bundle() {
	{
		request 2147485695
		part 0 0 "$2"
		[ -z "${6:-}" ] || part 8 0 "$6"
		part 9 "$3" "$4"
		part 10 0 "$5"
		[ -z "${7:-}" ] || part 256 0 "$7"
		the_end
	} >"$1"
}

# verify CLASS BUNDLE TICKET
verify() {
	expect "$1" verify --bundle "$2" --ticket "$3" --root "$dir/root.der" \
		--at $at
}

# -- sev-tio: a log, and up to 32 bytes too many behind each object --
cat "$dir/vca.bin" "$dir/measurements.bin" >"$tmp/log"
for abi in 1 2; do
	ticket "$tmp/amd" sev-tio $abi ",
  \"chain\": \"$(digest_of "$dir/certchain.bin")\",
  \"measurements\": \"$(digest_of "$tmp/log")\""
	for size in 0 1 31 32 33; do
		head -c $size /dev/zero >"$tmp/zeros"
		for one in chain log report; do
			case $one in
			chain) of=$dir/certchain.bin ;;
			log) of=$tmp/log ;;
			report) of=$report ;;
			esac
			cat "$of" "$tmp/zeros" >"$tmp/$one.tail"
		done
		bundle "$tmp/bundle" "$tmp/chain.tail" 1 "$tmp/log.tail" \
			"$tmp/report.tail"
		if [ $size -gt 32 ]; then
			verify 7 "$tmp/bundle" "$tmp/amd"
			fault DIGEST_DIFFERS
			continue
		fi
		verify 0 "$tmp/bundle" "$tmp/amd"
		says tsm-digest-chain:holds tsm-digest-vca:holds \
			tsm-digest-measurements:holds tsm-digest-report:holds \
			chain:holds signature:holds
	done
done
# On no other platform is a byte too many cut off.
cat "$dir/certchain.bin" "$dir/nonce.bin" >"$tmp/chain.tail"
bundle "$tmp/bundle" "$tmp/chain.tail" 1 "$tmp/log" "$report"
verify 0 "$tmp/bundle" "$tmp/amd"
sed 's/sev-tio/cove-io/; s/"abi": "2"/"abi": "1"/' "$tmp/amd" >"$tmp/cove"
verify 7 "$tmp/bundle" "$tmp/cove"
bundle "$tmp/bundle" "$dir/certchain.bin" 1 "$tmp/log" "$report"
verify 0 "$tmp/bundle" "$tmp/cove"

# -- arm-cca: the DER alone; a tail that the digest covers --
tail -c +53 "$dir/certchain.bin" >"$tmp/der"
head -c 24 /dev/zero >"$tmp/zeros"
cat "$dir/measurements.bin" "$tmp/zeros" >"$tmp/meas.tail"
for abi in alp20 bet0; do
	ticket "$tmp/arm" arm-cca $abi ", \"chain\": \"$(digest_of "$tmp/der")\",
  \"vca\": \"$(digest_of "$dir/vca.bin")\",
  \"measurements\": \"$(digest_of "$tmp/meas.tail")\""
	for size in 36 52 68 35 53; do
		head -c $size /dev/zero | cat - "$tmp/der" >"$tmp/chain.head"
		bundle "$tmp/bundle" "$tmp/chain.head" 0 "$tmp/meas.tail" \
			"$report" "$dir/vca.bin"
		case $size in
		36 | 52 | 68)
			verify 0 "$tmp/bundle" "$tmp/arm"
			says tsm-digest-chain:holds chain:holds \
				tsm-digest-measurements:holds signature:holds
			cp "$tmp/bundle" "$tmp/last"
			;;
		*) verify 7 "$tmp/bundle" "$tmp/arm" ;;
		esac
	done
	# Digests that were there before the lock; and without any token.
	sed 's/"measurements": "11"/"measurements": "10"/' "$tmp/arm" \
		>"$tmp/stale"
	verify 6 "$tmp/last" "$tmp/stale"
	fault TOKEN_STALE
	sed 's/, "report": "2[01]"//' "$tmp/arm" >"$tmp/none"
	verify 6 "$tmp/last" "$tmp/none"
	# The same bytes, and the TSM saw none of them: the tail is one.
	sed 's/"measurements": "[0-9a-f]\{96\}"/"measurements": null/' \
		"$tmp/arm" >"$tmp/blind"
	bundle "$tmp/bundle" "$dir/certchain.bin" 0 "$tmp/meas.tail" \
		"$report" "$dir/vca.bin"
	verify 8 "$tmp/bundle" "$tmp/blind"
	fault TRAILING
done
# No digest is known of a later layout: nothing vouches for a report alone.
sed 's/bet0/bet1/' "$tmp/arm" >"$tmp/later"
expect 7 verify --report "$report" --ticket "$tmp/later"
says tsm-digest-report:unknown
expect 0 verify --report "$report" --ticket "$tmp/arm"

# -- tdx: the report, and a blob that nobody reads --
value() {
	"$cli" show --json --vca "$dir/vca.bin" \
		--measurements "$dir/measurements.bin" | tr -d ' \n' |
		sed 's/.*"index":'"$1"',[^}]*"value":"\([0-9a-f]*\)".*/\1/'
}

mkdir "$tmp/roots"
cp "$dir/root.der" "$tmp/roots/vendor.der"
cat >"$tmp/policy" <<END
{ "version": 1, "name": "owner",
  "clock": { "source": "floor", "not-before": "2026-11-01T00:00:00Z" },
  "platforms": ["tdx:1"],
  "devices": [ {
    "class": "gpu", "count": { "min": 1, "max": 8 },
    "functions-per-device": { "min": 1, "max": 1 },
    "match": { "pci-vendor": "10de", "pci-device": ["2330"] },
    "roots": ["vendor"],
    "spdm": { "versions": ["1.2"], "asym": ["ecdsa-p384"],
      "hash": ["sha384"] },
    "measurements": { "1": ["sha384:$(value 1)"], "2": ["sha384:$(value 2)"] },
    "report": { "no-fw-update": true, "msix": "locked-or-absent",
      "shared-ranges": [1], "updatable-ranges": [2, 3, 4],
      "page-unit": "platform" },
    "tolerate-unknown": ["revocation", "session-key", "content-changed",
      "tsm-digest-vca", "tsm-digest-chain", "tsm-digest-measurements"] } ],
  "others": "refuse" }
END
printf 'a form that is not public' >"$tmp/info"
ticket "$tmp/tdx" tdx 1 ", \"device-info\": \"$(digest_of "$tmp/info")\""

# check CLASS BUNDLE TICKET
check() {
	expect "$1" check --bundle "$2" --ticket "$3" --policy "$tmp/policy" \
		--roots "$tmp/roots" --at $at
}

bundle "$tmp/bundle" "$dir/certchain.bin" 0 "$dir/measurements.bin" \
	"$report" "$dir/vca.bin" "$tmp/info"
check 0 "$tmp/bundle" "$tmp/tdx"
says result=accepted tsm-digest-chain:unknown tsm-digest-report:holds \
	tsm-digest-measurements:unknown tsm-tokens:holds device-info=holds
run 0 verify --bundle "$tmp/bundle" --ticket "$tmp/tdx" \
	--root "$dir/root.der"
grep -q "holds *(device-info)" "$tmp/out" || fail "no word of the blob"
# Without the blob, or without its digest, nobody vouches for the device.
bundle "$tmp/without" "$dir/certchain.bin" 0 "$dir/measurements.bin" \
	"$report" "$dir/vca.bin"
check 7 "$tmp/without" "$tmp/tdx"
says tsm-digest-chain:unknown tsm-digest-measurements:unknown
sed 's/"device-info": "[0-9a-f]*"/"device-info": null/' "$tmp/tdx" \
	>"$tmp/blind"
check 7 "$tmp/bundle" "$tmp/blind"
says device-info=unknown
printf 'a form that is not puplic' >"$tmp/info"
bundle "$tmp/other" "$dir/certchain.bin" 0 "$dir/measurements.bin" \
	"$report" "$dir/vca.bin" "$tmp/info"
check 7 "$tmp/other" "$tmp/tdx"
says tsm-digest-measurements:broken device-info=broken
grep -q '"part": *"device-info"' "$tmp/out" || fail "not of which part"
# A digest of a part that this platform has none of vouches for nothing.
ticket "$tmp/more" tdx 1 ",
  \"chain\": \"$(digest_of "$dir/certchain.bin")\""
check 7 "$tmp/bundle" "$tmp/more"
says tsm-digest-chain:unknown
# Both may be unknown where every platform has that digest, and only there.
expect 0 lint --policy "$tmp/policy" --roots "$tmp/roots"
sed 's/\["tdx:1"\]/["tdx:1", "sev-tio:2"]/' "$tmp/policy" >"$tmp/mixed"
run 5 lint --policy "$tmp/mixed" --roots "$tmp/roots"
grep -q "both are tolerated" "$tmp/out" "$tmp/err" || fail "no reason"

finish

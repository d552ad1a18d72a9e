#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `devattest show` decodes anything, vouches for nothing and says so.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
need_data "devattest show on recorded evidence"

# sections N: so many headings, each marked.
sections() {
	[ "$(grep -c '^UNVERIFIED ' "$tmp/out")" -eq "$1" ] ||
		fail "not $1 sections marked UNVERIFIED"
	if grep -q '^VERIFIED\|^[a-z]' "$tmp/out"; then
		fail "something is not marked"
	fi
}

# shows SECTIONS "SAYS..." WORDS...
shows() {
	n=$1
	says=$2
	shift 2
	run 0 show "$@"
	sections "$n"
	run_json 0 "verb=show result=shown $says" show "$@"
}

dir=$data/libspdm/v1.2-p384-sha384-all
gpu=$data/nvidia/blackwell
tdisp=$data/libspdm/tdisp-sample/report.bin
shows 1 +chain --chain "$dir/certchain.bin"
shows 1 +chain --chain-pem "$gpu/certchain.pem"
shows 1 +spdm --vca "$dir/vca.bin"
shows 3 "+spdm +measurements +opaque" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin"
grep -q '"registry": "pci-sig"' "$tmp/out" || fail "no element of the table"
# Beside its chain it is known whose the opaque data is; without, it may be.
shows 4 "+spdm +measurements +opaque +nvidia" \
	--algorithms ecdsa-p384,sha384 --measurements "$gpu/report.bin"
shows 5 "+chain +nvidia" --algorithms ecdsa-p384,sha384 \
	--measurements "$gpu/report.bin" --chain-pem "$gpu/certchain.pem"
grep -q '"vbios"' "$tmp/out" || fail "no VBIOS version"
grep -q '"device-info": "NVIDIA:' "$tmp/out" || fail "no name of the device"
run 0 show --chain-pem "$data/nvidia/hopper-a/certchain.pem"
grep -q "^     DICE composite sha384" "$tmp/out" || fail "no DICE"
shows 1 +report --report "$tdisp"
grep -q '"first-page": 32768' "$tmp/out" || fail "first page of the sample"
shows 5 "+chain +spdm +measurements +opaque +report" --chain "$dir/certchain.bin" \
	--vca "$dir/vca.bin" --measurements "$dir/measurements.bin" \
	--report "$tdisp"
# A flipped block shows as well as another: nothing was proved.
neg=$data/libspdm/neg-v1.2-p256-tampered-block
shows 2 +measurements --vca "$neg/vca.bin" \
	--measurements "$neg/measurements.bin"

cat >"$tmp/ticket" <<'END'
{ "version": 1, "platform": "emulated", "abi": "1",
  "device": "0000:01:00.0", "bound": true,
  "state": { "value": "locked", "trusted": true }, "hash": "sha384" }
END
shows 1 +ticket --ticket "$tmp/ticket"

# Malformed, and the rest is shown all the same.
head -c 90 "$tdisp" >"$tmp/cut"
expect 8 show --report "$tmp/cut"
"$onejson" well-formed:broken result=refused <"$tmp/out" || fail "cut report"
run 8 show --report "$tmp/cut" --chain "$dir/certchain.bin"
grep -q '^UNVERIFIED certificate chain' "$tmp/out" || fail "chain not shown"
# A GPU's report does not say how long its signature is.
expect 3 show --measurements "$gpu/report.bin"

finish

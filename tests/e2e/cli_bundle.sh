#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Recorded exchanges and tickets: what a relying party or an owner replays.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
. "$DEVATTEST_SOURCE/tests/e2e/bundle_lib.sh"
need_data "devattest verify on bundles and tickets"

dir=$data/libspdm/v1.2-p384-sha384-all
tdisp=$data/libspdm/tdisp-sample/report.bin
other_nonce=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff

# bundle CLASS FILE WORDS...
bundle() {
	class=$1
	file=$2
	shift 2
	expect "$class" verify --bundle "$file" --root "$dir/root.der" \
		--at $at "$@"
}

{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	part 10 0 "$tdisp"
	the_end
} >"$tmp/bundle"
bundle 0 "$tmp/bundle" --nonce "$dir/nonce.bin"
bundle 6 "$tmp/bundle" --nonce $other_nonce
# The nonce in the bundle is the host's word: it decides nothing.
bundle 6 "$tmp/bundle"
expect 3 verify --bundle "$tmp/bundle" --nonce "$dir/nonce.bin"
run 0 show --bundle "$tmp/bundle"
run_json 0 "result=shown +bundle +chain +spdm +measurements +report" \
	show --bundle "$tmp/bundle"
cat "$tmp/bundle" | "$cli" verify --bundle - --root "$dir/root.der" \
	--nonce "$dir/nonce.bin" >"$tmp/out" 2>"$tmp/err" ||
	fail "a bundle through a pipe"

# A log has the VCA in front of the exchanges.
cat "$dir/vca.bin" "$dir/measurements.bin" >"$tmp/log"
{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 9 1 "$tmp/log"
	the_end
} >"$tmp/logged"
bundle 0 "$tmp/logged" --nonce "$dir/nonce.bin"
{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 1 "$tmp/log"
	the_end
} >"$tmp/twice"
bundle 8 "$tmp/twice" --nonce "$dir/nonce.bin"
fault VCA_TWICE

# One response alone has no request and so no nonce.
tail -c +38 "$dir/measurements.bin" >"$tmp/response"
{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 2 "$tmp/response"
	the_end
} >"$tmp/alone"
bundle 8 "$tmp/alone" --nonce "$dir/nonce.bin"
fault MEAS_NO_REQUEST

# The chain of another slot than the one that signed.
{
	request 2047
	part 3 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	the_end
} >"$tmp/slot"
bundle 2 "$tmp/slot" --nonce "$dir/nonce.bin"
fault SLOT_CHAIN

# What the wire's rules forbid, and a host that has nothing.

le 4 3 >"$tmp/four"
{
	request 2047
	part 65534 0 "$tmp/four"
	the_end
} >"$tmp/failure"
bundle 10 "$tmp/failure" --nonce "$dir/nonce.bin"
fault WIRE_FAILURE
{ request 2047; part 9 0 "$tdisp"; part 8 0 "$tdisp"; the_end; } >"$tmp/order"
bundle 8 "$tmp/order"
fault WIRE_ORDER
{ request 1; part 10 0 "$tdisp"; the_end; } >"$tmp/unasked"
bundle 8 "$tmp/unasked"
fault WIRE_TYPE
{ cat "$tmp/bundle"; printf x; } >"$tmp/trailing"
bundle 8 "$tmp/trailing"
fault TRAILING
for n in 1 63 64 70 80 500 1800; do
	head -c $n "$tmp/bundle" >"$tmp/cut"
	bundle 8 "$tmp/cut" --nonce "$dir/nonce.bin"
done

# -- tickets --
hex_of() {
	sha384sum "$1" | cut -d' ' -f1
}

# ticket FILE STATE MORE
ticket() {
	cat >"$1" <<END
{ "version": 1, "platform": "emulated", "abi": "1",
  "device": "0000:01:00.0", "bound": true,
  "state": { "value": "$2", "trusted": true }, "hash": "sha384",
  "digests": { "report": "$(hex_of "$tdisp")"$3 } }
END
}

ticket "$tmp/ticket" locked ", \"chain\": \"$(hex_of "$dir/certchain.bin")\",
  \"vca\": \"$(hex_of "$dir/vca.bin")\",
  \"measurements\": \"$(hex_of "$dir/measurements.bin")\""
bundle 0 "$tmp/bundle" --nonce "$dir/nonce.bin" --ticket "$tmp/ticket" \
	--device 0000:01:00.0
"$onejson" tsm-digest-chain:holds tsm-digest-vca:holds \
	tsm-digest-measurements:holds tsm-digest-report:holds \
	tsm-state:holds <"$tmp/out" || fail "digests"
expect 1 verify --bundle "$tmp/bundle" --ticket "$tmp/ticket" \
	--device 0000:02:00.0
run_json 0 "+ticket" show --ticket "$tmp/ticket"

# A report alone, and every way in which the TSM does not vouch for it.
expect 0 verify --report "$tdisp" --ticket "$tmp/ticket"
{ head -c 40 "$tdisp"; printf x; tail -c +42 "$tdisp"; } >"$tmp/flipped"
expect 7 verify --report "$tmp/flipped" --ticket "$tmp/ticket"
fault DIGEST_DIFFERS
ticket "$tmp/unlocked" unlocked ""
expect 9 verify --report "$tdisp" --ticket "$tmp/unlocked"
fault TSM_UNLOCKED
sed 's/"bound": true/"bound": false/' "$tmp/ticket" >"$tmp/unbound"
expect 9 verify --report "$tdisp" --ticket "$tmp/unbound"
fault TSM_UNBOUND
sed 's/"report": "[0-9a-f]*"/"report": null/' "$tmp/ticket" >"$tmp/silent"
expect 7 verify --report "$tdisp" --ticket "$tmp/silent"

# Of two chains the one that the TSM saw; another TSM saw none of them.
{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 1 0 "$data/libspdm/v1.2-p256-sha256-all/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	the_end
} >"$tmp/two"
bundle 0 "$tmp/two" --nonce "$dir/nonce.bin" --ticket "$tmp/ticket"
bundle 3 "$tmp/two" --nonce "$dir/nonce.bin"
fault CHAIN_ABSENT

finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which key signed: the one of slot 3 of two, or a provisioned one, slot 0xF.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
. "$DEVATTEST_SOURCE/tests/e2e/bundle_lib.sh"

forge
dir=$tmp/forged/slots

# of_bundle CLASS WORDS...
of_bundle() {
	class=$1
	shift
	expect "$class" verify --bundle "$tmp/bundle" --root "$dir/root.der" \
		--nonce "$dir/nonce.bin" --at $at "$@"
}

# ticket MORE: what this TSM says.
ticket() {
	cat >"$tmp/ticket" <<END
{ "version": 1, "platform": "emulated", "abi": "1", "bound": true,
  "state": { "value": "locked", "trusted": true }, "hash": "sha384"$1 }
END
}

digest_of() {
	sha384sum "$1" | cut -d' ' -f1
}

{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 3 0 "$dir/certchain-3.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	the_end
} >"$tmp/bundle"

# Of two chains only a ticket chooses: by its digest, or by its slot.
of_bundle 3
fault CHAIN_ABSENT
ticket ", \"digests\": { \"chain\": \"$(digest_of "$dir/certchain-3.bin")\" }"
of_bundle 0 --ticket "$tmp/ticket"
says slot:holds tsm-digest-chain:holds
grep -q '"slot": *3' "$tmp/out" || fail "another slot is told"
ticket ', "slot": 3'
of_bundle 0 --ticket "$tmp/ticket"
# The other chain is another key's, and of another slot.
ticket ", \"digests\": { \"chain\": \"$(digest_of "$dir/certchain.bin")\" }"
of_bundle 2 --ticket "$tmp/ticket"
ticket ', "slot": 0'
of_bundle 2 --ticket "$tmp/ticket"
# And one that the bundle does not have.
ticket ', "slot": 5'
of_bundle 3 --ticket "$tmp/ticket"

# Under another number than it signed with.
{
	request 2047
	part 4 0 "$dir/certchain-3.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	the_end
} >"$tmp/bundle"
of_bundle 2
fault SLOT_CHAIN

# A file has no slot's number: the messages say it.
expect 0 verify --chain "$dir/certchain-3.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --nonce "$dir/nonce.bin" \
	--root "$dir/root.der"
ticket ', "slot": 2'
expect 2 verify --chain "$dir/certchain-3.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --nonce "$dir/nonce.bin" \
	--root "$dir/root.der" --ticket "$tmp/ticket"
fault SLOT_TSM

# -- slot 0xF --
dir=$tmp/forged/rawkey

# raw CLASS WORDS...
raw() {
	class=$1
	shift
	expect "$class" verify --vca "$dir/vca.bin" \
		--measurements "$dir/measurements.bin" \
		--nonce "$dir/nonce.bin" --at $at "$@"
}

raw 0 --provisioned-key "$dir/key.pem"
says signature:holds slot:holds nonce:holds
raw 0 --provisioned-key "$dir/key.der"
raw 3
fault KEY_ABSENT
raw 2 --provisioned-key "$dir/other.pem"
fault SIGNATURE_WRONG
raw 8 --provisioned-key "$dir/nonce.bin"
fault KEY_FORM
cat "$dir/key.der" "$dir/key.der" >"$tmp/two"
raw 8 --provisioned-key "$tmp/two"
raw 1 --provisioned-key "$tmp/nowhere"
raw 1 --provisioned-key "$dir/key.pem" --provisioned-key "$dir/key.der"
run_json 0 "+provisioned-key" show --provisioned-key "$dir/key.pem"
run 1 check --provisioned-key "$dir/key.pem"
grep -q '"provisioned-keys"' "$tmp/err" || fail "unclear: whose key"

finish

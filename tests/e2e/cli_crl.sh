#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Revocation lists at a shell: --crl, what each says, and which are none.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

forge
dir=$tmp/forged/log
lists=$tmp/forged/lists

# ask CLASS WORDS...
ask() {
	class=$1
	shift
	expect "$class" verify --chain "$dir/certchain.bin" \
		--root "$dir/root.der" "$@"
}

ask 0 --at $at
says revocation:unknown
ask 0 --at $at --crl "$lists/good.crl"
says revocation:holds
# Nobody knows whether it is fresh.
ask 0 --crl "$lists/good.crl"
says revocation:unknown
ask 4 --at $at --crl "$lists/old.crl"
fault CRL_STALE
ask 4 --at $at --crl "$lists/revoked.crl"
fault REVOKED
# What was taken back stays so, whatever another list says.
ask 4 --at $at --crl "$lists/good.crl" --crl "$lists/revoked.crl"
ask 4 --crl "$lists/revoked.crl"
ask 4 --at 2026-11-01T00:00:00Z --crl "$lists/good.crl"
fault CRL_EARLY

{
	echo "-----BEGIN X509 CRL-----"
	base64 -w 64 "$lists/good.crl"
	echo "-----END X509 CRL-----"
} >"$tmp/good.pem"
ask 0 --at $at --crl "$tmp/good.pem"
says revocation:holds
cat "$tmp/good.pem" | "$cli" verify --chain "$dir/certchain.bin" \
	--root "$dir/root.der" --at $at --crl - >"$tmp/out" 2>"$tmp/err" ||
	fail "a list by a pipe"

size=$(wc -c <"$lists/good.crl")
head -c $((size - 1)) "$lists/good.crl" >"$tmp/cut"
ask 8 --at $at --crl "$tmp/cut"
ask 8 --at $at --crl "$dir/root.der"
: >"$tmp/empty"
ask 8 --at $at --crl "$tmp/empty"
{
	head -c $((size - 3)) "$lists/good.crl"
	printf 'xyz'
} >"$tmp/signed"
ask 4 --at $at --crl "$tmp/signed"
ask 1 --at $at --crl "$tmp/nowhere"
ask 1 --at $at --crl - --root -
run_json 0 "+revocation-lists" show --crl "$lists/revoked.crl"
run 0 show --crl "$lists/revoked.crl"
grep -q "revoked certificates 1" "$tmp/out" || fail "not one is counted"
run 1 check --crl "$lists/good.crl"
grep -q "crls/" "$tmp/err" || fail "unclear: whose lists"

finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line on real evidence: what must verify does, what must not is
# refused in the contract's class.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
need_data "devattest verify on recorded evidence"

other_nonce=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff

# another_root DIR: some trust anchor of the data that is not DIR's.
another_root() {
	for root in "$data"/libspdm/*/root.der; do
		cmp -s "$root" "$1/root.der" || break
	done
	echo "$root"
}

# spdm CLASS DIR NONCE ROOT
spdm() {
	expect "$1" verify --chain "$2/certchain.bin" --vca "$2/vca.bin" \
		--measurements "$2/measurements.bin" --nonce "$3" \
		--root "$4" --at $at
}

# two_or_three DIR: another root is a broken or a missing one.
two_or_three() {
	"$cli" verify --chain "$1/certchain.bin" --vca "$1/vca.bin" \
		--measurements "$1/measurements.bin" --nonce "$1/nonce.bin" \
		--root "$(another_root "$1")" --at $at >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ $got -eq 2 ] || [ $got -eq 3 ] ||
		fail "another root gives $got: $1"
}

# OpenSSL has ML-DSA from 3.5 on.
has_mldsa() {
	"$cli" --version | grep -qE 'OpenSSL (3\.([5-9]|[1-9][0-9])|[4-9])'
}

good=0
for dir in "$data"/libspdm/v1.[01234]-*; do
	case $(basename "$dir") in
	v1.4-mldsa*) has_mldsa || continue ;;
	esac
	spdm 0 "$dir" "$dir/nonce.bin" "$dir/root.der"
	"$onejson" result=verified chain:holds signature:holds nonce:holds \
		validity:holds leaf-profile:holds slot:holds \
		well-formed:holds +spdm +chain +measurements <"$tmp/out" ||
		fail "facts of $dir"
	spdm 6 "$dir" $other_nonce "$dir/root.der"
	two_or_three "$dir"
	good=$((good + 1))
done
[ $good -ge 18 ] || fail "only $good good cases"

for name in tampered-sig tampered-block nosig; do
	dir=$data/libspdm/neg-v1.2-p256-$name
	spdm 2 "$dir" "$dir/nonce.bin" "$dir/root.der"
done
dir=$data/libspdm/neg-chain-roothash-flipped
expect 2 verify --chain "$dir/certchain.bin" --vca "$dir/vca.bin" \
	--root "$dir/root.der" --at $at

# Known, and not in the linked OpenSSL: refused by name.
for dir in "$data"/libspdm/v1.4-mldsa*; do
	! has_mldsa || continue
	spdm 2 "$dir" "$dir/nonce.bin" "$dir/root.der"
	grep -q UNSUPPORTED "$tmp/out" || fail "no UNSUPPORTED: $dir"
	echo "*** NOT VERIFIED BY THIS VERSION: $(basename "$dir")"
done

# nvidia CLASS DIR: as a newcomer would.
nvidia() {
	expect "$1" verify --chain-pem "$2/certchain.pem" \
		--measurements "$2/report.bin" --nonce "$2/nonce.bin" \
		--root "$2/root.der" --algorithms ecdsa-p384,sha384
}

gpus=0
for dir in "$data"/nvidia/*/; do
	dir=${dir%/}
	case $(basename "$dir") in
	neg-*)
		nvidia 2 "$dir"
		;;
	*)
		nvidia 0 "$dir"
		"$onejson" result=verified algorithms:unknown \
			validity:unknown signature:holds <"$tmp/out" ||
			fail "facts of $dir"
		expect 0 verify --chain "$dir/certchain_spdm_built.bin" \
			--measurements "$dir/report.bin" \
			--nonce "$dir/nonce.bin" --root "$dir/root.der" \
			--algorithms ecdsa-p384,sha384,sha384 --at $at
		gpus=$((gpus + 1))
		;;
	esac
done
[ $gpus -ge 8 ] || fail "only $gpus devices"

# Inputs that call for less, or leave something out.
dir=$data/libspdm/v1.2-p384-sha384-all
expect 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der"
expect 3 verify --chain "$dir/certchain.bin"
expect 2 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--at 1999-01-01T00:00:00Z
expect 3 verify --vca "$dir/vca.bin" --measurements "$dir/measurements.bin" \
	--nonce "$dir/nonce.bin" --root "$dir/root.der"
expect 6 verify --chain "$dir/certchain.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --root "$dir/root.der"
expect 3 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--measurements "$dir/measurements.bin" --nonce "$dir/nonce.bin"
expect 3 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--measurements "$dir/measurements.bin" --nonce "$dir/nonce.bin" \
	--algorithms ecdsa-p384,sha384
tdisp=$data/libspdm/tdisp-sample/report.bin
expect 7 verify --report "$tdisp"
# Beside good measurements it is decoded, and not told: no digest holds.
expect 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--vca "$dir/vca.bin" --measurements "$dir/measurements.bin" \
	--nonce "$dir/nonce.bin" --report "$tdisp"
"$onejson" tsm-digest-report:unknown +measurements <"$tmp/out" ||
	fail "a report beside measurements"
! "$onejson" +report <"$tmp/out" 2>/dev/null ||
	fail "a report is told that nobody vouched for"

# The right root among others, as PEM, and evidence through a pipe.
gpu=$data/nvidia/hopper-a
sed -n '/BEGIN/h;/BEGIN/!H;${x;p;}' "$gpu/certchain.pem" >"$tmp/root.pem"
cat "$gpu/certchain.pem" >"$tmp/many.pem"
expect 0 verify --chain-pem "$gpu/certchain.pem" --root "$dir/root.der" \
	--root "$tmp/many.pem"
expect 0 verify --chain-pem "$gpu/certchain.pem" --root "$tmp/root.pem"
for words in "" --json; do
	# shellcheck disable=SC2086
	cat "$dir/certchain.bin" | "$cli" verify --chain - \
		--root "$dir/root.der" $words >"$tmp/out" 2>"$tmp/err" ||
		fail "a chain through a pipe"
done
expect 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--device 0000:01:00.0
"$onejson" +device <"$tmp/out" || fail "the device is not told"

finish

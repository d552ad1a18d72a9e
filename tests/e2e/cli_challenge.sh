#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# CHALLENGE beside measurements and alone, in files and in a bundle: by the same
# key, over what was agreed, for a nonce of its own.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
. "$DEVATTEST_SOURCE/tests/e2e/bundle_lib.sh"
need_data "devattest verify on a recorded CHALLENGE"

dir=$data/libspdm/v1.2-p384-challenge
dd if="$dir/challenge.bin" bs=1 skip=4 count=32 of="$tmp/nonce" 2>/dev/null

# ask CLASS WORDS...
ask() {
	class=$1
	shift
	expect "$class" verify --chain "$dir/certchain.bin" \
		--root "$dir/root.der" --at $at "$@"
}

# challenged CLASS WORDS...: with all messages of it.
challenged() {
	class=$1
	shift
	ask "$class" --vca "$dir/vca.bin" --challenge "$dir/challenge.bin" \
		--digests-certs "$dir/digests_certs.bin" "$@"
}

# measured CLASS WORDS...: and measurements.
measured() {
	class=$1
	shift
	challenged "$class" --measurements "$dir/measurements.bin" \
		--nonce "$dir/nonce.bin" "$@"
}

# flipped N FILE: with another byte there.
flipped() {
	head -c "$1" "$2"
	tail -c +$(($1 + 1)) "$2" | head -c 1 |
		tr '\000-\377' '\001-\377\000'
	tail -c +$(($1 + 2)) "$2"
}

measured 0 --challenge-nonce "$tmp/nonce"
says result=verified challenge:holds signature:holds nonce:holds +challenge \
	+measurements
grep -q '"summary": *"all"' "$tmp/out" || fail "no summary is told"
run 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--vca "$dir/vca.bin" --challenge "$dir/challenge.bin" \
	--digests-certs "$dir/digests_certs.bin"
grep -q "^  CHALLENGE  *slot 0, summary" "$tmp/out" || fail "no line of it"

# Without its nonce nobody knows when it was; --nonce is never its nonce.
measured 0
says challenge:unknown
grep -q "no --challenge-nonce" "$tmp/out" && fail "a hint inside the object"
run 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--vca "$dir/vca.bin" --challenge "$dir/challenge.bin"  \
	--digests-certs "$dir/digests_certs.bin"
grep -q "no --challenge-nonce" "$tmp/out" || fail "no hint of the nonce"
measured 2 --challenge-nonce "$dir/nonce.bin"
fault CHALLENGE_NONCE
challenged 0 --challenge-nonce "$tmp/nonce"
says challenge:holds

# Something of it is missing, or another's.
ask 2 --vca "$dir/vca.bin" --challenge "$dir/challenge.bin"
fault CHALLENGE_WRONG
ask 3 --challenge "$dir/challenge.bin"
fault VCA_ABSENT
# DataTransferSize, which no rule of its own holds to a value.
flipped 33 "$dir/vca.bin" >"$tmp/flipped"
ask 2 --vca "$tmp/flipped" --challenge "$dir/challenge.bin" \
	--digests-certs "$dir/digests_certs.bin"
fault CHALLENGE_WRONG
size=$(wc -c <"$dir/challenge.bin")
for at_byte in 5 40 80 200 $((size - 1)); do
	flipped $at_byte "$dir/challenge.bin" >"$tmp/flipped"
	run_json 2 "challenge:broken" verify --chain "$dir/certchain.bin" \
		--root "$dir/root.der" --vca "$dir/vca.bin" \
		--challenge "$tmp/flipped" \
		--digests-certs "$dir/digests_certs.bin"
done
head -c $((size - 1)) "$dir/challenge.bin" >"$tmp/cut"
ask 8 --vca "$dir/vca.bin" --challenge "$tmp/cut"
: >"$tmp/empty"
ask 8 --vca "$dir/vca.bin" --challenge "$tmp/empty"
fault EMPTY
ask 1 --challenge-nonce "$tmp/nonce"
ask 1 --vca "$dir/vca.bin" --digests-certs "$dir/digests_certs.bin"

# show: all of it, and nothing is believed.
run_json 0 "result=shown +challenge +spdm" show --vca "$dir/vca.bin" \
	--challenge "$dir/challenge.bin"
run 8 show --vca "$dir/vca.bin" --challenge "$tmp/cut" \
	--measurements "$dir/measurements.bin"
grep -q '^UNVERIFIED measurements' "$tmp/out" || fail "one fault hides all"

# The same as a bundle, which `collect` asks for by bit 31.
{
	request 2147485695
	part 0 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	part 257 0 "$dir/challenge.bin"
	part 258 0 "$dir/digests_certs.bin"
	the_end
} >"$tmp/bundle"
expect 0 verify --bundle "$tmp/bundle" --root "$dir/root.der" --at $at \
	--nonce "$dir/nonce.bin" --challenge-nonce "$tmp/nonce"
says challenge:holds
expect 2 verify --bundle "$tmp/bundle" --root "$dir/root.der" --at $at \
	--nonce "$dir/nonce.bin" --challenge-nonce "$dir/nonce.bin"
expect 1 verify --bundle "$tmp/bundle" --challenge "$dir/challenge.bin"
run_json 0 "+challenge" show --bundle "$tmp/bundle"
{
	request 2047
	part 0 0 "$dir/certchain.bin"
	part 257 0 "$dir/challenge.bin"
	the_end
} >"$tmp/unasked"
expect 8 verify --bundle "$tmp/unasked" --root "$dir/root.der"
fault WIRE_TYPE
{
	request 2147485695
	part 0 0 "$dir/certchain.bin"
	the_end
} >"$tmp/none"
expect 1 verify --bundle "$tmp/none" --root "$dir/root.der" \
	--challenge-nonce "$tmp/nonce"

# A recording's folder, asked for all of it.
"$DEVATTEST_BUILD/devattest-relay" --listen "unix:$tmp/host.sock" \
	--folder "$dir" >"$tmp/relay" 2>&1 &
relay=$!
trap 'kill $relay 2>/dev/null; rm -rf "$tmp"' EXIT
n=0
while [ ! -S "$tmp/host.sock" ] && [ $n -lt 500 ]; do
	n=$((n + 1))
	sleep 0.02
done
run 0 collect --connect "unix:$tmp/host.sock" --out "$tmp/collected" \
	--nonce "$dir/nonce.bin" --all-parts
run_json 0 "+challenge +measurements" show --bundle "$tmp/collected"
expect 0 verify --bundle "$tmp/collected" --root "$dir/root.der" --at $at \
	--nonce "$dir/nonce.bin" --challenge-nonce "$tmp/nonce"
run 0 collect --connect "unix:$tmp/host.sock" --out "$tmp/collected" \
	--nonce "$dir/nonce.bin"
run_json 0 "+measurements" show --bundle "$tmp/collected"
! "$onejson" +challenge <"$tmp/out" 2>/dev/null || fail "given unasked"

finish

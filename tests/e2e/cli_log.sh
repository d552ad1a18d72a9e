#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The measurement extension log: believed where a signed block proves it.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"
. "$DEVATTEST_SOURCE/tests/e2e/bundle_lib.sh"

forge
dir=$tmp/forged/log

# ask CLASS WORDS...
ask() {
	class=$1
	shift
	expect "$class" verify --chain "$dir/certchain.bin" \
		--vca "$dir/vca.bin" --measurements "$dir/measurements.bin" \
		--nonce "$dir/nonce.bin" --root "$dir/root.der" --at $at "$@"
}

ask 0
! "$onejson" +measurement-log <"$tmp/out" 2>/dev/null || fail "a log of none"
ask 0 --mel "$dir/mel.bin"
says measurement-log:holds +measurement-log
run 0 verify --chain "$dir/certchain.bin" --vca "$dir/vca.bin" \
	--measurements "$dir/measurements.bin" --nonce "$dir/nonce.bin" \
	--root "$dir/root.der" --mel "$dir/mel.bin"
grep -q "2 entries of the log" "$tmp/out" || fail "no line of the log"

ask 8 --mel "$dir/mel-other.bin"
fault LOG_DIFFERS
says measurement-log:broken
! "$onejson" +measurement-log <"$tmp/out" 2>/dev/null || fail "a false log"
head -c 30 "$dir/mel.bin" >"$tmp/cut"
ask 8 --mel "$tmp/cut"
# Nothing signed: the log is nobody's word.
expect 0 verify --chain "$dir/certchain.bin" --root "$dir/root.der" \
	--mel "$dir/mel.bin"
says measurement-log:unknown
expect 1 verify --mel "$dir/mel.bin"

run_json 0 "result=shown +measurement-log" show --mel "$dir/mel-other.bin"
run 0 show --mel "$dir/mel.bin"
grep -q "^UNVERIFIED measurement extension log" "$tmp/out" || fail "not shown"
expect 8 show --mel "$tmp/cut"

{
	request 2147485695
	part 0 0 "$dir/certchain.bin"
	part 8 0 "$dir/vca.bin"
	part 9 0 "$dir/measurements.bin"
	part 259 0 "$dir/mel.bin"
	the_end
} >"$tmp/bundle"
expect 0 verify --bundle "$tmp/bundle" --root "$dir/root.der" --at $at \
	--nonce "$dir/nonce.bin"
says measurement-log:holds
expect 1 show --bundle "$tmp/bundle" --mel "$dir/mel.bin"

finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Misuse is told in one line and as one object; a file that is no file, is
# empty or has no end never costs more than its cap.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

# misuse WORDS...
misuse() {
	run 1 "$@"
	run_json 1 "result=refused +error" "$@"
}

# -- verbs --
misuse
misuse verif
misuse VERIFY
misuse --chain x
misuse replay
"$onejson" verb=replay <"$tmp/out" || fail "verb of replay"
grep -q "not in this version" "$tmp/err" || fail "unclear: replay"
misuse help verif
misuse --version more

# suggests WORDS... NEAR: what was meant.
suggests() {
	near=$1
	shift
	misuse "$@"
	grep -qF "did you mean $near?" "$tmp/err" || fail "no $near: $*"
}
suggests '`check`' chek
suggests '`collect`' coll
suggests '`verify`' help verif
suggests --measurements verify --measurments x
suggests --chain-pem verify --chain_pem=x
suggests --report show --rep x
misuse frobnicate
! grep -q "did you mean" "$tmp/err" || fail "a wild guess"

# -- options --
echo bytes >"$tmp/file"
misuse verify
misuse show
misuse verify --nothing
misuse verify "$tmp/file"
misuse verify -x
misuse verify --chain
misuse verify --chain --vca "$tmp/file"
misuse verify --chain=
misuse verify --chain "$tmp/file" --chain "$tmp/file"
misuse verify --chain "$tmp/file" --chain-pem "$tmp/file"
misuse verify --chain "$tmp/file" --policy "$tmp/file"
grep -q 'but of `check`' "$tmp/err" || fail "who takes --policy?"
for verb in check collect status; do
	misuse $verb "$tmp/file"
done
misuse lint "$tmp/file" "$tmp/file"
misuse explain -x
misuse check --chain - --policy -
misuse check --chain "$tmp/file" --rims "$tmp"
misuse collect --out "$tmp/bundle"
misuse status --out "$tmp/bundle"
misuse verify --vca "$tmp/file" --algorithms ecdsa-p384,sha384
misuse verify --bundle "$tmp/file" --report "$tmp/file"
misuse verify --chain - --root -
misuse verify --chain "$tmp/file" --at tomorrow
misuse verify --chain "$tmp/file" --at 2026-02-30T00:00:00Z
misuse verify --chain "$tmp/file" --algorithms ecdsa-p384
misuse verify --chain "$tmp/file" --algorithms rot13,sha384
misuse verify --chain "$tmp/file" --device 1
digits=00112233445566778899aabbccddeeff00112233445566778899aabbccddee
for nonce in 0011 "$digits" "${digits}ff00" "${digits}fg"; do
	misuse verify --chain "$tmp/file" --nonce "$nonce"
	grep -q "64 hex digits" "$tmp/err" || fail "unclear: nonce $nonce"
done
misuse verify --vca "$tmp/file"
for option in digests-certs challenge-nonce; do
	misuse verify --chain "$tmp/file" --$option "$tmp/file"
	grep -q "needs --challenge" "$tmp/err" || fail "unclear: $option"
done
for option in challenge digests-certs mel; do
	misuse verify --bundle "$tmp/file" --$option "$tmp/file"
done
for option in crl provisioned-key; do
	misuse check --chain "$tmp/file" --$option "$tmp/file"
	grep -q 'but of `verify`; ' "$tmp/err" || fail "unclear: $option"
done
misuse verify --mel "$tmp/file"
misuse verify --tsm-response arm-cca:bet0="$tmp/file"

# -- files --
options="chain chain-pem measurements report bundle ticket root nonce challenge
    mel crl provisioned-key"
: >"$tmp/empty"
dd if=/dev/zero of="$tmp/65536" bs=65536 count=1 2>/dev/null
truncate -s 262145 "$tmp/262145"
dd if=/dev/zero of="$tmp/4097" bs=4097 count=1 2>/dev/null
dd if=/dev/zero of="$tmp/meas" bs=1024 count=1025 2>/dev/null
dd if=/dev/zero of="$tmp/bundle" bs=1024 count=2049 2>/dev/null
for option in $options; do
	for path in "$tmp/nowhere" "$tmp" /dev/zero /dev/null ""; do
		misuse verify --chain "$tmp/file" --$option "$path"
	done
	case $option in
	chain*) other="--report $tmp/file" ;;
	bundle) other= ;;
	*) other="--chain $tmp/file" ;;
	esac
	# shellcheck disable=SC2086
	expect 8 verify $other --$option "$tmp/empty"
	grep -q '"EMPTY"' "$tmp/out" || fail "no EMPTY: $option"
done
expect 8 verify --chain "$tmp/262145"
grep -q TOO_LONG "$tmp/out" || fail "no TOO_LONG"
expect 8 verify --chain "$tmp/file" --vca "$tmp/4097"
expect 8 verify --chain "$tmp/file" --measurements "$tmp/meas"
expect 8 verify --report "$tmp/65536"
dd if=/dev/zero of="$tmp/65537" bs=65537 count=1 2>/dev/null
expect 8 verify --chain "$tmp/file" --challenge "$tmp/65537"
expect 8 verify --chain "$tmp/file" --mel "$tmp/meas"
expect 8 verify --bundle "$tmp/bundle"
expect 8 verify --chain "$tmp/file" --root "$tmp/file"
expect 8 verify --chain "$tmp/file" --nonce "$tmp/file"
expect 8 verify --chain "$tmp/file" --ticket "$tmp/file"
"$onejson" +error <"$tmp/out" || fail "no word on the ticket's error"
expect 8 verify --chain "$tmp/file"
expect 8 show --chain "$tmp/file"
misuse show --chain "$tmp/nowhere"
# Misuse decides before what is malformed.
misuse verify --chain "$tmp/empty" --vca "$tmp/nowhere"

# -- a sparse gigabyte costs no more than the part's cap --
truncate -s 1G "$tmp/huge"
for option in $options; do
	case $option in
	chain*) other="--report $tmp/file" ;;
	bundle) other= ;;
	*) other="--chain $tmp/file" ;;
	esac
	questions=$((questions + 1))
	# shellcheck disable=SC2086
	(
		ulimit -v 262144
		"$cli" verify $other --$option "$tmp/huge" >"$tmp/out" 2>&1
	)
	[ $? -eq 8 ] && grep -q TOO_LONG "$tmp/out" || fail "1 GB: $option"
done

# -- FIFOs: one that nobody writes to is given up, one that has a writer not --
mkfifo "$tmp/fifo"
misuse verify --chain "$tmp/fifo"
grep -q "nobody writes" "$tmp/err" || fail "unclear: a FIFO without a writer"
echo late >"$tmp/fifo" &
questions=$((questions + 1))
"$cli" verify --chain "$tmp/fifo" >"$tmp/out" 2>"$tmp/err"
[ $? -eq 8 ] || fail "a FIFO with a writer"
wait
: >"$tmp/fifo" &
questions=$((questions + 1))
"$cli" verify --chain "$tmp/fifo" --json >"$tmp/out" 2>"$tmp/err"
[ $? -eq 8 ] && grep -q '"EMPTY"' "$tmp/out" || fail "an empty FIFO"
wait

# -- an input without an end, and none at all --
questions=$((questions + 3))
yes | "$cli" verify --chain - --json >"$tmp/out" 2>"$tmp/err"
[ $? -eq 8 ] && grep -q TOO_LONG "$tmp/out" || fail "an endless pipe"
"$cli" verify --chain - --json >"$tmp/out" 2>"$tmp/err" <&-
[ $? -eq 1 ] || fail "standard input is closed"
"$cli" verify --chain - --json >"$tmp/out" 2>"$tmp/err" </dev/zero
[ $? -eq 1 ] || fail "standard input is a device"

# -- an answer that cannot be given is no answer --
if [ -w /dev/full ]; then
	questions=$((questions + 2))
	"$cli" --version >/dev/full 2>"$tmp/err"
	[ $? -eq 1 ] || fail "a full disk is not noticed"
	"$cli" verify --chain "$tmp/file" --json >/dev/full 2>"$tmp/err"
	[ $? -eq 1 ] || fail "a full disk is not noticed, as JSON"
fi

# -- help --
run 0 --help
run 0 --version
run 0 help
for verb in verify check show collect replay explain lint status demo; do
	run 0 help $verb
	grep -q -- --json "$tmp/out" || fail "no --json in help $verb"
	[ $verb = replay ] || grep -q "    devattest.* $verb" "$tmp/out" ||
		fail "no example in help $verb"
	for option in $(grep -oE '^    +devattest.*|^        .*' "$tmp/out" |
	    grep -oE -e '--[a-z-]+' | sort -u); do
		grep -q "^  $option" "$tmp/out" || case $verb:$option in
		collect:*|status:*|explain:*) ;;
		*) fail "the example of $verb has an option of others: $option" ;;
		esac
	done
done
run 0 verify --help
run 0 show --help
run 0 demo --help
for words in --help --version "help verify" "verify --help" "demo --help"; do
	# shellcheck disable=SC2086
	"$cli" $words --json >"$tmp/out" 2>"$tmp/err" ||
		fail "$words --json"
	"$onejson" version=1 exit=0 result=shown <"$tmp/out" ||
		fail "not one object: $words --json"
done

finish

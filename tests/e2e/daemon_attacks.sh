#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Six forgeries: each caught by the TSM's digest, and, with a TSM that agrees
# with it, by what stands behind the digest.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

machine other --name "Another Vendor"

# refused ATTACK AGREES CLASS CHECK FAULT
refused() {
	machine m
	machine=$last
	set -- "$@" --attack "$1" --upstream "unix:$tmp/m/host/evidence.sock" \
	    --other "unix:$tmp/other/host/evidence.sock"
	[ "$2" = no ] ||
		set -- "$@" --control "unix:$tmp/m/test/control.sock"
	class=$3 check=$4 fault=$5
	shift 5
	host "$attacker" "$@"
	run "$class" m --json
	grep -A 2 "\"check\": \"$check\"" "$tmp/out" |
		grep -q "\"fault\": \"$fault\"" || fail "not $check, $fault"
	stop_last
	# Nothing of it was let in: an honest host's answer is accepted then.
	control m "clear $bdf"
	honest_host m
	run 0 m
	stop_last
	last=$machine
	stop_last
	rm -rf "$tmp/m"
}

refused flip-measurement no 7 tsm-digest-measurements DIGEST_DIFFERS
refused flip-measurement yes 2 signature SIGNATURE_WRONG
refused replay no 7 tsm-digest-measurements DIGEST_DIFFERS
refused replay yes 6 nonce NONCE_DIFFERS
refused other-chain no 7 tsm-digest-chain DIGEST_DIFFERS
# No anchor is 3; the signature is not that key's either, and 2 comes first.
refused other-chain yes 2 chain ROOT_UNKNOWN

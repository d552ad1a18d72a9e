#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Results in words: of the command line, of the daemon, and what is no result.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

has() {
	grep -qF -- "$1" "$tmp/out" || fail "does not say: $1"
}

# explained FILE: for people and as JSON; it ends with 0 whatever it explains.
explained() {
	run_json 0 "verb=explain result=explained +subjects" explain "$1"
	run 0 explain "$1"
}

cat >"$tmp/verify" <<'END'
{ "version": 1, "verb": "verify", "result": "refused", "exit": 2,
  "checks": [ { "check": "well-formed", "result": "holds" },
    { "check": "validity", "result": "unknown" },
    { "check": "signature", "result": "broken", "fault": "SIGNATURE_WRONG",
      "text": "the leaf's key did not sign these bytes",
      "paragraph": "DSP0274 signature verification",
      "part": "measurements", "offset": 758 },
    { "check": "of-tomorrow", "result": "unknown" },
    { "check": "platform", "result": "broken", "fault": "OF_TOMORROW",
      "text": "\u001b[2J", "paragraph": "", "part": "none", "offset": 0 } ],
  "device": { "id": "0000:01:00.0" } }
END
explained "$tmp/verify"
has "0000:01:00.0: refused, exit 2: signature or chain broken"
has "broken   signature: "
has "where      measurements, byte 758"
has "asked by   DSP0274 signature verification"
has "Do not use the device"
has "unknown  validity: "
has "policy key clock"
has "of-tomorrow"
has '\x1b[2J'
cat "$tmp/verify" | "$cli" explain >"$tmp/piped" 2>&1 || fail "a pipe"
cmp -s "$tmp/piped" "$tmp/out" || fail "a pipe is explained differently"
cat "$tmp/verify" | "$cli" explain - >"$tmp/piped" 2>&1 || fail "-"
cmp -s "$tmp/piped" "$tmp/out" || fail "- is explained differently"

cat >"$tmp/check" <<'END'
{ "version": 1, "verb": "check", "result": "accepted", "exit": 0,
  "checks": [ { "check": "revocation", "result": "unknown",
      "tolerated": true },
    { "check": "svn-floor", "result": "broken", "fault": "POLICY_SVN",
      "text": "low", "paragraph": "", "part": "measurements", "offset": 3,
      "warned": true } ],
  "policy": { "name": "owner", "id": "00", "class": "gpu" } }
END
explained "$tmp/check"
has "tolerates this unknown by name"
has "only wants to be warned"

cat >"$tmp/daemon" <<'END'
{ "version": 1, "verb": "devattestd", "result": "refused", "exit": 9,
  "devices": [
    { "device": "0000:01:00.0", "verdict": "accepted", "exit": 0,
      "class": "gpu", "checks": [ { "check": "chain", "result": "holds" } ] },
    { "device": "0000:02:00.0", "verdict": "refused", "exit": 9,
      "fault": "KERNEL_REFUSED", "text": "the kernel refused a step: lock",
      "paragraph": "" },
    { "device": "0000:03:00.0", "verdict": "untrusted", "exit": 0 } ] }
END
explained "$tmp/daemon"
has "0000:01:00.0: accepted"
has "0000:02:00.0: refused, exit 9"
has "the kernel refused a step: lock"
has "Look at the kernel's log"
has "0000:03:00.0: untrusted"
# One device's file of the run folder.
cat >"$tmp/device" <<'END'
{ "device": "0000:02:00.0", "verdict": "refused", "exit": 5,
  "check": "platform", "fault": "POLICY_PLATFORM", "text": "not named" }
END
explained "$tmp/device"
has "because of platform"
has "policy key platforms"

# What this very program prints, misuse included.
"$cli" verify --json >"$tmp/misuse" 2>/dev/null
explained "$tmp/misuse"
has "nothing to verify"
"$cli" demo --spdm 9 --json >"$tmp/demo" 2>/dev/null
explained "$tmp/demo"

# -- what is no result --
no() {
	run 8 explain "$1"
	run_json 8 "verb=explain result=refused +error" explain "$1"
}
echo '[1]' >"$tmp/list"
no "$tmp/list"
echo '{ "version": 1 }' >"$tmp/bare"
no "$tmp/bare"
sed 's/"exit": 2/"exit": 11/' "$tmp/verify" >"$tmp/class"
no "$tmp/class"
sed 's/"exit": 2/"exit": null/' "$tmp/verify" >"$tmp/null"
no "$tmp/null"
sed 's/"holds"/"maybe"/' "$tmp/verify" >"$tmp/maybe"
no "$tmp/maybe"
sed 's/"verb"/"exit": 2, "verb"/' "$tmp/verify" >"$tmp/twice"
no "$tmp/twice"
# A yes over a check that is broken is nobody's word.
sed 's/"refused"/"accepted"/; s/"exit": 2/"exit": 0/' "$tmp/verify" >"$tmp/yes"
no "$tmp/yes"
head -c 200 "$tmp/verify" >"$tmp/cut"
no "$tmp/cut"
head -c 5000 /dev/urandom >"$tmp/binary"
no "$tmp/binary"
expect 1 explain "$tmp/nowhere"
expect 1 explain "$tmp"
expect 1 explain /dev/zero
expect 1 explain "$tmp/verify" "$tmp/verify"
: >"$tmp/empty"
expect 8 explain "$tmp/empty"
truncate -s 1G "$tmp/huge"
expect 8 explain "$tmp/huge"

finish

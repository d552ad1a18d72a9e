#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line and the policy: what is wrong is said in one line, with its
# place, and nothing is judged.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

# misuse TEXT WORDS...
misuse() {
	text=$1
	shift
	got=0
	"$daemon" "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq 1 ] || fail "exit $got, not 1: $*"
	[ ! -s "$tmp/out" ] || fail "misuse on standard output: $*"
	says "$text"
}

misuse 'unknown option `--wrong`' --wrong
misuse "needs a value" --kernel
misuse "--policy needs a value" --kernel soft:/k --policy --once
misuse "--policy stands twice" --kernel soft:/k --policy a --policy b
misuse "only the host, CID 2, is served" --kernel soft:/k --connect vsock:3:1
misuse "neither linux nor soft:PATH" --kernel /dev/real
misuse "neither unix:PATH nor vsock:CID:PORT" --kernel soft:/k --connect tcp:1
misuse "not like 0000:01:00.0" --kernel soft:/k --device x
misuse "goes with --once" --kernel soft:/k --json
misuse "not a number from 1 to 10" --kernel soft:/k --tries 11
misuse "not a number from 1 to 10" --kernel soft:/k --tries 1x
misuse "a path of more than" --kernel soft:/k --run "$(printf '%099d' 0)"
misuse 'no user "no-such-user"' --kernel soft:/k --judge-user no-such-user
misuse "root may not be" --kernel soft:/k --receiver-user 0

"$daemon" --help >"$tmp/out"
says "--receiver-user"
"$daemon" --version >"$tmp/out"
says "devattestd "

machine m
honest_host m

run 1 m --kernel "soft:$tmp/nothing"
says "$tmp/nothing"
# Policies that are none, of every kind: the device is not touched.
mkdir "$tmp/bad"
head -c 3000 /dev/urandom >"$tmp/bad/binary"
printf '{ "version": 1, "version": 1 }' >"$tmp/bad/duplicate-key"
: >"$tmp/bad/empty"
truncate -s 1G "$tmp/bad/huge"
mkfifo "$tmp/bad/fifo"
mkdir "$tmp/bad/folder"
for bad in "$tmp/bad"/* "$tmp/bad/missing" /dev/zero; do
	run 1 m --policy "$bad"
	says "$bad"
	state=$("$DEVATTEST_BUILD/tests/e2e/kernelstate" \
	    "$tmp/m/guest/kernel.sock" "$bdf")
	[ "$state" = "unlocked free 0" ] || fail "$bad leaves it $state"
done
# A run folder that is not the daemon's alone.
mkdir "$tmp/open"
chmod 777 "$tmp/open"
run 1 m --run "$tmp/open"
says "others may write"
ln -s "$tmp/run.once" "$tmp/link"
run 1 m --run "$tmp/link"
says "$tmp/link: "
run 1 m --run "$tmp/nothing/run"
says "No such file"
run 1 m --policy "$tmp/nothing"
says "$tmp/nothing"
run 1 m --policy "$tmp"
says "is a directory"
run 1 m --roots "$tmp/nothing"
says "emulated-vendor"
printf '{ "version": 1,\n  "version": 1 }\n' >"$tmp/bad.json"
run 1 m --policy "$tmp/bad.json"
says "$tmp/bad.json:2:3:"
: >"$tmp/bad.json"
run 1 m --policy "$tmp/bad.json"
says "$tmp/bad.json"

# The policy that is shipped accepts nothing.
run 5 m --policy "$DEVATTEST_SOURCE/policy/default-policy.json" --verbose
says "refused (5)"
says POLICY_OTHER
says "no driver gets it"
says_not "locked: nobody"
# A measurement that the owner does not name.
sed 's/"sha384:...../"sha384:00000/' "$tmp/m/owner/policy.json" \
    >"$tmp/other.json"
run 5 m --policy "$tmp/other.json"
says POLICY_MEASUREMENT
# One device more than the owner wants, and another kind of device.
sed 's/"max": 1 }/"max": 2 }/; s/"min": 1,/"min": 2,/' \
    "$tmp/m/owner/policy.json" >"$tmp/other.json"
run 5 m --policy "$tmp/other.json"
says POLICY_COUNT
sed 's/"pci-vendor": "...."/"pci-vendor": "10de"/' "$tmp/m/owner/policy.json" \
    >"$tmp/other.json"
run 5 m --policy "$tmp/other.json"
says POLICY_OTHER

run 0 m
# Yes is only yes when it could be said.
for form in --verbose --json; do
	got=0
	"$daemon" --kernel "soft:$tmp/m/guest/kernel.sock" \
	    --connect "unix:$tmp/host.sock" --once $form \
	    --policy "$tmp/m/owner/policy.json" --roots "$tmp/m/owner/roots" \
	    --run "$tmp/run.once" >/dev/full 2>"$tmp/err" || got=$?
	[ "$got" -eq 1 ] || fail "exit $got, not 1: $form to a full disk"
	says "cannot be written"
done

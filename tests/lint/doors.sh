#!/bin/sh
# The two rules of the architecture: who may include whom, and one door for
# each outside library.
set -eu
cd "$DEVATTEST_SOURCE"
complaints=$(mktemp)
trap 'rm -f "$complaints"' EXIT

# complain WHAT: standard input holds the offending lines, if any.  It runs at
# the end of a pipe, in a shell of its own: only a file outlives that.
complain() {
	lines=$(cat)
	[ -z "$lines" ] ||
		printf '%s:\n%s\n' "$1" "$lines" >>"$complaints"
}

# includes FOLDER: every quoted include of its C files.
includes() {
	grep -n '^#include "' "$1"/*.[ch] || :
}

includes verifier | grep -E '"(policy|guestd|kernel-uapi|hostrelay|tests)/' |
	complain "verifier/ may include only itself"
includes policy | grep -E '"(guestd|kernel-uapi|hostrelay|tests)/' |
	complain "policy/ may include only itself and verifier/"
includes policy | grep -E '"verifier/(spdm_vca|derwalk|pem)\.h' |
	complain "policy/ knows no wire format"
includes kernel-uapi | grep -E '"(policy|guestd|hostrelay|tests)/' |
	complain "kernel-uapi/ may not reach up"
includes kernel-uapi | grep '"verifier/' | grep -vE \
	'"verifier/(slice|caps|algs|ticket|mmio_map|tdisp_report)\.h"' |
	complain "kernel-uapi/ knows types of verifier/, no parser"
includes hostrelay | grep -E '"(verifier|policy|kernel-uapi|tests)/' |
	complain "hostrelay/ may include only the wire's header"
includes hostrelay | grep '"guestd/' | grep -v '"guestd/wire.h"' |
	complain "hostrelay/ may include only the wire's header"
includes guestd | grep '"tests/' | complain "guestd/ includes a test"

# door HEADER FILE...: only these files may include it.
door() {
	header=$1
	shift
	pattern=$(printf '^%s:|' "$@" | sed 's/|$//')
	grep -n "^#include <$header" verifier/*.[ch] policy/*.[ch] \
	    guestd/*.[ch] kernel-uapi/*.[ch] hostrelay/*.[ch] |
	    grep -vE "$pattern" | complain "another door for <$header>"
}

door openssl/ verifier/ossl.c verifier/ossl.h verifier/hash.c \
	verifier/sig_key.h verifier/sig_key.c verifier/sig.c verifier/pem.c
door json-c/ policy/strictjson.c
door cbor verifier/cborwalk.c
door seccomp.h guestd/sandbox.c
door libmnl/ kernel-uapi/nl_door.c
door libvirt/ hostrelay/libvirt.c

cat "$complaints"
[ ! -s "$complaints" ]

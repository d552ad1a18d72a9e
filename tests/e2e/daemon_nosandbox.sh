#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No sandbox, no service: where sealed memory, filters or Landlock cannot be
# had the daemon does not start, names what is missing, and touches no device.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
deny=$DEVATTEST_BUILD/tests/e2e/deny

machine m
honest_host m

# refused FACILITY TEXT
refused() {
	printf '#!/bin/sh\nexec "%s" %s "%s" "$@"\n' "$deny" "$1" \
	    "$DEVATTEST_BUILD/devattestd" >"$tmp/without"
	chmod +x "$tmp/without"
	daemon=$tmp/without
	run 1 m --verbose --run "$tmp/run"
	says "no sandbox, no service"
	says "$2"
	says_not "locked"
	[ ! -s "$tmp/out" ] || fail "judged without $1"
	[ ! -e "$tmp/run" ] || fail "made its folder without $1"
	# Not even looked at: this kernel is not there, and nobody says so.
	run 1 m --kernel "soft:$tmp/no/kernel.sock"
	says "$2"
	says_not "kernel.sock"
}

refused memfd "memfd_create"
refused seals "F_ADD_SEALS"
refused landlock "Landlock"
refused seccomp "seccomp"

# The same machine, with all of it.
daemon=$DEVATTEST_BUILD/devattestd
run 0 m --run "$tmp/run"

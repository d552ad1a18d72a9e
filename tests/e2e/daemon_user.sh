#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# As an ordinary user: the same result; the roles keep one user, and it says so.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

if [ "$(id -u)" -eq 0 ]; then
	if ! setpriv --reuid 61199 --regid 61199 --clear-groups \
	    test -x "$daemon" -a -r "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
	then
		echo "SKIPPED: an ordinary user cannot reach $DEVATTEST_BUILD"
		exit 77
	fi
	chown 61199:61199 "$tmp"
	# Not exec: the folder is removed by who made it.
	TMPDIR=$tmp setpriv --reuid 61199 --regid 61199 --clear-groups \
	    /bin/sh "$DEVATTEST_SOURCE/tests/e2e/daemon_user.sh"
	exit
fi

machine m
honest_host m
run 0 m
says "started by an ordinary user"
says "accepted"

# He has no run folder of his own accord.
control m "driver free $bdf" "state unlocked $bdf"
"$daemon" --once --kernel "soft:$tmp/m/guest/kernel.sock" \
    --connect "unix:$tmp/host.sock" --policy "$tmp/m/owner/policy.json" \
    --roots "$tmp/m/owner/roots" >"$tmp/out" 2>"$tmp/err" || fail "refused"
says "no run folder"
got=0
"$daemon" --kernel "soft:$tmp/m/guest/kernel.sock" --run /root/devattest \
    >"$tmp/out" 2>"$tmp/err" || got=$?
[ "$got" -eq 1 ] || fail "exit $got, not 1: a service without a folder"
says "/root/devattest: "

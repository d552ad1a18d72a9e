#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Hosts that give nothing, too little or nonsense; and a recording of an honest
# answer.  Every time the device is refused and unlocked.
set -eu
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"

machine m

# refused MODE CLASS FAULT
refused() {
	bad_host "$1"
	run "$2" m --verbose
	says "$3"
	says "unlocked again"
	stop_last
}

refused silent 10 TRANSPORT_TIMEOUT
refused hang-up 10 TRANSPORT_CLOSED
refused half 10 TRANSPORT_CLOSED
refused garbage 8 WIRE_
refused no-device 10 WIRE_FAILURE
refused empty 8 EMPTY

# Nobody there at all.
rm -f "$tmp/host.sock"
run 10 m --verbose
says TRANSPORT_CONNECT
says "unlocked again"

# A recording of an honest answer; a report is only to be had of a device that
# is locked or runs.
honest_host m
run 0 m
stop_last
mkdir "$tmp/parts"
"$tool" record "$tmp/m/host/evidence.sock" "$bdf" "$tmp/parts"
control m "state unlocked $bdf" "driver free $bdf"

# Played back: the TSM has seen nothing since the lock.
host "$relay" --folder "$tmp/parts"
run 6 m
says TOKEN_STALE
# And where the TSM would say that it has: the nonce is an old one.
set -- "move-tokens ticket:1 $bdf"
for part in chain:certchain vca:vca measurements:measurements report:report
do
	digest=$(sha384sum "$tmp/parts/${part#*:}.bin" | cut -d ' ' -f 1)
	set -- "$@" "digest ${part%:*} $digest $bdf"
done
control m "$@"
run 6 m
says NONCE_DIFFERS
stop_last

# After all that the device is as it was: an honest host's answer is accepted.
control m "clear $bdf"
honest_host m
run 0 m

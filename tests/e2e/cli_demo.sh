#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo as JSON: its story moves to standard error, one object is left.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

run_json 0 "verb=demo result=shown" demo
grep -q accepted "$tmp/err" || fail "the story is not on standard error"
run_json 1 "verb=demo result=refused" demo --spdm 9.9
run_json 1 "verb=demo result=refused +error" demo --bundle x

finish

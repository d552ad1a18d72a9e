#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the daemon's socket says, for people, as JSON and as an exit status; and
# a socket that says something else, or nothing, or has no end.
. "$DEVATTEST_SOURCE/tests/e2e/cli_lib.sh"

mkdir "$tmp/run"
server=
quiet() {
	[ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null; }
	server=
	rm -f "$tmp/run/status.sock"
}
trap 'quiet; rm -rf "$tmp"' EXIT

# daemon FILE [stay]: one that says this.
daemon() {
	quiet
	mkfifo "$tmp/ready"
	"$DEVATTEST_BUILD/tests/e2e/say" "$tmp/run/status.sock" 3 "$@" \
		3>"$tmp/ready" &
	server=$!
	read_one=$(dd if="$tmp/ready" bs=1 count=1 2>/dev/null)
	rm "$tmp/ready"
	[ "$read_one" = r ] || fail "the test's daemon does not start"
}

# told CLASS WORDS...: for people, and as the object that it sent.
told() {
	class=$1
	shift
	run "$class" status --run "$tmp/run"
	questions=$((questions + 1))
	"$cli" status --connect "unix:$tmp/run/status.sock" --json \
		>"$tmp/json" 2>"$tmp/err"
	got=$?
	[ $got -eq "$class" ] || fail "exit $got, not $class: status --json"
	"$onejson" version=1 verb=status "$@" <"$tmp/json" ||
		fail "status --json"
}

has() {
	grep -qF -- "$1" "$tmp/out" || fail "does not say: $1"
}

# -- nobody there --
run 10 status --run "$tmp/run"
has "no devattestd is running"
run_json 10 "verb=status result=refused +error" status --run "$tmp/run"
run 10 status --run "$tmp/nowhere"
run 1 status --connect vsock:2:5467
run 1 status --connect tcp:host
run 1 status --run "$(printf '%0200d' 0)"
run 1 status --run "$tmp/run" --connect "unix:$tmp/run/status.sock"

# -- what it decided --
cat >"$tmp/accepted" <<'END'
{ "version": 1, "verb": "status", "result": "accepted", "exit": 0,
  "since": "2026-11-23T00:00:00Z", "boot-id": "11111111",
  "policy": { "name": "owner", "id": "00" }, "kernel": "soft:/x",
  "devices": [ { "device": "0000:01:00.0", "verdict": "accepted", "exit": 0,
    "class": "gpu", "subject": "CN=gpu", "since": "2026-11-23T00:00:01Z",
    "checks": [ { "check": "chain", "result": "holds" } ] } ] }
END
daemon "$tmp/accepted"
told 0 result=accepted exit=0 +devices +policy
has "accepted since 2026-11-23T00:00:00Z, policy owner"
has "0000:01:00.0"
has "gpu"
"$cli" status --run "$tmp/run" --json | "$cli" explain >"$tmp/out" 2>"$tmp/err"
has "0000:01:00.0: accepted"

cat >"$tmp/refused" <<'END'
{ "version": 1, "verb": "status", "result": "refused", "exit": 7,
  "since": "2026-11-23T00:00:00Z", "kernel": "soft:/x",
  "devices": [ { "device": "0000:01:00.0", "verdict": "refused", "exit": 7,
    "check": "tsm-digest-report", "fault": "DIGEST_DIFFERS",
    "text": "the bytes \u001b[31mare red", "since": "2026-11-23T00:00:01Z",
    "tries": 3 } ] }
END
daemon "$tmp/refused"
told 7 result=refused exit=7
has "refused (7)"
has "DIGEST_DIFFERS"
has '\x1b[31mare red'

sed -e 's/"result": "refused", "exit": 7/"result": "judging", "exit": null/' \
	-e '/"devices"/,$d' "$tmp/refused" >"$tmp/judging"
echo '  "devices": [] }' >>"$tmp/judging"
daemon "$tmp/judging"
told 10 result=judging
has "no device"
# A yes by half of its words is none.
sed 's/"exit": 7,/"exit": 0,/' "$tmp/refused" >"$tmp/half"
daemon "$tmp/half"
told 10 result=refused

# -- what no daemon says --
bad() {
	daemon "$@"
	run "$class" status --run "$tmp/run"
	run_json "$class" "verb=status result=refused +error" \
		status --run "$tmp/run"
}
class=8
echo "no JSON" >"$tmp/words"
bad "$tmp/words"
sed 's/"exit": 0,/"exit": 0, "exit": 0,/' "$tmp/accepted" >"$tmp/twice"
bad "$tmp/twice"
sed 's/"verdict": "accepted"/"verdict": "yes"/' "$tmp/accepted" >"$tmp/yes"
bad "$tmp/yes"
echo '{ "version": 1, "result": "accepted", "exit": 0 }' >"$tmp/bare"
bad "$tmp/bare"
head -c 300 "$tmp/accepted" >"$tmp/cut"
bad "$tmp/cut"
truncate -s 8M "$tmp/long"
bad "$tmp/long"
class=10
: >"$tmp/nothing"
bad "$tmp/nothing"
bad "$tmp/accepted" stay
has "TRANSPORT_TIMEOUT"

finish

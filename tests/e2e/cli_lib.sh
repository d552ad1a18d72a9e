# SPDX-License-Identifier: Apache-2.0
# What the tests of the command line share.  Sourced, not run.
cli=$DEVATTEST_BUILD/devattest
onejson=$DEVATTEST_BUILD/tests/e2e/onejson
data=$DEVATTEST_TESTDATA
at=2026-11-23T00:00:00Z
failures=0
questions=0
LC_ALL=C
export LC_ALL
unset NO_COLOR

tmp=$(mktemp -d "${TMPDIR:-/tmp}/devattest-cli.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

need_data() {
	[ -n "$data" ] && [ -d "$data/libspdm" ] && [ -d "$data/nvidia" ] &&
		return
	echo "SKIPPED: $1: no test data (DEVATTEST_TESTDATA is '$data')"
	exit 77
}

fail() {
	failures=$((failures + 1))
	echo "FAIL: $*" >&2
	sed 's/^/    /' "$tmp/out" "$tmp/err" | tail -n 12 >&2
}

# run CLASS WORDS...: the exit status, and a line for people where it is no.
run() {
	want=$1
	shift
	questions=$((questions + 1))
	"$cli" "$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ $got -eq "$want" ] || fail "exit $got, not $want: devattest $*"
	[ -s "$tmp/out" ] || [ -s "$tmp/err" ] || fail "silent: devattest $*"
	case $want in
	1) [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ ! -s "$tmp/out" ] ||
		fail "misuse is one line on standard error: devattest $*" ;;
	esac
	if grep -q "$(printf '\033')" "$tmp/out" "$tmp/err"; then
		fail "colour, and this is no terminal: devattest $*"
	fi
}

# run_json CLASS "SAYS..." WORDS...: exactly one object, whatever happens.
run_json() {
	want=$1
	shift
	words=$1
	shift
	questions=$((questions + 1))
	"$cli" "$@" --json >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ $got -eq "$want" ] || fail "exit $got, not $want: devattest $* --json"
	# shellcheck disable=SC2086
	"$onejson" version=1 exit=$want +checks $words <"$tmp/out" \
		2>"$tmp/one" || fail "$(cat "$tmp/one"): devattest $* --json"
}

# expect CLASS WORDS...: the verb, for people and as JSON.
expect() {
	class=$1
	shift
	run "$class" "$@"
	run_json "$class" "verb=$1" "$@"
}

# says WORDS...: of the last object.
says() {
	"$onejson" "$@" <"$tmp/out" || fail "it does not say: $*"
}

# fault NAME: it is told in the last object.
fault() {
	grep -q "\"fault\": *\"$1\"" "$tmp/out" || fail "no $1"
}

# forge: evidence that no recording is of, below $tmp/forged.
forge() {
	mkdir "$tmp/forged"
	DEVATTEST_FORGE=$tmp/forged "$DEVATTEST_BUILD/tests/e2e/forge" \
		>"$tmp/out" 2>&1 || fail "nothing is forged"
}

finish() {
	if [ "$failures" -ne 0 ]; then
		echo "$failures failures in $questions questions"
		exit 1
	fi
	echo "$questions questions, all answered as they should be"
	exit 0
}

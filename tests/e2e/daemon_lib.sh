# SPDX-License-Identifier: Apache-2.0
# What the tests of the daemon share.  Sourced, not run.  Each test has a
# machine, a host and a folder of its own; all end with it.
daemon=$DEVATTEST_BUILD/devattestd
emulator=$DEVATTEST_BUILD/devattest-emulator
relay=$DEVATTEST_BUILD/devattest-relay
attacker=$DEVATTEST_BUILD/devattest-attacker
tool=$DEVATTEST_BUILD/tests/e2e/tool
bdf=0000:01:00.0
LC_ALL=C
export LC_ALL

tmp=$(mktemp -d "${TMPDIR:-/tmp}/devattest-e2e.XXXXXX") || exit 99
chmod 711 "$tmp"	# as root the roles are other users
pids=
end() {
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	wait
	rm -rf "$tmp"
}
trap end EXIT
trap 'exit 99' HUP INT TERM

fail() {
	echo "FAIL: $*" >&2
	for log in "$tmp/out" "$tmp/err" "$tmp/log"; do
		[ ! -s "$log" ] || sed "s|^|    |" "$log" >&2
	done
	exit 1
}

# start PROGRAM WORDS...: in the background, until it says that it is ready.
start() {
	mkfifo "$tmp/ready"
	"$@" 3>"$tmp/ready" >>"$tmp/log" 2>&1 &
	last=$!
	pids="$pids $last"
	bytes=$(dd if="$tmp/ready" bs=1 count=1 2>/dev/null | wc -c)
	rm "$tmp/ready"
	[ "$bytes" -eq 1 ] || fail "does not get ready: $*"
}

# machine NAME WORDS...
machine() {
	name=$1
	shift
	mkdir -p "$tmp/$name"
	start "$emulator" --dir "$tmp/$name" --ready-fd 3 "$@"
}

# host PROGRAM WORDS...: an honest or dishonest one at $tmp/host.sock.
host() {
	rm -f "$tmp/host.sock"
	start "$@" --listen "unix:$tmp/host.sock" --ready-fd 3
	chmod 666 "$tmp/host.sock"
}

honest_host() {
	host "$relay" --upstream "unix:$tmp/$1/host/evidence.sock"
}

bad_host() {
	mode=$1
	shift
	rm -f "$tmp/host.sock"
	start "$tool" host "$mode" "$tmp/host.sock" 3 "$@"
}

# One that writes to a guest which is gone may have ended by itself.
stop_last() {
	kill "$last" 2>/dev/null || :
	wait "$last" 2>/dev/null || :
	pids=${pids% "$last"}
}

control() {
	name=$1
	shift
	"$tool" control "$tmp/$name/test/control.sock" "$@" ||
		fail "control: $*"
}

# run CLASS NAME WORDS...: the daemon once, against that machine's kernel; a
# word that is given takes the place of ours.  Its run folder is new each time:
# it knows of no earlier run, unless one is given.
run() {
	want=$1
	name=$2
	shift 2
	rm -rf "$tmp/run.once"
	for ours in "--kernel soft:$tmp/$name/guest/kernel.sock" \
	    "--connect unix:$tmp/host.sock" \
	    "--policy $tmp/$name/owner/policy.json" \
	    "--roots $tmp/$name/owner/roots" \
	    "--run $tmp/run.once"; do
		case " $* " in
		*" ${ours%% *} "*) ;;
		*) set -- "$@" "${ours%% *}" "${ours#* }" ;;
		esac
	done
	got=0
	"$daemon" --once "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq "$want" ] || fail "exit $got, not $want: $*"
}

# says TEXT: on standard output or standard error of the last run.
says() {
	grep -qF -- "$1" "$tmp/out" "$tmp/err" || fail "does not say: $1"
}

says_not() {
	! grep -qF -- "$1" "$tmp/out" "$tmp/err" || fail "says: $1"
}

# until_true WORDS...: waits for what another process does.
until_true() {
	n=0
	until "$@" >/dev/null 2>&1; do
		n=$((n + 1))
		[ $n -lt 500 ] || fail "in vain: $*"
		sleep 0.02
	done
}

# service NAME WORDS...: the daemon as a service, with the run folder $tmp/run.
# Its process is $daemon_pid.
service() {
	name=$1
	shift
	: >"$tmp/out"
	: >"$tmp/err"
	"$daemon" "$@" --kernel "soft:$tmp/$name/guest/kernel.sock" \
	    --connect "unix:$tmp/host.sock" \
	    --policy "$tmp/$name/owner/policy.json" \
	    --roots "$tmp/$name/owner/roots" --run "$tmp/run" \
	    >"$tmp/out" 2>>"$tmp/err" &
	daemon_pid=$!
	pids="$pids $daemon_pid"
}

# ended CLASS: the service, told to or by itself.
ended() {
	got=0
	wait "$daemon_pid" || got=$?
	[ "$got" -eq "$1" ] || fail "exit $got, not $1"
	pids=${pids% "$daemon_pid"}
}

# gone PID: it has closed its sockets, and may not have been reaped yet.
gone() {
	! grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"
}

# role NAME: the process of that role of $daemon_pid; nothing: there is none.
role() {
	for child in $(cat "/proc/$daemon_pid/task/$daemon_pid/children"); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" != "da-$1" ] ||
			echo "$child"
	done
}

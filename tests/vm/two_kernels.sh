#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# two_kernels.sh [6.1|7.3]: evidence on its whole way, through two kernels.
#
#   device process -- SPDM over DOE --> kernel of the "host" (7.3, QEMU's nvme,
#   our link TSM) -- device-evidence --> relay -- AF_VSOCK --> kernel of the
#   guest (6.1 or 7.3) -> daemon -> our uAPI -> TSM's channel -> device process
#
# Nothing is recorded beforehand: keys, nonces and signatures are this run's.
# Each byte of chain, negotiation, measurements and report that the guest judges
# went over the host kernel's DOE mailbox, and its digests reach the guest's
# kernel by the TSM's own channel only.
#
# What it does not prove:
# - One hypervisor with vhost_vsock: each machine's AF_VSOCK is real and ends in
#   a Unix socket (vhost-device-vsock); host_splice joins the two.
# - An assigned device: host and guest have an nvme of their own QEMU each, at
#   the same number, and the device process stands behind both.
# - A session: SPDM goes in the clear, and the interface report is asked for in
#   the clear, too (TDISP in VENDOR_DEFINED), where a real device gives it to
#   the TSM alone.  The firmware and its digests are emulated.
set -u
guest_kernel=${1:-6.1}
build=$DEVATTEST_BUILD
V=$DEVATTEST_VM
here=$DEVATTEST_SOURCE/tests/vm
bdf=0000:01:00.0
port=5467

tmp=$(mktemp -d "${TMPDIR:-/tmp}/devattest-two.XXXXXX") || exit 99
pids=
end() {
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	for name in host guest again; do
		halt "$name" >/dev/null 2>&1 || :
	done
	wait
	rm -rf "$tmp"
}
fail() {
	echo "FAIL: $*" >&2
	for log in "$tmp"/*.serial "$tmp/log" "$tmp/out"; do
		[ ! -s "$log" ] || {
			echo "  $log:"
			tail -n 40 "$log" | sed 's|^|    |'
		} >&2
	done
	exit 1
}
# boot, guest_in, put_in, halt
. "$here/boot.sh"
trap end EXIT
trap 'exit 99' HUP INT TERM

# until_true WORDS...: for what another process does.
until_true() {
	n=0
	until "$@" >/dev/null 2>&1; do
		n=$((n + 1))
		[ $n -lt 1000 ] || fail "in vain: $*"
		sleep 0.02
	done
}

# in_host COMMAND, in_guest COMMAND: must succeed; output in $tmp/out.
in_host() {
	guest_in host "$@" >"$tmp/out" 2>&1 || fail "host: $*"
}

in_guest() {
	guest_in "$machine" "$@" >"$tmp/out" 2>&1 || fail "$machine: $*"
}

# ends CLASS NAME COMMAND: with that exit status.
ends() {
	want=$1
	name=$2
	shift 2
	got=0
	guest_in "$name" "$@" >"$tmp/out" 2>&1 || got=$?
	[ "$got" -eq "$want" ] || fail "$name: exit $got, not $want: $*"
}

says() {
	grep -qF -- "$1" "$tmp/out" || fail "does not say: $1"
}

nonce() {
	od -An -vtx1 -N32 /dev/urandom | tr -d ' \n'
}

clean_log() {
	guest_in "$1" 'dmesg' >"$tmp/out" 2>&1 || fail "$1: no dmesg"
	! grep -E 'WARNING:|BUG:|Oops|Call Trace|refcount_t' "$tmp/out" ||
		fail "$1: its kernel complains"
}

# -- the device and its firmware, one process --

emulated() {
	"$build/devattest-emulator" --dir "$tmp/device" --device "$bdf" \
	    --platform arm-cca:2 --spdm-port 0 >>"$tmp/log" 2>&1 &
	pids="$pids $!"
	until_true test -s "$tmp/device/host/spdm.port"
	until_true test -S "$tmp/device/guest/tsm.sock"
	sed -e 's/"platforms": \[[^]]*\]/"platforms": ["arm-cca:bet0"]/' \
	    -e 's/"others": "[a-z]*"/"others": "untrusted"/' \
	    "$tmp/device/owner/policy.json" >"$tmp/policy.json"
}

# -- the host --

host_image() {
	"$here/image.sh" "$V" 7.3 "$tmp/host.gz" "" \
	    "$build/devattest" "$build/devattest-relay" \
	    "$build/devattest-attacker" \
	    "$tmp/device/owner/roots/emulated-vendor.pem=/root.pem" \
	    "$V/7.3/ko/devattest.ko" "$V/7.3/ko/devattest_link.ko" ||
		fail "no image for the host"
}

boot_host() {
	QEMU=$V/qemu10 boot host 7.3 "$tmp/host.gz" 4 \
	    -device pcie-root-port,id=rp0,chassis=1,slot=1,addr=01 \
	    -device "nvme,serial=host,bus=rp0,spdm_port=$(cat \
	    "$tmp/device/host/spdm.port")" || fail "the host does not boot"
	in_host "insmod /ko/devattest.ko && insmod /ko/devattest_link.ko $1"
	in_host "for t in /sys/class/tsm/tsm*; do
	    echo \${t##*/} >/sys/bus/pci/devices/$bdf/tsm/connect && exit 0
	done; exit 1"
	in_host "cat /sys/bus/pci/devices/$bdf/authenticated"
	says tsm
}

# `collect --netlink` by itself: no guest, no relay.  The interface is not
# locked, so that there is no report.
collect_alone() {
	asked=$(nonce)
	in_host "devattest collect --netlink pci/$bdf --device $bdf \
	    --nonce $asked --out /bundle"
	ends 0 host "devattest verify --bundle /bundle --root /root.pem \
	    --nonce $asked --at 2026-11-01T00:00:00Z"
	says VERIFIED
	ends 6 host "devattest verify --bundle /bundle --root /root.pem \
	    --nonce $(nonce) --at 2026-11-01T00:00:00Z"
}

# host_runs NAME WORDS...: in the background, until it is ready.
host_runs() {
	who=$1
	shift
	in_host "mkfifo /ready.$who && { $* --ready-fd 3 3>/ready.$who \
	    >/log.$who 2>&1 </dev/null & } && echo \$! >/pid.$who && \
	    head -c 1 /ready.$who | grep -q . && rm /ready.$who"
}

# Its sockets are closed, though nobody may have reaped it.
host_stops() {
	in_host "kill \$(cat /pid.$1)
	    while grep -qs '^State:[[:space:]]*[^ZX]' \
		/proc/\$(cat /pid.$1)/status; do usleep 20000; done"
}

honest_host() {
	host_runs relay devattest-relay --listen vsock:$port --netlink
}

# It asks the device with the guest's nonce, as it must for the TSM to have seen
# a collection, and then hands over what was signed for another nonce.
replaying_host() {
	host_runs source devattest-relay --listen unix:/source.sock --netlink
	host_runs attacker devattest-attacker --listen unix:/attacker.sock \
	    --upstream unix:/source.sock --attack replay --device "$bdf"
	host_runs relay devattest-relay --listen vsock:$port \
	    --upstream unix:/attacker.sock
}

# -- the guest --

guest_image() {
	"$here/image.sh" "$V" "$guest_kernel" "$tmp/guest.gz" "" \
	    "$build/devattestd" "$build/devattest" \
	    "$tmp/policy.json=/etc/devattest/policy.json" \
	    "$tmp/device/owner/roots/emulated-vendor.pem=/etc/devattest/roots/emulated-vendor.pem" \
	    "$V/$guest_kernel/ko/devattest.ko" \
	    "$V/$guest_kernel/ko/devattest_emulated.ko" ||
		fail "no image for the guest"
}

splice() {
	"$build/tests/vm/host_splice" "$tmp/$machine.vsock_$port" \
	    "$tmp/host.vsock" $port >>"$tmp/log" 2>&1 &
	splicing=$!
	pids="$pids $splicing"
	until_true test -S "$tmp/$machine.vsock_$port"
}

# boot_guest NAME: a fresh one; its TSM starts anew, too.
boot_guest() {
	machine=$1
	splice
	boot "$machine" "$guest_kernel" "$tmp/guest.gz" 3 \
	    -device pcie-root-port,id=rp0,chassis=1,slot=1,addr=01 \
	    -device nvme,serial=guest,bus=rp0 \
	    -device virtio-serial-pci,max_ports=1,addr=06 \
	    -chardev "socket,id=tsm,path=$tmp/device/guest/tsm.sock" \
	    -device virtconsole,chardev=tsm || fail "the guest does not boot"
	in_guest 'u=/sys/bus/virtio/drivers/virtio_console
	    [ ! -d $u ] || for d in $u/virtio*; do
	    [ ! -e $d ] || echo ${d##*/} >$u/unbind; done'
	in_guest "insmod /ko/devattest.ko && insmod /ko/devattest_emulated.ko"
}

daemon="devattestd --once --kernel linux --connect vsock:2:$port \
    --policy /etc/devattest/policy.json --roots /etc/devattest/roots \
    --run /run/devattest"

end_guest() {
	clean_log "$machine"
	halt "$machine"
	kill "$splicing" 2>/dev/null || :
}

emulated
host_image
guest_image

# So small that MEASUREMENTS comes in chunks, and the chain in many portions.
boot_host transfer_size=256
collect_alone
honest_host
boot_guest guest
ends 0 guest "$daemon"
ends 0 guest "devattest status --run /run/devattest"
says accepted
end_guest
host_stops relay
echo "PASS: accepted, by a guest with $guest_kernel"

replaying_host
boot_guest again
got=0
guest_in again "$daemon" >"$tmp/out" 2>&1 || got=$?
case $got in
6|7) ;;
*) fail "a replay: exit $got, neither 6 nor 7" ;;
esac
end_guest
echo "PASS: a replay is refused, class $got"

# The link TSM lets go of the device and leaves nothing behind.
in_host "echo \$(cat /sys/bus/pci/devices/$bdf/tsm/connect) \
    >/sys/bus/pci/devices/$bdf/tsm/disconnect && rmmod devattest_link && \
    rmmod devattest"
clean_log host
echo "PASS: the host's modules are unloaded"

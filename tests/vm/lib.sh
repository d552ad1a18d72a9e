# SPDX-License-Identifier: Apache-2.0
# What the tests with a virtual machine share.  Sourced, with $DEVATTEST_VM set
# to what fetch.sh and modules.sh have made.  Device and firmware are EMULATED
# (devattest-emulator), the kernel is a stock one, AF_VSOCK is real in the guest.
. "$DEVATTEST_SOURCE/tests/e2e/daemon_lib.sh"
vm=$DEVATTEST_VM
agent=$DEVATTEST_BUILD/tests/vm/agent
vmcall=$DEVATTEST_BUILD/tests/vm/vmcall
edu=0000:00:04.0
ivshmem=0000:00:05.0
nvme=0000:01:00.0
kernel=${1:?the kernel: 6.1 or 7.3}

# firmware PLATFORM: device and firmware of the machine; a folder of its own for
# each platform's policy.
firmware() {
	machine guest --platform "$1" --device $edu --device $ivshmem \
	    --device $nvme
}

image() {
	"$DEVATTEST_SOURCE/tests/vm/image.sh" "$vm" "$kernel" "$tmp/image.gz" \
	    "vmw_vsock_virtio_transport virtio_pci sha512_generic
	    sha256_generic nvme" "$agent" "$daemon" \
	    "$DEVATTEST_BUILD/devattest"
}

vsock_host() {
	"$vm/vhost-device-vsock" --guest-cid 3 --socket "$tmp/vhost.sock" \
	    --uds-path "$tmp/vm.vsock" >"$tmp/vsock.log" 2>&1 &
	vsock_pid=$!
	pids="$pids $vsock_pid"
	until_true test -S "$tmp/vhost.sock"
}

qemu() {
	timeout 600 "${QEMU:-qemu-system-x86_64}" -accel tcg -cpu max -smp 1 \
	    -m 768 -nodefaults -display none -no-reboot \
	    -object memory-backend-memfd,id=mem,size=768M,share=on \
	    -machine q35,memory-backend=mem \
	    -chardev "socket,id=vs,path=$tmp/vhost.sock" \
	    -chardev "socket,id=tsm,path=$tmp/guest/guest/tsm.sock" \
	    -object memory-backend-memfd,id=shm,size=4M,share=on \
	    -device pcie-root-port,id=root,chassis=1,addr=3 \
	    -device nvme,serial=emulated,bus=root \
	    -device edu,addr=4 -device ivshmem-plain,memdev=shm,addr=5 \
	    -device virtio-serial-pci,max_ports=1,addr=6 \
	    -device virtconsole,chardev=tsm \
	    -device vhost-user-vsock-pci,chardev=vs,addr=7 \
	    -serial "file:$tmp/serial" -monitor none \
	    -kernel "$vm/$kernel/vmlinuz" -initrd "$tmp/image.gz" \
	    -append "console=ttyS0 quiet panic=-1" </dev/null \
	    >"$tmp/qemu.log" 2>&1 &
	qemu_pid=$!
	pids="$pids $qemu_pid"
}

# Under TCG a kernel rarely stops before its first process: that, and only that,
# is tried once more, and said.
came_up() {
	n=0
	until grep -q 'VM ready' "$tmp/serial" 2>/dev/null; do
		n=$((n + 1))
		[ $n -lt 900 ] && kill -0 "$qemu_pid" 2>/dev/null || return 1
		sleep 0.1
	done
}

boot() {
	image
	vsock_host
	qemu
	came_up && return 0
	! grep -q 'VM init' "$tmp/serial" || {
		cat "$tmp/serial" >&2
		fail "the guest does not get ready"
	}
	echo "booting once more: the kernel never came to its first process"
	kill "$qemu_pid" "$vsock_pid" 2>/dev/null || :
	wait "$qemu_pid" "$vsock_pid" || :
	rm -f "$tmp/vhost.sock" "$tmp/vm.vsock" "$tmp/serial"
	vsock_host
	qemu
	came_up || {
		cat "$tmp/qemu.log" "$tmp/serial" >&2
		fail "the guest does not boot"
	}
}

# in_guest COMMAND: its output, its status; standard input goes along.
in_guest() {
	"$vmcall" "$tmp/vm.vsock" "$1"
}

in_guest_now() {
	in_guest "$1" </dev/null
}

# put FILE|FOLDER...: below /vm/owner in the guest.
put_owner() {
	tar -C "$1" -cf - . |
		in_guest 'rm -rf /vm/owner; mkdir -p /vm/owner;
		    tar -x -C /vm/owner' || fail "nothing was put in the guest"
}

# The relay, reached by the guest as port 5467 of its host.
vm_host() {
	rm -f "$tmp/vm.vsock_5467"
	start "$relay" --upstream "unix:$tmp/guest/host/evidence.sock" \
	    --listen "unix:$tmp/vm.vsock_5467" --ready-fd 3
}

insert() {
	in_guest_now "insmod /ko/$*" || fail "insmod $*"
}

# tdi BDF: the kernel took it as a TDI.
tdis_are_there() {
	n=0
	until [ "$(in_guest_now 'dmesg' |
	    grep -c 'a TDI that nothing protects')" -ge "$1" ]; do
		n=$((n + 1))
		[ $n -lt 100 ] || fail "not $1 TDIs"
		sleep 0.1
	done
}

# vm_run CLASS WORDS...: the daemon in the guest, once.
vm_run() {
	want=$1
	shift
	got=0
	in_guest_now "rm -rf /run/devattest; cd /; /vm/devattestd --once \
	    --policy /vm/owner/policy.json --roots /vm/owner/roots $* \
	    2>/tmp/err" >"$tmp/out" || got=$?
	in_guest_now 'cat /tmp/err' >"$tmp/err"
	[ "$got" -eq "$want" ] || {
		in_guest_now dmesg | tail -40 >&2
		fail "exit $got, not $want: $*"
	}
}

# Nothing that a kernel prints when its own state is wrong.
dmesg_is_clean() {
	in_guest_now dmesg >"$tmp/dmesg"
	! grep -E 'WARNING|BUG|Oops|Call Trace|INFO: task|refcount_t|deprecated' \
	    "$tmp/dmesg" >&2 || fail "the kernel's log has a warning"
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first process of a test's guest.  Modules by /modlist, then the agent.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /bin /sbin
/bin/busybox --install -s /bin
export PATH=/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=755 run /run
mount -t debugfs debug /sys/kernel/debug
echo "VM init $(cut -d' ' -f1 /proc/uptime) kernel $(uname -r)"
while read -r module; do
	insmod "$module" || echo "VM insmod failed: $module"
done </modlist
ip link set lo up
# The port of the emulated TSM may have a driver that is built in.
for port in /sys/bus/virtio/drivers/virtio_console/virtio*; do
	[ ! -e "$port" ] ||
		basename "$port" >/sys/bus/virtio/drivers/virtio_console/unbind
done
/vm/agent &
echo "VM ready $(cut -d' ' -f1 /proc/uptime)"
wait
poweroff -f

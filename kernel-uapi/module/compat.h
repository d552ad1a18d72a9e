/* SPDX-License-Identifier: GPL-2.0-only */
/* All that differs between the kernels that these modules build for. */
#ifndef DEVATTEST_COMPAT_H
#define DEVATTEST_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Constant-time compare moved in 6.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#include <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

/* Where a dump's parsed attributes are. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define devattest_dump_attrs(cb)	(genl_info_dump(cb)->attrs)
#else
#define devattest_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#endif

/* The console's two queues, the device's first, with one row each since 6.11. */
#ifdef _LINUX_VIRTIO_H
#include <linux/virtio_config.h>
static inline int devattest_two_queues(struct virtio_device *vdev,
				       struct virtqueue *vq[2],
				       vq_callback_t *came)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	struct virtqueue_info row[2] = {
		{ "tsm_in", came }, { "tsm_out", NULL },
	};

	return virtio_find_vqs(vdev, 2, vq, row, NULL);
#else
	vq_callback_t *callback[2] = { came, NULL };
	static const char * const name[2] = { "tsm_in", "tsm_out" };

	return virtio_find_vqs(vdev, 2, vq, callback, name, NULL);
#endif
}
#endif

/* A plain queue for short work was given another name. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define devattest_wq	system_percpu_wq
#else
#define devattest_wq	system_wq
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The channel to the EMULATED TSM's firmware: one request and its reply at a
 * time, in frames of tsm_channel.h, over a virtio-serial port of its own.  It
 * knows frames, not what is in them, and no TDI.
 *
 * Whoever is at the other end stands for the firmware and is trusted with its
 * answers; lengths and serials are checked nevertheless.
 */
#ifndef DEVATTEST_EMULATED_CHANNEL_H
#define DEVATTEST_EMULATED_CHANNEL_H

#include <linux/virtio.h>

#include "tsm_channel.h"

struct emulated_channel;

struct emulated_reply {
	u8 platform, abi;
	u16 size;
	u8 body[TSM_CHANNEL_BODY_MAX];
};

/* Told of a TDI that fell, from a work item; must not wait for a reply. */
typedef void (*emulated_fell_t)(void *priv, u64 function, u8 state);

/* ERR_PTR() if the device has not the two queues of a plain port. */
struct emulated_channel *emulated_channel_open(struct virtio_device *vdev,
					       emulated_fell_t fell,
					       void *priv);
/* No call is under way, and none comes after. */
void emulated_channel_close(struct emulated_channel *channel);

/*
 * Sleeps until the reply has come, at most the module's timeout_ms: then
 * -ETIMEDOUT, and a reply that comes later is dropped by its serial.  0, or a
 * negative errno: the firmware's own refusals, and -EPROTO for what is no reply.
 * ret may be NULL.
 */
int emulated_channel_ask(struct emulated_channel *channel, u16 op,
			 u64 function, const u8 *body, size_t size,
			 struct emulated_reply *ret);

#endif

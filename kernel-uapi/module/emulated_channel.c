// SPDX-License-Identifier: GPL-2.0-only
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "emulated_channel.h"

#define BUFFERS		4
#define BUFFER_SIZE	2048
#define FRAME_MAX	(TSM_CHANNEL_HEAD + TSM_CHANNEL_BODY_MAX)

static unsigned int timeout_ms = 5000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms, "how long an answer of the firmware is waited for");

/*
 * asking	one request at a time; held over the wait for its reply
 * lock		what is waited for, and its reply; never held over a wait
 * Frames are put together by one work item alone.
 */
struct emulated_channel {
	struct virtio_device *vdev;
	struct virtqueue *in, *out;
	u8 *buffer[BUFFERS];
	struct workqueue_struct *queue;
	struct work_struct receive;
	emulated_fell_t fell;
	void *priv;

	u8 frame[FRAME_MAX];
	size_t have;
	bool broken;

	struct mutex asking;
	u32 serial;

	struct mutex lock;
	struct completion answered;
	bool waiting;
	u32 waiting_serial;
	u16 waiting_op;
	u64 waiting_function;
	int error;
	struct emulated_reply reply;
};

/* -- from the firmware -- */

/* The firmware's status is a Linux errno; anything else is no answer. */
static int reply_error(u16 status, size_t size)
{
	if (status > MAX_ERRNO || (status && size))
		return -EPROTO;
	return -(int)status;
}

static void take_reply(struct emulated_channel *c, u32 serial, size_t size)
{
	const u8 *f = c->frame;

	mutex_lock(&c->lock);
	if (c->waiting && serial == c->waiting_serial) {
		c->error = reply_error(get_unaligned_le16(f + 10), size);
		if (get_unaligned_le16(f + 8) != c->waiting_op ||
		    get_unaligned_le64(f + 16) != c->waiting_function)
			c->error = -EPROTO;
		c->reply.platform = f[12];
		c->reply.abi = f[13];
		c->reply.size = (u16)size;
		memcpy(c->reply.body, f + TSM_CHANNEL_HEAD, size);
		c->waiting = false;
		complete(&c->answered);
	} else {
		dev_info(&c->vdev->dev, "EMULATED TSM: late reply dropped\n");
	}
	mutex_unlock(&c->lock);
}

/* Only now is the frame whole. */
static void take_frame(struct emulated_channel *c, size_t size)
{
	const u8 *f = c->frame;
	u32 serial = get_unaligned_le32(f + 4);

	if (serial)
		take_reply(c, serial, size);
	else if (get_unaligned_le16(f + 8) == TSM_CHANNEL_FELL && size == 1)
		c->fell(c->priv, get_unaligned_le64(f + 16),
			f[TSM_CHANNEL_HEAD]);
}

/*
 * A head that cannot be: where the next frame begins is not known any more, so
 * nothing of this channel is read again, and every request times out.
 */
static bool head_is_good(struct emulated_channel *c)
{
	if (get_unaligned_le32(c->frame) <= TSM_CHANNEL_BODY_MAX &&
	    get_unaligned_le16(c->frame + 14) == TSM_CHANNEL_VERSION)
		return true;
	c->broken = true;
	dev_err(&c->vdev->dev, "EMULATED TSM: the channel is out of step\n");
	return false;
}

static void take_bytes(struct emulated_channel *c, const u8 *p, size_t n)
{
	while (n && !c->broken) {
		size_t want = TSM_CHANNEL_HEAD, body = 0, part;

		if (c->have >= TSM_CHANNEL_HEAD) {
			if (!head_is_good(c))
				return;
			body = get_unaligned_le32(c->frame);
			want += body;
		}
		part = min(n, want - c->have);
		memcpy(c->frame + c->have, p, part);
		c->have += part;
		p += part;
		n -= part;
		if (c->have < TSM_CHANNEL_HEAD)
			return;
		if (!head_is_good(c))
			return;
		body = get_unaligned_le32(c->frame);
		if (c->have == TSM_CHANNEL_HEAD + body) {
			take_frame(c, body);
			c->have = 0;
		}
	}
}

static int post_buffer(struct emulated_channel *c, u8 *buffer)
{
	struct scatterlist sg;

	sg_init_one(&sg, buffer, BUFFER_SIZE);
	return virtqueue_add_inbuf(c->in, &sg, 1, buffer, GFP_KERNEL);
}

static void receive_work(struct work_struct *work)
{
	struct emulated_channel *c =
		container_of(work, struct emulated_channel, receive);
	unsigned int n;
	u8 *buffer;

	do {
		virtqueue_disable_cb(c->in);
		while ((buffer = virtqueue_get_buf(c->in, &n))) {
			take_bytes(c, buffer, min_t(size_t, n, BUFFER_SIZE));
			post_buffer(c, buffer);
			virtqueue_kick(c->in);
		}
	} while (!virtqueue_enable_cb(c->in));
}

static void something_came(struct virtqueue *vq)
{
	struct emulated_channel *c = vq->vdev->priv;

	if (c)
		queue_work(c->queue, &c->receive);
}

/* -- to the firmware -- */

/* Sent requests are freed before the next; so a stalled reader keeps memory of
 * at most the queue's length. */
static void free_sent(struct emulated_channel *c)
{
	unsigned int n;
	void *sent;

	while ((sent = virtqueue_get_buf(c->out, &n)))
		kfree(sent);
}

static int send(struct emulated_channel *c, u32 serial, u16 op, u64 function,
		const u8 *body, size_t size)
{
	u8 *frame = kzalloc(TSM_CHANNEL_HEAD + size, GFP_KERNEL);
	struct scatterlist sg;
	int rc;

	if (!frame)
		return -ENOMEM;
	put_unaligned_le32((u32)size, frame);
	put_unaligned_le32(serial, frame + 4);
	put_unaligned_le16(op, frame + 8);
	put_unaligned_le16(TSM_CHANNEL_VERSION, frame + 14);
	put_unaligned_le64(function, frame + 16);
	if (size)
		memcpy(frame + TSM_CHANNEL_HEAD, body, size);
	sg_init_one(&sg, frame, TSM_CHANNEL_HEAD + size);
	free_sent(c);
	rc = virtqueue_add_outbuf(c->out, &sg, 1, frame, GFP_KERNEL);
	if (rc) {
		kfree(frame);
		return rc == -ENOSPC ? -ETIMEDOUT : rc;
	}
	virtqueue_kick(c->out);
	return 0;
}

static void expect(struct emulated_channel *c, u16 op, u64 function)
{
	if (!++c->serial)
		c->serial = 1;
	mutex_lock(&c->lock);
	reinit_completion(&c->answered);
	c->waiting = true;
	c->waiting_serial = c->serial;
	c->waiting_op = op;
	c->waiting_function = function;
	mutex_unlock(&c->lock);
}

/* The reply may have come between the end of the wait and this. */
static int outcome(struct emulated_channel *c, int rc,
		   struct emulated_reply *ret)
{
	mutex_lock(&c->lock);
	if (!rc)
		rc = c->waiting ? -ETIMEDOUT : c->error;
	c->waiting = false;
	if (!rc && ret)
		*ret = c->reply;
	mutex_unlock(&c->lock);
	return rc;
}

int emulated_channel_ask(struct emulated_channel *c, u16 op, u64 function,
			 const u8 *body, size_t size,
			 struct emulated_reply *ret)
{
	int rc;

	if (size > TSM_CHANNEL_BODY_MAX)
		return -EINVAL;
	mutex_lock(&c->asking);
	expect(c, op, function);
	rc = send(c, c->serial, op, function, body, size);
	if (!rc)
		wait_for_completion_timeout(&c->answered,
					    msecs_to_jiffies(timeout_ms));
	rc = outcome(c, rc, ret);
	mutex_unlock(&c->asking);
	return rc;
}

/* -- its life -- */

static void free_buffers(struct emulated_channel *c)
{
	int i;

	for (i = 0; i < BUFFERS; i++)
		kfree(c->buffer[i]);
}

static int post_all(struct emulated_channel *c)
{
	int i, rc = 0;

	for (i = 0; i < BUFFERS && !rc; i++) {
		c->buffer[i] = kmalloc(BUFFER_SIZE, GFP_KERNEL);
		rc = c->buffer[i] ? post_buffer(c, c->buffer[i]) : -ENOMEM;
	}
	return rc;
}

static void drop_queues(struct emulated_channel *c)
{
	void *sent;

	virtio_reset_device(c->vdev);
	cancel_work_sync(&c->receive);
	while (virtqueue_detach_unused_buf(c->in))
		;
	free_sent(c);
	while ((sent = virtqueue_detach_unused_buf(c->out)))
		kfree(sent);
	c->vdev->config->del_vqs(c->vdev);
}

struct emulated_channel *emulated_channel_open(struct virtio_device *vdev,
					       emulated_fell_t fell,
					       void *priv)
{
	struct emulated_channel *c = kzalloc(sizeof(*c), GFP_KERNEL);
	struct virtqueue *vq[2];
	int rc = -ENOMEM;

	if (!c)
		return ERR_PTR(-ENOMEM);
	c->vdev = vdev;
	c->fell = fell;
	c->priv = priv;
	mutex_init(&c->asking);
	mutex_init(&c->lock);
	init_completion(&c->answered);
	INIT_WORK(&c->receive, receive_work);
	c->queue = alloc_ordered_workqueue("devattest_emulated_rx", 0);
	if (!c->queue)
		goto no_queue;
	vdev->priv = c;
	rc = devattest_two_queues(vdev, vq, something_came);
	if (rc)
		goto no_vqs;
	c->in = vq[0];
	c->out = vq[1];
	virtio_device_ready(vdev);
	rc = post_all(c);
	if (rc)
		goto no_buffers;
	virtqueue_kick(c->in);
	return c;

no_buffers:
	drop_queues(c);
no_vqs:
	vdev->priv = NULL;
	destroy_workqueue(c->queue);
no_queue:
	free_buffers(c);
	kfree(c);
	return ERR_PTR(rc);
}

void emulated_channel_close(struct emulated_channel *c)
{
	drop_queues(c);
	c->vdev->priv = NULL;
	destroy_workqueue(c->queue);
	free_buffers(c);
	kfree(c);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A frame of the channel: read, done by whom it concerns, and answered. */
#include <errno.h>
#include <string.h>

#include "platform.h"

static int
by_platform(emu_fw_step *step, struct emu_fw_call *call)
{
	return step == NULL ? EOPNOTSUPP : step(call);
}

static int
info(struct emu_fw_call *call)
{
	return by_platform(call->tdi->platform->info, call);
}

static int
validate(struct emu_fw_call *call)
{
	return by_platform(call->tdi->platform->validate, call);
}

static int
run(struct emu_fw_call *call)
{
	return by_platform(call->tdi->platform->run, call);
}

static int
dma(struct emu_fw_call *call)
{
	return by_platform(call->tdi->platform->dma, call);
}

static int
nonce(struct emu_fw_call *call)
{
	return by_platform(call->tdi->platform->nonce, call);
}

static const struct {
	const char *name;
	emu_fw_step *run;
} ops[TSM_CHANNEL_OPS] = {
	[TSM_CHANNEL_DESCRIBE] = { "describe", emu_fw_describe },
	[TSM_CHANNEL_LOCK] = { "lock", emu_fw_lock },
	[TSM_CHANNEL_UNLOCK] = { "unlock", emu_fw_unlock },
	[TSM_CHANNEL_INFO] = { "info", info },
	[TSM_CHANNEL_VALIDATE] = { "validate", validate },
	[TSM_CHANNEL_RUN] = { "run", run },
	[TSM_CHANNEL_DMA] = { "dma", dma },
	[TSM_CHANNEL_NONCE] = { "nonce", nonce },
};

enum tsm_channel_op
emu_fw_op_named(const char *name)
{
	for (unsigned int i = 0; i < TSM_CHANNEL_OPS; i++)
		if (ops[i].name != NULL && strcmp(ops[i].name, name) == 0)
			return (enum tsm_channel_op)i;
	return TSM_CHANNEL_NONE;
}

static struct emu_fw_tdi *
find(struct emu_firmware *f, uint64_t function)
{
	for (uint32_t i = 0; i < f->n; i++)
		if (f->tdi[i].function == function)
			return &f->tdi[i];
	return NULL;
}

/* What no DESCRIBE told of is there for nobody. */
static int
dispatch(struct emu_firmware *f, const struct emu_frame *q,
    struct da_slice body, struct emu_bytes *out)
{
	struct emu_fw_call call = { find(f, q->function), da_cur_of(body),
		out };

	if (call.tdi == NULL || (q->op != TSM_CHANNEL_DESCRIBE &&
	    !call.tdi->is_described))
		return ENODEV;
	return ops[q->op].run(&call);
}

/* -- frames -- */

static void
put_frame(const struct emu_frame *h, const struct emu_bytes *body,
    struct emu_bytes *out)
{
	emu_put_le(out, body->n, 4);
	emu_put_le(out, h->serial, 4);
	emu_put_le(out, h->op, 2);
	emu_put_le(out, h->status, 2);
	emu_put_u8(out, h->platform);
	emu_put_u8(out, h->abi);
	emu_put_le(out, TSM_CHANNEL_VERSION, 2);
	emu_put_le(out, h->function, 8);
	emu_put(out, body->p, body->n);
}

static bool
has_other_version(const struct emu_frame *h)
{
	return h->version != TSM_CHANNEL_VERSION;
}

static bool
is_too_long(const struct emu_frame *h)
{
	return h->size > TSM_CHANNEL_BODY_MAX;
}

static bool
is_no_request(const struct emu_frame *h)
{
	return h->op >= TSM_CHANNEL_OPS || ops[h->op].run == NULL;
}

static bool
has_no_serial(const struct emu_frame *h)
{
	return h->serial == 0;
}

static bool
says_what_replies_say(const struct emu_frame *h)
{
	return h->status != 0 || h->platform != 0 || h->abi != 0;
}

static const struct {
	const char *why;
	bool (*is_wrong)(const struct emu_frame *h);
} rules[] = {
	{ "a frame of another version", has_other_version },
	{ "a body that is too long", is_too_long },
	{ "an op that is no request", is_no_request },
	{ "a request without a serial number", has_no_serial },
	{ "a request with a reply's fields set", says_what_replies_say },
};

const char *
emu_frame_read(struct da_slice head, struct emu_frame *ret)
{
	struct da_cur c = da_cur_of(head);
	struct emu_frame h;

	h.size = da_le32(&c);
	h.serial = da_le32(&c);
	h.op = da_le16(&c);
	h.status = da_le16(&c);
	h.platform = da_u8(&c);
	h.abi = da_u8(&c);
	h.version = da_le16(&c);
	h.function = da_le64(&c);
	if (!da_all_read(&c))
		return "a head of another size";
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].is_wrong(&h))
			return rules[i].why;
	*ret = h;
	return NULL;
}

bool
emu_firmware_answer(struct emu_firmware *f, const struct emu_frame *q,
    struct da_slice body, struct emu_bytes *out)
{
	const struct emu_fw_tdi *t = find(f, q->function);
	const struct emu_platform *p;
	struct emu_bytes reply = { 0 };
	struct emu_frame r = { .serial = q->serial, .op = q->op,
		.function = q->function };

	if (f->stall[q->op] == EMU_FW_BEFORE)
		return false;
	r.status = (uint16_t)dispatch(f, q, body, &reply);
	if (f->stall[q->op] == EMU_FW_AFTER)
		return false;
	if (r.status != 0)
		reply.n = 0;
	p = t != NULL && t->is_described ? t->platform : f->platform;
	r.platform = p->platform;
	r.abi = p->abi;
	put_frame(&r, &reply, out);
	return true;
}

/* The first whose fall is still to be told; f->n: none. */
static uint32_t
fallen(const struct emu_firmware *f)
{
	uint32_t i = 0;

	while (i < f->n && f->tdi[i].fell == TSM_STATE_UNKNOWN)
		i++;
	return i;
}

bool
emu_firmware_has_event(const struct emu_firmware *f)
{
	return fallen(f) != f->n;
}

bool
emu_firmware_event(struct emu_firmware *f, struct emu_bytes *out)
{
	struct emu_fw_tdi *t = &f->tdi[fallen(f)];
	struct emu_bytes body = { 0 };
	struct emu_frame h = { .op = TSM_CHANNEL_FELL };

	if (!emu_firmware_has_event(f))
		return false;
	h.platform = t->platform->platform;
	h.abi = t->platform->abi;
	h.function = t->function;
	emu_put_u8(&body, t->fell);
	put_frame(&h, &body, out);
	t->fell = TSM_STATE_UNKNOWN;
	return true;
}

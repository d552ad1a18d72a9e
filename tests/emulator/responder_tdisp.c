/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TDISP GET_DEVICE_INTERFACE_REPORT, the one TDISP request that collecting
 * needs, carried in VENDOR_DEFINED_REQUEST.  In the clear, which no real device
 * does: the emulated firmware has no session of its own on this link.
 */
#include "responder_parts.h"

#define REGISTRY_PCI_SIG	3u
#define VENDOR_PCI_SIG		1u
#define PROTOCOL_TDISP		1u
#define TDISP_10		0x10u
#define TDISP_HEAD		16u

/* VENDOR_DEFINED_RESPONSE, protocol, TDISP, two sizes. */
#define PORTION_HEAD		(11u + 1u + TDISP_HEAD + 4u)

#define GET_REPORT		0x84u
#define REPORT			0x04u
#define TDISP_ERROR		0x7fu

/* TDISP_ERROR codes. */
enum { INVALID_REQUEST = 1, INVALID_STATE = 4, UNSUPPORTED = 7 };

struct tdisp {
	uint16_t size;		/* of the payload, as told */
	uint8_t protocol, version, type;
	uint32_t function;
	uint16_t offset, length;	/* GET_REPORT */
};

static bool
read_request(struct emu_call *call, struct tdisp *ret)
{
	uint16_t registry = da_le16(&call->c);
	uint8_t id_size = da_u8(&call->c);
	uint16_t id = da_le16(&call->c);
	size_t from;

	ret->size = da_le16(&call->c);
	from = call->c.at;
	ret->protocol = da_u8(&call->c);
	ret->version = da_u8(&call->c);
	ret->type = da_u8(&call->c);
	da_take(&call->c, 2);
	ret->function = da_le32(&call->c);
	da_take(&call->c, 8);
	if (ret->type == GET_REPORT) {
		ret->offset = da_le16(&call->c);
		ret->length = da_le16(&call->c);
	} else if (ret->size > call->c.at - from) {
		da_take(&call->c, ret->size - (call->c.at - from));
	}
	return emu_call_is_whole(call) && registry == REGISTRY_PCI_SIG &&
	    id_size == 2 && id == VENDOR_PCI_SIG &&
	    ret->protocol == PROTOCOL_TDISP && ret->version == TDISP_10 &&
	    ret->size == call->c.at - from;
}

/* `body` bytes follow. */
static void
put_head(struct emu_call *call, const struct tdisp *q, uint8_t type,
    size_t body)
{
	emu_call_head(call, 0x7e, 0, 0);
	emu_put_le(call->out, REGISTRY_PCI_SIG, 2);
	emu_put_u8(call->out, 2);
	emu_put_le(call->out, VENDOR_PCI_SIG, 2);
	emu_put_le(call->out, 1 + TDISP_HEAD + body, 2);
	emu_put_u8(call->out, PROTOCOL_TDISP);
	emu_put_u8(call->out, TDISP_10);
	emu_put_u8(call->out, type);
	emu_put_zero(call->out, 2);
	emu_put_le(call->out, q->function, 4);
	emu_put_zero(call->out, 8);
}

static enum emu_error
put_error(struct emu_call *call, const struct tdisp *q, uint32_t code,
    uint32_t data)
{
	put_head(call, q, TDISP_ERROR, 8);
	emu_put_le(call->out, code, 4);
	emu_put_le(call->out, data, 4);
	return EMU_OK;
}

/* Made at the first portion, so that the rest is of the same report. */
static bool
begin_report(struct emu_responder *r, const struct tdisp *q)
{
	if (q->offset != 0)
		return r->report.n != 0;
	emu_bytes_clear(&r->report);
	if (r->ear.report != NULL &&
	    r->ear.report(r->ear.context, q->function, &r->report) &&
	    !r->report.full)
		return true;
	emu_bytes_clear(&r->report);
	return false;
}

static enum emu_error
put_report(struct emu_call *call, const struct tdisp *q)
{
	struct emu_responder *r = call->r;
	size_t left, n = q->length;
	size_t room = r->transfer - PORTION_HEAD;
	struct da_slice portion;

	if (!begin_report(r, q))
		return put_error(call, q, INVALID_STATE, 0);
	if (q->offset >= r->report.n || n == 0)
		return put_error(call, q, INVALID_REQUEST, 0);
	left = r->report.n - q->offset;
	n = n < left ? n : left;
	n = n < room ? n : room;
	if (!da_slice_cut(emu_slice(&r->report), q->offset, n, &portion))
		return EMU_UNSPECIFIED;
	put_head(call, q, REPORT, 4 + n);
	emu_put_le(call->out, n, 2);
	emu_put_le(call->out, left - n, 2);
	emu_put(call->out, portion.p, portion.n);
	if (n == left)
		emu_responder_saw(r, DA_DIGEST_REPORT, emu_slice(&r->report));
	return EMU_OK;
}

enum emu_error
emu_answer_vendor(struct emu_call *call)
{
	struct tdisp q = { 0 };

	if (!read_request(call, &q))
		return EMU_INVALID_REQUEST;
	if (q.type != GET_REPORT)
		return put_error(call, &q, UNSUPPORTED, q.type);
	return put_report(call, &q);
}

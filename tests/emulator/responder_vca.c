/* SPDX-License-Identifier: Apache-2.0 */
/* The three exchanges with which a connection begins. */
#include "responder_parts.h"

#define CAP_CHUNK	(UINT32_C(1) << 17)
/* CERT, CHAL, MEAS with signature, MEAS_FRESH, CHUNK. */
#define CAPABILITIES	(UINT32_C(0x36) | CAP_CHUNK)
#define EXTERNAL_MAX	20u	/* external algorithms of a request */
#define TABLES_MAX	7u
#define MULTI_KEY	0x10u	/* OtherParamsSupport */

/* The one suite that the device has: P-384, SHA-384, DMTF measurements. */
#define ASYM_P384	0x080u
#define HASH_SHA384	0x02u
#define MEAS_SHA384	0x04u
#define MEAS_DMTF	0x01u
#define OPAQUE_FMT1	0x02u

/* 1.0 in both heads, whatever is negotiated later. */
enum emu_error
emu_answer_version(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	bool both = r->device->version >= EMU_SPDM_13;

	if (!emu_call_is_whole(call))
		return EMU_INVALID_REQUEST;
	emu_responder_anew(r);
	emu_call_head(call, 0x04, 0, 0);
	emu_put_u8(call->out, 0);
	emu_put_u8(call->out, both ? 2 : 1);
	emu_put_le(call->out, 0x1200, 2);
	if (both)
		emu_put_le(call->out, 0x1300, 2);
	if (!emu_call_keep(call, &r->vca))
		return EMU_UNSPECIFIED;
	r->stage = EMU_STAGE_VERSION;
	return EMU_OK;
}

enum emu_error
emu_answer_capabilities(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	uint32_t flags, transfer, most;

	da_take(&call->c, 4);	/* reserved, CTExponent, reserved */
	flags = da_le32(&call->c);
	transfer = da_le32(&call->c);
	most = da_le32(&call->c);
	if (!emu_call_is_whole(call) || transfer < EMU_TRANSFER_MIN ||
	    most < transfer)
		return EMU_INVALID_REQUEST;
	emu_call_head(call, 0x61, 0, 0);
	emu_put_u8(call->out, 0);
	emu_put_u8(call->out, 16);
	emu_put_zero(call->out, 2);
	emu_put_le(call->out, CAPABILITIES, 4);
	emu_put_le(call->out, EMU_TRANSFER, 4);
	emu_put_le(call->out, EMU_ROOM, 4);
	if (!emu_call_keep(call, &r->vca))
		return EMU_UNSPECIFIED;
	r->version = call->version;
	r->chunks = (flags & CAP_CHUNK) != 0;
	r->transfer = transfer < EMU_TRANSFER ? transfer : EMU_TRANSFER;
	r->stage = EMU_STAGE_CAPABILITIES;
	return EMU_OK;
}

struct offer {
	uint16_t length;
	uint8_t measurements, other;
	uint32_t asym, hash;
	unsigned int external;
};

static void
read_offer(struct emu_call *call, struct offer *ret)
{
	ret->length = da_le16(&call->c);
	ret->measurements = da_u8(&call->c);
	ret->other = da_u8(&call->c);
	ret->asym = da_le32(&call->c);
	ret->hash = da_le32(&call->c);
	da_take(&call->c, 12);	/* PqcAsymAlgo and reserved */
	ret->external = da_u8(&call->c);
	ret->external += da_u8(&call->c);
	da_take(&call->c, 2);	/* reserved, MELspecification */
	if (ret->external <= EXTERNAL_MAX)
		da_take(&call->c, 4u * ret->external);
}

/* Structure tables are for sessions, which the device does not have. */
static bool
skip_tables(struct emu_call *call)
{
	if (call->param1 > TABLES_MAX)
		return false;
	for (unsigned int i = 0; i < call->param1; i++) {
		da_u8(&call->c);
		da_take(&call->c, 2u + 4u * (da_u8(&call->c) & 0x0f));
	}
	return emu_call_is_whole(call);
}

static void
put_selection(struct emu_call *call, const struct offer *o)
{
	bool measures = (o->measurements & MEAS_DMTF) != 0;

	emu_call_head(call, 0x63, 0, 0);
	emu_put_le(call->out, 36, 2);
	emu_put_u8(call->out, measures ? MEAS_DMTF : 0);
	emu_put_u8(call->out, o->other & OPAQUE_FMT1);
	emu_put_le(call->out, measures ? MEAS_SHA384 : 0, 4);
	emu_put_le(call->out, ASYM_P384, 4);
	emu_put_le(call->out, HASH_SHA384, 4);
	emu_put_zero(call->out, 16);
}

enum emu_error
emu_answer_algorithms(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct offer o = { 0 };

	read_offer(call, &o);
	if (o.external > EXTERNAL_MAX || !skip_tables(call) ||
	    o.length != emu_call_request(call).n ||
	    (o.asym & ASYM_P384) == 0 || (o.hash & HASH_SHA384) == 0 ||
	    (r->version >= EMU_SPDM_13 && (o.other & MULTI_KEY) != 0))
		return EMU_INVALID_REQUEST;
	put_selection(call, &o);
	if (!emu_call_keep(call, &r->vca))
		return EMU_UNSPECIFIED;
	r->stage = EMU_STAGE_ALGORITHMS;
	emu_responder_saw(r, DA_DIGEST_VCA, emu_slice(&r->vca));
	return EMU_OK;
}

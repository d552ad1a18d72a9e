/* SPDX-License-Identifier: Apache-2.0 */
/* What the responder signs: CHALLENGE_AUTH (M1/M2) and MEASUREMENTS (L1/L2). */
#include "responder_parts.h"

#include <string.h>

#include "blocks.h"

#define NONCE		32u
#define CONTEXT		8u	/* RequesterContext, SPDM 1.3 */
#define UNCHANGED	0x20u	/* content has not changed, in Param2 */
#define SIGNED		0x01u	/* GET_MEASUREMENTS Param1 */
#define ALL		0xffu	/* GET_MEASUREMENTS Param2 */

/* Empty below SPDM 1.3. */
static struct da_slice
take_context(struct emu_call *call)
{
	return da_take(&call->c, call->version >= EMU_SPDM_13 ? CONTEXT : 0);
}

static void
put_nonce(struct emu_bytes *b)
{
	uint8_t nonce[NONCE];

	emu_random(nonce, sizeof(nonce));
	emu_put(b, nonce, sizeof(nonce));
}

/* -- CHALLENGE -- */

/* Every block of this device is TCB: both summaries are over all of them. */
static bool
put_summary(struct emu_call *call)
{
	struct emu_bytes record = { 0 };
	struct da_slice blocks;
	uint8_t hash[48], n;

	if (call->param2 == 0)
		return true;
	if (!emu_put_blocks(call->r->device, &record, &n))
		return false;
	blocks = emu_slice(&record);
	if (!emu_sha384(&blocks, 1, hash))
		return false;
	emu_put(call->out, hash, sizeof(hash));
	return true;
}

/* All but the signature. */
static bool
put_auth(struct emu_call *call, struct da_slice context)
{
	struct da_slice chain = emu_slice(&call->r->device->chain);
	uint8_t digest[48];

	if (!emu_sha384(&chain, 1, digest))
		return false;
	emu_call_head(call, 0x03, 0, 1);
	emu_put(call->out, digest, sizeof(digest));
	put_nonce(call->out);
	if (!put_summary(call))
		return false;
	emu_put_le(call->out, 0, 2);	/* no opaque data */
	emu_put(call->out, context.p, context.n);
	return !call->out->full;
}

static bool
sign_auth(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct da_slice m1[4] = { emu_slice(&r->vca), emu_slice(&r->between),
		emu_call_request(call), emu_slice(call->out) };

	return emu_device_sign(r->device, r->version,
	    "responder-challenge_auth signing", m1, 4, call->out);
}

enum emu_error
emu_answer_challenge(struct emu_call *call)
{
	struct da_slice context;

	da_take(&call->c, NONCE);
	context = take_context(call);
	if (!emu_call_is_whole(call) || call->param1 != 0 ||
	    (call->param2 > 1 && call->param2 != ALL))
		return EMU_INVALID_REQUEST;
	if (!put_auth(call, context) || !sign_auth(call))
		return EMU_UNSPECIFIED;
	emu_bytes_clear(&call->r->between);
	return EMU_OK;
}

/* -- GET_MEASUREMENTS -- */

struct record {
	uint8_t n;	/* blocks */
	uint8_t total;	/* asked for by Param2 0 */
	struct emu_bytes bytes;
};

/* Out of all blocks the one with this index. */
static bool
cut_block(struct emu_bytes *b, uint8_t index)
{
	struct da_cur c = da_cur_of(emu_slice(b));

	while (da_left(&c) > 0) {
		size_t from = c.at;
		struct da_slice whole;
		uint8_t found = da_u8(&c);

		da_u8(&c);
		da_take(&c, da_le16(&c));
		if (c.bad)
			return false;
		if (found != index)
			continue;
		whole = da_since(&c, from);
		memmove(b->p, whole.p, whole.n);
		b->n = whole.n;
		return true;
	}
	return false;
}

/* Param2: 0 their number, 0xFF all of them, else one. */
static enum emu_error
make_record(const struct emu_device *d, uint8_t operation,
    struct record *ret)
{
	emu_bytes_clear(&ret->bytes);
	ret->total = 0;
	if (!emu_put_blocks(d, &ret->bytes, &ret->n))
		return EMU_UNSPECIFIED;
	if (operation == ALL)
		return EMU_OK;
	if (operation == 0) {
		ret->total = ret->n;
		ret->n = 0;
		emu_bytes_clear(&ret->bytes);
		return EMU_OK;
	}
	ret->n = 1;
	return cut_block(&ret->bytes, operation) ? EMU_OK :
	    EMU_INVALID_REQUEST;
}

static void
put_measurements(struct emu_call *call, const struct record *record,
    struct da_slice context)
{
	bool is_signed = (call->param1 & SIGNED) != 0;

	emu_call_head(call, 0x60, record->total, is_signed ? UNCHANGED : 0);
	emu_put_u8(call->out, record->n);
	emu_put_le(call->out, record->bytes.n, 3);
	emu_put(call->out, record->bytes.p, record->bytes.n);
	put_nonce(call->out);
	emu_put_le(call->out, 0, 2);	/* no opaque data */
	emu_put(call->out, context.p, context.n);
}

/* The signature ends the series; the next one begins empty. */
static enum emu_error
sign_series(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct da_slice l1[2] = { emu_slice(&r->vca), emu_slice(&r->series) };
	size_t from = call->out->n;

	if (!emu_device_sign(r->device, r->version,
	    "responder-measurements signing", l1, 2, call->out))
		return EMU_UNSPECIFIED;
	emu_put(&r->series, call->out->p + from, call->out->n - from);
	emu_responder_saw(r, DA_DIGEST_MEASUREMENTS, emu_slice(&r->series));
	emu_bytes_clear(&r->series);
	return EMU_OK;
}

enum emu_error
emu_answer_measurements(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	bool is_signed = (call->param1 & SIGNED) != 0;
	struct da_slice context;
	struct record record;
	enum emu_error error;
	uint8_t slot = 0;

	if (is_signed) {
		da_take(&call->c, NONCE);
		slot = da_u8(&call->c) & 0x0f;
	}
	context = take_context(call);
	if (!emu_call_is_whole(call) || slot != 0)
		return EMU_INVALID_REQUEST;
	error = make_record(r->device, call->param2, &record);
	if (error != EMU_OK)
		return error;
	put_measurements(call, &record, context);
	if (!emu_call_keep(call, &r->series))
		return EMU_UNSPECIFIED;
	return is_signed ? sign_series(call) : EMU_OK;
}

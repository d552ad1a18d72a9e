/* SPDX-License-Identifier: Apache-2.0 */
#include "responder_parts.h"

#define PAD_MAX		3u	/* a DOE object is whole words */

void
emu_bytes_clear(struct emu_bytes *b)
{
	b->n = 0;
	b->full = false;
}

bool
emu_call_is_whole(const struct emu_call *call)
{
	return !call->c.bad && da_left(&call->c) <= PAD_MAX;
}

struct da_slice
emu_call_request(const struct emu_call *call)
{
	return da_since(&call->c, 0);
}

void
emu_call_head(struct emu_call *call, uint8_t code, uint8_t param1,
    uint8_t param2)
{
	const uint8_t head[EMU_HEAD] = { call->version, code, param1,
		param2 };

	emu_put(call->out, head, sizeof(head));
}

bool
emu_call_keep(const struct emu_call *call, struct emu_bytes *log)
{
	struct da_slice request = emu_call_request(call);

	emu_put(log, request.p, request.n);
	emu_put(log, call->out->p, call->out->n);
	return !log->full && !call->out->full;
}

void
emu_error(struct emu_bytes *b, uint8_t version, enum emu_error error,
    uint8_t data)
{
	const uint8_t head[EMU_HEAD] = { version, 0x7f, (uint8_t)error,
		data };

	emu_bytes_clear(b);
	emu_put(b, head, sizeof(head));
}

void
emu_responder_saw(struct emu_responder *r, enum da_digest_of of,
    struct da_slice bytes)
{
	if (r->ear.saw != NULL)
		r->ear.saw(r->ear.context, of, bytes);
}

void
emu_responder_anew(struct emu_responder *r)
{
	r->stage = EMU_STAGE_START;
	r->version = 0;
	r->chunks = false;
	r->transfer = EMU_TRANSFER_MIN;
	r->out.open = r->in.open = false;
	emu_bytes_clear(&r->vca);
	emu_bytes_clear(&r->between);
	emu_bytes_clear(&r->series);
	emu_bytes_clear(&r->report);
}

void
emu_responder_start(struct emu_responder *r, const struct emu_device *device,
    const struct emu_ear *ear)
{
	r->device = device;
	r->ear = *ear;
	r->last_handle = 0;
	emu_responder_anew(r);
}

/* -- the chain -- */

static enum emu_error
answer_digests(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct da_slice chain = emu_slice(&r->device->chain);
	uint8_t digest[48];

	if (!emu_call_is_whole(call))
		return EMU_INVALID_REQUEST;
	/* GET_DIGESTS begins B of M1/M2 anew. */
	emu_bytes_clear(&r->between);
	emu_call_head(call, 0x01, r->version >= EMU_SPDM_13 ? 1 : 0, 1);
	if (!emu_sha384(&chain, 1, digest))
		return EMU_UNSPECIFIED;
	emu_put(call->out, digest, sizeof(digest));
	return emu_call_keep(call, &r->between) ? EMU_OK : EMU_UNSPECIFIED;
}

static void
put_portion(struct emu_call *call, struct da_slice portion, size_t remainder)
{
	emu_call_head(call, 0x02, 0, 0);
	emu_put_le(call->out, portion.n, 2);
	emu_put_le(call->out, remainder, 2);
	emu_put(call->out, portion.p, portion.n);
}

/* A portion never needs chunks: a shorter one is as good. */
static enum emu_error
answer_certificate(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct da_slice chain = emu_slice(&r->device->chain), portion;
	size_t offset = da_le16(&call->c), length = da_le16(&call->c), left;
	bool size_only = r->version >= EMU_SPDM_13 && (call->param2 & 1) != 0;

	if (!emu_call_is_whole(call) || (call->param1 & 0x0f) != 0)
		return EMU_INVALID_REQUEST;
	if (size_only)
		offset = length = 0;
	else if (offset >= chain.n || length == 0)
		return EMU_INVALID_REQUEST;
	left = chain.n - offset;
	if (length > left)
		length = left;
	if (length > r->transfer - 8)
		length = r->transfer - 8;
	if (!da_slice_cut(chain, offset, length, &portion))
		return EMU_INVALID_REQUEST;
	put_portion(call, portion, left - length);
	if (!emu_call_keep(call, &r->between))
		return EMU_UNSPECIFIED;
	if (!size_only && length == left)
		emu_responder_saw(r, DA_DIGEST_CHAIN, chain);
	return EMU_OK;
}

/* -- each request: what must have come before, and what it leaves -- */

enum keeps {
	KEEPS_NONE = 0,
	KEEPS_BETWEEN = 1,	/* B of M1/M2 goes on */
	KEEPS_SERIES = 2,	/* L1/L2 goes on */
	KEEPS_LARGE = 4,	/* what is sent or fetched in chunks */
	KEEPS_REPORT = 8
};

static const struct request {
	uint8_t code;
	uint8_t from, upto;	/* enum emu_stage */
	uint8_t keeps;
	enum emu_error (*answer)(struct emu_call *call);
} requests[] = {
	{ 0x84, EMU_STAGE_START, EMU_STAGE_ALGORITHMS, KEEPS_NONE,
	    emu_answer_version },
	{ 0xe1, EMU_STAGE_VERSION, EMU_STAGE_VERSION, KEEPS_NONE,
	    emu_answer_capabilities },
	{ 0xe3, EMU_STAGE_CAPABILITIES, EMU_STAGE_CAPABILITIES, KEEPS_NONE,
	    emu_answer_algorithms },
	{ 0x81, EMU_STAGE_ALGORITHMS, EMU_STAGE_ALGORITHMS, KEEPS_NONE,
	    answer_digests },
	{ 0x82, EMU_STAGE_ALGORITHMS, EMU_STAGE_ALGORITHMS, KEEPS_BETWEEN,
	    answer_certificate },
	{ 0x83, EMU_STAGE_ALGORITHMS, EMU_STAGE_ALGORITHMS, KEEPS_BETWEEN,
	    emu_answer_challenge },
	{ 0xe0, EMU_STAGE_ALGORITHMS, EMU_STAGE_ALGORITHMS, KEEPS_SERIES,
	    emu_answer_measurements },
	{ 0x85, EMU_STAGE_CAPABILITIES, EMU_STAGE_ALGORITHMS,
	    KEEPS_BETWEEN | KEEPS_SERIES | KEEPS_LARGE | KEEPS_REPORT,
	    emu_answer_chunk_send },
	{ 0x86, EMU_STAGE_CAPABILITIES, EMU_STAGE_ALGORITHMS,
	    KEEPS_BETWEEN | KEEPS_SERIES | KEEPS_LARGE | KEEPS_REPORT,
	    emu_answer_chunk_get },
	{ 0xfe, EMU_STAGE_ALGORITHMS, EMU_STAGE_ALGORITHMS, KEEPS_REPORT,
	    emu_answer_vendor },
};

static void
forget(struct emu_responder *r, unsigned int keeps)
{
	if ((keeps & KEEPS_BETWEEN) == 0)
		emu_bytes_clear(&r->between);
	if ((keeps & KEEPS_SERIES) == 0)
		emu_bytes_clear(&r->series);
	if ((keeps & KEEPS_LARGE) == 0)
		r->out.open = r->in.open = false;
	if ((keeps & KEEPS_REPORT) == 0)
		emu_bytes_clear(&r->report);
}

/* GET_CAPABILITIES chooses; GET_VERSION is 1.0 always. */
static bool
version_fits(const struct emu_call *call)
{
	const struct emu_responder *r = call->r;

	if (call->code == 0x84)
		return call->version == 0x10;
	if (r->version == 0)
		return call->version == 0x12 ||
		    (call->version == EMU_SPDM_13 &&
		    r->device->version >= EMU_SPDM_13);
	return call->version == r->version;
}

static const struct request *
find_request(uint8_t code)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].code == code)
			return &requests[i];
	return NULL;
}

static enum emu_error
dispatch(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	const struct request *q = find_request(call->code);

	forget(r, q == NULL ? KEEPS_NONE : q->keeps);
	if (call->c.bad)
		return EMU_INVALID_REQUEST;
	if (q == NULL)
		return EMU_UNSUPPORTED_REQUEST;
	if (r->stage < q->from || r->stage > q->upto)
		return EMU_UNEXPECTED_REQUEST;
	if (!version_fits(call))
		return EMU_VERSION_MISMATCH;
	return q->answer(call);
}

static uint8_t
error_version(const struct emu_responder *r)
{
	return r->version == 0 ? 0x10 : r->version;
}

void
emu_responder_one(struct emu_responder *r, struct da_slice request,
    struct emu_bytes *ret)
{
	struct emu_call call = { .r = r, .c = da_cur_of(request),
		.out = ret };
	enum emu_error error;

	emu_bytes_clear(ret);
	call.version = da_u8(&call.c);
	call.code = da_u8(&call.c);
	call.param1 = da_u8(&call.c);
	call.param2 = da_u8(&call.c);
	error = dispatch(&call);
	if (error == EMU_OK && !ret->full)
		return;
	/* An exchange that failed ends both transcripts. */
	emu_bytes_clear(&r->between);
	emu_bytes_clear(&r->series);
	emu_error(ret, error_version(r), error == EMU_OK ? EMU_UNSPECIFIED :
	    error, error == EMU_UNSUPPORTED_REQUEST ? call.code : 0);
}

/* VCA is always sent whole: the requester's room may not be known yet. */
void
emu_responder_answer(struct emu_responder *r, struct da_slice request,
    struct emu_bytes *ret)
{
	emu_responder_one(r, request, ret);
	if (r->stage == EMU_STAGE_ALGORITHMS)
		emu_responder_fit(r, r->transfer, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that do not fit one transfer: CHUNK_SEND and CHUNK_GET. */
#include "responder_parts.h"

#define LAST		0x01u	/* Param1 */
#define ACK_HEAD	6u	/* CHUNK_SEND_ACK in front of the response */
#define CHUNK_HEAD	12u	/* CHUNK_RESPONSE; 4 more in the first */

void
emu_responder_fit(struct emu_responder *r, size_t room,
    struct emu_bytes *answer)
{
	if (answer->n <= room)
		return;
	/* What was said in it is lost, with the transcripts it is part of. */
	if (!r->chunks) {
		emu_bytes_clear(&r->between);
		emu_bytes_clear(&r->series);
		emu_error(answer, r->version, EMU_RESPONSE_TOO_LARGE, 0);
		return;
	}
	r->out.open = true;
	r->out.handle = ++r->last_handle;
	r->out.next = 0;
	r->out.at = 0;
	r->out.size = answer->n;
	r->out.bytes = *answer;
	emu_error(answer, r->version, EMU_LARGE_RESPONSE, 0);
	emu_put_u8(answer, r->out.handle);
}

/* -- CHUNK_GET: the response, piece by piece -- */

static enum emu_error
put_chunk(struct emu_call *call)
{
	struct emu_large *l = &call->r->out;
	size_t head = CHUNK_HEAD + (l->next == 0 ? 4u : 0u);
	size_t room = call->r->transfer - head, n = l->size - l->at;
	struct da_slice chunk;

	if (n > room)
		n = room;
	if (!da_slice_cut(emu_slice(&l->bytes), l->at, n, &chunk))
		return EMU_UNSPECIFIED;
	emu_call_head(call, 0x06, l->at + n == l->size ? LAST : 0,
	    l->handle);
	emu_put_le(call->out, l->next, 2);
	emu_put_zero(call->out, 2);
	emu_put_le(call->out, n, 4);
	if (l->next == 0)
		emu_put_le(call->out, l->size, 4);
	emu_put(call->out, chunk.p, chunk.n);
	l->at += n;
	l->next++;
	l->open = l->at < l->size;
	return EMU_OK;
}

enum emu_error
emu_answer_chunk_get(struct emu_call *call)
{
	struct emu_large *l = &call->r->out;
	uint16_t sequence = da_le16(&call->c);

	if (!call->r->chunks)
		return EMU_UNSUPPORTED_REQUEST;
	if (!l->open)
		return EMU_UNEXPECTED_REQUEST;
	if (!emu_call_is_whole(call) || call->param2 != l->handle ||
	    sequence != l->next) {
		l->open = false;
		return EMU_INVALID_REQUEST;
	}
	return put_chunk(call);
}

/* -- CHUNK_SEND: the request, piece by piece -- */

struct piece {
	bool is_last;
	uint8_t handle;
	uint16_t sequence;
	uint32_t size;		/* of the whole; with the first only */
	struct da_slice bytes;
};

static bool
read_piece(struct emu_call *call, struct piece *ret)
{
	uint32_t n;

	ret->is_last = (call->param1 & LAST) != 0;
	ret->handle = call->param2;
	ret->sequence = da_le16(&call->c);
	da_take(&call->c, 2);
	n = da_le32(&call->c);
	ret->size = ret->sequence == 0 ? da_le32(&call->c) : 0;
	ret->bytes = da_take(&call->c, n);
	return emu_call_is_whole(call) && ret->bytes.n != 0;
}

/* The first opens the message, the others carry on where it stands. */
static bool
piece_fits(struct emu_large *l, const struct piece *p)
{
	if (p->sequence == 0) {
		*l = (struct emu_large){ .open = true, .handle = p->handle,
			.size = p->size };
		if (p->size > EMU_ROOM || p->size <= EMU_HEAD)
			return false;
	}
	return l->open && p->handle == l->handle && p->sequence == l->next &&
	    p->bytes.n <= l->size - l->at &&
	    p->is_last == (l->at + p->bytes.n == l->size);
}

/* A message in chunks may be anything but a chunk. */
static bool
is_chunk(const struct emu_bytes *b)
{
	return b->p[1] == 0x85 || b->p[1] == 0x86;
}

static enum emu_error
put_inner(struct emu_call *call)
{
	struct emu_responder *r = call->r;
	struct emu_bytes request = r->in.bytes, answer;

	r->in.open = false;
	if (is_chunk(&request))
		return EMU_INVALID_REQUEST;
	emu_responder_one(r, emu_slice(&request), &answer);
	emu_responder_fit(r, r->transfer - ACK_HEAD, &answer);
	emu_put(call->out, answer.p, answer.n);
	return EMU_OK;
}

enum emu_error
emu_answer_chunk_send(struct emu_call *call)
{
	struct emu_large *l = &call->r->in;
	struct piece p;

	if (!call->r->chunks)
		return EMU_UNSUPPORTED_REQUEST;
	if (!read_piece(call, &p) || !piece_fits(l, &p)) {
		l->open = false;
		return EMU_INVALID_REQUEST;
	}
	emu_put(&l->bytes, p.bytes.p, p.bytes.n);
	l->at += p.bytes.n;
	l->next++;
	emu_call_head(call, 0x05, 0, p.handle);
	emu_put_le(call->out, p.sequence, 2);
	return p.is_last ? put_inner(call) : EMU_OK;
}

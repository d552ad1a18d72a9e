/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <string.h>

#include "verifier/caps.h"

/* Offsets of a head's fields, for faults. */
enum { AT_TYPE = 0, AT_SHAPE = 2, AT_LENGTH = 4, AT_ID = 8 };

/* Only types that this version can use take a place; the rest is skipped. */
_Static_assert(DA_WIRE_REPORT + 1 + 4 <= DA_MAX_PARTS, "every known type");
_Static_assert(DA_WIRE_MAX_ANSWER == DA_MAX_ANSWER, "both sides' cap");

void
da_answer_start(const struct da_wire_request *request, struct da_answer *ret)
{
	*ret = (struct da_answer){
		.request = *request,
		.at = DA_WIRE_REQUEST_SIZE,
		.last_type = -1,
	};
}

static bool
refuse(const struct da_answer *a, enum da_why why, size_t field,
    struct da_fault *reterr)
{
	return da_refuse(reterr, why, DA_PART_ANSWER, (size_t)a->at + field);
}

static bool
is_known(uint16_t type)
{
	return type <= DA_WIRE_REPORT ||
	    (type >= DA_WIRE_DEVICE_INFO && type <= DA_WIRE_MEL);
}

static bool
shape_is_good(const struct da_wire_head *h)
{
	if (h->type == DA_WIRE_MEASUREMENTS)
		return h->shape <= DA_SHAPE_RESPONSE;
	return h->shape == 0;
}

static bool
length_is_good(const struct da_answer *a, const struct da_wire_head *h)
{
	uint64_t sum = a->at - DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE +
	    (uint64_t)h->length;

	if (h->type == DA_WIRE_FAILURE)
		return h->length == 4;
	/* The end's cap is 0 and so is its length. */
	return h->length <= da_wire_cap(h->type) && sum <= DA_MAX_ANSWER;
}

/*
 * The id first: a head of another answer says nothing about this one.  Lengths
 * last, so that a cap is only asked for types that may stand here.
 */
static bool
may_follow(const struct da_answer *a, const struct da_wire_head *h,
    struct da_fault *reterr)
{
	if (h->id != a->request.id)
		return refuse(a, DA_F_WIRE_ID, AT_ID, reterr);
	/* After the end, too: no type is above it. */
	if (h->type <= a->last_type)
		return refuse(a, DA_F_WIRE_ORDER, AT_TYPE, reterr);
	if (!da_wire_wants(a->request.wanted, h->type))
		return refuse(a, DA_F_WIRE_TYPE, AT_TYPE, reterr);
	if (!shape_is_good(h))
		return refuse(a, DA_F_WIRE_RESERVED, AT_SHAPE, reterr);
	if (!length_is_good(a, h))
		return refuse(a, DA_F_WIRE_LENGTH, AT_LENGTH, reterr);
	/* An answer that failed ends here, whatever parts it had before. */
	if (h->type == DA_WIRE_END && a->last_type == DA_WIRE_FAILURE)
		return refuse(a, DA_F_WIRE_FAILURE, AT_TYPE, reterr);
	return true;
}

bool
da_answer_head(struct da_answer *a, const uint8_t head[DA_WIRE_HEAD_SIZE],
    uint32_t *ret_length, struct da_fault *reterr)
{
	struct da_wire_head h;

	da_wire_get_head(head, &h);
	if (!may_follow(a, &h, reterr))
		return false;
	a->at += DA_WIRE_HEAD_SIZE;
	if (is_known(h.type))
		a->part[a->n++] = (struct da_answer_part){
			h.type, h.shape, h.length, a->at };
	a->at += h.length;
	a->last_type = h.type;
	a->ended = h.type == DA_WIRE_END;
	*ret_length = h.length;
	return true;
}

bool
da_answer_failed(struct da_answer *a, const uint8_t code[4],
    struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(da_slice_of(code, 4));
	uint32_t failure = da_le32(&c);

	/* A code that is not known is a failure still; none is a lie. */
	if (failure == 0)
		return refuse(a, DA_F_WIRE_FAILURE, 0, reterr);
	a->failure = failure;
	return true;
}

static bool
read_request(struct da_cur *c, struct da_wire_request *ret,
    struct da_fault *reterr)
{
	static const uint8_t version[] = { DA_WIRE_VERSION, 0 };
	struct da_slice raw = da_take(c, DA_WIRE_REQUEST_SIZE);
	struct da_slice known;

	if (c->bad)
		return da_refuse_end(reterr, c, DA_PART_ANSWER);
	if (da_wire_get_request(raw.p, ret))
		return true;
	/* Magic and version right: then it is the reserved field. */
	if (da_slice_cut(raw, 4, 2, &known) && memcmp(raw.p, "DARQ", 4) == 0 &&
	    da_slice_eq(known, da_slice_of(version, sizeof(version))))
		return da_refuse(reterr, DA_F_WIRE_RESERVED, DA_PART_ANSWER, 6);
	return da_refuse(reterr, DA_F_WIRE_MAGIC, DA_PART_ANSWER, 0);
}

static bool
read_part(struct da_cur *c, struct da_answer *a, struct da_fault *reterr)
{
	struct da_slice head = da_take(c, DA_WIRE_HEAD_SIZE);
	struct da_slice body;
	uint32_t length;

	if (c->bad)
		return da_refuse_end(reterr, c, DA_PART_ANSWER);
	if (!da_answer_head(a, head.p, &length, reterr))
		return false;
	body = da_take(c, length);
	if (c->bad)
		return da_refuse_end(reterr, c, DA_PART_ANSWER);
	if (a->last_type == DA_WIRE_FAILURE)
		return da_answer_failed(a, body.p, reterr);
	return true;
}

/* A file says all at once what a socket says piece by piece: same rules. */
bool
da_bundle_file_read(struct da_slice file, struct da_answer *ret,
    struct da_fault *reterr)
{
	struct da_wire_request request;
	struct da_cur c = da_cur_of(file);
	struct da_answer a;

	if (file.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_ANSWER, 0);
	if (file.n > DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER)
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_ANSWER,
		    DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER);
	if (!read_request(&c, &request, reterr))
		return false;
	da_answer_start(&request, &a);
	while (!a.ended)
		if (!read_part(&c, &a, reterr))
			return false;
	if (!da_all_read(&c))
		return da_refuse_end(reterr, &c, DA_PART_ANSWER);
	*ret = a;
	return true;
}

static const struct {
	uint16_t type;
	enum da_part part;
} parts[] = {
	{ DA_WIRE_VCA, DA_PART_VCA },
	{ DA_WIRE_MEASUREMENTS, DA_PART_MEASUREMENTS },
	{ DA_WIRE_REPORT, DA_PART_REPORT },
	{ DA_WIRE_DEVICE_INFO, DA_PART_DEVICE_INFO },
	{ DA_WIRE_CHALLENGE, DA_PART_CHALLENGE },
	{ DA_WIRE_DIGESTS_CERTS, DA_PART_BETWEEN },
	{ DA_WIRE_MEL, DA_PART_LOG },
};

enum da_part
da_answer_part_of(uint16_t type)
{
	if (type <= DA_WIRE_CHAIN_LAST)
		return DA_PART_CHAIN;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].type == type)
			return parts[i].part;
	return DA_PART_NONE;
}

static uint32_t
count_chains(const struct da_answer *a)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->n; i++)
		n += da_answer_part_of(a->part[i].type) == DA_PART_CHAIN;
	return n;
}

struct da_bundle
da_answer_bundle(const struct da_answer *a, struct da_slice file,
    bool slot_known, uint8_t slot)
{
	struct da_bundle b = { .chain_form = DA_CHAIN_SPDM };
	bool only_one = count_chains(a) == 1;

	for (uint32_t i = 0; i < a->n; i++) {
		const struct da_answer_part *p = &a->part[i];
		enum da_part part = da_answer_part_of(p->type);

		if (part == DA_PART_NONE || (part == DA_PART_CHAIN &&
		    !(slot_known ? p->type == slot : only_one)))
			continue;
		b.given[part] = da_slice_cut(file, (size_t)p->offset,
		    p->length, &b.part[part]);
		if (part == DA_PART_MEASUREMENTS)
			b.shape = (enum da_meas_shape)p->shape;
		if (part == DA_PART_CHAIN) {
			b.slot_known = true;
			b.slot = (uint8_t)p->type;
		}
	}
	return b;
}

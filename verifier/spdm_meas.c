/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of GET_MEASUREMENTS / MEASUREMENTS; blocks: spdm_blocks.c. */
#include "spdm_meas.h"

#include "spdm_vca.h"

#define GET_MEASUREMENTS	0xe0
#define MEASUREMENTS		0x60

/* Request Param1, and the version that brought each bit. */
#define ASK_SIGNATURE		0x01
#define ASK_RAW			0x02	/* 1.2 */
#define ASK_NEW			0x04	/* 1.3 */
#define SLOT_BITS		0x0f
#define LAST_SLOT		7

struct walk {
	struct da_cur c;
	struct da_meas *meas;
	uint16_t sig_size;
	size_t tail;		/* that may follow the last signature */
	size_t began;		/* where the series did */
	struct da_fault fault;
};

/* What of a request its response is read by. */
struct request {
	bool is_signed;
	uint8_t slot;
	struct da_slice nonce;		/* n 0: no signature was asked */
	struct da_slice context;	/* n 0 below SPDM 1.3 */
};

static bool
refuse(struct walk *w, enum da_why why, size_t at)
{
	return da_refuse(&w->fault, why, DA_PART_MEASUREMENTS, at);
}

static bool
was_read(struct walk *w)
{
	return !w->c.bad || refuse(w, DA_F_SHORT, w->c.at);
}

/* Without a VCA the first message says the version, where that is allowed. */
static bool
version_is_said(struct walk *w, uint8_t version, size_t at)
{
	if (version < DA_SPDM_10 || version >= 0x20)
		return refuse(w, DA_F_MEAS_VERSION, at);
	if (version > DA_SPDM_14)
		return refuse(w, DA_F_VERSION_UNSUPPORTED, at);
	if (version > DA_SPDM_11)
		return refuse(w, DA_F_VCA_ABSENT, at);
	w->meas->version = version;
	return true;
}

static bool
version_fits(struct walk *w, uint8_t version, size_t at)
{
	if (w->meas->version == 0)
		return version_is_said(w, version, at);
	if (version == w->meas->version)
		return true;
	return refuse(w, at == 0 ? DA_F_VCA_OTHER : DA_F_MEAS_VERSION, at);
}

/* The header of the next message, its version held against the others'. */
static bool
read_head(struct walk *w, uint8_t code, uint8_t *ret_param1,
    uint8_t *ret_param2)
{
	size_t at = w->c.at;
	uint8_t version = da_u8(&w->c), found = da_u8(&w->c);

	*ret_param1 = da_u8(&w->c);
	*ret_param2 = da_u8(&w->c);
	if (!was_read(w))
		return false;
	if (code == GET_MEASUREMENTS && found == MEASUREMENTS)
		return refuse(w, DA_F_MEAS_NO_REQUEST, at);
	if (found != code)
		return refuse(w, DA_F_MEAS_CODE, at + 1);
	return version_fits(w, version, at);
}

/* A bit that the version has not is reserved, and asks for nothing. */
static bool
attributes_fit(struct walk *w, uint8_t attributes, size_t at)
{
	uint8_t known = ASK_SIGNATURE;

	if (w->meas->version >= DA_SPDM_12)
		known |= ASK_RAW;
	if (w->meas->version >= DA_SPDM_13)
		known |= ASK_NEW;
	return (attributes & ~known) == 0 ||
	    refuse(w, DA_F_MEAS_ATTRIBUTE, at);
}

/* SlotIDParam, of SPDM 1.1 and newer: 0 to 7, or a key without a chain. */
static bool
read_slot(struct walk *w, uint8_t *ret)
{
	size_t at = w->c.at;
	uint8_t slot = da_u8(&w->c) & SLOT_BITS;

	if (slot > LAST_SLOT && slot != DA_SLOT_RAW_KEY)
		return refuse(w, DA_F_SLOT_RESERVED, at);
	*ret = slot;
	return true;
}

static bool
read_request(struct walk *w, struct da_exchange *e, struct request *ret)
{
	struct request r = { 0 };
	size_t from = w->c.at;
	uint8_t attributes;

	if (!read_head(w, GET_MEASUREMENTS, &attributes, &e->operation) ||
	    !attributes_fit(w, attributes, from + 2))
		return false;
	r.is_signed = (attributes & ASK_SIGNATURE) != 0;
	if (r.is_signed)
		r.nonce = da_take(&w->c, DA_NONCE);
	if (r.is_signed && w->meas->version >= DA_SPDM_11 &&
	    !read_slot(w, &r.slot))
		return false;
	if (w->meas->version >= DA_SPDM_13)
		r.context = da_take(&w->c, 8);
	e->request = da_since(&w->c, from);
	*ret = r;
	return was_read(w);
}

/*
 * What response Param2 says of changes.  Unsigned responses say nothing, and
 * below SPDM 1.2 the bits are reserved.
 */
static bool
read_changed(struct walk *w, const struct request *r, uint8_t param2,
    size_t at)
{
	uint8_t changed = param2 >> 4 & 3;

	if (w->meas->version < DA_SPDM_12)
		return true;
	if (changed == 3 || (!r->is_signed && changed != 0))
		return refuse(w, DA_F_MEAS_CHANGED, at);
	w->meas->content_changed = changed;
	return true;
}

static bool
read_opaque(struct walk *w, struct da_exchange *e)
{
	size_t at = w->c.at;
	uint16_t size = da_le16(&w->c);

	if (!was_read(w))
		return false;
	if (size > DA_MAX_OPAQUE)
		return refuse(w, DA_F_MEAS_OPAQUE, at);
	e->opaque = da_take(&w->c, size);
	return was_read(w);
}

static bool
context_is_echoed(struct walk *w, const struct request *r)
{
	size_t at = w->c.at;

	if (r->context.n == 0)
		return true;
	if (!da_slice_eq(da_take(&w->c, r->context.n), r->context))
		return was_read(w) && refuse(w, DA_F_MEAS_CONTEXT, at);
	return true;
}

static bool
read_response(struct walk *w, struct da_exchange *e, const struct request *r)
{
	size_t from = w->c.at;
	uint8_t param2;

	if (!read_head(w, MEASUREMENTS, &e->total, &param2) ||
	    !read_changed(w, r, param2, from + 3))
		return false;
	e->n_blocks = da_u8(&w->c);
	e->record = da_take(&w->c, da_le24(&w->c));
	da_take(&w->c, DA_NONCE);
	if (!was_read(w) || !read_opaque(w, e) || !context_is_echoed(w, r))
		return false;
	e->response = da_since(&w->c, from);
	if (r->is_signed && w->meas->version >= DA_SPDM_11)
		w->meas->slot_answered = param2 & SLOT_BITS;
	return true;
}

/* What follows a signature: an exchange of the next series, or nothing. */
static bool
ends_or_goes_on(struct walk *w)
{
	struct da_cur next = w->c;

	return da_left(&w->c) <= w->tail || (da_u8(&next) == w->meas->version &&
	    da_u8(&next) == GET_MEASUREMENTS) ||
	    refuse(w, DA_F_TRAILING, w->c.at);
}

static bool
read_signature(struct walk *w, const struct request *r)
{
	/* Where nobody says the algorithm, nobody says where this ends. */
	if (w->sig_size == 0)
		return refuse(w, DA_F_ALG_UNKNOWN, w->c.at);
	w->meas->is_signed = true;
	w->meas->nonce = r->nonce;
	w->meas->slot_asked = r->slot;
	w->meas->signature = da_take(&w->c, w->sig_size);
	return was_read(w) && ends_or_goes_on(w);
}

/* The signature was the reset: what it ended is put away, and nothing stays. */
static bool
begin_series(struct walk *w)
{
	struct da_meas *m = w->meas;

	if (m->n_before == DA_MAX_SERIES - 1)
		return refuse(w, DA_F_MEAS_SERIES, w->c.at);
	m->before[m->n_before++] = (struct da_series){
		.transcript = m->transcript, .signature = m->signature,
		.slot_asked = m->slot_asked, .slot_answered = m->slot_answered
	};
	w->began = w->c.at;
	m->n = 0;
	m->is_signed = false;
	m->nonce = m->signature = da_slice_of(NULL, 0);
	m->slot_asked = m->slot_answered = m->content_changed = 0;
	return true;
}

static bool
read_exchange(struct walk *w)
{
	struct da_exchange *e;
	struct request r;

	if (w->meas->is_signed && !begin_series(w))
		return false;
	if (w->meas->n == DA_MAX_EXCHANGES)
		return refuse(w, DA_F_MEAS_MANY, w->c.at);
	e = &w->meas->exchange[w->meas->n];
	if (!read_request(w, e, &r) || !read_response(w, e, &r))
		return false;
	w->meas->n++;
	w->meas->transcript = da_since(&w->c, w->began);
	return !r.is_signed || read_signature(w, &r);
}

/* All is read, or what is left is the tail behind a signature. */
static bool
is_at_end(const struct walk *w)
{
	return da_left(&w->c) == 0 ||
	    (w->meas->is_signed && da_left(&w->c) <= w->tail);
}

bool
da_meas_read(struct da_slice raw, uint8_t version, uint16_t sig_size,
    struct da_meas *ret, struct da_fault *reterr)
{
	return da_meas_read_tailed(raw, version, sig_size, 0, ret, reterr);
}

bool
da_meas_read_tailed(struct da_slice raw, uint8_t version, uint16_t sig_size,
    size_t tail, struct da_meas *ret, struct da_fault *reterr)
{
	struct da_meas meas = { .version = version };
	struct walk w = { .c = da_cur_of(raw), .meas = &meas,
	    .sig_size = sig_size, .tail = tail };

	if (raw.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_MEASUREMENTS, 0);
	if (raw.n > DA_MAX_MEAS)
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_MEASUREMENTS,
		    DA_MAX_MEAS);
	while (!is_at_end(&w))
		if (!read_exchange(&w)) {
			*reterr = w.fault;
			return false;
		}
	*ret = meas;
	return true;
}

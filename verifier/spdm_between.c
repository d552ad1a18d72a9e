/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_between.h"

#include "hash.h"

#define GET_DIGESTS	0x81
#define DIGESTS		0x01
#define GET_CERTIFICATE	0x82
#define CERTIFICATE	0x02

#define SLOT_BITS	0x0f	/* of Param1 of the latter two */
#define LARGE		0x80	/* SPDM 1.4: 32-bit lengths follow */
#define SIZE_ONLY	0x01	/* request Param2, SPDM 1.3 */
#define MODEL_BITS	0x07	/* of CertificateInfo */
#define MODEL_GENERIC	3	/* the last; never slot 0's */

/* The chain that is being read, portion by portion. */
struct chain {
	uint8_t slot;
	uint64_t have, total;	/* bytes; equal: none is being read */
};

struct walk {
	struct da_cur c;
	const struct da_vca *vca;
	size_t hash_size;
	bool multi_key;
	struct da_between b;
	struct chain chain;
	const struct da_slice *whole;	/* to compare with; NULL: nothing */
	uint8_t whole_slot;
	struct da_fault fault;
};

struct head {
	uint8_t code, param1, param2;
	size_t at;
};

struct request {
	uint8_t slot;
	bool large, size_only;
	uint32_t offset, length;
	size_t at;
};

static bool
refuse(struct walk *w, enum da_why why, size_t at)
{
	return da_refuse(&w->fault, why, DA_PART_BETWEEN, at);
}

static bool
was_read(struct walk *w)
{
	return !w->c.bad || refuse(w, DA_F_SHORT, w->c.at);
}

static bool
read_head(struct walk *w, struct head *ret)
{
	struct head h = { .at = w->c.at };
	uint8_t version = da_u8(&w->c);

	h.code = da_u8(&w->c);
	h.param1 = da_u8(&w->c);
	h.param2 = da_u8(&w->c);
	if (!was_read(w))
		return false;
	if (version != w->vca->version)
		return refuse(w, h.at == 0 ? DA_F_VCA_OTHER :
		    DA_F_MEAS_VERSION, h.at);
	*ret = h;
	return true;
}

static bool
read_answer(struct walk *w, uint8_t code, struct head *ret)
{
	return read_head(w, ret) && (ret->code == code ||
	    refuse(w, DA_F_BETWEEN_CODE, ret->at + 1));
}

/* -- DIGESTS -- */

static bool
model_fits(unsigned int slot, uint8_t model)
{
	return model <= MODEL_GENERIC && (slot != 0 || model != MODEL_GENERIC);
}

/* KeyPairID of each slot, then CertificateInfo, then KeyUsageMask. */
static bool
read_keys(struct walk *w, uint8_t provisioned)
{
	struct da_slot *s = w->b.slot;
	size_t at;

	for (unsigned int i = 0; i < DA_SLOTS; i++)
		if ((provisioned >> i & 1) != 0)
			s[i].key_pair = da_u8(&w->c);
	for (unsigned int i = 0; i < DA_SLOTS; i++) {
		if ((provisioned >> i & 1) == 0)
			continue;
		at = w->c.at;
		s[i].model = da_u8(&w->c) & MODEL_BITS;
		/* A key without a certificate has a digest of zeros. */
		if (!model_fits(i, s[i].model) || (!w->c.bad &&
		    s[i].model == 0 && !da_slice_is_zero(s[i].digest)))
			return refuse(w, DA_F_BETWEEN_FORM, at);
	}
	for (unsigned int i = 0; i < DA_SLOTS; i++)
		if ((provisioned >> i & 1) != 0)
			s[i].usage = da_le16(&w->c);
	return true;
}

/* A slot that holds something is one that there is (SPDM 1.3). */
static bool
masks_fit(struct walk *w, const struct head *h)
{
	if (w->vca->version >= DA_SPDM_13)
		w->b.supported = h->param1;
	return (h->param2 != 0 && (w->vca->version < DA_SPDM_13 ||
	    (h->param2 & ~h->param1) == 0)) ||
	    refuse(w, DA_F_BETWEEN_FORM, h->at + 2);
}

static bool
read_digests(struct walk *w)
{
	struct head h = { 0 };

	if (!read_answer(w, DIGESTS, &h) || !masks_fit(w, &h))
		return false;
	w->b.has_digests = true;
	for (unsigned int i = 0; i < DA_SLOTS; i++)
		if ((h.param2 >> i & 1) != 0)
			w->b.slot[i].digest = da_take(&w->c, w->hash_size);
	if (w->multi_key && !read_keys(w, h.param2))
		return false;
	return was_read(w);
}

/* -- CERTIFICATE -- */

static bool
read_lengths(struct walk *w, bool large, uint32_t *ret_a, uint32_t *ret_b)
{
	*ret_a = da_le16(&w->c);
	*ret_b = da_le16(&w->c);
	if (large) {
		*ret_a = da_le32(&w->c);
		*ret_b = da_le32(&w->c);
	}
	return was_read(w);
}

/* From the chain's first byte on, without a gap, each until it is whole. */
static bool
goes_on(struct walk *w, const struct request *r)
{
	struct chain *ch = &w->chain;

	if (ch->have == ch->total) {
		if (!r->size_only)
			*ch = (struct chain){ .slot = r->slot, .total = 1 };
		return r->size_only || r->offset == 0 ||
		    refuse(w, DA_F_BETWEEN_FORM, r->at + 4);
	}
	return (!r->size_only && r->slot == ch->slot &&
	    r->offset == ch->have) || refuse(w, DA_F_BETWEEN_FORM, r->at + 2);
}

static bool
read_request(struct walk *w, const struct head *h, struct request *ret)
{
	struct request r = { .at = h->at, .slot = h->param1 & SLOT_BITS,
	    .large = w->vca->version >= DA_SPDM_14 && (h->param1 & LARGE) != 0,
	    .size_only = w->vca->version >= DA_SPDM_13 &&
	    (h->param2 & SIZE_ONLY) != 0 };

	if (r.slot >= DA_SLOTS)
		return refuse(w, DA_F_SLOT_RESERVED, h->at + 2);
	if (r.large && !da_vca_has(w->vca, DA_CAP_LARGE_RESP))
		return refuse(w, DA_F_CAPABILITY, h->at + 2);
	if (!read_lengths(w, r.large, &r.offset, &r.length) ||
	    !goes_on(w, &r))
		return false;
	*ret = r;
	return true;
}

/* What CERTIFICATE says of the model agrees with DIGESTS, or stands for it. */
static bool
model_agrees(struct walk *w, const struct request *r, const struct head *h)
{
	struct da_slot *slot = &w->b.slot[r->slot];
	uint8_t model = h->param2 & MODEL_BITS;
	bool fits;

	if (w->vca->version < DA_SPDM_13)
		return true;
	if (!w->multi_key)
		fits = model == 0;
	else
		fits = (model != 0 || r->size_only) &&
		    model_fits(r->slot, model) &&
		    (slot->model == 0 || slot->model == model);
	if (!fits)
		return refuse(w, DA_F_BETWEEN_FORM, h->at + 3);
	slot->model = model;
	return true;
}

static bool
is_to_the_request(struct walk *w, const struct request *r,
    const struct head *h)
{
	bool large = w->vca->version >= DA_SPDM_14 && (h->param1 & LARGE) != 0;

	return ((h->param1 & SLOT_BITS) == r->slot && large == r->large &&
	    (!w->b.has_digests || w->b.slot[r->slot].digest.n != 0)) ||
	    refuse(w, DA_F_BETWEEN_FORM, h->at + 2);
}

static bool
is_the_chains(struct walk *w, struct da_slice bytes, size_t at)
{
	struct da_slice expected;

	if (w->whole == NULL || w->chain.slot != w->whole_slot)
		return true;
	return (w->chain.total == w->whole->n && da_slice_cut(*w->whole,
	    (size_t)w->chain.have, bytes.n, &expected) &&
	    da_slice_eq(bytes, expected)) ||
	    refuse(w, DA_F_BETWEEN_CHAIN, at);
}

/* The first portion says the total; the others may only agree. */
static bool
take_portion(struct walk *w, const struct request *r, uint32_t portion,
    uint32_t remainder, size_t at)
{
	struct chain *ch = &w->chain;
	uint64_t total = ch->have + portion + remainder;
	size_t from = w->c.at;
	struct da_slice bytes = da_take(&w->c, portion);

	if (!was_read(w))
		return false;
	if (portion == 0 || portion > r->length ||
	    (ch->have != 0 && total != ch->total))
		return refuse(w, DA_F_BETWEEN_FORM, at);
	ch->total = total;
	if (!is_the_chains(w, bytes, from))
		return false;
	ch->have += portion;
	return true;
}

static bool
read_certificate(struct walk *w, const struct head *request)
{
	struct head h = { 0 };
	struct request r = { 0 };
	uint32_t portion, remainder;
	size_t at;

	if (!read_request(w, request, &r) || !read_answer(w, CERTIFICATE, &h))
		return false;
	at = w->c.at;
	if (!is_to_the_request(w, &r, &h) || !model_agrees(w, &r, &h) ||
	    !read_lengths(w, r.large, &portion, &remainder))
		return false;
	if (r.size_only)	/* how long it is, and not a byte of it */
		return portion == 0 || refuse(w, DA_F_BETWEEN_FORM, at);
	return take_portion(w, &r, portion, remainder, at);
}

/* -- the messages in their order -- */

/* A second GET_DIGESTS would begin the messages anew. */
static bool
read_next(struct walk *w)
{
	struct head h = { 0 };

	if (!read_head(w, &h))
		return false;
	if (h.code == GET_DIGESTS && h.at == 0)
		return read_digests(w);
	if (h.code == GET_CERTIFICATE)
		return read_certificate(w, &h);
	return refuse(w, DA_F_BETWEEN_CODE, h.at + 1);
}

static bool
read_all(struct walk *w)
{
	if (!da_vca_has(w->vca, DA_CAP_CERT))
		return refuse(w, DA_F_CAPABILITY, 0);
	while (da_left(&w->c) > 0)
		if (!read_next(w))
			return false;
	return w->chain.have == w->chain.total ||
	    refuse(w, DA_F_BETWEEN_FORM, w->c.at);
}

static struct walk
walk_over(struct da_slice raw, const struct da_vca *vca, enum da_hash hash)
{
	return (struct walk){ .c = da_cur_of(raw), .vca = vca,
	    .hash_size = da_hash_alg(hash)->size,
	    .multi_key = da_vca_is_multi_key(vca), .b = { .raw = raw } };
}

bool
da_between_read(struct da_slice raw, const struct da_vca *vca,
    enum da_hash hash, struct da_between *ret, struct da_fault *reterr)
{
	struct walk w = walk_over(raw, vca, hash);

	if (!read_all(&w)) {
		*reterr = w.fault;
		return false;
	}
	*ret = w.b;
	return true;
}

bool
da_between_is_of(const struct da_between *between, const struct da_vca *vca,
    enum da_hash hash, uint8_t slot, struct da_slice chain,
    struct da_fault *reterr)
{
	struct walk w = walk_over(between->raw, vca, hash);
	struct da_hash_value digest;

	if (between->raw.n == 0)
		return true;
	if (between->has_digests) {
		digest = da_hash_of(hash, chain);
		if (slot >= DA_SLOTS || !da_hash_equal(&digest,
		    between->slot[slot].digest))
			return da_refuse(reterr, DA_F_BETWEEN_CHAIN,
			    DA_PART_BETWEEN, 0);
	}
	w.whole = &chain;
	w.whole_slot = slot;
	if (!read_all(&w)) {
		*reterr = w.fault;
		return false;
	}
	return true;
}

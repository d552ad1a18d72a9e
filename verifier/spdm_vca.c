/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_vca.h"

#include "caps.h"

/* DSP0274's external algorithms and Length, by version: 1.0, then 1.1 on. */
#define MAX_EXTERNAL_10	8u
#define MAX_EXTERNAL	20u
#define MAX_OFFER_10	64u
#define MAX_OFFER	128u

#define TABLE_TYPES	8u	/* 2 to 7 are used */

/* Masks of a message's structure tables, by type, and where they stand. */
struct tables {
	uint16_t mask[TABLE_TYPES];
	size_t at[TABLE_TYPES];
};

struct walk {
	struct da_cur c;
	struct da_vca vca;
	struct da_slice versions;	/* entries of VERSION */
	bool block_asked;	/* GET_CAPABILITIES wants algorithms, too */
	struct tables offered;		/* the request's */
	struct da_fault fault;
};

struct head {
	uint8_t version, code, param1;
};

/* What the requester offers, in NEGOTIATE_ALGORITHMS or in CAPABILITIES. */
struct offer {
	uint32_t asym, hash, pqc;
	uint8_t meas_spec, other, mel;
};



static bool
refuse(struct walk *w, enum da_why why, size_t at)
{
	return da_refuse(&w->fault, why, w->vca.part, at);
}

static bool
was_read(struct walk *w)
{
	return !w->c.bad || refuse(w, DA_F_SHORT, w->c.at);
}

/* The header of the next message; `version` 0 where any may stand. */
static bool
read_head(struct walk *w, uint8_t version, uint8_t code, struct head *ret)
{
	size_t at = w->c.at;
	struct head h;

	h.version = da_u8(&w->c);
	h.code = da_u8(&w->c);
	h.param1 = da_u8(&w->c);
	da_u8(&w->c);
	if (!was_read(w))
		return false;
	if (h.code != code)
		return refuse(w, DA_F_VCA_CODE, at + 1);
	if (version != 0 && h.version != version)
		return refuse(w, DA_F_VCA_VERSION, at);
	*ret = h;
	return true;
}

/* GET_VERSION and VERSION say 1.0, whatever is negotiated later. */
static bool
read_get_version(struct walk *w)
{
	struct head h = { 0 };

	return read_head(w, DA_SPDM_10, 0x84, &h);
}

static bool
read_version(struct walk *w)
{
	struct head h = { 0 };

	if (!read_head(w, DA_SPDM_10, 0x04, &h))
		return false;
	da_u8(&w->c);
	w->versions = da_take(&w->c, 2u * da_u8(&w->c));
	return was_read(w);
}

/* Major and minor of an entry; update and alpha take no part. */
static bool
is_listed(struct da_slice versions, uint8_t version)
{
	struct da_cur c = da_cur_of(versions);

	while (da_left(&c) > 0)
		if (da_le16(&c) >> 8 == version)
			return true;
	return false;
}

static bool
read_get_capabilities(struct walk *w)
{
	size_t at = w->c.at;
	struct head h = { 0 };

	if (!read_head(w, 0, 0xe1, &h))
		return false;
	if (!is_listed(w->versions, h.version))
		return refuse(w, DA_F_VCA_VERSION, at);
	if (h.version < DA_SPDM_10 || h.version > DA_SPDM_14)
		return refuse(w, DA_F_VERSION_UNSUPPORTED, at);
	w->vca.version = h.version;
	w->block_asked = h.version >= DA_SPDM_13 && (h.param1 & 1) != 0;
	if (h.version >= DA_SPDM_11) {
		da_take(&w->c, 4);
		w->vca.requester_caps = da_le32(&w->c);
	}
	if (h.version >= DA_SPDM_12)
		da_take(&w->c, 8);
	return was_read(w);
}

/* Type, counts, mask and external algorithms of one structure table. */
static bool
read_table(struct walk *w, uint8_t *type, uint8_t *ret_external,
    struct tables *tables)
{
	uint8_t last = w->vca.version >= DA_SPDM_14 ? 7 : 5;
	size_t at = w->c.at;
	uint8_t before = *type, counts;
	uint16_t mask;

	*type = da_u8(&w->c);
	counts = da_u8(&w->c);
	*ret_external = counts & 0x0f;
	mask = da_le16(&w->c);
	da_take(&w->c, 4u * *ret_external);
	if (!was_read(w))
		return false;
	if (*type <= before || *type < 2 || *type > last || counts >> 4 != 2)
		return refuse(w, DA_F_VCA_TABLE, at);
	tables->mask[*type] = mask;
	tables->at[*type] = at + 2;
	return true;
}

/* The tables that end a message; `external` is what they and it may hold. */
static bool
read_tables(struct walk *w, unsigned int n, unsigned int external,
    struct tables *ret)
{
	uint8_t type = 0, more;

	if (w->vca.version < DA_SPDM_11)
		return true;	/* Param1 is reserved, there are no tables */
	for (unsigned int i = 0; i < n; i++) {
		size_t at = w->c.at;

		if (!read_table(w, &type, &more, ret))
			return false;
		if (more > external)
			return refuse(w, DA_F_VCA_TABLE, at);
		external -= more;
	}
	return true;
}

/* One bit at most, out of what the request has in the table of that type. */
static bool
masks_are_offered(struct walk *w, const struct tables *sel)
{
	for (size_t i = 0; i < TABLE_TYPES; i++) {
		uint16_t mask = sel->mask[i];

		if ((mask & (mask - 1)) != 0)
			return refuse(w, DA_F_ALG_MANY, sel->at[i]);
		if ((mask & ~w->offered.mask[i]) != 0)
			return refuse(w, DA_F_ALG_NOT_OFFERED, sel->at[i]);
	}
	return true;
}

/* From Length on; `from` is where the bytes begin that Length counts. */
static bool
read_offer(struct walk *w, size_t from, unsigned int n_tables,
    struct tables *ret_tables, struct offer *ret)
{
	bool is_10 = w->vca.version < DA_SPDM_11;
	unsigned int external, most = is_10 ? MAX_EXTERNAL_10 : MAX_EXTERNAL;
	size_t at = w->c.at;
	uint16_t length = da_le16(&w->c);
	struct offer offer;

	offer.meas_spec = da_u8(&w->c);
	offer.other = da_u8(&w->c);
	offer.asym = da_le32(&w->c);
	offer.hash = da_le32(&w->c);
	offer.pqc = da_le32(&w->c);
	da_take(&w->c, 8);
	external = da_u8(&w->c);
	external += da_u8(&w->c);
	da_u8(&w->c);
	offer.mel = da_u8(&w->c);
	if (!was_read(w))
		return false;
	if (length > (is_10 ? MAX_OFFER_10 : MAX_OFFER))
		return refuse(w, DA_F_VCA_LENGTH, at);
	if (external > most)
		return refuse(w, DA_F_VCA_TABLE, w->c.at - 4);
	da_take(&w->c, 4u * external);
	if (!was_read(w) || !read_tables(w, n_tables, most - external,
	    ret_tables))
		return false;
	if (w->c.at - from != length)
		return refuse(w, DA_F_VCA_LENGTH, at);
	*ret = offer;
	return true;
}

/* SPDM 1.3's supported algorithms: what the device could, selecting nothing. */
static bool
read_supported_block(struct walk *w)
{
	size_t from = w->c.at;
	uint8_t n_tables = da_u8(&w->c);
	struct tables no_tables = { 0 };
	struct offer unused;

	da_u8(&w->c);
	return read_offer(w, from, n_tables, &no_tables, &unused);
}

/* Before SPDM 1.3 the bit is reserved, and nothing follows. */
static bool
has_block(const struct walk *w, const struct head *h)
{
	return w->vca.version >= DA_SPDM_13 && (h->param1 & 1) != 0;
}

/* Only where it was asked for, between two that can send in chunks. */
static bool
block_may_follow(struct walk *w)
{
	uint32_t both = w->vca.requester_caps & w->vca.responder_caps;

	return (w->block_asked && (both & DA_CAP_CHUNK) != 0) ||
	    refuse(w, DA_F_CAPABILITY, w->vca.caps_at);
}

static bool
read_capabilities(struct walk *w)
{
	struct head h = { 0 };

	if (!read_head(w, w->vca.version, 0x61, &h))
		return false;
	da_take(&w->c, 4);
	w->vca.caps_at = w->c.at;
	w->vca.responder_caps = da_le32(&w->c);
	if (w->vca.version >= DA_SPDM_12)
		da_take(&w->c, 8);
	if (!was_read(w))
		return false;
	return has_block(w, &h) ? block_may_follow(w) && read_supported_block(w) :
	    true;
}

static bool
read_negotiate(struct walk *w)
{
	size_t from = w->c.at;
	struct offer offer;
	struct head h = { 0 };

	if (!read_head(w, w->vca.version, 0xe3, &h) ||
	    !read_offer(w, from, h.param1, &w->offered, &offer))
		return false;
	w->vca.asym_offer = offer.asym;
	w->vca.hash_offer = offer.hash;
	w->vca.pqc_offer = offer.pqc;
	w->vca.meas_spec_offer = offer.meas_spec;
	w->vca.other_offer = offer.other;
	w->vca.mel_offer = offer.mel;
	return true;
}

static void
read_selection(struct walk *w)
{
	w->vca.meas_spec_sel = da_u8(&w->c);
	w->vca.other_sel = da_u8(&w->c);
	w->vca.meas_hash_sel = da_le32(&w->c);
	w->vca.sel_at = (uint16_t)w->c.at;
	w->vca.asym_sel = da_le32(&w->c);
	w->vca.hash_sel = da_le32(&w->c);
	w->vca.pqc_sel = da_le32(&w->c);
	da_take(&w->c, 7);
	w->vca.mel_sel = da_u8(&w->c);
}

static bool
read_algorithms(struct walk *w)
{
	size_t from = w->c.at;
	uint16_t length, external;
	struct tables sel = { 0 };
	struct head h = { 0 };

	if (!read_head(w, w->vca.version, 0x63, &h))
		return false;
	length = da_le16(&w->c);
	read_selection(w);
	external = da_le16(&w->c);
	da_le16(&w->c);
	if (!was_read(w))
		return false;
	if (external != 0)
		return refuse(w, DA_F_ALG_UNSUPPORTED, w->c.at - 4);
	if (!read_tables(w, h.param1, 0, &sel))
		return false;
	if (w->c.at - from != length)
		return refuse(w, DA_F_VCA_LENGTH, from + 4);
	return masks_are_offered(w, &sel);
}

/* A field that the version has not is reserved, and reserved never selects. */
static void
drop_reserved(struct da_vca *vca)
{
	if (vca->version < DA_SPDM_14)
		vca->pqc_sel = vca->pqc_offer = 0;
	if (vca->version < DA_SPDM_13) {
		vca->mel_sel = vca->mel_offer = 0;
		vca->other_sel &= DA_OTHER_OPAQUE;
		vca->other_offer &= DA_OTHER_OPAQUE;
	}
	if (vca->version < DA_SPDM_12)
		vca->other_sel = vca->other_offer = 0;
}

bool
da_vca_read(struct da_cur *c, enum da_part part, struct da_vca *ret,
    struct da_fault *reterr)
{
	static bool (*const messages[])(struct walk *) = {
		read_get_version, read_version,
		read_get_capabilities, read_capabilities,
		read_negotiate, read_algorithms,
	};
	struct walk w = { .c = *c, .vca = { .part = part } };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (!messages[i](&w)) {
			*reterr = w.fault;
			return false;
		}
	drop_reserved(&w.vca);
	w.vca.raw = da_since(&w.c, c->at);
	*c = w.c;
	*ret = w.vca;
	return true;
}

bool
da_vca_parse(struct da_slice raw, struct da_vca *ret, struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(raw);
	struct da_vca vca;

	if (raw.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_VCA, 0);
	if (raw.n > DA_MAX_VCA)
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_VCA,
		    DA_MAX_VCA);
	if (!da_vca_read(&c, DA_PART_VCA, &vca, reterr))
		return false;
	if (!da_all_read(&c))
		return da_refuse_end(reterr, &c, DA_PART_VCA);
	*ret = vca;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks inside measurement records: stage two, after the signature. */
#include "spdm_meas.h"

#define OPERATION_COUNT	0x00	/* GET_MEASUREMENTS Param2 */
#define OPERATION_ALL	0xff

#define DMTF_SPEC	0x01
#define VALUE_RAW	0x80	/* DMTFSpecMeasurementValueType bit 7 */
#define CHANGED		1	/* content changed since the blocks before */

enum form { FORM_BOTH, FORM_RAW, FORM_DIGEST };

static const struct {
	const char *name;
	enum form form;
	uint8_t raw_size;	/* 0: any */
} kinds[DA_MEAS_KINDS] = {
	[DA_MEAS_IMMUTABLE_ROM] = { "immutable-rom", FORM_BOTH, 0 },
	[DA_MEAS_MUTABLE_FIRMWARE] = { "mutable-firmware", FORM_BOTH, 0 },
	[DA_MEAS_HARDWARE_CONFIG] = { "hardware-configuration", FORM_BOTH, 0 },
	[DA_MEAS_FIRMWARE_CONFIG] = { "firmware-configuration", FORM_BOTH, 0 },
	[DA_MEAS_MANIFEST] = { "manifest", FORM_BOTH, 0 },
	[DA_MEAS_DEVICE_MODE] = { "device-mode", FORM_RAW, 16 },
	[DA_MEAS_FIRMWARE_VERSION] = { "firmware-version", FORM_RAW, 0 },
	[DA_MEAS_SVN] = { "svn", FORM_RAW, 8 },
	[DA_MEAS_HEM] = { "hash-extended", FORM_DIGEST, 0 },
	[DA_MEAS_INFORMATIONAL] = { "informational", FORM_RAW, 0 },
	[DA_MEAS_STRUCTURED_MANIFEST] = { "structured-manifest", FORM_BOTH,
	    0 },
};

/* One block, and whether an earlier record or this one had its index. */
struct slot {
	struct da_block block;
	uint16_t exchange;	/* 1 + the exchange that said it; 0: none */
};

struct walk {
	const struct da_meas *meas;
	struct da_slice raw;
	size_t digest_size;	/* 0: raw bit streams only */
	struct slot slot[DA_MAX_BLOCKS + 1];	/* by index; 0 is not used */
	struct da_fault fault;
};

static bool
refuse(struct walk *w, enum da_why why, size_t at)
{
	return da_refuse(&w->fault, why, DA_PART_MEASUREMENTS, at);
}

static bool
form_fits(struct walk *w, const struct da_block *b, size_t at)
{
	enum form form;

	if (b->kind >= DA_MEAS_KINDS)
		return refuse(w, DA_F_BLOCK_KIND, at);
	form = kinds[b->kind].form;
	if (b->raw ? form == FORM_DIGEST :
	    form == FORM_RAW || w->digest_size == 0)
		return refuse(w, DA_F_BLOCK_KIND, at);
	return true;
}

static bool
size_fits(struct walk *w, const struct da_block *b, size_t at)
{
	size_t size = b->raw ? kinds[b->kind].raw_size : w->digest_size;

	if (size != 0 && b->value.n != size)
		return refuse(w, DA_F_BLOCK_SIZE, at);
	return true;
}

/* DMTF measurement: ValueType, ValueSize, and a value that fills the rest. */
static bool
read_dmtf(struct walk *w, struct da_cur c, struct da_block *b)
{
	size_t at = c.at;
	uint8_t type = da_u8(&c);

	b->kind = type & (uint8_t)~VALUE_RAW;
	b->raw = (type & VALUE_RAW) != 0;
	b->value = da_take(&c, da_le16(&c));
	if (!da_all_read(&c))
		return refuse(w, DA_F_BLOCK_SIZE, at);
	return form_fits(w, b, at) && size_fits(w, b, at + 1);
}

static bool
read_block(struct walk *w, struct da_cur *c, struct da_block *ret)
{
	size_t at = c->at;
	struct da_block b = { .index = da_u8(c) };
	uint8_t spec = da_u8(c);
	struct da_slice body = da_take(c, da_le16(c));

	if (c->bad)
		return refuse(w, DA_F_BLOCK_COUNT, at);
	if (b.index == 0 || b.index > DA_MAX_BLOCKS)
		return refuse(w, DA_F_BLOCK_INDEX, at);
	if (spec != DMTF_SPEC)
		return refuse(w, DA_F_BLOCK_SPEC, at + 1);
	if (!read_dmtf(w, da_cur_over(c, body), &b))
		return false;
	*ret = b;
	return true;
}

static bool
is_same(const struct da_block *a, const struct da_block *b)
{
	return a->kind == b->kind && a->raw == b->raw &&
	    da_slice_eq(a->value, b->value);
}

/*
 * The last value of an index is the claim.  That it differs from an earlier one
 * is legal only where the device says that it saw a change (contract 1).
 */
static bool
keep(struct walk *w, uint16_t exchange, const struct da_block *b, size_t at)
{
	struct slot *slot = &w->slot[b->index];

	if (slot->exchange == exchange + 1)
		return refuse(w, DA_F_BLOCK_TWICE, at);
	if (slot->exchange != 0 && !is_same(&slot->block, b) &&
	    w->meas->content_changed != CHANGED)
		return refuse(w, DA_F_BLOCK_CHANGED, at);
	slot->block = *b;
	slot->exchange = (uint16_t)(exchange + 1);
	return true;
}

/* How many blocks the request's operation allows. */
static bool
count_fits(const struct da_exchange *e)
{
	if (e->operation == OPERATION_COUNT)
		return e->n_blocks == 0;
	if (e->operation == OPERATION_ALL)
		return e->n_blocks != 0;
	return e->n_blocks == 1;
}

static bool
is_asked_for(const struct da_exchange *e, const struct da_block *b)
{
	return e->operation == OPERATION_ALL || e->operation == b->index;
}

static bool
read_record(struct walk *w, uint16_t i)
{
	const struct da_exchange *e = &w->meas->exchange[i];
	struct da_cur whole = da_cur_of(w->raw);
	struct da_cur c = da_cur_over(&whole, e->record);
	struct da_block b;

	if (!count_fits(e))
		return refuse(w, DA_F_BLOCK_COUNT, c.at);
	for (unsigned int n = 0; n < e->n_blocks; n++) {
		size_t at = c.at;

		if (!read_block(w, &c, &b))
			return false;
		if (!is_asked_for(e, &b))
			return refuse(w, DA_F_BLOCK_INDEX, at);
		if (!keep(w, i, &b, at))
			return false;
	}
	if (!da_all_read(&c))
		return refuse(w, DA_F_BLOCK_COUNT, c.at);
	return true;
}

bool
da_blocks_read(struct da_slice raw, const struct da_meas *meas,
    enum da_hash meas_hash, struct da_blocks *ret, struct da_fault *reterr)
{
	struct walk w = { .meas = meas, .raw = raw,
	    .digest_size = da_hash_alg(meas_hash)->size };

	for (uint16_t i = 0; i < meas->n; i++)
		if (!read_record(&w, i)) {
			*reterr = w.fault;
			return false;
		}
	ret->n = 0;
	for (unsigned int index = 1; index <= DA_MAX_BLOCKS; index++)
		if (w.slot[index].exchange != 0)
			ret->block[ret->n++] = w.slot[index].block;
	return true;
}

static bool
is_raw(const struct da_block *block, enum da_meas_kind kind)
{
	return block->kind == kind && block->raw &&
	    block->value.n == kinds[kind].raw_size;
}

bool
da_block_svn(const struct da_block *block, uint64_t *ret)
{
	struct da_cur c = da_cur_of(block->value);

	if (!is_raw(block, DA_MEAS_SVN))
		return false;
	*ret = da_le64(&c);
	return true;
}

bool
da_block_mode(const struct da_block *block, struct da_mode *ret)
{
	struct da_cur c = da_cur_of(block->value);

	if (!is_raw(block, DA_MEAS_DEVICE_MODE))
		return false;
	ret->operation_told = da_le32(&c);
	ret->operation = da_le32(&c);
	ret->device_told = da_le32(&c);
	ret->device = da_le32(&c);
	return true;
}

const char *
da_meas_kind_name(uint8_t kind)
{
	return kind < DA_MEAS_KINDS ? kinds[kind].name : NULL;
}

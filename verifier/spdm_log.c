/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_log.h"

#include "hash.h"

#define VALUE_RAW	0x80	/* ValueType bit 7 */

static bool
refuse(struct da_fault *reterr, enum da_why why, size_t at)
{
	return da_refuse(reterr, why, DA_PART_LOG, at);
}

/* -- reading -- */

bool
da_log_next(struct da_cur *c, struct da_log_entry *ret)
{
	size_t from = c->at;
	struct da_log_entry e;
	uint32_t reserved;
	uint8_t type;

	e.number = da_le32(c);
	e.index = da_u8(c);
	reserved = da_le24(c);
	type = da_u8(c);
	e.kind = type & (uint8_t)~VALUE_RAW;
	e.raw = (type & VALUE_RAW) != 0;
	e.value = da_take(c, da_le16(c));
	e.whole = da_since(c, from);
	if (c->bad || reserved != 0)
		return false;
	*ret = e;
	return true;
}

/* As many entries as the header says, and then the end. */
static bool
entries_add_up(struct da_cur c, uint32_t n, struct da_fault *reterr)
{
	struct da_log_entry entry;

	for (uint32_t i = 0; i < n; i++) {
		size_t at = c.at;

		if (!da_log_next(&c, &entry))
			return refuse(reterr, DA_F_LOG_FORM, at);
	}
	return da_all_read(&c) || refuse(reterr, DA_F_LOG_FORM, c.at);
}

bool
da_log_read(struct da_slice raw, struct da_log *ret, struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(raw);
	struct da_log log;
	uint32_t length;
	uint64_t reserved;

	if (raw.n == 0)
		return refuse(reterr, DA_F_EMPTY, 0);
	if (raw.n > DA_MAX_LOG)
		return refuse(reterr, DA_F_TOO_LONG, DA_MAX_LOG);
	log.n = da_le32(&c);
	length = da_le32(&c);
	reserved = da_le64(&c);
	if (c.bad)
		return refuse(reterr, DA_F_SHORT, c.at);
	if (log.n > DA_MAX_LOG_ENTRIES)
		return refuse(reterr, DA_F_LOG_FORM, 0);
	if (length != da_left(&c))
		return refuse(reterr, DA_F_LOG_FORM, 4);
	if (reserved != 0)
		return refuse(reterr, DA_F_LOG_FORM, 8);
	if (!entries_add_up(c, log.n, reterr))
		return false;
	log.entries = da_rest(&c);
	*ret = log;
	return true;
}

/* -- what it gives -- */

/* A hash-extended block, and what the log gives for it so far. */
struct extended {
	const struct da_block *block;	/* NULL: no such block */
	struct da_hash_value value;
	bool touched;
};

struct replay {
	enum da_hash hash;
	struct extended of[DA_MAX_BLOCKS + 1];	/* by index; 0 is not used */
};

/* HEM' = Hash(HEM || entry), the entry with its header. */
static bool
extend(struct replay *r, const struct da_log_entry *entry)
{
	struct extended *e = &r->of[entry->index];
	struct da_slice parts[] = { da_hash_bytes(&e->value), entry->whole };

	e->value = da_hash_all(r->hash, parts, 2);
	e->touched = true;
	return e->value.n != 0;
}

/* Extended hashes start at zeros of the measurement hash's size. */
static void
start(struct replay *r, const struct da_blocks *blocks)
{
	for (uint16_t i = 0; i < blocks->n; i++) {
		const struct da_block *block = &blocks->block[i];

		if (block->kind != DA_MEAS_HEM)
			continue;
		r->of[block->index].block = block;
		r->of[block->index].value.n =
		    (uint8_t)da_hash_alg(r->hash)->size;
	}
}

static bool
is_extended(const struct replay *r, uint8_t index)
{
	return index <= DA_MAX_BLOCKS && r->of[index].block != NULL;
}

static bool
play(struct replay *r, struct da_slice raw, const struct da_log *log,
    struct da_fault *reterr)
{
	struct da_cur whole = da_cur_of(raw);
	struct da_cur c = da_cur_over(&whole, log->entries);
	struct da_log_entry entry;

	for (uint32_t i = 0; i < log->n; i++) {
		size_t at = c.at;

		if (!da_log_next(&c, &entry))
			return refuse(reterr, DA_F_LOG_FORM, at);
		if (!is_extended(r, entry.index))
			return refuse(reterr, DA_F_LOG_BLOCK, at);
		if (!extend(r, &entry))
			return refuse(reterr, DA_F_LOG_DIFFERS, at);
	}
	return true;
}

bool
da_log_gives(struct da_slice raw, const struct da_log *log,
    const struct da_blocks *blocks, enum da_hash meas_hash, bool *ret_all,
    struct da_fault *reterr)
{
	struct replay r = { .hash = meas_hash };
	bool all = true;

	start(&r, blocks);
	if (!play(&r, raw, log, reterr))
		return false;
	for (unsigned int i = 1; i <= DA_MAX_BLOCKS; i++) {
		const struct extended *e = &r.of[i];

		if (e->block == NULL ||
		    da_hash_equal(&e->value, e->block->value))
			continue;
		if (e->touched)
			return refuse(reterr, DA_F_LOG_DIFFERS, 0);
		all = false;
	}
	*ret_all = all;
	return true;
}

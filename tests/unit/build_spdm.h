/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPDM messages for tests, from plans with every knob that a test turns.  What
 * they write is valid where a plan says nothing else.
 */
#ifndef DA_TEST_BUILD_SPDM_H
#define DA_TEST_BUILD_SPDM_H

#include "build.h"

struct vca_plan {
	uint8_t version;
	uint32_t caps, req_caps;	/* responder's and requester's flags */
	uint32_t asym_offer, asym_sel;
	uint32_t hash_offer, hash_sel;
	uint32_t pqc_offer, pqc_sel;
	uint32_t meas_hash_sel;
	uint8_t spec_offer, spec_sel;
	uint8_t other_offer, other_sel;
	bool tables;			/* the four of libspdm */
	bool block_asked, block;	/* SPDM 1.3 supported algorithms */
	uint8_t n_external;		/* external signature algorithms */
};

/* Where each message begins, and the end. */
struct vca_at {
	size_t version, get_caps, caps, negotiate, algorithms, end;
};

static inline struct vca_plan
vca_plan(uint8_t version)
{
	/* CERT, CHAL, MEAS with signature. */
	return (struct vca_plan){ .version = version, .caps = 0x16,
	    .asym_offer = 0x90, .asym_sel = 0x80, .hash_offer = 0x03,
	    .hash_sel = 0x02, .meas_hash_sel = 0x04, .spec_offer = 1,
	    .spec_sel = 1, .other_offer = 2, .other_sel = 2,
	    .tables = version >= 0x11 };
}

static inline void
put_head(struct buf *b, unsigned int version, unsigned int code,
    unsigned int param1, unsigned int param2)
{
	put8(b, version);
	put8(b, code);
	put8(b, param1);
	put8(b, param2);
}

static inline void
put_tables(struct buf *b, const struct vca_plan *p)
{
	static const uint8_t tables[] = { 2, 0x20, 0x10, 0, 3, 0x20, 2, 0,
	    4, 0x20, 0x80, 0, 5, 0x20, 1, 0 };

	if (p->tables)
		put_bytes(b, tables, sizeof(tables));
}

/* From Length on: NEGOTIATE_ALGORITHMS, or the block of CAPABILITIES. */
static inline void
put_offer(struct buf *b, const struct vca_plan *p, unsigned int before)
{
	unsigned int n = 28u + before + 4u * p->n_external +
	    (p->tables ? 16 : 0);

	put16(b, n);
	put8(b, p->spec_offer);
	put8(b, p->other_offer);
	put32(b, p->asym_offer);
	put32(b, p->hash_offer);
	put32(b, p->pqc_offer);
	put_fill(b, 0, 8);
	put8(b, p->n_external);
	put_fill(b, 0, 3);
	put_fill(b, 0x11, 4u * p->n_external);
	put_tables(b, p);
}

static inline void
put_capabilities(struct buf *b, const struct vca_plan *p, struct vca_at *at)
{
	at->get_caps = b->n;
	put_head(b, p->version, 0xe1, p->block_asked ? 1 : 0, 0);
	if (p->version >= 0x11) {
		put32(b, 0);
		put32(b, p->req_caps);
	}
	if (p->version >= 0x12)
		put_fill(b, 0x40, 8);
	at->caps = b->n;
	put_head(b, p->version, 0x61, p->block ? 1 : 0, 0);
	put32(b, 0);
	put32(b, p->caps);
	if (p->version >= 0x12)
		put_fill(b, 0x40, 8);
	if (p->block) {
		put8(b, p->tables ? 4 : 0);
		put8(b, 0);
		put_offer(b, p, 2);
	}
}

static inline void
put_selection(struct buf *b, const struct vca_plan *p)
{
	put_head(b, p->version, 0x63, p->tables ? 4 : 0, 0);
	put16(b, p->tables ? 52 : 36);
	put8(b, p->spec_sel);
	put8(b, p->other_sel);
	put32(b, p->meas_hash_sel);
	put32(b, p->asym_sel);
	put32(b, p->hash_sel);
	put32(b, p->pqc_sel);
	put_fill(b, 0, 12);
	put_tables(b, p);
}

static inline struct buf
build_vca(const struct vca_plan *p, struct vca_at *at)
{
	struct buf b = { 0 };

	put_head(&b, 0x10, 0x84, 0, 0);
	at->version = b.n;
	put_head(&b, 0x10, 0x04, 0, 0);
	put16(&b, 0x0500);	/* reserved, five entries */
	for (unsigned int v = 0x10; v <= 0x14; v++)
		put16(&b, v << 8);
	put_capabilities(&b, p, at);
	at->negotiate = b.n;
	put_head(&b, p->version, 0xe3, p->tables ? 4 : 0, 0);
	put_offer(&b, p, 4);
	at->algorithms = b.n;
	put_selection(&b, p);
	at->end = b.n;
	return b;
}

struct exchange_plan {
	uint8_t version;
	bool is_signed;
	uint8_t operation;	/* request Param2 */
	uint8_t slot;		/* SlotIDParam */
	uint8_t nonce;		/* each byte of the requester's */
	uint8_t total;		/* response Param1 */
	uint8_t answer;		/* response Param2 */
	uint8_t n_blocks;
	struct da_slice record;
	uint16_t opaque;	/* bytes */
	struct da_slice opaque_raw;	/* these instead, where p is set */
	uint16_t sig_size;
};

static inline void
put_request(struct buf *b, const struct exchange_plan *p)
{
	put_head(b, p->version, 0xe0, p->is_signed ? 1 : 0, p->operation);
	if (p->is_signed) {
		put_fill(b, p->nonce, 32);
		if (p->version >= 0x11)
			put8(b, p->slot);
	}
	if (p->version >= 0x13)
		put_fill(b, 0xcc, 8);
}

/*
 * OpaqueDataFmt1 with one element of DMTF's, where the plan's count of bytes
 * can be one; else so many bytes.
 */
static inline void
put_opaque(struct buf *b, const struct exchange_plan *p)
{
	bool table = p->opaque >= 8 && p->opaque % 4 == 0;

	if (p->opaque_raw.p != NULL) {
		put16(b, (unsigned int)p->opaque_raw.n);
		put_slice(b, p->opaque_raw);
		return;
	}
	put16(b, p->opaque);
	if (table) {
		put32(b, 1);
		put16(b, 0);
		put16(b, p->opaque - 8u);
	}
	put_fill(b, 0x0f, table ? p->opaque - 8u : p->opaque);
}

/* The signature, where there is one, is sig_size bytes of 0x55. */
static inline void
put_response(struct buf *b, const struct exchange_plan *p)
{
	put_head(b, p->version, 0x60, p->total, p->answer);
	put8(b, p->n_blocks);
	put24(b, p->record.n);
	put_slice(b, p->record);
	put_fill(b, 0xdd, 32);
	put_opaque(b, p);
	if (p->version >= 0x13)
		put_fill(b, 0xcc, 8);
	if (p->is_signed)
		put_fill(b, 0x55, p->sig_size);
}

static inline void
put_exchange(struct buf *b, const struct exchange_plan *p)
{
	put_request(b, p);
	put_response(b, p);
}

/* One DMTF block; bit 7 of `type` says raw. */
static inline void
put_block(struct buf *b, unsigned int index, unsigned int type, uint8_t byte,
    unsigned int size)
{
	put8(b, index);
	put8(b, 1);
	put16(b, size + 3);
	put8(b, type);
	put16(b, size);
	put_fill(b, byte, size);
}

#endif

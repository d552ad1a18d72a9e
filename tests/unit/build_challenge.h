/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CHALLENGE and the messages in front of it for tests, from plans with every
 * knob; signed by a kit's leaf where one is there.
 */
#ifndef DA_TEST_BUILD_CHALLENGE_H
#define DA_TEST_BUILD_CHALLENGE_H

#include "build_spdm.h"

struct challenge_plan {
	uint8_t version;
	uint8_t slot;		/* request Param1 */
	uint8_t summary;	/* request Param2 */
	uint8_t nonce;		/* each byte of the requester's */
	uint8_t answer, mask;	/* response Param1, Param2 */
	struct da_slice chain_hash;
	uint8_t summary_size;	/* bytes; the message must have them or not */
	struct da_slice opaque;
	uint16_t sig_size;
};

/* The signature is sig_size bytes of 0x55. */
static inline void
put_challenge(struct buf *b, const struct challenge_plan *p)
{
	put_head(b, p->version, 0x83, p->slot, p->summary);
	put_fill(b, p->nonce, 32);
	if (p->version >= 0x13)
		put_fill(b, 0xcc, 8);
	put_head(b, p->version, 0x03, p->answer, p->mask);
	put_slice(b, p->chain_hash);
	put_fill(b, 0xdd, 32);
	put_fill(b, 0x5a, p->summary_size);
	put16(b, (unsigned int)p->opaque.n);
	put_slice(b, p->opaque);
	if (p->version >= 0x13)
		put_fill(b, 0xcc, 8);
	put_fill(b, 0x55, p->sig_size);
}

struct digests_plan {
	uint8_t version;
	uint8_t supported, provisioned;
	struct da_slice digest[8];	/* of the provisioned slots */
	bool multi_key;
	uint8_t key_pair[8], info[8];
	uint16_t usage[8];
};

static inline void
put_digests(struct buf *b, const struct digests_plan *p)
{
	put_head(b, p->version, 0x81, 0, 0);
	put_head(b, p->version, 0x01, p->supported, p->provisioned);
	for (int i = 0; i < 8; i++)
		if ((p->provisioned >> i & 1) != 0)
			put_slice(b, p->digest[i]);
	if (!p->multi_key)
		return;
	for (int i = 0; i < 8; i++)
		if ((p->provisioned >> i & 1) != 0)
			put8(b, p->key_pair[i]);
	for (int i = 0; i < 8; i++)
		if ((p->provisioned >> i & 1) != 0)
			put8(b, p->info[i]);
	for (int i = 0; i < 8; i++)
		if ((p->provisioned >> i & 1) != 0)
			put16(b, p->usage[i]);
}

/* One GET_CERTIFICATE and its answer. */
struct portion_plan {
	uint8_t version, slot, info;
	bool large;
	uint32_t offset, ask, portion, remainder;
};

static inline void
put_lengths(struct buf *b, bool large, uint32_t first, uint32_t second)
{
	put16(b, large ? 0 : first);
	put16(b, large ? 0 : second);
	if (!large)
		return;
	put32(b, first);
	put32(b, second);
}

static inline void
put_portion(struct buf *b, const struct portion_plan *p, struct da_slice chain)
{
	uint8_t bit = p->large ? 0x80 : 0;

	put_head(b, p->version, 0x82, p->slot | bit, 0);
	put_lengths(b, p->large, p->offset, p->ask);
	put_head(b, p->version, 0x02, p->slot | bit, p->info);
	put_lengths(b, p->large, p->portion, p->remainder);
	ck_assert_uint_le((size_t)p->offset + p->portion, chain.n);
	put_bytes(b, chain.p + p->offset, p->portion);
}

/* The whole chain in portions of at most `size` bytes. */
static inline void
put_portions(struct buf *b, struct portion_plan p, uint32_t size,
    struct da_slice chain)
{
	p.ask = size;
	for (p.offset = 0; p.offset < chain.n; p.offset += p.portion) {
		uint32_t left = (uint32_t)chain.n - p.offset;

		p.portion = left < size ? left : size;
		p.remainder = left - p.portion;
		put_portion(b, &p, chain);
	}
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kit's device for tests of what must not pass: the evidence verifies
 * first, so that what is spoiled afterwards is what refuses.
 */
#ifndef DA_TEST_STRICT_H
#define DA_TEST_STRICT_H

#include "kit.h"

static struct kit k;

static inline void
verifies(void)
{
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert_uint_eq(k.proof.proved, 1);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_kit(k, WELL_FORMED, DA_HOLDS);
}

static inline void
start(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_make(&k);
	verifies();
}

/* With the plans changed: everything is made and signed anew. */
static inline void
remake(void)
{
	kit_make(&k);
}

/* `verify` refuses by this check, with this fault, and ends with its class. */
#define ck_refused(check, fault) do {					\
	ck_assert_int_eq(kit_ask(&k), da_fault_text(fault)->exit_class); \
	ck_kit_fault(k, check, fault);					\
} while (0)

/* An exchange of these bytes, with a signature over those. */
static inline void
give_signed(struct da_slice sent, struct da_slice message)
{
	struct buf b = buf_copy(sent);

	put_slice(&b, sign_spdm(k.leaf_key, k.algs.asym, k.algs.md, message));
	give(&k, DA_PART_MEASUREMENTS, exact(buf_slice(&b), b.n));
}

/* The plan's exchange, as it is signed: without its signature. */
static inline struct da_slice
transcript(void)
{
	struct buf b = { 0 };

	put_exchange(&b, &k.exchange);
	return da_slice_of(b.p, b.n - k.exchange.sig_size);
}

/* Bytes put behind, or in front of, a part that was given. */
static inline void
append(enum da_part part, struct da_slice bytes)
{
	struct buf b = buf_copy(k.bundle.part[part]);

	put_slice(&b, bytes);
	give(&k, part, exact(buf_slice(&b), b.n));
}

/* These certificates, root side first, under RootHash of this one. */
static inline void
give_chain(const struct da_slice *certs, size_t n, struct da_slice root)
{
	struct da_hash_value digest = da_hash_of(k.algs.hash, root);
	struct buf b = { 0 };

	put32(&b, 0);
	put_slice(&b, da_hash_bytes(&digest));
	for (size_t i = 0; i < n; i++)
		put_slice(&b, certs[i]);
	set_le(&b, 0, b.n, 4);
	give(&k, DA_PART_CHAIN, exact(buf_slice(&b), b.n));
}

/* A CA between the kit's root and its leaf; plans may be changed after. */
static inline struct cert_plan
plan_middle(void)
{
	EVP_PKEY *key = new_key("P-384");

	k.leaf.issuer = "middle";
	k.leaf.signer = key;
	return ca_plan("middle", key, "root", k.root_key);
}

/* Root, middle, leaf as the plans stand; everything anew. */
static inline void
remake_with(const struct cert_plan *middle)
{
	struct da_slice certs[3];

	kit_make(&k);
	certs[0] = k.root_der;
	certs[1] = make_cert(middle);
	certs[2] = make_cert(&k.leaf);
	give_chain(certs, 3, k.root_der);
}

/* One record in place of the plan's, and how many blocks it says to have. */
static inline void
set_record(const struct buf *record, uint8_t n_blocks)
{
	k.exchange.record = exact(buf_slice(record), record->n);
	k.exchange.n_blocks = n_blocks;
	remake();
}

#endif

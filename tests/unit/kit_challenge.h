/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kit whose device was challenged, too: DIGESTS and CERTIFICATE of the kit's
 * chain, and a CHALLENGE_AUTH that verifies.
 */
#ifndef DA_TEST_KIT_CHALLENGE_H
#define DA_TEST_KIT_CHALLENGE_H

#include "build_challenge.h"
#include "kit.h"

struct challenge_kit {
	struct challenge_plan plan;
	struct digests_plan digests;
	struct portion_plan portion;
	EVP_PKEY *key;			/* the signer's; NULL: the leaf's */
	struct da_slice hashed;		/* for CertChainHash; n 0: the chain */
	bool without_between;
	uint8_t nonce[DA_NONCE];	/* the asker's */
};

/* Before kit_make(): what a multi-key connection negotiates. */
static inline void
kit_several_keys(struct kit *k)
{
	k->vca.caps |= DA_CAP_MULTI_KEY_NEG;
	k->vca.other_offer |= DA_OTHER_MULTI_KEY;
}

/* The plans for a kit that was made; a test turns their knobs. */
static inline void
challenge_start(struct challenge_kit *c, const struct kit *k)
{
	bool several = (k->vca.other_offer & DA_OTHER_MULTI_KEY) != 0 &&
	    k->version >= 0x13;

	memset(c, 0, sizeof(*c));
	memset(c->nonce, 0xee, sizeof(c->nonce));
	c->plan = (struct challenge_plan){ .version = k->version,
	    .summary = 0xff, .nonce = 0xee, .mask = 1,
	    .summary_size = da_hash_alg(k->algs.hash)->size,
	    .sig_size = da_asym_alg(k->algs.asym)->sig_size };
	c->digests = (struct digests_plan){ .version = k->version,
	    .supported = 1, .provisioned = 1, .multi_key = several,
	    .info = { 1 }, .usage = { 6 } };
	c->portion = (struct portion_plan){ .version = k->version,
	    .info = several ? 1 : 0 };
}

/* What a responder signs for M1/M2, by DSP0274; without the verifier. */
static inline struct da_slice
challenge_message(const struct kit *k, const struct da_slice pieces[3])
{
	struct da_hash_value h = da_hash_all(k->algs.hash, pieces, 3);
	struct buf m = { 0 };

	if (k->version < 0x12) {
		for (int i = 0; i < 3; i++)
			put_slice(&m, pieces[i]);
		return buf_slice(&m);
	}
	for (int i = 0; i < 4; i++)
		put_bytes(&m, k->version == 0x12 ? "dmtf-spdm-v1.2.*" :
		    k->version == 0x13 ? "dmtf-spdm-v1.3.*" :
		    "dmtf-spdm-v1.4.*", 16);
	put_bytes(&m, "\0\0\0\0responder-challenge_auth signing", 36);
	put_slice(&m, da_hash_bytes(&h));
	return buf_slice(&m);
}

/* The digest of a slice, in memory that stays. */
static inline struct da_slice
kept_digest(enum da_hash hash, struct da_slice s)
{
	struct da_hash_value h = da_hash_of(hash, s);

	return exact(da_hash_bytes(&h), h.n);
}

static inline struct da_slice
challenge_sign(const struct kit *k, EVP_PKEY *key, struct da_slice message)
{
	switch (da_asym_alg(k->algs.asym)->scheme) {
	case DA_SCHEME_ED448:
	case DA_SCHEME_MLDSA:
	case DA_SCHEME_SLHDSA:
		return sign_message(key, da_slice_str(
		    "responder-challenge_auth signing"), message);
	default:
		return sign_spdm(key, k->algs.asym, k->algs.md, message);
	}
}

/* Both parts as the plans stand, and the nonce of the honest question. */
static inline void
challenge_make(struct challenge_kit *c, struct kit *k)
{
	struct da_slice chain = k->bundle.part[DA_PART_CHAIN];
	struct da_slice pieces[3] = { k->vca_raw }, signature;
	struct buf b = { 0 }, ch = { 0 };
	size_t n;

	if (!c->without_between) {
		for (int i = 0; i < 8; i++)
			if (c->digests.digest[i].n == 0)
				c->digests.digest[i] = kept_digest(
				    k->algs.hash, chain);
		put_digests(&b, &c->digests);
		put_portions(&b, c->portion, 333, chain);
		give(k, DA_PART_BETWEEN, exact(buf_slice(&b), b.n));
	}
	if (c->plan.chain_hash.n == 0)
		c->plan.chain_hash = kept_digest(k->algs.hash,
		    c->hashed.n != 0 ? c->hashed : chain);
	put_challenge(&ch, &c->plan);
	n = ch.n - c->plan.sig_size;
	pieces[1] = buf_slice(&b);
	pieces[2] = da_slice_of(ch.p, n);
	signature = challenge_sign(k, c->key != NULL ? c->key : k->leaf_key,
	    challenge_message(k, pieces));
	ck_assert_uint_eq(signature.n, c->plan.sig_size);
	memcpy(ch.p + n, signature.p, signature.n);
	give(k, DA_PART_CHALLENGE, exact(buf_slice(&ch), ch.n));
	k->ask.challenge_nonce = da_slice_of(c->nonce, sizeof(c->nonce));
}

#endif

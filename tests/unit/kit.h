/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device in one function: chain, VCA and signed measurements that verify, and
 * the question that goes with them.  A test turns a knob, signs anew, and asks.
 */
#ifndef DA_TEST_KIT_H
#define DA_TEST_KIT_H

#include "build_spdm.h"
#include "makecert.h"
#include "verifier/claims.h"

struct kit_algs {
	enum da_asym asym;
	enum da_hash hash;
	const char *curve, *md;	/* NULL: no curve; the row says what else */
};

static const struct kit_algs kit_p384 = { DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
    "P-384", "SHA384" };

struct kit {
	uint8_t version;
	struct kit_algs algs;
	EVP_PKEY *root_key, *leaf_key;
	struct cert_plan root, leaf;
	struct vca_plan vca;
	struct exchange_plan exchange;	/* the signed one */
	struct buf before;		/* exchanges in front of it */
	struct da_slice root_der, vca_raw;
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
};

static inline void
kit_start(struct kit *k, uint8_t version, const struct kit_algs *algs)
{
	static struct buf record;
	const struct da_hash_alg *hash = da_hash_alg(algs->hash);
	const struct da_asym_alg *asym = da_asym_alg(algs->asym);

	memset(k, 0, sizeof(*k));
	k->version = version;
	k->algs = *algs;
	k->root_key = new_key("P-384");
	k->leaf_key = algs->curve != NULL ? new_key(algs->curve) :
	    new_key_of(algs->asym);
	k->root = ca_plan("root", k->root_key, "root", k->root_key);
	k->leaf = leaf_plan("leaf", k->leaf_key, "root", k->root_key);
	k->vca = vca_plan(version);
	if (asym->pqc) {
		k->vca.pqc_sel = k->vca.pqc_offer = asym->bit;
		k->vca.asym_sel = 0;
	} else {
		k->vca.asym_sel = k->vca.asym_offer = asym->bit;
	}
	k->vca.hash_sel = k->vca.hash_offer = hash->base_bit;
	k->vca.meas_hash_sel = hash->meas_bit;
	record.n = 0;
	put_block(&record, 1, 0x00, 0x11, hash->size);
	put_block(&record, 2, 0x87, 0x22, 8);
	put_block(&record, 0xfd, 0x84, 0x33, 20);
	k->exchange = (struct exchange_plan){ .version = version,
	    .is_signed = true, .operation = 0xff, .nonce = 0xaa,
	    .n_blocks = 3, .record = buf_slice(&record), .opaque = 12,
	    .sig_size = asym->sig_size };
}

static inline struct da_slice
kit_chain(struct kit *k)
{
	struct da_slice certs[2];

	k->root_der = certs[0] = make_cert(&k->root);
	certs[1] = make_cert(&k->leaf);
	return chain_of(certs, 2, k->algs.hash);
}

/* What a responder signs, by DSP0274; written without the verifier. */
static inline struct da_slice
kit_message(const struct kit *k, struct da_slice transcript)
{
	struct da_slice l1l2[] = { k->vca_raw, transcript };
	struct da_hash_value h = da_hash_all(k->algs.hash, l1l2, 2);
	struct buf m = { 0 };

	if (k->version < 0x12)
		return transcript;
	for (int i = 0; i < 4; i++)
		put_bytes(&m, k->version == 0x12 ? "dmtf-spdm-v1.2.*" :
		    k->version == 0x13 ? "dmtf-spdm-v1.3.*" :
		    "dmtf-spdm-v1.4.*", 16);
	put_bytes(&m, "\0\0\0\0\0\0responder-measurements signing", 36);
	put_slice(&m, da_hash_bytes(&h));
	return buf_slice(&m);
}

static inline struct da_slice
kit_measurements(struct kit *k)
{
	struct buf b = buf_copy(buf_slice(&k->before));
	struct da_slice signature;
	size_t n;

	put_exchange(&b, &k->exchange);
	n = b.n - k->exchange.sig_size;
	signature = sign_spdm(k->leaf_key, k->algs.asym, k->algs.md,
	    kit_message(k, da_slice_of(b.p, n)));
	ck_assert_uint_eq(signature.n, k->exchange.sig_size);
	memcpy(b.p + n, signature.p, signature.n);
	return exact(buf_slice(&b), b.n);
}

static inline void
give(struct kit *k, enum da_part part, struct da_slice bytes)
{
	k->bundle.given[part] = true;
	k->bundle.part[part] = bytes;
}

static inline void
take_away(struct kit *k, enum da_part part)
{
	k->bundle.given[part] = false;
	k->bundle.part[part] = da_slice_of(NULL, 0);
}

/* Chain, VCA and measurements as the plans stand, and the honest question. */
static inline void
kit_make(struct kit *k)
{
	static uint8_t nonce[DA_NONCE];
	struct vca_at at;
	struct buf vca = build_vca(&k->vca, &at);

	k->vca_raw = exact(buf_slice(&vca), vca.n);
	give(k, DA_PART_CHAIN, kit_chain(k));
	give(k, DA_PART_VCA, k->vca_raw);
	give(k, DA_PART_MEASUREMENTS, kit_measurements(k));
	memset(nonce, k->exchange.nonce, sizeof(nonce));
	k->ask.nonce = da_slice_of(nonce, sizeof(nonce));
	k->ask.anchors.n = 1;
	k->ask.anchors.der[0] = k->root_der;
	k->ask.has_time = true;
	k->ask.at = (VALID_FROM + VALID_TO) / 2;
}

/* Both stages; the exit class of `verify`. */
static inline int
kit_ask(struct kit *k)
{
	da_prove(&k->bundle, &k->ask, &k->evidence, &k->proof);
	da_claims_make(&k->evidence, &k->proof, &k->ask, &k->claims);
	return da_verify_class(&k->bundle, &k->claims.findings);
}

#define ck_kit(k, check, expected)					\
	ck_finding((k).claims.findings, DA_CHK_##check, expected)
#define ck_kit_fault(k, check, fault)					\
	ck_finding_fault((k).claims.findings, DA_CHK_##check, fault)

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* DSP0274's rules for the leaf. */
#include "path.h"

#include "derwalk.h"
#include "dmtf.h"
#include "sig.h"

static bool
eku_has(const struct da_cert *leaf, uint8_t arc)
{
	struct da_der d = da_der_over(da_cur_of(leaf->eku), DA_PART_CHAIN);

	while (da_der_peek(&d) != 0)
		if (da_oid_is_dmtf(da_der_oid(&d), arc))
			return true;
	return false;
}

static bool
may_sign(const struct da_cert *leaf)
{
	return leaf->has_key_usage &&
	    (leaf->key_usage & DA_KU_DIGITAL_SIGNATURE) != 0;
}

/* An absent one, and one of neither role, says nothing. */
static bool
is_requesters_only(const struct da_cert *leaf)
{
	return eku_has(leaf, DMTF_REQUESTER_AUTH) &&
	    !eku_has(leaf, DMTF_RESPONDER_AUTH);
}

/* Of the kind that was negotiated, or of one; and a point lies on its curve. */
static bool
has_key(const struct da_cert *leaf, enum da_asym asym)
{
	enum da_asym kind = da_cert_key_kind(leaf, da_asym_alg(asym)->scheme);
	struct da_key *key;
	bool whole;

	if (kind == DA_ASYM_NONE || (asym != DA_ASYM_NONE && kind != asym))
		return false;
	key = da_key_read(kind, leaf->spki);
	whole = key != NULL;
	da_key_free(key);
	return whole;
}

/*
 * The generic model leaves out fields that X.509 demands all the same, and no
 * rule below: a key that signs measurements is held to them, whoever made its
 * certificate.
 */
static enum da_why
why_not_leaf(const struct da_chain *chain, enum da_asym asym, uint8_t version,
    enum da_cert_model model)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];

	if (!has_key(leaf, asym))
		return DA_F_LEAF_KEY;
	if (!may_sign(leaf))
		return DA_F_LEAF_KEY_USAGE;
	if (leaf->is_ca)
		return DA_F_LEAF_IS_CA;
	if (!leaf->has_basic && version >= 0x13)
		return DA_F_LEAF_NO_BASIC;
	if (is_requesters_only(leaf))
		return DA_F_LEAF_EKU;
	if (model != DA_MODEL_ALIAS)
		return DA_F_NONE;
	if (da_spdm_ids_of(leaf).hardware_identity)
		return DA_F_LEAF_HARDWARE_ID;
	/* Its device certificate CA is not the root, which may be left out. */
	return chain->n < 2 ? DA_F_LEAF_ALIAS_ALONE : DA_F_NONE;
}

bool
da_leaf_is_below_device(const struct da_chain *chain)
{
	for (uint16_t i = 0; i + 1 < chain->n; i++)
		if (da_spdm_ids_of(&chain->cert[i]).hardware_identity)
			return true;
	return false;
}

bool
da_leaf_fits(const struct da_chain *chain, enum da_asym asym, uint8_t version,
    enum da_cert_model model, struct da_fault *reterr)
{
	enum da_why why = why_not_leaf(chain, asym, version, model);

	return why == DA_F_NONE || da_refuse_cert(reterr, why, chain,
	    &chain->cert[chain->n - 1]);
}

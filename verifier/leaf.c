/* SPDX-License-Identifier: Apache-2.0 */
/* DSP0274's rules for the leaf. */
#include "path.h"

#include "derwalk.h"
#include "dmtf.h"

bool
da_oid_is_dmtf(struct da_slice oid, uint8_t arc)
{
	static const uint8_t prefix[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83,
	    0x1c, 0x82, 0x12 };
	struct da_slice head, tail;

	return oid.n == sizeof(prefix) + 1 &&
	    da_slice_cut(oid, 0, sizeof(prefix), &head) &&
	    da_slice_eq(head, da_slice_of(prefix, sizeof(prefix))) &&
	    da_slice_cut(oid, sizeof(prefix), 1, &tail) && tail.p[0] == arc;
}

static bool
eku_has(const struct da_cert *leaf, uint8_t arc)
{
	struct da_der d = da_der_over(da_cur_of(leaf->eku), DA_PART_CHAIN);

	while (da_der_peek(&d) != 0)
		if (da_oid_is_dmtf(da_der_oid(&d), arc))
			return true;
	return false;
}

/* SEQUENCE OF SEQUENCE { OID, ... } in DMTF's SPDM extension. */
static bool
names_hardware_identity(const struct da_extension *ext)
{
	struct da_der d = da_der_over(da_cur_of(ext->value), DA_PART_CHAIN);
	struct da_der list = da_der_enter(&d, DA_DER_SEQUENCE);
	struct da_der item;

	while (da_der_peek(&list) != 0) {
		item = da_der_enter(&list, DA_DER_SEQUENCE);
		if (da_oid_is_dmtf(da_der_oid(&item),
		    DMTF_HARDWARE_IDENTITY))
			return true;
	}
	return false;
}

static bool
claims_hardware_identity(const struct da_cert *leaf)
{
	for (uint16_t i = 0; i < leaf->n_ext; i++)
		if (da_oid_is_dmtf(leaf->ext[i].oid, DMTF_SPDM_EXTENSION) &&
		    names_hardware_identity(&leaf->ext[i]))
			return true;
	return false;
}

bool
da_leaf_fits(const struct da_chain *chain, enum da_asym asym, uint8_t version,
    bool alias, struct da_fault *reterr)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];
	enum da_why why = DA_F_NONE;

	if (asym != DA_ASYM_NONE && da_cert_key_kind(leaf,
	    da_asym_alg(asym)->scheme) != asym)
		why = DA_F_LEAF_KEY;
	else if (!leaf->has_key_usage ||
	    (leaf->key_usage & DA_KU_DIGITAL_SIGNATURE) == 0)
		why = DA_F_LEAF_KEY_USAGE;
	else if (leaf->is_ca)
		why = DA_F_LEAF_IS_CA;
	else if (!leaf->has_basic && version >= 0x13)
		why = DA_F_LEAF_NO_BASIC;
	else if (eku_has(leaf, DMTF_REQUESTER_AUTH) &&
	    !eku_has(leaf, DMTF_RESPONDER_AUTH))
		why = DA_F_LEAF_EKU;
	else if (alias && claims_hardware_identity(leaf))
		why = DA_F_LEAF_HARDWARE_ID;
	return why == DA_F_NONE || da_refuse_cert(reterr, why, chain, leaf);
}

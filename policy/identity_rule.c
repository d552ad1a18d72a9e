/* SPDX-License-Identifier: Apache-2.0 */
#include "identity_rule.h"

#include "policy_rule.h"
#include "verifier/names.h"

static const struct da_cert *
leaf_of(const struct da_claims *claims)
{
	const struct da_chain *chain = &claims->evidence->chain;

	return claims->evidence->has_chain && chain->n > 0 ?
	    &chain->cert[chain->n - 1] : NULL;
}

/* At the name where there is one, else at the leaf that lacks it. */
static enum da_result
broken(const struct da_claims *claims, enum da_why why, struct da_slice at,
    struct da_fault *reterr)
{
	const struct da_cert *leaf = leaf_of(claims);
	size_t offset = 0;

	if (leaf != NULL)
		offset = da_slice_offset(claims->evidence->chain.raw,
		    at.n > 0 ? at : leaf->der);
	da_refuse(reterr, why, DA_PART_CHAIN, offset);
	return DA_BROKEN;
}

/* "Manufacturer:Product:Serial"; a last field of "*" is any one serial. */
static bool
is_info(struct da_slice entry, struct da_slice name)
{
	struct da_cur c = da_cur_of(name);
	struct da_slice head, star, serial, more;

	if (entry.n < 2 || !da_slice_cut(entry, entry.n - 2, 2, &star) ||
	    !da_slice_eq(star, da_slice_str(":*")))
		return da_slice_eq(entry, name);
	if (!da_slice_cut(entry, 0, entry.n - 1, &head) ||
	    !da_slice_eq(da_take(&c, head.n), head))
		return false;
	serial = da_rest(&c);
	return serial.n > 0 && !da_policy_cut_colon(serial, &more, &more);
}

static bool
info_is_named(const struct da_policy_identity *identity, struct da_slice name)
{
	for (uint16_t i = 0; i < identity->n_info; i++)
		if (is_info(da_slice_str(identity->info[i]), name))
			return true;
	return false;
}

enum da_result
da_identity_keeps(const struct da_policy_rule *rule,
    const struct da_claims *claims, enum da_result fact,
    struct da_fault *reterr)
{
	const struct da_policy_identity *asked = &rule->identity;
	const struct da_cert *leaf = leaf_of(claims);
	struct da_slice none = { NULL, 0 };
	struct da_names names = { 0 };

	if (leaf != NULL && !da_names_read(leaf, &names, reterr))
		return DA_BROKEN;
	if ((asked->pci_name && names.pci.n == 0) ||
	    (asked->n_info > 0 && names.device_info.n == 0))
		return broken(claims, DA_F_IDENTITY_ABSENT, none, reterr);
	if (asked->n_info > 0 && !info_is_named(asked, names.device_info))
		return broken(claims, DA_F_IDENTITY_INFO, names.device_info,
		    reterr);
	return fact == DA_NOT_ASKED && asked->n_info > 0 ? DA_HOLDS : fact;
}

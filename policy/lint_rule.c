/* SPDX-License-Identifier: Apache-2.0 */
/* Which devices a rule is for, how many of them, and what they negotiate. */
#include "lint_note.h"

#include "verifier/sig.h"

static void
say(const struct da_lint_rule *r, enum da_lint_name name,
    const struct da_json *at)
{
	da_lint_say(r->w, name, at, NULL, r->rule->class_name);
}

/* -- match -- */

static bool
is_for(const struct da_policy_rule *rule, uint16_t vendor, uint16_t device)
{
	if (rule->pci_vendor != vendor)
		return false;
	for (uint16_t i = 0; i < rule->n_pci_device; i++)
		if (rule->pci_device[i] == device)
			return true;
	return rule->n_pci_device == 0;
}

/* By one of the rules before: together they may be a shadow, too. */
static bool
is_taken(const struct da_lint_rule *r, uint16_t device)
{
	for (uint16_t i = 0; i < r->n; i++)
		if (is_for(&r->w->policy->rule[i], r->rule->pci_vendor,
		    device))
			return true;
	return false;
}

/* A rule for a whole vendor is shadowed only by another such. */
static bool
vendor_is_taken(const struct da_lint_rule *r)
{
	for (uint16_t i = 0; i < r->n; i++)
		if (r->w->policy->rule[i].n_pci_device == 0 &&
		    r->w->policy->rule[i].pci_vendor == r->rule->pci_vendor)
			return true;
	return false;
}

static void
look_for_shadows(const struct da_lint_rule *r)
{
	const struct da_json *devices = da_lint_get(r->json, "match",
	    "pci-device");
	uint16_t taken = 0;

	for (uint16_t i = 0; i < r->rule->n_pci_device; i++)
		taken = (uint16_t)(taken +
		    (is_taken(r, r->rule->pci_device[i]) ? 1 : 0));
	if (r->rule->n_pci_device == 0 ? vendor_is_taken(r) :
	    taken == r->rule->n_pci_device) {
		say(r, DA_L_SHADOWED, da_json_get(r->json, "match"));
		return;
	}
	for (uint16_t i = 0; i < r->rule->n_pci_device; i++)
		if (is_taken(r, r->rule->pci_device[i]))
			say(r, DA_L_PARTLY_SHADOWED, da_json_at(devices, i));
}

static void
look_at_match(const struct da_lint_rule *r)
{
	if (r->rule->n_pci_device == 0)
		say(r, DA_L_ANY_DEVICE, da_lint_get(r->json, "match",
		    "pci-vendor"));
}

/* -- counts -- */

static void
look_at_counts(const struct da_lint_rule *r)
{
	if (r->rule->has_count && r->rule->count_min == 0)
		say(r, DA_L_COUNT_MIN_0, da_lint_get(r->json, "count", "min"));
	if (r->rule->has_functions && r->rule->functions_min == 0)
		say(r, DA_L_FUNCTIONS_MIN_0, da_lint_get(r->json,
		    "functions-per-device", "min"));
}

/* -- what refuses because it is missing -- */

static void
look_for_keys(const struct da_lint_rule *r)
{
	const struct da_policy_rule *rule = r->rule;
	const struct {
		bool there;
		const char *key;
	} keys[] = {
		{ rule->has_count, "count" },
		{ rule->has_functions, "functions-per-device" },
		{ rule->roots.n > 0 || rule->keys.n > 0, "roots" },
		{ rule->n_versions > 0, "versions" },
		{ rule->n_asym > 0, "asym" },
		{ rule->n_hash > 0, "hash" },
		{ rule->n_index > 0, "measurements" },
		{ rule->has_report, "report" },
		{ !rule->has_report || rule->unit != DA_UNIT_NO_RULE,
		    "page-unit" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!keys[i].there)
			da_lint_say(r->w, DA_L_NEVER_KEPT, r->json, NULL,
			    keys[i].key);
}

/* -- spdm -- */

/* SPDM 1.0 and 1.1 do not sign what was negotiated. */
static bool
names_old_version(const struct da_policy_rule *rule)
{
	for (uint16_t i = 0; i < rule->n_versions; i++)
		if (rule->version[i] < 0x12)
			return true;
	return false;
}

static bool
without_vca_is_listed(const struct da_policy_rule *rule)
{
	bool asym = rule->n_asym == 0, hash = rule->n_hash == 0;

	for (uint16_t i = 0; i < rule->n_asym; i++)
		asym = asym || rule->asym[i] == rule->without_vca.asym;
	for (uint16_t i = 0; i < rule->n_hash; i++)
		hash = hash || rule->hash[i] == rule->without_vca.hash;
	return asym && hash;
}

static void
look_at_without_vca(const struct da_lint_rule *r)
{
	const struct da_json *spdm = da_json_get(r->json, "spdm");
	const struct da_json *at = da_lint_get(r->json, "spdm", "without-vca");
	bool old = names_old_version(r->rule);

	if (!r->rule->has_without_vca && old)
		say(r, DA_L_VCA_NO_RULE, da_json_get(spdm, "versions"));
	if (!r->rule->has_without_vca)
		return;
	if (r->rule->n_versions > 0 && !old)
		say(r, DA_L_VCA_UNUSED, at);
	if (!without_vca_is_listed(r->rule))
		say(r, DA_L_OTHER_ALGORITHMS, at);
}

/* Bits of strength, as the curve or the half of a hash gives them. */
static unsigned int
strength_of(enum da_asym asym)
{
	switch (asym) {
	case DA_ASYM_RSASSA_2048:
	case DA_ASYM_RSAPSS_2048:
		return 112;
	case DA_ASYM_ECDSA_P384:
	case DA_ASYM_MLDSA_65:
	case DA_ASYM_SLHDSA_SHA2_192S:
	case DA_ASYM_SLHDSA_SHAKE_192S:
	case DA_ASYM_SLHDSA_SHA2_192F:
	case DA_ASYM_SLHDSA_SHAKE_192F:
		return 192;
	case DA_ASYM_ED448:
		return 224;
	case DA_ASYM_ECDSA_P521:
	case DA_ASYM_MLDSA_87:
	case DA_ASYM_SLHDSA_SHA2_256S:
	case DA_ASYM_SLHDSA_SHAKE_256S:
	case DA_ASYM_SLHDSA_SHA2_256F:
	case DA_ASYM_SLHDSA_SHAKE_256F:
		return 256;
	default:
		return 128;
	}
}

/* DSP0274: PqcAsymAlgo is reserved before 1.4. */
static bool
version_has_asym(uint8_t version, enum da_asym asym)
{
	return da_asym_fits(version, asym) &&
	    (version >= DA_SPDM_14 || !da_asym_alg(asym)->pqc);
}

/* Where no version is listed, that is the thing to say. */
static void
look_at_asym(const struct da_lint_rule *r, uint16_t i)
{
	const struct da_policy_rule *rule = r->rule;
	const struct da_json *at = da_json_at(da_lint_get(r->json, "spdm",
	    "asym"), i);
	bool listed = rule->n_versions == 0;

	for (uint16_t k = 0; k < rule->n_versions; k++)
		listed = listed || version_has_asym(rule->version[k],
		    rule->asym[i]);
	if (!da_sig_can(rule->asym[i]))
		say(r, DA_L_UNSUPPORTED, at);
	else if (!listed)
		say(r, DA_L_ALGORITHM_LATER, at);
}

static void
look_at_hash(const struct da_lint_rule *r, uint16_t i)
{
	const struct da_policy_rule *rule = r->rule;
	const struct da_json *at = da_json_at(da_lint_get(r->json, "spdm",
	    "hash"), i);
	bool listed = rule->n_versions == 0;

	for (uint16_t k = 0; k < rule->n_versions; k++)
		listed = listed || da_hash_fits(rule->version[k],
		    rule->hash[i]);
	if (!da_hash_can(rule->hash[i]))
		say(r, DA_L_UNSUPPORTED, at);
	else if (!listed)
		say(r, DA_L_ALGORITHM_LATER, at);
}

static void
look_for_unsupported(const struct da_lint_rule *r)
{
	for (uint16_t i = 0; i < r->rule->n_asym; i++)
		look_at_asym(r, i);
	for (uint16_t i = 0; i < r->rule->n_hash; i++)
		look_at_hash(r, i);
}

/* Against the weakest key: then no key that is listed is as weak as it. */
static void
look_at_strengths(const struct da_lint_rule *r)
{
	const struct da_json *asym = da_lint_get(r->json, "spdm", "asym");
	const struct da_json *hash = da_lint_get(r->json, "spdm", "hash");
	unsigned int weakest = 256;

	for (uint16_t i = 0; i < r->rule->n_asym; i++) {
		unsigned int bits = strength_of(r->rule->asym[i]);

		weakest = bits < weakest ? bits : weakest;
		if (bits < 128)
			say(r, DA_L_WEAK_KEY, da_json_at(asym, i));
	}
	for (uint16_t i = 0; i < r->rule->n_hash && r->rule->n_asym > 0; i++)
		if (da_hash_alg(r->rule->hash[i])->size * 4u < weakest &&
		    weakest > 128)
			say(r, DA_L_WEAK_HASH, da_json_at(hash, i));
}

void
da_lint_matching(const struct da_lint_rule *r)
{
	look_for_shadows(r);
	look_at_match(r);
	look_at_counts(r);
	look_for_keys(r);
	look_at_without_vca(r);
	look_for_unsupported(r);
	look_at_strengths(r);
}

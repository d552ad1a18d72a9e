/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_rule.h"

#include <string.h>

static bool
is_name_char(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
	    (b >= '0' && b <= '9') || b == '-' || b == '_' || b == '.';
}

static bool
is_name(struct da_slice text)
{
	struct da_cur c = da_cur_of(text);
	uint8_t first = da_u8(&c);
	bool ok = is_name_char(first) && first != '.';

	while (ok && da_left(&c) > 0)
		ok = is_name_char(da_u8(&c));
	return ok && text.n < DA_POLICY_MAX_NAME;
}

bool
da_policy_read_name(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_slice text;
	char *name = into;

	if (!da_form_text(f, v, &text))
		return false;
	if (!is_name(text))
		return da_form_refuse_value(f, v,
		    "not a name of 1 to 63 letters, digits and -_.");
	memcpy(name, text.p, text.n);
	name[text.n] = '\0';
	return true;
}

/* -- class, count, functions-per-device -- */

struct bounds {
	int64_t min, max;
};

#define MAX_COUNT	65535	/* functions of a PCI segment */

static bool
bound_min(struct da_form *f, const struct da_json *v, void *into)
{
	struct bounds *b = into;

	return da_form_int(f, v, 0, MAX_COUNT, &b->min);
}

static bool
bound_max(struct da_form *f, const struct da_json *v, void *into)
{
	struct bounds *b = into;

	return da_form_int(f, v, 1, MAX_COUNT, &b->max);
}

static const struct da_form_field bounds_fields[] = {
	{ "min", DA_MUST, bound_min },
	{ "max", DA_MUST, bound_max },
};

static bool
read_bounds(struct da_form *f, const struct da_json *v, uint32_t *ret_min,
    uint32_t *ret_max)
{
	struct bounds b = { 0, 0 };

	if (!da_form_object(f, v, DA_FIELDS(bounds_fields), &b))
		return false;
	if (b.min > b.max)
		return da_form_refuse_value(f, v, "min is more than max");
	*ret_min = (uint32_t)b.min;
	*ret_max = (uint32_t)b.max;
	return true;
}

static bool
class(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	return da_policy_read_name(f, v, rule->class_name);
}

static bool
count(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	rule->has_count = true;
	return read_bounds(f, v, &rule->count_min, &rule->count_max);
}

static bool
functions(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	rule->has_functions = true;
	return read_bounds(f, v, &rule->functions_min, &rule->functions_max);
}

/* -- match -- */

/* PCI: all bits set, or none, is what stands where no device is. */
static bool
pci_vendor(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	uint64_t id;

	if (!da_form_hex(f, v, 4, &id))
		return false;
	if (id == 0 || id == 0xffff)
		return da_form_refuse_value(f, v, "no vendor has this id");
	rule->has_vendor = true;
	rule->pci_vendor = (uint16_t)id;
	return true;
}

static bool
read_pci_device(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	uint64_t id;

	if (!da_form_hex(f, v, 4, &id))
		return false;
	for (uint16_t i = 0; i < rule->n_pci_device; i++)
		if (rule->pci_device[i] == id)
			return da_form_refuse_value(f, v,
			    "an item stands twice in a list");
	rule->pci_device[rule->n_pci_device++] = (uint16_t)id;
	return true;
}

static bool
pci_device(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_pci_device, into);
}

static const struct da_form_field match_fields[] = {
	{ "pci-vendor", DA_MUST, pci_vendor },
	{ "pci-device", DA_MAY, pci_device },
};

static bool
match(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_object(f, v, DA_FIELDS(match_fields), into);
}

/* -- roots -- */

static bool
read_root(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	if (!da_policy_read_name(f, v, rule->roots.name[rule->roots.n]))
		return false;
	rule->roots.n++;
	return true;
}

static bool
roots(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_root, into);
}

/* -- spdm -- */

static bool
read_version(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const versions[] =
	    { "1.0", "1.1", "1.2", "1.3", "1.4" };
	struct da_policy_rule *rule = into;
	size_t minor = da_form_named(f, v, versions, 5);

	if (minor == 5)
		return false;
	rule->version[rule->n_versions++] = (uint8_t)(DA_SPDM_10 + minor);
	return true;
}

static bool
versions(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_version, into);
}

static bool
read_asym(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct da_slice name;
	enum da_asym alg;

	if (!da_form_text(f, v, &name))
		return false;
	alg = da_asym_named(name);
	if (alg == DA_ASYM_NONE)
		return da_form_refuse_value(f, v,
		    "no such signature algorithm");
	rule->asym[rule->n_asym++] = alg;
	return true;
}

static bool
asym(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_ASYM_COUNT - 1, read_asym, into);
}

static bool
read_hash(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct da_slice name;
	enum da_hash alg;

	if (!da_form_text(f, v, &name))
		return false;
	alg = da_hash_named(name);
	if (alg == DA_HASH_NONE)
		return da_form_refuse_value(f, v, "no such hash algorithm");
	rule->hash[rule->n_hash++] = alg;
	return true;
}

static bool
hash(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_hash, into);
}

static bool
without_vca(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	rule->has_without_vca = da_algs_named(text, &rule->without_vca);
	return rule->has_without_vca || da_form_refuse_value(f, v,
	    "not \"ASYM,HASH\" or \"ASYM,HASH,MEASHASH\" of known algorithms");
}

static const struct da_form_field spdm_fields[] = {
	{ "versions", DA_MAY, versions },
	{ "asym", DA_MAY, asym },
	{ "hash", DA_MAY, hash },
	{ "without-vca", DA_MAY, without_vca },
};

static bool
spdm(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_object(f, v, DA_FIELDS(spdm_fields), into);
}

/* -- the rule -- */

/*
 * What may be missing refuses at the appraisal: a rule without roots and keys
 * has no anchor, one without "spdm" names no version.  (Floors, the device's
 * mode, names and NVIDIA's data are demands on top of that, and missing demand
 * nothing.)  The last is a later issue's: to skip it would be to judge without.
 */
static const struct da_form_field rule_fields[] = {
	{ "class", DA_MUST, class },
	{ "count", DA_MAY, count },
	{ "functions-per-device", DA_MAY, functions },
	{ "match", DA_MUST, match },
	{ "roots", DA_MAY, roots },
	{ "provisioned-keys", DA_MAY, da_policy_read_keys },
	{ "spdm", DA_MAY, spdm },
	{ "critical-extensions", DA_MAY, da_policy_read_critical },
	{ "measurements", DA_MAY, da_policy_read_measurements },
	{ "floors", DA_MAY, da_policy_read_floors },
	{ "device-mode", DA_MAY, da_policy_read_mode },
	{ "identity", DA_MAY, da_policy_read_identity },
	{ "nvidia", DA_MAY, da_policy_read_nvidia },
	{ "report", DA_MAY, da_policy_read_report },
	{ "revocation", DA_MAY, da_policy_read_revocation },
	{ "tolerate-unknown", DA_MAY, da_policy_read_tolerate },
	{ "warn-only", DA_MAY, da_policy_read_warn_only },
	{ "reference-sets", DA_LATER, NULL },
};

static bool
class_is_new(const struct da_policy *policy, const struct da_policy_rule *rule)
{
	for (uint16_t i = 0; &policy->rule[i] != rule; i++)
		if (strcmp(policy->rule[i].class_name, rule->class_name) == 0)
			return false;
	return true;
}

bool
da_policy_read_rule(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;
	struct da_policy_rule *rule = &policy->rule[policy->n_rules];

	if (!da_form_object(f, v, DA_FIELDS(rule_fields), rule))
		return false;
	if (!class_is_new(policy, rule))
		return da_form_refuse(f, v, "a class has two rules",
		    da_slice_str(rule->class_name));
	if (!da_policy_may_tolerate(policy, rule))
		return da_form_refuse(f, da_json_get(v, "tolerate-unknown"),
		    "the TSM must vouch for the chain or for the "
		    "measurements: both are tolerated as unknown",
		    da_slice_of(NULL, 0));
	policy->n_rules++;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "nvidia_rule.h"

/* At the value in question; at the opaque data where there is none. */
static bool
breaks(const struct da_claims *claims, enum da_nv_type type,
    struct da_fault *reterr)
{
	struct da_slice part =
	    claims->evidence->bundle.part[DA_PART_MEASUREMENTS];
	struct da_slice at = claims->has_nvidia &&
	    da_nvidia_has(&claims->nvidia, type) ?
	    claims->nvidia.value[type] : claims->opaque.raw;

	return da_refuse(reterr, DA_F_POLICY_NVIDIA, DA_PART_MEASUREMENTS,
	    at.p == NULL ? 0 : da_slice_offset(part, at));
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "96.00.74.00.1C" and "96.00.74.00.1c": NVIDIA's tools print both. */
static bool
is_same(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

static bool
is_listed(const struct da_policy_names *names, const char *text)
{
	for (uint16_t i = 0; i < names->n; i++)
		if (is_same(names->name[i], text))
			return true;
	return false;
}

static bool
value_is_named(const struct da_claims *claims, enum da_nv_type type,
    const struct da_policy_names *names, struct da_fault *reterr)
{
	char text[DA_NV_TEXT];

	if (names->n == 0)
		return true;
	return (da_nvidia_text(&claims->nvidia, type, text) &&
	    is_listed(names, text)) || breaks(claims, type, reterr);
}

static bool
fwid_is_leafs(const struct da_claims *claims, struct da_fault *reterr)
{
	const struct da_chain *chain = &claims->evidence->chain;

	return (claims->evidence->has_chain && chain->n > 0 &&
	    da_nvidia_fwid(&claims->nvidia, &chain->cert[chain->n - 1]) ==
	    DA_HOLDS) || breaks(claims, DA_NV_FWID, reterr);
}

static bool
all_keep(const struct da_policy_nvidia *rule, const struct da_claims *claims,
    struct da_fault *reterr)
{
	if (!claims->has_nvidia)
		return breaks(claims, DA_NV_TYPES, reterr);
	return value_is_named(claims, DA_NV_VBIOS, &rule->vbios, reterr) &&
	    value_is_named(claims, DA_NV_DRIVER, &rule->driver, reterr) &&
	    value_is_named(claims, DA_NV_BOARD_ID, &rule->board, reterr) &&
	    value_is_named(claims, DA_NV_CHIP_SKU, &rule->chip, reterr) &&
	    (!rule->fwid_is_leafs || fwid_is_leafs(claims, reterr));
}

enum da_result
da_nvidia_keeps(const struct da_policy_rule *rule,
    const struct da_claims *claims, struct da_fault *reterr)
{
	if (!rule->nvidia.set)
		return DA_NOT_ASKED;
	return all_keep(&rule->nvidia, claims, reterr) ? DA_HOLDS : DA_BROKEN;
}

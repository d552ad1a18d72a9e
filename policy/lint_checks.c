/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule asks of its devices, and what it lets pass. */
#include "lint_note.h"

#include <stdio.h>
#include <string.h>

static void
say(const struct da_lint_rule *r, enum da_lint_name name,
    const struct da_json *at)
{
	da_lint_say(r->w, name, at, NULL, r->rule->class_name);
}

/* -- measurements, floors, device-mode -- */

static bool
is_of_nothing(const struct da_policy_value *value)
{
	struct da_hash_value none = da_hash_of(value->hash,
	    da_slice_of("", 0));
	struct da_slice digest = da_hash_bytes(&value->digest);

	return da_slice_is_zero(digest) || da_hash_equal(&none, digest);
}

static const struct da_json *
at_index(const struct da_json *object, uint8_t index)
{
	char key[4];

	snprintf(key, sizeof(key), "%u", index);
	return object == NULL ? NULL : da_json_get(object, key);
}

static void
look_at_values(const struct da_lint_rule *r)
{
	const struct da_json *all = da_json_get(r->json, "measurements");

	for (uint16_t i = 0; i < r->rule->n_index; i++) {
		const struct da_policy_index *index = &r->rule->index[i];

		for (uint16_t k = 0; k < index->n; k++)
			if (is_of_nothing(&index->value[k]))
				say(r, DA_L_VALUE_OF_NOTHING, da_json_at(
				    at_index(all, index->index), k));
	}
}

static bool
is_pinned(const struct da_policy_rule *rule, uint8_t index)
{
	for (uint16_t i = 0; i < rule->n_index; i++)
		if (rule->index[i].index == index)
			return true;
	return false;
}

static void
look_at_floors(const struct da_lint_rule *r)
{
	const struct da_json *all = da_lint_get(r->json, "floors", "svn");

	for (uint16_t i = 0; i < r->rule->n_floor; i++) {
		const struct da_policy_floor *floor = &r->rule->floor[i];
		const struct da_json *at = at_index(all, floor->index);

		if (is_pinned(r->rule, floor->index))
			say(r, DA_L_FLOOR_PINNED, at);
		if (floor->svn == 0)
			say(r, DA_L_FLOOR_0, at);
	}
}

static void
look_at_mode(const struct da_lint_rule *r)
{
	if (r->rule->debug == DA_DEBUG_ANY)
		say(r, DA_L_DEBUG_ANY, da_lint_get(r->json, "device-mode",
		    "debug"));
	if (r->rule->debug == DA_DEBUG_NO_RULE)
		say(r, DA_L_DEBUG_NO_RULE, r->json);
}

/* -- report -- */

static void
look_at_ids(const struct da_lint_rule *r, const char *key,
    const struct da_policy_ranges *ranges)
{
	const struct da_json *list = da_lint_get(r->json, "report", key);

	for (uint16_t i = 0; i < ranges->n; i++)
		if (ranges->id[i] >= DA_MAX_BARS)
			say(r, DA_L_RANGE_NO_BAR, da_json_at(list, i));
}

static void
look_at_ranges(const struct da_lint_rule *r)
{
	const struct da_json *list = da_lint_get(r->json, "report",
	    "private-ranges");
	const struct da_policy_ranges *shared = &r->rule->shared;
	const struct da_policy_ranges *private = &r->rule->private_ranges;

	look_at_ids(r, "shared-ranges", shared);
	look_at_ids(r, "updatable-ranges", &r->rule->updatable);
	look_at_ids(r, "private-ranges", private);
	for (uint16_t i = 0; i < private->n; i++)
		for (uint16_t k = 0; k < shared->n; k++)
			if (private->id[i] == shared->id[k])
				say(r, DA_L_RANGE_BOTH, da_json_at(list, i));
	if (private->n == 0)
		say(r, DA_L_NO_PRIVATE_RANGE, list != NULL ? list :
		    da_json_get(r->json, "report"));
}

static void
look_at_report(const struct da_lint_rule *r)
{
	if (!r->rule->has_report)
		return;
	look_at_ranges(r);
	if (!r->rule->no_fw_update)
		say(r, DA_L_FW_UPDATE, da_lint_get(r->json, "report",
		    "no-fw-update"));
	if (r->rule->msix == DA_MSIX_ANY)
		say(r, DA_L_MSIX_ANY, da_lint_get(r->json, "report", "msix"));
}

/* -- identity, revocation -- */

/* A slot 0xF has no certificate that could keep such a rule. */
static bool
has_no_leaf(const struct da_policy_rule *rule)
{
	return rule->roots.n == 0 && rule->keys.n > 0;
}

/* "Manufacturer:Product:*", and this entry is of the same two. */
static bool
covers(const char *any, const char *one)
{
	size_t n = strlen(any) - 1;

	return any[n] == '*' && strcmp(any, one) != 0 &&
	    strncmp(any, one, n) == 0;
}

static void
look_at_identity(const struct da_lint_rule *r)
{
	const struct da_policy_identity *identity = &r->rule->identity;
	const struct da_json *list = da_lint_get(r->json, "identity",
	    "device-info");

	for (uint16_t i = 0; i < identity->n_info; i++)
		for (uint16_t k = 0; k < identity->n_info; k++)
			if (covers(identity->info[k], identity->info[i])) {
				say(r, DA_L_INFO_COVERED, da_json_at(list, i));
				break;
			}
	if (has_no_leaf(r->rule) && (identity->pci_name ||
	    identity->n_info > 0))
		say(r, DA_L_NO_LEAF, da_json_get(r->json, "identity"));
	if (has_no_leaf(r->rule) && r->rule->nvidia.fwid_is_leafs)
		say(r, DA_L_NO_LEAF, da_lint_get(r->json, "nvidia", "fwid"));
}

static void
look_at_revocation(const struct da_lint_rule *r)
{
	if (r->rule->revocation == DA_REVOCATION_NO_RULE)
		return;
	if (has_no_leaf(r->rule))
		say(r, DA_L_CRL_UNUSED, da_json_get(r->json, "revocation"));
	else if (r->w->policy->clock == DA_CLOCK_NONE)
		say(r, DA_L_CRL_NO_TIME, da_json_get(r->json, "revocation"));
}

/* -- tolerate-unknown, warn-only -- */

/*
 * What an owner takes upon himself.  Tolerated and not in this list: a part
 * that somebody else vouches for, and what this version never knows.
 */
static const struct {
	enum da_check check;
	const char *text;
} burdens[] = {
	{ DA_CHK_TSM_DIGEST_CHAIN, "the host may choose among the chains of "
	    "the key that signed" },
	{ DA_CHK_TSM_DIGEST_MEASUREMENTS, "only the signature says that "
	    "these are the measurements" },
	{ DA_CHK_TSM_DIGEST_REPORT, "devattestd never lets a device in whose "
	    "report no TSM vouches for" },
	{ DA_CHK_TSM_STATE, "the hypervisor alone says that the interface "
	    "is locked" },
	{ DA_CHK_TSM_TOKENS, "digests from before the lock would do" },
	{ DA_CHK_SESSION_KEY, "the report may be of another device than the "
	    "one that signed" },
	{ DA_CHK_VALIDITY, "certificates that have expired would do" },
	{ DA_CHK_ALGORITHMS, "the host may choose among the algorithms that "
	    "are listed" },
	{ DA_CHK_SLOT, "nobody says whether the slot's key is for "
	    "measurements" },
	{ DA_CHK_DEVICE_IDENTITY, "config space, which is the host's, may hide "
	    "what the leaf's name is compared with" },
	{ DA_CHK_NONCE, "the TSM's tokens alone say that the measurements "
	    "are new" },
	{ DA_CHK_REVOCATION, "a certificate of whose issuer there is no list "
	    "passes" },
	{ DA_CHK_REPORT_SHAPE, "nobody looked whether the ranges fit the "
	    "device's BARs" },
};

static const struct da_json *
item_named(const struct da_json *list, enum da_check check)
{
	struct da_slice name;

	for (uint32_t i = 0; list != NULL && i < da_json_length(list); i++)
		if (da_json_string(da_json_at(list, i), &name) &&
		    da_check_named(name) == check)
			return da_json_at(list, i);
	return NULL;
}

/* Where no rule asks for it, the owner takes nothing more upon himself. */
static bool
is_borne(const struct da_policy_rule *rule, enum da_check check)
{
	return rule->tolerate[check] &&
	    (check != DA_CHK_REVOCATION || (!has_no_leaf(rule) &&
	    rule->revocation != DA_REVOCATION_NO_RULE)) &&
	    (check != DA_CHK_DEVICE_IDENTITY || rule->identity.pci_name);
}

static void
look_at_tolerated(const struct da_lint_rule *r)
{
	const struct da_json *list = da_json_get(r->json, "tolerate-unknown");

	for (size_t i = 0; i < sizeof(burdens) / sizeof(burdens[0]); i++)
		if (is_borne(r->rule, burdens[i].check))
			da_lint_say(r->w, DA_L_TOLERATES,
			    item_named(list, burdens[i].check),
			    burdens[i].text, da_check_name(burdens[i].check));
}

/* Nobody is asked without a chain; without lists, or time, nobody can say. */
static bool
is_never_known(const struct da_lint_rule *r, enum da_check check)
{
	return !has_no_leaf(r->rule) &&
	    (r->w->policy->clock == DA_CLOCK_NONE ||
	    (check == DA_CHK_REVOCATION &&
	    r->rule->revocation == DA_REVOCATION_NO_RULE));
}

static void
look_for_unknowns(const struct da_lint_rule *r)
{
	static const enum da_check checks[] =
	    { DA_CHK_REVOCATION, DA_CHK_VALIDITY };
	const struct da_json *list = da_json_get(r->json, "tolerate-unknown");

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!r->rule->tolerate[checks[i]] &&
		    is_never_known(r, checks[i]))
			da_lint_say(r->w, DA_L_NOT_TOLERATED, list != NULL ?
			    list : r->json, NULL, da_check_name(checks[i]));
}

static bool
nothing_asks(const struct da_policy_rule *rule, enum da_check check)
{
	return (check == DA_CHK_SVN_FLOOR && rule->n_floor == 0) ||
	    (check == DA_CHK_DEVICE_MODE && rule->debug != DA_DEBUG_OFF) ||
	    (check == DA_CHK_REVOCATION &&
	    rule->revocation == DA_REVOCATION_NO_RULE);
}

static void
look_at_warned(const struct da_lint_rule *r)
{
	const struct da_json *list = da_json_get(r->json, "warn-only");

	for (unsigned int i = 0; i < DA_CHK_COUNT; i++) {
		enum da_check check = (enum da_check)i;
		const struct da_json *at = item_named(list, check);

		if (!r->rule->warn_only[i])
			continue;
		da_lint_say(r->w, r->rule->tolerate[i] ? DA_L_NEVER_REFUSES :
		    nothing_asks(r->rule, check) ? DA_L_WARN_UNUSED :
		    DA_L_WARN_ONLY, at, NULL, da_check_name(check));
	}
}

void
da_lint_checks(const struct da_lint_rule *r)
{
	look_at_values(r);
	look_at_floors(r);
	look_at_mode(r);
	look_at_report(r);
	look_at_identity(r);
	look_at_revocation(r);
	look_at_tolerated(r);
	look_for_unknowns(r);
	look_at_warned(r);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says of single checks, and of extensions by their names. */
#include "policy_rule.h"

#include <string.h>

#include "oid.h"
#include "verifier/coverage.h"

/* -- "tolerate-unknown" -- */

/*
 * The contract's table, last column: what has a class there may be unknown and
 * borne.  Not in this list is what is never unknown, and what a policy itself
 * judges.
 */
static const enum da_check tolerable[] = {
	DA_CHK_TSM_DIGEST_CHAIN,
	DA_CHK_TSM_DIGEST_VCA,
	DA_CHK_TSM_DIGEST_MEASUREMENTS,
	DA_CHK_TSM_DIGEST_REPORT,
	DA_CHK_TSM_STATE,
	DA_CHK_TSM_TOKENS,
	DA_CHK_SESSION_KEY,
	DA_CHK_VALIDITY,
	DA_CHK_ALGORITHMS,
	DA_CHK_SLOT,
	DA_CHK_CHALLENGE,
	DA_CHK_NONCE,
	DA_CHK_CONTENT_CHANGED,
	DA_CHK_MEASUREMENT_LOG,
	DA_CHK_DEVICE_IDENTITY,
	DA_CHK_REPORT_SHAPE,
	DA_CHK_REVOCATION,
};

/*
 * Only where the device has proved itself and the owner's own demand is what
 * is broken.  Everything else, broken, means that there is no proof (the gate,
 * the chain, the signature), no report or no value to go by.
 */
static const enum da_check only_warned[] = {
	DA_CHK_DEVICE_IDENTITY,
	DA_CHK_SVN_FLOOR,
	DA_CHK_DEVICE_MODE,
	DA_CHK_REVOCATION,
};

struct choice {
	const enum da_check *from;
	size_t n;
	const char *why_not;
	bool *chosen;		/* by enum da_check */
};

static bool
may_be_chosen(const struct choice *c, enum da_check check)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->from[i] == check)
			return true;
	return false;
}

static bool
read_choice(struct da_form *f, const struct da_json *v, void *into)
{
	struct choice *c = into;
	struct da_slice name;
	enum da_check check;

	if (!da_form_text(f, v, &name))
		return false;
	check = da_check_named(name);
	if (check == DA_CHK_COUNT)
		return da_form_refuse_value(f, v, "no such check");
	if (!may_be_chosen(c, check))
		return da_form_refuse_value(f, v, c->why_not);
	c->chosen[check] = true;
	return true;
}

bool
da_policy_read_tolerate(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct choice c = { tolerable, sizeof(tolerable) / sizeof(tolerable[0]),
	    "no unknown of this check is tolerable", rule->tolerate };

	return da_form_list(f, v, DA_CHK_COUNT, read_choice, &c);
}

static bool
has_device_info(const struct da_policy *policy)
{
	for (uint16_t i = 0; i < policy->n_platforms; i++)
		if (!da_platform_covers(policy->platform[i].platform,
		    DA_PART_DEVICE_INFO))
			return false;
	return policy->n_platforms > 0;
}

/*
 * Both unknown, the host could choose which device it is that signed: unless
 * there is a digest of the device-info on each platform that is named.
 */
bool
da_policy_may_tolerate(const struct da_policy *policy,
    const struct da_policy_rule *rule)
{
	return !rule->tolerate[DA_CHK_TSM_DIGEST_CHAIN] ||
	    !rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] ||
	    has_device_info(policy);
}

/* -- "warn-only" -- */

/* May be empty, as the contract shows it. */
bool
da_policy_read_warn_only(struct da_form *f, const struct da_json *v,
    void *into)
{
	struct da_policy_rule *rule = into;
	struct choice c = { only_warned,
	    sizeof(only_warned) / sizeof(only_warned[0]),
	    "this check, broken, always refuses", rule->warn_only };

	return da_form_any_list(f, v, DA_CHK_COUNT, read_choice, &c);
}

/* -- "critical-extensions" -- */

/* 2.5.29, X.509's own: what they say is judged, not waved through. */
static bool
is_x509s_own(const struct da_policy_oid *oid)
{
	return oid->n > 2 && memcmp(oid->bytes, "\x55\x1d", 2) == 0;
}

static bool
read_oid(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct da_policy_oid *oid = &rule->critical[rule->n_critical];
	struct da_slice text;
	size_t n;

	if (!da_form_text(f, v, &text))
		return false;
	if (!da_oid_read(text, oid->bytes, sizeof(oid->bytes), &n))
		return da_form_refuse_value(f, v,
		    "not an object identifier like 2.23.133.5.4.5");
	oid->n = (uint8_t)n;
	if (is_x509s_own(oid))
		return da_form_refuse_value(f, v,
		    "an extension of X.509's own is judged by its own rules");
	rule->n_critical++;
	return true;
}

bool
da_policy_read_critical(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_MAX_CRITICAL, read_oid, into);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise.h"

/* One count: what of a class was accepted. */
struct tally {
	const struct da_verdict *all;
	size_t n;
	const char *class_name;
};

static bool
same_text(const char *a, const char *b)
{
	return da_slice_eq(da_slice_of(a, DA_POLICY_MAX_NAME),
	    da_slice_of(b, DA_POLICY_MAX_NAME));
}

static bool
is_counted(const struct tally *t, size_t i)
{
	return t->all[i].accepted == 1 &&
	    same_text(t->all[i].class_name, t->class_name);
}

static bool
same_device(const struct da_verdict *a, const struct da_verdict *b)
{
	struct da_slice x = da_slice_of(a->device_key, sizeof(a->device_key));
	struct da_slice y = da_slice_of(b->device_key, sizeof(b->device_key));

	return a == b || (!da_slice_is_zero(x) && da_slice_eq(x, y));
}

/* Accepted functions of the device of verdict i; 0: an earlier one has it. */
static uint32_t
functions_of(const struct tally *t, size_t i)
{
	uint32_t n = 0;

	for (size_t k = 0; k < t->n; k++) {
		if (!is_counted(t, k) || !same_device(&t->all[k], &t->all[i]))
			continue;
		if (k < i)
			return 0;
		n++;
	}
	return n;
}

/*
 * The contract: a device is a device key, its functions count apart, and a rule
 * that is missing refuses.
 */
static bool
rule_is_kept(const struct da_policy_rule *rule, const struct tally *t)
{
	uint32_t devices = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t functions = is_counted(t, i) ? functions_of(t, i) : 0;

		if (functions == 0)
			continue;
		devices++;
		if (!rule->has_functions || functions < rule->functions_min ||
		    functions > rule->functions_max)
			return false;
	}
	if (!rule->has_count)
		return devices == 0;
	return devices >= rule->count_min && devices <= rule->count_max;
}

static size_t
accepted(const struct da_verdict *verdicts, size_t n)
{
	size_t accepted_n = 0;

	for (size_t i = 0; i < n; i++)
		accepted_n += verdicts[i].accepted == 1 ? 1 : 0;
	return accepted_n;
}

bool
da_policy_counts(const struct da_policy *policy,
    const struct da_verdict *verdicts, size_t n, struct da_fault *reterr)
{
	size_t counted = 0;

	for (uint16_t i = 0; i < policy->n_rules; i++) {
		struct tally t = { verdicts, n, policy->rule[i].class_name };

		for (size_t k = 0; k < n; k++)
			counted += is_counted(&t, k) ? 1 : 0;
		if (!rule_is_kept(&policy->rule[i], &t))
			return da_refuse(reterr, DA_F_POLICY_COUNT,
			    DA_PART_POLICY, 0);
	}
	/* None at all, or one of a class that no rule has. */
	if (counted == 0 || counted != accepted(verdicts, n))
		return da_refuse(reterr, DA_F_POLICY_COUNT, DA_PART_POLICY, 0);
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_rule.h"
#include "utctime.h"

static bool
version(struct da_form *f, const struct da_json *v, void *into)
{
	int64_t got;

	(void)into;
	if (!da_form_int(f, v, INT64_MIN, INT64_MAX, &got))
		return false;
	return got == 1 || da_form_refuse_value(f, v,
	    "this version of the policy format is not known");
}

static bool
name(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;

	return da_policy_read_name(f, v, policy->name);
}

/* -- clock -- */

static bool
clock_source(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "none", "floor", "secure" };
	struct da_policy *policy = into;
	size_t word = da_form_named(f, v, words, 3);

	if (word == 3)
		return false;
	if (word == 2)
		return da_form_refuse_value(f, v, "this clock is known, but "
		    "this version does not support it");
	policy->clock = word == 0 ? DA_CLOCK_NONE : DA_CLOCK_FLOOR;
	return true;
}

static bool
not_before(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	if (policy->clock != DA_CLOCK_FLOOR)
		return da_form_refuse_value(f, v,
		    "only the clock \"floor\" has a date");
	return da_time_read(text, &policy->not_before) ||
	    da_form_refuse_value(f, v,
	    "not a time like 2026-11-01T00:00:00Z");
}

/* The source first: it says whether a date may follow. */
static const struct da_form_field clock_fields[] = {
	{ "source", DA_MUST, clock_source },
	{ "not-before", DA_MAY, not_before },
};

static bool
read_clock(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;

	if (!da_form_object(f, v, DA_FIELDS(clock_fields), policy))
		return false;
	return policy->clock != DA_CLOCK_FLOOR ||
	    da_json_get(v, "not-before") != NULL ||
	    da_form_refuse(f, v, "a key is missing",
	    da_slice_str("not-before"));
}

/* -- platforms -- */

/* Every platform that a policy can name; the ABI is part of what is trusted. */
static const struct {
	const char *name;
	enum da_platform platform;
	const char *abi;	/* "": any but those that must be named */
} platforms[] = {
	{ "sev-tio:1", DA_PLATFORM_SEV_TIO, "1" },
	{ "sev-tio:2", DA_PLATFORM_SEV_TIO, "2" },
	{ "arm-cca:alp20", DA_PLATFORM_ARM_CCA, "alp20" },
	{ "arm-cca:bet0", DA_PLATFORM_ARM_CCA, "bet0" },
	{ "tdx:1", DA_PLATFORM_TDX, "1" },
	{ "cove-io:1", DA_PLATFORM_COVE_IO, "1" },
	{ "sev-tio", DA_PLATFORM_SEV_TIO, "" },
	{ "arm-cca", DA_PLATFORM_ARM_CCA, "" },
	{ "tdx", DA_PLATFORM_TDX, "" },
	{ "cove-io", DA_PLATFORM_COVE_IO, "" },
	{ "emulated", DA_PLATFORM_EMULATED, "" },
};

static bool
read_platform(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		uint16_t at = policy->n_platforms;

		if (!da_slice_eq(text, da_slice_str(platforms[i].name)))
			continue;
		policy->platform[at].platform = platforms[i].platform;
		snprintf(policy->platform[at].abi,
		    sizeof(policy->platform[at].abi), "%s", platforms[i].abi);
		policy->n_platforms++;
		return true;
	}
	return da_form_refuse_value(f, v,
	    "no platform like \"arm-cca:bet0\", \"arm-cca\" or \"emulated\"");
}

static bool
read_platforms(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_platform, into);
}

/* -- devices, others, boot-deadline-seconds -- */

/* A host has 5 s for its next byte; a boot that takes an hour is none. */
#define DEADLINE_MIN	5
#define DEADLINE_MAX	3600

static bool
devices(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_RULES, da_policy_read_rule,
	    into);
}

static bool
others(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "refuse", "untrusted" };
	struct da_policy *policy = into;
	size_t word = da_form_named(f, v, words, 2);

	policy->others = word == 1 ? DA_OTHERS_UNTRUSTED : DA_OTHERS_REFUSE;
	return word < 2;
}

static bool
deadline(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy *policy = into;
	int64_t seconds;

	if (!da_form_int(f, v, DEADLINE_MIN, DEADLINE_MAX, &seconds))
		return false;
	policy->deadline_s = (uint32_t)seconds;
	return true;
}

static const struct da_form_field policy_fields[] = {
	{ "version", DA_MUST, version },
	{ "name", DA_MUST, name },
	{ "clock", DA_MAY, read_clock },
	{ "platforms", DA_MAY, read_platforms },
	{ "devices", DA_MAY, devices },
	{ "others", DA_MAY, others },
	{ "boot-deadline-seconds", DA_MAY, deadline },
};

static bool
read_policy(struct da_form *f, const struct da_json *v,
    struct da_policy *policy)
{
	policy->deadline_s = DA_POLICY_DEADLINE_S;
	if (!da_form_object(f, v, DA_FIELDS(policy_fields), policy))
		return false;
	if (policy->n_rules > 0 && policy->n_platforms == 0)
		return da_form_refuse(f, v, "a key is missing",
		    da_slice_str("platforms"));
	policy->id = da_hash_of(DA_HASH_SHA384, f->text);
	return policy->id.n != 0 || da_form_refuse(f, v,
	    "SHA-384 is not to be had", da_slice_of(NULL, 0));
}

/* -- the whole -- */

static void
tell(struct da_policy_error *reterr, const struct da_form *f)
{
	*reterr = (struct da_policy_error){ .line = f->line,
	    .column = f->column };
	snprintf(reterr->text, sizeof(reterr->text), "%s%s%s%s", f->why,
	    f->what[0] == '\0' ? "" : ": \"", f->what,
	    f->what[0] == '\0' ? "" : "\"");
}

static bool
parse(struct da_form *f, struct da_policy *policy)
{
	struct da_json_error error;
	struct da_json *root;
	bool ok;

	if (f->text.n > DA_POLICY_MAX_BYTES)
		return da_form_refuse(f, NULL, "longer than a policy may be",
		    da_slice_of(NULL, 0));
	root = da_json_parse(f->text, &error);
	if (root == NULL) {
		f->why = error.text;
		f->line = error.line;
		f->column = error.column;
		return false;
	}
	ok = read_policy(f, root, policy);
	da_json_free(root);
	return ok;
}

struct da_policy *
da_policy_parse(struct da_slice text, struct da_policy_error *reterr)
{
	struct da_policy *policy = calloc(1, sizeof(*policy));
	struct da_form f = { .text = text };

	if (policy == NULL)
		f.why = "out of memory";
	else if (parse(&f, policy))
		return policy;
	tell(reterr, &f);
	free(policy);
	return NULL;
}

void
da_policy_free(struct da_policy *policy)
{
	free(policy);
}

/* -- which rule -- */

static bool
matches(const struct da_policy_rule *rule, const struct da_pci *pci)
{
	if (!rule->has_vendor || rule->pci_vendor != pci->vendor)
		return false;
	for (uint16_t i = 0; i < rule->n_pci_device; i++)
		if (rule->pci_device[i] == pci->device)
			return true;
	return rule->n_pci_device == 0;
}

static const struct da_policy_rule *
first_match(const struct da_policy *policy, const struct da_pci *pci)
{
	for (uint16_t i = 0; i < policy->n_rules; i++)
		if (matches(&policy->rule[i], pci))
			return &policy->rule[i];
	return NULL;
}

const struct da_policy_rule *
da_policy_rule_for(const struct da_policy *policy,
    const struct da_ticket *ticket)
{
	return ticket == NULL ? NULL : first_match(policy, &ticket->pci);
}

/*
 * The capability bit is the host's to hide, and so it never makes a device of
 * the owner's an ordinary one; nor does not knowing it.
 */
enum da_disposition
da_policy_sort(const struct da_policy *policy, const struct da_pci *pci)
{
	const struct da_policy_rule *rule = first_match(policy, pci);

	if (rule != NULL && pci->tee != DA_TRI_TRUE)
		return DA_SORT_NO_TEE;
	if (rule != NULL)
		return rule->keys.n > 0 ? DA_SORT_JUDGE_BY_KEY : DA_SORT_JUDGE;
	if (policy->others == DA_OTHERS_UNTRUSTED && pci->tee == DA_TRI_FALSE)
		return DA_SORT_UNTRUSTED;
	return DA_SORT_REFUSED;
}

bool
da_is_judged(enum da_disposition what)
{
	return what == DA_SORT_JUDGE || what == DA_SORT_JUDGE_BY_KEY;
}

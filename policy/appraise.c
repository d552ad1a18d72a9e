/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise.h"

#include <stdio.h>
#include <string.h>

#include "decide.h"
#include "identity_rule.h"
#include "measure_rule.h"
#include "nvidia_rule.h"
#include "report_rule.h"

#define DAY_S	86400u

/* Lists that no rule asks for are nobody's demand. */
static struct da_crls
crls_of(const struct da_policy_rule *rule)
{
	struct da_crls crls = { 0 };

	if (rule->revocation != DA_REVOCATION_CRL)
		return crls;
	crls = rule->crls;
	crls.max_age_s = rule->max_age_days * DAY_S;
	crls.at_is_floor = true;	/* the only clock there is, or none */
	return crls;
}

void
da_policy_ask(const struct da_policy *policy,
    const struct da_policy_rule *rule, struct da_ask *ask)
{
	static const bool none[DA_CHK_COUNT];

	ask->anchors = (struct da_anchors){ 0 };
	ask->critical = (struct da_oids){ 0 };
	ask->crls = (struct da_crls){ 0 };
	ask->provisioned = da_slice_of(NULL, 0);
	ask->assumed = NULL;
	ask->tolerate = ask->warn_only = none;
	ask->has_time = policy->clock == DA_CLOCK_FLOOR;
	ask->at = ask->has_time ? policy->not_before : 0;
	if (rule == NULL)
		return;
	ask->anchors = rule->anchors;
	ask->crls = crls_of(rule);
	ask->provisioned = rule->provisioned;
	ask->assumed = rule->has_without_vca ? &rule->without_vca : NULL;
	ask->tolerate = rule->tolerate;
	ask->warn_only = rule->warn_only;
	ask->critical.n = rule->n_critical;
	for (uint16_t i = 0; i < rule->n_critical; i++)
		ask->critical.oid[i] = da_slice_of(rule->critical[i].bytes,
		    rule->critical[i].n);
}

/* -- platform, and whether a rule is for the device -- */

static enum da_result
broken(struct da_fault *reterr, enum da_why why, enum da_part part, size_t at)
{
	da_refuse(reterr, why, part, at);
	return DA_BROKEN;
}

static bool
abi_is(const struct da_ticket *ticket, const char *abi)
{
	return strncmp(abi, ticket->abi, sizeof(ticket->abi)) == 0;
}

/*
 * A name without an ABI is for every ABI that is told, but for the one that the
 * contract wants named: with sev-tio:1 the hypervisor chooses the device id.
 */
static bool
is_platform(const struct da_policy *policy, uint16_t i,
    const struct da_ticket *ticket)
{
	enum da_platform platform = policy->platform[i].platform;
	const char *abi = policy->platform[i].abi;

	if (platform != ticket->platform)
		return false;
	if (abi[0] != '\0')
		return abi_is(ticket, abi);
	if (platform == DA_PLATFORM_EMULATED)
		return true;
	return ticket->abi[0] != '\0' &&
	    (platform != DA_PLATFORM_SEV_TIO || !abi_is(ticket, "1"));
}

static enum da_result
platform_is_named(const struct da_judge *j, struct da_fault *reterr)
{
	const struct da_ticket *ticket = j->claims->ticket;

	for (uint16_t i = 0; ticket != NULL && i < j->policy->n_platforms; i++)
		if (is_platform(j->policy, i, ticket))
			return DA_HOLDS;
	return broken(reterr, DA_F_POLICY_PLATFORM, DA_PART_TICKET, 0);
}

static enum da_result
rule_is_there(const struct da_judge *j, struct da_fault *reterr)
{
	if (j->rule == NULL)
		return broken(reterr, DA_F_POLICY_NO_DEVICE, DA_PART_TICKET, 0);
	/* The contract, section 2: that bit is the host's to hide. */
	if (j->claims->ticket->pci.tee == DA_TRI_FALSE)
		return broken(reterr, DA_F_POLICY_NO_TEE, DA_PART_TICKET, 0);
	return DA_NOT_ASKED;	/* da_policy_counts has the rest */
}

/* -- algorithms -- */

static bool
version_is_named(const struct da_policy_rule *rule, uint8_t version)
{
	for (uint16_t i = 0; i < rule->n_versions; i++)
		if (rule->version[i] == version)
			return true;
	return false;
}

static bool
asym_is_named(const struct da_policy_rule *rule, enum da_asym asym)
{
	for (uint16_t i = 0; i < rule->n_asym; i++)
		if (rule->asym[i] == asym)
			return true;
	return false;
}

static bool
hash_is_named(const struct da_policy_rule *rule, enum da_hash hash)
{
	for (uint16_t i = 0; i < rule->n_hash; i++)
		if (rule->hash[i] == hash)
			return true;
	return false;
}

/* Below 1.2 nobody signs the negotiation; then the owner's word decides. */
static bool
owner_names_exactly(const struct da_judge *j)
{
	const struct da_algs *used = &j->claims->evidence->algs;
	const struct da_algs *named = &j->rule->without_vca;

	return j->claims->evidence->version < DA_SPDM_12 &&
	    j->rule->has_without_vca && used->asym == named->asym &&
	    used->hash == named->hash && used->meas_hash == named->meas_hash;
}

static enum da_result
algorithms_are_named(const struct da_judge *j, struct da_fault *reterr)
{
	const struct da_evidence *e = j->claims->evidence;
	enum da_result known = (enum da_result)
	    j->claims->findings.of[DA_CHK_ALGORITHMS].result;

	if (j->rule == NULL || known == DA_NOT_ASKED)
		return known;
	if (!version_is_named(j->rule, e->version))
		return broken(reterr, DA_F_POLICY_VERSION,
		    DA_PART_MEASUREMENTS, 0);
	if (!asym_is_named(j->rule, e->algs.asym) ||
	    !hash_is_named(j->rule, e->algs.hash))
		return broken(reterr, DA_F_POLICY_ALGORITHM,
		    DA_PART_MEASUREMENTS, 0);
	return known == DA_UNKNOWN && owner_names_exactly(j) ? DA_HOLDS : known;
}

/* -- measurements: the rules are measure_rule.c's and nvidia_rule.c's -- */

static enum da_result
values_are_named(const struct da_judge *j, struct da_fault *reterr)
{
	enum da_result kept;

	if (j->rule == NULL)
		return DA_NOT_ASKED;
	kept = da_values_keep(j->rule, j->claims, reterr);
	if (kept == DA_HOLDS && da_nvidia_keeps(j->rule, j->claims,
	    reterr) == DA_BROKEN)
		return DA_BROKEN;
	return kept;
}

static enum da_result
floors_are_kept(const struct da_judge *j, struct da_fault *reterr)
{
	return j->rule == NULL ? DA_NOT_ASKED :
	    da_floors_keep(j->rule, j->claims, reterr);
}

static enum da_result
mode_is_allowed(const struct da_judge *j, struct da_fault *reterr)
{
	return j->rule == NULL ? DA_NOT_ASKED :
	    da_mode_keeps(j->rule, j->claims, reterr);
}

/* -- names of the leaf: the rules are identity_rule.c's -- */

static enum da_result
names_are_the_functions(const struct da_judge *j, struct da_fault *reterr)
{
	enum da_result fact = (enum da_result)
	    j->claims->findings.of[DA_CHK_DEVICE_IDENTITY].result;

	return j->rule == NULL ? fact :
	    da_identity_keeps(j->rule, j->claims, fact, reterr);
}

/* -- the report -- */

static enum da_result
report_is_allowed(const struct da_judge *j, struct da_fault *reterr)
{
	const struct da_claims *claims = j->claims;

	if (j->rule == NULL)
		return DA_NOT_ASKED;
	if (!j->rule->has_report || !claims->has_report)
		return broken(reterr, DA_F_POLICY_REPORT, DA_PART_REPORT, 0);
	if (!da_report_keeps(j->rule, claims->ticket, &claims->report,
	    claims->evidence->bundle.part[DA_PART_REPORT], reterr))
		return DA_BROKEN;
	return DA_HOLDS;
}

/* -- revocation -- */

/*
 * The fact is stage one's.  Where no rule names a source there is none to say
 * yes, and what nobody asked there is not known; a certificate that is listed
 * stays broken, whoever brought the list.
 */
static enum da_result
none_is_revoked(const struct da_judge *j, struct da_fault *reterr)
{
	enum da_result fact = (enum da_result)
	    j->claims->findings.of[DA_CHK_REVOCATION].result;

	(void)reterr;
	if (!j->claims->evidence->has_chain)
		return DA_NOT_ASKED;
	if (j->rule == NULL || j->rule->revocation == DA_REVOCATION_NO_RULE ||
	    fact == DA_NOT_ASKED)
		return DA_UNKNOWN;
	return fact;
}

static const struct {
	enum da_check check;
	enum da_result (*ask)(const struct da_judge *, struct da_fault *);
} rules[] = {
	{ DA_CHK_PLATFORM, platform_is_named },
	{ DA_CHK_COMPOSITION, rule_is_there },
	{ DA_CHK_ALGORITHMS, algorithms_are_named },
	{ DA_CHK_REFERENCE_VALUES, values_are_named },
	{ DA_CHK_SVN_FLOOR, floors_are_kept },
	{ DA_CHK_DEVICE_MODE, mode_is_allowed },
	{ DA_CHK_REPORT_POLICY, report_is_allowed },
	{ DA_CHK_REVOCATION, none_is_revoked },
	{ DA_CHK_DEVICE_IDENTITY, names_are_the_functions },
};

static void
judge_claims(const struct da_judge *j, struct da_findings *findings)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct da_fault fault = { 0 };
		enum da_result result = rules[i].ask(j, &fault);

		if (result == DA_BROKEN)
			da_found_broken(findings, rules[i].check, &fault);
		else
			da_found(findings, rules[i].check, result);
	}
}

/* -- the verdict -- */

/* Which key it was: SHA-384 of its SubjectPublicKeyInfo. */
static void
set_key(struct da_slice spki, struct da_verdict *verdict)
{
	struct da_hash_value key = da_hash_of(DA_HASH_SHA384, spki);

	if (key.n == sizeof(verdict->device_key))
		memcpy(verdict->device_key, key.bytes, key.n);
}

static void
name_by_leaf(const struct da_chain *chain, struct da_verdict *verdict)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];

	da_name_text(leaf->subject, verdict->subject, sizeof(verdict->subject));
	set_key(leaf->spki, verdict);
}

static void
name_device(const struct da_judge *j, struct da_verdict *verdict)
{
	const struct da_evidence *e = j->claims->evidence;

	if (j->rule != NULL)
		memcpy(verdict->class_name, j->rule->class_name,
		    sizeof(verdict->class_name));
	if (j->claims->has_map)
		verdict->map = j->claims->map;
	if (da_signed_by_key(j)) {
		snprintf(verdict->subject, sizeof(verdict->subject),
		    "provisioned-key=%s", j->rule->keys.name[0]);
		set_key(j->rule->provisioned, verdict);
	} else if (e->has_chain && e->chain.n > 0) {
		name_by_leaf(&e->chain, verdict);
	}
}

void
da_appraise(const struct da_policy *policy, const struct da_claims *claims,
    struct da_verdict *ret)
{
	struct da_judge j = { policy, NULL, claims };

	*ret = (struct da_verdict){ .version = DA_VERDICT_VERSION,
	    .findings = claims->findings };
	memcpy(ret->policy_id, policy->id.bytes, sizeof(ret->policy_id));
	if (claims->evidence != NULL) {
		j.rule = da_policy_rule_for(policy, claims->ticket);
		judge_claims(&j, &ret->findings);
		name_device(&j, ret);
	}
	da_decide(&j, ret);
}

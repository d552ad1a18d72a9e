/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise.h"

#include <string.h>

#include "report_rule.h"

struct judge {
	const struct da_policy *policy;
	const struct da_policy_rule *rule;	/* NULL: none, or no proof */
	const struct da_claims *claims;
};

void
da_policy_ask(const struct da_policy *policy,
    const struct da_policy_rule *rule, struct da_ask *ask)
{
	static const bool none[DA_CHK_COUNT];

	ask->anchors = (struct da_anchors){ 0 };
	ask->assumed = NULL;
	ask->tolerate = none;
	ask->has_time = policy->clock == DA_CLOCK_FLOOR;
	ask->at = ask->has_time ? policy->not_before : 0;
	if (rule == NULL)
		return;
	ask->anchors = rule->anchors;
	ask->assumed = rule->has_without_vca ? &rule->without_vca : NULL;
	ask->tolerate = rule->tolerate;
}

/* -- platform, and whether a rule is for the device -- */

static enum da_result
broken(struct da_fault *reterr, enum da_why why, enum da_part part, size_t at)
{
	da_refuse(reterr, why, part, at);
	return DA_BROKEN;
}

static enum da_result
platform_is_named(const struct judge *j, struct da_fault *reterr)
{
	const struct da_ticket *ticket = j->claims->ticket;

	for (uint16_t i = 0; ticket != NULL && i < j->policy->n_platforms; i++)
		if (j->policy->platform[i].platform == ticket->platform &&
		    (j->policy->platform[i].abi[0] == '\0' ||
		    strncmp(j->policy->platform[i].abi, ticket->abi,
		    sizeof(ticket->abi)) == 0))
			return DA_HOLDS;
	return broken(reterr, DA_F_POLICY_PLATFORM, DA_PART_TICKET, 0);
}

static enum da_result
rule_is_there(const struct judge *j, struct da_fault *reterr)
{
	if (j->rule == NULL)
		return broken(reterr, DA_F_POLICY_NO_DEVICE, DA_PART_TICKET, 0);
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
owner_names_exactly(const struct judge *j)
{
	const struct da_algs *used = &j->claims->evidence->algs;
	const struct da_algs *named = &j->rule->without_vca;

	return j->claims->evidence->version < DA_SPDM_12 &&
	    j->rule->has_without_vca && used->asym == named->asym &&
	    used->hash == named->hash && used->meas_hash == named->meas_hash;
}

static enum da_result
algorithms_are_named(const struct judge *j, struct da_fault *reterr)
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

/* -- reference values -- */

static const struct da_block *
block_of(const struct da_claims *claims, uint8_t index)
{
	for (uint16_t i = 0; claims->has_blocks && i < claims->blocks.n; i++)
		if (claims->blocks.block[i].index == index)
			return &claims->blocks.block[i];
	return NULL;
}

/*
 * The digest that a block gives under `hash`; n 0: it gives none.  A digest of
 * the device's is one of the negotiated measurement hash and of no other; what
 * came raw is hashed here, so that raw bytes never pass for a digest.
 */
static struct da_hash_value
digest_under(const struct da_block *block, enum da_hash meas_hash,
    enum da_hash hash)
{
	struct da_hash_value digest = { 0, { 0 } };

	if (block->raw)
		return da_hash_of(hash, block->value);
	if (meas_hash != hash || block->value.n != da_hash_alg(hash)->size)
		return digest;
	memcpy(digest.bytes, block->value.p, block->value.n);
	digest.n = (uint8_t)block->value.n;
	return digest;
}

static bool
value_is_named(const struct da_policy_index *index,
    const struct da_block *block, enum da_hash meas_hash)
{
	for (uint16_t i = 0; i < index->n; i++) {
		const struct da_policy_value *named = &index->value[i];
		struct da_hash_value digest = digest_under(block, meas_hash,
		    named->hash);

		if (da_hash_equal(&digest, da_hash_bytes(&named->digest)))
			return true;
	}
	return false;
}

static enum da_result
index_fits(const struct judge *j, const struct da_policy_index *index,
    struct da_fault *reterr)
{
	const struct da_evidence *e = j->claims->evidence;
	const struct da_block *block = block_of(j->claims, index->index);

	if (block == NULL)
		return broken(reterr, DA_F_POLICY_MEASUREMENT_ABSENT,
		    DA_PART_MEASUREMENTS, 0);
	if (!value_is_named(index, block, e->algs.meas_hash))
		return broken(reterr, DA_F_POLICY_MEASUREMENT,
		    DA_PART_MEASUREMENTS,
		    da_slice_offset(e->bundle.part[DA_PART_MEASUREMENTS],
		    block->value));
	return DA_HOLDS;
}

static enum da_result
values_are_named(const struct judge *j, struct da_fault *reterr)
{
	if (j->rule == NULL)
		return DA_NOT_ASKED;
	if (j->rule->n_index == 0)
		return broken(reterr, DA_F_POLICY_NO_VALUES, DA_PART_POLICY, 0);
	for (uint16_t i = 0; i < j->rule->n_index; i++)
		if (index_fits(j, &j->rule->index[i], reterr) != DA_HOLDS)
			return DA_BROKEN;
	return DA_HOLDS;
}

/* -- the report, and what this version does not look at -- */

static enum da_result
report_is_allowed(const struct judge *j, struct da_fault *reterr)
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

/* Nothing here reads revocation data: unknown, and so the owner's to bear. */
static enum da_result
revocation_is_unknown(const struct judge *j, struct da_fault *reterr)
{
	(void)reterr;
	return j->claims->evidence->has_chain ? DA_UNKNOWN : DA_NOT_ASKED;
}

static const struct {
	enum da_check check;
	enum da_result (*ask)(const struct judge *, struct da_fault *);
} rules[] = {
	{ DA_CHK_PLATFORM, platform_is_named },
	{ DA_CHK_COMPOSITION, rule_is_there },
	{ DA_CHK_ALGORITHMS, algorithms_are_named },
	{ DA_CHK_REFERENCE_VALUES, values_are_named },
	{ DA_CHK_REPORT_POLICY, report_is_allowed },
	{ DA_CHK_REVOCATION, revocation_is_unknown },
};

static void
judge_claims(const struct judge *j, struct da_findings *findings)
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

/* -- the decision -- */

/*
 * Whatever a policy tolerates: without these there is no device, no report or
 * no map that anybody has proved.
 */
static const enum da_check must_hold[] = {
	DA_CHK_WELL_FORMED,
	DA_CHK_CHAIN,
	DA_CHK_LEAF_PROFILE,
	DA_CHK_SLOT,
	DA_CHK_SIGNATURE,
	DA_CHK_NONCE,
	DA_CHK_TSM_DIGEST_REPORT,
	DA_CHK_REPORT_SHAPE,
	DA_CHK_PLATFORM,
	DA_CHK_REFERENCE_VALUES,
	DA_CHK_REPORT_POLICY,
};

static int
class_of_broken(const struct judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_fault_text((enum da_why)finding->why)->exit_class;

	(void)j;
	(void)check;
	if (finding->result == DA_HOLDS || finding->result == DA_NOT_ASKED ||
	    finding->result == DA_UNKNOWN)
		return 0;
	/* Broken without a reason is nobody's word: our own fault. */
	return class != 0 ? class : 1;
}

static int
class_of_unknown(const struct judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_check_unknown_class(check, true);

	if (finding->result != DA_UNKNOWN ||
	    (j->rule != NULL && j->rule->tolerate[check]))
		return 0;
	return class != 0 ? class : 1;
}

static int
class_of_missing(const struct judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_check_unknown_class(check, true);

	(void)j;
	for (size_t i = 0; i < sizeof(must_hold) / sizeof(must_hold[0]); i++)
		if (must_hold[i] == check && finding->result != DA_HOLDS)
			return class != 0 ? class : 1;
	return 0;
}

typedef int (*classifier)(const struct judge *, enum da_check,
	    const struct da_finding *);

/* The worst class decides, and of that class the first check. */
static void
weigh(const struct judge *j, classifier class_of, struct da_verdict *verdict)
{
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++) {
		int class = class_of(j, (enum da_check)i,
		    &verdict->findings.of[i]);

		if (da_class_worse(verdict->exit_class, class) ==
		    verdict->exit_class)
			continue;
		verdict->exit_class = class;
		verdict->decided_by = i;
	}
}

/*
 * Where the proof did not hold, or no rule is for the device, what is broken
 * decides: nobody was there to tolerate an unknown.
 */
static void
decide(const struct judge *j, struct da_verdict *verdict)
{
	verdict->exit_class = 0;
	verdict->decided_by = DA_CHK_COUNT;
	weigh(j, class_of_broken, verdict);
	if (verdict->exit_class == 0 || j->rule != NULL)
		weigh(j, class_of_unknown, verdict);
	if (verdict->exit_class == 0)
		weigh(j, class_of_missing, verdict);
	verdict->accepted = verdict->exit_class == 0 ? 1 : 0;
}

static void
give_reasons(const struct judge *j, struct da_findings *findings)
{
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++)
		if (class_of_unknown(j, (enum da_check)i, &findings->of[i]) !=
		    0)
			findings->of[i].why = DA_F_POLICY_UNKNOWN;
}

static void
name_device(const struct judge *j, struct da_verdict *verdict)
{
	const struct da_chain *chain = &j->claims->evidence->chain;
	struct da_hash_value key;

	if (j->rule != NULL)
		memcpy(verdict->class_name, j->rule->class_name,
		    sizeof(verdict->class_name));
	if (j->claims->has_map)
		verdict->map = j->claims->map;
	if (!j->claims->evidence->has_chain || chain->n == 0)
		return;
	key = da_hash_of(DA_HASH_SHA384, chain->cert[chain->n - 1].spki);
	if (key.n == sizeof(verdict->device_key))
		memcpy(verdict->device_key, key.bytes, key.n);
}

void
da_appraise(const struct da_policy *policy, const struct da_claims *claims,
    struct da_verdict *ret)
{
	struct judge j = { policy, NULL, claims };

	*ret = (struct da_verdict){ .version = DA_VERDICT_VERSION,
	    .findings = claims->findings };
	memcpy(ret->policy_id, policy->id.bytes, sizeof(ret->policy_id));
	if (claims->evidence != NULL) {
		j.rule = da_policy_rule_for(policy, claims->ticket);
		judge_claims(&j, &ret->findings);
		name_device(&j, ret);
	}
	decide(&j, ret);
	give_reasons(&j, &ret->findings);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function's evidence judged by the owner's policy, in this one process:
 * what the daemon's two judges do, for a person at a shell.  The decision is
 * da_appraise()'s; here stand only its question and its telling.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/result.h"

/* The stages of one question: they point at each other, so never copied. */
struct decision {
	const struct da_policy *policy;
	const struct da_policy_rule *rule;	/* NULL: none is for it */
	struct da_ask ask;
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	struct da_verdict verdict;
	bool claimed;
};

/* -- the question -- */

static bool
is_among(const struct da_anchors *anchors, struct da_slice der)
{
	for (uint16_t i = 0; i < anchors->n; i++)
		if (da_slice_eq(anchors->der[i], der))
			return true;
	return false;
}

/* --root takes anchors away, and never adds one that the policy lacks. */
static void
narrow_anchors(struct da_anchors *anchors, const struct da_anchors *given)
{
	struct da_anchors both = { 0 };

	for (uint16_t i = 0; i < anchors->n; i++)
		if (is_among(given, anchors->der[i]))
			both.der[both.n++] = anchors->der[i];
	if (given->n > 0)
		*anchors = both;
}

static void
add_anchors(struct da_anchors *all, const struct da_anchors *more)
{
	for (uint16_t i = 0; i < more->n && all->n < DA_MAX_ANCHORS; i++)
		if (!is_among(all, more->der[i]))
			all->der[all->n++] = more->der[i];
}

/*
 * No ticket, or none of the rules is for its device: the answer is no.  What
 * the evidence is worth is shown all the same, under any root of the policy.
 */
static void
ask_for_show(const struct da_policy *policy, struct da_ask *ask)
{
	da_policy_ask(policy, policy->n_rules > 0 ? &policy->rule[0] : NULL,
	    ask);
	ask->tolerate = NULL;
	for (uint16_t i = 0; i < policy->n_rules; i++)
		add_anchors(&ask->anchors, &policy->rule[i].anchors);
}

/*
 * A time given here may be later than the policy's floor, below which no clock
 * is believed, and never before it.
 */
static void
take_time(struct da_ask *ask, const struct da_ask *given)
{
	if (!given->has_time || (ask->has_time && given->at < ask->at))
		return;
	ask->has_time = true;
	ask->at = given->at;
}

static void
make_question(struct decision *d, const struct cli_input *in)
{
	d->ask = in->ask;
	d->rule = da_policy_rule_for(d->policy, in->ask.ticket);
	if (d->rule != NULL)
		da_policy_ask(d->policy, d->rule, &d->ask);
	else
		ask_for_show(d->policy, &d->ask);
	narrow_anchors(&d->ask.anchors, &in->ask.anchors);
	take_time(&d->ask, &in->ask);
	if (in->ask.assumed != NULL)
		d->ask.assumed = in->ask.assumed;
}

/* -- the answer -- */

static bool
is_tolerated(const struct decision *d, enum da_check check)
{
	return d->rule != NULL && d->rule->tolerate[check];
}

/* The class of one finding where stage two never began. */
static int
class_of(const struct decision *d, enum da_check check)
{
	const struct da_finding *f = &d->verdict.findings.of[check];
	int class = da_fault_text((enum da_why)f->why)->exit_class;

	if (f->result == DA_BROKEN)
		return class != 0 ? class : 1;
	if (f->result != DA_UNKNOWN || is_tolerated(d, check))
		return 0;
	/* With no rule nobody could tolerate: what is broken decides. */
	return d->rule != NULL || check == DA_CHK_NONCE ?
	    da_check_unknown_class(check, true) : 0;
}

/* What the inputs alone say, whatever the evidence is worth. */
static void
find_what_lacks(const struct decision *d, const struct cli_input *in,
    struct da_findings *findings)
{
	const struct da_fault platform = { DA_F_POLICY_PLATFORM,
		DA_PART_TICKET, 0 };
	const struct da_fault no_rule = { DA_F_POLICY_NO_DEVICE,
		DA_PART_TICKET, 0 };
	const struct da_fault unsigned_ = { DA_F_SIGNATURE_ABSENT,
		DA_PART_MEASUREMENTS, 0 };

	if (d->ask.ticket == NULL)
		da_found_broken(findings, DA_CHK_PLATFORM, &platform);
	if (d->rule == NULL)
		da_found_broken(findings, DA_CHK_COMPOSITION, &no_rule);
	if (!in->bundle.given[DA_PART_MEASUREMENTS])
		da_found_broken(findings, DA_CHK_SIGNATURE, &unsigned_);
}

/*
 * Stage two never began: the findings of stage one decide, each by its class,
 * and of the broken ones and the unknowns the worst.
 */
static void
judge_refused_proof(struct decision *d, const struct cli_input *in)
{
	struct da_verdict *v = &d->verdict;
	int class = 0;

	v->findings = d->claims.findings;
	find_what_lacks(d, in, &v->findings);
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++) {
		int one = class_of(d, c);

		if (v->findings.of[c].result == DA_UNKNOWN) {
			v->findings.of[c].why = one != 0 ?
			    DA_F_POLICY_UNKNOWN : DA_F_NONE;
			v->findings.of[c].word = is_tolerated(d, c) ?
			    DA_WORD_TOLERATED : DA_WORD_NONE;
		}
		class = da_class_worse(class, one);
	}
	v->exit_class = class != 0 ? class : 1;
	v->accepted = 0;
}

static struct decision *
decide(const struct da_policy *policy, const struct cli_input *in)
{
	struct decision *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->policy = policy;
	make_question(d, in);
	da_prove(&in->bundle, &d->ask, &d->evidence, &d->proof);
	d->claimed = da_claims_make(&d->evidence, &d->proof, &d->ask,
	    &d->claims);
	da_appraise(policy, &d->claims, &d->verdict);
	if (!d->claimed)
		judge_refused_proof(d, in);
	/* Yes is said by two fields, and one that says no is a no. */
	if (d->verdict.accepted != 1 && d->verdict.exit_class == 0)
		d->verdict.exit_class = 1;
	return d;
}

/* -- telling it -- */

static struct da_json *
policy_json(const struct decision *d)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "name", da_json_new_string(
	    da_slice_str(d->policy->name)));
	da_json_set(o, "id", da_json_new_hex(da_hash_bytes(&d->policy->id)));
	da_json_set(o, "class", d->rule == NULL ? da_json_new_null() :
	    da_json_new_string(da_slice_str(d->rule->class_name)));
	return o;
}

static struct da_json *
result_of(const struct cli_input *in, const struct decision *d)
{
	int class = d->verdict.exit_class;
	const char *device = in->device;
	struct da_result_head head = { "check", class == 0 ? "accepted" :
	    "refused", class, NULL };
	struct da_json *result;

	if (*device == '\0' && d->ask.ticket != NULL)
		device = d->ask.ticket->device;
	head.device = *device == '\0' ? NULL : device;
	result = da_result_json(&head, &d->verdict.findings,
	    d->claimed ? &d->evidence : NULL, d->claimed ? &d->claims : NULL);
	if (result != NULL)
		da_json_set(result, "policy", policy_json(d));
	return result;
}

/* The checks of which the policy says so, on one line. */
static void
print_borne(const struct decision *d, enum da_word word, const char *heading)
{
	const char *before = heading;

	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (d->verdict.findings.of[c].word == word) {
			printf("%s%s", before, da_check_name(c));
			before = ", ";
		}
	if (before != heading)
		printf("\n");
}

static void
print_policy(const struct decision *d)
{
	struct da_slice id = da_hash_bytes(&d->policy->id);

	printf("\n  policy        %s (", d->policy->name);
	for (size_t i = 0; i < id.n && i < 8; i++)
		printf("%02x", id.p[i]);
	printf("...)\n  rule          %s\n", d->rule == NULL ? "none" :
	    d->rule->class_name);
	print_borne(d, DA_WORD_TOLERATED, "  tolerated     ");
	print_borne(d, DA_WORD_WARNED, "  warned of     ");
}

/* Unknowns that decided: no fault stands behind one. */
static void
print_minded(const struct decision *d)
{
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (d->verdict.findings.of[c].result == DA_UNKNOWN &&
		    d->verdict.findings.of[c].why == DA_F_POLICY_UNKNOWN)
			printf("\n%s is unknown, and the policy does not "
			    "tolerate it\n", da_check_name(c));
	if (d->ask.ticket == NULL)
		printf("\nwithout --ticket nobody says which platform and "
		    "device this is: no rule can be for it\n");
}

static void
print_result(const struct decision *d, const struct da_json *result)
{
	cli_print_findings(&d->verdict.findings, d->ask.ticket != NULL);
	cli_print_faults(&d->verdict.findings);
	print_minded(d);
	if (d->claimed)
		cli_print_summary(result);
	print_policy(d);
	cli_print_verdict("ACCEPTED", d->verdict.exit_class);
}

static int
tell(const struct da_options *options, const struct cli_input *in,
    const struct decision *d)
{
	struct da_json *result = result_of(in, d);

	if (result == NULL)
		return cli_tell_misuse("check", options->json,
		    "out of memory");
	if (options->json)
		return cli_put_json(result) ? d->verdict.exit_class : 1;
	print_result(d, result);
	da_json_free(result);
	return d->verdict.exit_class;
}

static int
check(const struct da_options *options, const struct cli_input *in,
    const struct da_policy *policy)
{
	struct decision *d;
	int class;

	if (!cli_has_evidence(in))
		return cli_tell_misuse("check", options->json, "nothing to "
		    "check: give a bundle, or a chain and measurements");
	d = decide(policy, in);
	if (d == NULL)
		return cli_tell_misuse("check", options->json,
		    "out of memory");
	class = tell(options, in, d);
	free(d);
	return class;
}

int
cli_check(const struct da_options *options)
{
	struct cli_refusal refused_input = { 0 }, refused_owner = { 0 };
	struct cli_input *in = cli_input_load(options, &refused_input);
	struct cli_owner owner;
	bool owned = cli_owner_load(options, &owner, &refused_owner);
	int class;

	if (!owned && (in != NULL || da_class_worse(refused_owner.exit_class,
	    refused_input.exit_class) == refused_owner.exit_class))
		class = cli_tell_refusal(options, &refused_owner);
	else if (in == NULL)
		class = cli_tell_refusal(options, &refused_input);
	else
		class = check(options, in, owner.policy);
	cli_owner_free(&owner);
	cli_input_free(in);
	return class;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/result.h"

/* The stages of one question: they point at each other, so never copied. */
struct answer {
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	bool claimed;
	int exit_class;
};

/* A nonce asks for an answer to it: without one nothing here is fresh. */
static int
class_of(const struct cli_input *in, const struct da_findings *findings)
{
	int class = da_verify_class(&in->bundle, findings);
	bool unanswered = in->ask.nonce.n != 0 &&
	    !in->bundle.given[DA_PART_MEASUREMENTS];

	return unanswered ? da_class_worse(class,
	    da_check_unknown_class(DA_CHK_NONCE, false)) : class;
}

static struct answer *
ask(const struct cli_input *in)
{
	struct answer *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	da_prove(&in->bundle, &in->ask, &a->evidence, &a->proof);
	a->claimed = da_claims_make(&a->evidence, &a->proof, &in->ask,
	    &a->claims);
	a->exit_class = class_of(in, &a->claims.findings);
	return a;
}

static struct da_json *
result_of(const struct cli_input *in, const struct answer *a)
{
	struct da_result_head head = {
		"verify", a->exit_class == 0 ? "verified" : "refused",
		a->exit_class, in->device[0] == '\0' ? NULL : in->device,
	};

	/* Facts that were not proved are not told: `show` is for those. */
	return da_result_json(&head, &a->claims.findings,
	    a->claimed ? &a->evidence : NULL, a->claimed ? &a->claims : NULL);
}

static bool
anything_broken(const struct da_findings *findings)
{
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (findings->of[c].result == DA_BROKEN)
			return true;
	return false;
}

/* Nothing is broken, and still it is no: an unknown that had to hold. */
static void
print_missing(const struct cli_input *in, const struct answer *a)
{
	const struct da_findings *findings = &a->claims.findings;

	if (a->exit_class == 0 || anything_broken(findings))
		return;
	if (a->exit_class == 3)
		printf("\nno evidence at all: nothing is proved\n");
	if (a->exit_class == 6 && !in->bundle.given[DA_PART_MEASUREMENTS])
		printf("\na nonce was given, and no measurements that answer "
		    "it\n");
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (findings->of[c].result == DA_UNKNOWN &&
		    (da_check_unknown_class(c, false) == a->exit_class ||
		    c == DA_CHK_TSM_DIGEST_REPORT))
			printf("\n%s is unknown, and without it nothing is "
			    "verified here\n", da_check_name(c));
}

static void
print_result(const struct cli_input *in, const struct answer *a,
    const struct da_json *result)
{
	cli_print_findings(&a->claims.findings, in->ask.ticket != NULL);
	cli_print_faults(&a->claims.findings);
	print_missing(in, a);
	if (a->claimed)
		cli_print_summary(result);
	cli_print_verdict("VERIFIED", a->exit_class);
}

static int
tell(const struct da_options *options, const struct cli_input *in,
    const struct answer *a)
{
	struct da_json *result = result_of(in, a);

	if (result == NULL)
		return cli_tell_misuse("verify", options->json,
		    "out of memory");
	if (options->json)
		return cli_put_json(result) ? a->exit_class : 1;
	print_result(in, a, result);
	da_json_free(result);
	return a->exit_class;
}

bool
cli_has_evidence(const struct cli_input *in)
{
	const bool *given = in->bundle.given;

	return in->has_answer || given[DA_PART_CHAIN] ||
	    given[DA_PART_MEASUREMENTS] || given[DA_PART_REPORT] ||
	    (given[DA_PART_VCA] && in->ask.ticket != NULL);
}

int
cli_verify(const struct da_options *options)
{
	struct cli_refusal refusal;
	struct cli_input *in = cli_input_load(options, &refusal);
	struct answer *a = NULL;
	int class;

	if (in == NULL)
		return cli_tell_refusal(options, &refusal);
	if (!cli_has_evidence(in))
		class = cli_tell_misuse("verify", options->json, "nothing to "
		    "verify: give a chain, measurements, a report or a bundle");
	else if ((a = ask(in)) == NULL)
		class = cli_tell_misuse("verify", options->json,
		    "out of memory");
	else
		class = tell(options, in, a);
	free(a);
	cli_input_free(in);
	return class;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>

#include "policy/result.h"

struct da_json *
cli_head(const char *verb, const char *result, int exit_class)
{
	struct da_json *object = da_json_new_object();

	da_json_set(object, "version", da_json_new_int(1));
	da_json_set(object, "verb", da_json_new_string(da_slice_str(verb)));
	da_json_set(object, "result",
	    da_json_new_string(da_slice_str(result)));
	da_json_set(object, "exit", da_json_new_int(exit_class));
	da_json_set(object, "checks", da_json_new_array());
	return object;
}

bool
cli_put_json(struct da_json *object)
{
	const char *text = object == NULL ? NULL : da_json_text(object);
	bool written = text != NULL && printf("%s\n", text) >= 0;

	da_json_free(object);
	return written;
}

int
cli_tell_misuse(const char *verb, bool json, const char *text)
{
	struct da_json *object;

	fprintf(stderr, "devattest%s%s: %s\n", *verb == '\0' ? "" : " ", verb,
	    text);
	if (json) {
		object = cli_head(verb, "refused", 1);
		da_json_set(object, "error",
		    da_json_new_string(da_slice_str(text)));
		cli_put_json(object);
	}
	return 1;
}

/* Where no evidence was given there is no table of checks to show. */
static void
print_refusal(enum da_verb verb, const struct da_findings *findings,
    const struct cli_refusal *refusal)
{
	const struct da_fault_text *fault =
	    da_fault_text(refusal->fault.why);

	if (verb == DA_VERB_COLLECT || verb == DA_VERB_STATUS)
		printf("%s: %s\n", fault->name, fault->text);
	else {
		cli_print_findings(findings, false);
		cli_print_faults(findings);
	}
	if (refusal->misuse.text[0] != '\0')
		printf("  %s\n", refusal->misuse.text);
	cli_print_verdict("", refusal->exit_class);
}

static bool
put_refusal(const struct da_result_head *head,
    const struct da_findings *findings, const struct cli_refusal *refusal)
{
	struct da_json *o = da_result_json(head, findings, NULL, NULL);

	if (o != NULL && refusal->misuse.text[0] != '\0')
		da_json_set(o, "error", da_json_new_string(
		    da_slice_str(refusal->misuse.text)));
	return cli_put_json(o);
}

/* No evidence, and so none of the faults: a result that is none. */
static int
tell_unread(const struct da_options *options,
    const struct cli_refusal *refusal)
{
	struct da_json *o;

	if (!options->json) {
		printf("%s\n", refusal->misuse.text);
		cli_print_verdict("", refusal->exit_class);
		return refusal->exit_class;
	}
	o = cli_head(da_verb_row(options->verb)->name, "refused",
	    refusal->exit_class);
	da_json_set(o, "error",
	    da_json_new_string(da_slice_str(refusal->misuse.text)));
	return cli_put_json(o) ? refusal->exit_class : 1;
}

int
cli_tell_refusal(const struct da_options *options,
    const struct cli_refusal *refusal)
{
	const char *verb = da_verb_row(options->verb)->name;
	struct da_result_head head = { verb, "refused", refusal->exit_class,
	    NULL };
	struct da_findings findings;

	if (refusal->exit_class == 1)
		return cli_tell_misuse(verb, options->json,
		    refusal->misuse.text);
	if (refusal->fault.why == DA_F_NONE)
		return tell_unread(options, refusal);
	da_findings_start(&findings);
	/* An anchor that is not there is the chain's matter, no form. */
	da_found_broken(&findings, refusal->fault.why == DA_F_NO_ANCHOR ?
	    DA_CHK_CHAIN : DA_CHK_WELL_FORMED, &refusal->fault);
	if (!options->json)
		print_refusal(options->verb, &findings, refusal);
	else if (!put_refusal(&head, &findings, refusal))
		return 1;
	return refusal->exit_class;
}

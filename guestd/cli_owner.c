/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "files.h"

static bool
refuse_class(struct cli_refusal *reterr, int exit_class)
{
	reterr->exit_class = exit_class;
	return false;
}

const char *
cli_policy_path(const struct da_options *options)
{
	if (options->operand != NULL)
		return options->operand;
	return options->value[DA_OPT_POLICY] != NULL ?
	    options->value[DA_OPT_POLICY] : DA_POLICY_PATH;
}

bool
cli_policy_text(const struct da_options *options, struct da_slice *ret,
    struct cli_refusal *reterr)
{
	const char *path = cli_policy_path(options);
	struct da_file_error error;

	*reterr = (struct cli_refusal){ 0 };
	if (da_file_read(path, DA_PART_POLICY, DA_POLICY_MAX_BYTES, ret,
	    &error))
		return true;
	reterr->fault = error.fault;
	da_misused(&reterr->misuse, "policy %s: %s", path, error.unusable ?
	    error.text : da_fault_text(error.fault.why)->text);
	return refuse_class(reterr, error.unusable ? 1 :
	    da_fault_text(error.fault.why)->exit_class);
}

bool
cli_roots_load(const struct da_options *options, struct da_policy *policy,
    struct da_roots *ret, struct cli_refusal *reterr)
{
	const char *folder = options->value[DA_OPT_ROOTS] != NULL ?
	    options->value[DA_OPT_ROOTS] : DA_ROOTS_FOLDER;
	char why[200];

	*reterr = (struct cli_refusal){ 0 };
	if (da_roots_load(policy, folder, ret, why, sizeof(why)))
		return true;
	da_misused(&reterr->misuse, "%s", why);
	reterr->fault = ret->fault;
	return refuse_class(reterr, ret->exit_class);
}

bool
cli_owner_load(const struct da_options *options, struct cli_owner *ret,
    struct cli_refusal *reterr)
{
	struct da_policy_error error;
	struct da_slice text;

	*ret = (struct cli_owner){ NULL };
	if (!cli_policy_text(options, &text, reterr))
		return false;
	ret->policy = da_policy_parse(text, &error);
	da_file_free(text);
	if (ret->policy == NULL) {
		da_misused(&reterr->misuse, "policy %s, line %u, column %u: "
		    "%s", cli_policy_path(options), (unsigned int)error.line,
		    (unsigned int)error.column, error.text);
		return refuse_class(reterr, 1);
	}
	return cli_roots_load(options, ret->policy, &ret->roots, reterr);
}

void
cli_owner_free(struct cli_owner *owner)
{
	da_roots_free(&owner->roots);
	if (owner->policy != NULL)
		da_policy_free(owner->policy);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a policy, as a compiler says it: FILE:LINE:COLUMN.  What
 * it finds is policy/lint.h's; the anchors are looked for only where a folder
 * is named, since a policy is often written elsewhere than it is used.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "policy/lint.h"

#define POLICY	5	/* the class of a bad policy in `lint` */

static const char *
level_name(enum da_lint_level level)
{
	return level == DA_LINT_ERROR ? "error" : "warning";
}

static void
add_note(struct da_lint *lint, const char *name, const char *text)
{
	struct da_lint_note *note = &lint->note[lint->n];

	if (lint->n == DA_LINT_MAX)
		return;
	*note = (struct da_lint_note){ .level = DA_LINT_ERROR, .name = name };
	snprintf(note->text, sizeof(note->text), "%.199s", text);
	lint->n++;
}

/* Where a folder is named: is every root there, and one certificate? */
static void
look_for_roots(const struct da_options *options, struct da_slice text,
    struct da_lint *lint)
{
	struct da_policy_error error;
	struct da_policy *policy = da_policy_parse(text, &error);
	struct da_roots *roots = calloc(1, sizeof(*roots));
	struct cli_refusal refusal;

	if (policy != NULL && roots != NULL) {
		if (!cli_roots_load(options, policy, roots, &refusal))
			add_note(lint, "ROOT_MISSING", refusal.misuse.text);
		da_roots_free(roots);
	}
	if (policy != NULL)
		da_policy_free(policy);
	free(roots);
}

static bool
has_error(const struct da_lint *lint)
{
	for (size_t i = 0; i < lint->n; i++)
		if (lint->note[i].level == DA_LINT_ERROR)
			return true;
	return false;
}

/* -- telling it -- */

static struct da_json *
note_json(const struct da_lint_note *note)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "level", da_json_new_string(
	    da_slice_str(level_name(note->level))));
	da_json_set(o, "name", da_json_new_string(da_slice_str(note->name)));
	da_json_set(o, "text", da_json_new_string(da_slice_str(note->text)));
	da_json_set(o, "line", da_json_new_int(note->line));
	da_json_set(o, "column", da_json_new_int(note->column));
	return o;
}

static struct da_json *
result_of(const char *path, const struct da_lint *lint, int class)
{
	struct da_json *o = cli_head("lint", class == 0 ? "clean" : "refused",
	    class);
	struct da_json *notes = da_json_new_array();

	for (size_t i = 0; i < lint->n; i++)
		da_json_append(notes, note_json(&lint->note[i]));
	da_json_set(o, "file", da_json_new_string(da_slice_str(path)));
	da_json_set(o, "notes", notes);
	return o;
}

static void
print_note(const char *path, const struct da_lint_note *note)
{
	printf("%s:", path);
	if (note->line != 0)
		printf("%u:%u:", (unsigned int)note->line,
		    (unsigned int)note->column);
	printf(" %s: %s: ", level_name(note->level), note->name);
	cli_print_escaped(da_slice_str(note->text));
	printf("\n");
}

static void
print_sum(const char *path, const struct da_lint *lint)
{
	size_t errors = 0;

	for (size_t i = 0; i < lint->n; i++) {
		print_note(path, &lint->note[i]);
		errors += lint->note[i].level == DA_LINT_ERROR;
	}
	printf("%s: %zu error%s, %zu warning%s\n", path, errors,
	    errors == 1 ? "" : "s", lint->n - errors,
	    lint->n - errors == 1 ? "" : "s");
}

static int
tell(const struct da_options *options, const struct da_lint *lint)
{
	int class = has_error(lint) ? POLICY : 0;
	const char *path = cli_policy_path(options);

	if (options->json)
		return cli_put_json(result_of(path, lint, class)) ? class : 1;
	print_sum(path, lint);
	return class;
}

int
cli_lint(const struct da_options *options)
{
	struct cli_refusal refusal;
	struct da_lint *lint;
	struct da_slice text;
	int class;

	if (!cli_policy_text(options, &text, &refusal))
		return cli_tell_refusal(options, &refusal);
	lint = calloc(1, sizeof(*lint));
	if (lint == NULL) {
		da_file_free(text);
		return cli_tell_misuse("lint", options->json, "out of memory");
	}
	da_lint_policy(text, lint);
	if (options->value[DA_OPT_ROOTS] != NULL)
		look_for_roots(options, text, lint);
	class = tell(options, lint);
	free(lint);
	da_file_free(text);
	return class;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>

#include "config.h"

#define COLUMN	34	/* where an option's text begins */

static void
print_verbs(void)
{
	for (enum da_verb v = 0; v < DA_VERB_COUNT; v++)
		printf("  %-9s %s%s\n", da_verb_row(v)->name,
		    da_verb_row(v)->text, da_verb_row(v)->built ? "" :
		    " (not in this version)");
}

static void
print_option(const struct da_option_row *row)
{
	char left[64];

	snprintf(left, sizeof(left), "  --%s%s%s%s", row->name,
	    row->argument == NULL ? "" : " ",
	    row->argument == NULL ? "" : row->argument,
	    row->repeats ? " ..." : "");
	printf("%-*s %s%s\n", COLUMN, left, row->text,
	    row->later ? " (not in this version)" : "");
}

static bool
belongs(enum da_option o, enum da_verb verb)
{
	return (da_option_row(o)->verbs & 1u << verb) != 0;
}

/* -- the same as JSON, for whoever makes completions from it -- */

static struct da_json *
option_json(const struct da_option_row *row)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "name", da_json_new_string(da_slice_str(row->name)));
	da_json_set(o, "argument", row->argument == NULL ? da_json_new_null() :
	    da_json_new_string(da_slice_str(row->argument)));
	da_json_set(o, "repeats", da_json_new_bool(row->repeats));
	da_json_set(o, "in-this-version", da_json_new_bool(!row->later));
	da_json_set(o, "text", da_json_new_string(da_slice_str(row->text)));
	return o;
}

static struct da_json *
verb_json(enum da_verb verb)
{
	const struct da_verb_row *row = da_verb_row(verb);
	struct da_json *o = da_json_new_object();

	da_json_set(o, "name", da_json_new_string(da_slice_str(row->name)));
	da_json_set(o, "in-this-version", da_json_new_bool(row->built));
	da_json_set(o, "text", da_json_new_string(da_slice_str(row->text)));
	return o;
}

static bool
help_as_json(void)
{
	struct da_json *object = cli_head("help", "shown", 0);
	struct da_json *verbs = da_json_new_array();

	for (enum da_verb v = 0; v < DA_VERB_COUNT; v++)
		da_json_append(verbs, verb_json(v));
	da_json_set(object, "verbs", verbs);
	return cli_put_json(object);
}

static bool
help_verb_as_json(enum da_verb verb)
{
	struct da_json *object = cli_head(da_verb_row(verb)->name, "shown", 0);
	struct da_json *options = da_json_new_array();

	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		if (belongs(o, verb))
			da_json_append(options,
			    option_json(da_option_row(o)));
	da_json_set(object, "options", options);
	return cli_put_json(object);
}

/* -- what main asks for -- */

bool
cli_help(bool json)
{
	if (json)
		return help_as_json();
	printf("usage: devattest VERB [OPTIONS]\n"
	    "       devattest help VERB\n\n"
	    "Proves what a device of a confidential VM says of itself.\n\n");
	print_verbs();
	printf("\nWith --json: exactly one JSON object on standard output.\n"
	    "Exit status: 0 yes; anything else is a refusal and says which "
	    "kind.\n");
	return true;
}

bool
cli_help_verb(enum da_verb verb, bool json)
{
	if (json)
		return help_verb_as_json(verb);
	printf("usage: devattest %s [OPTIONS]\n\n  %s%s\n\n",
	    da_verb_row(verb)->name, da_verb_row(verb)->text,
	    da_verb_row(verb)->built ? "" : " (not in this version)");
	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		if (belongs(o, verb))
			print_option(da_option_row(o));
	printf("\nA FILE may be `-`, standard input, once.  Exit status:\n");
	for (int class = 0; class <= 10; class++)
		printf("  %2d  %s\n", class, cli_class_text(class));
	return true;
}

bool
cli_version(bool json)
{
	struct da_json *object;

	if (!json) {
		printf("devattest %s\n", PACKAGE_VERSION);
		return true;
	}
	object = cli_head("version", "shown", 0);
	da_json_set(object, "release",
	    da_json_new_string(da_slice_str(PACKAGE_VERSION)));
	return cli_put_json(object);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>

#include "config.h"
#include "verifier/hash.h"

#define COLUMN	34	/* where an option's text begins */

/* What a newcomer wants to know of a verb, and what he may type. */
static const struct {
	const char *text;
	const char *examples[3];
} lessons[DA_VERB_COUNT] = {
	[DA_VERB_VERIFY] = {
	    "Facts only.  Each check holds, is broken or is unknown; an unknown"
	    "\nnever counts as holding.  Give the root from a place that you "
	    "trust.",
	    { "devattest verify --chain certchain.bin --root root.der \\\n"
	    "        --vca vca.bin --measurements measurements.bin \\\n"
	    "        --nonce nonce.bin --at 2026-11-23T00:00:00Z",
	    "devattest verify --bundle device.bundle --root root.der \\\n"
	    "        --nonce nonce.bin" } },
	[DA_VERB_CHECK] = {
	    "What the daemon would decide of one function, here and now.  "
	    "Without\na ticket no platform and no rule is known, and the "
	    "answer is no.\n--root takes anchors of the policy away and adds "
	    "none; of --at and the\npolicy's floor the later counts.",
	    { "devattest check --bundle device.bundle --ticket ticket.json "
	    "\\\n        --policy policy.json --roots roots/",
	    "devattest check --bundle device.bundle --ticket ticket.json "
	    "--json |\n        devattest explain" } },
	[DA_VERB_SHOW] = {
	    "Looks, and proves nothing: every section is marked UNVERIFIED.",
	    { "devattest show --bundle device.bundle",
	    "devattest show --chain - <certchain.bin" } },
	[DA_VERB_COLLECT] = {
	    "The host is asked once, as the daemon asks it.  Keep the nonce: "
	    "without\nit nobody can say later that the answer was fresh.",
	    { "devattest collect --connect vsock:2:5467 --device 0000:01:00.0 "
	    "\\\n        --out device.bundle" } },
	[DA_VERB_REPLAY] = { "", { NULL } },
	[DA_VERB_EXPLAIN] = {
	    "Reads what verify, check, status or devattestd printed as JSON; "
	    "without\na FILE, from standard input.  It ends with 0 when it "
	    "could explain,\nwhatever the result was.",
	    { "devattest verify --bundle device.bundle --json | "
	    "devattest explain",
	    "devattest explain /run/devattest/0000:01:00.0.json" } },
	[DA_VERB_LINT] = {
	    "One line a note, FILE:LINE:COLUMN.  Errors end with 5, warnings "
	    "with 0.\nWith --roots it also looks for each root that is named.",
	    { "devattest lint policy.json",
	    "devattest lint --policy policy.json --roots roots/" } },
	[DA_VERB_STATUS] = {
	    "Asks the daemon's socket, which answers root and its own user.  "
	    "It ends\nwith 0 when all is accepted, with 10 when it is not yet "
	    "decided or no\ndaemon runs, else with the refusal's status.",
	    { "devattest status", "devattest status --json | "
	    "devattest explain" } },
	[DA_VERB_DEMO] = {
	    "No privileges and no hardware are needed.",
	    { "devattest demo" } },
};

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

static void
print_lesson(enum da_verb verb)
{
	if (*lessons[verb].text != '\0')
		printf("\n%s\n", lessons[verb].text);
	for (size_t i = 0; i < sizeof(lessons[verb].examples) /
	    sizeof(lessons[verb].examples[0]); i++)
		if (lessons[verb].examples[i] != NULL)
			printf("%s    %s\n", i == 0 ? "\nFor example\n" : "",
			    lessons[verb].examples[i]);
}

static bool
takes_files(enum da_verb verb)
{
	bool files = da_verb_row(verb)->operand != NULL;

	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		files |= belongs(o, verb) && da_option_row(o)->is_file;
	return files;
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
	printf("\n`devattest help VERB` has its options and examples; "
	    "`devattest demo` shows\nthe whole.  "
	    "With --json: exactly one JSON object on standard output.\n"
	    "Exit status: 0 yes; anything else is a refusal and says which "
	    "kind.\n");
	return true;
}

bool
cli_help_verb(enum da_verb verb, bool json)
{
	const struct da_verb_row *row = da_verb_row(verb);

	if (json)
		return help_verb_as_json(verb);
	printf("usage: devattest %s [OPTIONS]%s%s%s\n\n  %s%s\n",
	    row->name, row->operand == NULL ? "" : " [",
	    row->operand == NULL ? "" : row->operand,
	    row->operand == NULL ? "" : "]", row->text,
	    row->built ? "" : " (not in this version)");
	print_lesson(verb);
	printf("\n");
	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		if (belongs(o, verb))
			print_option(da_option_row(o));
	printf("\n%sExit status:\n", takes_files(verb) ?
	    "A FILE may be `-`, standard input, once.  " : "");
	for (int class = 0; class <= 10; class++)
		printf("  %2d  %s\n", class, cli_class_text(class));
	return true;
}

bool
cli_version(bool json)
{
	struct da_json *object;

	if (!json) {
		printf("devattest %s, with OpenSSL %s\n", PACKAGE_VERSION,
		    da_crypto_version());
		return true;
	}
	object = cli_head("version", "shown", 0);
	da_json_set(object, "release",
	    da_json_new_string(da_slice_str(PACKAGE_VERSION)));
	da_json_set(object, "openssl",
	    da_json_new_string(da_slice_str(da_crypto_version())));
	return cli_put_json(object);
}

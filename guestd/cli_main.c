/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* Yes is only yes when it could be said: a full disk is a failure. */
static int
finish(int exit_class)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return exit_class;
	fprintf(stderr, "devattest: cannot write standard output\n");
	return 1;
}

static int
no_such(const char *verb, bool json, const char *what, const char *word)
{
	const char *near = strcmp(what, "verb") == 0 ? da_verb_near(word) :
	    NULL;
	struct da_misuse m;

	if (near == NULL)
		da_misused(&m, "`%s` is no %s; see `devattest --help`", word,
		    what);
	else
		da_misused(&m, "`%s` is no %s; did you mean `%s`?", word,
		    what, near);
	return cli_tell_misuse(verb, json, m.text);
}

static int
not_built(enum da_verb verb, bool json)
{
	const char *name = da_verb_row(verb)->name;
	struct da_misuse m;

	da_misused(&m, "`%s` is not in this version", name);
	return cli_tell_misuse(name, json, m.text);
}

/* By verb; what is not here is not built. */
static int (*const runs[DA_VERB_COUNT])(const struct da_options *options) = {
	[DA_VERB_VERIFY] = cli_verify,
	[DA_VERB_CHECK] = cli_check,
	[DA_VERB_SHOW] = cli_show,
	[DA_VERB_COLLECT] = cli_collect,
	[DA_VERB_EXPLAIN] = cli_explain,
	[DA_VERB_LINT] = cli_lint,
	[DA_VERB_STATUS] = cli_status,
	[DA_VERB_DEMO] = cli_demo,
};

static int
run_verb(enum da_verb verb, int argc, char **argv, bool json)
{
	struct da_options options;
	struct da_misuse m;

	if (runs[verb] == NULL)
		return not_built(verb, json);
	if (!da_options_parse(verb, argc - 1, argv + 1, &options, &m))
		return cli_tell_misuse(argv[0], json, m.text);
	if (options.help)
		return cli_help_verb(verb, json) ? 0 : 1;
	return runs[verb](&options);
}

/* `help`, `help VERB`, `--help`, `--version`, each with --json or not. */
static int
run_help(int argc, char **argv, bool json)
{
	const char *topic = NULL;
	enum da_verb verb;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			continue;
		if (topic != NULL || strcmp(argv[0], "help") != 0)
			return no_such("help", json, "option here", argv[i]);
		topic = argv[i];
	}
	if (strcmp(argv[0], "--version") == 0)
		return cli_version(json) ? 0 : 1;
	if (topic == NULL)
		return cli_help(json) ? 0 : 1;
	verb = da_verb_named(topic);
	if (verb == DA_VERB_COUNT)
		return no_such("help", json, "verb", topic);
	return cli_help_verb(verb, json) ? 0 : 1;
}

static int
run(int argc, char **argv)
{
	bool json = da_options_want_json(argc, argv);
	enum da_verb verb;

	if (argc == 0 || strncmp(argv[0], "--json", 6) == 0)
		return cli_tell_misuse("", json,
		    "a verb comes first; see `devattest --help`");
	if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "--version") == 0)
		return run_help(argc, argv, json);
	verb = da_verb_named(argv[0]);
	if (verb == DA_VERB_COUNT)
		return no_such(argv[0], json, "verb", argv[0]);
	return run_verb(verb, argc, argv, json);
}

int
main(int argc, char **argv)
{
	return finish(argc > 0 ? run(argc - 1, argv + 1) : 1);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <unistd.h>

#include "demo.h"

/* The demo's own words, which the table has read, in their one form. */
static int
play(const struct da_options *options)
{
	char verb[] = "demo", spdm[] = "--spdm", keep[] = "--keep";
	char version[16];
	char *argv[5] = { verb };
	int argc = 1;

	if (options->value[DA_OPT_SPDM] != NULL) {
		snprintf(version, sizeof(version), "%.15s",
		    options->value[DA_OPT_SPDM]);
		argv[argc++] = spdm;
		argv[argc++] = version;
	}
	if (options->value[DA_OPT_KEEP] != NULL)
		argv[argc++] = keep;
	return da_demo_main(argc, argv);
}

/*
 * What the demo prints is a story, not a result: with --json it goes to
 * standard error, and the object says how it ended.
 */
static int
play_as_json(const struct da_options *options)
{
	int out = dup(STDOUT_FILENO);
	int class;

	if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return cli_tell_misuse("demo", true,
		    "cannot turn standard output around");
	class = play(options);
	fflush(stdout);
	if (dup2(out, STDOUT_FILENO) < 0)
		return 1;
	close(out);
	return cli_put_json(cli_head("demo", class == 0 ? "shown" : "refused",
	    class)) ? class : 1;
}

int
cli_demo(const struct da_options *options)
{
	return options->json ? play_as_json(options) : play(options);
}

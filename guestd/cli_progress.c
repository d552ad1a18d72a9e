/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FROM_THE_START	"\r\033[K"	/* to column 1, and erase the line */

/* What cannot erase its line, or is no person, is not shown one. */
static bool
somebody_looks(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) == 1 && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

void
cli_progress(const char *format, ...)
{
	va_list args;

	if (!somebody_looks())
		return;
	fputs(FROM_THE_START, stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fflush(stderr);
}

void
cli_progress_end(void)
{
	if (somebody_looks())
		fputs(FROM_THE_START, stderr);
}

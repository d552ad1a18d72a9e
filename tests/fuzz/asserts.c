/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the asserts of Check call, where there is none of its runners: the
 * headers of the unit tests make our inputs, and a fuzzer runs them.  Linked
 * instead of the library.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

void
_mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

void
_ck_assert_failed(const char *file, int line, const char *expr,
    const char *msg, ...)
{
	(void)msg;
	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	abort();
}

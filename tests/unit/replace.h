/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for tests: a good one with one piece replaced, in memory that ends
 * where the text ends, so that a sanitizer sees a read past it.
 */
#ifndef DA_TEST_REPLACE_H
#define DA_TEST_REPLACE_H

#include "unit.h"

/* Ends with the text: no NUL follows.  The caller frees `p`. */
static inline struct da_slice
exactly(const void *bytes, size_t n)
{
	uint8_t *p = malloc(n == 0 ? 1 : n);

	ck_assert_ptr_nonnull(p);
	if (n > 0)
		memcpy(p, bytes, n);
	return da_slice_of(p, n);
}

/* `text` with its one `from` made `to`.  The caller frees. */
static inline char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	size_t before, size = strlen(text) + strlen(to) + 1;
	char *out = malloc(size);

	ck_assert_msg(at != NULL, "\"%s\" is not in the document", from);
	ck_assert_msg(strstr(at + 1, from) == NULL, "\"%s\" is there twice",
	    from);
	ck_assert_ptr_nonnull(out);
	before = (size_t)(at - text);
	memcpy(out, text, before);
	snprintf(out + before, size - before, "%s%s", to, at + strlen(from));
	return out;
}

#endif

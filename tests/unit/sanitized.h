/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sanitizer's own calls are in no role's list: what only the binaries that
 * ship can show is skipped where there is one, and said to be.
 */
#ifndef DA_TEST_SANITIZED_H
#define DA_TEST_SANITIZED_H

#include <stdbool.h>
#include <stdio.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define DA_TEST_HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(DA_TEST_HAS_SANITIZER)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

/* 77 is "skipped" to the test runner. */
static inline bool
filters_can_be_used(const char *test)
{
	if (!is_sanitized)
		return true;
	printf("%s: SKIPPED, no role was run behind its filter: this build has "
	    "a sanitizer, whose system calls are in no list\n", test);
	return false;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a policy beyond its form: rules that could never refuse,
 * and rules that could never be kept.  Knows the policy, never a device.
 */
#ifndef DA_LINT_H
#define DA_LINT_H

#include "policy.h"

#define DA_LINT_MAX	64

enum da_lint_level {
	DA_LINT_ERROR,		/* the policy must not be used as it is */
	DA_LINT_WARNING		/* it may be what the owner wants */
};

struct da_lint_note {
	enum da_lint_level level;
	const char *name;	/* "NEVER_REFUSES"; static */
	char text[200];		/* one line */
	uint32_t line, column;	/* from 1; 0: of the whole file */
};

struct da_lint {
	size_t n;		/* most important first as they stand */
	struct da_lint_note note[DA_LINT_MAX];
};

/*
 * Reads the text as da_policy_parse does; a text that cannot be parsed is one
 * note, an error.  True: no error stands in *ret (warnings may).
 */
bool	da_lint_policy(struct da_slice text, struct da_lint *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own word on each case of a suite that others wrote.  A record begins in
 * the first column and goes on in lines that begin with a tab:
 *
 *	ID must-accept
 *	ID must-refuse FAULT
 *	ID not-applicable OUTCOME
 *		name WORDS
 *		certs FILE... (anchor first)
 *		crls FILE...
 *		because WORDS
 *
 * Who files a case as not applicable says why, and what we make of it: a fault,
 * REVOCATION_UNKNOWN, or ACCEPTED.  An outcome that is another is a failure: a
 * reason that has gone stale hides nothing.
 */
#ifndef DA_TEST_MANIFEST_H
#define DA_TEST_MANIFEST_H

#include "tests/unit/unit.h"

#define MAN_MAX_CASES	256
#define MAN_MAX_FILES	10
#define MAN_NAME	80

enum man_verdict { MAN_ACCEPT, MAN_REFUSE, MAN_NOT_APPLICABLE };

struct man_files {
	int n;
	char name[MAN_MAX_FILES][MAN_NAME];
};

struct man_case {
	char id[MAN_NAME];
	enum man_verdict verdict;
	char outcome[MAN_NAME];
	bool has_reason;
	struct man_files certs, crls;
};

struct manifest {
	int n;
	struct man_case of[MAN_MAX_CASES];
	int tally[MAN_NOT_APPLICABLE + 1];
};

/* tests/vectors/FILE of DEVATTEST_SOURCE; ends the program when it is bad. */
void	manifest_read(const char *file, struct manifest *ret);
const struct man_case *manifest_find(const struct manifest *m,
	    const char *id);
/* `why` NONE: accepted; `outcome` says it where no fault does. */
void	manifest_check(const struct man_case *c, enum da_why why,
	    const char *outcome);

#endif

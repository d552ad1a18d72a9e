/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trust anchors that a policy names, from the owner's folder: NAME.pem or
 * NAME.der of each rule's "roots", one certificate each.  One that can be read
 * is taken; whether it leads anywhere is the verifier's matter.
 */
#ifndef DA_ROOTS_H
#define DA_ROOTS_H

#include "policy/policy.h"

#define DA_ROOT_MAX_BYTES	65536	/* a file; real ones have under 4 KiB */

/* The bytes that anchors point into; it owns them. */
struct da_roots {
	int exit_class;		/* why it failed: 1, 3 (not there) or 8 */
	struct da_fault fault;	/* where it was no 1 */
	size_t n;
	struct da_slice owned[DA_POLICY_MAX_RULES * DA_POLICY_MAX_LIST];
};

/*
 * Fills the anchors of every rule.  On failure, too, what `ret` holds is to be
 * freed.
 */
bool	da_roots_load(struct da_policy *policy, const char *folder,
	    struct da_roots *ret, char *reterr, size_t size);
void	da_roots_free(struct da_roots *roots);

#endif

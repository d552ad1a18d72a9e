/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy trusts, from the owner's folder: NAME.pem or NAME.der of each
 * rule's "roots", one certificate each, and of its "provisioned-keys"; and, for
 * rules that judge by revocation lists, every file *.crl of the folder's crls/.
 * What can be read is taken; where it leads to is the verifier's matter.
 */
#ifndef DA_ROOTS_H
#define DA_ROOTS_H

#include "policy/policy.h"

#define DA_ROOT_MAX_BYTES	65536	/* a file; real ones have under 4 KiB */

#define DA_LISTS_FOLDER		"crls"	/* in the roots folder */

/* The bytes that the rules point into; it owns them. */
struct da_roots {
	int exit_class;		/* why it failed: 1, 3 (not there) or 8 */
	struct da_fault fault;	/* where it was no 1 */
	size_t n;
	/* A rule's roots and its key; the lists are for all rules. */
	struct da_slice owned[DA_POLICY_MAX_RULES * (DA_POLICY_MAX_LIST + 1) +
	    DA_MAX_CRLS];
};

/*
 * Fills anchors, lists and key of every rule.  No list at all is no failure:
 * revocation is then unknown, which the policy minds unless it says otherwise.
 * On failure, too, what `ret` holds is to be freed.
 */
bool	da_roots_load(struct da_policy *policy, const char *folder,
	    struct da_roots *ret, char *reterr, size_t size);
void	da_roots_free(struct da_roots *roots);

#endif

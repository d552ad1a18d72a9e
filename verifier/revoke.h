/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Was a certificate of the chain revoked?  Asks the lists that the owner gave;
 * nothing is fetched, and what a chain says of where lists are is not read.
 */
#ifndef DA_REVOKE_H
#define DA_REVOKE_H

#include "checks.h"
#include "crl.h"
#include "path.h"

/*
 * Holds where each certificate below the anchor has a list of its own issuer,
 * signed by it and fresh at `at` (NULL: no time, and no list is fresh), and
 * stands in none.  Unknown where one has no list.
 */
enum da_result da_revocation(const struct da_chain *chain,
	    const struct da_anchors *anchors, const struct da_crls *crls,
	    const int64_t *at, struct da_fault *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's demands on the names in the leaf certificate.  Knows text that a
 * vendor's CA signed, never the bytes that it stood in.
 */
#ifndef DA_IDENTITY_RULE_H
#define DA_IDENTITY_RULE_H

#include "policy.h"
#include "verifier/claims.h"

/*
 * `fact`: what device-identity was found to be.  Broken stays broken, and
 * unknown unknown: a PCI name is there, and nobody could hold it against the
 * function.
 */
enum da_result da_identity_keeps(const struct da_policy_rule *rule,
	    const struct da_claims *claims, enum da_result fact,
	    struct da_fault *reterr);

#endif

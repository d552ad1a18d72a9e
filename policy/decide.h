/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to a decision: what of them refuses, and with which class.
 * Knows results of checks, and of the claims only whose tokens they are; what a
 * check asks is somebody else's.
 */
#ifndef DA_DECIDE_H
#define DA_DECIDE_H

#include "appraise.h"

/* What is being judged, and by what. */
struct da_judge {
	const struct da_policy *policy;
	const struct da_policy_rule *rule;	/* NULL: none, or no proof */
	const struct da_claims *claims;
};

/* Slot 0xF signed, and the rule names the key of it: no chain is asked for. */
bool	da_signed_by_key(const struct da_judge *judge);
/* By the verdict's findings, to which it adds what the policy says of each. */
void	da_decide(const struct da_judge *judge, struct da_verdict *verdict);

#endif

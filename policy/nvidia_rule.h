/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's demands on NVIDIA's opaque data.  Knows values that were read and
 * proved, as text; never the bytes that they stood in.
 */
#ifndef DA_NVIDIA_RULE_H
#define DA_NVIDIA_RULE_H

#include "policy.h"
#include "verifier/claims.h"

/*
 * Each value that the rule has a list for is one of the list, and the firmware
 * id is the leaf's where the rule says so.  Not asked where it has no "nvidia".
 */
enum da_result da_nvidia_keeps(const struct da_policy_rule *rule,
	    const struct da_claims *claims, struct da_fault *reterr);

#endif

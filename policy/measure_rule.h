/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's demands on measurements: reference values, floors, the device's
 * mode.  Knows blocks that were read and proved, never their wire format.
 */
#ifndef DA_MEASURE_RULE_H
#define DA_MEASURE_RULE_H

#include "policy.h"
#include "verifier/claims.h"

/* Every index that the rule names is there and has a value that it names. */
enum da_result da_values_keep(const struct da_policy_rule *rule,
	    const struct da_claims *claims, struct da_fault *reterr);
/* No security version is below its floor; not asked where none has one. */
enum da_result da_floors_keep(const struct da_policy_rule *rule,
	    const struct da_claims *claims, struct da_fault *reterr);
/* The device is in the mode that is asked for; likewise. */
enum da_result da_mode_keeps(const struct da_policy_rule *rule,
	    const struct da_claims *claims, struct da_fault *reterr);

#endif

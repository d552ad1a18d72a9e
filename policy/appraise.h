/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict: claims judged by a policy.  Made here only, from claims only.
 * Fixed size, because the appraiser writes it through a pipe; zero-filled it
 * refuses.
 */
#ifndef DA_APPRAISE_H
#define DA_APPRAISE_H

#include "policy.h"
#include "verifier/claims.h"

#define DA_VERDICT_VERSION 2
#define DA_SUBJECT_SIZE 128	/* a longer name is cut, for people only */

struct da_verdict {
	uint32_t version;	/* DA_VERDICT_VERSION */
	uint32_t accepted;	/* 1; anything else refuses */
	int32_t exit_class;	/* of the contract; 0 only when accepted */
	uint32_t decided_by;	/* enum da_check; COUNT when accepted */
	struct da_findings findings;
	char class_name[DA_POLICY_MAX_NAME];
	uint8_t policy_id[48];
	uint8_t device_key[48];	/* SHA-384 of the SubjectPublicKeyInfo (the
				 * leaf's, or slot 0xF's own): which device it
				 * is; its functions share it */
	char subject[DA_SUBJECT_SIZE];	/* the leaf's, printable and escaped */
	struct da_map map;	/* what the kernel must show after accept */
};

/*
 * What the policy adds to the question of stage one: anchors, revocation
 * lists, slot 0xF's key, algorithms where no VCA says them, time, tolerated
 * unknowns.  `rule` NULL: no rule is for the device, and nothing can hold.
 */
void	da_policy_ask(const struct da_policy *policy,
	    const struct da_policy_rule *rule, struct da_ask *ask);
/* `claims` whose proof did not hold are refused with their own class. */
void	da_appraise(const struct da_policy *policy,
	    const struct da_claims *claims, struct da_verdict *ret);
/*
 * All devices together, once each has its verdict: as many of each class as
 * the policy wants, as many functions a device, and not none at all.  A verdict
 * whose device_key is zero counts as a device of its own.
 */
bool	da_policy_counts(const struct da_policy *policy,
	    const struct da_verdict *verdicts, size_t n,
	    struct da_fault *reterr);

#endif

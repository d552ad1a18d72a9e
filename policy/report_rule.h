/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's "report", rule by rule.  Knows the report's fields, never its bytes;
 * whether the report is the TSM's is somebody else's question.
 */
#ifndef DA_REPORT_RULE_H
#define DA_REPORT_RULE_H

#include "policy.h"
#include "verifier/claims.h"

/* `raw` is the report's bytes, for offsets. */
bool	da_report_keeps(const struct da_policy_rule *rule,
	    const struct da_ticket *ticket, const struct da_report *report,
	    struct da_slice raw, struct da_fault *reterr);

#endif

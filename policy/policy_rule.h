/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files that read a policy: policy.c has the whole, policy_rule.c
 * an entry of "devices", policy_limits.c what that entry says of measurements
 * and of the report, policy_checks.c what it says of single checks,
 * policy_names.c of names, lists and keys.  Others need the colon of it only.
 */
#ifndef DA_POLICY_RULE_H
#define DA_POLICY_RULE_H

#include "jsonform.h"
#include "policy.h"

#define DA_FIELDS(table) (table), sizeof(table) / sizeof((table)[0])

/* `into` is the policy: the next rule of it. */
bool	da_policy_read_rule(struct da_form *f, const struct da_json *v,
	    void *into);
/* `into` is a rule. */
bool	da_policy_read_measurements(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_floors(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_mode(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_report(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_critical(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_tolerate(struct da_form *f, const struct da_json *v,
	    void *into);
/* The digests that it tolerates as unknown leave one that vouches. */
bool	da_policy_may_tolerate(const struct da_policy *policy,
	    const struct da_policy_rule *rule);
bool	da_policy_read_warn_only(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_identity(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_nvidia(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_revocation(struct da_form *f, const struct da_json *v,
	    void *into);
bool	da_policy_read_keys(struct da_form *f, const struct da_json *v,
	    void *into);
/* What stands before and after the first colon; false where there is none. */
bool	da_policy_cut_colon(struct da_slice text, struct da_slice *ret_before,
	    struct da_slice *ret_after);
/*
 * A name may become a file's name or a field of a log: letters, digits, and
 * "-_." inside.  `into` has DA_POLICY_MAX_NAME bytes.
 */
bool	da_policy_read_name(struct da_form *f, const struct da_json *v,
	    void *into);

#endif

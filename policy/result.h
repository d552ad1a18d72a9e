/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results as JSON (the contract's section 1).  The same findings give the same
 * bytes on every machine: no clock, no locale.
 */
#ifndef DA_RESULT_H
#define DA_RESULT_H

#include "appraise.h"
#include "strictjson.h"

struct da_result_head {
	const char *verb;	/* "verify" */
	const char *result;	/* "verified", "accepted", "refused", "shown" */
	int exit_class;
	const char *device;	/* BDF or NULL */
};

/*
 * One object.  `evidence` and `claims` may be NULL: facts that were not
 * proved are not told, nor is a fact whose check is broken, nor a report whose
 * digest the TSM has not said.  The caller frees.
 */
struct da_json	*da_result_json(const struct da_result_head *head,
		    const struct da_findings *findings,
		    const struct da_evidence *evidence,
		    const struct da_claims *claims);
/* What each check that was asked found, in order. */
struct da_json	*da_result_checks(const struct da_findings *findings);
/* Sets "device-info", where there was one; it has no check of its own. */
void	da_result_device_info(struct da_json *object,
	    const struct da_findings *findings);
/* The parts of it, for `show`. */
struct da_json	*da_result_spdm(const struct da_evidence *evidence);
struct da_json	*da_result_challenge(const struct da_challenge *challenge);
struct da_json	*da_result_chain(const struct da_chain *chain);
struct da_json	*da_result_measurements(const struct da_blocks *blocks);
struct da_json	*da_result_log(const struct da_log *log);
struct da_json	*da_result_opaque(const struct da_opaque *opaque);
struct da_json	*da_result_nvidia(const struct da_nvidia *nvidia);
/* "opaque" and, where the leaf says that NVIDIA made it, "nvidia". */
void		da_result_set_opaque(struct da_json *root,
		    const struct da_claims *claims);
/* Kinds come from the attribute bits: what the report says, not what is. */
struct da_json	*da_result_report(const struct da_report *report);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks: their order, their stage, what each asks in words, and
 * the function that answers.  Whoever runs a stage walks its rows.
 */
#ifndef DA_TABLE_H
#define DA_TABLE_H

#include "claims.h"

enum da_stage {
	DA_STAGE_GATE,		/* hashes only; the trusted role */
	DA_STAGE_AUTHENTICATE,	/* chain, signature, nonce */
	DA_STAGE_APPRAISE,	/* what the signed bytes say */
	DA_STAGE_POLICY		/* does the owner want it: policy/ */
};

/* What there is to look at; a later stage has more of it. */
struct da_case {
	const struct da_bundle *bundle;
	const struct da_ask *ask;
	const struct da_evidence *evidence;	/* from AUTHENTICATE on */
	struct da_claims *claims;		/* from APPRAISE on */
	const struct da_findings *found;	/* what the rows above said */
};

/* Walks the rows of a stage; a row that is not called for leaves no trace. */
void	da_stage_run(enum da_stage stage, const struct da_case *the,
	    struct da_findings *findings);
/* "Did the leaf's key sign this transcript?" */
const char *da_check_question(enum da_check check);

/* -- the answers, each in the file of its stage -- */
enum da_result da_ask_digest_chain(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_digest_vca(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_digest_measurements(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_digest_report(const struct da_case *the,
	    struct da_fault *reterr);
/* Of the device-info part: for da_findings.device_info. */
enum da_result da_ask_device_info(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_state(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_tokens(const struct da_case *the,
	    struct da_fault *reterr);

enum da_result da_ask_chain(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_validity(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_revocation(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_challenge(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_leaf_profile(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_algorithms(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_slot(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_signature(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_nonce(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_session_key(const struct da_case *the,
	    struct da_fault *reterr);

enum da_result da_ask_well_formed(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_content_changed(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_measurement_log(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_device_identity(const struct da_case *the,
	    struct da_fault *reterr);
enum da_result da_ask_report_shape(const struct da_case *the,
	    struct da_fault *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

static const struct check {
	enum da_stage stage;
	enum da_check id;
	const char *question;
	enum da_result (*ask)(const struct da_case *, struct da_fault *);
} checks[] = {
#define GATE	DA_STAGE_GATE
#define AUTH	DA_STAGE_AUTHENTICATE
#define APPR	DA_STAGE_APPRAISE
#define POL	DA_STAGE_POLICY
#define C(name)	DA_CHK_##name
	{ GATE, C(TSM_DIGEST_CHAIN), "Is the chain the one that the TSM saw?", da_ask_digest_chain },
	{ GATE, C(TSM_DIGEST_VCA), "Is the negotiation the one that the TSM saw?", da_ask_digest_vca },
	{ GATE, C(TSM_DIGEST_MEASUREMENTS), "Are the measurements the ones that the TSM saw?", da_ask_digest_measurements },
	{ GATE, C(TSM_DIGEST_REPORT), "Is the interface report the one that the TSM saw?", da_ask_digest_report },
	{ GATE, C(TSM_STATE), "Has the TSM the device bound, and its interface locked?", da_ask_state },
	{ GATE, C(TSM_TOKENS), "Is it still the lock that was taken, and newer evidence?", da_ask_tokens },
	/* No parser before here; well-formed begins with da_evidence_read(). */
	{ AUTH, C(CHAIN), "Does the chain lead to a trust anchor that was given?", da_ask_chain },
	{ AUTH, C(VALIDITY), "Were all certificates valid at the given time?", da_ask_validity },
	{ AUTH, C(LEAF_PROFILE), "May the leaf's key sign measurements?", da_ask_leaf_profile },
	{ AUTH, C(ALGORITHMS), "Were the algorithms negotiated under the signature?", da_ask_algorithms },
	{ AUTH, C(SLOT), "Is it one slot that was asked, answered and given?", da_ask_slot },
	{ AUTH, C(SIGNATURE), "Did the leaf's key sign this transcript?", da_ask_signature },
	{ AUTH, C(NONCE), "Did the device answer this nonce?", da_ask_nonce },
	{ AUTH, C(SESSION_KEY), "Does the TSM's SPDM session end in this leaf's key?", da_ask_session_key },
	/* Nothing below is read before all of the above has said yes. */
	{ APPR, C(WELL_FORMED), "Are all structures whole, to the last byte?", da_ask_well_formed },
	{ APPR, C(CONTENT_CHANGED), "Did no measurement change while they were read?", da_ask_content_changed },
	{ APPR, C(REPORT_SHAPE), "Do the reported ranges fit the device's BARs?", da_ask_report_shape },
	{ POL, C(PLATFORM), "Does the policy name this platform?", NULL },
	{ POL, C(REFERENCE_VALUES), "Are the measurements the ones that the policy names?", NULL },
	{ POL, C(REPORT_POLICY), "Does the interface report keep the policy's rules?", NULL },
	{ POL, C(COMPOSITION), "Are there as many devices as the policy wants?", NULL },
	/* Not in this version: never asked, and so never said to hold. */
	{ POL, C(CHALLENGE), "Does a CHALLENGE_AUTH verify?", NULL },
	{ POL, C(MEASUREMENT_LOG), "Does the extension log give its block's value?", NULL },
	{ POL, C(DEVICE_IDENTITY), "Is the certificate this PCI function's?", NULL },
	{ POL, C(SVN_FLOOR), "Is no security version below its floor?", NULL },
	{ POL, C(DEVICE_MODE), "Is the device in the mode that is asked for?", NULL },
	{ POL, C(REVOCATION), "Has no certificate been revoked?", NULL },
#undef GATE
#undef AUTH
#undef APPR
#undef POL
#undef C
};

_Static_assert(sizeof(checks) / sizeof(checks[0]) == DA_CHK_COUNT,
    "one row a check");

static void
ask_one(const struct check *check, const struct da_case *the,
    struct da_findings *findings)
{
	struct da_fault fault = { 0 };
	enum da_result result = check->ask(the, &fault);

	if (result == DA_BROKEN)
		da_found_broken(findings, check->id, &fault);
	else if (result != DA_NOT_ASKED)
		da_found(findings, check->id, result);
}

void
da_stage_run(enum da_stage stage, const struct da_case *the,
    struct da_findings *findings)
{
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (checks[i].stage == stage && checks[i].ask != NULL)
			ask_one(&checks[i], the, findings);
}

const char *
da_check_question(enum da_check check)
{
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (checks[i].id == check)
			return checks[i].question;
	return "";
}

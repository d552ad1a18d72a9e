/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

static const struct check {
	enum da_stage stage;
	enum da_check id;
	enum da_result (*ask)(const struct da_case *, struct da_fault *);
	const char *question;
} checks[] = {
#define GATE	DA_STAGE_GATE
#define AUTH	DA_STAGE_AUTHENTICATE
#define APPR	DA_STAGE_APPRAISE
#define POL	DA_STAGE_POLICY
#define C(name)	DA_CHK_##name
	{ GATE, C(TSM_DIGEST_CHAIN), da_ask_digest_chain,
	    "Is the chain the one that the TSM saw?" },
	{ GATE, C(TSM_DIGEST_VCA), da_ask_digest_vca,
	    "Is the negotiation the one that the TSM saw?" },
	{ GATE, C(TSM_DIGEST_MEASUREMENTS), da_ask_digest_measurements,
	    "Are the measurements the ones that the TSM saw?" },
	{ GATE, C(TSM_DIGEST_REPORT), da_ask_digest_report,
	    "Is the interface report the one that the TSM saw?" },
	{ GATE, C(TSM_STATE), da_ask_state,
	    "Has the TSM the device bound, and its interface locked?" },
	{ GATE, C(TSM_TOKENS), da_ask_tokens,
	    "Is it still the lock that was taken, and newer evidence?" },
	/* No parser before here; well-formed begins with da_evidence_read(). */
	{ AUTH, C(CHAIN), da_ask_chain,
	    "Does the chain lead to a trust anchor that was given?" },
	{ AUTH, C(VALIDITY), da_ask_validity,
	    "Were all certificates valid at the given time?" },
	{ AUTH, C(REVOCATION), da_ask_revocation,
	    "Has no certificate been revoked?" },
	/* Before those that believe what it covers. */
	{ AUTH, C(CHALLENGE), da_ask_challenge,
	    "Did the same key answer the CHALLENGE, over what was agreed?" },
	{ AUTH, C(LEAF_PROFILE), da_ask_leaf_profile,
	    "May the leaf's key sign measurements?" },
	{ AUTH, C(ALGORITHMS), da_ask_algorithms,
	    "Were the algorithms negotiated under the signature?" },
	{ AUTH, C(SLOT), da_ask_slot,
	    "Is it one slot that was asked, answered and given?" },
	{ AUTH, C(SIGNATURE), da_ask_signature,
	    "Did the leaf's key sign this transcript?" },
	{ AUTH, C(NONCE), da_ask_nonce,
	    "Did the device answer this nonce?" },
	{ AUTH, C(SESSION_KEY), da_ask_session_key,
	    "Does the TSM's SPDM session end in this leaf's key?" },
	/* Nothing below is read before all of the above has said yes. */
	{ APPR, C(WELL_FORMED), da_ask_well_formed,
	    "Are all structures whole, to the last byte?" },
	{ APPR, C(CONTENT_CHANGED), da_ask_content_changed,
	    "Did no measurement change while they were read?" },
	{ APPR, C(MEASUREMENT_LOG), da_ask_measurement_log,
	    "Does the extension log give its blocks' values?" },
	{ APPR, C(DEVICE_IDENTITY), da_ask_device_identity,
	    "Is the certificate this PCI function's?" },
	{ APPR, C(REPORT_SHAPE), da_ask_report_shape,
	    "Do the reported ranges fit the device's BARs?" },
	{ POL, C(PLATFORM), NULL,
	    "Does the policy name this platform?" },
	{ POL, C(REFERENCE_VALUES), NULL,
	    "Are the measurements the ones that the policy names?" },
	{ POL, C(REPORT_POLICY), NULL,
	    "Does the interface report keep the policy's rules?" },
	{ POL, C(COMPOSITION), NULL,
	    "Are there as many devices as the policy wants?" },
	{ POL, C(SVN_FLOOR), NULL,
	    "Is no security version below its floor?" },
	{ POL, C(DEVICE_MODE), NULL,
	    "Is the device in the mode that is asked for?" },
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
	struct da_case now = *the;
	struct da_fault unused;

	now.found = findings;
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (checks[i].stage == stage && checks[i].ask != NULL)
			ask_one(&checks[i], &now, findings);
	if (stage == DA_STAGE_GATE)
		findings->device_info = (uint8_t)da_ask_device_info(&now,
		    &unused);
}

const char *
da_check_question(enum da_check check)
{
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (checks[i].id == check)
			return checks[i].question;
	return "";
}

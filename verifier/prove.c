/* SPDX-License-Identifier: Apache-2.0 */
#include "prove.h"

#include "authenticate.h"
#include "gate.h"
#include "hash.h"
#include "memo.h"
#include "table.h"

/* -- the answers of stage AUTHENTICATE; their order is in table.c -- */

static enum da_result
result_of(bool holds)
{
	return holds ? DA_HOLDS : DA_BROKEN;
}

static enum da_result
broken(enum da_why why, enum da_part part, size_t at, struct da_fault *reterr)
{
	da_refuse(reterr, why, part, at);
	return DA_BROKEN;
}

static enum da_result
walk_chain(const struct da_case *the, struct da_fault *reterr)
{
	return result_of(da_path_holds(&the->evidence->chain,
	    &the->ask->anchors, &the->ask->critical, reterr));
}

static enum da_result
walk_validity(const struct da_case *the, struct da_fault *reterr)
{
	if (!the->ask->has_time)
		return DA_UNKNOWN;
	return result_of(da_path_valid_at(&the->evidence->chain,
	    &the->ask->anchors, the->ask->at, reterr));
}

/*
 * In a multi-key connection CertificateInfo says who made the leaf.  Where no
 * CHALLENGE covers it only the stricter word is believed, and the certificates
 * themselves: below one that claims the hardware identity all is firmware's.
 */
static enum da_cert_model
model_of(const struct da_case *the)
{
	const struct da_evidence *e = the->evidence;
	enum da_cert_model said = (enum da_cert_model)da_said_model(e);

	if (!da_vca_is_multi_key(&e->vca) ||
	    (da_challenge_holds(the) && said != DA_MODEL_UNKNOWN))
		return said;
	return said == DA_MODEL_ALIAS || da_leaf_is_below_device(&e->chain) ?
	    DA_MODEL_ALIAS : DA_MODEL_UNKNOWN;
}

static enum da_result
look_at_leaf(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;

	return result_of(da_leaf_fits(&e->chain, e->algs.asym, e->version,
	    model_of(the), reterr));
}

enum da_result
da_ask_chain(const struct da_case *the, struct da_fault *reterr)
{
	return da_ask_once(the, DA_MEMO_CHAIN, reterr, walk_chain);
}

enum da_result
da_ask_validity(const struct da_case *the, struct da_fault *reterr)
{
	return da_ask_once(the, DA_MEMO_VALIDITY, reterr, walk_validity);
}

enum da_result
da_ask_leaf_profile(const struct da_case *the, struct da_fault *reterr)
{
	da_memo_model(the->ask->memo, da_said_model(the->evidence),
	    da_challenge_holds(the));
	return da_ask_once(the, DA_MEMO_LEAF_PROFILE, reterr, look_at_leaf);
}

/*
 * What a platform's public-key digest covers is known for the emulated one
 * only (the SubjectPublicKeyInfo); elsewhere it stays unknown.
 */
enum da_result
da_ask_session_key(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_ticket *ticket = the->ask->ticket;
	struct da_slice expected, key = da_signer_key(the);
	struct da_hash_value digest;

	if (key.n == 0)
		return DA_NOT_ASKED;
	if (ticket == NULL || ticket->platform != DA_PLATFORM_EMULATED)
		return DA_UNKNOWN;
	expected = da_digest_bytes(&ticket->digest[DA_DIGEST_PUBLIC_KEY]);
	if (da_slice_is_zero(expected))
		return DA_UNKNOWN;
	digest = da_hash_of((enum da_hash)ticket->hash, key);
	if (da_hash_equal(&digest, expected))
		return DA_HOLDS;
	if (!the->evidence->has_chain)
		return broken(DA_F_SESSION_KEY, DA_PART_KEY, 0, reterr);
	return broken(DA_F_SESSION_KEY, DA_PART_CHAIN,
	    da_slice_offset(the->evidence->chain.raw, key), reterr);
}

/* -- the stage -- */

/* Which check it was that the making of evidence could not pass. */
static enum da_check
check_of(enum da_why why)
{
	switch (why) {
	case DA_F_CHAIN_ABSENT:
		return DA_CHK_CHAIN;
	case DA_F_VERSION_UNSUPPORTED:
	case DA_F_ALG_MANY:
	case DA_F_ALG_NONE:
	case DA_F_ALG_NOT_OFFERED:
	case DA_F_ALG_UNSUPPORTED:
	case DA_F_ALG_UNKNOWN:
	case DA_F_VCA_ABSENT:
		return DA_CHK_ALGORITHMS;
	default:
		return DA_CHK_WELL_FORMED;
	}
}

/* No proof hangs on it, and the owner wants to be told of it only. */
static bool
is_told_only(const struct da_ask *ask, size_t check)
{
	return check == DA_CHK_REVOCATION && ask->warn_only != NULL &&
	    ask->warn_only[check];
}

static bool
any_broken(const struct da_findings *findings, const struct da_ask *ask)
{
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (findings->of[i].result == DA_BROKEN &&
		    !is_told_only(ask, i))
			return true;
	return false;
}

/* No parser before the gate: an unknown digest passes only where it may. */
static bool
gate_is_open(const struct da_findings *findings, const struct da_ask *ask)
{
	static const enum da_check digests[] = { DA_CHK_TSM_DIGEST_CHAIN,
	    DA_CHK_TSM_DIGEST_VCA, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_CHK_TSM_DIGEST_REPORT };

	if (any_broken(findings, ask))
		return false;
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (findings->of[digests[i]].result == DA_UNKNOWN &&
		    ask->tolerate != NULL && !ask->tolerate[digests[i]])
			return false;
	return true;
}

/*
 * Fresh by the nonce; or, where the platform loses it and the policy lives with
 * that, by tokens that changed since the lock, and never by less.
 */
static bool
is_fresh(const struct da_ask *ask, const struct da_findings *f)
{
	if (f->of[DA_CHK_NONCE].result != DA_UNKNOWN)
		return f->of[DA_CHK_NONCE].result == DA_HOLDS;
	return da_nonce_is_lost(ask->ticket) && ask->tolerate != NULL &&
	    ask->tolerate[DA_CHK_NONCE] && da_tokens_changed(ask->ticket) &&
	    f->of[DA_CHK_TSM_TOKENS].result == DA_HOLDS;
}

/*
 * What measurements cannot do without, whatever a policy tolerates.  The owner's
 * own key (slot 0xF) needs no chain: it signed, or the signature is broken.
 */
static bool
measurements_are_proved(const struct da_evidence *e, const struct da_ask *ask,
    const struct da_findings *f)
{
	bool by_key = da_signing_slot(e) == DA_SLOT_RAW_KEY;

	return (by_key || (f->of[DA_CHK_CHAIN].result == DA_HOLDS &&
	    f->of[DA_CHK_LEAF_PROFILE].result == DA_HOLDS)) &&
	    f->of[DA_CHK_SIGNATURE].result == DA_HOLDS &&
	    f->of[DA_CHK_SLOT].result == DA_HOLDS && is_fresh(ask, f);
}

/*
 * A daemon's question (it has a policy) is never answered without measurements:
 * a report alone may be looked at by a person, and vouched for by nobody.
 */
static bool
stage_two_may_begin(const struct da_evidence *e, const struct da_ask *ask,
    const struct da_findings *f)
{
	if (any_broken(f, ask))
		return false;
	return e->has_meas ? measurements_are_proved(e, ask, f) :
	    ask->tolerate == NULL;
}

void
da_prove(const struct da_bundle *bundle, const struct da_ask *ask,
    struct da_evidence *ret_evidence, struct da_proof *ret)
{
	struct da_bundle cut = da_gate_bundle(ask->ticket, bundle);
	struct da_case the = { .bundle = &cut, .ask = ask };
	struct da_findings *findings = &ret->findings;
	struct da_fault fault = { 0 };

	*ret = (struct da_proof){ .version = DA_PROOF_VERSION };
	da_findings_start(findings);
	da_stage_run(DA_STAGE_GATE, &the, findings);
	if (!gate_is_open(findings, ask))
		return;
	if (!da_evidence_read(&cut, ask->assumed, ret_evidence, &fault)) {
		da_found_broken(findings, check_of(fault.why), &fault);
		return;
	}
	da_found(findings, DA_CHK_WELL_FORMED, DA_HOLDS);
	the.evidence = ret_evidence;
	da_memo_begin(ask->memo, ret_evidence);
	da_stage_run(DA_STAGE_AUTHENTICATE, &the, findings);
	ret->proved = stage_two_may_begin(ret_evidence, ask,
	    findings) ? 1 : 0;
}

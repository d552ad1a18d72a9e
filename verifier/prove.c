/* SPDX-License-Identifier: Apache-2.0 */
#include "prove.h"

#include "hash.h"
#include "memo.h"
#include "sig.h"
#include "table.h"
#include "transcript.h"

#include <string.h>

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

/* A chain that another function of the device had, too, is not asked again. */
static enum da_result
ask_once(const struct da_case *the, enum da_memo_of of, struct da_fault *reterr,
    enum da_result (*ask)(const struct da_case *, struct da_fault *))
{
	enum da_result result;

	if (!the->evidence->has_chain)
		return DA_NOT_ASKED;
	if (da_memo_recall(the->ask->memo, of, &result, reterr))
		return result;
	result = ask(the, reterr);
	da_memo_keep(the->ask->memo, of, result, reterr);
	return result;
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

static enum da_result
look_at_leaf(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;

	return result_of(da_leaf_fits(&e->chain, e->algs.asym, e->version,
	    da_is_alias_chain(e), reterr));
}

enum da_result
da_ask_chain(const struct da_case *the, struct da_fault *reterr)
{
	return ask_once(the, DA_MEMO_CHAIN, reterr, walk_chain);
}

enum da_result
da_ask_validity(const struct da_case *the, struct da_fault *reterr)
{
	return ask_once(the, DA_MEMO_VALIDITY, reterr, walk_validity);
}

enum da_result
da_ask_leaf_profile(const struct da_case *the, struct da_fault *reterr)
{
	return ask_once(the, DA_MEMO_LEAF_PROFILE, reterr, look_at_leaf);
}

/* Below 1.2 no signature covers the negotiation: nobody vouches for it. */
enum da_result
da_ask_algorithms(const struct da_case *the, struct da_fault *reterr)
{
	(void)reterr;
	if (!the->evidence->has_meas && !the->evidence->has_vca)
		return DA_NOT_ASKED;
	return the->evidence->has_meas && the->evidence->algs_signed ?
	    DA_HOLDS : DA_UNKNOWN;
}

#define SLOT_RAW_KEY 0xf

enum da_result
da_ask_slot(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	const struct da_ticket *ticket = the->ask->ticket;
	uint8_t slot = e->meas.slot_asked;
	enum da_why why = DA_F_NONE;

	if (!e->has_meas)
		return DA_NOT_ASKED;
	if (!e->meas.is_signed)
		return DA_UNKNOWN;
	if (slot == SLOT_RAW_KEY)
		why = DA_F_SLOT_RAW_KEY_UNSUPPORTED;
	else if (slot != e->meas.slot_answered)
		why = DA_F_SLOT_DIFFERS;
	else if (e->bundle.slot_known && slot != e->bundle.slot)
		why = DA_F_SLOT_CHAIN;
	else if (ticket != NULL && ticket->slot_known == 1 &&
	    slot != ticket->slot)
		why = DA_F_SLOT_TSM;
	if (why != DA_F_NONE)
		return broken(why, DA_PART_MEASUREMENTS, 0, reterr);
	return DA_HOLDS;
}

static enum da_sig_result
leaf_signed(const struct da_evidence *e, struct da_slice message)
{
	const struct da_cert *leaf = &e->chain.cert[e->chain.n - 1];
	struct da_key *key = da_key_read(e->algs.asym, leaf->spki);
	enum da_sig_result result = DA_SIG_WRONG;

	if (key != NULL)
		result = da_sig_spdm(key, e->algs.hash, da_signed_context(),
		    message, e->meas.signature);
	da_key_free(key);
	return result;
}

/* From SPDM 1.2 on a message about the transcript is signed, before it itself. */
static enum da_sig_result
transcript_is_signed(const struct da_evidence *e)
{
	uint8_t buf[DA_SIGNED_MAX];
	struct da_slice message = e->meas.transcript;

	if (e->version >= DA_SPDM_12 && !da_signed_message(e, buf, &message))
		return DA_SIG_UNSUPPORTED;
	return leaf_signed(e, message);
}

enum da_result
da_ask_signature(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	enum da_sig_result result;
	size_t at;

	if (!e->has_meas)
		return DA_NOT_ASKED;
	if (!e->meas.is_signed)
		return broken(DA_F_SIGNATURE_ABSENT, DA_PART_MEASUREMENTS, 0,
		    reterr);
	at = da_slice_offset(e->bundle.part[DA_PART_MEASUREMENTS],
	    e->meas.signature);
	result = transcript_is_signed(e);
	if (result == DA_SIG_RIGHT)
		return DA_HOLDS;
	return broken(result == DA_SIG_UNSUPPORTED ? DA_F_ALG_UNSUPPORTED :
	    DA_F_SIGNATURE_WRONG, DA_PART_MEASUREMENTS, at, reterr);
}

/* The nonce that decides is the ticket's: never one that the host recorded. */
static struct da_slice
nonce_of(const struct da_ask *ask)
{
	if (ask->ticket != NULL && ask->ticket->has_nonce == 1)
		return da_slice_of(ask->ticket->nonce, DA_NONCE);
	return ask->nonce;
}

/*
 * Platforms whose way for the guest's nonce is described and lost on it: TF-RMM
 * (RMM 2.0-bet0) does not pass it on, so that the device is asked with zeros;
 * for TDX Connect none is described.
 */
static const struct {
	enum da_platform platform;
	const char *abi;
} nonce_is_lost[] = {
	{ DA_PLATFORM_ARM_CCA, "bet0" },
	{ DA_PLATFORM_TDX, "1" },
};

static bool
platform_loses_nonce(const struct da_ticket *ticket)
{
	size_t n = sizeof(nonce_is_lost) / sizeof(nonce_is_lost[0]);

	for (size_t i = 0; ticket != NULL && i < n; i++)
		if (ticket->platform == nonce_is_lost[i].platform &&
		    strncmp(ticket->abi, nonce_is_lost[i].abi,
		    sizeof(ticket->abi)) == 0)
			return true;
	return false;
}

/*
 * Zeros where the platform loses the nonce are nobody's nonce: not fresh, but
 * no lie.  Any other one was asked by somebody else.
 */
enum da_result
da_ask_nonce(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_slice nonce = nonce_of(the->ask);

	if (!e->has_meas)
		return DA_NOT_ASKED;
	if (nonce.n != DA_NONCE || !e->meas.is_signed)
		return DA_UNKNOWN;
	if (da_slice_eq_ct(nonce, e->meas.nonce))
		return DA_HOLDS;
	if (platform_loses_nonce(the->ask->ticket) &&
	    da_slice_is_zero(e->meas.nonce))
		return DA_UNKNOWN;
	return broken(DA_F_NONCE_DIFFERS, DA_PART_MEASUREMENTS,
	    da_slice_offset(e->bundle.part[DA_PART_MEASUREMENTS],
	    e->meas.nonce), reterr);
}

/*
 * What a platform's public-key digest covers is known for the emulated one
 * only (the SubjectPublicKeyInfo); elsewhere it stays unknown.
 */
enum da_result
da_ask_session_key(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_ticket *ticket = the->ask->ticket;
	const struct da_chain *chain = &the->evidence->chain;
	struct da_slice expected;
	struct da_hash_value digest;

	if (!the->evidence->has_chain)
		return DA_NOT_ASKED;
	if (ticket == NULL || ticket->platform != DA_PLATFORM_EMULATED)
		return DA_UNKNOWN;
	expected = da_digest_bytes(&ticket->digest[DA_DIGEST_PUBLIC_KEY]);
	if (da_slice_is_zero(expected))
		return DA_UNKNOWN;
	digest = da_hash_of((enum da_hash)ticket->hash,
	    chain->cert[chain->n - 1].spki);
	if (!da_hash_equal(&digest, expected))
		return broken(DA_F_SESSION_KEY, DA_PART_CHAIN,
		    da_slice_offset(chain->raw, chain->cert[chain->n - 1].spki),
		    reterr);
	return DA_HOLDS;
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

static bool
any_broken(const struct da_findings *findings)
{
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		if (findings->of[i].result == DA_BROKEN)
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

	if (any_broken(findings))
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
	return platform_loses_nonce(ask->ticket) && ask->tolerate != NULL &&
	    ask->tolerate[DA_CHK_NONCE] && da_tokens_changed(ask->ticket) &&
	    f->of[DA_CHK_TSM_TOKENS].result == DA_HOLDS;
}

/*
 * What measurements cannot do without, whatever a policy tolerates.  A daemon's
 * question (it has a policy) is never answered without them: a report alone may
 * be looked at by a person, and vouched for by nobody.
 */
static bool
stage_two_may_begin(const struct da_evidence *e, const struct da_ask *ask,
    const struct da_findings *f)
{
	static const enum da_check needed[] = { DA_CHK_CHAIN,
	    DA_CHK_LEAF_PROFILE, DA_CHK_SIGNATURE, DA_CHK_SLOT };

	if (any_broken(f))
		return false;
	if (!e->has_meas)
		return ask->tolerate == NULL;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (f->of[needed[i]].result != DA_HOLDS)
			return false;
	return is_fresh(ask, f);
}

void
da_prove(const struct da_bundle *bundle, const struct da_ask *ask,
    struct da_evidence *ret_evidence, struct da_proof *ret)
{
	struct da_case the = { .bundle = bundle, .ask = ask };
	struct da_findings *findings = &ret->findings;
	struct da_fault fault = { 0 };

	*ret = (struct da_proof){ .version = DA_PROOF_VERSION };
	da_findings_start(findings);
	da_stage_run(DA_STAGE_GATE, &the, findings);
	if (!gate_is_open(findings, ask))
		return;
	if (!da_evidence_read(bundle, ask->assumed, ret_evidence, &fault)) {
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

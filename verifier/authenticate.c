/* SPDX-License-Identifier: Apache-2.0 */
#include "authenticate.h"

#include "hash.h"
#include "opaque.h"
#include "transcript.h"

#include <string.h>

static enum da_result
broken(enum da_why why, enum da_part part, size_t at, struct da_fault *reterr)
{
	da_refuse(reterr, why, part, at);
	return DA_BROKEN;
}

bool
da_challenge_holds(const struct da_case *the)
{
	return the->found->of[DA_CHK_CHALLENGE].result == DA_HOLDS;
}

/* -- which key -- */

static struct da_slice
key_of_slot(const struct da_case *the, uint8_t slot)
{
	const struct da_chain *chain = &the->evidence->chain;

	if (slot == DA_SLOT_RAW_KEY)
		return the->ask->provisioned;
	return the->evidence->has_chain ? chain->cert[chain->n - 1].spki :
	    da_slice_of(NULL, 0);
}

struct da_slice
da_signer_key(const struct da_case *the)
{
	return key_of_slot(the, da_signing_slot(the->evidence));
}

/*
 * A chain has a slot of 0 to 7, and a provisioned key has no chain: the two are
 * of two devices, or of two ways to know one (PUB_KEY_ID_CAP excludes CERT_CAP),
 * and a chain that vouches for nothing may lend its names to nobody.
 */
static enum da_why
why_not_slot(const struct da_case *the, uint8_t slot)
{
	const struct da_bundle *bundle = the->bundle;
	const struct da_ticket *ticket = the->ask->ticket;

	if (slot == DA_SLOT_RAW_KEY && the->ask->provisioned.n == 0)
		return DA_F_KEY_ABSENT;
	if (bundle->given[DA_PART_CHAIN] && (slot == DA_SLOT_RAW_KEY ||
	    (bundle->slot_known && slot != bundle->slot)))
		return DA_F_SLOT_CHAIN;
	if (ticket != NULL && ticket->slot_known == 1 && slot != ticket->slot)
		return DA_F_SLOT_TSM;
	return DA_F_NONE;
}

/* NONE: the slot's key signed it; `wrong` where another did, or nobody. */
static enum da_why
why_not_signed(const struct da_case *the, uint8_t slot,
    const struct da_transcript *transcript, struct da_slice signature,
    enum da_why wrong)
{
	struct da_slice spki = key_of_slot(the, slot);
	struct da_key *key;
	enum da_sig_result result;

	if (slot == DA_SLOT_RAW_KEY && spki.n == 0)
		return DA_F_KEY_ABSENT;
	key = da_key_read(the->evidence->algs.asym, spki);
	if (key == NULL)
		return slot == DA_SLOT_RAW_KEY ? DA_F_KEY_FORM : wrong;
	result = da_transcript_signed(transcript, key, signature);
	da_key_free(key);
	if (result == DA_SIG_RIGHT)
		return DA_F_NONE;
	return result == DA_SIG_UNSUPPORTED ? DA_F_ALG_UNSUPPORTED : wrong;
}

/* The owner's key is at fault in its own file, a signature where it stands. */
static enum da_result
broken_signature(enum da_why why, enum da_part part, size_t at,
    struct da_fault *reterr)
{
	return why == DA_F_KEY_FORM ? broken(why, DA_PART_KEY, 0, reterr) :
	    broken(why, part, at, reterr);
}

/* -- what a slot's key is for, in multi-key connections (SPDM 1.3) -- */

/*
 * DIGESTS may forbid it, and are believed whoever sent them.  Where they are not
 * given nobody does: that the key signed is the responder's own doing, and a
 * host cannot make it.
 */
static bool
use_is_forbidden(const struct da_case *the, uint8_t slot, uint16_t use)
{
	const struct da_evidence *e = the->evidence;

	return slot < DA_SLOTS && da_vca_is_multi_key(&e->vca) &&
	    e->between.has_digests &&
	    (e->between.slot[slot].usage & use) == 0;
}

/* -- CHALLENGE -- */

static enum da_why
why_not_challenges_slot(const struct da_case *the)
{
	const struct da_evidence *e = the->evidence;
	const struct da_challenge *ch = &e->challenge;
	enum da_why why = why_not_slot(the, ch->slot_asked);

	if (why == DA_F_KEY_ABSENT)
		return why;
	if (why != DA_F_NONE || ch->slot_asked != ch->slot_answered ||
	    (ch->slot_asked < DA_SLOTS &&
	    (ch->slot_mask >> ch->slot_asked & 1) == 0) ||
	    (e->has_meas && e->meas.is_signed &&
	    e->meas.slot_asked != ch->slot_asked))
		return DA_F_CHALLENGE_SLOT;
	return DA_F_NONE;
}

/* Certificates out of a PEM file are not the bytes that were hashed. */
static bool
chain_can_be_compared(const struct da_case *the)
{
	return the->evidence->challenge.slot_asked == DA_SLOT_RAW_KEY ||
	    the->bundle->chain_form == DA_CHAIN_SPDM;
}

/* CertChainHash is of the whole structure, or of the provisioned key. */
static bool
is_of_the_chain(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	const struct da_challenge *ch = &e->challenge;
	bool by_key = ch->slot_asked == DA_SLOT_RAW_KEY;
	struct da_hash_value digest;

	if (!chain_can_be_compared(the))
		return true;
	digest = da_hash_of(e->algs.hash, by_key ? the->ask->provisioned :
	    e->chain.raw);
	if (!da_hash_equal(&digest, ch->chain_hash))
		return da_refuse(reterr, DA_F_CHALLENGE_CHAIN,
		    DA_PART_CHALLENGE, da_slice_offset(
		    the->bundle->part[DA_PART_CHALLENGE], ch->chain_hash));
	return by_key || da_between_is_of(&e->between, &e->vca, e->algs.hash,
	    ch->slot_asked, e->chain.raw, reterr);
}

static bool
opaque_is_whole(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_cur whole = da_cur_of(the->bundle->part[DA_PART_CHALLENGE]);
	struct da_opaque unused;

	return da_opaque_read(da_cur_over(&whole, e->challenge.opaque),
	    DA_PART_CHALLENGE, da_opaque_format(e->version, e->vca.other_sel),
	    &unused, reterr);
}

static bool
challenge_is_right(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_slice raw = the->bundle->part[DA_PART_CHALLENGE];
	struct da_transcript m1m2 = da_m1m2(e);
	enum da_why why = why_not_challenges_slot(the);

	if (why != DA_F_NONE)
		return da_refuse(reterr, why, DA_PART_CHALLENGE, 2);
	if (!is_of_the_chain(the, reterr))
		return false;
	why = why_not_signed(the, e->challenge.slot_asked, &m1m2,
	    e->challenge.signature, DA_F_CHALLENGE_WRONG);
	if (why != DA_F_NONE) {
		broken_signature(why, DA_PART_CHALLENGE,
		    da_slice_offset(raw, e->challenge.signature), reterr);
		return false;
	}
	return opaque_is_whole(the, reterr);
}

/*
 * Only what was asked with this nonce is of now; an answer that anybody may have
 * recorded proves that the device once agreed, and no more.
 */
enum da_result
da_ask_challenge(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_slice nonce = the->ask->challenge_nonce;

	if (!e->has_challenge)
		return DA_NOT_ASKED;
	if (!challenge_is_right(the, reterr))
		return DA_BROKEN;
	if (nonce.n == DA_NONCE && !da_slice_eq_ct(nonce, e->challenge.nonce))
		return broken(DA_F_CHALLENGE_NONCE, DA_PART_CHALLENGE,
		    da_slice_offset(the->bundle->part[DA_PART_CHALLENGE],
		    e->challenge.nonce), reterr);
	if (use_is_forbidden(the, e->challenge.slot_asked, DA_USE_CHALLENGE))
		return broken(DA_F_KEY_USE, DA_PART_BETWEEN, 0, reterr);
	return nonce.n == DA_NONCE && chain_can_be_compared(the) ? DA_HOLDS :
	    DA_UNKNOWN;
}

/* -- the negotiation -- */

/*
 * Below 1.2 no signature of measurements covers it: a CHALLENGE does, in every
 * version.
 */
enum da_result
da_ask_algorithms(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;

	(void)reterr;
	if (!e->has_meas && !e->has_vca)
		return DA_NOT_ASKED;
	return da_challenge_holds(the) || (e->has_meas && e->algs_signed) ?
	    DA_HOLDS : DA_UNKNOWN;
}

/* -- measurements -- */

/* Earlier series are signed by the same slot, or nobody here can check them. */
static bool
slots_agree(const struct da_meas *meas)
{
	for (uint16_t i = 0; i < meas->n_before; i++)
		if (meas->before[i].slot_asked != meas->slot_asked ||
		    meas->before[i].slot_answered != meas->slot_asked)
			return false;
	return meas->slot_answered == meas->slot_asked;
}

enum da_result
da_ask_slot(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	uint8_t slot = e->meas.slot_asked;
	enum da_why why;

	if (!e->has_meas)
		return DA_NOT_ASKED;
	if (!e->meas.is_signed)
		return DA_UNKNOWN;
	why = why_not_slot(the, slot);
	if (why != DA_F_KEY_ABSENT && !slots_agree(&e->meas))
		why = DA_F_SLOT_DIFFERS;
	if (why != DA_F_NONE)
		return broken(why, DA_PART_MEASUREMENTS, 0, reterr);
	if (use_is_forbidden(the, slot, DA_USE_MEASUREMENTS))
		return broken(DA_F_KEY_USE, DA_PART_BETWEEN, 0, reterr);
	return DA_HOLDS;
}

static enum da_result
series_is_signed(const struct da_case *the, struct da_slice exchanges,
    struct da_slice signature, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_transcript l1l2 = da_l1l2(e, exchanges);
	enum da_why why = why_not_signed(the, e->meas.slot_asked, &l1l2,
	    signature, DA_F_SIGNATURE_WRONG);

	if (why == DA_F_NONE)
		return DA_HOLDS;
	return broken_signature(why, DA_PART_MEASUREMENTS, da_slice_offset(
	    the->bundle->part[DA_PART_MEASUREMENTS], signature), reterr);
}

/* Each series by its own signature; the last is the one that claims. */
enum da_result
da_ask_signature(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_meas *meas = &the->evidence->meas;

	if (!the->evidence->has_meas)
		return DA_NOT_ASKED;
	if (!meas->is_signed)
		return broken(DA_F_SIGNATURE_ABSENT, DA_PART_MEASUREMENTS, 0,
		    reterr);
	for (uint16_t i = 0; i < meas->n_before; i++)
		if (series_is_signed(the, meas->before[i].transcript,
		    meas->before[i].signature, reterr) != DA_HOLDS)
			return DA_BROKEN;
	return series_is_signed(the, meas->transcript, meas->signature,
	    reterr);
}

/* -- the nonce -- */

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

bool
da_nonce_is_lost(const struct da_ticket *ticket)
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
	if (da_nonce_is_lost(the->ask->ticket) &&
	    da_slice_is_zero(e->meas.nonce))
		return DA_UNKNOWN;
	return broken(DA_F_NONCE_DIFFERS, DA_PART_MEASUREMENTS,
	    da_slice_offset(e->bundle.part[DA_PART_MEASUREMENTS],
	    e->meas.nonce), reterr);
}

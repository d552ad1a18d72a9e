/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.h"

#include "hash.h"
#include "table.h"

static const struct {
	enum da_part part;
	enum da_digest_of digest;
	enum da_check check;
} gates[] = {
	{ DA_PART_CHAIN, DA_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_CHAIN },
	{ DA_PART_VCA, DA_DIGEST_VCA, DA_CHK_TSM_DIGEST_VCA },
	{ DA_PART_MEASUREMENTS, DA_DIGEST_MEASUREMENTS,
	    DA_CHK_TSM_DIGEST_MEASUREMENTS },
	{ DA_PART_REPORT, DA_DIGEST_REPORT, DA_CHK_TSM_DIGEST_REPORT },
};

static struct da_slice
digest_for(const struct da_ticket *ticket, enum da_part part)
{
	for (size_t i = 0; i < sizeof(gates) / sizeof(gates[0]); i++)
		if (gates[i].part == part)
			return da_digest_bytes(
			    &ticket->digest[gates[i].digest]);
	return da_slice_of(NULL, 0);
}

enum da_check
da_gate_check(enum da_part part)
{
	for (size_t i = 0; i < sizeof(gates) / sizeof(gates[0]); i++)
		if (gates[i].part == part)
			return gates[i].check;
	return DA_CHK_COUNT;
}

enum da_result
da_gate_part(const struct da_ticket *ticket, enum da_part part,
    struct da_slice bytes, struct da_fault *reterr)
{
	struct da_slice expected = digest_for(ticket, part);
	struct da_hash_value digest;

	/* A field that was never filled is all zero: no digest at all. */
	if (da_slice_is_zero(expected))
		return DA_UNKNOWN;
	digest = da_hash_of((enum da_hash)ticket->hash, bytes);
	if (da_hash_equal(&digest, expected))
		return DA_HOLDS;
	da_refuse(reterr, DA_F_DIGEST_DIFFERS, part, 0);
	return DA_BROKEN;
}

static enum da_result
ask_digest(const struct da_case *the, enum da_part part,
    struct da_fault *reterr)
{
	const struct da_bundle *bundle = the->bundle;

	if (!bundle->given[part])
		return DA_NOT_ASKED;
	if (the->ask->ticket == NULL)
		return DA_UNKNOWN;
	/* Certificates out of a PEM file are not the bytes of the wire. */
	if (part == DA_PART_CHAIN && bundle->chain_form != DA_CHAIN_SPDM)
		return DA_UNKNOWN;
	return da_gate_part(the->ask->ticket, part, bundle->part[part],
	    reterr);
}

enum da_result
da_ask_digest_chain(const struct da_case *the, struct da_fault *reterr)
{
	return ask_digest(the, DA_PART_CHAIN, reterr);
}

/* It holds, too, where the VCA lies inside a log whose digest holds. */
enum da_result
da_ask_digest_vca(const struct da_case *the, struct da_fault *reterr)
{
	if (the->bundle->shape == DA_SHAPE_LOG &&
	    !the->bundle->given[DA_PART_VCA])
		return ask_digest(the, DA_PART_MEASUREMENTS, reterr);
	return ask_digest(the, DA_PART_VCA, reterr);
}

enum da_result
da_ask_digest_measurements(const struct da_case *the, struct da_fault *reterr)
{
	return ask_digest(the, DA_PART_MEASUREMENTS, reterr);
}

enum da_result
da_ask_digest_report(const struct da_case *the, struct da_fault *reterr)
{
	return ask_digest(the, DA_PART_REPORT, reterr);
}

static enum da_result
state_is_wrong(enum da_why why, struct da_fault *reterr)
{
	da_refuse(reterr, why, DA_PART_TICKET, 0);
	return DA_BROKEN;
}

/* A state that the hypervisor wrote may refuse, but never vouch. */
enum da_result
da_ask_state(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_ticket *ticket = the->ask->ticket;

	if (ticket == NULL)
		return DA_UNKNOWN;
	if (ticket->bound != 1)
		return state_is_wrong(DA_F_TSM_UNBOUND, reterr);
	if (ticket->state == DA_STATE_ERROR)
		return state_is_wrong(DA_F_TSM_ERROR, reterr);
	if (ticket->state == DA_STATE_UNLOCKED)
		return state_is_wrong(DA_F_TSM_UNLOCKED, reterr);
	if (ticket->state_trusted != 1)
		return DA_UNKNOWN;
	return ticket->state == DA_STATE_LOCKED ||
	    ticket->state == DA_STATE_RUN ? DA_HOLDS : DA_UNKNOWN;
}

/* One firmware keeps old digests over a new lock: they must have moved. */
static bool
is_stale(const struct da_ticket *ticket, enum da_token_of of)
{
	const struct da_token *before = &ticket->token_at_lock[of];
	const struct da_token *now = &ticket->token[of];

	if (now->len == 0)
		return before->len != 0;	/* it was there, and is gone */
	return da_token_equal(now, before);
}

enum da_result
da_ask_tokens(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_ticket *ticket = the->ask->ticket;

	if (ticket == NULL || ticket->has_tokens_at_lock != 1 ||
	    (ticket->token[DA_TOKEN_LOCK].len == 0 &&
	    ticket->token_at_lock[DA_TOKEN_LOCK].len == 0))
		return DA_UNKNOWN;
	if (!da_token_equal(&ticket->token[DA_TOKEN_LOCK],
	    &ticket->token_at_lock[DA_TOKEN_LOCK]))
		return state_is_wrong(DA_F_TOKEN_LOCK, reterr);
	if (is_stale(ticket, DA_TOKEN_MEASUREMENTS) ||
	    is_stale(ticket, DA_TOKEN_REPORT))
		return state_is_wrong(DA_F_TOKEN_STALE, reterr);
	return DA_HOLDS;
}

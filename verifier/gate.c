/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.h"

#include "coverage.h"
#include "hash.h"
#include "table.h"

/* DEVICE_INFO has no check of its own, and no parser. */
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
	{ DA_PART_DEVICE_INFO, DA_DIGEST_DEVICE_INFO, DA_CHK_COUNT },
};

#define N_GATES	(sizeof(gates) / sizeof(gates[0]))

static struct da_slice
digest_for(const struct da_ticket *ticket, enum da_part part)
{
	for (size_t i = 0; i < N_GATES; i++)
		if (gates[i].part == part)
			return da_digest_bytes(
			    &ticket->digest[gates[i].digest]);
	return da_slice_of(NULL, 0);
}

enum da_check
da_gate_check(enum da_part part)
{
	for (size_t i = 0; i < N_GATES; i++)
		if (gates[i].part == part)
			return gates[i].check;
	return DA_CHK_COUNT;
}

/* -- which bytes -- */

/* One length of the head, and every tail: one pass over the bytes. */
static bool
holds_behind(const struct da_ticket *ticket, uint8_t head, uint8_t tail,
    struct da_slice expected, struct da_slice bytes, struct da_slice *ret)
{
	struct da_cur c = da_cur_of(bytes);
	struct da_slice rest;
	size_t n;

	da_take(&c, head);
	rest = da_rest(&c);
	/* What leaves nothing is the digest of nothing: no candidate. */
	if (c.bad || rest.n == 0)
		return false;
	n = da_hash_prefix((enum da_hash)ticket->hash, rest,
	    rest.n > tail ? rest.n - tail : 1, expected);
	return n != 0 && da_slice_cut(rest, 0, n, ret);
}

static bool
holds_somewhere(const struct da_ticket *ticket, const struct da_coverage *row,
    struct da_slice expected, struct da_slice bytes, struct da_slice *ret)
{
	for (uint8_t i = 0; i < row->n_heads; i++)
		if (holds_behind(ticket, row->head[i], row->tail, expected,
		    bytes, ret))
			return true;
	return false;
}

/* `row`: how the part may lie in the bytes; NULL: nobody says. */
static enum da_result
gate(const struct da_ticket *ticket, const struct da_coverage *row,
    enum da_part part, struct da_slice bytes, struct da_slice *ret,
    struct da_fault *reterr)
{
	struct da_slice expected = digest_for(ticket, part);

	*ret = bytes;
	/* A field that was never filled is all zero: no digest at all. */
	if (row == NULL || da_slice_is_zero(expected))
		return DA_UNKNOWN;
	if (holds_somewhere(ticket, row, expected, bytes, ret))
		return DA_HOLDS;
	*ret = da_slice_of(NULL, 0);
	da_refuse(reterr, DA_F_DIGEST_DIFFERS, part, 0);
	return DA_BROKEN;
}

enum da_result
da_gate_part(const struct da_ticket *ticket, enum da_part part,
    struct da_slice bytes, struct da_slice *ret, struct da_fault *reterr)
{
	return gate(ticket, da_coverage_of(ticket, part), part, bytes, ret,
	    reterr);
}

void
da_gate_let_through(const struct da_ticket *ticket, enum da_part part,
    struct da_bundle *bundle)
{
	const struct da_coverage *row = da_coverage_of(ticket, part);

	if (row == NULL)
		return;
	if (part == DA_PART_CHAIN && row->head[0] != 0)
		bundle->chain_form = DA_CHAIN_COVERED;
	if (part == DA_PART_MEASUREMENTS)
		bundle->meas_tail = row->meas_tail;
}

/* A part of the bundle as it stands there: as received, or cut already. */
static enum da_result
gate_given(const struct da_ticket *ticket, const struct da_bundle *bundle,
    enum da_part part, struct da_slice *ret, struct da_fault *reterr)
{
	static const struct da_coverage whole = { .n_heads = 1 };
	const struct da_coverage *row = NULL;

	if (ticket != NULL)
		row = da_coverage_of(ticket, part);
	*ret = bundle->part[part];
	/* Certificates out of a PEM file are not the bytes of the wire. */
	if (row == NULL || (part == DA_PART_CHAIN &&
	    bundle->chain_form == DA_CHAIN_DER))
		return DA_UNKNOWN;
	if (part == DA_PART_CHAIN && bundle->chain_form == DA_CHAIN_COVERED)
		row = &whole;
	return gate(ticket, row, part, bundle->part[part], ret, reterr);
}

struct da_bundle
da_gate_bundle(const struct da_ticket *ticket, const struct da_bundle *bundle)
{
	struct da_bundle cut = *bundle;
	struct da_fault unused;
	struct da_slice bytes;

	for (size_t i = 0; i < N_GATES; i++) {
		enum da_part part = gates[i].part;

		if (!bundle->given[part] || gate_given(ticket, bundle, part,
		    &bytes, &unused) != DA_HOLDS)
			continue;
		cut.part[part] = bytes;
		da_gate_let_through(ticket, part, &cut);
	}
	return cut;
}

/* -- the answers of stage GATE; their order is in table.c -- */

static enum da_result
ask_digest(const struct da_case *the, enum da_part part,
    struct da_fault *reterr)
{
	struct da_slice unused;

	if (!the->bundle->given[part])
		return DA_NOT_ASKED;
	return gate_given(the->ask->ticket, the->bundle, part, &unused,
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
da_ask_device_info(const struct da_case *the, struct da_fault *reterr)
{
	return ask_digest(the, DA_PART_DEVICE_INFO, reterr);
}

/* The measurements are in the device-info blob, too, where there is one. */
enum da_result
da_ask_digest_measurements(const struct da_case *the, struct da_fault *reterr)
{
	if (da_ask_device_info(the, reterr) == DA_BROKEN)
		return DA_BROKEN;
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

/*
 * One firmware keeps old digests over a new lock: they must have moved.  Where
 * each comes with a token, one without is of no collection that it knows of.
 */
static bool
is_stale(const struct da_ticket *ticket, enum da_token_of of,
    enum da_part part)
{
	const struct da_token *before = &ticket->token_at_lock[of];
	const struct da_token *now = &ticket->token[of];

	if (now->len == 0)
		/* It was there, and is gone; or there should be one. */
		return before->len != 0 || (da_part_has_token(
		    (enum da_platform)ticket->platform, part) &&
		    !da_slice_is_zero(digest_for(ticket, part)));
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
	if (is_stale(ticket, DA_TOKEN_MEASUREMENTS, DA_PART_MEASUREMENTS) ||
	    is_stale(ticket, DA_TOKEN_REPORT, DA_PART_REPORT))
		return state_is_wrong(DA_F_TOKEN_STALE, reterr);
	return DA_HOLDS;
}

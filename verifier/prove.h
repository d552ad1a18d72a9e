/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage one: did this device sign it, for this nonce, under this anchor?
 *
 * The order of the checks is the table in table.c.  The result is a proof of
 * fixed size: it crosses from the authenticator through the pusher to
 * the appraiser, and zero-filled it proves nothing.
 */
#ifndef DA_PROVE_H
#define DA_PROVE_H

#include "checks.h"
#include "crl.h"
#include "evidence.h"
#include "hash.h"
#include "path.h"
#include "ticket.h"

/*
 * What was found of a chain, kept for the other functions of the same device:
 * the same bytes under the same question give the same answer, so that a
 * chain's signatures are checked once.  A memo is of one set of anchors, time
 * and OIDs; whoever changes them starts a new one.  Zero-filled it is empty.
 */
struct da_chain_memo {
	struct da_hash_value chain;	/* of the part; n 0: nothing is kept */
	enum da_asym asym;		/* what else the answers depend on */
	enum da_hash hash;
	uint8_t version, form;
	uint8_t model;			/* enum da_cert_model, of leaf-profile */
	bool model_is_signed, multi_key;
	struct da_finding found[4];	/* chain, validity, leaf-profile,
					 * revocation */
	uint32_t walks;			/* how often a chain was walked */
};

/* What the one who asks brings: nothing of it comes from the host. */
struct da_ask {
	struct da_anchors anchors;
	struct da_oids critical;
	struct da_crls crls;	/* n 0: none; revocation is unknown */
	struct da_slice provisioned;	/* SubjectPublicKeyInfo of slot 0xF */
	struct da_slice challenge_nonce; /* n 0: that freshness is unknown */
	struct da_slice nonce;	/* n 0: none was given; the ticket's decides */
	const struct da_ticket *ticket;	/* NULL: none */
	const struct da_algs *assumed;	/* NULL: none */
	/*
	 * By enum da_check: may a part whose digest the TSM does not tell be
	 * parsed?  NULL: every one may, and stage two needs no measurements
	 * (a person at a shell looks at it).
	 */
	const bool *tolerate;
	const bool *warn_only;	/* likewise: revocation, broken, is told and
				 * keeps nobody from stage two; NULL: none */
	struct da_chain_memo *memo;	/* NULL: none */
	bool has_time;
	int64_t at;		/* seconds since 1970, UTC */
};

#define DA_PROOF_VERSION 1

struct da_proof {
	uint32_t version;	/* DA_PROOF_VERSION */
	uint32_t proved;	/* 1: stage two may begin */
	struct da_findings findings;
};

/*
 * The whole of stage one for a bundle: gate, evidence, checks.  `ret_evidence`
 * is filled where it could be read; the proof always is.
 */
void	da_prove(const struct da_bundle *bundle, const struct da_ask *ask,
	    struct da_evidence *ret_evidence, struct da_proof *ret);
#endif

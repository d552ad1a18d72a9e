/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a responder signs (DSP0274, L1/L2 and M1/M2): bytes in pieces, and the
 * text that says what for.  Membership is by position, never by type.
 */
#ifndef DA_TRANSCRIPT_H
#define DA_TRANSCRIPT_H

#include "evidence.h"
#include "hash.h"
#include "sig.h"

/* 64 bytes prefix, 36 bytes context, one digest. */
#define DA_SIGNED_MAX (100 + DA_MAX_HASH)

struct da_transcript {
	uint8_t version;	/* negotiated */
	enum da_hash hash;	/* likewise */
	const char *context;	/* the text, from SPDM 1.2 on */
	size_t n;
	struct da_slice piece[3];
};

/* L1/L2 of one series: the VCA in front from SPDM 1.2 on. */
struct da_transcript da_l1l2(const struct da_evidence *evidence,
		    struct da_slice series);
/* M1/M2: the VCA in every version, what was between, and the CHALLENGE. */
struct da_transcript da_m1m2(const struct da_evidence *evidence);
/*
 * SPDM 1.2 and newer: the prefix for the negotiated version, the context text
 * and the digest.  False when the digest cannot be made.
 */
bool		da_signed_message(const struct da_transcript *transcript,
		    uint8_t buf[DA_SIGNED_MAX], struct da_slice *ret);
/* This key made this signature for it. */
enum da_sig_result da_transcript_signed(const struct da_transcript *transcript,
		    const struct da_key *key, struct da_slice signature);

#endif

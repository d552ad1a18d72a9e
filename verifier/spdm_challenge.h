/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CHALLENGE / CHALLENGE_AUTH: which key answered which nonce, over which chain.
 * Reads the two messages; who signed them and what for is prove.h's business.
 */
#ifndef DA_SPDM_CHALLENGE_H
#define DA_SPDM_CHALLENGE_H

#include "spdm_meas.h"
#include "spdm_vca.h"

/* Request Param2: what MeasurementSummaryHash is over. */
enum da_summary {
	DA_SUMMARY_NONE = 0,
	DA_SUMMARY_TCB = 1,
	DA_SUMMARY_ALL = 0xff
};

struct da_challenge {
	struct da_slice exchange;	/* both messages, without signature */
	struct da_slice nonce;		/* the requester's */
	struct da_slice chain_hash;	/* of the chain, or of a raw key */
	struct da_slice summary;	/* n 0: none was asked for */
	struct da_slice opaque;
	struct da_slice signature;
	uint8_t summary_of;		/* enum da_summary */
	uint8_t slot_asked;	/* 0 to 7, or DA_SLOT_RAW_KEY (0xFF there) */
	uint8_t slot_answered;
	uint8_t slot_mask;	/* the slots that hold a chain */
};

/* Versions, capabilities and sizes are those that were negotiated. */
bool	da_challenge_read(struct da_slice raw, const struct da_vca *vca,
	    const struct da_algs *algs, struct da_challenge *ret,
	    struct da_fault *reterr);
/* "none", "tcb", "all". */
const char *da_summary_name(uint8_t summary_of);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * L1/L2 and the bytes that a responder signs (DSP0274, signature of
 * MEASUREMENTS): membership is by position, never by type.
 */
#ifndef DA_TRANSCRIPT_H
#define DA_TRANSCRIPT_H

#include "evidence.h"
#include "hash.h"

/* 64 bytes prefix, 36 bytes context, one digest. */
#define DA_SIGNED_MAX (100 + DA_MAX_HASH)

/* L1/L2: the VCA once from SPDM 1.2 on, then the exchanges.  Slices of it. */
size_t	da_l1l2(const struct da_evidence *evidence, struct da_slice ret[2]);
/* The context's text, for algorithms that take one beside the message. */
struct da_slice	da_signed_context(void);
/*
 * SPDM 1.2 and newer: the prefix for the negotiated version, the context text
 * and the digest of L1/L2.  False when the digest cannot be made.
 */
bool	da_signed_message(const struct da_evidence *evidence,
	    uint8_t buf[DA_SIGNED_MAX], struct da_slice *ret);

#endif

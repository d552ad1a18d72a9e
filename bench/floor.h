/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: the signature verifications that evidence needs, and nothing else.
 * Bare EVP in OpenSSL's default context, keys loaded, the digest fetched, the
 * signatures in the form that EVP takes; what is left is EVP_DigestVerify over
 * the message.  Knows nothing of what it costs to find all that out.
 */
#ifndef DA_BENCH_FLOOR_H
#define DA_BENCH_FLOOR_H

#include <openssl/evp.h>

#include "verifier/evidence.h"
#include "verifier/transcript.h"

struct bench_verification {
	EVP_PKEY *key;
	EVP_MD *md;
	struct da_slice message, signature;
	uint8_t der[DA_MAX_ECDSA_DER];	/* of a signature that came raw */
};

struct bench_floor {
	uint16_t n;
	struct bench_verification of[DA_MAX_CERTS + 1];
	uint8_t signed_bytes[DA_SIGNED_MAX];	/* from SPDM 1.2 on */
};

/*
 * Of evidence whose first certificate is the anchor: a verification for each
 * link below it, and, last, the one of the measurements.  ECDSA only.
 */
void	bench_floor_of(const struct da_evidence *evidence,
	    struct bench_floor *ret);
/* The last one alone: a further function of a device that is known. */
void	bench_floor_last(const struct bench_floor *all,
	    struct bench_floor *ret);
/* A task: `arg` is the floor. */
bool	bench_floor_run(void *arg);

#endif

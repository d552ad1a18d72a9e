/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SubjectPublicKeyInfo, read as views by the strict walk: which algorithm the
 * key is for, and its bytes.  Whether they are a point or a product of primes
 * is OpenSSL's to say.
 */
#ifndef DA_SPKI_H
#define DA_SPKI_H

#include "algs.h"

struct da_spki {
	enum da_asym asym;
	struct da_slice key;	/* point, or raw key; n 0 for RSA */
	struct da_slice modulus;	/* RSA: without the zero in front */
	uint32_t exponent;
};

/*
 * The row that the key belongs to where it signs by `scheme`; by NONE the first
 * of the rows that it could belong to.  False: to none that we know.
 */
bool	da_spki_read(struct da_slice spki, enum da_scheme scheme,
	    struct da_spki *ret);
/* The row of a whole AlgorithmIdentifier of ML-DSA or SLH-DSA; else NONE. */
enum da_asym da_spki_nist_kind(struct da_slice alg);

#endif

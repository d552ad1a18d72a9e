/* SPDX-License-Identifier: Apache-2.0 */
/* Digests.  One of the files through which OpenSSL is reached. */
#ifndef DA_HASH_H
#define DA_HASH_H

#include "algs.h"
#include "caps.h"

struct da_hash_value {
	uint8_t n;		/* 0: the algorithm is not to be had */
	uint8_t bytes[DA_MAX_HASH];
};

/* The OpenSSL that is linked has it. */
bool		da_hash_can(enum da_hash hash);
/* The digest of several slices one after another; n 0 on failure. */
struct da_hash_value da_hash_all(enum da_hash hash,
		    const struct da_slice *slices, size_t n);
struct da_hash_value da_hash_of(enum da_hash hash, struct da_slice bytes);
/*
 * The length, `least` (not 0) or more, of the prefix of `bytes` that has this
 * digest; 0: none has.  Each byte is hashed once.  Constant-time compares.
 */
size_t		da_hash_prefix(enum da_hash hash, struct da_slice bytes,
		    size_t least, struct da_slice expected);
struct da_slice	da_hash_bytes(const struct da_hash_value *value);
/* Constant-time; false where either is empty. */
bool		da_hash_equal(const struct da_hash_value *value,
		    struct da_slice expected);
/* Uses every algorithm once, so that later calls set up nothing new. */
void		da_hash_warm(void);
/* Of the OpenSSL that is linked, for people: "3.0.19". */
const char	*da_crypto_version(void);

#endif

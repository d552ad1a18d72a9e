/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures: the only place where a public key is used.  The key's kind and
 * size are bound to the algorithm that was negotiated or that a certificate
 * names, never taken from the key.
 */
#ifndef DA_SIG_H
#define DA_SIG_H

#include "algs.h"
#include "hash.h"

struct da_key;			/* a decoded public key */

enum da_sig_result { DA_SIG_WRONG, DA_SIG_RIGHT, DA_SIG_UNSUPPORTED };

/* The OpenSSL that is linked can verify SPDM's form of it. */
bool		 da_sig_can(enum da_asym asym);
/*
 * NULL: not a key of that kind, curve and size.  Of a kind that the linked
 * OpenSSL lacks the size is all that is known, and nothing verifies by it.
 */
struct da_key	*da_key_read(enum da_asym asym, struct da_slice spki);
void		 da_key_free(struct da_key *key);

/*
 * SPDM's raw form (big-endian, each number of the row's size) over the digest
 * of `message`, or over itself where the algorithm has a hash of its own.
 * `context` is for those that take one beside the message (Ed448, ML-DSA and
 * SLH-DSA).
 */
enum da_sig_result da_sig_spdm(const struct da_key *key, enum da_hash hash,
		    struct da_slice context, struct da_slice message,
		    struct da_slice signature);
/*
 * The same where the digest of the message is at hand (SPDM 1.0 and 1.1, whose
 * message is a transcript in pieces).  A scheme that hashes the message itself
 * cannot be asked so: UNSUPPORTED.
 */
enum da_sig_result da_sig_spdm_digest(const struct da_key *key,
		    enum da_hash hash, const struct da_hash_value *digest,
		    struct da_slice signature);
/*
 * X.509's form, likewise, with no context; `hash` NONE where the algorithm has
 * its own.
 */
enum da_sig_result da_sig_x509(const struct da_key *key, enum da_hash hash,
		    struct da_slice message, struct da_slice signature);
/*
 * Uses every algorithm once, with keys that are nobody's: what OpenSSL fetches
 * and allocates at first use is there, and a process that was forked afterwards
 * asks the kernel for nothing when it verifies.
 */
void		 da_sig_warm(void);

#endif

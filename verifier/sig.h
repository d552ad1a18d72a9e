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

/* NULL: not a key of that kind, curve and size. */
struct da_key	*da_key_read(enum da_asym asym, struct da_slice spki);
void		 da_key_free(struct da_key *key);

/*
 * SPDM's raw form (r || s big-endian, each of the curve's size) over the
 * digest of `message`.
 */
enum da_sig_result da_sig_spdm(const struct da_key *key, enum da_hash hash,
		    struct da_slice message, struct da_slice signature);
/* X.509's form (DER) over the digest of `message`. */
enum da_sig_result da_sig_x509(const struct da_key *key, enum da_hash hash,
		    struct da_slice message, struct da_slice signature);

#endif

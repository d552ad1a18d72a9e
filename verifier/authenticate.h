/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage AUTHENTICATE, what was signed: by which slot's key, over which
 * transcript, for which nonce.  The certificates are prove.c's.
 */
#ifndef DA_AUTHENTICATE_H
#define DA_AUTHENTICATE_H

#include "table.h"

/*
 * SubjectPublicKeyInfo of the key that must have signed: the owner's own for
 * slot 0xF, else the leaf's.  n 0: there is none.
 */
struct da_slice	da_signer_key(const struct da_case *the);
/* The CHALLENGE was answered, and so what its signature covers is known. */
bool		da_challenge_holds(const struct da_case *the);
/* The platform's way for the guest's nonce loses it. */
bool		da_nonce_is_lost(const struct da_ticket *ticket);

#endif

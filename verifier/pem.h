/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates, revocation lists or keys out of PEM text, as DER one after
 * another.  For files that a person names (roots, --chain-pem, --crl), never
 * for bytes of the wire.  The part says which blocks are meant: "X509 CRL" for
 * DA_PART_CRL, "PUBLIC KEY" for DA_PART_KEY, "CERTIFICATE" for any other.
 */
#ifndef DA_PEM_H
#define DA_PEM_H

#include "faults.h"

/* The text announces at least one block of the part's kind. */
bool	da_pem_is(struct da_slice text, enum da_part part);
/*
 * Every such block's bytes, in the text's order, into buf; the caller
 * owns buf.  Nothing is said about what the bytes are.
 */
bool	da_pem_read(struct da_slice text, enum da_part part, uint8_t *buf,
	    size_t size, struct da_slice *ret, struct da_fault *reterr);
/*
 * Certificates back to back, root side first: turns the list around when the
 * first is signed by the second.  `buf` holds as many bytes as `der`.
 */
bool	da_chain_root_first(struct da_slice der, uint8_t *buf,
	    struct da_slice *ret, struct da_fault *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates out of PEM text, as DER one after another.  For files that a
 * person names (roots, --chain-pem), never for bytes of the wire.
 */
#ifndef DA_PEM_H
#define DA_PEM_H

#include "faults.h"

/* The text holds at least one "-----BEGIN CERTIFICATE-----". */
bool	da_pem_is(struct da_slice text);
/*
 * Every CERTIFICATE block's bytes, in the text's order, into buf; the caller
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SPDM certificate chain structure: Length, RootHash, certificates from the
 * root side to the leaf.
 */
#ifndef DA_SPDM_CHAIN_H
#define DA_SPDM_CHAIN_H

#include "bundle.h"
#include "x509.h"

struct da_chain {
	struct da_slice raw;
	struct da_slice root_hash;	/* n 0 in the form without it */
	enum da_hash hash;		/* of RootHash; NONE likewise */
	uint16_t n;
	struct da_cert cert[DA_MAX_CERTS];	/* n - 1 is the leaf */
};

/*
 * `hash` NONE where nobody says which: then the one size for which the
 * certificates walk cleanly to the end is taken (SHA-2 only), which decides
 * nothing, since RootHash must equal the anchor's digest all the same.
 */
bool	da_chain_parse(struct da_slice raw, enum da_chain_form form,
	    enum da_hash hash, struct da_chain *ret, struct da_fault *reterr);

#endif

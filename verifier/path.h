/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path rules: from a given anchor to the leaf, in the order in which the
 * device sent it.  Nothing is searched for and nothing is built.
 */
#ifndef DA_PATH_H
#define DA_PATH_H

#include "spdm_chain.h"

struct da_anchors {
	uint16_t n;
	struct da_slice der[DA_MAX_ANCHORS];
};

#define DA_MAX_CRITICAL	16	/* OIDs that one question may name */

/* Critical extensions that the asker knows and takes upon himself. */
struct da_oids {
	uint16_t n;
	struct da_slice oid[DA_MAX_CRITICAL];	/* contents of the OID */
};

/* Anchor, links, CA bits, path lengths, critical extensions. */
bool	da_path_holds(const struct da_chain *chain,
	    const struct da_anchors *anchors, const struct da_oids *critical,
	    struct da_fault *reterr);
/* Every certificate of the chain, and the anchor, at this time. */
bool	da_path_valid_at(const struct da_chain *chain,
	    const struct da_anchors *anchors, int64_t at,
	    struct da_fault *reterr);
/* Refuses at the certificate: in the chain, or in the anchor's file. */
bool	da_refuse_cert(struct da_fault *reterr, enum da_why why,
	    const struct da_chain *chain, const struct da_cert *cert);
/* DSP0274's rules for the certificate whose key signs measurements. */
bool	da_leaf_fits(const struct da_chain *chain, enum da_asym asym,
	    uint8_t version, bool alias, struct da_fault *reterr);

#endif

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
/* The anchor that the chain ends at: by RootHash, or by name and signature. */
bool	da_path_anchor(const struct da_chain *chain,
	    const struct da_anchors *anchors, struct da_cert *ret,
	    struct da_fault *reterr);
/* NONE: the issuer's key signed these bytes by the algorithm that they name. */
enum da_why da_why_not_signed(const struct da_signed *what,
	    const struct da_cert *issuer);
/* Refuses at the certificate: in the chain, or in the anchor's file. */
bool	da_refuse_cert(struct da_fault *reterr, enum da_why why,
	    const struct da_chain *chain, const struct da_cert *cert);
/*
 * Who made the slot's leaf: ALIAS_CERT_CAP of the VCA says it up to SPDM 1.2,
 * CertificateInfo of DIGESTS from 1.3 on.  Zero: nobody says.
 */
enum da_cert_model {
	DA_MODEL_UNKNOWN,
	DA_MODEL_DEVICE,
	DA_MODEL_ALIAS,		/* firmware, under a device certificate CA */
	DA_MODEL_GENERIC	/* whoever provisioned the slot */
};

/* A certificate above the leaf claims the hardware identity. */
bool	da_leaf_is_below_device(const struct da_chain *chain);
/* DSP0274's rules for the certificate whose key signs measurements. */
bool	da_leaf_fits(const struct da_chain *chain, enum da_asym asym,
	    uint8_t version, enum da_cert_model model, struct da_fault *reterr);

#endif

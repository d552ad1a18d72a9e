/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: a bundle that is well formed.  Made here only, from a bundle only.
 * The structures that carry signatures are read; what the signature covers
 * (measurement blocks) and what only a digest vouches for (the report) is not.
 */
#ifndef DA_EVIDENCE_H
#define DA_EVIDENCE_H

#include "bundle.h"
#include "spdm_between.h"
#include "spdm_chain.h"
#include "spdm_challenge.h"
#include "spdm_meas.h"
#include "spdm_vca.h"

struct da_evidence {
	struct da_bundle bundle;
	uint8_t version;	/* SPDM, 0x10 to 0x14; 0: no message says */
	struct da_algs algs;
	bool algs_signed;	/* by a VCA that the signature covers */
	bool has_vca, has_chain, has_meas, has_challenge;
	struct da_vca vca;
	struct da_chain chain;
	struct da_meas meas;
	struct da_slice exchanges;	/* the measurements part, VCA cut off */
	struct da_challenge challenge;
	struct da_between between;	/* zero where there was none */
};

/*
 * `assumed` (may be NULL) says the algorithms where no VCA does; only for
 * SPDM 1.0 and 1.1, whose signature does not cover one.
 */
bool	da_evidence_read(const struct da_bundle *bundle,
	    const struct da_algs *assumed, struct da_evidence *ret,
	    struct da_fault *reterr);
/*
 * Who made this slot's leaf, by the responder's word: in multi-key connections
 * (SPDM 1.3) CertificateInfo says it slot by slot, otherwise ALIAS_CERT_CAP does
 * for all (SPDM 1.2).  Values of enum da_cert_model; 0: nobody says.
 */
uint8_t	da_said_model(const struct da_evidence *evidence);
/*
 * The slot whose key signed, of the measurements or else of the CHALLENGE;
 * DA_SLOT_NONE: nothing is signed.
 */
#define DA_SLOT_NONE	0xff
uint8_t	da_signing_slot(const struct da_evidence *evidence);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: a bundle that is well formed.  Made here only, from a bundle only.
 * The structures that carry signatures are read; what the signature covers
 * (measurement blocks) and what only a digest vouches for (the report) is not.
 */
#ifndef DA_EVIDENCE_H
#define DA_EVIDENCE_H

#include "bundle.h"
#include "spdm_chain.h"
#include "spdm_meas.h"
#include "spdm_vca.h"

struct da_evidence {
	struct da_bundle bundle;
	uint8_t version;	/* SPDM, 0x10 to 0x14; 0: no message says */
	struct da_algs algs;
	bool algs_signed;	/* by a VCA that the signature covers */
	bool has_vca, has_chain, has_meas;
	struct da_vca vca;
	struct da_chain chain;
	struct da_meas meas;
	struct da_slice exchanges;	/* the measurements part, VCA cut off */
};

/*
 * `assumed` (may be NULL) says the algorithms where no VCA does; only for
 * SPDM 1.0 and 1.1, whose signature does not cover one.
 */
bool	da_evidence_read(const struct da_bundle *bundle,
	    const struct da_algs *assumed, struct da_evidence *ret,
	    struct da_fault *reterr);
/* ALIAS_CERT_CAP: by the responder's own word firmware made its leaf. */
bool	da_is_alias_chain(const struct da_evidence *evidence);

#endif

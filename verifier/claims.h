/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage two: claims are evidence with every digest, link and signature proved,
 * and then, and only then, read.  Made here only, from evidence and its proof.
 */
#ifndef DA_CLAIMS_H
#define DA_CLAIMS_H

#include "mmio_map.h"
#include "nvidia.h"
#include "opaque.h"
#include "prove.h"
#include "spdm_log.h"

struct da_claims {
	const struct da_evidence *evidence;
	const struct da_ticket *ticket;	/* NULL: none */
	struct da_findings findings;	/* of both stages */
	bool has_blocks, has_log, has_report, has_map;
	struct da_blocks blocks;
	struct da_opaque opaque;	/* of the last exchange */
	/*
	 * Set where that opaque data is the vendor's own and can be read as
	 * NVIDIA's; that it is NVIDIA's is the leaf's word or the policy's.
	 */
	bool has_nvidia;
	struct da_nvidia nvidia;
	struct da_log log;	/* told only where its check holds */
	struct da_report report;
	struct da_map map;	/* the report in the ticket's BARs */
};

/*
 * False when the proof does not hold: *ret then has the findings and nothing
 * else.  Faults of stage two are findings (well-formed, report-shape).
 */
bool	da_claims_make(const struct da_evidence *evidence,
	    const struct da_proof *proof, const struct da_ask *ask,
	    struct da_claims *ret);
/*
 * The exit class of `verify`: 0 exactly when nothing is broken and, of the
 * checks that the inputs call for, those hold that the contract names.
 */
int	da_verify_class(const struct da_bundle *bundle,
	    const struct da_findings *findings);

#endif

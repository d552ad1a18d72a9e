/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VCA: GET_VERSION, VERSION, GET_CAPABILITIES, CAPABILITIES,
 * NEGOTIATE_ALGORITHMS, ALGORITHMS, back to back without framing.
 */
#ifndef DA_SPDM_VCA_H
#define DA_SPDM_VCA_H

#include "algs.h"
#include "faults.h"
#include "slice.h"

#define DA_SPDM_10	0x10
#define DA_SPDM_11	0x11
#define DA_SPDM_12	0x12
#define DA_SPDM_13	0x13
#define DA_SPDM_14	0x14

#define DA_CAP_ALIAS_CERT	(UINT32_C(1) << 18)

struct da_vca {
	struct da_slice raw;	/* the six messages, exactly */
	enum da_part part;	/* that they were read from */
	uint8_t version;	/* negotiated: 0x10 to 0x14 */
	uint32_t responder_caps;
	/* Selections as bits; offers as the request's masks. */
	uint32_t asym_sel, asym_offer;
	uint32_t hash_sel, hash_offer;
	uint32_t pqc_sel, pqc_offer;	/* SPDM 1.4; 0 before */
	uint32_t meas_hash_sel;
	uint8_t meas_spec_sel, meas_spec_offer;
	uint8_t other_sel, other_offer;
	uint16_t sel_at;	/* offset of ALGORITHMS' BaseAsymSel */
};

/* Reads the six messages at the cursor and leaves it behind them. */
bool	da_vca_read(struct da_cur *c, enum da_part part, struct da_vca *ret,
	    struct da_fault *reterr);
/* The same for a part that holds them and nothing else. */
bool	da_vca_parse(struct da_slice raw, struct da_vca *ret,
	    struct da_fault *reterr);
/*
 * The selection as algorithms: one known bit each, each inside the offer
 * (DSP0274 ALGORITHMS; spdm-rs let a device select what nobody offered).
 */
bool	da_vca_algs(const struct da_vca *vca, struct da_algs *ret,
	    struct da_fault *reterr);
/* The version has it, it is built, and the OpenSSL that is linked has it. */
bool	da_asym_fits(uint8_t version, enum da_asym asym);
bool	da_hash_fits(uint8_t version, enum da_hash hash);
/*
 * Asked where measurements follow: the DMTF specification is selected, and how
 * values are hashed (or that they are raw bit streams only).
 */
bool	da_vca_measures(const struct da_vca *vca, struct da_fault *reterr);

#endif

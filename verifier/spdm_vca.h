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

/* Responder's flags in CAPABILITIES; the version that brought each. */
#define DA_CAP_CERT		(UINT32_C(1) << 1)
#define DA_CAP_CHAL		(UINT32_C(1) << 2)
#define DA_CAP_MEAS_NO_SIG	(UINT32_C(1) << 3)	/* of two bits: 01 */
#define DA_CAP_MEAS_SIG		(UINT32_C(1) << 4)	/* 10; 11 is reserved */
#define DA_CAP_MEAS		(DA_CAP_MEAS_NO_SIG | DA_CAP_MEAS_SIG)
#define DA_CAP_PUB_KEY_ID	(UINT32_C(1) << 16)	/* 1.1 */
#define DA_CAP_CHUNK		(UINT32_C(1) << 17)	/* 1.2 */
#define DA_CAP_ALIAS_CERT	(UINT32_C(1) << 18)	/* 1.2 */
#define DA_CAP_MULTI_KEY_ONLY	(UINT32_C(1) << 26)	/* 1.3; 01 */
#define DA_CAP_MULTI_KEY_NEG	(UINT32_C(1) << 27)	/* 10; 11 is reserved */
#define DA_CAP_MULTI_KEY	(DA_CAP_MULTI_KEY_ONLY | DA_CAP_MULTI_KEY_NEG)
#define DA_CAP_LARGE_RESP	(UINT32_C(1) << 31)	/* 1.4 */

/* OtherParamsSupport of the request, and what ALGORITHMS selects of it. */
#define DA_OTHER_OPAQUE		0x0f
#define DA_OTHER_MULTI_KEY	0x10	/* 1.3 */

struct da_vca {
	struct da_slice raw;	/* the six messages, exactly */
	enum da_part part;	/* that they were read from */
	uint8_t version;	/* negotiated: 0x10 to 0x14 */
	uint32_t requester_caps, responder_caps;
	size_t caps_at;		/* offset of CAPABILITIES' flags */
	/* Selections as bits; offers as the request's masks. */
	uint32_t asym_sel, asym_offer;
	uint32_t hash_sel, hash_offer;
	uint32_t pqc_sel, pqc_offer;	/* SPDM 1.4; 0 before */
	uint32_t meas_hash_sel;
	uint8_t meas_spec_sel, meas_spec_offer;
	uint8_t other_sel, other_offer;
	uint8_t mel_sel, mel_offer;	/* SPDM 1.3; 0 before */
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
/* The version has the flag, and the responder set all bits of it. */
bool	da_vca_has(const struct da_vca *vca, uint32_t cap);
/*
 * Does DIGESTS say of each slot which key it is, who made its certificate and
 * what the key is for?  The requester says so of the responder's keys, in
 * NEGOTIATE_ALGORITHMS (the bit of ALGORITHMS is about the requester's).
 */
bool	da_vca_is_multi_key(const struct da_vca *vca);
/* What was selected, and what both ends can, do not contradict each other. */
bool	da_vca_agrees(const struct da_vca *vca, struct da_fault *reterr);
/* The version has it, it is built, and the OpenSSL that is linked has it. */
bool	da_asym_fits(uint8_t version, enum da_asym asym);
bool	da_hash_fits(uint8_t version, enum da_hash hash);
/*
 * Asked where measurements follow: the DMTF specification is selected, and how
 * values are hashed (or that they are raw bit streams only).
 */
bool	da_vca_measures(const struct da_vca *vca, struct da_fault *reterr);

#endif

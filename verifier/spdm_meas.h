/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET_MEASUREMENTS / MEASUREMENTS.
 *
 * Two readers for two stages: the envelope (which bytes were signed, with what
 * nonce, by which slot) is read before the signature is checked; the blocks
 * inside the records are read only after it held.
 */
#ifndef DA_SPDM_MEAS_H
#define DA_SPDM_MEAS_H

#include "algs.h"
#include "bundle.h"
#include "caps.h"
#include "faults.h"
#include "slice.h"

#define DA_SLOT_RAW_KEY	0xf	/* SlotIDParam: a provisioned key, no chain */

struct da_exchange {
	struct da_slice request;
	struct da_slice response;	/* without the signature */
	struct da_slice record;		/* NumberOfBlocks blocks */
	struct da_slice opaque;
	uint8_t operation;	/* request Param2: 0 count, 0xFF all, or index */
	uint8_t n_blocks;
	uint8_t total;		/* response Param1, for operation 0 */
};

/* One L1/L2 that ended with a signature: it is proved, and claims nothing. */
struct da_series {
	struct da_slice transcript;	/* its exchanges, without signature */
	struct da_slice signature;
	uint8_t slot_asked, slot_answered;
};

/*
 * A signature ends a series, and L1/L2 begins anew behind it (DSP0274 L1/L2).
 * Exchanges, nonce, slots and blocks are the last series'.
 */
struct da_meas {
	uint8_t version;	/* of every message */
	uint16_t n;
	struct da_exchange exchange[DA_MAX_EXCHANGES];
	bool is_signed;		/* the last exchange; earlier ones never are */
	struct da_slice nonce;		/* the requester's; of the signed one */
	struct da_slice signature;
	uint8_t slot_asked;	/* SlotIDParam; 0 in SPDM 1.0 */
	uint8_t slot_answered;	/* response Param2; 0 in SPDM 1.0 */
	uint8_t content_changed;	/* 0 to 2; 1: the device saw a change */
	struct da_slice transcript;	/* all exchanges, without signature */
	uint16_t n_before;		/* the series in front of it */
	struct da_series before[DA_MAX_SERIES - 1];
};

enum da_meas_kind {
	DA_MEAS_IMMUTABLE_ROM,
	DA_MEAS_MUTABLE_FIRMWARE,
	DA_MEAS_HARDWARE_CONFIG,
	DA_MEAS_FIRMWARE_CONFIG,
	DA_MEAS_MANIFEST,
	DA_MEAS_DEVICE_MODE,
	DA_MEAS_FIRMWARE_VERSION,
	DA_MEAS_SVN,
	DA_MEAS_HEM,
	DA_MEAS_INFORMATIONAL,
	DA_MEAS_STRUCTURED_MANIFEST,
	DA_MEAS_KINDS
};

struct da_block {
	uint8_t index;		/* 1 to 0xFE */
	uint8_t kind;		/* enum da_meas_kind */
	bool raw;		/* a raw value; else a digest */
	struct da_slice value;
};

/* What the device last said of each index, by ascending index. */
struct da_blocks {
	uint16_t n;
	struct da_block block[DA_MAX_BLOCKS];
};

/*
 * `raw` holds the exchanges (the VCA of a log already cut off); `version` is
 * the negotiated one, or 0 when no VCA says: then the first message does, and
 * must be 1.0 or 1.1.
 */
bool	da_meas_read(struct da_slice raw, uint8_t version,
	    uint16_t sig_size, struct da_meas *ret, struct da_fault *reterr);
/*
 * The same, and up to `tail` bytes behind the last signature are passed over:
 * a digest that holds covers them, and no exchange that is signed is as short.
 */
bool	da_meas_read_tailed(struct da_slice raw, uint8_t version,
	    uint16_t sig_size, size_t tail, struct da_meas *ret,
	    struct da_fault *reterr);
/* Stage two.  `raw` as above, for offsets. */
bool	da_blocks_read(struct da_slice raw, const struct da_meas *meas,
	    enum da_hash meas_hash, struct da_blocks *ret,
	    struct da_fault *reterr);
/* Bits of a device's mode (DSP0274 DMTF measurement, kind device mode). */
#define DA_MODE_DEBUG_NOW		0x03u	/* non-invasive, invasive */
#define DA_MODE_DEBUG_SINCE_RESET	0x0cu	/* the same, since reset */
#define DA_MODE_DEBUG_SINCE_MADE	0x10u	/* invasive, since manufacture */

struct da_mode {
	uint32_t operation_told, operation;	/* *_told: which bits the */
	uint32_t device_told, device;		/* device can report at all */
};

/* False where the block is of another kind, form or size. */
bool	da_block_svn(const struct da_block *block, uint64_t *ret);
bool	da_block_mode(const struct da_block *block, struct da_mode *ret);
/* "immutable-rom", ...; NULL past the table. */
const char *da_meas_kind_name(uint8_t kind);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measurement extension log (SPDM 1.3): what was extended into the
 * hash-extended measurements, entry by entry.
 *
 * The log itself is signed by nobody.  It is proved by giving, entry after
 * entry, the value of each block that it extends; those blocks are signed.  It
 * is read from its own header on, without the messages that carried it.
 */
#ifndef DA_SPDM_LOG_H
#define DA_SPDM_LOG_H

#include "spdm_meas.h"

struct da_log_entry {
	struct da_slice whole;	/* with its header: what is hashed */
	uint32_t number;	/* MelIndex */
	uint8_t index;		/* of the block that it extends */
	uint8_t kind;		/* enum da_meas_kind, or one of a later day */
	bool raw;		/* a raw value; else a digest */
	struct da_slice value;
};

struct da_log {
	uint32_t n;
	struct da_slice entries;	/* back to back */
};

/* Counts, lengths, reserved bytes; whether it is true is da_log_gives()'s. */
bool	da_log_read(struct da_slice raw, struct da_log *ret,
	    struct da_fault *reterr);
/* The next entry of a log that was read; `c` begins over `entries`. */
bool	da_log_next(struct da_cur *c, struct da_log_entry *ret);
/*
 * Every entry extends a hash-extended block, and every such block has the value
 * that its entries give.  `ret_all`: false where such a block has a value and
 * no entry, so that nothing is known of it.
 */
bool	da_log_gives(struct da_slice raw, const struct da_log *log,
	    const struct da_blocks *blocks, enum da_hash meas_hash,
	    bool *ret_all, struct da_fault *reterr);

#endif

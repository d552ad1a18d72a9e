/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes of a part a platform's digest is of: a table, one row a platform,
 * ABI revision and part, from what is public of each.  It knows lengths only
 * and never sees a byte.  A part without a row has no digest there that anybody
 * has described, whatever a ticket says: it stays unknown.
 */
#ifndef DA_COVERAGE_H
#define DA_COVERAGE_H

#include "bundle.h"
#include "ticket.h"

#define DA_MAX_HEADS	3

struct da_coverage {
	enum da_platform platform;
	const char *abi;	/* NULL: every revision */
	enum da_part part;
	/*
	 * How many bytes in front the digest may leave out, each of them tried;
	 * and at the end up to so many, each length tried.
	 */
	uint8_t n_heads, head[DA_MAX_HEADS];
	uint8_t tail;
	/* What it covers behind the last message, at most, and nobody reads. */
	uint8_t meas_tail;
	/* Of the latest retrieval for any function of the physical device. */
	bool of_device;
};

/* The row of the ticket's platform; NULL: no digest is of this part. */
const struct da_coverage *da_coverage_of(const struct da_ticket *ticket,
	    enum da_part part);
/* Its digest comes with a token that is new each time it is collected. */
bool	da_part_has_token(enum da_platform platform, enum da_part part);
/* Some revision of the platform has a digest of it. */
bool	da_platform_covers(enum da_platform platform, enum da_part part);

#endif

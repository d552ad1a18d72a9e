/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was decided so far: each device's outcome and since when, round by
 * round.  A round is one judgement of all devices.
 *
 * Plain data of the steward's.  Knows outcomes, never how one came about.
 */
#ifndef DA_TOLD_H
#define DA_TOLD_H

#include <stdio.h>

#include "rolemsg.h"

struct da_told_one {
	struct da_outcome outcome;
	int64_t since;		/* seconds since 1970, UTC */
	bool now;		/* of this round */
};

struct da_told {
	struct da_told_one *one;	/* room for DA_MAX_DEVICES */
	size_t n;
};

bool	da_told_new(struct da_told *ret);	/* false: no memory */
void	da_told_free(struct da_told *told);
/* A new round: what was told before counts no more. */
void	da_told_begin(struct da_told *told);
/*
 * A device that was kept as it is has been accepted since it was first told so.
 * False: there are more devices than a guest can have.
 */
bool	da_told_add(struct da_told *told, const struct da_outcome *outcome,
	    int64_t at);
/* The round is over: devices that it did not name are there no more. */
void	da_told_end(struct da_told *told);
size_t	da_told_accepted(const struct da_told *told);
/* As lines, or as one JSON object; false: it could not be written. */
bool	da_told_print(const struct da_told *told, FILE *out, bool json,
	    int exit_class);

#endif

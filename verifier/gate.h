/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate: are these bytes the ones that the TSM saw?  A hash and a compare;
 * no byte of the host's is read here as anything but hash input.  Which slices
 * are tried is the table in coverage.c; a part costs at most one pass over its
 * bytes for each head that is tried, and a compare for each tail.
 */
#ifndef DA_GATE_H
#define DA_GATE_H

#include "bundle.h"
#include "checks.h"
#include "ticket.h"

/*
 * A part as it was received.  HOLDS: the ticket's digest is of the slice *ret,
 * one of those that the platform's row allows.  UNKNOWN: there is no digest of
 * this part; *ret is all of it.  BROKEN: of none of them, or it could not be
 * computed; *ret is empty.
 */
enum da_result da_gate_part(const struct da_ticket *ticket, enum da_part part,
	    struct da_slice bytes, struct da_slice *ret,
	    struct da_fault *reterr);
/* Says in the bundle what a part that holds is now: cut, as its row has it. */
void	da_gate_let_through(const struct da_ticket *ticket, enum da_part part,
	    struct da_bundle *bundle);
/*
 * The same bundle with each part whose digest holds cut to the slice that it is
 * of; done twice it is the same.  `ticket` may be NULL.
 */
struct da_bundle da_gate_bundle(const struct da_ticket *ticket,
	    const struct da_bundle *bundle);
/* The tsm-digest-* check of a part; COUNT for a part that has none. */
enum da_check da_gate_check(enum da_part part);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate: are these bytes the ones that the TSM saw?  A hash and a compare;
 * no byte of the host's is read here as anything but hash input.
 */
#ifndef DA_GATE_H
#define DA_GATE_H

#include "bundle.h"
#include "checks.h"
#include "ticket.h"

/*
 * HOLDS: the digest is the ticket's.  UNKNOWN: the ticket has none for this
 * part.  BROKEN: another digest, or one that could not be computed.
 */
enum da_result da_gate_part(const struct da_ticket *ticket, enum da_part part,
	    struct da_slice bytes, struct da_fault *reterr);
/* The tsm-digest-* check of a part; COUNT for a part that has none. */
enum da_check da_gate_check(enum da_part part);
#endif

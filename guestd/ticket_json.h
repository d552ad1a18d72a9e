/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ticket as JSON (the contract's section 3), for the command line, for
 * records and between the emulated parts.  A closed world: an unknown key is an
 * error.  Knows the ticket's fields, never what they are worth.
 */
#ifndef DA_TICKET_JSON_H
#define DA_TICKET_JSON_H

#include "policy/strictjson.h"
#include "verifier/ticket.h"

/*
 * A key that is missing, or null, is unknown; the error's text is static and
 * names the key nowhere, but line and column do.
 */
bool	da_ticket_from_json(struct da_slice text, struct da_ticket *ret,
	    struct da_json_error *reterr);
/* The caller frees.  The TSM's raw message is not kept, so it is not told. */
struct da_json *da_ticket_to_json(const struct da_ticket *ticket);

#endif

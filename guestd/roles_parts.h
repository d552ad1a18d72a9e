/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of the roles as the pusher sees them: asking over a socket,
 * and hearing an answer.  Nobody else's.
 */
#ifndef DA_ROLES_PARTS_H
#define DA_ROLES_PARTS_H

#include "roles.h"

/* -- roles.c -- */

struct da_live_roles *live(struct da_roles *r);
/* That role gave no answer, as a refusal; false. */
bool	role_fault(struct da_refusal *reterr, const char *role,
	    enum da_msg_error error);
/* The same of a question that was not taken; errno is da_msg_send()'s. */
bool	send_fault(struct da_refusal *reterr, const char *role);
/* The next message within that time, late answers passed over. */
bool	hear(const struct da_live_roles *roles, int sock, const char *role,
	    void *msg, size_t size, int timeout_ms, struct da_msg_got *ret,
	    struct da_refusal *reterr);

/* -- roles_fetch.c: the receiver -- */

bool	live_fetch(struct da_roles *r,
	    const uint8_t request[DA_WIRE_REQUEST_SIZE], int whole_ms,
	    struct da_fetched *ret, struct da_refusal *reterr);
void	live_release(struct da_roles *r);

#endif

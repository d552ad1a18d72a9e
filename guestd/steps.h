/* SPDX-License-Identifier: Apache-2.0 */
/* The pusher's steps, each one answer; their order is in pusher.c. */
#ifndef DA_STEPS_H
#define DA_STEPS_H

#include "pusher.h"

/* -- steps_judge.c -- */
da_step_fn no_driver_is_bound, device_is_locked, first_ticket_is_read,
    nonce_is_drawn, host_answered, second_ticket_is_read, host_is_released,
    device_signed_them, policy_wants_it;

/* -- steps_gate.c -- */
da_step_fn bytes_are_the_tsms;

/* -- steps_push.c -- */
da_step_fn nothing_moved, report_is_the_same, report_is_pushed,
    pages_are_validated, device_is_accepted, interface_runs,
    map_is_the_judged_one, tokens_are_the_same, driver_may_bind;

/* A kernel call that failed, as a refusal; false. */
bool	kernel_refused(struct da_refusal *reterr, const char *what,
	    const struct da_kernel_error *error);
/* A ticket of this very device; a ticket of another one is no ticket. */
bool	read_ticket(struct da_pusher *p, struct da_candidate *c,
	    const uint8_t *nonce, struct da_ticket *ret,
	    struct da_refusal *reterr);
/* What a step found, for people. */
__attribute__((format(printf, 2, 3)))
void	note(struct da_candidate *c, const char *format, ...);

#endif

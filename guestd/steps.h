/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher's steps, each one answer; their order is in pusher.c.  Beside them
 * what the steps and the order share: how to back out, and what earlier starts
 * left behind.
 */
#ifndef DA_STEPS_H
#define DA_STEPS_H

#include "pusher.h"

/* -- steps_collect.c -- */
da_step_fn no_driver_is_bound, shows_tee, device_is_locked,
    first_ticket_is_read, nonce_is_drawn, host_answered,
    second_ticket_is_read, host_is_released;

/* -- steps_gate.c -- */
da_step_fn bytes_are_the_tsms;

/* -- steps_judge.c -- */
da_job_fn ask_authenticator, ask_appraiser;
da_step_fn device_signed_them, policy_wants_it;

/* -- steps_push.c -- */
da_step_fn nothing_moved, report_is_the_same, report_is_pushed,
    pages_are_validated, device_is_accepted, interface_runs,
    map_is_the_judged_one, tokens_are_the_same, device_is_recorded,
    driver_may_bind;

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

/* -- backout.c -- */

bool	told_to_stop(const struct da_pusher *p);
/* The story goes on only while somebody hears it. */
void	tend_story(struct da_pusher *p);
void	tell_phase(struct da_pusher *p, const char *device,
	    const char *title);
/* Of the boot; INT_MAX: there is no deadline.  0: it is over. */
int	time_left(const struct da_pusher *p);
/*
 * Unlocks what is locked, or in doubt, and reads back that it is.  One that was
 * in doubt may have been free all along: no failure then.
 */
void	unlock(struct da_pusher *p, struct da_candidate *c);
/* What a function holds of ours, whatever became of it. */
void	let_go(struct da_pusher *p, struct da_candidate *c);
/*
 * No: unlocked, the record void, the steward told.  `number` is the step's
 * that did not hold; 0: none did.
 */
void	refuse(struct da_pusher *p, struct da_candidate *c, size_t number,
	    const char *words, const struct da_refusal *why);
/* Its outcome stands: the steward is told, once. */
void	finish(struct da_pusher *p, struct da_candidate *c);

/* -- pusher.c -- */

/*
 * Collects the evidence of each function, then has what came of it judged in
 * one job.  Those that were not refused are held.
 */
void	judge_device(struct da_pusher *p, struct da_group g);
/* The steps of a phase; false: one did not hold, and it was refused. */
bool	walk_phase(struct da_pusher *p, struct da_candidate *c,
	    enum da_phase phase);

/* -- truth.c -- */

/* What each function is to the policy. */
bool	sort_all(struct da_pusher *p, struct da_candidate *all, size_t n,
	    struct da_refusal *reterr);
/*
 * What an earlier start left: accepted and unchanged, it is kept; else it is
 * unlocked.  Where nothing was sorted, one that runs is left alone.
 */
void	find_truth(struct da_pusher *p, struct da_candidate *c, bool sorted);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judges: the authenticator proves, the appraiser judges what was proved.
 * Each is a process for one physical device; only these two parse what a host
 * sent.
 *
 * A judge knows the owner's policy and one job.  It must never reach the
 * kernel, the host or another device, and its answer of fixed size is all that
 * is left of it.
 */
#ifndef DA_JUDGE_H
#define DA_JUDGE_H

#include "rolemsg.h"
#include "sandbox.h"

struct da_desk;			/* memory for one job, set up beforehand */

struct da_desk	*da_desk_new(void);
/*
 * Uses every algorithm once and lets the heap grow, so that a judge finds all
 * ready and asks the kernel for nothing.
 */
void		 da_judge_warm(void);
/*
 * What the two stages make of one function's bundle; each fills the answer
 * whole, and refuses where it cannot.  The desk keeps what was proved of a
 * chain, for the device's next function.
 */
void		 da_judge_prove(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_msg_function *function,
		    struct da_slice file, struct da_proof *ret);
void		 da_judge_appraise(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_msg_function *function,
		    struct da_slice file, struct da_verdict *ret);
/* Chains whose path was walked so far. */
uint32_t	 da_desk_walks(const struct da_desk *desk);
/* Of the bytes that a function was judged by. */
bool		 da_seal_of(struct da_slice file,
		    const struct da_ticket *ticket, struct da_seal *ret);
/*
 * The process: one job, one answer, the end.  Its filter is in force before it
 * reads the first byte of a bundle.
 */
_Noreturn void	 da_judge_run(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_filter *filter,
		    const struct da_msg_job *job, const int *memfds,
		    int reply);

#endif

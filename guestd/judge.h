/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judges: the authenticator proves, the appraiser judges what was proved.
 * Each is a process for one bundle; only these two parse what a host sent.
 *
 * A judge knows the owner's policy and one question.  It must never reach the
 * kernel, the host or another bundle, and its answer of fixed size is all that
 * is left of it.
 */
#ifndef DA_JUDGE_H
#define DA_JUDGE_H

#include "rolemsg.h"

struct da_desk;			/* memory for one question, set up beforehand */

struct da_desk	*da_desk_new(void);
/* Fetches and uses every algorithm once, so that a judge finds it ready. */
void		 da_judge_warm(void);
/*
 * What the two stages make of the bundle's bytes; each fills the answer whole,
 * and refuses where it cannot.
 */
void		 da_authenticate(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_msg_job *job, struct da_slice file,
		    struct da_proof *ret);
void		 da_judge_appraise(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_msg_job *job, struct da_slice file,
		    struct da_verdict *ret);
/* The process: one question, one answer, the end. */
_Noreturn void	 da_judge_run(struct da_desk *desk,
		    const struct da_policy *policy,
		    const struct da_msg_job *job, int memfd, int reply);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One device's evidence with all that judging it needs: the files, a ticket
 * whose digests are theirs, an interface report, a policy that names every
 * measurement.  Asked as the daemon's judges ask, in one process.
 */
#ifndef DA_BENCH_SCENE_H
#define DA_BENCH_SCENE_H

#include "policy/appraise.h"

struct bench_scene {
	const char *name;
	struct da_bundle bundle;	/* of the facts */
	struct da_bundle judged;	/* the same and an interface report */
	struct da_ask ask;		/* without a policy */
	struct da_algs assumed;
	struct da_ticket ticket;
	struct da_policy *policy;
	struct da_chain_memo memo, judged_memo;
	/* What an answer is made in; one at a time. */
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	struct da_verdict verdict;
};

/* `data`: the folder of the test data.  What does not verify ends the program. */
void	bench_scene_gpu(const char *data, struct bench_scene *ret);
void	bench_scene_p256(const char *data, struct bench_scene *ret);

/* -- tasks; `arg` is the scene -- */

/* Gate, evidence, chain, signature, nonce, blocks: the facts. */
bool	bench_facts(void *arg);
/* The same, an interface report, and the policy's verdict. */
bool	bench_verdict(void *arg);
/* Both for a function of a device whose chain is proved: no walk is made. */
bool	bench_next_facts(void *arg);
bool	bench_next_verdict(void *arg);

#endif

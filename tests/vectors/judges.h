/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judges as processes behind their filter, forked from a warmed parent as the
 * warden forks them, and followed call by call.
 */
#ifndef DA_TEST_JUDGES_H
#define DA_TEST_JUDGES_H

#include "tests/unit/job.h"

#define JUDGE_LIBSPDM	1	/* PCI device ids of the policy's rules */
#define JUDGE_NVIDIA	2
#define JUDGE_MAX_CALL	1024

/* What became of a judge. */
struct judged {
	int status;		/* of wait() */
	bool answered;
	bool filtered;		/* its filter was seen to be entered */
	bool call[JUDGE_MAX_CALL];	/* system calls made behind it */
	union {
		struct da_msg_proof proof;
		struct da_msg_verdict verdict;
	} answer;
};

/* Once, before the first judge: policy, filter, warm-up. */
void	judges_begin(void);
void	judges_end(void);
struct da_policy *judges_policy(void);
/*
 * Runs one.  `at_filter` (or NULL) is called when its filter is in force, while
 * it stands still; `before` (or NULL) in the judge, at its very start.
 */
void	judge(const struct job *job, void (*at_filter)(pid_t pid),
	    void (*before)(void), struct judged *ret);
/* It ended well, made the five calls only, and its seals are the job's. */
void	ck_judged(const struct job *job, const struct judged *j);

#endif

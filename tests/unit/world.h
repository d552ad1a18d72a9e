/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel and roles that do as a test wants, for the pusher in one process.
 */
#ifndef DA_TEST_UNIT_WORLD_H
#define DA_TEST_UNIT_WORLD_H

#include "guestd/pusher.h"

/* What the world does, and what was done to it. */
struct world {
	char events[400];	/* every call, in order */
	const char *fail;	/* the call that fails, "ticket 3" */
	int fail_after;		/* but so many times it goes well */
	const char *fail_too;	/* another one */
	int error;		/* of the kernel's; 0: EBUSY */
	int tickets;
	bool locked;
	bool running[256];	/* by the bus number's last digit */
	bool bound[256];	/* likewise: it cannot be unlocked */
	struct da_ticket ticket;
	void (*at_ticket)(int n, struct da_ticket *t);
	struct da_map map;
	struct da_push pushed_how;
	char pushed[64];
	bool two_chains, no_report;
	int memfd;
	uint8_t asked_nonce[DA_NONCE], told_nonce[DA_NONCE];
	uint64_t asked_id;
	struct da_proof proof;
	struct da_verdict verdict;
	struct da_msg_job job;		/* the last one */
	struct da_refusal refusal;	/* of the role that fails */
	bool tamper;		/* the bundle changes while it is judged */
	struct da_msg_count count;
	uint32_t count_min;	/* fewer are not wanted */
};

extern struct world world;
extern struct da_pusher pusher;
extern struct da_candidate candidate;

#define WORLD_REPORT	"the interface report"

/* A world in which all goes well, and one candidate. */
void	set_up(void);
void	make_candidate(struct da_candidate *c, const char *name);
int	run_one(void);
/* That call was made. */
bool	happened(const char *event);
/*
 * Runs the candidate.  It is refused with this class, unlocked, and nothing of
 * it is held any more.
 */
void	ck_refused(int class);

#endif

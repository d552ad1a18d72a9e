/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roles as the steward's children: who is started with which descriptors,
 * and how they end.  One crew works by one reading of policy and roots.
 *
 * Knows processes and sockets, and sends and reads nothing over them.
 */
#ifndef DA_CREW_H
#define DA_CREW_H

/* How a role ends that cannot enter its sandbox, and so has no voice. */
#define DA_EXIT_NO_SANDBOX	78

#include "pusher.h"
#include "settings.h"

struct da_crew_plan {
	const struct da_settings *settings;
	struct da_identity receiver, judge;
	struct da_target target;
	int listening;		/* where a host connects; -1: nowhere */
};

struct da_crew {
	pid_t receiver, warden, pusher;	/* 0: not there */
	int warden_sock;	/* the steward's; -1: none */
	int pusher_sock;
	int to_receiver, to_warden;	/* the pusher's, until it has them */
};

#define DA_CREW_NONE	((struct da_crew){ 0, 0, 0, -1, -1, -1, -1 })

/* Receiver and warden, or nobody; errno says why not. */
bool	da_crew_start(const struct da_crew_plan *plan, struct da_crew *ret);
/* Believes the records: they are read before the fork. */
bool	da_crew_start_pusher(const struct da_crew_plan *plan,
	    const struct da_record *records, size_t n_records,
	    struct da_crew *crew);
/* The role that had this process; it is there no more.  NULL: none of ours. */
const char *da_crew_lost(struct da_crew *crew, pid_t pid);
/* At once: nothing is asked of them any more, and nothing stays behind. */
void	da_crew_end(struct da_crew *crew);

#endif

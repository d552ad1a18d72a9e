/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other roles as the pusher sees them: a small table of functions.  Each
 * takes a question and gives an answer or a reason why there is none; a role
 * that dies, stalls or talks nonsense is such a reason.
 */
#ifndef DA_ROLES_H
#define DA_ROLES_H

#include "identity.h"
#include "outcome.h"
#include "rolemsg.h"

/* What the receiver brought; nothing in it is believed yet. */
struct da_fetched {
	int memfd;		/* seals and size are checked */
	uint64_t size;
	uint32_t n;
	struct da_msg_part part[DA_MAX_PARTS];
};

struct da_roles;

/* The answers to one job, function by function. */
struct da_proofs {
	uint32_t walks;		/* chains whose path was walked */
	struct da_proof of[DA_MAX_FUNCTIONS];
};

struct da_verdicts {
	struct da_verdict of[DA_MAX_FUNCTIONS];
};

struct da_roles_ops {
	/* What each function is to the policy; n of them. */
	bool (*sort)(struct da_roles *r, const struct da_kernel_device *list,
	    size_t n, uint8_t *ret_what, struct da_refusal *reterr);
	/*
	 * The receiver keeps the host's connection until `release`.  It is to
	 * be done within `whole_ms`.
	 */
	bool (*fetch)(struct da_roles *r,
	    const uint8_t request[DA_WIRE_REQUEST_SIZE], int whole_ms,
	    struct da_fetched *ret, struct da_refusal *reterr);
	void (*release)(struct da_roles *r);
	/*
	 * `job`: its head is filled in here.  `memfds` and `seals` are the
	 * job's functions'; an answer about other bytes than the sealed ones
	 * is none.
	 */
	bool (*authenticate)(struct da_roles *r, struct da_msg_job *job,
	    const int *memfds, const struct da_seal *seals,
	    struct da_proofs *ret, struct da_refusal *reterr);
	bool (*appraise)(struct da_roles *r, struct da_msg_job *job,
	    const int *memfds, const struct da_seal *seals,
	    struct da_verdicts *ret, struct da_refusal *reterr);
	/* Are the accepted devices as many as the policy asks for? */
	bool (*count)(struct da_roles *r, struct da_msg_count *question,
	    struct da_refusal *reterr);
	/* Written for a later start before this returns. */
	bool (*record)(struct da_roles *r, const struct da_record *record,
	    bool keep, struct da_refusal *reterr);
	/* Told once a function; `ticket` and the bundle may be missing. */
	void (*tell)(struct da_roles *r, const struct da_outcome *outcome,
	    const struct da_ticket *ticket, const struct da_fetched *bundle);
};

struct da_roles {
	const struct da_roles_ops *ops;
};

/* The roles as processes at the other ends of sockets. */
struct da_live_roles {
	struct da_roles base;
	int receiver, warden, steward;	/* sockets */
	struct da_target target;
	uint64_t serial;
	sigset_t waiting;	/* signal mask while waiting for an answer */
	int grace_ms;		/* on top of the time that the host has */
	int judge_ms;		/* how long an answer may take */
	int64_t deadline_ms;	/* but not beyond this; 0: there is none */
};

void	da_roles_init(struct da_live_roles *roles, int receiver, int warden,
	    int steward, const struct da_target *target);

/* What a role keeps of its parent's descriptors. */
#define DA_ROLE_MAX_KEEP	4
#define DA_ROLE_SOCK		3	/* its own socket's number */

struct da_role_start {
	/* `kept[i]` is the number that `keep[i]` has in the role. */
	void (*run)(int sock, const int *kept, void *arg);
	void *arg;
	int n_keep;
	int keep[DA_ROLE_MAX_KEEP];
	bool speaks;		/* standard error stays; else it goes nowhere */
	const char *name;	/* for ps(1), 15 bytes; NULL: no change */
};

/*
 * Forks a role that has its socket and what it keeps, and dies with its parent.
 * SIGTERM, SIGINT and SIGHUP are blocked in it.  `run` becomes its user as soon
 * as it has read what only the daemon's own user may read.
 */
bool	da_role_start(const struct da_role_start *start, int *ret_sock,
	    pid_t *ret_pid);
/* No other process may read or write this one's memory. */
bool	da_role_is_closed(void);
/* Without any capability from here on, also as root; errno says why not. */
bool	da_role_disarm(void);
/* All of root's privileges but CAP_SYS_ADMIN, which the kernel asks for. */
bool	da_role_disarm_but_admin(void);
/* Becomes that user and still dies with its parent; errno says why not. */
bool	da_role_become(const struct da_identity *who);

#endif

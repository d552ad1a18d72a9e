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

struct da_roles_ops {
	/* The receiver keeps the host's connection until `release`. */
	bool (*fetch)(struct da_roles *r,
	    const uint8_t request[DA_WIRE_REQUEST_SIZE],
	    struct da_fetched *ret, struct da_refusal *reterr);
	void (*release)(struct da_roles *r);
	/* `job`: its head is filled in here. */
	bool (*authenticate)(struct da_roles *r, struct da_msg_job *job,
	    int memfd, struct da_proof *ret, struct da_refusal *reterr);
	bool (*appraise)(struct da_roles *r, struct da_msg_job *job,
	    int memfd, struct da_verdict *ret, struct da_refusal *reterr);
	/* Are the accepted devices as many as the policy asks for? */
	bool (*count)(struct da_roles *r, struct da_msg_count *question,
	    struct da_refusal *reterr);
};

struct da_roles {
	const struct da_roles_ops *ops;
};

/* The roles as processes at the other ends of sockets. */
struct da_live_roles {
	struct da_roles base;
	int receiver, warden;	/* sockets */
	struct da_target target;
	uint64_t serial;
	sigset_t waiting;	/* signal mask while waiting for an answer */
	int fetch_ms, judge_ms;	/* how long an answer may take */
};

void	da_roles_init(struct da_live_roles *roles, int receiver, int warden,
	    const struct da_target *target);
/* The warden's first word: the policy can be used. */
bool	da_roles_ready(struct da_live_roles *roles, struct da_msg_ready *ret,
	    struct da_refusal *reterr);

/*
 * Forks a role that has one descriptor, the socket, and dies with its parent.
 * `run` becomes `who` as soon as it has read what only the daemon's own user
 * may read.
 */
bool	da_role_start(void (*run)(int sock, void *arg), void *arg,
	    int *ret_sock, pid_t *ret_pid);
/* No other process may read or write this one's memory. */
bool	da_role_is_closed(void);
/* Becomes that user and still dies with its parent; errno says why not. */
bool	da_role_become(const struct da_identity *who);

#endif

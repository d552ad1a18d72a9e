/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel and roles that do as a test wants, for the pusher in one process.
 */
#ifndef DA_TEST_UNIT_WORLD_H
#define DA_TEST_UNIT_WORLD_H

#include "guestd/pusher.h"

#define WORLD_FUNCTIONS	16
#define WORLD_BOOT	"11111111-2222-4333-8444-555555555555"
#define WORLD_REPORT	"the interface report"
#define WORLD_MEAS	"the measurements"
#define WORLD_INFO	"certificates, measurements and more"

/* A function of the guest, as kernel and TSM have it. */
struct function {
	char name[DA_BDF_SIZE];
	enum da_disposition what;	/* to the policy */
	uint8_t state;		/* enum da_tdi_state */
	bool bound;		/* a driver has it: it cannot be unlocked */
	bool left;		/* given back to the driver core */
	bool sticks;		/* unlock says yes, and does nothing */
	bool no_ticket;		/* before it is locked */
	bool collected;		/* evidence, since the lock */
	bool was_locked, was_unlocked;	/* in this test */
	uint8_t locks;		/* how often; so the lock token is new */
	int tickets;		/* since the lock */
	bool told;
	bool told_ticket, told_bundle;
	struct da_outcome outcome;
};

/* What the world does, and what was done to it. */
struct world {
	char events[8000];	/* every call, in order */
	const char *fail;	/* the call that fails, "ticket 3" */
	int fail_after;		/* but so many times it goes well */
	int fail_times;		/* and so often it fails; 0: always */
	const char *fail_too;	/* another one */
	const char *fail_at;	/* of this function only; NULL: of all */
	int error;		/* of the kernel's; 0: EBUSY */
	size_t n;
	struct function function[WORLD_FUNCTIONS];
	struct da_ticket ticket;
	void (*at_ticket)(int n, struct da_ticket *t);	/* 0: not locked */
	void (*at_event)(const char *event);
	struct da_map map;
	struct da_push pushed_how;
	char pushed[64];
	bool two_chains, no_chain, no_report, not_sealed;
	/* Bytes of the host's own: before a chain, behind log and report. */
	size_t head, tail;
	bool device_info;	/* the host brings one */
	char own_meas;		/* measurements end with it; function's: '*' */
	char last_meas;		/* with this, those that were brought last */
	uint32_t asked_wanted;
	int memfd;
	uint8_t asked_nonce[DA_NONCE], told_nonce[DA_NONCE];
	uint64_t asked_id;
	int whole_ms;
	struct da_proof proof;
	struct da_verdict verdict;
	void (*at_proof)(const char *name, struct da_proof *proof);
	void (*at_verdict)(const char *name, struct da_verdict *verdict);
	struct da_msg_job job;		/* the last one */
	int jobs;			/* to the authenticator */
	struct da_refusal refusal;	/* of the role that fails */
	bool tamper;		/* the bundle changes while it is judged */
	size_t tamper_at;	/* which byte of it; 0: the last */
	struct da_msg_count count;
	uint32_t count_min;	/* fewer are not wanted */
	struct da_record record;	/* the last one that was kept */
};

extern struct world world;
extern struct da_pusher pusher;
extern struct da_candidate candidate;
extern struct da_candidate several[WORLD_FUNCTIONS];

/* A world in which all goes well, and one candidate. */
void	set_up(void);
void	make_candidate(struct da_candidate *c, const char *name);
/* The first n of `several`, functions 0 to n - 1 of 0000:01:00. */
void	make_functions(size_t n);
/* Each a device of its own: 0000:01:00.0, 0000:02:00.0 and so on. */
void	make_devices(size_t n);
struct function *function_named(const char *name);
int	run_one(void);
/* That call was made. */
bool	happened(const char *event);
/* How often. */
int	times(const char *event);
/*
 * Runs the candidate.  It is refused with this class, unlocked, told once, and
 * nothing of it is held any more.
 */
void	ck_refused(int class);

/* -- world_roles.c -- */
extern const struct da_roles_ops world_roles;
/* False for the call that is to fail. */
bool	happens(const char *event, const char *name);
void	make_judges(void);

#endif

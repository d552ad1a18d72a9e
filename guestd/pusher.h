/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher: locks a device, has its evidence brought and judged, and pushes
 * the report that was judged into the kernel.  The only role that reaches it.
 *
 * It hashes the host's bytes and compares; it must never parse one of them.
 * What it knows of them it has from the judges, by messages of fixed size.
 */
#ifndef DA_PUSHER_H
#define DA_PUSHER_H

#include <signal.h>

#include "kernel-uapi/kernel.h"
#include "roles.h"

struct da_pusher {
	struct da_kernel *kernel;
	struct da_roles *roles;
	const volatile sig_atomic_t *stop;	/* not 0: back out; or NULL */
	const sigset_t *waiting;	/* signal mask of a pause; or NULL */
	FILE *story;		/* each step in plain words; NULL: silent */
	int64_t deadline_ms;	/* CLOCK_MONOTONIC, of the boot; 0: none */
	uint8_t max_tries;	/* nonces a device may use up; at least 1 */
	int pause_ms;		/* before another try */
	char boot_id[DA_BOOT_ID_SIZE];
	uint8_t policy_id[48];
	/* What earlier starts recorded; the steward read it. */
	const struct da_record *record;
	size_t n_records;
	size_t n_told;		/* outcomes that the steward heard */
	char text[200];		/* why nothing could be judged; else "" */
};

/* A function on its way from "locked" to "accepted". */
struct da_candidate {
	struct da_kernel_device device;
	enum da_disposition what;
	bool missing;		/* named, and not in the guest */
	bool untouched;		/* not named, where others are */
	bool finished;		/* its outcome stands, and was told */
	bool in_doubt;		/* nobody tells whether an earlier start's */
				/* lock holds: unlock on failure */
	bool locked;		/* by us, or perhaps: unlock on failure */
	bool host_waits;	/* the receiver holds the host's connection */
	uint8_t tries;
	uint8_t nonce[DA_NONCE];	/* wiped once it is used up */
	struct da_ticket at_lock;	/* the first ticket */
	struct da_ticket ticket;	/* the second: what is judged by */
	/* Digests of the device's last function that passed the gate. */
	struct da_digest latest[DA_DIGEST_COUNT];
	bool has_ticket;
	bool has_bundle;
	struct da_fetched bundle;
	struct da_slice file;		/* its bytes, a read-only view */
	struct da_slice report;		/* the part that is pushed */
	struct da_findings gate;	/* our own, when the bytes came in */
	struct da_seal seal;		/* our own, likewise */
	struct da_hash_value report_hash;	/* likewise */
	struct da_proof proof;
	uint32_t walks;			/* chains walked for the device */
	struct da_verdict verdict;
	struct da_map map;		/* the kernel's, read back */
	bool recorded;			/* or in doubt: void it on failure */
	struct da_record record;	/* what a later start must find */
	char note[240];			/* what a step found, in words */
	struct da_outcome outcome;
};

/* The functions of one physical device that are judged together. */
struct da_group {
	size_t n;
	struct da_candidate *of[DA_MAX_FUNCTIONS];
};

enum da_phase {
	DA_PHASE_COLLECT,	/* function by function */
	DA_PHASE_JUDGE,		/* step by step, a device's functions at once */
	DA_PHASE_PUSH,
	DA_PHASE_BIND
};

/* Yes, or *reterr says why not; the runner backs out. */
typedef bool da_step_fn(struct da_pusher *p, struct da_candidate *c,
	    struct da_refusal *reterr);
/* One question about all of a device's functions; each reads its answer. */
typedef bool da_job_fn(struct da_pusher *p, struct da_group *g,
	    struct da_refusal *reterr);

struct da_step {
	enum da_phase phase;
	const char *words;	/* what holds, when it holds */
	da_step_fn *holds;
	da_job_fn *asks;	/* of DA_PHASE_JUDGE; NULL: nothing */
};

/* The whole order, first to last; *ret_n of them. */
const struct da_step *da_steps(size_t *ret_n);

/*
 * All functions of the guest: sorted by the policy, what earlier starts left is
 * found out, each device is judged before the first is pushed, each is pushed
 * before a driver may have the first.  Their number is held against the policy
 * in between, and again whenever one drops out.  On the first step that does
 * not hold a function is unlocked; the steward hears each outcome once.  The
 * exit class of all.
 */
int	da_push_all(struct da_pusher *p, struct da_candidate *all, size_t n);

/* What the steward decided before it forked the pusher. */
struct da_pusher_setup {
	const char *kernel_socket;	/* software kernel's; NULL: Linux */
	struct da_target target;
	size_t n_devices;		/* 0: every one that is judged */
	const char *const *device;
	bool verbose;
	uint8_t max_tries;
	const struct da_record *record;
	size_t n_records;
};

/*
 * The process: holds all drivers back, waits for GO, judges, pushes, tells, and
 * then keeps the kernel until the steward is gone or says stop.
 */
void	da_pusher_run(int steward, int receiver, int warden,
	    const struct da_pusher_setup *setup);

#endif

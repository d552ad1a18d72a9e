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

#include "kernel-uapi/kernel.h"
#include "roles.h"

struct da_pusher {
	struct da_kernel *kernel;
	struct da_roles *roles;
	const volatile sig_atomic_t *stop;	/* not 0: back out; or NULL */
	FILE *story;		/* each step in plain words; NULL: silent */
};

/* A device on its way from "locked" to "accepted". */
struct da_candidate {
	struct da_kernel_device device;
	bool locked;		/* by us, or in doubt: unlock on failure */
	bool host_waits;	/* the receiver holds the host's connection */
	uint8_t nonce[DA_NONCE];	/* wiped once it is used up */
	struct da_ticket at_lock;	/* the first ticket */
	struct da_ticket ticket;	/* the second: what is judged by */
	bool has_bundle;
	struct da_fetched bundle;
	struct da_slice file;		/* its bytes, a read-only view */
	struct da_slice report;		/* the part that is pushed */
	struct da_findings gate;	/* our own, when the bytes came in */
	struct da_hash_value report_hash;	/* our own, when it came in */
	struct da_proof proof;
	struct da_verdict verdict;
	struct da_map map;		/* the kernel's, read back */
	char note[240];			/* what a step found, in words */
	struct da_outcome outcome;
};

enum da_phase { DA_PHASE_JUDGE, DA_PHASE_PUSH, DA_PHASE_BIND };

/* Yes, or *reterr says why not; the runner backs out. */
typedef bool da_step_fn(struct da_pusher *p, struct da_candidate *c,
	    struct da_refusal *reterr);

struct da_step {
	enum da_phase phase;
	const char *words;	/* what holds, when it holds */
	da_step_fn *holds;
};

/* The whole order, first to last; *ret_n of them. */
const struct da_step *da_steps(size_t *ret_n);

/*
 * Walks the steps of a phase.  On the first that does not hold the device is
 * unlocked and c->outcome says why; nothing of it is held any more.
 */
bool	da_push_phase(struct da_pusher *p, struct da_candidate *c,
	    enum da_phase phase);
/*
 * All devices: each is judged before the first is pushed, each is pushed
 * before a driver may have the first.  Their number is held against the policy
 * in between, and again whenever one drops out.  The exit class of all.
 */
int	da_push_all(struct da_pusher *p, struct da_candidate *all, size_t n);

#endif

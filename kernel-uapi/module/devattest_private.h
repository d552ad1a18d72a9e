/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside devattest.ko: a TDI, the requests that work on it, and who may touch
 * what.
 *
 * Locks, outermost first:
 *   device_lock(pdev)	excludes a driver's attach; held by a request's work for
 *			as long as it runs, TSM calls included
 *   tdi->lock		all fields below it; never held over a call to the TSM
 *   devattest_list_lock  the list of TDIs; never held over anything that sleeps
 *			for long
 *
 * A TDI lives by its kref: the TSM driver has one, the list one (until the TDI
 * is gone), each request one.
 */
#ifndef DEVATTEST_PRIVATE_H
#define DEVATTEST_PRIVATE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "compat.h"
#include "devattest_evidence.h"
#include "devattest_map.h"
#include "devattest_report.h"
#include "devattest_tsm.h"

#define DEVATTEST_TEXT	120	/* a reason, with its end */

/* What a request brought; freed when its work has ended. */
struct devattest_job {
	struct work_struct work;
	struct devattest_tdi *tdi;
	u8 cmd;
	u32 portid;
	bool orphan;		/* tdi->lock: its socket is gone */
	u64 request;
	bool has_nonce;
	u8 nonce[DEVATTEST_NONCE_MAX];
	u32 generation;
	u32 page_unit, bar_base;
	struct tsm_token token[TSM_TOKENS];
	u8 *report;
	u32 size;
	char text[DEVATTEST_TEXT];
};

struct devattest_tdi {
	struct kref ref;
	struct list_head node;			/* devattest_list_lock */
	struct pci_dev *pdev;
	const struct devattest_tsm_ops *ops;	/* called by work only */
	bool emulated;
	struct devattest_tdi_setup setup;
	void *priv;
	struct workqueue_struct *queue;		/* ordered */
	struct work_struct release;		/* the owner's socket is gone */
	struct delayed_work poll;		/* of the command register */
	struct devattest_evidence *evidence;

	struct mutex lock;			/* all below */
	bool gone;
	u8 state;				/* enum devattest_state */
	u32 generation;
	u32 owner;				/* port of the lock; 0: none */
	bool owner_gone;
	u16 command;				/* bits seen set since the lock */
	struct devattest_job *job;		/* queued, or at work */
	u64 last_request;
	int last_error;
	bool answered;
	struct devattest_answer answer;		/* the TSM's last */
	u32 validated;				/* generation; 0: none */
	struct devattest_map_plan *plan;	/* of the report; NULL: none */
	struct tsm_info pushed;			/* the TSM's answer with it */
};

/* -- devattest_tdi.c -- */

extern struct list_head devattest_list;
extern struct mutex devattest_list_lock;

void devattest_tdi_put(struct devattest_tdi *tdi);
/* With a reference; NULL: no such TDI. */
struct devattest_tdi *devattest_tdi_find(const char *name);
/* The n-th of the list, with a reference; NULL: past the last. */
struct devattest_tdi *devattest_tdi_nth(unsigned long n);
/* Idempotent: unlocked, off the list, no work left. */
void devattest_tdi_gone(struct devattest_tdi *tdi);
void devattest_tdi_gone_pdev(struct pci_dev *pdev);
/* With tdi->lock held. */
void devattest_set_state(struct devattest_tdi *tdi, u8 state);
void devattest_next_generation(struct devattest_tdi *tdi);
void devattest_forget_report(struct devattest_tdi *tdi);
void devattest_fall(struct devattest_tdi *tdi, const char *why);

/* -- devattest_work.c -- */

void devattest_job_run(struct work_struct *work);
void devattest_job_free(struct devattest_job *job);
/* With the device lock held; 0 or a negative errno. */
int devattest_do_unlock(struct devattest_tdi *tdi);

/* -- devattest_owner.c -- */

int devattest_owner_init(void);
void devattest_owner_exit(void);
void devattest_release_work(struct work_struct *work);

/* -- devattest_netlink.c -- */

int devattest_netlink_init(void);
void devattest_netlink_exit(void);
/* A request has ended: to the socket that asked.  tdi->lock held. */
void devattest_send_done(struct devattest_tdi *tdi,
			 const struct devattest_job *job, int error);
/* To the group; tdi->lock held. */
void devattest_send_event(struct devattest_tdi *tdi, u32 event);
/* With attributes that the store's family shares. */
int devattest_may_change(struct sk_buff *skb);

/* -- devattest_evidence.c -- */

int devattest_evidence_init(void);
void devattest_evidence_exit(void);

#endif

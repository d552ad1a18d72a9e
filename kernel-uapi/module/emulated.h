/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside devattest_emulated.ko, the EMULATED TSM: a function that its firmware
 * calls a TDI, and the operations on it.  Nothing here protects anything; it
 * speaks a platform's messages so that the rest can be tried without one.
 */
#ifndef DEVATTEST_EMULATED_H
#define DEVATTEST_EMULATED_H

#include <linux/list.h>
#include <linux/workqueue.h>

#include "devattest_tsm.h"
#include "emulated_channel.h"

struct emulated_function {
	struct list_head node;		/* emulated_tsm's mutex */
	struct emulated_channel *channel;
	struct pci_dev *pdev;		/* a reference */
	struct devattest_tdi *tdi;
	struct devattest_tdi_setup setup;
	struct work_struct fall;	/* the firmware told that it fell */
	u64 id;		/* the TSM's name of it; written by lock, under the
			 * device lock, as all of the operations are */
};

extern const struct devattest_tsm_ops emulated_ops;

u64 emulated_function_number(struct pci_dev *pdev);
/* 0, or -ENODEV: the firmware knows of no such TDI.  Fills setup and id. */
int emulated_describe(struct emulated_function *f);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between devattest.ko, which has the uAPI, the state machine, the report parser
 * and the map, and a TSM driver, which has the platform's private channel.
 *
 * The TSM driver never sees the host's bytes; devattest.ko never sees a
 * platform's message but as bytes that it hands to user space.
 *
 * An out-of-tree guest TSM must not use pdev->tsm: the merged core would run the
 * link teardown on it.  So a TDI is devattest's own object, found by its pci_dev.
 */
#ifndef DEVATTEST_TSM_H
#define DEVATTEST_TSM_H

#include <linux/pci.h>
#include <linux/types.h>

#include "tsm_message.h"
#include <uapi/linux/devattest.h>

struct devattest_tdi;

/* A TSM's answer: the bytes as they came, and what they mean. */
struct devattest_answer {
	u32 size;
	u8 message[DEVATTEST_MESSAGE_MAX];
	struct tsm_info info;
};

/* A range of a report that fits its BAR; what the map holds, and validate. */
struct devattest_range {
	u64 offset;		/* bytes into the BAR */
	u64 size;		/* bytes */
	u64 reported;		/* first page as the report has it, unscaled */
	u32 index;		/* in the report */
	u16 range_id;
	u8 bar;
	u8 kind;		/* enum devattest_kind */
	u16 attributes;		/* bits 3:0 */
};

/*
 * All may sleep, and are called from the TDI's own work with the device lock
 * held, never under a netlink lock.  Each bounds its own wait: -ETIMEDOUT means
 * that nobody knows whether it was done, and the TDI goes to ERROR.  Returns 0
 * or a negative errno.
 */
struct devattest_tsm_ops {
	const char *name;		/* "emulated" */
	bool emulated;
	int (*lock)(struct devattest_tdi *tdi);
	int (*unlock)(struct devattest_tdi *tdi);
	/* No collecting anew.  nonce: DEVATTEST_NONCE_MAX bytes, or NULL. */
	int (*info)(struct devattest_tdi *tdi, const u8 *nonce,
		    struct devattest_answer *ret);
	/* Private ranges only; in the order that the platform wants, the caller
	 * asks tsm_row()->validates_before_run. */
	int (*validate)(struct devattest_tdi *tdi,
			const struct devattest_range *range,
			const struct tsm_token token[TSM_TOKENS]);
	int (*run)(struct devattest_tdi *tdi,
		   const struct tsm_token token[TSM_TOKENS]);
	int (*enable_dma)(struct devattest_tdi *tdi,
			  const struct tsm_token token[TSM_TOKENS]);
};

struct devattest_tdi_setup {
	enum tsm_platform platform;
	u8 abi;
	u8 page_unit;		/* enum devattest_page_unit */
	u8 bar_base;		/* enum devattest_bar_base */
	u64 device_id;
};

/*
 * The TSM driver found that a function is a TDI.  Takes a reference of pdev; ops
 * and setup stay until devattest_tdi_remove().  -EBUSY: it is one already.
 */
struct devattest_tdi *devattest_tdi_add(struct pci_dev *pdev,
					const struct devattest_tsm_ops *ops,
					const struct devattest_tdi_setup *setup,
					void *priv);
/* Unlocks what is locked, drops report and map, tells DEVATTEST_EVENT_GONE. */
void devattest_tdi_remove(struct devattest_tdi *tdi);
/* LOCKED or RUN is lost, says the TSM, or a test's injection; any context that
 * may sleep, never with the device lock held. */
void devattest_tdi_error(struct devattest_tdi *tdi, const char *why);

void *devattest_tdi_priv(struct devattest_tdi *tdi);
struct pci_dev *devattest_tdi_pdev(struct devattest_tdi *tdi);
const struct devattest_tdi_setup *
devattest_tdi_setup(struct devattest_tdi *tdi);

/* -- for PCI drivers: devattest_map.c -- */

/*
 * How may these bytes of a BAR be mapped?  Returns DEVATTEST_KIND_PRIVATE or
 * DEVATTEST_KIND_SHARED when all of them are of that kind;
 *   -EACCES  they straddle private and shared, or leave what the report has;
 *   -ENODEV  the function is no TDI (it may be mapped shared);
 *   -EPERM   it is a TDI and not in RUN: there is no map;
 *   -EINVAL  not a memory BAR, or outside it.
 */
int devattest_mmio_kind(struct pci_dev *pdev, int bar, u64 offset, u64 size);
/*
 * Told when the map is lost, before it goes.  The driver must stop touching
 * the mapping; the callback may sleep and must not call back into devattest.
 */
struct notifier_block;
int devattest_register_loss_notifier(struct notifier_block *nb);
int devattest_unregister_loss_notifier(struct notifier_block *nb);

#endif /* DEVATTEST_TSM_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private/shared map of all TDIs: a resource tree under a root of its own,
 * one entry a range, by bus address.  It is bookkeeping that drivers ask before
 * they map; what a mapping is in hardware is the architecture's.
 *
 * devattest_mmio_kind() and the loss notifier, which drivers use, stand in
 * devattest_tsm.h.
 */
#ifndef DEVATTEST_MAP_H
#define DEVATTEST_MAP_H

#include <linux/pci.h>

#include "devattest_report.h"

/*
 * From here on the function is a TDI: without a map nothing of it is mapped.
 * The caller holds a reference of pdev until devattest_map_del(), which drops
 * what is inserted.  -EEXIST: it is one already.
 */
int devattest_map_add(struct pci_dev *pdev);
void devattest_map_del(struct pci_dev *pdev);

/*
 * All ranges or none.  The plan is copied.  0 also where this very plan is in
 * force (accept twice); -EEXIST another one is; -ENODEV no TDI; -EBUSY a range
 * collides with another device's; -EINVAL it leaves the BAR as it is now;
 * -ENOMEM.
 */
int devattest_map_insert(struct pci_dev *pdev,
			 const struct devattest_map_plan *plan);
/*
 * Lookups fail from here on; then the loss notifiers are called; then the
 * ranges go.  Nothing inserted, or no TDI: nothing happens, nobody is told.
 * Sleeps.  May be called with the device lock held, which is why a notifier
 * must not take it.
 */
void devattest_map_drop(struct pci_dev *pdev);

/* Entries in the tree, of pdev, or of all where it is NULL; for tests. */
unsigned int devattest_map_entries(const struct pci_dev *pdev);

#endif

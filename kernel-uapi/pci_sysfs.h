/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sysfs says of PCI functions: names, ids, BARs, the MSI-X place, the bound
 * driver, and the hold on drivers.  Config space is the host's to write, so it
 * is read with a cursor and bounded walks, and what comes of it vouches for
 * nothing.  `root` is a descriptor of /sys, so that a test gives a folder.
 */
#ifndef DA_PCI_SYSFS_H
#define DA_PCI_SYSFS_H

#include "kernel.h"

bool	da_pci_list(int root, struct da_kernel_device *ret, size_t max,
	    size_t *ret_n, struct da_kernel_error *reterr);
bool	da_pci_facts(int root, const char *device, struct da_pci *ret,
	    struct da_kernel_error *reterr);
/* drivers_autoprobe of the bus, driver_override of each function. */
bool	da_pci_hold(int root, struct da_kernel_error *reterr);
/* Takes the override back and probes the function; `trust` where it exists. */
bool	da_pci_release(int root, const char *device, bool trusted,
	    struct da_kernel_error *reterr);

#endif

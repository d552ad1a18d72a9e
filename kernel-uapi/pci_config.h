/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few fields of PCI config space that a ticket holds.  The host writes
 * them: they are read with the cursor, each walk is bounded, and a function
 * that contradicts itself only loses fields.
 */
#ifndef DA_PCI_CONFIG_H
#define DA_PCI_CONFIG_H

#include "verifier/slice.h"
#include "verifier/ticket.h"

#define DA_PCI_CONFIG_SIZE	4096

/* All of *ret but the BARs, which the kernel knows better. */
void	da_pci_config_read(struct da_slice config, struct da_pci *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated device's PCI side: ids, BARs, MSI-X, its place on the bus, and
 * the TDISP interface report that tells of them.
 */
#ifndef EMU_INTERFACE_H
#define EMU_INTERFACE_H

#include "bytes.h"
#include "verifier/ticket.h"

#define EMU_PCI_VENDOR	0xe0e0u		/* no vendor's; emulated */
#define EMU_PCI_DEVICE	0x0001u
#define EMU_SHARED_BAR	2u		/* range id of the shared range */
/* A function without TEE capability that is given no other ids. */
#define EMU_PLAIN_VENDOR 0x1af4u	/* virtio's network device */
#define EMU_PLAIN_DEVICE 0x1041u

/* Added by the emulated TSM to each reported address; a multiple of each BAR's
 * size, as Linux assumes, so that a range's start modulo that size counts. */
#define EMU_REPORTING_OFFSET	UINT64_C(0x200000000)

/* The n-th function of this machine has BARs of its own. */
void	emu_interface_pci(uint32_t n, struct da_pci *ret);
/* Another make of it, whose second BAR is four times as large. */
void	emu_interface_large_pci(uint32_t n, struct da_pci *ret);
/* Device Serial Number: the same for all functions of a device. */
void	emu_interface_serial(uint16_t number, struct da_pci *pci);
#define EMU_PCI_NAME_SIZE 96
/* What a certificate calls the function (PCIe CMA). */
void	emu_interface_pci_name(const struct da_pci *pci,
	    char ret[EMU_PCI_NAME_SIZE]);
/* The i-th BAR that is private throughout; false past the last. */
bool	emu_interface_private_bar(size_t i, uint32_t *ret);
void	emu_interface_report(const struct da_pci *pci, struct emu_bytes *ret);
/* Hops from the root bus: each bus hangs below the root port of its number. */
void	emu_interface_path(uint32_t bdf, uint8_t ret[8]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "interface.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "verifier/tdisp_report.h"

#define PAGE_SHIFT	12u
#define MSIX_ENTRIES	64u

#define REST		0u	/* to the end of the BAR */

/* In 4 KiB pages; the whole of each BAR, in the order of the BARs. */
static const struct piece {
	uint8_t bar;
	uint8_t first, pages;	/* or REST */
	uint8_t attributes;	/* DA_RANGE_* */
} pieces[] = {
	{ 0, 0, 8, 0 },
	{ 0, 8, 1, DA_RANGE_MSIX_TABLE },
	{ 0, 9, 1, DA_RANGE_MSIX_PBA },
	{ 0, 10, 6, 0 },
	{ EMU_SHARED_BAR, 0, 4, 0 },
	{ EMU_SHARED_BAR, 4, REST, DA_RANGE_NON_TEE },
};

enum { N_PIECES = sizeof(pieces) / sizeof(pieces[0]) };

void
emu_interface_pci(uint32_t n, struct da_pci *ret)
{
	uint64_t base = UINT64_C(0x4080000000) + n * UINT64_C(0x100000);

	*ret = (struct da_pci){
		.vendor = EMU_PCI_VENDOR,
		.device = EMU_PCI_DEVICE,
		.subsystem_vendor = EMU_PCI_VENDOR,
		.subsystem_device = EMU_PCI_DEVICE,
		.class_code = 0x020000,
		.has_revision = 1,
		.revision = 0xa1,
		.tee = DA_TRI_TRUE,
		.msix = 1,
		.msix_bir = 0,
		.msix_table = 8u << PAGE_SHIFT,
		.msix_pba = 9u << PAGE_SHIFT,
		.msix_entries = MSIX_ENTRIES,
	};
	ret->bar[0] = (struct da_bar){ base, 0x10000 };
	ret->bar[EMU_SHARED_BAR] = (struct da_bar){ base + 0x10000, 0x10000 };
}

/* BARs lie at multiples of their size. */
void
emu_interface_large_pci(uint32_t n, struct da_pci *ret)
{
	emu_interface_pci(n, ret);
	ret->bar[EMU_SHARED_BAR].address = ret->bar[0].address + 0x40000;
	ret->bar[EMU_SHARED_BAR].size = 0x40000;
}

void
emu_interface_serial(uint16_t number, struct da_pci *pci)
{
	pci->has_serial = 1;
	pci->serial = UINT64_C(0xda7e570000000000) + number;
}

void
emu_interface_pci_name(const struct da_pci *pci, char ret[EMU_PCI_NAME_SIZE])
{
	snprintf(ret, EMU_PCI_NAME_SIZE, "Vendor=%04x:Device=%04x:CC=%06x:"
	    "REV=%02x:SSVID=%04x:SSID=%04x:%016" PRIx64, pci->vendor,
	    pci->device, pci->class_code, pci->revision,
	    pci->subsystem_vendor, pci->subsystem_device, pci->serial);
}

static uint32_t
pages_of(const struct da_pci *pci, const struct piece *p)
{
	if (p->pages != REST)
		return p->pages;
	return (uint32_t)(pci->bar[p->bar].size >> PAGE_SHIFT) - p->first;
}

static void
put_range(const struct da_pci *pci, const struct piece *p,
    struct emu_bytes *b)
{
	uint64_t start = pci->bar[p->bar].address + EMU_REPORTING_OFFSET;

	emu_put_le(b, (start >> PAGE_SHIFT) + p->first, 8);
	emu_put_le(b, pages_of(pci, p), 4);
	emu_put_le(b, p->attributes, 2);
	emu_put_le(b, p->bar, 2);
}

void
emu_interface_report(const struct da_pci *pci, struct emu_bytes *ret)
{
	ret->n = 0;
	ret->full = false;
	/* No firmware update while locked; DMA without PASID. */
	emu_put_le(ret, 0x0003, 2);
	emu_put_le(ret, 0, 2);
	emu_put_le(ret, MSIX_ENTRIES - 1, 2);	/* MSI-X message control */
	emu_put_le(ret, 0, 2);
	emu_put_le(ret, 0, 4);
	emu_put_le(ret, N_PIECES, 4);
	for (size_t i = 0; i < N_PIECES; i++)
		put_range(pci, &pieces[i], ret);
	emu_put_le(ret, 8, 4);
	emu_put(ret, "emulated", 8);
}

static bool
is_private(uint32_t bar)
{
	bool there = false;

	for (size_t k = 0; k < N_PIECES; k++) {
		if (pieces[k].bar != bar)
			continue;
		if ((pieces[k].attributes & DA_RANGE_NON_TEE) != 0)
			return false;
		there = true;
	}
	return there;
}

bool
emu_interface_private_bar(size_t i, uint32_t *ret)
{
	for (uint32_t bar = 0; bar < DA_MAX_BARS; bar++) {
		if (!is_private(bar) || i-- != 0)
			continue;
		*ret = bar;
		return true;
	}
	return false;
}

void
emu_interface_path(uint32_t bdf, uint8_t ret[8])
{
	uint8_t bus = (uint8_t)(bdf >> 8);
	size_t n = 0;

	memset(ret, 0xff, 8);
	if (bus != 0)
		ret[n++] = (uint8_t)(bus << 3);
	ret[n] = (uint8_t)bdf;
}

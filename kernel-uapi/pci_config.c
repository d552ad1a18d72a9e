/* SPDX-License-Identifier: Apache-2.0 */
#include "pci_config.h"

#include <linux/pci_regs.h>
#include <string.h>

/* Each capability has at least four bytes: more than these is a loop. */
#define MAX_CAPS	((256 - 64) / 4)
#define MAX_EXT_CAPS	((DA_PCI_CONFIG_SIZE - 256) / 8)

#ifndef PCI_EXP_DEVCAP_TEE
#define PCI_EXP_DEVCAP_TEE	0x40000000	/* linux/pci_regs.h of 6.19 */
#endif

/* A cursor at an offset; it is bad where the bytes are not there. */
static struct da_cur
at(struct da_slice config, size_t offset)
{
	struct da_cur c = da_cur_of(config);

	da_take(&c, offset);
	return c;
}

static uint8_t
byte_at(struct da_slice config, size_t offset)
{
	struct da_cur c = at(config, offset);

	return da_u8(&c);
}

static uint16_t
word_at(struct da_slice config, size_t offset)
{
	struct da_cur c = at(config, offset);

	return da_le16(&c);
}

static uint32_t
long_at(struct da_slice config, size_t offset)
{
	struct da_cur c = at(config, offset);

	return da_le32(&c);
}

/* Where the capability is; 0: there is none. */
static size_t
find_cap(struct da_slice config, uint8_t id)
{
	size_t where = byte_at(config, PCI_CAPABILITY_LIST) & ~3u;

	if ((word_at(config, PCI_STATUS) & PCI_STATUS_CAP_LIST) == 0)
		return 0;
	for (int i = 0; i < MAX_CAPS && where >= 64; i++) {
		if (byte_at(config, where) == id)
			return where;
		where = byte_at(config, where + 1) & ~3u;
	}
	return 0;
}

static size_t
find_ext_cap(struct da_slice config, uint16_t id)
{
	size_t where = 256;

	for (int i = 0; i < MAX_EXT_CAPS && where >= 256; i++) {
		uint32_t head = long_at(config, where);

		if (head == 0 || head == UINT32_MAX)
			return 0;
		if (PCI_EXT_CAP_ID(head) == id)
			return where;
		where = PCI_EXT_CAP_NEXT(head);
	}
	return 0;
}

static void
read_msix(struct da_slice config, struct da_pci *ret)
{
	size_t where = find_cap(config, PCI_CAP_ID_MSIX);
	uint32_t table, pba;

	if (where == 0)
		return;
	table = long_at(config, where + PCI_MSIX_TABLE);
	pba = long_at(config, where + PCI_MSIX_PBA);
	ret->msix = 1;
	ret->msix_bir = table & PCI_MSIX_TABLE_BIR;
	ret->msix_pba_bir = pba & PCI_MSIX_PBA_BIR;
	ret->msix_table = table & PCI_MSIX_TABLE_OFFSET;
	ret->msix_pba = pba & PCI_MSIX_PBA_OFFSET;
	ret->msix_entries = (uint16_t)((word_at(config, where +
	    PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_QSIZE) + 1);
}

static void
read_serial(struct da_slice config, struct da_pci *ret)
{
	size_t where = find_ext_cap(config, PCI_EXT_CAP_ID_DSN);
	struct da_cur c = at(config, where + 4);
	uint64_t serial = da_le64(&c);

	if (where == 0 || c.bad)
		return;
	ret->has_serial = 1;
	ret->serial = serial;
}

static uint8_t
shows_tee(struct da_slice config)
{
	size_t where = find_cap(config, PCI_CAP_ID_EXP);

	return where != 0 && (long_at(config, where + PCI_EXP_DEVCAP) &
	    PCI_EXP_DEVCAP_TEE) != 0 ? DA_TRI_TRUE : DA_TRI_FALSE;
}

void
da_pci_config_read(struct da_slice config, struct da_pci *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->vendor = word_at(config, PCI_VENDOR_ID);
	ret->device = word_at(config, PCI_DEVICE_ID);
	ret->class_code = long_at(config, PCI_CLASS_REVISION) >> 8;
	ret->has_revision = config.n > PCI_CLASS_REVISION;
	ret->revision = byte_at(config, PCI_CLASS_REVISION);
	if ((byte_at(config, PCI_HEADER_TYPE) & 0x7f) ==
	    PCI_HEADER_TYPE_NORMAL) {
		ret->subsystem_vendor = word_at(config,
		    PCI_SUBSYSTEM_VENDOR_ID);
		ret->subsystem_device = word_at(config, PCI_SUBSYSTEM_ID);
	}
	ret->tee = shows_tee(config);
	read_msix(config, ret);
	read_serial(config, ret);
}

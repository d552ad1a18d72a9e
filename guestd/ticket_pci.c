/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/jsonchar.h"
#include "ticket_words.h"

#define MAX_MSIX	2048	/* PCI: a field of eleven bits, and one */

/* -- kinds of values -- */

bool
da_ticket_read_tri(struct da_form *f, const struct da_json *v, uint8_t *ret)
{
	bool b;

	*ret = DA_TRI_UNKNOWN;
	if (da_form_is_null(v))
		return true;
	if (!da_form_bool(f, v, &b))
		return false;
	*ret = b ? DA_TRI_TRUE : DA_TRI_FALSE;
	return true;
}

/* "0x" and 1 to `digits` hex digits. */
static bool
read_0x(struct da_form *f, const struct da_json *v, size_t digits,
    uint64_t *ret)
{
	struct da_slice text, head, number;

	if (!da_form_text(f, v, &text))
		return false;
	if (!da_slice_cut(text, 0, 2, &head) ||
	    !da_slice_eq(head, da_slice_str("0x")) ||
	    !da_slice_cut(text, 2, text.n - 2, &number) ||
	    !da_hex_number(number, 1, digits, ret))
		return da_form_refuse_value(f, v,
		    "not a number like \"0x1000\"");
	return true;
}

static bool
read_id(struct da_form *f, const struct da_json *v, uint16_t *ret)
{
	uint64_t number = 0;
	bool ok = da_form_hex(f, v, 4, &number);

	*ret = (uint16_t)number;
	return ok;
}

static bool
read_bar_index(struct da_form *f, const struct da_json *v, uint8_t *ret)
{
	int64_t number = 0;
	bool ok = da_form_int(f, v, 0, DA_MAX_BARS - 1, &number);

	*ret = (uint8_t)number;
	return ok;
}

/* -- ids -- */

static bool
vendor(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return read_id(f, v, &pci->vendor);
}

static bool
device(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return read_id(f, v, &pci->device);
}

static bool
class_code(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;
	uint64_t number = 0;
	bool ok = da_form_hex(f, v, 6, &number);

	pci->class_code = (uint32_t)number;
	return ok;
}

/* "10de:16c1" */
static bool
subsystem(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;
	uint64_t of_vendor = 0, of_device = 0;
	struct da_slice text;
	struct da_cur c;

	if (!da_form_text(f, v, &text))
		return false;
	c = da_cur_of(text);
	if (!da_hex_number(da_take(&c, 4), 4, 4, &of_vendor) ||
	    da_u8(&c) != ':' ||
	    !da_hex_number(da_take(&c, 4), 4, 4, &of_device) ||
	    !da_all_read(&c))
		return da_form_refuse_value(f, v, "not ids like \"10de:16c1\"");
	pci->subsystem_vendor = (uint16_t)of_vendor;
	pci->subsystem_device = (uint16_t)of_device;
	return true;
}

static bool
revision(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;
	uint64_t number = 0;

	if (da_form_is_null(v))
		return true;
	if (!da_form_hex(f, v, 2, &number))
		return false;
	pci->has_revision = 1;
	pci->revision = (uint8_t)number;
	return true;
}

/* The Device Serial Number capability, whose lower half stands last. */
static bool
serial(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	if (da_form_is_null(v))
		return true;
	pci->has_serial = 1;
	return da_form_hex(f, v, 16, &pci->serial);
}

static bool
tee(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return da_ticket_read_tri(f, v, &pci->tee);
}

/* -- BARs -- */

struct bar {
	uint8_t index;
	struct da_bar bar;
};

static bool
bar_index(struct da_form *f, const struct da_json *v, void *into)
{
	struct bar *b = into;

	return read_bar_index(f, v, &b->index);
}

static bool
bar_address(struct da_form *f, const struct da_json *v, void *into)
{
	struct bar *b = into;

	return read_0x(f, v, 16, &b->bar.address);
}

static bool
bar_size(struct da_form *f, const struct da_json *v, void *into)
{
	struct bar *b = into;

	if (!read_0x(f, v, 16, &b->bar.size))
		return false;
	return b->bar.size != 0 ||
	    da_form_refuse_value(f, v, "a BAR without a size");
}

static const struct da_form_field bar_fields[] = {
	{ "index", DA_MUST, bar_index },
	{ "address", DA_MUST, bar_address },
	{ "size", DA_MUST, bar_size },
};

static bool
read_bar(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;
	struct bar b = { 0, { 0, 0 } };

	if (!da_form_object(f, v, bar_fields, COUNT(bar_fields), &b))
		return false;
	if (pci->bar[b.index].size != 0)
		return da_form_refuse_value(f, v, "a BAR stands twice");
	pci->bar[b.index] = b.bar;
	return true;
}

static bool
bars(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_any_list(f, v, DA_MAX_BARS, read_bar, into);
}

/* -- MSI-X -- */

static bool
msix_bir(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	if (!read_bar_index(f, v, &pci->msix_bir))
		return false;
	/* The pending bits are in the same BAR, unless "pba-bir" says else. */
	pci->msix_pba_bir = pci->msix_bir;
	return true;
}

static bool
msix_pba_bir(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return read_bar_index(f, v, &pci->msix_pba_bir);
}

static bool
read_offset(struct da_form *f, const struct da_json *v, uint32_t *ret)
{
	uint64_t number = 0;
	bool ok = read_0x(f, v, 8, &number);

	*ret = (uint32_t)number;
	return ok;
}

static bool
msix_table(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return read_offset(f, v, &pci->msix_table);
}

static bool
msix_pba(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	return read_offset(f, v, &pci->msix_pba);
}

static bool
msix_entries(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;
	int64_t number = 0;
	bool ok = da_form_int(f, v, 1, MAX_MSIX, &number);

	pci->msix_entries = (uint16_t)number;
	return ok;
}

static const struct da_form_field msix_fields[] = {
	{ "bir", DA_MUST, msix_bir },
	{ "pba-bir", DA_MAY, msix_pba_bir },	/* behind "bir" */
	{ "table", DA_MUST, msix_table },
	{ "pba", DA_MUST, msix_pba },
	{ "entries", DA_MUST, msix_entries },
};

static bool
msix(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_pci *pci = into;

	if (da_form_is_null(v))
		return true;
	pci->msix = 1;
	return da_form_object(f, v, msix_fields, COUNT(msix_fields), pci);
}

static const struct da_form_field pci_fields[] = {
	{ "vendor", DA_MAY, vendor },
	{ "device", DA_MAY, device },
	{ "class", DA_MAY, class_code },
	{ "subsystem", DA_MAY, subsystem },
	{ "revision", DA_MAY, revision },
	{ "serial", DA_MAY, serial },
	{ "tee", DA_MAY, tee },
	{ "bars", DA_MAY, bars },
	{ "msix", DA_MAY, msix },
};

bool
da_ticket_read_pci(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return da_form_object(f, v, pci_fields, COUNT(pci_fields),
	    &ticket->pci);
}

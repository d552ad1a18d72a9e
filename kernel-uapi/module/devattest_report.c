// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strict parser.  Other readers of this structure were found to scale a
 * range twice, to multiply 32-bit page counts, to skip reserved bits and to
 * ignore what follows the ranges: here every size is a u64, nothing is folded
 * back into a BAR, and every byte of the report is accounted for.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"
#include "devattest_report.h"

#define REPORT_PAGE		4096ULL

/* DEVICE_INTERFACE_REPORT */
#define REPORT_INFO		0	/* u16 */
#define REPORT_RESERVED		2	/* u16 */
#define REPORT_COUNT		12	/* u32 */
#define REPORT_RANGES		16
#define REPORT_INFO_KNOWN	0x001f

/* One range */
#define RANGE_SIZE		16
#define RANGE_FIRST_PAGE	0	/* u64 */
#define RANGE_PAGES		8	/* u32 */
#define RANGE_ATTRIBUTES	12	/* u16 */
#define RANGE_ID		14	/* u16: the BAR */
#define RANGE_MSIX_TABLE	0x0001
#define RANGE_MSIX_PBA		0x0002
#define RANGE_NON_TEE		0x0004
#define RANGE_KNOWN		0x000f

#define SPECIFIC_LENGTH		4	/* u32 in front of the device's own */

struct raw_range {
	u64 first_page;
	u32 pages;
	u16 attributes;
	u16 id;
};

/* A walk over the ranges; the cursor of everything that has a memory. */
struct walk {
	const struct devattest_bars *bars;
	u64 unit;		/* bytes that one step of first_page counts */
	u8 base;
	u32 index;
	u16 id;			/* of the range before; none yet: index 0 */
	u64 start;		/* what the ranges of this BAR count from */
	u64 end;		/* behind the last one, bytes into the BAR */
	char *why;
};

static int report_refuse(char *why, const char *text)
{
	strscpy(why, text, DEVATTEST_WHY);
	return -EINVAL;
}

static int range_refuse(const struct walk *w, const char *text)
{
	snprintf(w->why, DEVATTEST_WHY, "range %u: %s", w->index, text);
	return -EINVAL;
}

/* report_lengths() has seen that range i is inside the report. */
static struct raw_range range_at(const u8 *raw, u32 i)
{
	const u8 *p = raw + REPORT_RANGES + (size_t)i * RANGE_SIZE;

	return (struct raw_range) {
		.first_page = get_unaligned_le64(p + RANGE_FIRST_PAGE),
		.pages = get_unaligned_le32(p + RANGE_PAGES),
		.attributes = get_unaligned_le16(p + RANGE_ATTRIBUTES),
		.id = get_unaligned_le16(p + RANGE_ID),
	};
}

/* Counts and lengths; after this no offset needs a second look. */
static int report_lengths(const u8 *raw, size_t size, u32 *ret_n, char *why)
{
	size_t left, specific;
	u32 n;

	if (size > DEVATTEST_REPORT_MAX)
		return report_refuse(why, "longer than 65535 bytes");
	if (size < REPORT_RANGES + SPECIFIC_LENGTH)
		return report_refuse(why, "ends inside a field");
	left = size - REPORT_RANGES - SPECIFIC_LENGTH;
	n = get_unaligned_le32(raw + REPORT_COUNT);
	if (n > left / RANGE_SIZE)
		return report_refuse(why, "more ranges than bytes for them");
	if (n > DEVATTEST_RANGES_MAX)
		return report_refuse(why, "more than 256 ranges");
	left -= (size_t)n * RANGE_SIZE;
	specific = get_unaligned_le32(raw + REPORT_RANGES +
				      (size_t)n * RANGE_SIZE);
	if (specific > left)
		return report_refuse(why, "device-specific part ends early");
	if (specific < left)
		return report_refuse(why, "bytes are left over at the end");
	*ret_n = n;
	return 0;
}

static int report_head(const u8 *raw, char *why)
{
	if (get_unaligned_le16(raw + REPORT_INFO) & ~REPORT_INFO_KNOWN)
		return report_refuse(why, "a reserved bit of INTERFACE_INFO");
	if (get_unaligned_le16(raw + REPORT_RESERVED))
		return report_refuse(why, "a reserved field is set");
	return 0;
}

/* The start as a byte address of the report's address space. */
static int range_address(const struct walk *w, const struct raw_range *r,
			 u64 *ret)
{
	u64 size = r->pages * REPORT_PAGE;
	u64 address, end;

	if (r->attributes & ~RANGE_KNOWN)
		return range_refuse(w, "a reserved attribute is set");
	if (!r->pages)
		return range_refuse(w, "has no pages");
	if (check_mul_overflow(r->first_page, w->unit, &address) ||
	    check_add_overflow(address, size, &end))
		return range_refuse(w, "wraps the address space");
	if (address % REPORT_PAGE)
		return range_refuse(w, "does not begin at a page");
	*ret = address;
	return 0;
}

/* What is byte 0 of the BAR, in the report's addresses, by its first range. */
static u64 bar_start(const struct walk *w, u16 id, u64 address)
{
	const struct devattest_bar *bar = &w->bars->bar[id];
	u64 rest;

	switch (w->base) {
	case DEVATTEST_BASE_RELATIVE:
		return address;
	case DEVATTEST_BASE_ALIGNED:
		div64_u64_rem(address, bar->size, &rest);
		return address - rest;
	default:
		return bar->address;
	}
}

/* Ids ascend; the first range of a BAR says where the BAR is. */
static int range_bar(struct walk *w, const struct raw_range *r, u64 address)
{
	if (w->index && r->id < w->id)
		return range_refuse(w, "its BAR is below the one before");
	if (r->id >= DEVATTEST_BARS || !w->bars->bar[r->id].size)
		return range_refuse(w, "names no memory BAR");
	if (!w->index || r->id != w->id) {
		w->id = r->id;
		w->start = bar_start(w, r->id, address);
		w->end = 0;
	}
	return 0;
}

static int range_offset(struct walk *w, u64 address, u64 size, u64 *ret)
{
	u64 bar_size = w->bars->bar[w->id].size;
	u64 offset;

	if (address < w->start)
		return range_refuse(w, "leaves its BAR");
	offset = address - w->start;
	if (offset % REPORT_PAGE)
		return range_refuse(w, "does not begin at a page");
	if (offset > bar_size || size > bar_size - offset)
		return range_refuse(w, "leaves its BAR");
	if (offset < w->end)
		return range_refuse(w, "overlaps or precedes the one before");
	w->end = offset + size;
	*ret = offset;
	return 0;
}

static bool range_covers(const struct devattest_range *r, u64 at, u64 size)
{
	return r->offset <= at && r->size >= size &&
	       at - r->offset <= r->size - size;
}

static bool range_has_table(const struct devattest_bars *bars,
			    const struct devattest_range *r)
{
	return r->bar == bars->msix_bir &&
	       range_covers(r, bars->msix_table, bars->msix_entries * 16ULL);
}

/* The pending bits, which may be in another BAR. */
static bool range_has_pba(const struct devattest_bars *bars,
			  const struct devattest_range *r)
{
	u64 size = (bars->msix_entries + 63ULL) / 64 * 8;

	return r->bar == bars->msix_pba_bir &&
	       range_covers(r, bars->msix_pba, size);
}

/*
 * A mark is allowed only where the table or its pending bits are, and only where
 * they were locked.  No mark is fine: what is not locked is absent.
 */
static int range_msix(const struct walk *w, const struct devattest_range *r)
{
	bool table = r->attributes & RANGE_MSIX_TABLE;
	bool pba = r->attributes & RANGE_MSIX_PBA;

	if (!table && !pba)
		return 0;
	if (!w->bars->msix || w->bars->msix_unlocked ||
	    (table && !range_has_table(w->bars, r)) ||
	    (pba && !range_has_pba(w->bars, r)))
		return range_refuse(w, "MSI-X is elsewhere, or not locked");
	return 0;
}

static int range_fit(struct walk *w, const struct raw_range *raw,
		     struct devattest_range *ret)
{
	u64 address;
	int err;

	err = range_address(w, raw, &address);
	if (err)
		return err;
	err = range_bar(w, raw, address);
	if (err)
		return err;
	ret->size = raw->pages * REPORT_PAGE;
	err = range_offset(w, address, ret->size, &ret->offset);
	if (err)
		return err;
	ret->reported = raw->first_page;
	ret->index = w->index;
	ret->range_id = raw->id;
	ret->bar = raw->id;
	ret->attributes = raw->attributes;
	ret->kind = raw->attributes & RANGE_NON_TEE ? DEVATTEST_KIND_SHARED :
						      DEVATTEST_KIND_PRIVATE;
	return range_msix(w, ret);
}

/* A guess at how the platform counts could make a shared page private. */
static int walk_begin(struct walk *w, u8 page_unit, u8 bar_base)
{
	switch (page_unit) {
	case DEVATTEST_UNIT_PAGE:
		w->unit = REPORT_PAGE;
		break;
	case DEVATTEST_UNIT_BYTE:
		w->unit = 1;
		break;
	default:
		return report_refuse(w->why, "page unit is not known");
	}
	switch (bar_base) {
	case DEVATTEST_BASE_RELATIVE:
	case DEVATTEST_BASE_ALIGNED:
	case DEVATTEST_BASE_ZERO:
		w->base = bar_base;
		return 0;
	default:
		return report_refuse(w->why, "BAR base is not known");
	}
}

int devattest_report_fit(const u8 *raw, size_t size,
			 const struct devattest_bars *bars, u8 page_unit,
			 u8 bar_base, struct devattest_map_plan **ret,
			 char why[DEVATTEST_WHY])
{
	struct walk w = { .bars = bars, .why = why };
	struct devattest_map_plan *plan;
	struct raw_range range;
	u32 n = 0;
	int err;

	*ret = NULL;
	why[0] = '\0';
	err = walk_begin(&w, page_unit, bar_base);
	if (!err)
		err = report_lengths(raw, size, &n, why);
	if (!err)
		err = report_head(raw, why);
	if (err)
		return err;

	plan = kzalloc(struct_size(plan, range, n), GFP_KERNEL_ACCOUNT);
	if (!plan)
		return -ENOMEM;
	plan->n = n;
	for (; w.index < n; w.index++) {
		range = range_at(raw, w.index);
		err = range_fit(&w, &range, &plan->range[w.index]);
		if (err) {
			kfree(plan);
			return err;
		}
	}
	*ret = plan;
	return 0;
}
EXPORT_SYMBOL_GPL(devattest_report_fit);

void devattest_plan_free(struct devattest_map_plan *plan)
{
	kfree(plan);
}
EXPORT_SYMBOL_GPL(devattest_plan_free);

static bool range_equal(const struct devattest_range *a,
			const struct devattest_range *b)
{
	return a->offset == b->offset && a->size == b->size &&
	       a->reported == b->reported && a->index == b->index &&
	       a->range_id == b->range_id && a->bar == b->bar &&
	       a->kind == b->kind && a->attributes == b->attributes;
}

bool devattest_plan_equal(const struct devattest_map_plan *a,
			  const struct devattest_map_plan *b)
{
	u32 i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (!range_equal(&a->range[i], &b->range[i]))
			return false;
	return true;
}
EXPORT_SYMBOL_GPL(devattest_plan_equal);

static void bars_msix(struct pci_dev *pdev, struct devattest_bars *ret)
{
	u32 table, pba;
	u16 control;

	if (!pdev->msix_cap ||
	    pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS,
				 &control) ||
	    pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_TABLE,
				  &table) ||
	    pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_PBA, &pba))
		return;
	ret->msix = true;
	ret->msix_entries = (control & PCI_MSIX_FLAGS_QSIZE) + 1;
	ret->msix_bir = table & PCI_MSIX_TABLE_BIR;
	ret->msix_table = table & PCI_MSIX_TABLE_OFFSET;
	ret->msix_pba_bir = pba & PCI_MSIX_PBA_BIR;
	ret->msix_pba = pba & PCI_MSIX_PBA_OFFSET;
}

void devattest_bars_of(struct pci_dev *pdev, const struct tsm_info *info,
		       struct devattest_bars *ret)
{
	unsigned long flags;
	int i;

	memset(ret, 0, sizeof(*ret));
	for (i = 0; i < DEVATTEST_BARS; i++) {
		flags = pci_resource_flags(pdev, i);
		if (!(flags & IORESOURCE_MEM) || (flags & IORESOURCE_UNSET))
			continue;
		ret->bar[i].address = pci_resource_start(pdev, i);
		ret->bar[i].size = pci_resource_len(pdev, i);
	}
	bars_msix(pdev, ret);
	ret->msix_unlocked = info && (info->lock_flags_known & TSM_LOCK_MSIX) &&
			     !(info->lock_flags & TSM_LOCK_MSIX);
}
EXPORT_SYMBOL_GPL(devattest_bars_of);

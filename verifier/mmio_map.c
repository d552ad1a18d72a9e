/* SPDX-License-Identifier: Apache-2.0 */
#include "mmio_map.h"

#define PAGE_SIZE	UINT64_C(4096)

#define MSIX_ENTRY	16u	/* bytes of a table entry */
#define PBA_WORD	8u	/* bytes that hold the pending bits of 64 */

/* A walk over the report's ranges in one set of BARs. */
struct walk {
	const struct da_ticket *ticket;
	size_t at;		/* the range's offset in the report */
	uint16_t id;		/* of the range before; none yet: n is 0 */
	uint64_t bar_base;	/* what the ranges of this id are counted from */
	uint64_t bar_end;	/* offset behind the last range of this id */
	struct da_map map;
	struct da_fault fault;
};

static bool
refuse(struct walk *w, enum da_why why)
{
	return da_refuse(&w->fault, why, DA_PART_REPORT, w->at);
}

/*
 * The reported start as a byte address.  A page number has no low bits to
 * lose; an address that has some is no start of a page.
 */
static bool
start_address(struct walk *w, const struct da_range *range, uint64_t *ret)
{
	uint64_t unit = w->ticket->page_unit == DA_UNIT_PAGE ? PAGE_SIZE : 1;
	uint64_t size = range->pages * PAGE_SIZE;

	if (size == 0)
		return refuse(w, DA_F_RANGE_EMPTY);
	if (range->first_page > UINT64_MAX / unit ||
	    range->first_page * unit > UINT64_MAX - size)
		return refuse(w, DA_F_RANGE_WRAPS);
	*ret = range->first_page * unit;
	if (*ret % PAGE_SIZE != 0)
		return refuse(w, DA_F_RANGE_UNALIGNED);
	return true;
}

/* Where the BAR begins, in the report's addresses, by its first range. */
static uint64_t
base_of(const struct da_ticket *ticket, uint16_t id, uint64_t address)
{
	const struct da_bar *bar = &ticket->pci.bar[id];

	if (ticket->bar_base == DA_BASE_RELATIVE)
		return address;
	if (ticket->bar_base == DA_BASE_ALIGNED)
		return address - address % bar->size;
	return bar->address;	/* DA_BASE_ZERO */
}

/* Ids ascend; the first range of an id says where its BAR's ranges begin. */
static bool
enter_bar(struct walk *w, const struct da_range *range, uint64_t address)
{
	if (w->map.n > 0 && range->id < w->id)
		return refuse(w, DA_F_RANGE_ORDER);
	if (range->id >= DA_MAX_BARS ||
	    w->ticket->pci.bar[range->id].size == 0)
		return refuse(w, DA_F_RANGE_BAR);
	if (w->map.n == 0 || range->id != w->id) {
		w->id = range->id;
		w->bar_base = base_of(w->ticket, range->id, address);
		w->bar_end = 0;
	}
	return true;
}

/* The later ranges of a BAR are counted from the same place: none folds in. */
static bool
offset_in_bar(struct walk *w, uint64_t address, uint64_t *ret)
{
	if (address < w->bar_base)
		return refuse(w, DA_F_RANGE_OUTSIDE);
	*ret = address - w->bar_base;
	if (*ret % PAGE_SIZE != 0)
		return refuse(w, DA_F_RANGE_UNALIGNED);
	return true;
}

/* Inside its BAR, and behind the range before. */
static bool
fits_bar(struct walk *w, uint64_t offset, uint64_t size)
{
	uint64_t bar_size = w->ticket->pci.bar[w->id].size;

	if (offset > bar_size || size > bar_size - offset)
		return refuse(w, DA_F_RANGE_OUTSIDE);
	if (offset < w->bar_end)
		return refuse(w, DA_F_RANGE_ORDER);
	w->bar_end = offset + size;
	return true;
}

static bool
covers(const struct da_map_range *range, uint64_t at, uint64_t size)
{
	return range->offset <= at && range->size >= size &&
	    at - range->offset <= range->size - size;
}

/* The MSI-X table is in this range, as config space has it. */
static bool
has_table(const struct da_pci *pci, const struct da_map_range *range)
{
	uint64_t size = (uint64_t)pci->msix_entries * MSIX_ENTRY;

	return range->bar == pci->msix_bir &&
	    covers(range, pci->msix_table, size);
}

/* Its pending bits, which may be in another BAR. */
static bool
has_pba(const struct da_pci *pci, const struct da_map_range *range)
{
	uint64_t size = ((uint64_t)pci->msix_entries + 63) / 64 * PBA_WORD;

	return range->bar == pci->msix_pba_bir &&
	    covers(range, pci->msix_pba, size);
}

/*
 * A mark names the place of the table or of its pending bits, and is allowed
 * only where they were locked.  No mark is fine: what is not locked is absent.
 */
static bool
msix_fits(struct walk *w, const struct da_map_range *range)
{
	const struct da_pci *pci = &w->ticket->pci;
	bool table = (range->attributes & DA_RANGE_MSIX_TABLE) != 0;
	bool pba = (range->attributes & DA_RANGE_MSIX_PBA) != 0;

	if (!table && !pba)
		return true;
	if (!pci->msix || w->ticket->lock_flag[DA_LOCK_MSIX] == DA_TRI_FALSE ||
	    (table && !has_table(pci, range)) ||
	    (pba && !has_pba(pci, range)))
		return refuse(w, DA_F_RANGE_MSIX);
	return true;
}

static bool
add_range(struct walk *w, const struct da_range *range)
{
	struct da_map_range r = { .attributes = range->attributes };
	uint64_t address = 0;

	if (!start_address(w, range, &address) ||
	    !enter_bar(w, range, address) ||
	    !offset_in_bar(w, address, &r.offset))
		return false;
	r.size = range->pages * PAGE_SIZE;
	r.bar = (uint8_t)range->id;
	r.kind = (range->attributes & DA_RANGE_NON_TEE) != 0 ?
	    DA_MMIO_SHARED : DA_MMIO_PRIVATE;
	if (!fits_bar(w, r.offset, r.size) || !msix_fits(w, &r))
		return false;
	w->map.range[w->map.n++] = r;
	return true;
}

/* A guess at how the platform counts could make a shared page private. */
static bool
units_are_known(const struct da_ticket *ticket)
{
	return (ticket->page_unit == DA_UNIT_PAGE ||
	    ticket->page_unit == DA_UNIT_BYTE) &&
	    (ticket->bar_base == DA_BASE_RELATIVE ||
	    ticket->bar_base == DA_BASE_ALIGNED ||
	    ticket->bar_base == DA_BASE_ZERO);
}

bool
da_map_fit(struct da_slice raw, const struct da_report *report,
    const struct da_ticket *ticket, struct da_map *ret,
    struct da_fault *reterr)
{
	struct walk w = { .ticket = ticket,
	    .at = da_slice_offset(raw, report->ranges) };
	struct da_range range;

	if (!units_are_known(ticket))
		return da_refuse(reterr, DA_F_RANGE_OUTSIDE, DA_PART_TICKET, 0);
	if (report->n_ranges > DA_MAX_RANGES)
		return da_refuse(reterr, DA_F_REPORT_MANY, DA_PART_REPORT, 12);
	for (uint32_t i = 0; i < report->n_ranges; i++) {
		range = da_report_range(report, i);
		if (!add_range(&w, &range)) {
			*reterr = w.fault;
			return false;
		}
		w.at += DA_RANGE_BYTES;
	}
	*ret = w.map;
	return true;
}

static bool
is_same(const struct da_map_range *a, const struct da_map_range *b)
{
	return a->offset == b->offset && a->size == b->size &&
	    a->bar == b->bar && a->kind == b->kind &&
	    a->attributes == b->attributes;
}

bool
da_map_equal(const struct da_map *a, const struct da_map *b)
{
	if (a->n != b->n || a->n > DA_MAX_RANGES)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!is_same(&a->range[i], &b->range[i]))
			return false;
	return true;
}

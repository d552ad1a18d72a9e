/* SPDX-License-Identifier: Apache-2.0 */
#include "ranges.h"

#include <string.h>

#include "interface.h"
#include "verifier/tdisp_report.h"

#define PAGE_SHIFT	12u
#define PAGE		UINT64_C(4096)
#define EIGHTH(bytes)	((bytes) >> 3)

#define MSIX_ENTRY	16u	/* bytes */
#define PBA_WORD	8u	/* bytes, of 64 entries */

/* What differs from "private throughout": a part that is shared, in eighths. */
static const struct {
	uint16_t vendor, device;
	uint8_t bar, from, to;
} shared_parts[] = {
	{ 0x1234, 0x11e8, 0, 4, 8 },	/* edu */
	{ 0x1af4, 0x1110, 2, 2, 6 },	/* ivshmem */
};

/* Bytes of one BAR, at page boundaries; empty where from == to. */
struct window {
	uint64_t from, to;
	uint16_t attributes;
};

enum { SHARED, TABLE, PBA, WINDOWS };

static struct window
pages_around(uint64_t from, uint64_t size, uint16_t attributes)
{
	struct window w = { from & ~(PAGE - 1),
		(from + size + PAGE - 1) & ~(PAGE - 1), attributes };

	return w;
}

static struct window
shared_window(const struct da_pci *pci, uint8_t bar)
{
	uint64_t eighth = EIGHTH(pci->bar[bar].size);

	for (size_t i = 0; i < sizeof(shared_parts) / sizeof(shared_parts[0]);
	    i++)
		if (shared_parts[i].vendor == pci->vendor &&
		    shared_parts[i].device == pci->device &&
		    shared_parts[i].bar == bar && eighth >= PAGE)
			return (struct window){ shared_parts[i].from * eighth,
				shared_parts[i].to * eighth, DA_RANGE_NON_TEE };
	return (struct window){ 0 };
}

/* Table and pending bits on common pages are one range with both marks. */
static void
join(struct window *a, struct window *b)
{
	if (a->from >= b->to || b->from >= a->to)
		return;
	a->from = b->from = a->from < b->from ? a->from : b->from;
	a->to = b->to = a->to > b->to ? a->to : b->to;
}

static void
windows_of(const struct da_pci *pci, uint8_t bar, struct window w[WINDOWS])
{
	uint64_t n = pci->msix_entries;

	memset(w, 0, WINDOWS * sizeof(*w));
	w[SHARED] = shared_window(pci, bar);
	if (pci->msix == 0)
		return;
	if (pci->msix_bir == bar)
		w[TABLE] = pages_around(pci->msix_table, n * MSIX_ENTRY,
		    DA_RANGE_MSIX_TABLE);
	if (pci->msix_pba_bir == bar)
		w[PBA] = pages_around(pci->msix_pba,
		    (n + 63) / 64 * PBA_WORD, DA_RANGE_MSIX_PBA);
	join(&w[TABLE], &w[PBA]);
}

/* The nearest border of a window behind `at`, or the BAR's end. */
static uint64_t
next_border(const struct window w[WINDOWS], uint64_t at, uint64_t end)
{
	for (size_t i = 0; i < WINDOWS; i++) {
		if (w[i].from > at && w[i].from < end)
			end = w[i].from;
		if (w[i].to > at && w[i].to < end)
			end = w[i].to;
	}
	return end;
}

static uint16_t
attributes_at(const struct window w[WINDOWS], uint64_t at)
{
	uint16_t attributes = 0;

	for (size_t i = 0; i < WINDOWS; i++)
		if (w[i].from <= at && at < w[i].to)
			attributes |= w[i].attributes;
	return attributes;
}

static void
add_bar(const struct da_pci *pci, uint8_t bar, struct emu_ranges *ret)
{
	uint64_t size = pci->bar[bar].size & ~(PAGE - 1), at = 0;
	struct window w[WINDOWS];

	windows_of(pci, bar, w);
	while (at < size && ret->n < EMU_MAX_RANGES) {
		uint64_t end = next_border(w, at, size);

		ret->range[ret->n++] = (struct emu_range){ bar,
			attributes_at(w, at), at,
			(uint32_t)((end - at) >> PAGE_SHIFT) };
		at = end;
	}
}

/* A BAR below a page cannot be reported: its page is not its own. */
void
emu_ranges_of(const struct da_pci *pci, struct emu_ranges *ret)
{
	ret->n = 0;
	for (uint8_t bar = 0; bar < DA_MAX_BARS; bar++)
		add_bar(pci, bar, ret);
}

/*
 * RELATIVE: the BAR's first range, which is at its start here, may have any
 * address; an odd one, so that taking it modulo the BAR's size shows.
 */
uint64_t
emu_reported(const struct da_pci *pci, uint8_t bar_base, uint8_t bar,
    uint64_t offset)
{
	uint64_t size = pci->bar[bar].size, address = pci->bar[bar].address;
	uint64_t moved = size > EMU_REPORTING_OFFSET ? size :
	    EMU_REPORTING_OFFSET;

	if (bar_base == DA_BASE_ALIGNED)
		return (address & ~(size - 1)) + moved + offset;
	if (bar_base == DA_BASE_RELATIVE)
		return address + moved + 5 * PAGE + offset;
	return address + offset;
}

/* -- lies -- */

static const char *const lies[EMU_LIES] = {
	[EMU_HONEST] = "none",
	[EMU_OVERLAP] = "overlap",
	[EMU_LEAVES_BAR] = "leaves-bar",
	[EMU_STRADDLE] = "straddle",
	[EMU_WRAP] = "wrap",
	[EMU_WRAP_ADDRESS] = "wrap-address",
	[EMU_RESERVED] = "reserved",
	[EMU_MSIX_CONTRADICTION] = "msix-contradiction",
	[EMU_OTHER_DEVICE] = "other-device",
	[EMU_ZERO_PAGES] = "zero-pages",
};

enum emu_lie
emu_lie_named(const char *name)
{
	unsigned int i = 0;

	while (i < EMU_LIES && strcmp(lies[i], name) != 0)
		i++;
	return (enum emu_lie)i;
}

const char *
emu_lie_name(enum emu_lie lie)
{
	return lies[lie];
}

/* One range as it goes out. */
struct entry {
	uint64_t start;		/* in the report's unit */
	uint32_t pages;
	uint16_t attributes, id;
};

struct entries {
	uint32_t n;
	struct entry entry[EMU_MAX_RANGES + 1];
};

/* Behind the last one, which ends where its BAR does. */
static void
append_behind(struct entries *e, const struct emu_counting *counting)
{
	struct entry last = e->entry[e->n - 1];

	last.start += counting->page_unit == DA_UNIT_PAGE ? last.pages :
	    last.pages * PAGE;
	last.pages = 1;
	e->entry[e->n++] = last;
}

static void
insert_first_again(struct entries *e)
{
	memmove(&e->entry[1], &e->entry[0], e->n * sizeof(e->entry[0]));
	e->n++;
}

static uint16_t
absent_bar(const struct da_pci *pci)
{
	uint16_t bar = 0;

	while (bar < DA_MAX_BARS && pci->bar[bar].size != 0)
		bar++;
	return bar;
}

static void
tell_lie(const struct da_pci *pci, const struct emu_counting *counting,
    enum emu_lie lie, struct entries *e)
{
	struct entry *first = &e->entry[0], *last = &e->entry[e->n - 1];

	switch (lie) {
	case EMU_OVERLAP:
		insert_first_again(e);
		break;
	case EMU_LEAVES_BAR:
		append_behind(e, counting);
		break;
	case EMU_STRADDLE:
		last->pages++;
		break;
	case EMU_WRAP:
		last->pages += (uint32_t)((UINT64_C(1) << 32) / PAGE);
		break;
	case EMU_WRAP_ADDRESS:
		last->start = counting->page_unit == DA_UNIT_PAGE ?
		    UINT64_MAX / PAGE : UINT64_MAX & ~(PAGE - 1);
		break;
	case EMU_RESERVED:
		first->attributes |= DA_RANGE_KNOWN + 1;
		break;
	case EMU_MSIX_CONTRADICTION:
		first->attributes |= DA_RANGE_MSIX_TABLE;
		break;
	case EMU_OTHER_DEVICE:
		for (uint32_t i = 0; i < e->n; i++)
			e->entry[i].id = absent_bar(pci);
		break;
	case EMU_ZERO_PAGES:
		first->pages = 0;
		break;
	default:
		break;
	}
}

/* -- the report -- */

static struct entries
entries_of(const struct da_pci *pci, const struct emu_counting *counting)
{
	struct emu_ranges ranges;
	struct entries e;

	emu_ranges_of(pci, &ranges);
	e.n = ranges.n;
	for (uint32_t i = 0; i < ranges.n; i++) {
		const struct emu_range *r = &ranges.range[i];
		uint64_t start = emu_reported(pci, counting->bar_base, r->bar,
		    r->offset);

		if (counting->page_unit == DA_UNIT_PAGE)
			start >>= PAGE_SHIFT;
		e.entry[i] = (struct entry){ start, r->pages, r->attributes,
			r->bar };
	}
	return e;
}

void
emu_ranges_report(const struct da_pci *pci,
    const struct emu_counting *counting, enum emu_lie lie,
    struct emu_bytes *ret)
{
	struct entries e = entries_of(pci, counting);

	if (e.n != 0)
		tell_lie(pci, counting, lie, &e);
	ret->n = 0;
	ret->full = false;
	/* No firmware update while locked; DMA without PASID. */
	emu_put_le(ret, 0x0003, 2);
	emu_put_le(ret, 0, 2);
	emu_put_le(ret, pci->msix != 0 ? pci->msix_entries - 1u : 0, 2);
	emu_put_le(ret, 0, 2);			/* LNR control */
	emu_put_le(ret, 0, 4);			/* TPH control */
	emu_put_le(ret, e.n, 4);
	for (uint32_t i = 0; i < e.n; i++) {
		emu_put_le(ret, e.entry[i].start, 8);
		emu_put_le(ret, e.entry[i].pages, 4);
		emu_put_le(ret, e.entry[i].attributes, 2);
		emu_put_le(ret, e.entry[i].id, 2);
	}
	emu_put_le(ret, 8, 4);
	emu_put(ret, "emulated", 8);
}

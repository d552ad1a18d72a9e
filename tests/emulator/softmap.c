/* SPDX-License-Identifier: Apache-2.0 */
#include "softmap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PAGE	UINT64_C(4096)

enum { HEAD = 16, ENTRY = 16, MSIX_ENTRY = 16 };

struct making {
	const struct da_pci *pci;
	struct da_map map;
	char *why;
	size_t size;
};

static bool
wrong(struct making *m, uint32_t range, const char *text)
{
	snprintf(m->why, m->size, "range %u %s", range, text);
	return false;
}

static bool
is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* Both ends in 64 bits, neither of them wrapped. */
static bool
place(struct making *m, uint32_t i, uint64_t first, uint64_t pages,
    struct da_map_range *r)
{
	const struct da_bar *bar = &m->pci->bar[r->bar];

	if (!is_power_of_two(bar->size) || bar->size < PAGE)
		return wrong(m, i, "names a BAR that is not there");
	if (pages == 0)
		return wrong(m, i, "is empty");
	if (first > UINT64_MAX / PAGE || pages > UINT64_MAX / PAGE - first)
		return wrong(m, i, "wraps");
	r->offset = first * PAGE & (bar->size - 1);
	r->size = pages * PAGE;
	if (r->size > bar->size - r->offset)
		return wrong(m, i, "leaves its BAR");
	return true;
}

/* How much of [from, from + n) lies in the range. */
static uint64_t
shared_bytes(const struct da_map_range *r, uint64_t from, uint64_t n)
{
	uint64_t low = from > r->offset ? from : r->offset;
	uint64_t end = r->offset + r->size, high = from + n;

	if (high > end)
		high = end;
	return high > low ? high - low : 0;
}

/* A mark holds all of what it marks; without one, none of it. */
static bool
mark_agrees(const struct making *m, const struct da_map_range *r,
    uint16_t mark, uint64_t from, uint64_t n)
{
	uint64_t here = m->pci->msix != 0 && r->bar == m->pci->msix_bir ?
	    shared_bytes(r, from, n) : 0;

	return (r->attributes & mark) != 0 ? here == n && n != 0 : here == 0;
}

static bool
msix_agrees(struct making *m, uint32_t i, const struct da_map_range *r)
{
	uint64_t n = m->pci->msix_entries;

	if (!mark_agrees(m, r, DA_RANGE_MSIX_TABLE, m->pci->msix_table,
	    n * MSIX_ENTRY) ||
	    !mark_agrees(m, r, DA_RANGE_MSIX_PBA, m->pci->msix_pba,
	    (n + 63) / 64 * 8))
		return wrong(m, i, "contradicts the MSI-X place");
	return true;
}

/* Ids ascend and no byte is named twice, whatever the order within a BAR. */
static bool
is_apart(struct making *m, uint32_t i, const struct da_map_range *r)
{
	for (uint32_t k = 0; k < i; k++) {
		const struct da_map_range *o = &m->map.range[k];

		if (o->bar == r->bar && o->offset < r->offset + r->size &&
		    r->offset < o->offset + o->size)
			return wrong(m, i, "overlaps another");
	}
	if (i > 0 && m->map.range[i - 1].bar > r->bar)
		return wrong(m, i, "is out of order");
	return true;
}

static bool
add_range(struct making *m, struct da_cur *c, uint32_t i)
{
	struct da_map_range r = { 0 };
	uint64_t first = da_le64(c);
	uint32_t pages = da_le32(c);
	uint16_t attributes = da_le16(c);
	uint16_t id = da_le16(c);

	if (attributes > DA_RANGE_KNOWN)
		return wrong(m, i, "has a reserved attribute");
	if (id >= DA_MAX_BARS)
		return wrong(m, i, "names a BAR that is not there");
	r.bar = (uint8_t)id;
	r.attributes = attributes;
	r.kind = (attributes & DA_RANGE_NON_TEE) != 0 ? DA_MMIO_SHARED :
	    DA_MMIO_PRIVATE;
	if (!place(m, i, first, pages, &r) || !msix_agrees(m, i, &r) ||
	    !is_apart(m, i, &r))
		return false;
	m->map.range[i] = r;
	m->map.n = i + 1;
	return true;
}

static int
refuse(struct making *m, const char *text)
{
	snprintf(m->why, m->size, "%s", text);
	return EINVAL;
}

/* MSI-X, LNR and TPH control say nothing about memory and are passed over. */
int
emu_map_make(struct da_slice report, const struct da_pci *pci,
    struct da_map *ret, char *why, size_t size)
{
	struct making m = { .pci = pci, .why = why, .size = size };
	struct da_cur c = da_cur_of(report);
	uint16_t info = da_le16(&c), reserved = da_le16(&c);
	uint32_t n;

	da_take(&c, 8);
	n = da_le32(&c);
	if (c.bad || n > (report.n - HEAD) / ENTRY)
		return refuse(&m, "the report ends too early");
	if (n > DA_MAX_RANGES)
		return refuse(&m, "the report has too many ranges");
	if (info > DA_INFO_KNOWN || reserved != 0)
		return refuse(&m, "a reserved bit of the report is set");
	for (uint32_t i = 0; i < n; i++)
		if (!add_range(&m, &c, i))
			return EINVAL;
	da_take(&c, da_le32(&c));
	if (!da_all_read(&c))
		return refuse(&m, "the report's length is false");
	*ret = m.map;
	return 0;
}

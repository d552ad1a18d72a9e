/* SPDX-License-Identifier: Apache-2.0 */
#include "tdisp_report.h"

#include "caps.h"

#define LENGTH_SIZE	4u	/* of DEVICE_SPECIFIC_INFO_LEN */

/* Offsets inside a range, for faults. */
#define PAGES_AT	8u
#define ATTRIBUTES_AT	12u
#define ID_AT		14u

static bool
refuse(struct da_fault *reterr, enum da_why why, size_t at)
{
	return da_refuse(reterr, why, DA_PART_REPORT, at);
}

/* The ranges: their count is bounded by the bytes before it is multiplied. */
static bool
take_ranges(struct da_cur *c, struct da_report *report,
    struct da_fault *reterr)
{
	size_t at = c->at;

	report->n_ranges = da_le32(c);
	if (da_left(c) < LENGTH_SIZE)
		return refuse(reterr, DA_F_SHORT, c->at);
	if (report->n_ranges > (da_left(c) - LENGTH_SIZE) / DA_RANGE_BYTES)
		return refuse(reterr, DA_F_REPORT_COUNT, at);
	if (report->n_ranges > DA_MAX_RANGES)
		return refuse(reterr, DA_F_REPORT_MANY, at);
	report->ranges = da_take(c,
	    (size_t)report->n_ranges * DA_RANGE_BYTES);
	return true;
}

bool
da_report_parse(struct da_slice raw, struct da_report *ret,
    struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(raw);
	struct da_report report;

	if (raw.n == 0)
		return refuse(reterr, DA_F_EMPTY, 0);
	if (raw.n > DA_MAX_REPORT)
		return refuse(reterr, DA_F_TOO_LONG, DA_MAX_REPORT);
	report.info = da_le16(&c);
	da_le16(&c);
	report.msix_control = da_le16(&c);
	report.lnr_control = da_le16(&c);
	report.tph_control = da_le32(&c);
	if (!take_ranges(&c, &report, reterr))
		return false;
	report.device_specific = da_take(&c, da_le32(&c));
	if (!da_all_read(&c))
		return da_refuse_end(reterr, &c, DA_PART_REPORT);
	*ret = report;
	return true;
}

struct da_range
da_report_range(const struct da_report *report, uint32_t i)
{
	struct da_range range = { 0 };
	struct da_slice bytes;
	struct da_cur c;

	if (!da_slice_cut(report->ranges, (size_t)i * DA_RANGE_BYTES,
	    DA_RANGE_BYTES, &bytes))
		return range;
	c = da_cur_of(bytes);
	range.first_page = da_le64(&c);
	range.pages = da_le32(&c);
	range.attributes = da_le16(&c);
	range.id = da_le16(&c);
	return range;
}

static bool
reserved_is_zero(struct da_slice raw, const struct da_report *report,
    struct da_fault *reterr)
{
	struct da_slice field;

	if ((report->info & ~DA_INFO_KNOWN) != 0)
		return refuse(reterr, DA_F_REPORT_RESERVED, 0);
	if (!da_slice_cut(raw, 2, 2, &field) || !da_slice_is_zero(field))
		return refuse(reterr, DA_F_REPORT_RESERVED, 2);
	return true;
}

/* What needs no neighbour; `at` is the range's offset. */
static bool
range_holds(const struct da_range *range, size_t at, struct da_fault *reterr)
{
	if ((range->attributes & ~DA_RANGE_KNOWN) != 0)
		return refuse(reterr, DA_F_REPORT_RESERVED,
		    at + ATTRIBUTES_AT);
	if (range->pages == 0)
		return refuse(reterr, DA_F_RANGE_EMPTY, at + PAGES_AT);
	if (range->first_page > UINT64_MAX - range->pages)
		return refuse(reterr, DA_F_RANGE_WRAPS, at);
	return true;
}

/*
 * Ids ascend, and so do the ranges of one id.  Read as page numbers, the laxer
 * of the two page units; the map holds them to the platform's own.
 */
static bool
range_follows(const struct da_range *before, const struct da_range *range,
    size_t at, struct da_fault *reterr)
{
	if (range->id < before->id)
		return refuse(reterr, DA_F_RANGE_ORDER, at + ID_AT);
	if (range->id == before->id &&
	    range->first_page < before->first_page + before->pages)
		return refuse(reterr, DA_F_RANGE_ORDER, at);
	return true;
}

bool
da_report_shape(struct da_slice raw, const struct da_report *report,
    struct da_fault *reterr)
{
	size_t at = da_slice_offset(raw, report->ranges);
	struct da_range before, range;

	if (!reserved_is_zero(raw, report, reterr))
		return false;
	for (uint32_t i = 0; i < report->n_ranges; i++) {
		range = da_report_range(report, i);
		if (!range_holds(&range, at, reterr))
			return false;
		if (i > 0 && !range_follows(&before, &range, at, reterr))
			return false;
		before = range;
		at += DA_RANGE_BYTES;
	}
	return true;
}

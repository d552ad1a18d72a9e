/* SPDX-License-Identifier: Apache-2.0 */
/* The interface report: lengths, counts, and what needs no BAR. */
#include "build_report.h"
#include "verifier/caps.h"

static struct da_report report;
static struct da_fault fault;

static const struct da_range three[] = {
	{ 0x100, 4, 0, 0 },
	{ 0x104, 1, DA_RANGE_MSIX_TABLE | DA_RANGE_MSIX_PBA, 0 },
	{ 0x80, 16, DA_RANGE_NON_TEE | DA_RANGE_UPDATABLE, 2 },
};

static bool
parse(const struct buf *b)
{
	return da_report_parse(exact(buf_slice(b), b->n), &report, &fault);
}

static void
refused(struct buf b, size_t at, uint64_t v, size_t n, enum da_why why)
{
	set_le(&b, at, v, n);
	ck_assert(!parse(&b));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_REPORT);
}

static bool
shape(const struct buf *b)
{
	struct da_slice raw = exact(buf_slice(b), b->n);

	ck_assert(da_report_parse(raw, &report, &fault));
	return da_report_shape(raw, &report, &fault);
}

static void
misshapen(const struct da_range *ranges, uint32_t n, enum da_why why,
    size_t at)
{
	struct buf b = build_report(ranges, n);

	ck_assert(!shape(&b));
	ck_fault(fault, why);
	ck_assert_uint_eq(fault.offset, at);
	ck_assert_int_eq(fault.part, DA_PART_REPORT);
}

START_TEST(fields)
{
	struct buf b = build_report(three, 3);
	struct da_range r;

	ck_assert(parse(&b));
	ck_assert_uint_eq(report.info, 5);
	ck_assert_uint_eq(report.msix_control, 0x8003);
	ck_assert_uint_eq(report.lnr_control, 0x22);
	ck_assert_uint_eq(report.tph_control, 0x33445566);
	ck_assert_uint_eq(report.n_ranges, 3);
	ck_assert_uint_eq(report.device_specific.n, 8);
	ck_assert_uint_eq(report.device_specific.p[7], 0xdd);
	for (uint32_t i = 0; i < 3; i++) {
		r = da_report_range(&report, i);
		ck_assert_uint_eq(r.first_page, three[i].first_page);
		ck_assert_uint_eq(r.pages, three[i].pages);
		ck_assert_uint_eq(r.attributes, three[i].attributes);
		ck_assert_uint_eq(r.id, three[i].id);
	}
	r = da_report_range(&report, 3);
	ck_assert_uint_eq(r.pages, 0);
	r = da_report_range(&report, UINT32_MAX);
	ck_assert_uint_eq(r.pages, 0);
	ck_assert(shape(&b));
}
END_TEST

START_TEST(smallest_and_largest)
{
	struct buf b = { 0 };

	put_fill(&b, 0, 20);
	ck_assert(parse(&b));
	ck_assert(shape(&b));
	ck_assert_uint_eq(report.n_ranges, 0);
	ck_assert_uint_eq(report.device_specific.n, 0);
	put_fill(&b, 0, DA_MAX_REPORT - 20);
	set_le(&b, 16, DA_MAX_REPORT - 20, 4);
	ck_assert(parse(&b));
	put8(&b, 0);
	refused(b, 16, DA_MAX_REPORT - 19, 4, DA_F_TOO_LONG);
}
END_TEST

START_TEST(every_prefix_is_malformed)
{
	struct buf b = build_report(three, 3);

	for (size_t n = 0; n < b.n; n++) {
		ck_assert(!da_report_parse(prefix(buf_slice(&b), n), &report,
		    &fault));
		/* From the count on, it says more than the bytes hold. */
		ck_fault(fault, n == 0 ? DA_F_EMPTY :
		    n >= 20 && n < 16 + 48 + 4 ? DA_F_REPORT_COUNT :
		    DA_F_SHORT);
		ck_assert_uint_le(fault.offset, n);
	}
}
END_TEST

START_TEST(exact_length)
{
	struct buf b = build_report(three, 3);
	size_t at = RANGES_AT + 48;

	refused(buf_copy(buf_slice(&b)), at, 7, 4, DA_F_TRAILING);
	refused(buf_copy(buf_slice(&b)), at, 0, 4, DA_F_TRAILING);
	refused(buf_copy(buf_slice(&b)), at, 9, 4, DA_F_SHORT);
	refused(buf_copy(buf_slice(&b)), at, 0xffffffff, 4, DA_F_SHORT);
	put8(&b, 0);
	refused(b, at, 8, 4, DA_F_TRAILING);
}
END_TEST

START_TEST(count_is_bounded)
{
	static const uint32_t counts[] = { 4, 5, 0x10000000, 0x10000003,
	    0x7fffffff, 0xffffffff };
	struct buf b = build_report(three, 3);

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		refused(buf_copy(buf_slice(&b)), 12, counts[i], 4,
		    DA_F_REPORT_COUNT);
		ck_assert_uint_eq(fault.offset, 12);
	}
}
END_TEST

START_TEST(ranges_are_capped)
{
	struct da_range ranges[DA_MAX_RANGES + 1];
	struct buf b;

	for (uint32_t i = 0; i <= DA_MAX_RANGES; i++)
		ranges[i] = (struct da_range){ i, 1, 0, 0 };
	b = build_report(ranges, DA_MAX_RANGES);
	ck_assert(shape(&b));
	b = build_report(ranges, DA_MAX_RANGES + 1);
	refused(b, 12, DA_MAX_RANGES + 1, 4, DA_F_REPORT_MANY);
}
END_TEST

START_TEST(reserved_bits)
{
	for (unsigned int bit = 0; bit < 16; bit++) {
		struct da_range r = { 1, 1, (uint16_t)(1 << bit), 0 };
		struct buf b = build_report(&r, 1);

		ck_assert_int_eq(shape(&b), bit < 4);
		if (bit >= 4)
			misshapen(&r, 1, DA_F_REPORT_RESERVED, 16 + 12);
		r.attributes = 0;
		b = build_report(&r, 1);
		set_le(&b, 0, UINT64_C(1) << bit, 2);
		ck_assert_int_eq(shape(&b), bit < 5);
		b = build_report(&r, 1);
		set_le(&b, 2, UINT64_C(1) << bit, 2);
		ck_assert(!shape(&b));
		ck_fault(fault, DA_F_REPORT_RESERVED);
		ck_assert_uint_eq(fault.offset, 2);
	}
}
END_TEST

START_TEST(empty_range)
{
	const struct da_range r[] = { { 1, 1, 0, 0 }, { 2, 0, 0, 0 } };

	misshapen(r, 2, DA_F_RANGE_EMPTY, 16 + 16 + 8);
}
END_TEST

START_TEST(wrapping_range)
{
	struct da_range r = { UINT64_MAX - 1, 1, 0, 0 };
	struct buf b = build_report(&r, 1);

	ck_assert(shape(&b));
	r.pages = 2;
	misshapen(&r, 1, DA_F_RANGE_WRAPS, 16);
	r.first_page = UINT64_MAX;
	misshapen(&r, 1, DA_F_RANGE_WRAPS, 16);
	/* The count of pages may be large; it is no 32-bit sum. */
	r = (struct da_range){ 0xffffffff, 0xffffffff, 0, 0 };
	b = build_report(&r, 1);
	ck_assert(shape(&b));
}
END_TEST

START_TEST(order_of_ranges)
{
	static const struct da_range ids[] = { { 1, 1, 0, 2 },
	    { 5, 1, 0, 1 } };
	static const struct da_range overlap[] = { { 1, 4, 0, 1 },
	    { 4, 1, 0, 1 } };
	static const struct da_range same[] = { { 1, 4, 0, 1 },
	    { 1, 4, 0, 1 } };
	static const struct da_range falls[] = { { 9, 1, 0, 1 },
	    { 1, 1, 0, 1 } };
	static const struct da_range other_bar[] = { { 9, 1, 0, 1 },
	    { 1, 1, 0, 3 } };
	struct buf b;

	misshapen(ids, 2, DA_F_RANGE_ORDER, 32 + 14);
	misshapen(overlap, 2, DA_F_RANGE_ORDER, 32);
	misshapen(same, 2, DA_F_RANGE_ORDER, 32);
	misshapen(falls, 2, DA_F_RANGE_ORDER, 32);
	b = build_report(other_bar, 2);
	ck_assert(shape(&b));
}
END_TEST

START_TEST(real_one)
{
	struct da_slice raw;
	struct da_range r;

	if (!load("libspdm/tdisp-sample/report.bin", &raw))
		return;
	ck_assert(da_report_parse(raw, &report, &fault));
	ck_assert(da_report_shape(raw, &report, &fault));
	ck_assert_uint_eq(report.info, 3);
	ck_assert_uint_eq(report.n_ranges, 4);
	ck_assert_uint_eq(report.device_specific.n, 16);
	r = da_report_range(&report, 3);
	ck_assert_uint_eq(r.first_page, 0x20000);
	ck_assert_uint_eq(r.pages, 8);
	ck_assert_uint_eq(r.attributes, DA_RANGE_UPDATABLE);
	ck_assert_uint_eq(r.id, 4);
	for (size_t n = 0; n < raw.n; n++)
		ck_assert(!da_report_parse(prefix(raw, n), &report, &fault));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_test(t, fields);
	tcase_add_test(t, smallest_and_largest);
	tcase_add_test(t, every_prefix_is_malformed);
	tcase_add_test(t, exact_length);
	tcase_add_test(t, count_is_bounded);
	tcase_add_test(t, ranges_are_capped);
	tcase_add_test(t, reserved_bits);
	tcase_add_test(t, empty_range);
	tcase_add_test(t, wrapping_range);
	tcase_add_test(t, order_of_ranges);
	tcase_add_test(t, real_one);
	suite_add_tcase(s, t);
	return run_suite(s);
}

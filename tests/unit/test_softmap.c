/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"
#include "tests/emulator/softmap.h"

static struct da_map map;
static char why[120];

static int
make_map(void)
{
	return emu_map_make(emu_slice(&report), &tdi->pci, &map, why,
	    sizeof(why));
}

START_TEST(the_map_of_the_device)
{
	static const struct da_map_range expected[] = {
		{ 0x0000, 0x8000, 0, DA_MMIO_PRIVATE, 0, 0 },
		{ 0x8000, 0x1000, 0, DA_MMIO_PRIVATE, 1, 0 },
		{ 0x9000, 0x1000, 0, DA_MMIO_PRIVATE, 2, 0 },
		{ 0xa000, 0x6000, 0, DA_MMIO_PRIVATE, 0, 0 },
		{ 0x0000, 0x4000, 2, DA_MMIO_PRIVATE, 0, 0 },
		{ 0x4000, 0xc000, 2, DA_MMIO_SHARED, 4, 0 },
	};

	ck_assert_int_eq(make_map(), 0);
	ck_assert_uint_eq(map.n, 6);
	ck_assert_mem_eq(map.range, expected, sizeof(expected));
}
END_TEST

/* Offsets in the report: ranges begin at 16, each 16 bytes. */
enum { PAGE_OF = 0, PAGES_OF = 8, MARKS_OF = 12, ID_OF = 14 };

static const struct {
	size_t at;
	uint8_t value;
	const char *why;
} wrong[] = {
	{ 0, 0x20, "a reserved bit of the report is set" },
	{ 2, 0x01, "a reserved bit of the report is set" },
	{ 12, 5, "the report's length is false" },
	{ 12, 7, "the report ends too early" },
	{ 15, 0x01, "the report ends too early" },
	{ 16 + PAGES_OF, 0, "range 0 is empty" },
	{ 16 + PAGES_OF, 9, "range 0 contradicts the MSI-X place" },
	{ 16 + PAGES_OF + 3, 1, "range 0 leaves its BAR" },
	{ 16 + PAGE_OF + 7, 0x80, "range 0 wraps" },
	{ 16 + MARKS_OF, 0x10, "range 0 has a reserved attribute" },
	{ 16 + MARKS_OF, 0x01, "range 0 contradicts the MSI-X place" },
	{ 32 + MARKS_OF, 0x00, "range 1 contradicts the MSI-X place" },
	{ 48 + MARKS_OF, 0x00, "range 2 contradicts the MSI-X place" },
	{ 16 + ID_OF, 1, "range 0 names a BAR that is not there" },
	{ 16 + ID_OF + 1, 1, "range 0 names a BAR that is not there" },
	{ 64 + PAGE_OF, 0x07, "range 3 contradicts the MSI-X place" },
	{ 64 + PAGE_OF, 0x00, "range 3 overlaps another" },
	{ 80 + ID_OF, 0, "range 4 overlaps another" },
	{ 16 + 6 * 16, 9, "the report's length is false" },
};

START_TEST(reports_that_are_refused)
{
	report.p[wrong[_i].at] = wrong[_i].value;
	ck_assert_int_eq(make_map(), EINVAL);
	ck_assert_str_eq(why, wrong[_i].why);
	ck_assert_uint_eq(map.n, 0);
}
END_TEST

START_TEST(every_prefix_of_a_report)
{
	size_t n = report.n;

	for (report.n = 0; report.n < n; report.n++)
		ck_assert_int_eq(make_map(), EINVAL);
	report.p[report.n++] = 0;
	ck_assert_int_eq(make_map(), EINVAL);
}
END_TEST

static void
put_range(uint32_t n, uint64_t first, uint32_t pages, uint16_t id)
{
	if (n == 0)
		report.n = 16;
	emu_put_le(&report, first, 8);
	emu_put_le(&report, pages, 4);
	emu_put_le(&report, 0, 2);
	emu_put_le(&report, id, 2);
	report.p[12] = (uint8_t)(n + 1);
}

START_TEST(bars_ascend)
{
	put_range(0, 0, 8, 0);
	put_range(1, 0, 8, 2);
	emu_put_le(&report, 0, 4);
	ck_assert_int_eq(make_map(), 0);
	put_range(0, 0, 8, 2);
	put_range(1, 0, 8, 0);
	emu_put_le(&report, 0, 4);
	ck_assert_int_eq(make_map(), EINVAL);
	ck_assert_str_eq(why, "range 1 is out of order");
}
END_TEST

/* The product of pages and page size does not fit 32 bits. */
START_TEST(large_ranges)
{
	tdi->pci.bar[0] = (struct da_bar){ UINT64_C(1) << 40,
		UINT64_C(1) << 40 };
	tdi->pci.msix = 0;
	report.n = 0;
	emu_put_zero(&report, 12);
	emu_put_le(&report, 1, 4);
	emu_put_le(&report, UINT64_C(1) << 28, 8);
	emu_put_le(&report, 0x00100001, 4);
	emu_put_zero(&report, 8);
	ck_assert_int_eq(make_map(), 0);
	ck_assert_uint_eq(map.range[0].size, UINT64_C(0x100001000));
	report.p[16 + PAGES_OF + 3] = 0x10;
	ck_assert_int_eq(make_map(), EINVAL);
	ck_assert_str_eq(why, "range 0 leaves its BAR");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("softmap");
	TCase *t = tcase_create("maps");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, the_map_of_the_device);
	tcase_add_loop_test(t, reports_that_are_refused, 0, sizeof(wrong) /
	    sizeof(wrong[0]));
	tcase_add_test(t, every_prefix_of_a_report);
	tcase_add_test(t, bars_ascend);
	tcase_add_test(t, large_ranges);
	suite_add_tcase(s, t);
	return run_suite(s);
}

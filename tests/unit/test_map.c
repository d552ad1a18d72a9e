/* SPDX-License-Identifier: Apache-2.0 */
/* A report in a ticket's BARs: page units, base rules, MSI-X, refusals. */
#include "build_report.h"
#include "verifier/mmio_map.h"

#define MIB UINT64_C(0x100000)

static struct da_map map;
static struct da_fault fault;

static struct da_ticket
ticket(enum da_page_unit unit, enum da_bar_base base)
{
	struct da_ticket t = { .page_unit = (uint8_t)unit,
	    .bar_base = (uint8_t)base };

	t.pci.bar[0] = (struct da_bar){ 0xf0000000, MIB };
	t.pci.bar[2] = (struct da_bar){ 0x8000000000, 64 * MIB };
	t.pci.msix = 1;
	t.pci.msix_bir = 0;
	t.pci.msix_table = 0x2000;
	t.pci.msix_pba = 0x3000;
	t.pci.msix_entries = 16;
	return t;
}

static bool
fit(const struct da_range *ranges, uint32_t n, const struct da_ticket *t)
{
	struct buf b = build_report(ranges, n);
	struct da_slice raw = exact(buf_slice(&b), b.n);
	struct da_report report;

	ck_assert(da_report_parse(raw, &report, &fault));
	return da_map_fit(raw, &report, t, &map, &fault);
}

static void
refused(const struct da_range *ranges, uint32_t n, const struct da_ticket *t,
    enum da_why why)
{
	ck_assert(!fit(ranges, n, t));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_REPORT);
	ck_assert_uint_eq(fault.offset, RANGES_AT + 16 * (n - 1));
}

static void
is_range(uint32_t i, uint8_t bar, uint64_t offset, uint64_t size,
    enum da_mmio_kind kind)
{
	ck_assert_uint_lt(i, map.n);
	ck_assert_uint_eq(map.range[i].bar, bar);
	ck_assert_uint_eq(map.range[i].offset, offset);
	ck_assert_uint_eq(map.range[i].size, size);
	ck_assert_uint_eq(map.range[i].kind, kind);
	ck_assert_uint_eq(map.range[i].reserved, 0);
}

START_TEST(relative_to_the_first)
{
	static const struct da_range r[] = { { 0x4080010, 2, 0, 0 },
	    { 0x4080012, 1, DA_RANGE_NON_TEE, 0 },
	    { 0x4080020, 1, DA_RANGE_UPDATABLE, 0 },
	    { 0x77, 0x4000, DA_RANGE_NON_TEE | DA_RANGE_UPDATABLE, 2 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	ck_assert(fit(r, 4, &t));
	ck_assert_uint_eq(map.n, 4);
	is_range(0, 0, 0, 0x2000, DA_MMIO_PRIVATE);
	is_range(1, 0, 0x2000, 0x1000, DA_MMIO_SHARED);
	is_range(2, 0, 0x10000, 0x1000, DA_MMIO_PRIVATE);
	is_range(3, 2, 0, 64 * MIB, DA_MMIO_SHARED);
	ck_assert_uint_eq(map.range[2].attributes, DA_RANGE_UPDATABLE);
}
END_TEST

START_TEST(aligned_by_the_bar)
{
	static const struct da_range r[] = { { 0x70003, 2, 0, 0 },
	    { 0x700ff, 1, 0, 0 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);
	struct da_range wraps = { 0x700ff, 2, 0, 0 };
	struct da_range folds[] = { { 0x70003, 2, 0, 0 },
	    { 0x71003, 2, 0, 0 } };

	ck_assert(fit(r, 2, &t));
	is_range(0, 0, 0x3000, 0x2000, DA_MMIO_PRIVATE);
	is_range(1, 0, 0xff000, 0x1000, DA_MMIO_PRIVATE);
	refused(&wraps, 1, &t, DA_F_RANGE_OUTSIDE);
	/* Two addresses, one place in the BAR: the first says where it begins. */
	refused(folds, 2, &t, DA_F_RANGE_OUTSIDE);
	folds[1].first_page += 4;
	refused(folds, 2, &t, DA_F_RANGE_OUTSIDE);
}
END_TEST

START_TEST(less_the_bars_address)
{
	struct da_range r = { 0xf0003000, 2, 0, 0 };
	struct da_ticket t = ticket(DA_UNIT_BYTE, DA_BASE_ZERO);

	ck_assert(fit(&r, 1, &t));
	is_range(0, 0, 0x3000, 0x2000, DA_MMIO_PRIVATE);
	r.first_page = 0xefffe000;
	refused(&r, 1, &t, DA_F_RANGE_OUTSIDE);
	r.first_page = 0xf00ff000;
	refused(&r, 1, &t, DA_F_RANGE_OUTSIDE);
	r.pages = 1;
	ck_assert(fit(&r, 1, &t));
}
END_TEST

START_TEST(units_differ)
{
	/* One start behind the other as pages; overlapping as bytes. */
	static const struct da_range r[] = { { 0x1000, 4, 0, 0 },
	    { 0x2000, 1, 0, 0 } };
	struct da_ticket t = ticket(DA_UNIT_BYTE, DA_BASE_RELATIVE);

	refused(r, 2, &t, DA_F_RANGE_ORDER);
	t.page_unit = DA_UNIT_PAGE;
	refused(r, 2, &t, DA_F_RANGE_OUTSIDE);
	t.pci.bar[0].size = 64 * MIB;
	ck_assert(fit(r, 2, &t));
	is_range(1, 0, 16 * MIB, 0x1000, DA_MMIO_PRIVATE);
}
END_TEST

START_TEST(wraps)
{
	struct da_range r = { UINT64_C(1) << 52, 1, 0, 0 };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);

	refused(&r, 1, &t, DA_F_RANGE_WRAPS);
	r.first_page = (UINT64_C(1) << 52) - 1;
	refused(&r, 1, &t, DA_F_RANGE_WRAPS);
	r.first_page--;
	ck_assert(fit(&r, 1, &t));
	is_range(0, 0, 0xfe000, 0x1000, DA_MMIO_PRIVATE);
	t.page_unit = DA_UNIT_BYTE;
	r.first_page = UINT64_MAX - 0xfff;
	refused(&r, 1, &t, DA_F_RANGE_WRAPS);
}
END_TEST

START_TEST(begins_at_a_page)
{
	struct da_range r = { 0x1001, 1, 0, 0 };
	struct da_ticket t = ticket(DA_UNIT_BYTE, DA_BASE_RELATIVE);

	refused(&r, 1, &t, DA_F_RANGE_UNALIGNED);
	t.page_unit = DA_UNIT_PAGE;
	ck_assert(fit(&r, 1, &t));
	t.bar_base = DA_BASE_ZERO;
	t.pci.bar[0].address = 0x1000800;
	refused(&r, 1, &t, DA_F_RANGE_UNALIGNED);
}
END_TEST

START_TEST(bars_that_are_not_there)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const uint16_t ids[] = { 1, 5, 6, 7, 255, 0xffff };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct da_range r = { 0, 1, 0, ids[i] };

		refused(&r, 1, &t, DA_F_RANGE_BAR);
	}
}
END_TEST

START_TEST(outside)
{
	struct da_range r[] = { { 0x10, 256, 0, 0 }, { 0x200, 1, 0, 0 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	ck_assert(fit(r, 1, &t));
	refused(r, 2, &t, DA_F_RANGE_OUTSIDE);
	r[0].pages = 257;
	refused(r, 1, &t, DA_F_RANGE_OUTSIDE);
	r[0].pages = 0xffffffff;
	refused(r, 1, &t, DA_F_RANGE_OUTSIDE);
	t.pci.bar[0].size = 0x800;
	r[0].pages = 1;
	refused(r, 1, &t, DA_F_RANGE_OUTSIDE);
}
END_TEST

/* The map holds without da_report_shape(), too. */
START_TEST(shape_again)
{
	static const struct da_range empty = { 1, 0, 0, 0 };
	static const struct da_range ids[] = { { 1, 1, 0, 2 }, { 1, 1, 0, 0 } };
	static const struct da_range falls[] = { { 0x11, 1, 0, 0 },
	    { 0x10, 1, 0, 0 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	refused(&empty, 1, &t, DA_F_RANGE_EMPTY);
	refused(ids, 2, &t, DA_F_RANGE_ORDER);
	refused(falls, 2, &t, DA_F_RANGE_OUTSIDE);
	t.bar_base = DA_BASE_ALIGNED;
	refused(falls, 2, &t, DA_F_RANGE_ORDER);
}
END_TEST

static void
msix(const struct da_ticket *t, struct da_range r, bool holds)
{
	if (holds)
		ck_assert(fit(&r, 1, t));
	else
		refused(&r, 1, t, DA_F_RANGE_MSIX);
}

START_TEST(msix_place)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);
	const uint16_t table = DA_RANGE_MSIX_TABLE, pba = DA_RANGE_MSIX_PBA;

	msix(&t, (struct da_range){ 0x02, 1, table, 0 }, true);
	msix(&t, (struct da_range){ 0x03, 1, pba, 0 }, true);
	msix(&t, (struct da_range){ 0x02, 2, table | pba, 0 }, true);
	msix(&t, (struct da_range){ 0x00, 9, table | pba, 0 }, true);
	msix(&t, (struct da_range){ 0x02, 1, table | pba, 0 }, false);
	msix(&t, (struct da_range){ 0x02, 1, pba, 0 }, false);
	msix(&t, (struct da_range){ 0x03, 1, table, 0 }, false);
	msix(&t, (struct da_range){ 0x01, 1, table, 0 }, false);
	msix(&t, (struct da_range){ 0x02, 2, table, 2 }, false);
	t.pci.msix_entries = 256;	/* a page of them */
	msix(&t, (struct da_range){ 0x02, 1, table, 0 }, true);
	/* A table of 257 entries needs a second page; so does its PBA. */
	t.pci.msix_entries = 257;
	msix(&t, (struct da_range){ 0x02, 1, table, 0 }, false);
	msix(&t, (struct da_range){ 0x02, 2, table, 0 }, true);
	t.pci.msix_pba = 0x3fe0;	/* 32 bytes of the page are left */
	msix(&t, (struct da_range){ 0x03, 1, pba, 0 }, false);
	msix(&t, (struct da_range){ 0x03, 2, pba, 0 }, true);
	t.pci.msix_entries = 256;
	msix(&t, (struct da_range){ 0x03, 1, pba, 0 }, true);
}
END_TEST

START_TEST(msix_absent_or_unlocked)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);
	struct da_range marked = { 2, 1, DA_RANGE_MSIX_TABLE, 0 };
	struct da_range plain = { 0, 1, 0, 0 };

	msix(&t, plain, true);
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	msix(&t, marked, true);
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_FALSE;
	msix(&t, marked, false);
	msix(&t, plain, true);
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_UNKNOWN;
	t.pci.msix = 0;
	msix(&t, marked, false);
	msix(&t, plain, true);
}
END_TEST

START_TEST(nothing_is_guessed)
{
	struct da_range r = { 0, 1, 0, 0 };

	for (unsigned int unit = 0; unit < 4; unit++)
		for (unsigned int base = 0; base < 5; base++) {
			struct da_ticket t = ticket(unit, base);
			bool known = (unit == DA_UNIT_PAGE ||
			    unit == DA_UNIT_BYTE) && base >= DA_BASE_RELATIVE &&
			    base <= DA_BASE_ZERO;

			t.pci.bar[0].address = 0;
			ck_assert_int_eq(fit(&r, 1, &t), known);
			if (!known)
				ck_fault(fault, DA_F_RANGE_OUTSIDE);
		}
}
END_TEST

START_TEST(too_many)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	struct da_report report = { .n_ranges = DA_MAX_RANGES + 1 };
	struct da_range ranges[DA_MAX_RANGES];

	for (uint32_t i = 0; i < DA_MAX_RANGES; i++)
		ranges[i] = (struct da_range){ i, 1, 0, 0 };
	ck_assert(fit(ranges, DA_MAX_RANGES, &t));
	ck_assert_uint_eq(map.n, DA_MAX_RANGES);
	ck_assert(!da_map_fit(da_slice_of("", 0), &report, &t, &map,
	    &fault));
	ck_fault(fault, DA_F_REPORT_MANY);
}
END_TEST

START_TEST(equal_maps)
{
	static const struct da_range r[] = { { 0, 2, 0, 0 },
	    { 2, 1, DA_RANGE_NON_TEE, 0 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	struct da_map a, b;

	ck_assert(fit(r, 2, &t));
	a = b = map;
	ck_assert(da_map_equal(&a, &b));
	b.range[5].size = 1;	/* behind the end: says nothing */
	ck_assert(da_map_equal(&a, &b));
	b.n = 1;
	ck_assert(!da_map_equal(&a, &b));
	b = a;
	b.range[1].kind = DA_MMIO_PRIVATE;
	ck_assert(!da_map_equal(&a, &b));
	b = a;
	b.range[1].offset += 0x1000;
	ck_assert(!da_map_equal(&a, &b));
	b = a;
	b.range[0].size -= 0x1000;
	ck_assert(!da_map_equal(&a, &b));
	b = a;
	b.range[0].bar = 2;
	ck_assert(!da_map_equal(&a, &b));
	b = a;
	b.range[0].attributes = DA_RANGE_UPDATABLE;
	ck_assert(!da_map_equal(&a, &b));
	a = b;
	a.n = b.n = DA_MAX_RANGES;
	ck_assert(da_map_equal(&a, &b));
	a.range[DA_MAX_RANGES - 1].size++;
	ck_assert(!da_map_equal(&a, &b));
	a.n = b.n = DA_MAX_RANGES + 1;
	ck_assert(!da_map_equal(&a, &b));
}
END_TEST

START_TEST(real_one)
{
	struct da_ticket t = ticket(DA_UNIT_BYTE, DA_BASE_RELATIVE);
	struct da_report report;
	struct da_slice raw;

	if (!load("libspdm/tdisp-sample/report.bin", &raw))
		return;
	ck_assert(da_report_parse(raw, &report, &fault));
	for (unsigned int i = 1; i <= 4; i++)
		t.pci.bar[i] = (struct da_bar){ 0xe0000000, 0x8000 };
	ck_assert(da_map_fit(raw, &report, &t, &map, &fault));
	ck_assert_uint_eq(map.n, 4);
	is_range(0, 1, 0, 0x1000, DA_MMIO_SHARED);
	is_range(3, 4, 0, 0x8000, DA_MMIO_PRIVATE);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("map");
	TCase *t = tcase_create("map");

	tcase_add_test(t, relative_to_the_first);
	tcase_add_test(t, aligned_by_the_bar);
	tcase_add_test(t, less_the_bars_address);
	tcase_add_test(t, units_differ);
	tcase_add_test(t, wraps);
	tcase_add_test(t, begins_at_a_page);
	tcase_add_test(t, bars_that_are_not_there);
	tcase_add_test(t, outside);
	tcase_add_test(t, shape_again);
	tcase_add_test(t, msix_place);
	tcase_add_test(t, msix_absent_or_unlocked);
	tcase_add_test(t, nothing_is_guessed);
	tcase_add_test(t, too_many);
	tcase_add_test(t, equal_maps);
	tcase_add_test(t, real_one);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of TDISP's interface report, each by its name. */
#include "build_report.h"
#include "verifier/mmio_map.h"

#define KIB UINT64_C(1024)
#define PAGE UINT64_C(4096)

static struct da_report report;
static struct da_map map;
static struct da_fault fault;

/* Two BARs, the MSI-X table in one and its pending bits in the other. */
static struct da_ticket
ticket(enum da_page_unit unit, enum da_bar_base base)
{
	struct da_ticket t = { .page_unit = (uint8_t)unit,
	    .bar_base = (uint8_t)base };

	t.pci.bar[0] = (struct da_bar){ 0xe0000000, 64 * KIB };
	t.pci.bar[2] = (struct da_bar){ 0x200000000000, 64 * KIB };
	t.pci.msix = 1;
	t.pci.msix_bir = 0;
	t.pci.msix_pba_bir = 2;
	t.pci.msix_table = 0x1000;
	t.pci.msix_pba = 0x4000;
	t.pci.msix_entries = 64;
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	return t;
}

/* The three steps that a report goes through; the first "no" ends it. */
static bool
passes(struct da_slice raw, const struct da_ticket *t)
{
	return da_report_parse(raw, &report, &fault) &&
	    da_report_shape(raw, &report, &fault) &&
	    da_map_fit(raw, &report, t, &map, &fault);
}

static bool
fits(const struct da_range *ranges, uint32_t n, const struct da_ticket *t)
{
	struct buf b = build_report(ranges, n);

	return passes(exact(buf_slice(&b), b.n), t);
}

static void
refused(const struct da_range *ranges, uint32_t n, const struct da_ticket *t,
    enum da_why why)
{
	ck_assert(!fits(ranges, n, t));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_REPORT);
}

static void
is_at(uint32_t i, uint8_t bar, uint64_t offset, uint64_t pages)
{
	ck_assert_uint_lt(i, map.n);
	ck_assert_uint_eq(map.range[i].bar, bar);
	ck_assert_uint_eq(map.range[i].offset, offset);
	ck_assert_uint_eq(map.range[i].size, pages * PAGE);
}

/* Bit 2 set is memory that is not the TEE's; clear is private. */
START_TEST(flag_polarity_non_tee_means_shared)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	for (uint16_t bits = 0; bits < 16; bits++) {
		struct da_range r = { 0x10, 16, bits & 0xc, 0 };
		bool shared = (bits & 4) != 0;

		ck_assert(fits(&r, 1, &t));
		ck_assert_uint_eq(map.range[0].kind, shared ? DA_MMIO_SHARED :
		    DA_MMIO_PRIVATE);
	}
}
END_TEST

START_TEST(updatable_range_is_told)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const struct da_range r[] = { { 1, 1, 0, 0 },
	    { 2, 1, DA_RANGE_UPDATABLE, 0 },
	    { 3, 1, DA_RANGE_UPDATABLE | DA_RANGE_NON_TEE, 0 } };

	ck_assert(fits(r, 3, &t));
	ck_assert_uint_eq(map.range[0].attributes, 0);
	ck_assert_uint_eq(map.range[1].attributes, DA_RANGE_UPDATABLE);
	ck_assert_uint_eq(map.range[1].kind, DA_MMIO_PRIVATE);
	ck_assert_uint_eq(map.range[2].kind, DA_MMIO_SHARED);
}
END_TEST

START_TEST(page_unit_page)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const struct da_range r[] = { { 0x345, 2, 0, 0 },
	    { 0x349, 1, 0, 0 } };

	ck_assert(fits(r, 2, &t));
	is_at(0, 0, 0, 2);
	is_at(1, 0, 4 * PAGE, 1);
}
END_TEST

START_TEST(page_unit_byte)
{
	struct da_ticket t = ticket(DA_UNIT_BYTE, DA_BASE_RELATIVE);
	static const struct da_range r[] = { { 0x345000, 2, 0, 0 },
	    { 0x349000, 1, 0, 0 } };
	static const struct da_range crooked = { 0x345001, 1, 0, 0 };

	ck_assert(fits(r, 2, &t));
	is_at(0, 0, 0, 2);
	is_at(1, 0, 4 * PAGE, 1);
	refused(&crooked, 1, &t, DA_F_RANGE_UNALIGNED);
}
END_TEST

START_TEST(base_relative_first_range_begins_the_bar)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const struct da_range r[] = { { 0x77, 1, 0, 0 },
	    { 0x78, 15, 0, 0 }, { 0x9, 16, 0, 2 } };

	ck_assert(fits(r, 3, &t));
	is_at(0, 0, 0, 1);
	is_at(1, 0, PAGE, 15);
	is_at(2, 2, 0, 16);
}
END_TEST

START_TEST(base_aligned_start_modulo_the_bars_size)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);
	static const struct da_range r[] = { { 0x7b3, 1, 0, 0 },
	    { 0x7bf, 1, 0, 0 }, { 0xabc9, 7, 0, 2 } };
	static const struct da_range next[] = { { 0x7b3, 1, 0, 0 },
	    { 0x7c0, 1, 0, 0 } };

	ck_assert(fits(r, 3, &t));
	is_at(0, 0, 3 * PAGE, 1);
	is_at(1, 0, 15 * PAGE, 1);
	is_at(2, 2, 9 * PAGE, 7);
	refused(next, 2, &t, DA_F_RANGE_OUTSIDE);
}
END_TEST

START_TEST(base_zero_start_less_the_bars_address)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ZERO);
	static const struct da_range r[] = { { 0xe0003, 2, 0, 0 },
	    { 0x20000000f, 1, 0, 2 } };
	static const struct da_range below = { 0xdffff, 1, 0, 0 };

	ck_assert(fits(r, 2, &t));
	is_at(0, 0, 3 * PAGE, 2);
	is_at(1, 2, 15 * PAGE, 1);
	refused(&below, 1, &t, DA_F_RANGE_OUTSIDE);
}
END_TEST

/* Of 32 bits each of these would be a small range at the start of its BAR. */
START_TEST(arithmetic_has_64_bits)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const struct da_range large[] = {
		{ 0x10, 0x00100001, 0, 0 }, { 0x10, 0x80000001, 0, 0 },
		{ 0x10, 0xffffffff, 0, 0 },
	};
	static const struct da_range far[] = { { 0x10, 1, 0, 0 },
	    { 0x100011, 1, 0, 0 } };
	static const struct da_range wraps[] = {
		{ UINT64_MAX, 1, 0, 0 },
		{ UINT64_C(0xfffffffffffff), 1, 0, 0 },
		{ UINT64_C(0x10000000000000), 1, 0, 0 },
		{ UINT64_C(0xffffffff00000), 0x100001, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		refused(&large[i], 1, &t, DA_F_RANGE_OUTSIDE);
	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++)
		refused(&wraps[i], 1, &t, DA_F_RANGE_WRAPS);
	refused(far, 2, &t, DA_F_RANGE_OUTSIDE);
	/* And a BAR may be as large. */
	t.pci.bar[0].size = UINT64_C(1) << 44;
	ck_assert(fits(&large[2], 1, &t));
	is_at(0, 0, 0, 0xffffffff);
	ck_assert(fits(far, 2, &t));
	is_at(1, 0, UINT64_C(0x100001) * PAGE, 1);
}
END_TEST

START_TEST(range_fits_its_bar)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	struct da_range r = { 0, 16, 0, 0 };

	ck_assert(fits(&r, 1, &t));
	r.pages = 17;
	refused(&r, 1, &t, DA_F_RANGE_OUTSIDE);
	r.pages = 1;
	for (uint16_t id = 0; id < 300; id++) {
		r.id = id;
		ck_assert_int_eq(fits(&r, 1, &t), id == 0 || id == 2);
		if (id != 0 && id != 2)
			ck_fault(fault, DA_F_RANGE_BAR);
	}
}
END_TEST

START_TEST(ranges_ascend_and_do_not_overlap)
{
	static const struct da_range folds[][2] = {
		{ { 0x10, 2, 0, 0 }, { 0x11, 1, 0, 0 } },
		{ { 0x10, 4, 0, 0 }, { 0x11, 1, DA_RANGE_NON_TEE, 0 } },
		{ { 0x11, 1, 0, 0 }, { 0x10, 4, DA_RANGE_NON_TEE, 0 } },
		{ { 0x10, 1, 0, 0 }, { 0x10, 1, DA_RANGE_NON_TEE, 0 } },
		{ { 0x12, 1, 0, 0 }, { 0x10, 1, 0, 0 } },
		{ { 0x10, 1, 0, 2 }, { 0x12, 1, 0, 0 } },
	};
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
		refused(folds[i], 2, &t, DA_F_RANGE_ORDER);
}
END_TEST

START_TEST(range_is_not_empty)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	static const struct da_range r = { 0x10, 0, 0, 0 };

	refused(&r, 1, &t, DA_F_RANGE_EMPTY);
}
END_TEST

/* PCIe lets the two stand in different BARs. */
START_TEST(msix_table_and_pending_bits_in_two_bars)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);
	static const struct da_range right[] = {
		{ 0x1, 1, DA_RANGE_MSIX_TABLE, 0 },
		{ 0x4, 1, DA_RANGE_MSIX_PBA, 2 } };
	static const struct da_range wrong[] = {
		{ 0x1, 1, DA_RANGE_MSIX_TABLE, 2 },
		{ 0x4, 1, DA_RANGE_MSIX_PBA, 0 },
		{ 0x0, 16, DA_RANGE_MSIX_TABLE | DA_RANGE_MSIX_PBA, 0 },
		{ 0x0, 16, DA_RANGE_MSIX_TABLE | DA_RANGE_MSIX_PBA, 2 },
		{ 0x2, 1, DA_RANGE_MSIX_TABLE, 0 },
		{ 0x5, 1, DA_RANGE_MSIX_PBA, 2 } };

	ck_assert(fits(right, 2, &t));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(&wrong[i], 1, &t, DA_F_RANGE_MSIX);
	t.pci.msix_pba_bir = 0;
	refused(right, 2, &t, DA_F_RANGE_MSIX);
	ck_assert(fits(&wrong[2], 1, &t));
}
END_TEST

START_TEST(msix_marks_only_where_they_were_locked)
{
	static const struct da_range r = { 0x1, 1, DA_RANGE_MSIX_TABLE, 0 };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_ALIGNED);

	ck_assert(fits(&r, 1, &t));
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_FALSE;
	refused(&r, 1, &t, DA_F_RANGE_MSIX);
	/* What the platform does not tell is not "not locked". */
	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_UNKNOWN;
	ck_assert(fits(&r, 1, &t));
	t.pci.msix = 0;
	refused(&r, 1, &t, DA_F_RANGE_MSIX);
}
END_TEST

/* spdm-rs has a fifth attribute, PRS: there is none. */
START_TEST(reserved_bits_are_refused)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);

	for (unsigned int bit = 4; bit < 16; bit++) {
		struct da_range r = { 0x10, 1, (uint16_t)(1u << bit), 0 };
		struct buf b;

		refused(&r, 1, &t, DA_F_REPORT_RESERVED);
		r.attributes = 0;
		b = build_report(&r, 1);
		set_le(&b, 2, 1u << bit, 2);
		ck_assert(!passes(buf_slice(&b), &t));
		ck_fault(fault, DA_F_REPORT_RESERVED);
		if (bit == 4)
			continue;	/* INTERFACE_INFO has five bits */
		b = build_report(&r, 1);
		set_le(&b, 0, 1u << bit, 2);
		ck_assert(!passes(buf_slice(&b), &t));
		ck_fault(fault, DA_F_REPORT_RESERVED);
	}
}
END_TEST

/*
 * LNR is deprecated, and the conditions of the MSI-X and TPH controls are not
 * settled for us: they are told as they stand, and refuse nothing.
 */
START_TEST(controls_are_told)
{
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	struct buf b = build_report(NULL, 0);

	ck_assert(passes(buf_slice(&b), &t));
	ck_assert_uint_eq(report.msix_control, 0x8003);
	ck_assert_uint_eq(report.lnr_control, 0x22);
	ck_assert_uint_eq(report.tph_control, 0x33445566);
	ck_assert_uint_eq(map.n, 0);
}
END_TEST

/* The requester of spdm-emu walks as many ranges as the device says. */
START_TEST(count_is_bound_by_the_bytes)
{
	static const struct da_range r[] = { { 1, 1, 0, 0 }, { 2, 1, 0, 0 } };
	struct da_ticket t = ticket(DA_UNIT_PAGE, DA_BASE_RELATIVE);
	struct buf b = build_report(r, 2);

	for (uint32_t n = 0; n < 64; n++) {
		set_le(&b, 12, n, 4);
		ck_assert_int_eq(passes(exact(buf_slice(&b), b.n), &t),
		    n == 2);
	}
	/* 16 times this is 0 in 32 bits. */
	set_le(&b, 12, 0x10000000, 4);
	ck_assert(!passes(exact(buf_slice(&b), b.n), &t));
	ck_fault(fault, DA_F_REPORT_COUNT);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tdisp");
	TCase *t = tcase_create("tdisp");

	tcase_add_test(t, flag_polarity_non_tee_means_shared);
	tcase_add_test(t, updatable_range_is_told);
	tcase_add_test(t, page_unit_page);
	tcase_add_test(t, page_unit_byte);
	tcase_add_test(t, base_relative_first_range_begins_the_bar);
	tcase_add_test(t, base_aligned_start_modulo_the_bars_size);
	tcase_add_test(t, base_zero_start_less_the_bars_address);
	tcase_add_test(t, arithmetic_has_64_bits);
	tcase_add_test(t, range_fits_its_bar);
	tcase_add_test(t, ranges_ascend_and_do_not_overlap);
	tcase_add_test(t, range_is_not_empty);
	tcase_add_test(t, msix_table_and_pending_bits_in_two_bars);
	tcase_add_test(t, msix_marks_only_where_they_were_locked);
	tcase_add_test(t, reserved_bits_are_refused);
	tcase_add_test(t, controls_are_told);
	tcase_add_test(t, count_is_bound_by_the_bytes);
	suite_add_tcase(s, t);
	return run_suite(s);
}

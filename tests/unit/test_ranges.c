/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that the firmware's device makes of real BARs, before the verifier's
 * own reading: each is accepted in each unit and by each base rule, range by
 * range, and each lie is refused by its name.
 */
#include "guest_channel.h"
#include "verifier/mmio_map.h"

static struct da_map map;
static struct da_fault fault;

static struct da_ticket
ticket(const struct da_pci *pci, const struct emu_counting *counting)
{
	struct da_ticket t = { .page_unit = counting->page_unit,
		.bar_base = counting->bar_base, .pci = *pci };

	t.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	return t;
}

static bool
reads(const struct da_pci *pci, const struct emu_counting *counting,
    enum emu_lie lie)
{
	struct da_ticket t = ticket(pci, counting);
	struct emu_bytes raw;
	struct da_report report;

	emu_ranges_report(pci, counting, lie, &raw);
	ck_assert(!raw.full);
	return da_report_parse(emu_slice(&raw), &report, &fault) &&
	    da_report_shape(emu_slice(&raw), &report, &fault) &&
	    da_map_fit(emu_slice(&raw), &report, &t, &map, &fault);
}

/* Both units, all three rules. */
enum { COUNTINGS = 6 };

static struct emu_counting
counting_of(int i)
{
	return (struct emu_counting){ (uint8_t)(DA_UNIT_PAGE + i % 2),
		(uint8_t)(DA_BASE_RELATIVE + i / 2) };
}

/* Written by hand from what QEMU's functions have. */
static const struct {
	uint32_t function;
	struct da_map_range range;
} expected[] = {
	{ EDU, { 0, 0x80000, 0, DA_MMIO_PRIVATE, 0, 0 } },
	{ EDU, { 0x80000, 0x80000, 0, DA_MMIO_SHARED, DA_RANGE_NON_TEE, 0 } },
	{ IVSHMEM, { 0, 0x100000, 2, DA_MMIO_PRIVATE, 0, 0 } },
	{ IVSHMEM, { 0x100000, 0x200000, 2, DA_MMIO_SHARED, DA_RANGE_NON_TEE,
	    0 } },
	{ IVSHMEM, { 0x300000, 0x100000, 2, DA_MMIO_PRIVATE, 0, 0 } },
	{ NVME, { 0, 0x2000, 0, DA_MMIO_PRIVATE, 0, 0 } },
	{ NVME, { 0x2000, 0x1000, 0, DA_MMIO_PRIVATE, DA_RANGE_MSIX_TABLE,
	    0 } },
	{ NVME, { 0x3000, 0x1000, 0, DA_MMIO_PRIVATE, DA_RANGE_MSIX_PBA,
	    0 } },
};

START_TEST(each_is_accepted)
{
	struct emu_counting counting = counting_of(_i);

	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		uint32_t n = 0;

		ck_assert_msg(reads(&functions[i].pci, &counting, EMU_HONEST),
		    "%s: %s", functions[i].bdf, da_fault_text(fault.why)->name);
		for (size_t k = 0; k < sizeof(expected) / sizeof(expected[0]);
		    k++)
			if (expected[k].function == i)
				ck_assert_mem_eq(&map.range[n++],
				    &expected[k].range,
				    sizeof(map.range[0]));
		ck_assert_uint_eq(map.n, n);
	}
}
END_TEST

/* The kinds of counting are not one another's. */
START_TEST(another_rule_reads_another_map)
{
	const struct da_pci *pci = &functions[IVSHMEM].pci;
	struct emu_counting page = { DA_UNIT_PAGE, DA_BASE_RELATIVE };
	struct emu_counting byte = { DA_UNIT_BYTE, DA_BASE_ALIGNED };
	struct da_ticket t = ticket(pci, &byte);
	struct da_report report;
	struct emu_bytes raw;

	emu_ranges_report(pci, &page, EMU_HONEST, &raw);
	ck_assert(da_report_parse(emu_slice(&raw), &report, &fault));
	ck_assert(!da_map_fit(emu_slice(&raw), &report, &t, &map, &fault));
	t.page_unit = DA_UNIT_PAGE;
	ck_assert(!da_map_fit(emu_slice(&raw), &report, &t, &map, &fault));
	t.bar_base = DA_BASE_ZERO;
	ck_assert(!da_map_fit(emu_slice(&raw), &report, &t, &map, &fault));
	t.bar_base = DA_BASE_RELATIVE;
	ck_assert(da_map_fit(emu_slice(&raw), &report, &t, &map, &fault));
}
END_TEST

static const enum da_why refusals[EMU_LIES] = {
	[EMU_OVERLAP] = DA_F_RANGE_ORDER,
	[EMU_LEAVES_BAR] = DA_F_RANGE_OUTSIDE,
	[EMU_STRADDLE] = DA_F_RANGE_OUTSIDE,
	[EMU_WRAP] = DA_F_RANGE_OUTSIDE,
	[EMU_WRAP_ADDRESS] = DA_F_RANGE_WRAPS,
	[EMU_RESERVED] = DA_F_REPORT_RESERVED,
	[EMU_MSIX_CONTRADICTION] = DA_F_RANGE_MSIX,
	[EMU_OTHER_DEVICE] = DA_F_RANGE_BAR,
	[EMU_ZERO_PAGES] = DA_F_RANGE_EMPTY,
};

START_TEST(each_lie_is_refused)
{
	struct emu_counting counting = counting_of(_i);

	for (unsigned int lie = EMU_HONEST + 1; lie < EMU_LIES; lie++)
		for (uint32_t i = 0; i < FUNCTIONS; i++) {
			ck_assert_msg(!reads(&functions[i].pci, &counting,
			    (enum emu_lie)lie), "%s: %s", functions[i].bdf,
			    emu_lie_name((enum emu_lie)lie));
			ck_fault(fault, refusals[lie]);
		}
}
END_TEST

/* A table that takes more than its page, and one that shares it. */
START_TEST(msix_of_other_sizes)
{
	struct emu_counting counting = counting_of(_i);
	struct da_pci pci = { .msix = 1, .msix_bir = 2, .msix_pba_bir = 2,
		.msix_table = 0x4800, .msix_pba = 0x5800,
		.msix_entries = 0x100, .bar = { { 0 }, { 0 },
		{ 0xe0000000, 0x10000 }, { 0 }, { 0x4000000000, 0x4000 } } };

	ck_assert(reads(&pci, &counting, EMU_HONEST));
	ck_assert_uint_eq(map.n, 4);
	ck_assert_uint_eq(map.range[1].offset, 0x4000);
	ck_assert_uint_eq(map.range[1].size, 0x2000);
	ck_assert_uint_eq(map.range[1].attributes,
	    DA_RANGE_MSIX_TABLE | DA_RANGE_MSIX_PBA);
	ck_assert_uint_eq(map.range[3].bar, 4);
	pci.msix_pba_bir = 4;
	pci.msix_pba = 0x1000;
	ck_assert(reads(&pci, &counting, EMU_HONEST));
	ck_assert_uint_eq(map.n, 6);
	ck_assert_uint_eq(map.range[4].offset, 0x1000);
	ck_assert_uint_eq(map.range[4].attributes, DA_RANGE_MSIX_PBA);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ranges");
	TCase *c = tcase_create("ranges");

	tcase_add_loop_test(c, each_is_accepted, 0, COUNTINGS);
	tcase_add_test(c, another_rule_reads_another_map);
	tcase_add_loop_test(c, each_lie_is_refused, 0, COUNTINGS);
	tcase_add_loop_test(c, msix_of_other_sizes, 0, COUNTINGS);
	suite_add_tcase(s, c);
	return run_suite(s);
}

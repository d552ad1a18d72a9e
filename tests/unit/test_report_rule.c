/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

/* -- report -- */

static void
report_breaks(uint32_t offset)
{
	is_broken(DA_CHK_REPORT_POLICY, DA_F_POLICY_REPORT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REPORT_POLICY].offset, offset);
}

START_TEST(report_is_there)
{
	scene.claims.has_report = false;
	report_breaks(0);
	scene.claims.has_report = true;
	scene.rule->has_report = false;
	report_breaks(0);
}
END_TEST

START_TEST(firmware)
{
	scene.claims.report.info = DA_INFO_KNOWN & ~DA_INFO_NO_FW_UPDATE;
	report_breaks(0);
	scene.rule->no_fw_update = false;
	is_accepted();
	scene.rule->no_fw_update = true;
	scene.claims.report.info = DA_INFO_NO_FW_UPDATE;
	is_accepted();
	/* The TSM's lock says otherwise; what it does not tell is no flag. */
	scene.ticket.lock_flag[DA_LOCK_NO_FW_UPDATE] = DA_TRI_FALSE;
	report_breaks(0);
	scene.ticket.lock_flag[DA_LOCK_NO_FW_UPDATE] = DA_TRI_TRUE;
	is_accepted();
}
END_TEST

START_TEST(page_unit)
{
	scene.rule->unit = DA_UNIT_PAGES;
	is_accepted();
	scene.rule->unit = DA_UNIT_BYTES;
	report_breaks(0);
	scene.ticket.page_unit = DA_UNIT_BYTE;
	is_accepted();
	scene.rule->unit = DA_UNIT_PAGES;
	report_breaks(0);
	scene.rule->unit = DA_UNIT_NO_RULE;
	report_breaks(0);
	scene.rule->unit = DA_UNIT_PLATFORM;
	is_accepted();
	scene.ticket.page_unit = DA_UNIT_UNKNOWN;
	report_breaks(0);
}
END_TEST

START_TEST(shared_ranges)
{
	set_range(3, DA_RANGE_NON_TEE, 4);
	report_breaks(16 + 3 * 16);
	scene.rule->shared.id[1] = 4;
	scene.rule->shared.n = 2;
	is_accepted();
	scene.rule->shared.n = 0;
	report_breaks(16 + 16);
}
END_TEST

START_TEST(updatable_ranges)
{
	set_range(0, DA_RANGE_UPDATABLE, 0);
	report_breaks(16);
	set_range(0, 0, 0);
	is_accepted();
	scene.rule->updatable.n = 0;
	report_breaks(16 + 2 * 16);
}
END_TEST

START_TEST(msix)
{
	set_range(0, DA_RANGE_MSIX_TABLE, 0);
	report_breaks(16);
	set_range(0, DA_RANGE_MSIX_PBA, 0);
	report_breaks(16);
	scene.ticket.pci.msix = 1;
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_FALSE;
	report_breaks(0);
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	is_accepted();
	/* A report that shows no MSI-X hides none that config space shows. */
	set_range(0, 0, 0);
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_UNKNOWN;
	report_breaks(0);
	scene.rule->msix = DA_MSIX_ANY;
	is_accepted();
	scene.rule->msix = DA_MSIX_NO_RULE;
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	report_breaks(0);
	scene.ticket.pci.msix = 0;
	is_accepted();
}
END_TEST

/* -- private ranges -- */

static void
wants_private(uint16_t id)
{
	scene.rule->private_ranges.n = 1;
	scene.rule->private_ranges.id[0] = id;
}

static void
private_is_absent(uint32_t offset)
{
	is_broken(DA_CHK_REPORT_POLICY, DA_F_POLICY_RANGE_ABSENT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REPORT_POLICY].offset, offset);
}

START_TEST(private_ranges)
{
	wants_private(0);
	is_accepted();
	wants_private(4);
	is_accepted();
	wants_private(1);
	private_is_absent(0);
	scene.rule->private_ranges.n = 2;
	scene.rule->private_ranges.id[0] = 0;
	scene.rule->private_ranges.id[1] = 5;
	private_is_absent(0);
}
END_TEST

/* One private page beside the shared ones is not what was asked for. */
START_TEST(no_part_of_it_is_shared)
{
	wants_private(2);
	private_is_absent(16 + 16);
	wants_private(4);
	scene.rule->shared.id[1] = 4;
	scene.rule->shared.n = 2;
	set_range(3, DA_RANGE_NON_TEE, 4);
	private_is_absent(16 + 3 * 16);
}
END_TEST

/* The report that keeps every other rule, because it says nothing. */
START_TEST(a_report_without_ranges)
{
	scene.claims.report.n_ranges = 0;
	is_accepted();
	wants_private(0);
	private_is_absent(0);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("report_rule");
	TCase *t = tcase_create("report_rule");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, report_is_there);
	tcase_add_test(t, firmware);
	tcase_add_test(t, page_unit);
	tcase_add_test(t, shared_ranges);
	tcase_add_test(t, updatable_ranges);
	tcase_add_test(t, msix);
	tcase_add_test(t, private_ranges);
	tcase_add_test(t, no_part_of_it_is_shared);
	tcase_add_test(t, a_report_without_ranges);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

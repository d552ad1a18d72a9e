/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

/* -- reference values -- */

START_TEST(values)
{
	scene.measurements[16] ^= 1;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].offset, 16);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].part, DA_PART_MEASUREMENTS);
	scene.measurements[16] ^= 1;
	scene.measurements[102] ^= 0x80;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].offset, 100);
	scene.measurements[102] ^= 0x80;
	scene.measurements[120] ^= 1;	/* of an index that nobody names */
	is_accepted();
}
END_TEST

START_TEST(values_have_a_form)
{
	struct da_block *one = &scene.claims.blocks.block[0];

	one->raw = true;	/* its digest is another, then */
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	one->raw = false;
	scene.evidence.algs.meas_hash = DA_HASH_SHA3_384;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	scene.evidence.algs.meas_hash = DA_HASH_NONE;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	scene.evidence.algs.meas_hash = DA_HASH_SHA384;
	one->value.n = 47;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	one->value.n = 0;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	/* A raw value that spells the digest is not the digest. */
	one->value.n = 48;
	scene.rule->index[1].index = 1;
	scene.rule->n_index = 2;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
}
END_TEST

START_TEST(values_are_there)
{
	scene.claims.blocks.block[1].index = 4;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT_ABSENT);
	scene.claims.blocks.block[1].index = 3;
	scene.claims.has_blocks = false;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT_ABSENT);
}
END_TEST

START_TEST(no_values)
{
	scene.rule->n_index = 0;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_NO_VALUES);
}
END_TEST

/* -- floors -- */

static void
floor_is(uint8_t index, uint64_t svn)
{
	scene.rule->n_floor = 1;
	scene.rule->floor[0] = (struct da_policy_floor){ index, svn };
}

START_TEST(floors)
{
	judge();
	ck_finding(scene.verdict.findings, DA_CHK_SVN_FLOOR, DA_NOT_ASKED);
	floor_is(7, 5);
	is_accepted();
	ck_finding(scene.verdict.findings, DA_CHK_SVN_FLOOR, DA_HOLDS);
	floor_is(7, 6);
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_SVN_FLOOR].offset, 144);
	/* Little-endian, all eight bytes of it. */
	scene.measurements[151] = 0x80;
	is_accepted();
	floor_is(7, UINT64_MAX);
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN);
	memset(scene.measurements + 144, 0xff, 8);
	is_accepted();
}
END_TEST

START_TEST(every_floor_counts)
{
	floor_is(7, 5);
	scene.rule->n_floor = 2;
	scene.rule->floor[1] = (struct da_policy_floor){ 8, 1 };
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN_ABSENT);
	scene.rule->floor[1].index = 7;
	scene.rule->floor[1].svn = 9;
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN);
}
END_TEST

/* What is no raw security version of eight bytes says nothing of a floor. */
START_TEST(floors_have_a_form)
{
	struct da_block *svn = &scene.claims.blocks.block[3];

	floor_is(7, 0);
	is_accepted();
	svn->raw = false;
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN_ABSENT);
	svn->raw = true;
	svn->kind = DA_MEAS_FIRMWARE_VERSION;
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN_ABSENT);
	svn->kind = DA_MEAS_SVN;
	svn->value.n = 7;
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN_ABSENT);
	floor_is(3, 0);	/* of the right kind, but three bytes */
	is_broken(DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN_ABSENT);
	scene.claims.has_blocks = false;
	judge();
	ck_finding_fault(scene.verdict.findings, DA_CHK_SVN_FLOOR,
	    DA_F_POLICY_SVN_ABSENT);
}
END_TEST

/* -- the device's mode -- */

START_TEST(debug_is_off)
{
	judge();
	ck_finding(scene.verdict.findings, DA_CHK_DEVICE_MODE, DA_NOT_ASKED);
	scene.rule->debug = DA_DEBUG_ANY;
	judge();
	ck_finding(scene.verdict.findings, DA_CHK_DEVICE_MODE, DA_NOT_ASKED);
	scene.rule->debug = DA_DEBUG_OFF;
	is_accepted();
	ck_finding(scene.verdict.findings, DA_CHK_DEVICE_MODE, DA_HOLDS);
	for (unsigned int bit = 0; bit < 4; bit++) {
		scene.measurements[172] = (uint8_t)(1u << bit);
		is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_DEBUG);
		ck_assert_uint_eq(scene.verdict.findings.of
		    [DA_CHK_DEVICE_MODE].offset, 160);
	}
	scene.measurements[172] = 0x10;	/* at the factory: allowed */
	is_accepted();
	scene.rule->debug = DA_DEBUG_ANY;
	scene.measurements[172] = 0x1f;
	is_accepted();
}
END_TEST

/* A bit that the device cannot report is not known to be clear. */
START_TEST(debug_is_told)
{
	scene.rule->debug = DA_DEBUG_OFF;
	for (unsigned int bit = 0; bit < 4; bit++) {
		scene.measurements[168] = (uint8_t)(0x1f & ~(1u << bit));
		is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_MODE_ABSENT);
	}
	scene.measurements[168] = 0x0f;
	is_accepted();
}
END_TEST

START_TEST(mode_is_there)
{
	struct da_block *mode = &scene.claims.blocks.block[4];

	scene.rule->debug = DA_DEBUG_OFF;
	mode->index = 42;	/* under any index */
	is_accepted();
	mode->raw = false;
	is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_MODE_ABSENT);
	mode->raw = true;
	mode->value.n = 15;
	is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_MODE_ABSENT);
	mode->value.n = 16;
	mode->kind = DA_MEAS_INFORMATIONAL;
	is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_MODE_ABSENT);
	mode->kind = DA_MEAS_DEVICE_MODE;
	scene.claims.has_blocks = false;
	judge();
	ck_finding_fault(scene.verdict.findings, DA_CHK_DEVICE_MODE,
	    DA_F_POLICY_MODE_ABSENT);
}
END_TEST

START_TEST(every_mode_counts)
{
	struct da_blocks *b = &scene.claims.blocks;

	scene.rule->debug = DA_DEBUG_OFF;
	memset(scene.measurements + 200, 0, 16);
	memcpy(scene.measurements + 200, scene.measurements + 160, 16);
	b->block[b->n] = (struct da_block){ 255, DA_MEAS_DEVICE_MODE, true,
	    da_slice_of(scene.measurements + 200, 16) };
	b->n++;
	is_accepted();
	scene.measurements[212] = 1;
	is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_DEBUG);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_DEVICE_MODE].offset, 200);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("measure_rule");
	TCase *t = tcase_create("measure_rule");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, values);
	tcase_add_test(t, values_have_a_form);
	tcase_add_test(t, values_are_there);
	tcase_add_test(t, no_values);
	tcase_add_test(t, floors);
	tcase_add_test(t, every_floor_counts);
	tcase_add_test(t, floors_have_a_form);
	tcase_add_test(t, debug_is_off);
	tcase_add_test(t, debug_is_told);
	tcase_add_test(t, mode_is_there);
	tcase_add_test(t, every_mode_counts);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

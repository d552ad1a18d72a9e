/* SPDX-License-Identifier: Apache-2.0 */
/* Findings, and the exit class that they come to. */
#include "build.h"

START_TEST(names_both_ways)
{
	for (int i = 0; i < DA_CHK_COUNT; i++)
		ck_assert_int_eq(da_check_named(da_slice_str(
		    da_check_name((enum da_check)i))), i);
	ck_assert_int_eq(da_check_named(da_slice_str("none")), DA_CHK_COUNT);
	ck_assert_int_eq(da_check_named(da_slice_str("")), DA_CHK_COUNT);
	ck_assert_str_eq(da_check_name(DA_CHK_COUNT), "none");
	ck_assert_str_eq(da_check_name(DA_CHK_TSM_DIGEST_VCA),
	    "tsm-digest-vca");
}
END_TEST

START_TEST(zero_is_broken)
{
	struct da_findings f;

	memset(&f, 0, sizeof(f));
	ck_finding(f, DA_CHK_SIGNATURE, DA_BROKEN);
	da_found(&f, DA_CHK_SIGNATURE, DA_HOLDS);
	ck_finding(f, DA_CHK_SIGNATURE, DA_BROKEN);
	ck_assert_str_eq(da_result_name(DA_HOLDS), "holds");
	ck_assert_str_eq(da_result_name(DA_UNKNOWN), "unknown");
	ck_assert_str_eq(da_result_name(DA_NOT_ASKED), "not-asked");
	ck_assert_str_eq(da_result_name((enum da_result)99), "broken");
}
END_TEST

START_TEST(first_fault_wins)
{
	struct da_fault first = { DA_F_EXPIRED, DA_PART_CHAIN, 7 };
	struct da_fault second = { DA_F_SHORT, DA_PART_VCA, 9 };
	struct da_findings f;

	da_findings_start(&f);
	for (int i = 0; i < DA_CHK_COUNT; i++)
		ck_finding(f, i, DA_NOT_ASKED);
	da_found(&f, DA_CHK_VALIDITY, DA_UNKNOWN);
	da_found(&f, DA_CHK_VALIDITY, DA_HOLDS);
	ck_finding(f, DA_CHK_VALIDITY, DA_HOLDS);
	da_found_broken(&f, DA_CHK_VALIDITY, &first);
	da_found_broken(&f, DA_CHK_VALIDITY, &second);
	da_found(&f, DA_CHK_VALIDITY, DA_HOLDS);
	ck_finding(f, DA_CHK_VALIDITY, DA_BROKEN);
	ck_assert_int_eq(f.of[DA_CHK_VALIDITY].why, DA_F_EXPIRED);
	ck_assert_int_eq(f.of[DA_CHK_VALIDITY].part, DA_PART_CHAIN);
	ck_assert_int_eq(f.of[DA_CHK_VALIDITY].offset, 7);
}
END_TEST

START_TEST(outside_the_list)
{
	struct da_fault fault = { DA_F_SHORT, DA_PART_VCA, SIZE_MAX };
	struct da_findings f;

	da_findings_start(&f);
	da_found(&f, DA_CHK_COUNT, DA_HOLDS);
	da_found_broken(&f, DA_CHK_COUNT, &fault);
	da_found_broken(&f, DA_CHK_CHAIN, &fault);
	ck_assert_uint_eq(f.of[DA_CHK_CHAIN].offset, UINT32_MAX);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_COUNT, true), 1);
}
END_TEST

START_TEST(class_of_an_unknown)
{
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_NONCE, false), 6);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_NONCE, true), 6);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_VALIDITY, false), 0);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_VALIDITY, true), 5);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_TSM_STATE, true), 9);
	ck_assert_int_eq(da_check_unknown_class(DA_CHK_REVOCATION, true), 4);
}
END_TEST

START_TEST(worse_class)
{
	static const int order[] = { 1, 10, 9, 7, 8, 2, 6, 4, 3, 5, 0 };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = i; j < sizeof(order) / sizeof(order[0]); j++) {
			ck_assert_int_eq(da_class_worse(order[i], order[j]),
			    order[i]);
			ck_assert_int_eq(da_class_worse(order[j], order[i]),
			    order[i]);
		}
	/* A class that is none of ours is our own fault. */
	ck_assert_int_eq(da_class_worse(0, 77), 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("checks");
	TCase *t = tcase_create("checks");

	tcase_add_test(t, names_both_ways);
	tcase_add_test(t, zero_is_broken);
	tcase_add_test(t, first_fault_wins);
	tcase_add_test(t, outside_the_list);
	tcase_add_test(t, class_of_an_unknown);
	tcase_add_test(t, worse_class);
	suite_add_tcase(s, t);
	return run_suite(s);
}

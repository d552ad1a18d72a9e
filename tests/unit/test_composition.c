/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

static struct da_verdict of_many[4];

static void
set_verdicts(const char *class_name, size_t n)
{
	memset(of_many, 0, sizeof(of_many));
	for (size_t i = 0; i < n; i++) {
		of_many[i].accepted = 1;
		of_many[i].device_key[0] = (uint8_t)(i + 1);
		strcpy(of_many[i].class_name, class_name);
	}
}

static void
count_is_refused(size_t n)
{
	struct da_fault fault = { 0 };

	ck_assert(!da_policy_counts(scene.policy, of_many, n, &fault));
	ck_fault(fault, DA_F_POLICY_COUNT);
}

static void
count_holds(size_t n)
{
	struct da_fault fault = { 0 };

	ck_assert(da_policy_counts(scene.policy, of_many, n, &fault));
}

START_TEST(counts_devices)
{
	set_verdicts("gpu", 3);
	count_holds(1);
	count_holds(2);
	count_is_refused(3);
	count_is_refused(0);
	of_many[0].accepted = 0;
	count_is_refused(1);
	count_holds(2);
	of_many[0].accepted = 2;	/* anything but 1 refuses */
	count_is_refused(1);
}
END_TEST

START_TEST(counts_functions)
{
	set_verdicts("gpu", 4);
	of_many[1].device_key[0] = of_many[3].device_key[0] = 1;
	count_holds(2);
	count_holds(3);		/* two functions, and one of another device */
	count_is_refused(4);	/* three */
	scene.rule->functions_min = 2;
	count_holds(2);
	count_is_refused(3);
	/* A missing rule refuses. */
	scene.rule->has_functions = false;
	count_is_refused(2);
}
END_TEST

START_TEST(counts_what_has_no_key)
{
	set_verdicts("gpu", 3);
	for (size_t i = 0; i < 3; i++)
		of_many[i].device_key[0] = 0;
	count_holds(2);
	count_is_refused(3);
}
END_TEST

START_TEST(counts_by_class)
{
	set_verdicts("gpu", 1);
	of_many[1] = of_many[0];
	strcpy(of_many[1].class_name, "nic");
	count_holds(2);
	strcpy(of_many[1].class_name, "dpu");
	count_is_refused(2);
	set_verdicts("nic", 2);
	count_is_refused(2);	/* a gpu is wanted */
	scene.rule->has_count = false;
	count_holds(2);
	set_verdicts("gpu", 1);
	count_is_refused(1);
	count_is_refused(0);
	scene.policy->n_rules = 0;
	count_is_refused(2);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("composition");
	TCase *t = tcase_create("composition");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, counts_devices);
	tcase_add_test(t, counts_functions);
	tcase_add_test(t, counts_what_has_no_key);
	tcase_add_test(t, counts_by_class);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

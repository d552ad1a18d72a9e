/* SPDX-License-Identifier: Apache-2.0 */
/* How many devices there are, held against the policy again and again. */
#include "unit.h"
#include "world.h"

static const struct da_fault too_few = { DA_F_POLICY_COUNT, DA_PART_POLICY,
    0 };

START_TEST(all_are_judged_before_the_first_is_pushed)
{
	make_devices(2);
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 0);
	ck_assert(strstr(world.events, "push") >
	    strstr(strstr(world.events, "appraise") + 1, "appraise"));
	ck_assert(strstr(world.events, "push") >
	    strstr(world.events, "count"));
	/* And all are pushed before a driver may have the first. */
	ck_assert(strstr(world.events, "bind") >
	    strstr(strstr(world.events, "accept") + 1, "accept"));
	ck_assert_uint_eq(world.count.n, 2);
	ck_assert_str_eq(world.count.one[1].class_name, "nic");
}
END_TEST

START_TEST(a_number_that_is_not_wanted_refuses_all)
{
	make_devices(2);
	da_refused_fault(&world.refusal, DA_CHK_COMPOSITION, &too_few);
	world.fail = "count";
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 5);
	ck_assert(!happened("push"));
	for (int i = 0; i < 2; i++) {
		ck_assert(!several[i].outcome.accepted && !several[i].locked);
		ck_fault(several[i].outcome.refusal.fault, DA_F_POLICY_COUNT);
	}
	ck_assert_int_eq(times("unlock"), 2);
}
END_TEST

/* Two devices; `call` fails for the second, and `min` are wanted. */
static void
second_fails(const char *call, uint32_t min)
{
	set_up();
	make_devices(2);
	da_refused_fault(&world.refusal, DA_CHK_COMPOSITION, &too_few);
	world.count_min = min;
	world.fail = call;
	world.fail_at = "0000:02:00.0";
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 9);
	ck_assert(!several[1].outcome.accepted);
	ck_assert_uint_eq(function_named("0000:02:00.0")->state,
	    DA_STATE_UNLOCKED);
	ck_fault(several[1].outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	for (int i = 0; i < 2; i++)
		ck_assert(!several[i].locked && !several[i].has_bundle);
}

START_TEST(a_push_that_fails_is_counted_again)
{
	second_fails("push", 2);
	ck_assert(!several[0].outcome.accepted &&
	    !several[0].outcome.left_locked);
	ck_fault(several[0].outcome.refusal.fault, DA_F_POLICY_COUNT);
	ck_assert_uint_eq(world.count.n, 1);
	ck_assert(!happened("bind"));
	ck_assert_uint_eq(function_named("0000:01:00.0")->state,
	    DA_STATE_UNLOCKED);
	/* Where one alone is wanted, it stays. */
	second_fails("push", 1);
	ck_assert(several[0].outcome.accepted &&
	    function_named("0000:01:00.0")->bound);
}
END_TEST

START_TEST(a_bind_that_fails_is_counted_again)
{
	second_fails("bind", 2);
	ck_assert(!several[0].outcome.accepted);
	ck_fault(several[0].outcome.refusal.fault, DA_F_POLICY_COUNT);
	/* A driver has it: the kernel does not give it back. */
	ck_assert(several[0].outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(several[0].outcome.unlock_text,
	    "a driver has it"));
	ck_assert(!several[1].outcome.left_locked);
	/* Whoever finds it at the next start is not to believe in it. */
	ck_assert_int_eq(times("void"), 2);
	second_fails("bind", 1);
	ck_assert(several[0].outcome.accepted &&
	    !several[0].outcome.left_locked);
}
END_TEST

START_TEST(no_device_is_never_accepted)
{
	ck_assert_int_eq(da_push_all(&pusher, several, 0), 5);
	ck_assert_str_eq(world.events, "");
	ck_assert_int_eq(da_outcomes_class(NULL, 0), 5);
}
END_TEST

START_TEST(one_refused_device_decides_the_class_of_all)
{
	make_devices(2);
	several[1].device.driver_bound = 1;
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 9);
	ck_assert(several[0].outcome.accepted && !several[1].outcome.accepted);
	ck_assert_uint_eq(world.count.n, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: the number that is wanted");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, all_are_judged_before_the_first_is_pushed);
	tcase_add_test(tc, a_number_that_is_not_wanted_refuses_all);
	tcase_add_test(tc, a_push_that_fails_is_counted_again);
	tcase_add_test(tc, a_bind_that_fails_is_counted_again);
	tcase_add_test(tc, no_device_is_never_accepted);
	tcase_add_test(tc, one_refused_device_decides_the_class_of_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

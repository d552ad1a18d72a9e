/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several functions and several devices: what the policy sorts them into, one
 * job for each physical device, and the number that is wanted.
 */
#include "unit.h"
#include "world.h"

/* -- one job for all functions of a physical device -- */

START_TEST(the_functions_of_a_device_are_one_job)
{
	for (size_t n = 1; n <= DA_MAX_FUNCTIONS; n++) {
		set_up();
		make_functions(n);
		ck_assert_int_eq(da_push_all(&pusher, several, n), 0);
		ck_assert_int_eq(times("authenticate"), 1);
		ck_assert_int_eq(times("appraise"), 1);
		ck_assert_uint_eq(world.job.n, n);
		ck_assert_int_eq(times("bind"), (int)n);
		ck_assert_uint_eq(world.count.n, n);
		/* Each is collected whole before the next is locked. */
		ck_assert_int_eq(times("release"), (int)n);
		for (size_t i = 0; i < n; i++) {
			ck_assert(several[i].outcome.accepted);
			ck_assert_str_eq(world.job.function[i].ticket.device,
			    several[i].device.name);
		}
	}
}
END_TEST

START_TEST(each_device_has_a_job_of_its_own)
{
	/* The list mixes them: 1.0, 1.1, 2.0 and again 1.2. */
	make_functions(2);
	make_candidate(&several[2], "0000:02:00.0");
	make_candidate(&several[3], "0000:01:00.2");
	ck_assert_int_eq(da_push_all(&pusher, several, 4), 0);
	ck_assert_int_eq(world.jobs, 2);
	ck_assert_uint_eq(world.job.n, 1);
	ck_assert_str_eq(world.job.function[0].ticket.device, "0000:02:00.0");
	/* Another segment, bus or slot is another device. */
	set_up();
	make_candidate(&several[0], "0000:01:00.0");
	make_candidate(&several[1], "0001:01:00.0");
	make_candidate(&several[2], "0000:01:01.0");
	ck_assert_int_eq(da_push_all(&pusher, several, 3), 0);
	ck_assert_int_eq(world.jobs, 3);
}
END_TEST

START_TEST(what_the_gate_refused_is_in_no_job)
{
	make_functions(3);
	world.fail = "ticket 2";
	world.fail_at = "0000:01:00.1";
	ck_assert_int_eq(da_push_all(&pusher, several, 3), 9);
	ck_assert_uint_eq(world.job.n, 2);
	ck_assert_str_eq(world.job.function[1].ticket.device, "0000:01:00.2");
	ck_assert(several[0].outcome.accepted && several[2].outcome.accepted);
	ck_assert(!several[1].outcome.accepted);
	ck_assert_uint_eq(function_named("0000:01:00.1")->state,
	    DA_STATE_UNLOCKED);
}
END_TEST

static void
second_is_unsigned(const char *name, struct da_proof *proof)
{
	static const struct da_fault wrong = { DA_F_SIGNATURE_WRONG,
		DA_PART_MEASUREMENTS, 9 };

	if (strcmp(name, "0000:01:00.1") == 0)
		da_found_broken(&proof->findings, DA_CHK_SIGNATURE, &wrong);
}

static void
second_is_unwanted(const char *name, struct da_verdict *verdict)
{
	if (strcmp(name, "0000:01:00.1") != 0)
		return;
	verdict->accepted = 0;
	verdict->exit_class = 5;
	verdict->decided_by = DA_CHK_REFERENCE_VALUES;
	da_found(&verdict->findings, DA_CHK_REFERENCE_VALUES, DA_UNKNOWN);
}

/* No function's yes or no stands for another's. */
START_TEST(each_function_has_its_own_answer)
{
	make_functions(3);
	world.at_proof = second_is_unsigned;
	ck_assert_int_eq(da_push_all(&pusher, several, 3), 2);
	ck_fault(several[1].outcome.refusal.fault, DA_F_SIGNATURE_WRONG);
	ck_assert(several[0].outcome.accepted && several[2].outcome.accepted);
	ck_assert_uint_eq(world.job.n, 2);	/* the appraiser's */
	set_up();
	make_functions(3);
	world.at_verdict = second_is_unwanted;
	ck_assert_int_eq(da_push_all(&pusher, several, 3), 5);
	ck_assert_int_eq(several[1].outcome.refusal.check,
	    DA_CHK_REFERENCE_VALUES);
	ck_assert(several[0].outcome.accepted && several[2].outcome.accepted);
	ck_assert_int_eq(times("bind"), 2);
}
END_TEST

START_TEST(a_judge_that_dies_refuses_its_whole_device)
{
	static const char *const judges[] = { "authenticate", "appraise" };

	for (size_t i = 0; i < 2; i++) {
		set_up();
		make_functions(2);
		make_candidate(&several[2], "0000:02:00.0");
		world.fail = judges[i];
		world.fail_times = 1;
		ck_assert_int_eq(da_push_all(&pusher, several, 3), 1);
		for (size_t k = 0; k < 2; k++) {
			ck_assert_str_eq(several[k].outcome.refusal.text,
			    "the role died");
			ck_assert_uint_eq(function_named(
			    several[k].device.name)->state, DA_STATE_UNLOCKED);
		}
		/* The next device is judged by others. */
		ck_assert(several[2].outcome.accepted);
	}
}
END_TEST

/* -- what the policy sorts them into -- */

START_TEST(no_tee_is_refused_and_never_locked)
{
	world.function[0].what = DA_SORT_NO_TEE;
	ck_refused(5);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_NO_TEE);
	ck_assert_str_eq(world.events, "sort,look,tell");
}
END_TEST

START_TEST(another_function_is_refused_and_has_no_driver)
{
	world.function[0].what = DA_SORT_REFUSED;
	ck_refused(5);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_OTHER);
	ck_assert_str_eq(world.events, "sort,look,tell");
	ck_assert(!world.function[0].left);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
	    "no driver gets it"));
}
END_TEST

/* Nobody could hold it back; then nobody says that it was. */
START_TEST(a_driver_that_was_quicker_is_told)
{
	static const enum da_disposition refused[] = { DA_SORT_REFUSED,
		DA_SORT_NO_TEE };

	for (size_t i = 0; i < 2; i++) {
		set_up();
		world.function[0].what = refused[i];
		candidate.device.driver_bound = 1;
		ck_refused(5);
		ck_assert(candidate.outcome.had_driver);
		ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
		    "a driver uses it already"));
	}
	set_up();
	world.function[0].what = DA_SORT_UNTRUSTED;
	candidate.device.driver_bound = 1;
	ck_assert_int_eq(run_one(), 5);
	ck_assert(candidate.outcome.untrusted && candidate.outcome.had_driver);
}
END_TEST

/* A number that no disposition has is none of the warden's words. */
START_TEST(what_nobody_sorted_is_refused)
{
	world.function[0].what = (enum da_disposition)200;
	ck_refused(5);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_OTHER);
}
END_TEST

START_TEST(the_untrusted_are_left_at_the_end)
{
	make_devices(3);
	function_named("0000:01:00.0")->what = DA_SORT_UNTRUSTED;
	function_named("0000:03:00.0")->what = DA_SORT_UNTRUSTED;
	several[2].device.driver_bound = 1;
	ck_assert_int_eq(da_push_all(&pusher, several, 3), 0);
	ck_assert_int_eq(times("leave"), 1);
	ck_assert_ptr_nonnull(strstr(world.events, "bind,tell,leave,tell"));
	ck_assert(function_named("0000:01:00.0")->left);
	ck_assert(several[0].outcome.untrusted && !several[0].outcome.accepted);
	ck_assert(several[2].outcome.untrusted);
	ck_assert(several[1].outcome.accepted && !several[1].outcome.untrusted);
	ck_assert_int_eq(times("lock"), 1);
	ck_assert_uint_eq(pusher.n_told, 3);
	/* Also where the device is refused. */
	set_up();
	make_devices(2);
	function_named("0000:01:00.0")->what = DA_SORT_UNTRUSTED;
	world.fail = "push";
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 9);
	ck_assert(several[0].outcome.untrusted);
}
END_TEST

START_TEST(the_untrusted_alone_are_nothing_accepted)
{
	world.function[0].what = DA_SORT_UNTRUSTED;
	ck_assert_int_eq(run_one(), 5);
	ck_assert(candidate.outcome.untrusted);
	ck_assert_int_eq(da_outcomes_class(&candidate.outcome, 1), 5);
	/* One that is not given back is refused. */
	set_up();
	world.function[0].what = DA_SORT_UNTRUSTED;
	world.fail = "leave";
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	ck_assert(!candidate.outcome.untrusted);
}
END_TEST

START_TEST(a_warden_who_sorts_nothing_refuses_all)
{
	make_devices(2);
	world.fail = "sort";
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 1);
	ck_assert_str_eq(world.events, "sort,look,tell,look,tell");
	ck_assert_str_eq(pusher.text, "the role died");
	ck_assert(!several[0].outcome.accepted && several[1].finished);
}
END_TEST

/* -- where only some are named -- */

START_TEST(those_not_named_are_not_touched)
{
	make_devices(4);
	several[0].untouched = several[2].untouched = true;
	several[3].untouched = true;
	function_named("0000:03:00.0")->what = DA_SORT_REFUSED;
	function_named("0000:04:00.0")->what = DA_SORT_UNTRUSTED;
	ck_assert_int_eq(da_push_all(&pusher, several, 4), 5);
	ck_assert(several[1].outcome.accepted);
	ck_assert(!function_named("0000:01:00.0")->told);
	ck_assert(!function_named("0000:04:00.0")->told);
	ck_assert(!function_named("0000:04:00.0")->left);
	/* The policy speaks of every function all the same. */
	ck_fault(several[2].outcome.refusal.fault, DA_F_POLICY_OTHER);
	ck_assert_int_eq(times("look"), 1);
	ck_assert_uint_eq(pusher.n_told, 2);
}
END_TEST

START_TEST(one_that_is_not_there_is_refused)
{
	make_devices(2);
	several[1].missing = true;
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 9);
	ck_assert(several[0].outcome.accepted);
	ck_fault(several[1].outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	ck_assert_ptr_nonnull(strstr(several[1].outcome.refusal.text,
	    "no such function"));
	ck_assert_int_eq(times("look"), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: functions and devices");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, the_functions_of_a_device_are_one_job);
	tcase_add_test(tc, each_device_has_a_job_of_its_own);
	tcase_add_test(tc, what_the_gate_refused_is_in_no_job);
	tcase_add_test(tc, each_function_has_its_own_answer);
	tcase_add_test(tc, a_judge_that_dies_refuses_its_whole_device);
	tcase_add_test(tc, no_tee_is_refused_and_never_locked);
	tcase_add_test(tc, another_function_is_refused_and_has_no_driver);
	tcase_add_test(tc, a_driver_that_was_quicker_is_told);
	tcase_add_test(tc, what_nobody_sorted_is_refused);
	tcase_add_test(tc, the_untrusted_are_left_at_the_end);
	tcase_add_test(tc, the_untrusted_alone_are_nothing_accepted);
	tcase_add_test(tc, a_warden_who_sorts_nothing_refuses_all);
	tcase_add_test(tc, those_not_named_are_not_touched);
	tcase_add_test(tc, one_that_is_not_there_is_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

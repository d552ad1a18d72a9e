/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another try with another nonce, the boot's deadline, and being told to stop:
 * each in its bounds, and the device unlocked or accepted at every point.
 */
#include "guestd/clock.h"
#include "unit.h"
#include "world.h"

static const struct da_fault slow = { DA_F_TRANSPORT_TIMEOUT, DA_PART_ANSWER,
    0 };
static volatile sig_atomic_t stop;

/* The host does not answer in time, so many times. */
static void
slow_host(int fails, uint8_t tries)
{
	set_up();
	da_refused_fault(&world.refusal, DA_CHK_COUNT, &slow);
	world.fail = "fetch";
	world.fail_times = fails;
	pusher.max_tries = tries;
}

/* -- another try -- */

static uint8_t nonces[4][DA_NONCE];
static int n_nonces;

static void
note_nonce(const char *event)
{
	if (strcmp(event, "fetch") == 0)
		memcpy(nonces[n_nonces++], world.asked_nonce, DA_NONCE);
}

START_TEST(a_host_that_comes_round_is_heard)
{
	slow_host(2, 3);
	n_nonces = 0;
	world.at_event = note_nonce;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(candidate.outcome.tries, 3);
	/* From the lock on, and nothing is left of the tries before. */
	ck_assert_int_eq(times("lock"), 3);
	ck_assert_int_eq(times("unlock"), 2);
	ck_assert_int_eq(times("look back"), 2);
	ck_assert_int_eq(times("release"), 3);
	ck_assert_int_eq(times("tell"), 1);
	ck_assert_int_eq(n_nonces, 3);
	ck_assert_mem_ne(nonces[0], nonces[1], DA_NONCE);
	ck_assert_mem_ne(nonces[1], nonces[2], DA_NONCE);
	ck_assert_mem_eq(world.job.function[0].ticket.nonce, nonces[2],
	    DA_NONCE);
}
END_TEST

START_TEST(tries_are_bounded)
{
	for (uint8_t most = 0; most < 4; most++) {
		int bound = most == 0 ? 1 : most;

		slow_host(0, most);
		ck_refused(10);
		ck_fault(candidate.outcome.refusal.fault,
		    DA_F_TRANSPORT_TIMEOUT);
		ck_assert_int_eq(times("fetch"), bound);
		ck_assert_int_eq(times("unlock"), bound);
		ck_assert_int_eq(candidate.outcome.tries, bound);
	}
}
END_TEST

/* A lie does not become true by asking again. */
START_TEST(nothing_else_is_tried_again)
{
	static const char *const calls[] = { "lock", "ticket 1", "ticket 2" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		set_up();
		pusher.max_tries = 3;
		world.fail = calls[i];
		ck_refused(9);
		ck_assert_int_eq(times(calls[i]), 1);
	}
	set_up();
	pusher.max_tries = 3;
	world.ticket.digest[DA_DIGEST_CHAIN].bytes[5] ^= 1;
	ck_refused(7);
	ck_assert_int_eq(times("fetch"), 1);
	/* Nor is a judge's refusal, whatever its class. */
	slow_host(0, 3);
	world.fail = "authenticate";
	ck_refused(10);
	ck_assert_int_eq(times("fetch"), 1);
}
END_TEST

START_TEST(what_stays_locked_is_not_tried_again)
{
	slow_host(0, 3);
	world.function[0].sticks = true;
	ck_assert_int_eq(run_one(), 10);
	ck_assert(candidate.outcome.left_locked);
	ck_assert_int_eq(times("fetch"), 1);
}
END_TEST

START_TEST(one_functions_tries_are_its_own)
{
	slow_host(1, 2);
	make_functions(2);
	world.fail_at = "0000:01:00.1";
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 0);
	ck_assert_uint_eq(several[0].outcome.tries, 1);
	ck_assert_uint_eq(several[1].outcome.tries, 2);
	ck_assert_int_eq(times("authenticate"), 1);
}
END_TEST

/* -- the deadline -- */

START_TEST(past_the_deadline_nothing_begins)
{
	pusher.deadline_ms = 1;
	pusher.max_tries = 3;
	ck_refused(10);
	ck_fault(candidate.outcome.refusal.fault, DA_F_TRANSPORT_DEADLINE);
	ck_assert_str_eq(world.events, "sort,look,tell");
}
END_TEST

static const char *over_at;

static void
time_is_over(const char *event)
{
	if (strcmp(event, over_at) == 0)
		pusher.deadline_ms = 1;
}

START_TEST(the_deadline_falls_at_any_step)
{
	static const char *const calls[] = { "lock", "ticket 1", "fetch",
		"ticket 2", "release", "authenticate", "appraise", "ticket 3",
		"push", "validate", "accept", "ticket 4", "map", "ticket 5",
		"record" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		set_up();
		over_at = calls[i];
		world.at_event = time_is_over;
		ck_refused(10);
		ck_fault(candidate.outcome.refusal.fault,
		    DA_F_TRANSPORT_DEADLINE);
	}
	/* What is accepted is in time. */
	set_up();
	over_at = "bind";
	world.at_event = time_is_over;
	ck_assert_int_eq(run_one(), 0);
}
END_TEST

START_TEST(the_host_gets_what_is_left)
{
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_eq(world.whole_ms, DA_WIRE_ANSWER_MS);
	set_up();
	pusher.deadline_ms = da_now_ms() + 20000;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_gt(world.whole_ms, 0);
	ck_assert_int_le(world.whole_ms, 20000);
}
END_TEST

START_TEST(no_pause_outlasts_the_deadline)
{
	slow_host(0, 3);
	pusher.pause_ms = 3600 * 1000;
	pusher.deadline_ms = da_now_ms() + 60000;
	ck_refused(10);
	ck_fault(candidate.outcome.refusal.fault, DA_F_TRANSPORT_TIMEOUT);
	ck_assert_int_eq(times("fetch"), 1);
}
END_TEST

/* -- told to stop -- */

static const char *stop_at;
static int stop_after;

static void
says_stop(const char *event)
{
	if (strcmp(event, stop_at) == 0 && stop_after-- == 0)
		stop = 1;
}

static void
stops_at(const char *event, int after)
{
	set_up();
	stop = 0;
	stop_at = event;
	stop_after = after;
	world.at_event = says_stop;
	pusher.stop = &stop;
}

START_TEST(told_to_stop_it_backs_out)
{
	stop = 1;
	pusher.stop = &stop;
	ck_refused(1);
	ck_assert_str_eq(candidate.outcome.refusal.text, "told to stop");
	ck_assert_str_eq(world.events, "sort,look,tell");
}
END_TEST

START_TEST(it_stops_after_any_step)
{
	static const char *const calls[] = { "lock", "ticket 1", "fetch",
		"ticket 2", "release", "authenticate", "appraise", "count",
		"ticket 3", "push", "validate", "accept", "ticket 4", "map",
		"ticket 5", "record" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		stops_at(calls[i], 0);
		ck_refused(1);
		ck_assert_str_eq(candidate.outcome.refusal.text,
		    "told to stop");
	}
}
END_TEST

/* The step that was begun ends, and what it made stays. */
START_TEST(what_is_accepted_is_not_backed_out)
{
	stops_at("bind", 0);
	ck_assert_int_eq(run_one(), 0);
	ck_assert(!happened("unlock") && !happened("void"));
	/* Nor where another one, wanted with it, has to go. */
	stops_at("bind", 0);
	make_devices(2);
	world.count_min = 2;
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 1);
	ck_assert(several[0].outcome.accepted);
	ck_assert(function_named("0000:01:00.0")->bound);
	ck_assert_str_eq(several[1].outcome.refusal.text, "told to stop");
	ck_assert_uint_eq(function_named("0000:02:00.0")->state,
	    DA_STATE_UNLOCKED);
	ck_assert_int_eq(times("void"), 0);
}
END_TEST

START_TEST(it_does_not_pause_when_told_to_stop)
{
	stops_at("fetch", 0);
	da_refused_fault(&world.refusal, DA_CHK_COUNT, &slow);
	world.fail = "fetch";
	pusher.max_tries = 3;
	pusher.pause_ms = 3600 * 1000;
	ck_refused(10);
	ck_assert_int_eq(times("fetch"), 1);
}
END_TEST

static void
on_alarm(int number)
{
	(void)number;
	stop = 1;
}

/* The signal waits until the pause lets it through. */
static void
send_alarm(const char *event)
{
	if (strcmp(event, "look back") == 0)
		raise(SIGALRM);
}

START_TEST(a_signal_ends_the_pause)
{
	struct sigaction action = { .sa_handler = on_alarm }, old;
	sigset_t one, before;

	slow_host(0, 3);
	stop = 0;
	sigemptyset(&one);
	sigaddset(&one, SIGALRM);
	ck_assert_int_eq(sigaction(SIGALRM, &action, &old), 0);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &one, &before), 0);
	world.at_event = send_alarm;
	pusher.stop = &stop;
	pusher.waiting = &before;
	pusher.pause_ms = 3600 * 1000;
	ck_refused(1);
	ck_assert_str_eq(candidate.outcome.refusal.text, "told to stop");
	ck_assert_int_eq(times("fetch"), 1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGALRM, &old, NULL);
}
END_TEST

/* The ordinary devices stay held back, and that is said. */
START_TEST(told_to_stop_it_leaves_nothing)
{
	stops_at("sort", 0);
	world.function[0].what = DA_SORT_UNTRUSTED;
	ck_refused(1);
	ck_assert(!happened("leave"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: tries, deadline, stop");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, a_host_that_comes_round_is_heard);
	tcase_add_test(tc, tries_are_bounded);
	tcase_add_test(tc, nothing_else_is_tried_again);
	tcase_add_test(tc, what_stays_locked_is_not_tried_again);
	tcase_add_test(tc, one_functions_tries_are_its_own);
	tcase_add_test(tc, past_the_deadline_nothing_begins);
	tcase_add_test(tc, the_deadline_falls_at_any_step);
	tcase_add_test(tc, the_host_gets_what_is_left);
	tcase_add_test(tc, no_pause_outlasts_the_deadline);
	tcase_add_test(tc, told_to_stop_it_backs_out);
	tcase_add_test(tc, it_stops_after_any_step);
	tcase_add_test(tc, what_is_accepted_is_not_backed_out);
	tcase_add_test(tc, it_does_not_pause_when_told_to_stop);
	tcase_add_test(tc, a_signal_ends_the_pause);
	tcase_add_test(tc, told_to_stop_it_leaves_nothing);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a start finds of an earlier one: an accepted function is kept only
 * where boot id and all tokens are the recorded ones; everything else is
 * unlocked, and each unlock is read back.
 */
#include <errno.h>

#include "unit.h"
#include "world.h"

static struct da_record record;
static struct function *f;

/* The earlier start's device, as it was accepted and recorded. */
static void
accepted_before(bool bound)
{
	set_up();
	f = &world.function[0];
	f->state = DA_STATE_RUN;
	f->locks = 3;
	f->collected = true;
	f->bound = bound;
	candidate.device.driver_bound = bound;
	memset(&record, 0, sizeof(record));
	memcpy(record.boot_id, WORLD_BOOT, sizeof(record.boot_id));
	memcpy(record.device, f->name, sizeof(record.device));
	memcpy(record.token, world.ticket.token, sizeof(record.token));
	record.token[DA_TOKEN_LOCK].bytes[0] = 3;
	record.token[DA_TOKEN_MEASUREMENTS].bytes[0] = 1;
	record.token[DA_TOKEN_REPORT].bytes[0] = 1;
	memset(record.device_key, 0x77, sizeof(record.device_key));
	snprintf(record.class_name, sizeof(record.class_name), "gpu");
	snprintf(record.subject, sizeof(record.subject), "CN=then");
	pusher.record = &record;
	pusher.n_records = 1;
}

/* -- kept -- */

START_TEST(an_accepted_one_is_kept)
{
	accepted_before(true);
	ck_assert_int_eq(run_one(), 0);
	ck_assert_str_eq(world.events, "sort,look,count,tell");
	ck_assert(f->outcome.accepted && f->outcome.kept);
	ck_assert_str_eq(f->outcome.class_name, "gpu");
	ck_assert_str_eq(f->outcome.subject, "CN=then");
	ck_assert_uint_eq(f->outcome.tries, 0);
	ck_assert(f->told_ticket && !f->told_bundle);
	ck_assert(f->bound && f->state == DA_STATE_RUN);
}
END_TEST

START_TEST(a_kept_one_outlives_a_stop)
{
	static volatile sig_atomic_t stop = 1;

	accepted_before(true);
	pusher.stop = &stop;
	world.count_min = 2;
	ck_assert_int_eq(run_one(), 0);
	ck_assert(f->outcome.kept && !happened("unlock"));
	ck_assert(!happened("void"));
}
END_TEST

START_TEST(a_kept_one_counts)
{
	accepted_before(true);
	make_devices(2);
	accepted_before(true);
	make_candidate(&several[1], "0000:02:00.0");
	several[0] = candidate;
	world.count_min = 2;
	ck_assert_int_eq(da_push_all(&pusher, several, 2), 0);
	ck_assert_uint_eq(world.count.n, 2);
	ck_assert_str_eq(world.count.one[0].class_name, "gpu");
	ck_assert_uint_eq(world.count.one[0].device_key[47], 0x77);
	ck_assert_int_eq(times("lock"), 1);
	ck_assert_int_eq(times("bind"), 1);
	/* Where the number is not wanted, it is refused as well. */
	accepted_before(true);
	world.count_min = 2;
	ck_assert_int_eq(run_one(), 1);
	ck_assert(!f->outcome.accepted && !f->outcome.kept);
	ck_assert(f->outcome.left_locked && !happened("void"));
}
END_TEST

START_TEST(one_without_its_driver_gets_it_now)
{
	accepted_before(false);
	ck_assert_int_eq(run_one(), 0);
	ck_assert_str_eq(world.events,
	    "sort,look,count,look,record,bind,tell");
	ck_assert(f->outcome.accepted && f->outcome.kept && f->bound);
	ck_assert_mem_eq(&world.record, &record, sizeof(record));
}
END_TEST

START_TEST(a_kept_one_whose_driver_cannot_bind_is_backed_out)
{
	accepted_before(false);
	world.fail = "bind";
	ck_refused(9);
	ck_assert_int_eq(times("void"), 1);
	accepted_before(false);
	world.fail = "record";
	ck_assert_int_eq(run_one(), 1);
	ck_assert(happened("void") && happened("look back"));
	ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
}
END_TEST

static void
falls_after_the_look(int n, struct da_ticket *t)
{
	(void)n;
	if (happened("count"))
		t->state = DA_STATE_ERROR;
}

START_TEST(a_kept_one_that_moves_before_the_driver_is_backed_out)
{
	accepted_before(false);
	world.at_ticket = falls_after_the_look;
	ck_assert_int_eq(run_one(), 9);
	ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_MOVED);
	ck_assert(happened("unlock") && !happened("bind"));
	/* Nobody can say that it does not run, but its tokens are others. */
	ck_assert(f->outcome.left_locked && !happened("void"));
}
END_TEST

START_TEST(a_driver_keeps_what_an_older_policy_accepted)
{
	accepted_before(true);
	pusher.policy_id[0] = 1;
	record.policy_id[0] = 2;
	ck_assert_int_eq(run_one(), 0);
	ck_assert(f->outcome.kept);
	ck_assert_uint_eq(f->outcome.policy_id[0], 2);
	/* Without a driver today's policy is asked. */
	accepted_before(false);
	pusher.policy_id[0] = world.verdict.policy_id[0] = 1;
	record.policy_id[0] = 2;
	ck_assert_int_eq(run_one(), 0);
	ck_assert(f->outcome.accepted && !f->outcome.kept);
	ck_assert_uint_eq(f->outcome.policy_id[0], 1);
	ck_assert_ptr_nonnull(strstr(world.events,
	    "sort,look,unlock,look back,void,lock,"));
	ck_assert_uint_eq(world.record.policy_id[0], 1);
}
END_TEST

/* -- not kept -- */

enum { NO_RECORD, BOOT, NO_BOOT, DEVICE, LOCK, MEASUREMENTS, REPORT, LENGTH,
	NO_LOCK_TOKEN, DIFFERENCES };

static void
no_lock_token(int n, struct da_ticket *t)
{
	(void)n;
	t->token[DA_TOKEN_LOCK].len = 0;
}

static void
differ(int what)
{
	if (what == NO_RECORD)
		pusher.n_records = 0;
	if (what == BOOT)
		record.boot_id[0] = '2';
	if (what == NO_BOOT)
		record.boot_id[0] = pusher.boot_id[0] = '\0';
	if (what == DEVICE)
		record.device[3] = '1';
	if (what == LOCK)
		record.token[DA_TOKEN_LOCK].bytes[7] ^= 1;
	if (what == MEASUREMENTS)
		record.token[DA_TOKEN_MEASUREMENTS].bytes[7] ^= 1;
	if (what == REPORT)
		record.token[DA_TOKEN_REPORT].bytes[7] ^= 1;
	if (what == LENGTH)
		record.token[DA_TOKEN_REPORT].len = 7;
	if (what == NO_LOCK_TOKEN) {
		record.token[DA_TOKEN_LOCK].len = 0;
		world.at_ticket = no_lock_token;
	}
}

START_TEST(whatever_differs_is_a_stranger)
{
	for (int i = 0; i < DIFFERENCES; i++) {
		accepted_before(true);
		differ(i);
		ck_assert_int_eq(run_one(), 9);
		ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_STRANGER);
		ck_assert(!f->outcome.accepted && f->outcome.left_locked);
		ck_assert_int_eq(times("lock"), 0);
		/* Without a driver it is unlocked and judged anew. */
		accepted_before(false);
		differ(i);
		run_one();
		ck_assert_ptr_nonnull(strstr(world.events,
		    "unlock,look back,"));
		ck_assert(!f->outcome.kept);
	}
}
END_TEST

START_TEST(a_record_that_is_not_believed_is_void)
{
	accepted_before(false);
	differ(LOCK);
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_eq(times("void"), 1);
	ck_assert_ptr_nonnull(strstr(world.events,
	    "look,unlock,look back,void,lock"));
	/* Also where it is unlocked by now. */
	accepted_before(false);
	f->state = DA_STATE_UNLOCKED;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_eq(times("void"), 1);
	ck_assert_int_eq(times("unlock"), 0);
}
END_TEST

/* A policy that was wrong for a while is no reason to forget the truth. */
START_TEST(a_record_outlives_what_cannot_be_undone)
{
	accepted_before(true);
	f->what = DA_SORT_REFUSED;
	ck_assert_int_eq(run_one(), 9);
	ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_LEFT_LOCKED);
	ck_assert_int_eq(times("void"), 0);
	/* Likewise where the number is not wanted. */
	accepted_before(true);
	world.count_min = 2;
	run_one();
	ck_assert(!f->outcome.accepted && f->outcome.left_locked);
	ck_assert_int_eq(times("void"), 0);
	accepted_before(false);
	world.count_min = 2;
	run_one();
	ck_assert_int_eq(times("void"), 1);
}
END_TEST

START_TEST(a_locked_one_is_always_unlocked)
{
	static const uint8_t states[] = { DA_STATE_LOCKED, DA_STATE_ERROR };

	for (size_t i = 0; i < 2; i++) {
		/* A record does not help it. */
		accepted_before(false);
		f->state = states[i];
		ck_assert_int_eq(run_one(), 0);
		ck_assert_ptr_nonnull(strstr(world.events,
		    "look,unlock,look back,void,lock,ticket 1"));
		ck_assert(f->outcome.accepted && !f->outcome.kept);
		/* One that cannot be unlocked is refused, and not judged. */
		accepted_before(false);
		f->state = states[i];
		world.fail = "unlock";
		ck_assert_int_eq(run_one(), 9);
		ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_LEFT_LOCKED);
		ck_assert(f->outcome.left_locked && !happened("lock"));
		/* Nor one of which the kernel only says so. */
		accepted_before(false);
		f->state = states[i];
		f->sticks = true;
		ck_assert_int_eq(run_one(), 9);
		ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_LEFT_LOCKED);
		ck_assert_int_eq(times("look back"), 1);
	}
}
END_TEST

START_TEST(one_that_is_not_judged_is_unlocked_too)
{
	static const struct {
		enum da_disposition what;
		int class;
		enum da_why why;
	} cases[] = { { DA_SORT_REFUSED, 5, DA_F_POLICY_OTHER },
		{ DA_SORT_NO_TEE, 5, DA_F_POLICY_NO_TEE },
		{ DA_SORT_UNTRUSTED, 5, DA_F_NONE } };
	static const uint8_t states[] = { DA_STATE_LOCKED, DA_STATE_RUN,
		DA_STATE_ERROR };

	for (size_t i = 0; i < 9; i++) {
		accepted_before(false);
		f->what = cases[i / 3].what;
		f->state = states[i % 3];
		ck_assert_int_eq(run_one(), cases[i / 3].class);
		ck_assert_int_eq(times("unlock"), 1);
		ck_assert_int_eq(times("look back"), 1);
		ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
		if (cases[i / 3].why != DA_F_NONE)
			ck_fault(f->outcome.refusal.fault, cases[i / 3].why);
		ck_assert(f->left == (f->what == DA_SORT_UNTRUSTED));
		/* Locked for good it is not left to anyone. */
		accepted_before(false);
		f->what = cases[i / 3].what;
		f->state = states[i % 3];
		world.fail = "unlock";
		ck_assert_int_eq(run_one(), 9);
		ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_LEFT_LOCKED);
		ck_assert(!f->left);
	}
}
END_TEST

/* -- states that nobody tells -- */

static void
not_told(int n, struct da_ticket *t)
{
	(void)n;
	t->state = DA_STATE_UNKNOWN;
	t->state_trusted = 0;
}

START_TEST(a_state_that_nobody_tells_is_tried)
{
	/* Tokens and boot id are the recorded ones: it is that lock. */
	accepted_before(true);
	world.at_ticket = not_told;
	ck_assert_int_eq(run_one(), 0);
	ck_assert(f->outcome.kept);
	/* Else an unlock is tried once, and the lock that follows tells. */
	accepted_before(false);
	world.at_ticket = not_told;
	differ(NO_RECORD);
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_eq(times("unlock"), 1);
	ck_assert_ptr_nonnull(strstr(world.events,
	    "look,unlock,look back,lock"));
	ck_assert_str_eq(f->outcome.unlock_text, "");
	accepted_before(false);
	world.at_ticket = not_told;
	differ(NO_RECORD);
	world.fail = "unlock";
	ck_assert_int_eq(run_one(), 9);
	ck_fault(f->outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
	ck_assert_ptr_nonnull(strstr(world.events,
	    "look,unlock,look,lock,unlock,look,tell"));
}
END_TEST

START_TEST(no_ticket_before_the_lock_is_no_refusal)
{
	set_up();
	world.function[0].no_ticket = true;
	world.fail = "unlock";
	ck_assert_int_eq(run_one(), 0);
	ck_assert(!candidate.in_doubt);	/* the lock went well: it is ours */
	/* One that can have no lock, by the kernel's word, is free. */
	set_up();
	world.function[0].no_ticket = true;
	world.function[0].what = DA_SORT_NO_TEE;
	candidate.device.tee = DA_TRI_FALSE;
	world.fail = "unlock";
	world.error = EOPNOTSUPP;
	ck_refused(5);
	ck_assert_int_eq(times("unlock"), 1);
	ck_assert(!candidate.outcome.left_locked);
}
END_TEST

static const enum da_disposition not_judged[] = { DA_SORT_REFUSED,
	DA_SORT_NO_TEE, DA_SORT_UNTRUSTED };

/* Left locked, its ticket cannot be read, and the host hides what it is. */
static void
hidden(enum da_disposition what, uint8_t state, bool bound)
{
	accepted_before(bound);
	candidate.device.tee = DA_TRI_FALSE;
	f->what = what;
	f->state = state;
	world.fail = "look";
}

START_TEST(what_cannot_be_read_is_unlocked)
{
	static const uint8_t states[] = { DA_STATE_LOCKED, DA_STATE_RUN,
		DA_STATE_ERROR };

	for (size_t i = 0; i < 9; i++) {
		hidden(not_judged[i / 3], states[i % 3], false);
		ck_assert_int_eq(run_one(), 5);
		ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
		ck_assert_int_eq(times("unlock"), 1);
		ck_assert(!f->outcome.left_locked);
		ck_assert(f->left == (f->what == DA_SORT_UNTRUSTED));
		/* Nor can it be read back; unless it can have no lock. */
		hidden(not_judged[i / 3], states[i % 3], false);
		world.fail_too = "look back";
		world.error = EOPNOTSUPP;
		ck_assert_int_eq(run_one(), 5);
		ck_assert(!f->outcome.left_locked);
		hidden(not_judged[i / 3], states[i % 3], false);
		world.fail_too = "look back";
		ck_assert_int_eq(run_one(), 9);
		ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
		ck_assert(!f->left && !f->outcome.untrusted);
		/* Nor unlocked. */
		hidden(not_judged[i / 3], states[i % 3], false);
		world.fail_too = "unlock";
		ck_assert_int_eq(run_one(), 9);
		ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
		ck_assert_ptr_nonnull(strstr(f->outcome.unlock_text,
		    "state is not known"));
		ck_assert(!f->left && !f->outcome.untrusted);
		if (f->what == DA_SORT_UNTRUSTED)
			ck_fault(f->outcome.refusal.fault,
			    DA_F_KERNEL_LEFT_LOCKED);
	}
}
END_TEST

START_TEST(what_runs_with_a_driver_unread_is_told)
{
	for (size_t i = 0; i < 3; i++) {
		hidden(not_judged[i], DA_STATE_RUN, true);
		ck_assert_int_eq(run_one(), 9);
		ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
		ck_assert(!f->outcome.untrusted && f->outcome.had_driver);
		ck_assert(f->bound && f->state == DA_STATE_RUN);
		/* The second look says what it is: then that is told. */
		hidden(not_judged[i], DA_STATE_RUN, true);
		world.fail_times = 1;
		ck_assert_int_eq(run_one(), 9);
		ck_assert(f->outcome.left_locked && !f->outcome.state_unknown);
	}
	/* Also where its capability is shown, and it was to be judged. */
	hidden(DA_SORT_JUDGE, DA_STATE_RUN, true);
	candidate.device.tee = DA_TRI_TRUE;
	ck_assert_int_eq(run_one(), 9);
	ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
	ck_assert_int_eq(times("lock"), 0);
}
END_TEST

START_TEST(a_free_one_in_doubt_is_no_failed_unlock)
{
	for (size_t i = 0; i < 3; i++) {
		hidden(not_judged[i], DA_STATE_UNLOCKED, false);
		world.fail_times = 1;
		world.fail_too = "unlock";
		world.error = EINVAL;
		ck_assert_int_eq(run_one(), 5);
		ck_assert(!f->outcome.left_locked);
		ck_assert_str_eq(f->outcome.unlock_text, "");
	}
}
END_TEST

static void
untrusted_unlocked(int n, struct da_ticket *t)
{
	(void)n;
	t->state = DA_STATE_UNLOCKED;
	t->state_trusted = 0;
}

START_TEST(unlocked_is_believed_of_a_trusted_state_only)
{
	for (size_t i = 0; i < 3; i++) {
		accepted_before(false);
		f->what = not_judged[i];
		world.at_ticket = untrusted_unlocked;
		ck_assert_int_eq(run_one(), 5);
		ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
		accepted_before(true);
		f->what = not_judged[i];
		world.at_ticket = untrusted_unlocked;
		ck_assert_int_eq(run_one(), 9);
		ck_assert(f->outcome.left_locked && f->outcome.state_unknown);
	}
}
END_TEST

static void
ticket_from_the_lock_on(const char *event)
{
	if (strcmp(event, "lock") == 0)
		f->no_ticket = false;
}

/* It may be done any time: what a ticket says of now is not enough. */
START_TEST(a_lock_that_timed_out_stays_a_failed_unlock)
{
	set_up();
	f = &world.function[0];
	f->no_ticket = true;
	world.fail = "lock";
	world.fail_too = "unlock";
	world.error = ETIMEDOUT;
	world.at_event = ticket_from_the_lock_on;
	ck_assert_int_eq(run_one(), 9);
	ck_assert(f->outcome.left_locked && !f->outcome.state_unknown);
}
END_TEST

/* Who cannot ask the policy does not take a running device away. */
START_TEST(unsorted_what_runs_is_left_alone)
{
	accepted_before(true);
	world.fail = "sort";
	ck_assert_int_eq(run_one(), 1);
	ck_assert_str_eq(world.events, "sort,look,tell");
	ck_assert(!f->outcome.accepted && f->state == DA_STATE_RUN);
	accepted_before(false);
	world.fail = "sort";
	f->state = DA_STATE_LOCKED;
	ck_assert_int_eq(run_one(), 1);
	ck_assert_uint_eq(f->state, DA_STATE_UNLOCKED);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: what an earlier start left");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, an_accepted_one_is_kept);
	tcase_add_test(tc, a_kept_one_outlives_a_stop);
	tcase_add_test(tc, a_kept_one_counts);
	tcase_add_test(tc, one_without_its_driver_gets_it_now);
	tcase_add_test(tc, a_kept_one_whose_driver_cannot_bind_is_backed_out);
	tcase_add_test(tc,
	    a_kept_one_that_moves_before_the_driver_is_backed_out);
	tcase_add_test(tc, a_driver_keeps_what_an_older_policy_accepted);
	tcase_add_test(tc, whatever_differs_is_a_stranger);
	tcase_add_test(tc, a_record_that_is_not_believed_is_void);
	tcase_add_test(tc, a_record_outlives_what_cannot_be_undone);
	tcase_add_test(tc, a_locked_one_is_always_unlocked);
	tcase_add_test(tc, one_that_is_not_judged_is_unlocked_too);
	tcase_add_test(tc, a_state_that_nobody_tells_is_tried);
	tcase_add_test(tc, no_ticket_before_the_lock_is_no_refusal);
	tcase_add_test(tc, what_cannot_be_read_is_unlocked);
	tcase_add_test(tc, what_runs_with_a_driver_unread_is_told);
	tcase_add_test(tc, a_free_one_in_doubt_is_no_failed_unlock);
	tcase_add_test(tc, unlocked_is_believed_of_a_trusted_state_only);
	tcase_add_test(tc, a_lock_that_timed_out_stays_a_failed_unlock);
	tcase_add_test(tc, unsorted_what_runs_is_left_alone);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the pusher waits for a role: once, whatever comes late, and never
 * beyond the boot's deadline.  The clock is the test's own, and who sleeps is
 * woken: that, too, is told.
 */
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "guestd/clock.h"
#include "guestd/roles.h"
#include "unit.h"

#define WAIT_MS		60000
#define WAKE_S		3

static struct da_live_roles roles;
static int ends[2];
static bool stands_still;

/* A minute goes by as soon as the socket has been read empty. */
int64_t
da_now_ms(void)
{
	struct pollfd p = { .fd = ends[0], .events = POLLIN };

	return stands_still || poll(&p, 1, 0) == 1 ? 1000 :
	    1000 + 2 * WAIT_MS;
}

static void
on_alarm(int number)
{
	(void)number;
}

static void
set_up(void)
{
	static const struct da_target target = { .kind = DA_TARGET_UNIX };
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct itimerval wake = { .it_value = { .tv_sec = WAKE_S } };

	stands_still = false;
	ck_assert(da_msg_pair(ends));
	da_roles_init(&roles, ends[0], ends[0], ends[0], &target);
	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &wake, NULL), 0);
}

static void
tear_down(void)
{
	const struct itimerval none = { .it_value = { 0 } };

	setitimer(ITIMER_REAL, &none, NULL);
	close(ends[0]);
	close(ends[1]);
}

/* Each late answer would win its sender as much time again. */
START_TEST(a_late_answer_wins_no_time)
{
	struct da_msg_fetched late = {
		.head = da_msg_head(DA_MSG_FETCHED, 1) };
	uint8_t request[DA_WIRE_REQUEST_SIZE] = { 0 };
	struct da_fetched fetched;
	struct da_refusal why;

	roles.serial = 1;
	ck_assert(da_msg_send(ends[1], &late, sizeof(late), NULL, 0));
	ck_assert(!roles.base.ops->fetch(&roles.base, request, WAIT_MS,
	    &fetched, &why));
	ck_assert_str_eq(why.text, "the receiver did not answer in time");
}
END_TEST

static bool
appraise(struct da_refusal *why)
{
	static struct da_msg_job job;
	static struct da_verdicts verdicts;
	const struct da_seal seal = { { 0 } };
	const int memfd = STDIN_FILENO;

	job.n = 1;
	stands_still = true;
	return roles.base.ops->appraise(&roles.base, &job, &memfd, &seal,
	    &verdicts, why);
}

/* The boot's time is over: no judge gets more, and that is why not. */
START_TEST(a_judge_has_no_more_time_than_the_boot)
{
	struct da_refusal why;

	roles.judge_ms = WAIT_MS;
	roles.deadline_ms = 1000 + 10;
	/* It comes while the judge is waited for. */
	ck_assert(!appraise(&why));
	ck_assert_str_eq(why.text, "the appraiser did not answer in time");
	roles.deadline_ms = 1000;
	ck_assert(!appraise(&why));
	ck_fault(why.fault, DA_F_TRANSPORT_DEADLINE);
	ck_assert_int_eq(why.exit_class, 10);
}
END_TEST

START_TEST(a_judge_has_no_more_time_than_a_judge)
{
	struct da_refusal why;

	roles.judge_ms = 10;
	roles.deadline_ms = 1000 + WAIT_MS;
	ck_assert(!appraise(&why));
	ck_assert_str_eq(why.text, "the appraiser did not answer in time");
	ck_assert_int_eq(why.exit_class, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("patience with roles");
	TCase *tc = tcase_create("time");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_late_answer_wins_no_time);
	tcase_add_test(tc, a_judge_has_no_more_time_than_the_boot);
	tcase_add_test(tc, a_judge_has_no_more_time_than_a_judge);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

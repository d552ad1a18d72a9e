/* SPDX-License-Identifier: Apache-2.0 */
/* The steward's state where two things come at once: an end, and a reload. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guestd/steward_parts.h"
#include "unit.h"

static const struct da_steward_setup setup;
static struct steward s;
static int warden;		/* the next one's end */

static void
set_up(void)
{
	const struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t set;
	int ends[2];

	/* What hits our own group is found pending. */
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert(da_msg_pair(ends));
	warden = ends[1];
	s = (struct steward){ .setup = &setup, .signals = -1,
		.crew = DA_CREW_NONE, .next = DA_CREW_NONE,
		.has_next = true, .stage = DA_STAGE_DECIDED,
		.asked = { .listening = -1 } };
	s.next.warden_sock = ends[0];
}

static void
tear_down(void)
{
	close(warden);
	da_crew_end(&s.next);
}

static void
next_says(uint32_t ready)
{
	struct da_msg_ready word = { .head = da_msg_head(DA_MSG_READY, 0),
		.ready = ready, .text = "no policy" };

	ck_assert(da_msg_send(warden, &word, sizeof(word), NULL, 0));
	da_steward_on_next_ready(&s);
	ck_assert_int_eq(s.next.warden_sock, -1);
}

/* A pusher that hangs is killed when its time is over, reload or not. */
START_TEST(an_end_keeps_its_patience)
{
	s.ending = true;
	s.until_ms = 12345;
	next_says((uint32_t)_i);
	ck_assert_int_eq(s.until_ms, 12345);
	ck_assert(!s.replacing);
}
END_TEST

/* Without an end it is taken: the one there is is told to back out. */
START_TEST(a_ready_warden_replaces_the_old)
{
	int status;

	s.crew.pusher = fork();
	if (s.crew.pusher == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigsuspend(&none);
		_exit(0);
	}
	next_says(1);
	ck_assert(s.replacing);
	ck_assert_int_gt(s.until_ms, 0);
	ck_assert_int_eq(waitpid(s.crew.pusher, &status, 0), s.crew.pusher);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
END_TEST

/* A pusher that was reaped has number 0, and that is all of our group. */
START_TEST(one_that_is_gone_is_not_signalled)
{
	sigset_t pending;

	next_says(1);
	da_steward_stop_pusher(&s);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGTERM), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("steward");
	TCase *tc = tcase_create("end and reload");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, an_end_keeps_its_patience, 0, 2);
	tcase_add_test(tc, a_ready_warden_replaces_the_old);
	tcase_add_test(tc, one_that_is_gone_is_not_signalled);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What was decided, round by round, and the socket that tells it. */
#include <errno.h>

#include "guestd/status.h"
#include "policy/strictjson.h"
#include "tmpfolder.h"

static struct da_told told;
static struct da_run run;
static struct da_status status;
static uint8_t policy_id[48] = { 0xab };
static struct da_status_facts facts;

static void
set_up(void)
{
	char why[320];

	make_tmp();
	ck_assert(da_told_new(&told));
	ck_assert(da_run_open(in_tmp("run"), &run, why, sizeof(why)));
	ck_assert(da_status_open(&run, &status));
	facts = (struct da_status_facts){ .boot_id = "boot",
		.kernel = "soft:/k", .policy_name = "p",
		.policy_id = policy_id, .since = 1795000000, .told = &told };
}

static void
tear_down(void)
{
	da_status_close(&status, &run);
	da_run_close(&run);
	da_told_free(&told);
	remove_tmp();
}

static struct da_outcome
outcome(const char *device, bool accepted)
{
	struct da_outcome o = { .accepted = accepted };

	snprintf(o.device, sizeof(o.device), "%s", device);
	if (!accepted)
		da_own_fault(&o.refusal, "for the test");
	return o;
}

/* -- rounds -- */

START_TEST(a_round_takes_an_earlier_ones_place)
{
	struct da_outcome a = outcome("0000:01:00.0", true);
	struct da_outcome b = outcome("0000:02:00.0", true);

	ck_assert(da_told_add(&told, &a, 10) && da_told_add(&told, &b, 10));
	da_told_end(&told);
	ck_assert_uint_eq(da_told_accepted(&told), 2);
	da_told_begin(&told);
	ck_assert_uint_eq(da_told_accepted(&told), 0);
	a.kept = true;
	ck_assert(da_told_add(&told, &a, 20));
	da_told_end(&told);
	ck_assert_uint_eq(told.n, 1);
	ck_assert_int_eq(told.one[0].since, 10);	/* it never stopped */
	/* Refused in between, and judged anew: since now. */
	b = outcome("0000:01:00.0", false);
	ck_assert(da_told_add(&told, &b, 30));
	ck_assert_int_eq(told.one[0].since, 30);
	ck_assert(da_told_add(&told, &a, 40));
	ck_assert_int_eq(told.one[0].since, 40);
	a.kept = false;
	ck_assert(da_told_add(&told, &a, 50));
	ck_assert_int_eq(told.one[0].since, 50);
}
END_TEST

START_TEST(more_devices_than_a_guest_has_are_not_told)
{
	char name[DA_BDF_SIZE];
	struct da_outcome o;

	for (int i = 0; i <= DA_MAX_DEVICES; i++) {
		snprintf(name, sizeof(name), "%04x:00:00.0", i);
		o = outcome(name, true);
		ck_assert(da_told_add(&told, &o, 1) == (i < DA_MAX_DEVICES));
	}
}
END_TEST

START_TEST(yes_is_only_yes_when_it_could_be_said)
{
	struct da_outcome o = outcome("0000:01:00.0", true);
	FILE *full = fopen("/dev/full", "w");
	char text[2000];
	FILE *out = fmemopen(text, sizeof(text), "w");

	da_told_add(&told, &o, 1);
	ck_assert(!da_told_print(&told, full, false, 0));
	clearerr(full);
	ck_assert(!da_told_print(&told, full, true, 0));
	fclose(full);
	ck_assert(da_told_print(&told, out, true, 0));
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "\"accepted\""));
}
END_TEST

/* -- the object -- */

static struct da_json *
object(void)
{
	struct da_json_error error;
	char *text = da_status_text(&facts);
	struct da_json *root;

	ck_assert_ptr_nonnull(text);
	root = da_json_parse(da_slice_str(text), &error);
	ck_assert_msg(root != NULL, "%s", text);
	free(text);
	return root;
}

static void
ck_text(const struct da_json *o, const char *key, const char *value)
{
	struct da_slice s;

	ck_assert(da_json_string(da_json_get(o, key), &s));
	ck_assert_msg(da_slice_eq(s, da_slice_str(value)), "%s: %.*s", key,
	    (int)s.n, (const char *)s.p);
}

START_TEST(the_object_says_what_was_decided)
{
	struct da_outcome o = outcome("0000:01:00.0", true);
	struct da_json *root;
	const struct da_json *device;
	int64_t number;

	da_told_add(&told, &o, 1795000001);
	facts.decided = true;
	root = object();
	ck_text(root, "verb", "status");
	ck_text(root, "result", "accepted");
	ck_text(root, "boot-id", "boot");
	ck_text(root, "kernel", "soft:/k");
	ck_text(root, "since", "2026-11-18T11:06:40Z");
	ck_text(da_json_get(root, "policy"), "name", "p");
	ck_assert(da_json_int(da_json_get(root, "exit"), &number));
	ck_assert_int_eq(number, 0);
	device = da_json_at(da_json_get(root, "devices"), 0);
	ck_text(device, "device", "0000:01:00.0");
	ck_text(device, "since", "2026-11-18T11:06:41Z");
	da_json_free(root);
}
END_TEST

START_TEST(while_it_judges_nothing_of_before_is_told)
{
	struct da_outcome o = outcome("0000:01:00.0", true);
	struct da_json *root;
	int64_t number;

	da_told_add(&told, &o, 1);
	da_told_begin(&told);
	facts.policy_name = NULL;
	facts.boot_id = "";
	root = object();
	ck_text(root, "result", "judging");
	ck_assert(!da_json_int(da_json_get(root, "exit"), &number));
	ck_assert_ptr_null(da_json_get(root, "policy"));
	ck_assert_ptr_null(da_json_get(root, "boot-id"));
	ck_assert_uint_eq(da_json_length(da_json_get(root, "devices")), 0);
	da_json_free(root);
}
END_TEST

/* -- the socket -- */

static int
ask(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s/run/status.sock", tmp);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

/* The daemon's side, until it has nothing to do. */
static void
turn(void)
{
	struct pollfd p[DA_STATUS_POLLS];

	do {
		da_status_turn(&status, &facts);
		da_status_waits(&status, p);
	} while (poll(p, DA_STATUS_POLLS, 0) > 0);
}

/* All that comes until the end; -1: no end has come. */
static ssize_t
take(int fd)
{
	static char buf[65536];
	ssize_t n, all = 0;

	for (;;) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EAGAIN)
			return -1;
		if (n <= 0)
			return all;
		all += n;
		turn();
	}
}

static void
many_devices(void)
{
	char name[DA_BDF_SIZE];
	struct da_outcome o;

	for (int i = 0; i < DA_MAX_DEVICES; i++) {
		snprintf(name, sizeof(name), "%04x:00:00.0", i);
		o = outcome(name, false);
		o.has_findings = true;
		da_findings_start(&o.findings);
		for (int c = 0; c < DA_CHK_COUNT; c++)
			da_found(&o.findings, (enum da_check)c, DA_UNKNOWN);
		da_told_add(&told, &o, 1);
	}
}

START_TEST(whoever_may_ask_is_answered_and_that_is_all)
{
	struct stat st;
	int fd = ask();

	ck_assert_int_eq(stat(in_tmp("run/status.sock"), &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	turn();
	ck_assert_int_gt(take(fd), 100);
	close(fd);
}
END_TEST

/* One that reads nothing holds nobody up, and is answered when it reads. */
START_TEST(one_that_does_not_read_blocks_nobody)
{
	int slow, quick;
	ssize_t n;

	many_devices();
	slow = ask();
	turn();
	ck_assert_int_ge(status.asker[0].fd, 0);	/* it waits */
	quick = ask();
	turn();
	n = take(quick);
	ck_assert_int_gt(n, 200000);
	ck_assert_int_eq(take(slow), n);
	close(slow);
	close(quick);
}
END_TEST

START_TEST(too_many_that_do_not_read_lose_the_oldest)
{
	int fd[DA_STATUS_ASKERS + 1];
	ssize_t first, last;

	many_devices();
	for (int i = 0; i <= DA_STATUS_ASKERS; i++) {
		fd[i] = ask();
		turn();
	}
	last = take(fd[DA_STATUS_ASKERS]);
	first = take(fd[0]);
	ck_assert_int_gt(last, first);	/* cut short */
	for (int i = 1; i < DA_STATUS_ASKERS; i++)
		ck_assert_int_eq(take(fd[i]), last);
	for (int i = 0; i <= DA_STATUS_ASKERS; i++)
		close(fd[i]);
}
END_TEST

START_TEST(one_that_hangs_up_is_forgotten)
{
	int fd;

	many_devices();
	fd = ask();
	turn();
	ck_assert_int_ge(status.asker[0].fd, 0);
	close(fd);
	turn();
	ck_assert_int_lt(status.asker[0].fd, 0);
}
END_TEST

/* Each asks as another user; the socket itself is opened to him for that. */
START_TEST(others_are_not_answered)
{
	int ends[2], result;
	pid_t child;

	if (geteuid() != 0) {
		printf("SKIPPED: only root can become another user\n");
		return;
	}
	ck_assert_int_eq(pipe(ends), 0);
	chmod(tmp, 0711);
	chmod(in_tmp("run"), 0711);
	chmod(in_tmp("run/status.sock"), 0666);
	child = fork();
	if (child == 0) {
		int fd;

		if (setresuid(61199, 61199, 61199) != 0)
			_exit(1);
		fd = ask();
		fcntl(fd, F_SETFL, 0);
		(void)!write(ends[1], "c", 1);
		result = (int)take(fd);
		(void)!write(ends[1], &result, sizeof(result));
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &(char){ 0 }, 1), 1);
	turn();
	ck_assert_int_eq(read(ends[0], &result, sizeof(result)),
	    sizeof(result));
	ck_assert_int_eq(result, 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_stale_socket_is_no_hindrance)
{
	int fd;

	close(status.listening);
	ck_assert(da_status_open(&run, &status));
	fd = ask();
	turn();
	ck_assert_int_gt(take(fd), 100);
	close(fd);
	da_status_close(&status, &run);
	ck_assert_int_ne(access(in_tmp("run/status.sock"), F_OK), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("status");
	TCase *tc = tcase_create("status");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_round_takes_an_earlier_ones_place);
	tcase_add_test(tc, more_devices_than_a_guest_has_are_not_told);
	tcase_add_test(tc, yes_is_only_yes_when_it_could_be_said);
	tcase_add_test(tc, the_object_says_what_was_decided);
	tcase_add_test(tc, while_it_judges_nothing_of_before_is_told);
	tcase_add_test(tc, whoever_may_ask_is_answered_and_that_is_all);
	tcase_add_test(tc, one_that_does_not_read_blocks_nobody);
	tcase_add_test(tc, too_many_that_do_not_read_lose_the_oldest);
	tcase_add_test(tc, one_that_hangs_up_is_forgotten);
	tcase_add_test(tc, others_are_not_answered);
	tcase_add_test(tc, a_stale_socket_is_no_hindrance);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

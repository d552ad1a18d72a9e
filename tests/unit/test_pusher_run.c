/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher as a process, behind its filter: drivers are held back first,
 * nothing begins without GO, and whatever stands in the way is said.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "guestd/pusher.h"
#include "kernel-uapi/softproto.h"
#include "sanitized.h"
#include "unit.h"

static char folder[64], path[100];
static int listener, ops[2];
static int steward, receiver, warden;	/* our ends */
static pid_t kernel_pid, pusher_pid;
static uint32_t hold_error, n_functions;

/* By the plain call: what a sanitizer does at the end no filter allows. */
static void
leave(int status)
{
	syscall(SYS_exit_group, status);
}

/* -- a software kernel that says no more than it must -- */

static uint32_t
answer(const struct da_soft_request *q, struct da_soft_reply *ret)
{
	switch (q->op) {
	case DA_SOFT_HOLD:
		return hold_error;
	case DA_SOFT_BOOT_ID:
		memset(ret->body.boot_id, '7', DA_BOOT_ID_SIZE - 1);
		return 0;
	case DA_SOFT_LIST:
		ret->n = n_functions;
		for (uint32_t i = 0; i < n_functions; i++)
			snprintf(ret->body.device[i].name, DA_BDF_SIZE,
			    "0000:01:00.%x", i & 7);
		return 0;
	default:
		return EOPNOTSUPP;
	}
}

static void
serve(void)
{
	static struct da_soft_reply reply;
	struct da_soft_request q;
	int fd = accept(listener, NULL, NULL);

	while (recv(fd, &q, sizeof(q), 0) == sizeof(q)) {
		uint8_t op = (uint8_t)q.op;

		memset(&reply, 0, sizeof(reply));
		reply.version = DA_SOFT_VERSION;
		reply.op = q.op;
		reply.serial = q.serial;
		reply.error = answer(&q, &reply);
		if (write(ops[1], &op, 1) != 1 ||
		    send(fd, &reply, sizeof(reply), 0) < 0)
			break;
	}
	leave(0);
}

static void
set_up(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(folder, sizeof(folder), "/tmp/devattest-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/kernel", folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&at, sizeof(at)),
	    0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(pipe(ops), 0);
	hold_error = 0;
	n_functions = 0;
	kernel_pid = pusher_pid = 0;
}

static void
tear_down(void)
{
	if (kernel_pid > 0) {
		kill(kernel_pid, SIGKILL);
		waitpid(kernel_pid, NULL, 0);
	}
	unlink(path);
	rmdir(folder);
}

/* -- the play -- */

static void
close_all(const int *fds, int n)
{
	for (int i = 0; i < n; i++)
		close(fds[i]);
}

static void
begin(const struct da_pusher_setup *setup)
{
	int s[2], r[2], w[2];

	/* First, so that it holds no end of the roles' sockets open. */
	kernel_pid = fork();
	if (kernel_pid == 0)
		serve();
	ck_assert(da_msg_pair(s) && da_msg_pair(r) && da_msg_pair(w));
	pusher_pid = fork();
	if (pusher_pid == 0) {
		close_all((int[]){ s[0], r[0], w[0], listener, ops[0],
		    ops[1] }, 6);
		da_pusher_run(s[1], r[1], w[1], setup);
		leave(0);
	}
	close_all((int[]){ s[1], r[1], w[1], ops[1] }, 4);
	steward = s[0];
	receiver = r[0];
	warden = w[0];
}

static void
begin_plain(void)
{
	static struct da_pusher_setup setup;

	setup = (struct da_pusher_setup){ .kernel_socket = path,
		.max_tries = 1 };
	begin(&setup);
}

static void
send_go(enum da_msg_kind kind, uint32_t ready)
{
	struct da_msg_ready go = { .head = da_msg_head(kind, 0),
		.ready = ready, .deadline_s = 60 };

	ck_assert(da_msg_send(steward, &go, sizeof(go), NULL, 0));
}

/* The ends of the pusher's life: hung up, it goes by itself. */
static void
ck_ends_well(void)
{
	int status;

	ck_assert_int_eq(waitpid(pusher_pid, &status, 0), pusher_pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "wait status %x", status);
}

static void
hear_done(struct da_msg_done *ret)
{
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;

	ck_assert_msg(da_msg_recv(steward, ret, sizeof(*ret), 30000, NULL,
	    &got, &error), "%s", da_msg_error_text(error));
	ck_assert(da_msg_is(ret, &got, DA_MSG_DONE, sizeof(*ret), 0));
}

static uint8_t
next_op(void)
{
	uint8_t op = DA_SOFT_NONE;

	ck_assert_int_ge(read(ops[0], &op, 1), 0);
	return op;
}

static void
ck_done(int exit_class, const char *text)
{
	struct da_msg_done done;

	hear_done(&done);
	ck_assert_int_eq(done.exit_class, exit_class);
	ck_assert_msg(text[0] == '\0' ? done.text[0] == '\0' :
	    strstr(done.text, text) != NULL, "%s", done.text);
	ck_assert_uint_eq(done.n, 0);
	/* It stays, and keeps the kernel, until we are gone. */
	ck_assert_int_eq(waitpid(pusher_pid, NULL, WNOHANG), 0);
	close(steward);
	ck_ends_well();
}

START_TEST(without_a_kernel_it_says_so)
{
	close(listener);
	unlink(path);
	begin_plain();
	ck_done(1, strerror(ENOENT));
}
END_TEST

START_TEST(without_a_hold_nothing_is_judged)
{
	hold_error = EACCES;
	begin_plain();
	send_go(DA_MSG_GO, 1);
	ck_done(1, "drivers cannot be held back");
	ck_assert_uint_eq(next_op(), DA_SOFT_HOLD);
	kill(kernel_pid, SIGKILL);
	ck_assert_uint_eq(next_op(), DA_SOFT_NONE);
}
END_TEST

/* It holds at once, and looks around only after GO. */
START_TEST(it_holds_first_and_waits_for_go)
{
	begin_plain();
	ck_assert_uint_eq(next_op(), DA_SOFT_HOLD);
	ck_assert_uint_eq(next_op(), DA_SOFT_BOOT_ID);
	send_go(DA_MSG_GO, 1);
	ck_assert_uint_eq(next_op(), DA_SOFT_LIST);
	ck_done(5, "");
}
END_TEST

START_TEST(another_word_is_no_go)
{
	begin_plain();
	send_go(DA_MSG_READY, 1);
	ck_done(1, "something else than go");
}
END_TEST

START_TEST(a_policy_that_is_not_ready_is_no_go)
{
	begin_plain();
	send_go(DA_MSG_GO, 0);
	ck_done(1, "something else than go");
}
END_TEST

START_TEST(it_ends_without_its_steward)
{
	begin_plain();
	ck_assert_uint_eq(next_op(), DA_SOFT_HOLD);
	close(steward);
	ck_ends_well();
}
END_TEST

START_TEST(it_stops_before_go)
{
	begin_plain();
	ck_assert_uint_eq(next_op(), DA_SOFT_HOLD);
	ck_assert_uint_eq(next_op(), DA_SOFT_BOOT_ID);
	kill(pusher_pid, SIGTERM);
	ck_ends_well();
}
END_TEST

START_TEST(it_stops_after_done)
{
	struct da_msg_done done;

	begin_plain();
	send_go(DA_MSG_GO, 1);
	hear_done(&done);
	/* A terminal that hangs up does not end it. */
	kill(pusher_pid, SIGHUP);
	send_go(DA_MSG_GO, 1);
	kill(pusher_pid, SIGTERM);
	ck_ends_well();
}
END_TEST

/* The outcome is told, and why: the warden is gone. */
START_TEST(a_warden_that_is_gone_refuses_all)
{
	struct da_msg_outcome told;
	struct da_msg_done done;
	struct da_msg_got got;
	enum da_msg_error error;

	n_functions = 1;
	begin_plain();
	close(warden);
	send_go(DA_MSG_GO, 1);
	ck_assert(da_msg_recv(steward, &told, sizeof(told), 30000, NULL, &got,
	    &error));
	ck_assert(da_msg_is(&told, &got, DA_MSG_OUTCOME, sizeof(told), 0));
	ck_assert_str_eq(told.outcome.device, "0000:01:00.0");
	ck_assert(!told.outcome.accepted);
	ck_assert_uint_eq(told.has_ticket, 0);
	hear_done(&done);
	ck_assert_int_eq(done.exit_class, 1);
	ck_assert_uint_eq(done.n, 1);
	ck_assert_ptr_nonnull(strstr(done.text, "warden"));
	close(steward);
	ck_ends_well();
}
END_TEST

static int
run_tests(void)
{
	Suite *suite = suite_create("pusher: the process");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without_a_kernel_it_says_so);
	tcase_add_test(tc, without_a_hold_nothing_is_judged);
	tcase_add_test(tc, it_holds_first_and_waits_for_go);
	tcase_add_test(tc, another_word_is_no_go);
	tcase_add_test(tc, a_policy_that_is_not_ready_is_no_go);
	tcase_add_test(tc, it_ends_without_its_steward);
	tcase_add_test(tc, it_stops_before_go);
	tcase_add_test(tc, it_stops_after_done);
	tcase_add_test(tc, a_warden_that_is_gone_refuses_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

int
main(void)
{
	return filters_can_be_used("test_pusher_run") ? run_tests() : 77;
}

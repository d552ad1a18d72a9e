/* SPDX-License-Identifier: Apache-2.0 */
/* What a service manager is told, and the socket that it hands in. */
#include <errno.h>
#include <stdint.h>
#include <sys/wait.h>

#include "guestd/notify.h"
#include "tmpfolder.h"

static int sock;

static void
listen_here(void)
{
	make_tmp();
	sock = datagrams_at(in_tmp("notify"));
}

static void
close_here(void)
{
	close(sock);
	remove_tmp();
}

static const char *
heard(int fd)
{
	static char text[1024];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

START_TEST(a_manager_at_a_path_hears)
{
	struct da_notify notify;

	setenv("NOTIFY_SOCKET", in_tmp("notify"), 1);
	notify = da_notify_open();
	ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
	da_notify(&notify, "READY=1\nSTATUS=%d of %d", 1, 2);
	ck_assert_str_eq(heard(sock), "READY=1\nSTATUS=1 of 2");
	da_notify_reloading(&notify);
	ck_assert_ptr_nonnull(strstr(heard(sock),
	    "RELOADING=1\nMONOTONIC_USEC="));
}
END_TEST

/* An abstract name has no file; its length says where it ends. */
START_TEST(a_manager_with_an_abstract_name_hears)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char name[80];
	struct da_notify notify;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	size_t n = (size_t)snprintf(name, sizeof(name), "@devattest-test-%d",
	    (int)getpid());

	memcpy(un.sun_path + 1, name + 1, n - 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	notify = da_notify_open();
	da_notify(&notify, "STOPPING=1");
	ck_assert_str_eq(heard(fd), "STOPPING=1");
	close(fd);
}
END_TEST

/* READY=1 is said once: a full queue is no reason to leave it out. */
START_TEST(a_busy_manager_is_waited_for)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct da_notify notify;
	pid_t child;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0), full = 0;

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", in_tmp("notify"));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	while (send(fd, "noise", 5, 0) == 5)
		full++;
	close(fd);
	setenv("NOTIFY_SOCKET", in_tmp("notify"), 1);
	notify = da_notify_open();
	child = fork();
	if (child == 0) {
		da_notify(&notify, "READY=1");
		_exit(0);
	}
	while (full-- > 0)
		ck_assert_str_eq(heard(sock), "noise");
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_str_eq(heard(sock), "READY=1");
}
END_TEST

START_TEST(nobody_is_told_nothing)
{
	static const char *const nobody[] = { "", "/", "@", "relative",
		"vsock:2:1", "/nonexistent/notify" };
	struct da_notify notify;
	char longest[300];

	unsetenv("NOTIFY_SOCKET");
	notify = da_notify_open();
	da_notify(&notify, "READY=1");
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		setenv("NOTIFY_SOCKET", nobody[i], 1);
		notify = da_notify_open();
		da_notify(&notify, "READY=1");
		ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
	}
	memset(longest, '/', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longest, 1);
	notify = da_notify_open();
	ck_assert_uint_eq(notify.size, 0);
	ck_assert_str_eq(heard(sock), "");
}
END_TEST

/* -- being handed a socket: each in a child, whose descriptor 3 it is -- */

enum handed { LISTENS, DOES_NOT_LISTEN, DATAGRAM, A_PIPE, IS_CLOSED };

static void
hand_in(enum handed what)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = -1, ends[2];

	close(3);
	if (what == IS_CLOSED)
		return;
	if (what == A_PIPE) {
		ck_assert_int_eq(pipe(ends), 0);
		fd = ends[0];
	} else
		fd = socket(AF_UNIX, what == DATAGRAM ? SOCK_DGRAM :
		    SOCK_STREAM, 0);
	snprintf(un.sun_path, sizeof(un.sun_path), "%s", in_tmp("handed"));
	if (what == LISTENS)
		ck_assert(bind(fd, (struct sockaddr *)&un, sizeof(un)) == 0 &&
		    listen(fd, 1) == 0);
	ck_assert_int_eq(dup2(fd, 3), 3);
}

static void
say(long pid, const char *fds)
{
	char text[40];

	snprintf(text, sizeof(text), "%ld", pid);
	setenv("LISTEN_PID", text, 1);
	setenv("LISTEN_FDS", fds, 1);
	setenv("LISTEN_FDNAMES", "devattest", 1);
}

static void
ck_refused(enum handed what, const char *fds, const char *text)
{
	char why[200] = "";
	int fd;

	hand_in(what);
	say(getpid(), fds);
	ck_assert(!da_notify_socket(&fd, why, sizeof(why)));
	ck_assert_msg(strstr(why, text) != NULL, "%s", why);
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
}

START_TEST(a_listening_socket_is_taken)
{
	char why[200];
	int fd = -1;

	hand_in(LISTENS);
	say(getpid(), "1");
	ck_assert(da_notify_socket(&fd, why, sizeof(why)));
	ck_assert_int_eq(fd, 3);
	ck_assert_int_eq(fcntl(3, F_GETFD), FD_CLOEXEC);
	ck_assert(fcntl(3, F_GETFL) & O_NONBLOCK);
	ck_assert_ptr_null(getenv("LISTEN_PID"));
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
	ck_assert_ptr_null(getenv("LISTEN_FDNAMES"));
}
END_TEST

START_TEST(anything_else_is_misuse)
{
	ck_refused(LISTENS, "2", "not one");
	ck_refused(DOES_NOT_LISTEN, "1", "does not listen");
	ck_refused(DATAGRAM, "1", "no stream");
	ck_refused(A_PIPE, "1", "no socket");
	ck_refused(IS_CLOSED, "1", "no socket");
	ck_refused(DOES_NOT_LISTEN, "x", "not one");
	ck_refused(DOES_NOT_LISTEN, "-1", "not one");
	ck_refused(DOES_NOT_LISTEN, "", "not one");
}
END_TEST

START_TEST(what_is_for_another_process_is_not_ours)
{
	char why[200];
	int fd = 9;

	hand_in(DATAGRAM);
	say((long)getpid() + 1, "1");
	ck_assert(da_notify_socket(&fd, why, sizeof(why)));
	ck_assert_int_eq(fd, -1);
	say(getpid(), "0");
	ck_assert(da_notify_socket(&fd, why, sizeof(why)));
	ck_assert_int_eq(fd, -1);
	ck_assert(da_notify_socket(&fd, why, sizeof(why)));
	ck_assert_int_eq(fd, -1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("service manager");
	TCase *tc = tcase_create("service manager");

	tcase_add_checked_fixture(tc, listen_here, close_here);
	tcase_add_test(tc, a_manager_at_a_path_hears);
	tcase_add_test(tc, a_manager_with_an_abstract_name_hears);
	tcase_add_test(tc, a_busy_manager_is_waited_for);
	tcase_add_test(tc, nobody_is_told_nothing);
	tcase_add_test(tc, a_listening_socket_is_taken);
	tcase_add_test(tc, anything_else_is_misuse);
	tcase_add_test(tc, what_is_for_another_process_is_not_ours);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

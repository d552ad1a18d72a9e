/* SPDX-License-Identifier: Apache-2.0 */
/* What a role has of its parent: what it was given, and nothing else. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "guestd/roles.h"
#include "unit.h"

/* What a role sees of itself, in one message. */
struct report {
	struct da_msg_head head;
	int kept[DA_ROLE_MAX_KEEP];
	char says[DA_ROLE_MAX_KEEP];	/* read from each */
	int first_closed;		/* the lowest number that is free */
	int err_is_null;
	int blocked;			/* of TERM, INT and HUP */
	char name[16];
};

static int
lowest_free_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static bool
is_null(int fd)
{
	char path[32], target[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target) - 1);
	return n == 9 && memcmp(target, "/dev/null", 9) == 0;
}

static void
look_around(int sock, const int *kept, void *arg)
{
	const int *n = arg;
	struct report r = { .head = da_msg_head(DA_MSG_DONE, 1) };
	sigset_t mask;

	for (int i = 0; i < *n; i++) {
		r.kept[i] = kept[i];
		if (read(kept[i], &r.says[i], 1) != 1)
			r.says[i] = '?';
	}
	r.first_closed = lowest_free_fd();
	r.err_is_null = is_null(2);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	r.blocked = sigismember(&mask, SIGTERM) + sigismember(&mask, SIGINT) +
	    sigismember(&mask, SIGHUP);
	prctl(PR_GET_NAME, r.name);
	da_msg_send(sock, &r, sizeof(r), NULL, 0);
}

static struct report
report_of(const struct da_role_start *start)
{
	struct report r;
	struct da_msg_got got;
	enum da_msg_error error;
	int sock, status;
	pid_t pid;

	ck_assert(da_role_start(start, &sock, &pid));
	ck_assert(da_msg_recv(sock, &r, sizeof(r), 5000, NULL, &got, &error));
	ck_assert_uint_eq(got.size, sizeof(r));
	close(sock);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	return r;
}

/* A pipe with one byte in it; its end for reading has the number `fd`. */
static void
byte_at(int fd, char byte)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], &byte, 1), 1);
	ck_assert_int_eq(dup2(ends[0], 100 + fd), 100 + fd);
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_eq(dup2(100 + fd, fd), fd);
	close(100 + fd);
}

START_TEST(a_role_has_its_socket_and_nothing_else)
{
	int n = 0;
	const struct da_role_start start = { .run = look_around, .arg = &n };
	int more[3];
	struct report r;

	for (int i = 0; i < 3; i++)
		more[i] = dup(0);
	r = report_of(&start);
	ck_assert_int_eq(r.first_closed, DA_ROLE_SOCK + 1);
	ck_assert(r.err_is_null);
	ck_assert_int_eq(r.blocked, 3);
	for (int i = 0; i < 3; i++)
		close(more[i]);
}
END_TEST

/* Whatever numbers they had: in each other's places, or in the socket's. */
START_TEST(what_is_kept_keeps_its_order)
{
	static const int numbers[][DA_ROLE_MAX_KEEP] = {
		{ 20, 21, 22, 23 }, { 7, 6, 5, 4 }, { 5, 4, 3, 6 },
		{ 3, 4, 5, 6 },
	};
	int n = DA_ROLE_MAX_KEEP;

	for (size_t c = 0; c < sizeof(numbers) / sizeof(numbers[0]); c++) {
		struct da_role_start start = { .run = look_around, .arg = &n,
			.n_keep = n, .name = "a-role" };
		struct report r;

		for (int i = 0; i < n; i++) {
			start.keep[i] = numbers[c][i];
			byte_at(numbers[c][i], (char)('a' + i));
		}
		r = report_of(&start);
		for (int i = 0; i < n; i++) {
			ck_assert_int_eq(r.kept[i], DA_ROLE_SOCK + 1 + i);
			ck_assert_int_eq(r.says[i], 'a' + i);
			close(numbers[c][i]);
		}
		ck_assert_int_eq(r.first_closed, DA_ROLE_SOCK + 1 + n);
		ck_assert_str_eq(r.name, "a-role");
	}
}
END_TEST

START_TEST(a_role_may_speak)
{
	int n = 0;
	const struct da_role_start start = { .run = look_around, .arg = &n,
		.speaks = true };

	ck_assert(is_null(2) || !report_of(&start).err_is_null);
}
END_TEST

START_TEST(what_cannot_be_kept_starts_no_role)
{
	struct da_role_start start = { .run = look_around,
		.n_keep = DA_ROLE_MAX_KEEP + 1 };
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;
	struct report r;
	int sock, status;
	pid_t pid;

	ck_assert(!da_role_start(&start, &sock, &pid));
	/* One that is closed is found out by the child: it ends at once. */
	start.n_keep = 1;
	start.keep[0] = 99;
	ck_assert(da_role_start(&start, &sock, &pid));
	ck_assert(!da_msg_recv(sock, &r, sizeof(r), 5000, NULL, &got, &error));
	ck_assert_int_eq(error, DA_MSG_CLOSED);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 1);
	close(sock);
}
END_TEST

/* What a process may still do of root's, by its own word. */
static bool
has_capabilities(void)
{
	char line[200];
	FILE *f = fopen("/proc/self/status", "re");
	bool has = f == NULL;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "CapPrm:", 7) == 0 ||
		    strncmp(line, "CapEff:", 7) == 0 ||
		    strncmp(line, "CapInh:", 7) == 0)
			has = has || strspn(line + 7, "\t0\n") !=
			    strlen(line + 7);
	if (f != NULL)
		fclose(f);
	return has;
}

START_TEST(one_that_is_disarmed_has_no_capability)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(da_role_disarm() && !has_capabilities() ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert(geteuid() != 0 || has_capabilities());
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("roles as processes");
	TCase *tc = tcase_create("start");

	tcase_add_test(tc, a_role_has_its_socket_and_nothing_else);
	tcase_add_test(tc, what_is_kept_keeps_its_order);
	tcase_add_test(tc, a_role_may_speak);
	tcase_add_test(tc, what_cannot_be_kept_starts_no_role);
	tcase_add_test(tc, one_that_is_disarmed_has_no_capability);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

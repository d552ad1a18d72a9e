/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that run the programs of the host's side: starting and ending them in a
 * folder of their own, and a plain client of the wire.
 */
#ifndef DA_TEST_PROGRAMS_H
#define DA_TEST_PROGRAMS_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "guestd/answer.h"
#include "unit.h"
#include "verifier/caps.h"

#define NAME		"0000:01:00.0"
#define MAX_WORDS	16
#define PATIENCE_MS	20000

static char dir[40];		/* of this test */
static pid_t started[8];
static size_t n_started;

/* DIR/NAME in one of a few static buffers. */
static inline const char *
in_dir(const char *name)
{
	static char path[8][120];
	static size_t turn;

	turn = (turn + 1) % 8;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, name);
	return path[turn];
}

static inline const char *
unix_in_dir(const char *name)
{
	static char text[8][128];
	static size_t turn;

	turn = (turn + 1) % 8;
	snprintf(text[turn], sizeof(text[turn]), "unix:%s", in_dir(name));
	return text[turn];
}

static inline void
make_dir(void)
{
	snprintf(dir, sizeof(dir), "/tmp/devattest-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static inline void
write_file(const char *name, const void *bytes, size_t n)
{
	int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

/* In the child: the program's place is the build's folder. */
static inline _Noreturn void
become(const char **argv, int out)
{
	const char *build = getenv("DEVATTEST_BUILD");
	char path[4096];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (out >= 0)
		dup2(out, STDERR_FILENO);
	snprintf(path, sizeof(path), "%s/%s", build, argv[0]);
	execv(path, (char *const *)(uintptr_t)argv);
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	_exit(127);
}

static inline size_t
gather(const char **argv, const char *first, va_list ap)
{
	size_t n = 0;

	for (const char *w = first; w != NULL && n < MAX_WORDS;
	    w = va_arg(ap, const char *))
		argv[n++] = w;
	argv[n] = NULL;
	return n;
}

/* Starts a program and waits until it says that it is ready. */
static inline pid_t
start(const char *program, ...)
{
	const char *argv[MAX_WORDS + 3];
	char number[16], byte;
	int ready[2];
	size_t n;
	va_list ap;
	pid_t pid;

	va_start(ap, program);
	n = gather(argv, program, ap);
	va_end(ap);
	ck_assert_int_eq(pipe(ready), 0);
	snprintf(number, sizeof(number), "%d", ready[1]);
	argv[n] = "--ready-fd";
	argv[n + 1] = number;
	argv[n + 2] = NULL;
	pid = fork();
	if (pid == 0)
		become(argv, -1);
	ck_assert_int_gt(pid, 0);
	close(ready[1]);
	ck_assert_msg(read(ready[0], &byte, 1) == 1, "%s is not ready",
	    program);
	close(ready[0]);
	started[n_started++] = pid;
	return pid;
}

/* Runs a program to its end; its status, and what it said. */
static inline int
run_out(char *said, size_t size, const char *program, ...)
{
	const char *argv[MAX_WORDS + 1];
	int out[2], status;
	ssize_t n;
	va_list ap;
	pid_t pid;

	va_start(ap, program);
	gather(argv, program, ap);
	va_end(ap);
	ck_assert_int_eq(pipe(out), 0);
	pid = fork();
	if (pid == 0)
		become(argv, out[1]);
	close(out[1]);
	n = read(out[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(out[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void
stop(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	for (size_t i = 0; i < n_started; i++)
		if (started[i] == pid)
			started[i] = 0;
}

/* Ends what is still running and removes the folder, which is one of ours. */
static inline void
clean_up(void)
{
	pid_t pid;

	for (size_t i = n_started; i > 0; i--)
		if (started[i - 1] != 0)
			stop(started[i - 1]);
	n_started = 0;
	ck_assert_int_eq(strncmp(dir, "/tmp/devattest-test-", 20), 0);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static inline int
connect_to(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", in_dir(name));
	ck_assert_msg(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0,
	    "%s: %s", to.sun_path, strerror(errno));
	return fd;
}

/* One read with patience; 0: closed. */
static inline size_t
get(int fd, void *buf, size_t n)
{
	struct pollfd p = { fd, POLLIN, 0 };
	ssize_t got;

	ck_assert_msg(poll(&p, 1, PATIENCE_MS) == 1, "no answer");
	got = recv(fd, buf, n, 0);
	return got > 0 ? (size_t)got : 0;
}

/* The request and its answer, as a bundle file; n of it. */
static inline size_t
exchange(int fd, const struct da_wire_request *q, uint8_t *file, size_t size)
{
	struct da_answer a;
	struct da_fault fault;
	size_t n = DA_WIRE_REQUEST_SIZE, got;

	da_wire_put_request(q, file);
	ck_assert_int_eq(send(fd, file, n, MSG_NOSIGNAL), (ssize_t)n);
	for (;;) {
		fault.why = DA_F_NONE;
		if (da_bundle_file_read(da_slice_of(file, n), &a, &fault) ||
		    fault.why != DA_F_SHORT)
			return n;
		got = get(fd, file + n, size - n);
		if (got == 0)
			return n;
		n += got;
	}
}

static inline struct da_wire_request
request_for(uint32_t wanted)
{
	struct da_wire_request q = { .wanted = wanted, .device = 0x0100,
		.path = { 8, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	FILE *f = fopen("/dev/urandom", "re");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(q.nonce, 1, sizeof(q.nonce), f), 32);
	ck_assert_uint_eq(fread(&q.id, 1, sizeof(q.id), f), 8);
	fclose(f);
	return q;
}

/* 77 is "skipped" to the test runner. */
static inline bool
programs_are_there(const char *test)
{
	if (getenv("DEVATTEST_BUILD") != NULL)
		return true;
	fprintf(stderr, "%s: SKIPPED, no program was run: DEVATTEST_BUILD does "
	    "not name the folder that they are in\n", test);
	return false;
}

#endif

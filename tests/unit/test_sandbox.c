/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each role's filter lets through and what it kills for; what Landlock
 * takes away; and that a sandbox which is missing is told by name.
 */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>

#include <linux/landlock.h>

#include "deny.h"
#include "guestd/sandbox.h"
#include "unit.h"

/* A system call and what becomes of a process that makes it. */
struct try {
	const char *name;
	long number;
	long argument[6];
};

static const char path[] = "/etc/passwd", empty[] = "";
static char *const words[] = { NULL };

#define POINTER(p)	(long)(uintptr_t)(p)

/*
 * By the plain system call: before _exit(), and before all that does not
 * return, a sanitizer asks for more than a role may.
 */
static void
leave(int status)
{
	syscall(SYS_exit_group, status);
}

static int
status_of(pid_t pid)
{
	int status;

	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static long
make_call(const struct try *t)
{
	const long *a = t->argument;

	return syscall(t->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* In a child behind that role's filter; its wait status. */
static int
status_behind(enum da_sandboxed role, const struct try *t)
{
	struct da_filter *filter = da_filter_new(role);
	pid_t pid;

	ck_assert_ptr_nonnull(filter);
	pid = fork();
	if (pid == 0) {
		if (!da_filter_enter(filter))
			leave(2);
		make_call(t);
		leave(0);
	}
	da_filter_free(filter);
	return status_of(pid);
}

static void
ck_killed(enum da_sandboxed role, const struct try *t)
{
	int status = status_behind(role, t);

	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
	    "%s: status %#x", t->name, (unsigned int)status);
}

static void
ck_let_through(enum da_sandboxed role, const struct try *t)
{
	int status = status_behind(role, t);

	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "%s: status %#x", t->name, (unsigned int)status);
}

/* No role does any of these. */
static const struct try nobodys[] = {
	{ "socket AF_INET", SYS_socket, { AF_INET, SOCK_STREAM, 0 } },
	{ "socket AF_NETLINK", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
	{ "socket AF_UNIX datagrams", SYS_socket, { AF_UNIX, SOCK_DGRAM, 0 } },
	{ "mmap that is executed", SYS_mmap, { 0, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } },
	{ "mprotect", SYS_mprotect, { 0, 4096, PROT_EXEC } },
	{ "execve", SYS_execve, { POINTER(path), POINTER(words),
	    POINTER(words) } },
	{ "execveat", SYS_execveat, { AT_FDCWD, POINTER(path), POINTER(words),
	    POINTER(words), 0 } },
	{ "clone of a user namespace", SYS_clone, { CLONE_NEWUSER | SIGCHLD } },
	{ "clone of a thread", SYS_clone, { CLONE_VM | CLONE_THREAD |
	    CLONE_SIGHAND } },
	{ "clone3", SYS_clone3, { 0, 0 } },
	{ "unshare", SYS_unshare, { CLONE_NEWUSER } },
	{ "ptrace", SYS_ptrace, { 0, 0, 0, 0 } },
	{ "process_vm_writev", SYS_process_vm_writev, { 0, 0, 0, 0, 0, 0 } },
	{ "kill", SYS_kill, { 0, 0 } },
	{ "tgkill", SYS_tgkill, { 0, 0, 0 } },
	{ "ioctl", SYS_ioctl, { -1, 0, 0 } },
	{ "setuid", SYS_setuid, { 0 } },
	{ "mount", SYS_mount, { 0, 0, 0, 0, 0 } },
	{ "bpf", SYS_bpf, { 0, 0, 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 1, 0 } },
	{ "keyctl", SYS_keyctl, { 0, 0, 0, 0, 0 } },
	{ "bind", SYS_bind, { -1, 0, 0 } },
	{ "listen", SYS_listen, { -1, 0 } },
	{ "unlinkat", SYS_unlinkat, { AT_FDCWD, POINTER(empty), 0 } },
	{ "fcntl F_SETFD", SYS_fcntl, { -1, F_SETFD, 0 } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { -1, 0, 0 } },
	{ "no call at all", 100000, { 0 } },
};

/* Of files, sysfs for the pusher that drives Linux, and nobody else. */
static const struct try files[] = {
	{ "openat", SYS_openat, { AT_FDCWD, POINTER(path), O_RDONLY } },
	{ "openat for writing", SYS_openat,
	    { AT_FDCWD, POINTER(path), O_WRONLY } },
	{ "fstat", SYS_fstat, { 0, 0 } },
	{ "newfstatat", SYS_newfstatat, { AT_FDCWD, POINTER(path), 0, 0 } },
	{ "newfstatat of a descriptor", SYS_newfstatat,
	    { 0, POINTER(empty), 0, AT_EMPTY_PATH } },
};

START_TEST(files_are_for_linuxs_pusher_alone)
{
	for (int role = 0; role < DA_SANDBOX_COUNT; role++)
		if (role != DA_SANDBOX_PUSHER_LINUX)
			ck_killed((enum da_sandboxed)role, &files[_i]);
	ck_let_through(DA_SANDBOX_PUSHER_LINUX, &files[_i]);
}
END_TEST

START_TEST(what_no_role_does_kills_each)
{
	for (int role = 0; role < DA_SANDBOX_COUNT; role++)
		ck_killed((enum da_sandboxed)role, &nobodys[_i]);
}
END_TEST

static const struct {
	enum da_sandboxed role;
	struct try call;
} some[] = {
	{ DA_SANDBOX_JUDGE, { "socket", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_JUDGE, { "mmap", SYS_mmap, { 0, 4096, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } } },
	{ DA_SANDBOX_JUDGE, { "brk", SYS_brk, { 0 } } },
	{ DA_SANDBOX_JUDGE, { "pread64", SYS_pread64, { -1, 0, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "lseek", SYS_lseek, { -1, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "fork", SYS_clone, { SIGCHLD } } },
	{ DA_SANDBOX_JUDGE, { "sendmsg", SYS_sendmsg, { -1, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "recvmsg", SYS_recvmsg, { -1, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "getppid", SYS_getppid, { 0 } } },
	{ DA_SANDBOX_JUDGE, { "clock_gettime", SYS_clock_gettime, { 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "getrandom", SYS_getrandom, { 0, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "prctl", SYS_prctl, { PR_GET_DUMPABLE } } },
	{ DA_SANDBOX_JUDGE, { "futex", SYS_futex, { 0, 0, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "mmap", SYS_mmap, { 0, 4096, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "fork", SYS_clone, { SIGCHLD } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "getsockopt", SYS_getsockopt,
	    { -1, SOL_SOCKET, SO_PEERCRED, 0, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "AF_UNIX", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "AF_VSOCK datagrams", SYS_socket,
	    { AF_VSOCK, SOCK_DGRAM, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "accept4", SYS_accept4,
	    { -1, 0, 0, 0 } } },
	{ DA_SANDBOX_RECEIVER_UNIX, { "AF_VSOCK", SYS_socket,
	    { AF_VSOCK, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_RECEIVER_UNIX, { "accept4", SYS_accept4,
	    { -1, 0, 0, 0 } } },
	{ DA_SANDBOX_RECEIVER_HANDED, { "AF_UNIX", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_RECEIVER_HANDED, { "AF_VSOCK", SYS_socket,
	    { AF_VSOCK, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_RECEIVER_HANDED, { "connect", SYS_connect,
	    { -1, 0, 0 } } },
	{ DA_SANDBOX_PUSHER, { "socket", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_PUSHER, { "connect", SYS_connect, { -1, 0, 0 } } },
	{ DA_SANDBOX_PUSHER, { "sendto", SYS_sendto, { -1, 0, 0, 0, 0, 0 } } },
	{ DA_SANDBOX_PUSHER, { "fork", SYS_clone, { SIGCHLD } } },
	{ DA_SANDBOX_PUSHER_LINUX, { "socket", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_PUSHER_LINUX, { "connect", SYS_connect, { -1, 0, 0 } } },
	{ DA_SANDBOX_PUSHER_LINUX, { "fork", SYS_clone, { SIGCHLD } } },
	{ DA_SANDBOX_PUSHER, { "F_ADD_SEALS", SYS_fcntl,
	    { -1, F_ADD_SEALS, 0 } } },
	{ DA_SANDBOX_WARDEN, { "socket", SYS_socket,
	    { AF_UNIX, SOCK_STREAM, 0 } } },
	{ DA_SANDBOX_WARDEN, { "mmap", SYS_mmap, { 0, 4096, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } } },
	{ DA_SANDBOX_WARDEN, { "connect", SYS_connect, { -1, 0, 0 } } },
	{ DA_SANDBOX_WARDEN, { "PR_SET_DUMPABLE", SYS_prctl,
	    { PR_SET_DUMPABLE, 1 } } },
	{ DA_SANDBOX_WARDEN, { "strict mode", SYS_seccomp,
	    { SECCOMP_SET_MODE_STRICT, 0, 0 } } },
	{ DA_SANDBOX_WARDEN, { "a filter that it listens to", SYS_seccomp,
	    { SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	    0 } } },
	{ DA_SANDBOX_WARDEN, { "prlimit64 of another", SYS_prlimit64,
	    { 1, RLIMIT_CPU, 0, 0 } } },
};

START_TEST(what_another_role_does_kills_this_one)
{
	ck_killed(some[_i].role, &some[_i].call);
}
END_TEST

static const struct {
	enum da_sandboxed role;
	struct try call;
} own[] = {
	{ DA_SANDBOX_JUDGE, { "read", SYS_read, { -1, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "write", SYS_write, { -1, 0, 0 } } },
	{ DA_SANDBOX_JUDGE, { "getpid", SYS_getpid, { 0 } } },
	{ DA_SANDBOX_JUDGE, { "exit", SYS_exit, { 0 } } },
	{ DA_SANDBOX_JUDGE, { "exit_group", SYS_exit_group, { 0 } } },
	{ DA_SANDBOX_RECEIVER_UNIX, { "AF_UNIX", SYS_socket,
	    { AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "AF_VSOCK", SYS_socket,
	    { AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0 } } },
	{ DA_SANDBOX_RECEIVER_HANDED, { "accept4", SYS_accept4,
	    { -1, 0, 0, SOCK_CLOEXEC } } },
	{ DA_SANDBOX_RECEIVER_HANDED, { "F_ADD_SEALS", SYS_fcntl,
	    { -1, F_ADD_SEALS, 0 } } },
	{ DA_SANDBOX_RECEIVER_VSOCK, { "F_ADD_SEALS", SYS_fcntl,
	    { -1, F_ADD_SEALS, 0 } } },
	{ DA_SANDBOX_RECEIVER_UNIX, { "F_ADD_SEALS", SYS_fcntl,
	    { -1, F_ADD_SEALS, 0 } } },
	{ DA_SANDBOX_PUSHER, { "mmap", SYS_mmap, { 0, 4096, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 } } },
	{ DA_SANDBOX_PUSHER_LINUX, { "sendto", SYS_sendto,
	    { -1, 0, 0, 0, 0, 0 } } },
	{ DA_SANDBOX_PUSHER, { "getrandom", SYS_getrandom, { 0, 0, 0 } } },
	{ DA_SANDBOX_PUSHER, { "F_GET_SEALS", SYS_fcntl,
	    { -1, F_GET_SEALS, 0 } } },
	{ DA_SANDBOX_WARDEN, { "its own limits", SYS_prlimit64,
	    { 0, RLIMIT_CPU, 0, 0 } } },
	{ DA_SANDBOX_WARDEN, { "close_range", SYS_close_range,
	    { 100, 200, 0 } } },
	{ DA_SANDBOX_WARDEN, { "PR_SET_PDEATHSIG", SYS_prctl,
	    { PR_SET_PDEATHSIG, SIGKILL } } },
};

START_TEST(its_own_calls_are_let_through)
{
	ck_let_through(own[_i].role, &own[_i].call);
}
END_TEST

/* The promise, word by word. */
START_TEST(a_judge_has_five_calls)
{
	static const char *const five[] = { "read", "write", "getpid", "exit",
		"exit_group" };
	const char *const *calls = da_sandbox_calls(DA_SANDBOX_JUDGE);

	for (size_t i = 0; i < 5; i++) {
		ck_assert_ptr_nonnull(calls[i]);
		ck_assert_str_eq(calls[i], five[i]);
	}
	ck_assert_ptr_null(calls[5]);
}
END_TEST

START_TEST(no_role_has_a_call_twice)
{
	for (int role = 0; role < DA_SANDBOX_COUNT; role++) {
		const char *const *calls = da_sandbox_calls(
		    (enum da_sandboxed)role);

		for (size_t i = 0; calls[i] != NULL; i++)
			for (size_t k = 0; k < i; k++)
				ck_assert_str_ne(calls[i], calls[k]);
	}
}
END_TEST

/* A judge is born behind the warden's filter, and its own is within that. */
START_TEST(a_warden_forks_judges)
{
	struct da_filter *warden = da_filter_new(DA_SANDBOX_WARDEN);
	struct da_filter *judge = da_filter_new(DA_SANDBOX_JUDGE);
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGCHLD, SIG_IGN);
		if (!da_filter_enter(warden))
			leave(2);
		pid = fork();
		if (pid == 0)
			leave(da_filter_enter(judge) && getpid() > 0 ? 0 : 3);
		leave(pid > 0 ? 0 : 4);
	}
	ck_assert_int_eq(status_of(pid), 0);
	da_filter_free(warden);
	da_filter_free(judge);
}
END_TEST

/* A poll that was cut in two goes on by a call of another name. */
START_TEST(a_stopped_receiver_goes_on)
{
	struct da_filter *filter = da_filter_new(DA_SANDBOX_RECEIVER_UNIX);
	struct pollfd none = { .fd = -1 };
	int ends[2], status;
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		if (!da_filter_enter(filter) || write(ends[1], "x", 1) != 1)
			leave(2);
		leave(poll(&none, 1, 300) == 0 ? 0 : 3);
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	poll(&none, 1, 50);	/* most likely it waits by now */
	kill(pid, SIGSTOP);
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	ck_assert_int_eq(status_of(pid), 0);
	da_filter_free(filter);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* -- Landlock -- */

static char folder[40];

static void
make_folder(void)
{
	char name[60];
	int fd;

	snprintf(folder, sizeof(folder), "/tmp/devattest-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(name, sizeof(name), "%s/file", folder);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void
remove_folder(void)
{
	static const char *const names[] = { "file", "new" };
	char name[60];

	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
		unlink(name);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static bool
can_open(const char *in, const char *name, int flags)
{
	char whole[100];
	int fd;

	snprintf(whole, sizeof(whole), "%s%s%s", in, *name == '\0' ? "" : "/",
	    name);
	fd = open(whole, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* As bits: read, write, make, elsewhere. */
START_TEST(no_file_can_be_opened)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (!da_landlock_enter())
			leave(0x80);
		leave((can_open(folder, "file", O_RDONLY) ? 1 : 0) |
		    (can_open(folder, "file", O_WRONLY | O_TRUNC) ? 2 : 0) |
		    (can_open(folder, "new", O_WRONLY | O_CREAT) ? 4 : 0) |
		    (can_open("/etc/passwd", "", O_RDONLY) ? 8 : 0) |
		    (can_open("/", "", O_RDONLY | O_DIRECTORY) ? 16 : 0));
	}
	status = status_of(pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

static long
landlock_abi(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

START_TEST(no_network_is_left)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	pid_t pid;
	int fd;

	if (landlock_abi() < 4) {
		printf("SKIPPED: this kernel's Landlock knows no network\n");
		return;
	}
	pid = fork();
	if (pid == 0) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		leave(fd >= 0 && da_landlock_enter() &&
		    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 &&
		    errno == EACCES ? 0 : 1);
	}
	ck_assert_int_eq(status_of(pid), 0);
}
END_TEST

START_TEST(nobody_else_is_signalled)
{
	pid_t me = getpid(), pid;

	if (landlock_abi() < 6) {
		printf("SKIPPED: this kernel's Landlock knows no signals\n");
		return;
	}
	pid = fork();
	if (pid == 0)
		leave(da_landlock_enter() && kill(me, 0) != 0 &&
		    errno == EPERM ? 0 : 1);
	ck_assert_int_eq(status_of(pid), 0);
}
END_TEST

/* -- all or nothing -- */

START_TEST(the_sandbox_is_there)
{
	char why[200] = "";

	ck_assert_msg(da_sandbox_is_there(why, sizeof(why)), "%s", why);
	/* And nothing of what was tried holds us. */
	ck_assert(can_open("/etc/passwd", "", O_RDONLY));
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}
END_TEST

static const char *const lacks[][2] = {
	{ "memfd", "memfd_create" },
	{ "seals", "F_ADD_SEALS" },
	{ "landlock", "Landlock" },
	{ "seccomp", "seccomp" },
};

START_TEST(what_is_missing_is_told)
{
	char why[200] = "";
	pid_t pid = fork();

	if (pid == 0) {
		if (!deny(lacks[_i][0]))
			leave(2);
		leave(da_sandbox_is_there(why, sizeof(why)) ? 3 :
		    strstr(why, lacks[_i][1]) == NULL ? 4 : 0);
	}
	ck_assert_int_eq(status_of(pid), 0);
}
END_TEST

START_TEST(no_filter_no_entry)
{
	struct da_filter *filter = da_filter_new(DA_SANDBOX_JUDGE);
	pid_t pid = fork();

	if (pid == 0) {
		bool entered = deny("seccomp") ? da_filter_enter(filter) : true;

		leave(entered ? 1 : 0);
	}
	ck_assert_int_eq(status_of(pid), 0);
	da_filter_free(filter);
}
END_TEST

START_TEST(no_landlock_no_entry)
{
	pid_t pid = fork();

	if (pid == 0) {
		bool entered = deny("landlock") ? da_landlock_enter() : true;

		leave(entered ? 1 : 0);
	}
	ck_assert_int_eq(status_of(pid), 0);
}
END_TEST

#define COUNT(list)	(int)(sizeof(list) / sizeof((list)[0]))

int
main(void)
{
	Suite *suite = suite_create("sandbox");
	TCase *filters = tcase_create("filters");
	TCase *landlock = tcase_create("Landlock");
	TCase *there = tcase_create("all or nothing");

	tcase_add_loop_test(filters, what_no_role_does_kills_each, 0,
	    COUNT(nobodys));
	tcase_add_loop_test(filters, files_are_for_linuxs_pusher_alone, 0,
	    sizeof(files) / sizeof(files[0]));
	tcase_add_loop_test(filters, what_another_role_does_kills_this_one, 0,
	    COUNT(some));
	tcase_add_loop_test(filters, its_own_calls_are_let_through, 0,
	    COUNT(own));
	tcase_add_test(filters, a_judge_has_five_calls);
	tcase_add_test(filters, no_role_has_a_call_twice);
	tcase_add_test(filters, a_warden_forks_judges);
	tcase_add_test(filters, a_stopped_receiver_goes_on);
	tcase_add_checked_fixture(landlock, make_folder, remove_folder);
	tcase_add_test(landlock, no_file_can_be_opened);
	tcase_add_test(landlock, no_network_is_left);
	tcase_add_test(landlock, nobody_else_is_signalled);
	tcase_add_test(there, the_sandbox_is_there);
	tcase_add_loop_test(there, what_is_missing_is_told, 0, COUNT(lacks));
	tcase_add_test(there, no_filter_no_entry);
	tcase_add_test(there, no_landlock_no_entry);
	suite_add_tcase(suite, filters);
	suite_add_tcase(suite, landlock);
	suite_add_tcase(suite, there);
	return run_suite(suite);
}

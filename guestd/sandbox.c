/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#define MAX_PROGRAM	512	/* instructions; the longest role has 62 */

struct da_filter {
	unsigned short n;
	struct sock_filter code[MAX_PROGRAM];
};

/* -- the lists; a name that an architecture lacks allows nothing there -- */

static const char *const judge_calls[] = {
	"read",			/* each bundle */
	"write",		/* the answer */
	"getpid",		/* OpenSSL asks whether it was forked */
	"exit",
	"exit_group",
	NULL
};

#define RECEIVER_CALLS							      \
	"getpeername",		/* is it CID 2? */			      \
	"sendto", "recvfrom",	/* the host */				      \
	"sendmsg", "recvmsg",	/* the pusher */			      \
	"poll", "ppoll",	/* aarch64 has the second only */	      \
	"restart_syscall",	/* a poll that a stop cut in two */	      \
	"clock_gettime",	/* where the vDSO cannot tell the time */     \
	"memfd_create",		/* the bundle */			      \
	"write",							      \
	"fcntl",		/* its seals */				      \
	"close",							      \
	"exit_group"

static const char *const handed_calls[] = {
	RECEIVER_CALLS,
	"accept4",
	NULL
};

/*
 * Landlock lets connect(2) reach every socket that has a path, the service
 * manager's among them: so the family is decided where a socket is made.
 */
static const char *const connecting_calls[] = {
	RECEIVER_CALLS,
	"socket", "connect",
	"getsockopt",		/* how the connect went */
	NULL
};

#define PUSHER_CALLS							      \
	"sendmsg", "recvmsg",	/* roles, software kernel */		      \
	"recvfrom",		/* software kernel, netlink */		      \
	"socketpair",		/* one for each judge */		      \
	"setsockopt",		/* how patient it is, and its room */	      \
	"getsockopt",		/* which room it got */			      \
	"ppoll",							      \
	"clock_gettime",						      \
	"getrandom",		/* nonces */				      \
	"fcntl",		/* does a bundle have its seals? */	      \
	"lseek",		/* its size */				      \
	"mmap", "munmap",	/* its bytes; and memory, as brk */	      \
	"brk",								      \
	"write",		/* the story, on standard error */	      \
	"close",							      \
	"rt_sigreturn",		/* told to stop */			      \
	"exit_group"

static const char *const pusher_calls[] = {
	PUSHER_CALLS,
	NULL
};

/* Landlock says which files; the netlink socket is open already. */
static const char *const pusher_linux_calls[] = {
	PUSHER_CALLS,
	"sendto", "poll",	/* netlink */
	"openat", "read",	/* sysfs: config space, BARs */
	"readlinkat",		/* the path of a function */
	"getdents64", "fstat", "newfstatat",	/* the list of them */
	"faccessat", "faccessat2",	/* is a driver bound? */
	"clock_nanosleep", "nanosleep",	/* for the end of a request */
	NULL
};

/*
 * A judge is born under the warden's filter, and so all that it does before
 * its own stands here, too.
 */
static const char *const warden_calls[] = {
	"recvmsg", "sendmsg", "ppoll", "close",
	"clock_gettime",
	"clone",		/* fork */
	"set_robust_list",	/* glibc's, in the child of a fork */
	"rt_sigprocmask",	/* around it, since glibc 2.41 */
	"prctl", "getppid",	/* a judge dies with its warden */
	"close_range",		/* and has nothing else of it */
	"prlimit64",		/* nor much of anything */
	"alarm", "setitimer",	/* aarch64 has the second only */
	"fcntl", "lseek",	/* its bundles: seals, and size */
	"seccomp",		/* its own filter */
	"read", "write", "getpid", "exit", "exit_group",	/* its life */
	NULL
};

static const char *const *const calls[DA_SANDBOX_COUNT] = {
	[DA_SANDBOX_JUDGE] = judge_calls,
	[DA_SANDBOX_RECEIVER_HANDED] = handed_calls,
	[DA_SANDBOX_RECEIVER_VSOCK] = connecting_calls,
	[DA_SANDBOX_RECEIVER_UNIX] = connecting_calls,
	[DA_SANDBOX_PUSHER] = pusher_calls,
	[DA_SANDBOX_PUSHER_LINUX] = pusher_linux_calls,
	[DA_SANDBOX_WARDEN] = warden_calls,
};

const char *const *
da_sandbox_calls(enum da_sandboxed role)
{
	return calls[role];
}

/* -- calls that are not allowed whole: any one of their forms will do -- */

#define ARG(i, value)	{ (i), SCMP_CMP_EQ, (value), 0 }
#define BITS(i, mask, value) { (i), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define TYPE		0xfu	/* of a socket; the rest of the bits is flags */
#define STRANGER	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_THREAD | \
	CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
	CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

#define ONLY(role)	(1u << DA_SANDBOX_##role)
#define HANDED		ONLY(RECEIVER_HANDED)
#define VSOCK		ONLY(RECEIVER_VSOCK)
#define UNIX		ONLY(RECEIVER_UNIX)
#define PUSHERS		(ONLY(PUSHER) | ONLY(PUSHER_LINUX))

static const struct form {
	unsigned int roles;
	const char *call;
	unsigned int n;
	struct scmp_arg_cmp arg[2];
} forms[] = {
	{ VSOCK, "socket", 2,
	    { ARG(0, AF_VSOCK), BITS(1, TYPE, SOCK_STREAM) } },
	{ UNIX, "socket", 2,
	    { ARG(0, AF_UNIX), BITS(1, TYPE, SOCK_STREAM) } },
	{ VSOCK | UNIX, "getsockopt", 2,
	    { ARG(1, SOL_SOCKET), ARG(2, SO_ERROR) } },
	{ HANDED | VSOCK | UNIX, "fcntl", 1, { ARG(1, F_ADD_SEALS) } },
	{ PUSHERS, "socketpair", 2,
	    { ARG(0, AF_UNIX), BITS(1, TYPE, SOCK_SEQPACKET) } },
	{ PUSHERS, "setsockopt", 2,
	    { ARG(1, SOL_SOCKET), ARG(2, SO_SNDTIMEO) } },
	{ PUSHERS, "setsockopt", 2,
	    { ARG(1, SOL_SOCKET), ARG(2, SO_SNDBUF) } },
	{ PUSHERS, "getsockopt", 2,
	    { ARG(1, SOL_SOCKET), ARG(2, SO_SNDBUF) } },
	{ PUSHERS, "fcntl", 1, { ARG(1, F_GET_SEALS) } },
	{ PUSHERS, "mmap", 1, { BITS(2, PROT_EXEC, 0) } },
	{ ONLY(WARDEN), "clone", 1, { BITS(0, STRANGER, 0) } },
	{ ONLY(WARDEN), "prctl", 1, { ARG(0, PR_SET_PDEATHSIG) } },
	{ ONLY(WARDEN), "prctl", 1, { ARG(0, PR_SET_NO_NEW_PRIVS) } },
	{ ONLY(WARDEN), "prlimit64", 1, { ARG(0, 0) } },	/* its own */
	{ ONLY(WARDEN), "seccomp", 2,
	    { ARG(0, SECCOMP_SET_MODE_FILTER), ARG(1, 0) } },
	{ ONLY(WARDEN), "fcntl", 1, { ARG(1, F_GET_SEALS) } },
};

/* -- the program -- */

static bool
allow_forms(scmp_filter_ctx ctx, enum da_sandboxed role, const char *name,
    int number, bool *ret_any)
{
	*ret_any = false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *f = &forms[i];

		if ((f->roles & 1u << role) == 0 || strcmp(f->call, name) != 0)
			continue;
		*ret_any = true;
		if (seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, number, f->n,
		    f->arg) != 0)
			return false;
	}
	return true;
}

static bool
allow(scmp_filter_ctx ctx, enum da_sandboxed role, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);
	bool any;

	if (number == __NR_SCMP_ERROR ||
	    !allow_forms(ctx, role, name, number, &any))
		return false;
	return any || seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 0) == 0;
}

static bool
allow_all(scmp_filter_ctx ctx, enum da_sandboxed role)
{
	for (size_t i = 0; calls[role][i] != NULL; i++)
		if (!allow(ctx, role, calls[role][i]))
			return false;
	return true;
}

/* A pipe, for there is nothing else that libseccomp writes to and we read. */
static bool
export_program(scmp_filter_ctx ctx, struct da_filter *filter)
{
	int ends[2];
	ssize_t n = -1;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	if (seccomp_export_bpf(ctx, ends[1]) == 0)
		n = read(ends[0], filter->code, sizeof(filter->code));
	close(ends[0]);
	close(ends[1]);
	/* Filled to the brim may be cut. */
	if (n <= 0 || (size_t)n >= sizeof(filter->code) ||
	    (size_t)n % sizeof(filter->code[0]) != 0)
		return false;
	filter->n = (unsigned short)((size_t)n / sizeof(filter->code[0]));
	return true;
}

static bool
make_program(enum da_sandboxed role, struct da_filter *filter)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool made = ctx != NULL &&
	    seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS) == 0 &&
	    allow_all(ctx, role) && export_program(ctx, filter);

	if (ctx != NULL)
		seccomp_release(ctx);
	return made;
}

struct da_filter *
da_filter_new(enum da_sandboxed role)
{
	struct da_filter *filter = calloc(1, sizeof(*filter));

	if (filter != NULL && make_program(role, filter))
		return filter;
	free(filter);
	return NULL;
}

void
da_filter_free(struct da_filter *filter)
{
	free(filter);
}

bool
da_filter_enter(const struct da_filter *filter)
{
	struct sock_fprog program = { filter->n,
		(struct sock_filter *)(uintptr_t)filter->code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

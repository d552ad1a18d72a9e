/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/close_range.h>

#include "roles.h"

/* Standard streams lead nowhere, so that no role can write to a terminal. */
static bool
silence(bool speaks)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 &&
	    (speaks || dup2(null, 2) == 2);
}

/*
 * The socket and what is kept take their places, and nothing else stays open.
 * All go out of the way first: none may be overwritten by another.
 */
static bool
keep_only(int sock, const struct da_role_start *start, int *ret_kept)
{
	int n = start->n_keep, aside[1 + DA_ROLE_MAX_KEEP];
	int end = DA_ROLE_SOCK + 1 + n;

	for (int i = 0; i <= n; i++) {
		aside[i] = fcntl(i == 0 ? sock : start->keep[i - 1], F_DUPFD,
		    end);
		if (aside[i] < 0)
			return false;
	}
	for (int i = 0; i <= n; i++)
		if (dup2(aside[i], DA_ROLE_SOCK + i) != DA_ROLE_SOCK + i)
			return false;
	for (int i = 0; i < n; i++)
		ret_kept[i] = DA_ROLE_SOCK + 1 + i;
	return close_range((unsigned int)end, ~0U, 0) == 0;
}

/*
 * A terminal and a service manager signal all processes of the daemon at once.
 * Roles end when the steward says so, and the pusher, which has a handler,
 * looks at the pending one when it waits.
 */
static bool
let_steward_decide(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return sigprocmask(SIG_SETMASK, &set, NULL) == 0 &&
	    signal(SIGPIPE, SIG_DFL) != SIG_ERR;
}

/* A change of user clears this, hence it is asked for again after one. */
static bool
dies_with(pid_t parent)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* Of one user id or not, no process may look into another's memory. */
bool
da_role_is_closed(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Behind it nothing is executed, and so there is no way back to them. */
static bool
keep_capabilities(uint32_t first)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct kept[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = first, .permitted = first } };

	return syscall(SYS_capset, &head, kept) == 0;
}

bool
da_role_disarm(void)
{
	return keep_capabilities(0);
}

bool
da_role_disarm_but_admin(void)
{
	return keep_capabilities(UINT32_C(1) << CAP_SYS_ADMIN);
}

bool
da_role_become(const struct da_identity *who)
{
	pid_t parent = getppid();

	return da_identity_become(who) && dies_with(parent) &&
	    da_role_is_closed();
}

static _Noreturn void
run_role(int sock, pid_t parent, const struct da_role_start *start)
{
	int kept[DA_ROLE_MAX_KEEP];

	if (!dies_with(parent) || !da_role_is_closed() ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    (start->name != NULL && prctl(PR_SET_NAME, start->name) != 0) ||
	    !let_steward_decide() || !silence(start->speaks) ||
	    !keep_only(sock, start, kept))
		_exit(1);
	start->run(DA_ROLE_SOCK, kept, start->arg);
	_exit(0);
}

bool
da_role_start(const struct da_role_start *start, int *ret_sock, pid_t *ret_pid)
{
	pid_t parent = getpid(), child;
	int ends[2], error;

	if (start->n_keep < 0 || start->n_keep > DA_ROLE_MAX_KEEP) {
		errno = EINVAL;
		return false;
	}
	if (!da_msg_pair(ends))
		return false;
	child = fork();
	if (child == 0)
		run_role(ends[1], parent, start);
	error = errno;
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		errno = error;
		return false;
	}
	*ret_sock = ends[0];
	*ret_pid = child;
	return true;
}

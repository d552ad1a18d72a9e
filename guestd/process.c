/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/close_range.h>

#include "roles.h"

#define SOCK_FD	3

/* Standard streams lead nowhere, so that no role can write to a terminal. */
static bool
keep_one(int sock)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 &&
	    dup2(null, 2) == 2 && dup2(sock, SOCK_FD) == SOCK_FD &&
	    close_range(SOCK_FD + 1, ~0U, 0) == 0;
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

bool
da_role_become(const struct da_identity *who)
{
	pid_t parent = getppid();

	return da_identity_become(who) && dies_with(parent) &&
	    da_role_is_closed();
}

static void
run_role(int sock, pid_t parent, void (*run)(int sock, void *arg), void *arg)
{
	if (!dies_with(parent) || !da_role_is_closed() ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    !keep_one(sock))
		_exit(1);
	run(SOCK_FD, arg);
	_exit(0);
}

bool
da_role_start(void (*run)(int sock, void *arg), void *arg, int *ret_sock,
    pid_t *ret_pid)
{
	pid_t parent = getpid(), child;
	int ends[2];

	if (!da_msg_pair(ends))
		return false;
	child = fork();
	if (child == 0)
		run_role(ends[1], parent, run, arg);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return false;
	}
	*ret_sock = ends[0];
	*ret_pid = child;
	return true;
}

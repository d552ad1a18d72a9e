/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "sealed.h"

static bool
say(char *why, size_t size, const char *what, int error)
{
	snprintf(why, size, "%s: %s", what, strerror(error));
	return false;
}

static bool
is_sealed(int fd)
{
	static const char bytes[] = "sealed";

	return da_sealed_append(fd, bytes, sizeof(bytes)) &&
	    da_sealed_seal(fd) && da_sealed_check(fd, sizeof(bytes));
}

static bool
memory_is_sealed(char *why, size_t size)
{
	int fd, error;
	bool sealed;

	if (!da_sealed_new(&fd))
		return say(why, size, "anonymous files (memfd_create) are not "
		    "to be had", errno);
	sealed = is_sealed(fd);
	error = errno;
	close(fd);
	return sealed || say(why, size, "anonymous files cannot be sealed "
	    "(F_ADD_SEALS)", error);
}

/* By the plain system call: behind a filter no library may do more. */
static void
leave(bool done)
{
	syscall(SYS_exit_group, done ? 0 : errno);
}

/* The errno of what a child tried; 0: it went well. */
static int
outcome_of(pid_t child)
{
	int status;
	pid_t got;

	if (child < 0)
		return errno;
	do {
		got = waitpid(child, &status, 0);
	} while (got < 0 && errno == EINTR);
	if (got != child)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

static bool
filters_work(char *why, size_t size)
{
	static const char what[] = "system-call filters (seccomp) are not to "
	    "be had";
	struct da_filter *filter = da_filter_new(DA_SANDBOX_JUDGE);
	pid_t child;
	int error;

	if (filter == NULL)
		return say(why, size, what, errno);
	child = fork();
	if (child == 0)
		leave(da_filter_enter(filter));
	error = outcome_of(child);
	da_filter_free(filter);
	return error == 0 || say(why, size, what, error);
}

static bool
landlock_works(char *why, size_t size)
{
	pid_t child = fork();
	int error;

	if (child == 0)
		leave(da_landlock_enter());
	error = outcome_of(child);
	return error == 0 || say(why, size, "Landlock is not to be had", error);
}

bool
da_sandbox_is_there(char *why, size_t size)
{
	return memory_is_sealed(why, size) && filters_work(why, size) &&
	    landlock_works(why, size);
}

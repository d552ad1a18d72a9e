/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catches the children that a process forks, to do to them what only a broken
 * machine would:
 *
 *   catch PID NTH kill|stop READY-FD
 *     kill  SIGKILL before its first instruction, as for want of memory
 *     stop  held where it was born, for as long as this program runs
 *
 * Needs root (the daemon's roles let nobody trace them): status 77 otherwise.
 * Says on READY-FD, by one byte, that it waits, and on standard output which
 * child it caught.  It ends when it has killed one; one that it stopped dies
 * with it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "catch: %s: %s\n", what, strerror(errno));
	exit(errno == EPERM ? 77 : 99);
}

/* The next stop of anybody; its process. */
static pid_t
next_stop(int *ret_status)
{
	pid_t pid = waitpid(-1, ret_status, __WALL);

	if (pid < 0)
		die("wait");
	return pid;
}

/* Whoever traces a process sees it stop once more before it can be left. */
static void
leave(pid_t pid)
{
	int status;

	while (ptrace(PTRACE_DETACH, pid, NULL, NULL) != 0) {
		if (errno != ESRCH)
			die("detach");
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
		if (waitpid(pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			return;
	}
}

/*
 * The next child that it forks, stopped where it was born: the parent's word
 * counts, for the child's own stop may be seen before or after it.
 */
static pid_t
next_child(pid_t parent)
{
	unsigned long child = 0;
	int status;

	for (;;) {
		pid_t pid = next_stop(&status);
		int event = status >> 16;

		if (!WIFSTOPPED(status) && pid == parent)
			die("the process ended");
		if (!WIFSTOPPED(status) || pid != parent)
			continue;
		if (event == PTRACE_EVENT_FORK)
			ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child);
		ptrace(PTRACE_CONT, parent, NULL, event != 0 ? 0 :
		    WSTOPSIG(status));
		if (child != 0)
			return (pid_t)child;
	}
}

static pid_t
nth_child(pid_t parent, int nth)
{
	pid_t child = next_child(parent);

	while (--nth > 0) {
		leave(child);
		child = next_child(parent);
	}
	return child;
}

int
main(int argc, char **argv)
{
	pid_t parent, child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 5) {
		fputs("catch: see its source\n", stderr);
		return 99;
	}
	parent = (pid_t)atoi(argv[1]);
	/* A child that is not left again ends with us, however we end. */
	if (ptrace(PTRACE_SEIZE, parent, NULL, PTRACE_O_TRACEFORK |
	    PTRACE_O_EXITKILL) != 0)
		die("trace");
	(void)!write(atoi(argv[4]), "r", 1);
	close(atoi(argv[4]));
	child = nth_child(parent, atoi(argv[2]));
	leave(parent);
	printf("caught %d\n", (int)child);
	fflush(stdout);
	if (strcmp(argv[3], "stop") == 0)
		for (;;)
			pause();
	kill(child, SIGKILL);
	leave(child);
	return 0;
}

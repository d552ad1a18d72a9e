/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catches the children that a process forks, to do to them what only a broken
 * machine would:
 *
 *   catch PID NTH kill|stop READY-FD
 *     kill  SIGKILL before its first instruction, as for want of memory
 *     stop  SIGSTOP, and left so
 *
 * Needs root (the daemon's roles let nobody trace them): status 77 otherwise.
 * Says on READY-FD, by one byte, that it waits; ends when it has done it.
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

/* The NTH child of that process, stopped where it was born. */
static pid_t
next_child(pid_t parent, int nth)
{
	unsigned long child = 0;
	int status;

	while (nth > 0) {
		pid_t pid = next_stop(&status);
		int event = status >> 16, signal_no = WSTOPSIG(status);

		if (!WIFSTOPPED(status)) {
			if (pid == parent)
				die("the process ended");
			continue;
		}
		if (pid == parent && event == PTRACE_EVENT_FORK) {
			ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child);
			nth--;
		}
		/* A child's first stop comes too: it is let go, or kept. */
		if (pid != parent && nth > 0)
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
		if (pid == parent)
			ptrace(PTRACE_CONT, pid, NULL, event != 0 ? 0 :
			    signal_no);
	}
	return (pid_t)child;
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
	if (ptrace(PTRACE_SEIZE, parent, NULL, PTRACE_O_TRACEFORK) != 0)
		die("trace");
	(void)!write(atoi(argv[4]), "r", 1);
	close(atoi(argv[4]));
	child = next_child(parent, atoi(argv[2]));
	kill(child, strcmp(argv[3], "kill") == 0 ? SIGKILL : SIGSTOP);
	leave(child);
	leave(parent);
	return 0;
}

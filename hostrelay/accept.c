/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "serve.h"

static volatile sig_atomic_t stopping;

/* The children that serve, so that no other process is ever signalled. */
struct children {
	uint32_t n;
	pid_t pid[RELAY_MAX_CHILDREN];
};

static void
note_signal(int number)
{
	if (number != SIGCHLD)
		stopping = 1;
}

/* Signals arrive in ppoll() only; returns the mask for it. */
static sigset_t
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = note_signal };
	sigset_t ours, before;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ours, &before);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGCHLD, &sa, NULL);
	sigdelset(&before, SIGTERM);
	sigdelset(&before, SIGINT);
	sigdelset(&before, SIGCHLD);
	return before;
}

/* By pid and never by -1: the source may have children of its own. */
static void
reap(struct children *c)
{
	for (uint32_t i = 0; i < c->n;) {
		if (waitpid(c->pid[i], NULL, WNOHANG) == 0)
			i++;
		else
			c->pid[i] = c->pid[--c->n];
	}
}

static void
end_all(struct children *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		kill(c->pid[i], SIGTERM);
	for (uint32_t i = 0; i < c->n; i++)
		waitpid(c->pid[i], NULL, 0);
}

static _Noreturn void
be_child(int fd, int listening, struct relay_source *source,
    const sigset_t *mask, pid_t parent)
{
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	/* A parent that is killed takes its children along. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(1);
	close(listening);
	relay_serve(fd, source);
	_exit(0);
}

static void
accept_one(int listening, struct relay_source *source, const sigset_t *mask,
    struct children *c)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	pid_t pid, parent = getpid();

	if (fd < 0)
		return;		/* the peer is gone again, or nearly nothing */
	pid = fork();
	if (pid == 0)
		be_child(fd, listening, source, mask, parent);
	if (pid > 0)
		c->pid[c->n++] = pid;
	else
		fprintf(stderr, "%s: cannot serve: %s\n",
		    program_invocation_short_name, strerror(errno));
	close(fd);
}

static void
tell_ready(int fd)
{
	if (fd < 0)
		return;
	if (write(fd, "r", 1) != 1)
		fprintf(stderr, "%s: nobody waits for the ready byte: %s\n",
		    program_invocation_short_name, strerror(errno));
	close(fd);
}

bool
relay_accept_loop(int listening, struct relay_source *source, int ready)
{
	struct children c = { 0 };
	sigset_t mask = catch_signals();
	bool ok = true;

	tell_ready(ready);
	while (!stopping && ok) {
		struct pollfd p = { .fd = listening, .events = POLLIN };
		nfds_t n = c.n < RELAY_MAX_CHILDREN ? 1 : 0;
		int got = ppoll(&p, n, NULL, &mask);

		if (got < 0 && errno != EINTR)
			ok = false;
		reap(&c);
		if (got > 0)
			accept_one(listening, source, &mask, &c);
	}
	end_all(&c);
	return ok;
}

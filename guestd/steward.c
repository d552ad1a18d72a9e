/* SPDX-License-Identifier: Apache-2.0 */
#include "steward_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define STOP_MS		60000	/* backing out of what is not accepted */
#define ORPHAN_MS	1000	/* from a pusher's death to its news */
#define FAILED_MS	2000	/* the same, where the next start must do */

int
da_complain(const char *format, ...)
{
	va_list args;

	fputs("devattestd: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 1;
}

/* For people: it decides nothing, so that a host may set the clock. */
int64_t
da_steward_wall_clock(void)
{
	return (int64_t)time(NULL);
}

void
da_steward_hang_up(int *sock)
{
	close(*sock);
	*sock = -1;
}

/* systemd.service(5): READY=1 ends the start, and each reload. */
void
da_steward_say(const struct steward *s)
{
	if (s->stage == DA_STAGE_DECIDED)
		da_notify(&s->setup->notify, "READY=1\n"
		    "STATUS=%zu of %zu functions accepted",
		    da_told_accepted(&s->told), s->told.n);
	else
		da_notify(&s->setup->notify, "STATUS=judging by policy \"%s\""
		    "\nEXTEND_TIMEOUT_USEC=%" PRIu64, s->policy.policy_name,
		    (uint64_t)s->policy.deadline_s * 1000000 +
		    STOP_MS * UINT64_C(1000));
}

/* -- the end -- */

/* 0 would be all of our own group. */
static void
signal_pusher(const struct steward *s, int number)
{
	if (s->crew.pusher > 0)
		kill(s->crew.pusher, number);
}

void
da_steward_stop_pusher(struct steward *s)
{
	s->until_ms = da_now_ms() + STOP_MS;
	signal_pusher(s, SIGTERM);
}

void
da_steward_begin_end(struct steward *s)
{
	if (s->ending)
		return;
	s->ending = true;
	da_notify(&s->setup->notify, "STOPPING=1\nSTATUS=ending\n"
	    "EXTEND_TIMEOUT_USEC=%" PRIu64, STOP_MS * UINT64_C(1000));
	if (s->crew.pusher == 0)
		s->ended = true;
	else
		da_steward_stop_pusher(s);
}

void
da_steward_give_up(struct steward *s)
{
	s->failed = true;
	s->status = 1;
	da_steward_begin_end(s);
	s->until_ms = da_now_ms() + FAILED_MS;
}

/* -- processes that end -- */

static void
say_died(const char *role, int how)
{
	if (WIFEXITED(how) && WEXITSTATUS(how) == DA_EXIT_NO_SANDBOX)
		da_complain("the %s could not enter its sandbox", role);
	da_complain("the %s died (%s %d)", role, WIFSIGNALED(how) ?
	    "signal" : "status", WIFSIGNALED(how) ? WTERMSIG(how) :
	    WEXITSTATUS(how));
}

static void
on_pusher_gone(struct steward *s, int how)
{
	while (da_steward_hear(s))
		continue;
	if (s->ending)
		s->ended = true;
	else if (s->replacing)
		da_steward_replace(s);
	else {
		say_died("pusher", how);
		da_complain("what it had locked is found at the next start");
		da_steward_give_up(s);
	}
}

/*
 * The pusher hears of it by itself, backs out, and tells: a role that died is
 * the reason why it refuses.  One that ended of its own accord has lost its
 * pusher, of which we are about to hear.
 */
static void
on_role_gone(struct steward *s, const char *role, int how)
{
	if (strcmp(role, "pusher") == 0)
		on_pusher_gone(s, how);
	else if (s->ending || s->replacing)
		return;
	else if (WIFEXITED(how) && WEXITSTATUS(how) == 0) {
		s->orphan = role;
		s->until_ms = da_now_ms() + ORPHAN_MS;
	} else {
		say_died(role, how);
		da_steward_give_up(s);
	}
}

static void
on_next_gone(struct steward *s, const char *role, int how)
{
	if (!s->has_next || s->ending)
		return;
	say_died(role, how);
	if (s->replacing)	/* there is no way back */
		da_steward_give_up(s);
	else
		da_steward_reload_failed(s, "no new policy");
}

/* A warden that says why not, and ends, is heard before it is missed. */
static void
on_child(struct steward *s, pid_t pid, int how)
{
	bool was_warden = pid == s->crew.warden;
	bool was_next = pid == s->next.warden;
	const char *role = da_crew_lost(&s->crew, pid);
	const char *next = role == NULL ? da_crew_lost(&s->next, pid) : NULL;

	if (was_warden && s->crew.warden_sock >= 0)
		da_steward_on_ready(s);
	if (was_next && s->next.warden_sock >= 0)
		da_steward_on_next_ready(s);
	if (role != NULL)
		on_role_gone(s, role, how);
	if (next != NULL)
		on_next_gone(s, next, how);
}

static void
reap(struct steward *s)
{
	pid_t pid;
	int how;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		on_child(s, pid, how);
}

/* -- signals and the clock -- */

static void
on_signal(struct steward *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		reap(s);
	else if (info.ssi_signo == SIGHUP && !s->setup->once)
		da_steward_reload(s);
	else
		da_steward_begin_end(s);
}

static void
on_patience_gone(struct steward *s)
{
	s->until_ms = 0;
	if (s->orphan != NULL && !s->ending) {
		da_complain("the %s ended", s->orphan);
		da_steward_give_up(s);
	} else if (s->ending || s->replacing) {
		da_complain("the pusher does not end, and is killed");
		signal_pusher(s, SIGKILL);
	} else if (s->has_next)
		da_steward_reload_failed(s, "the warden did not answer in "
		    "time");
	else {
		da_complain("the warden did not answer in time");
		da_steward_give_up(s);
	}
}

/* Signals come by a descriptor only, in this process. */
static bool
catch_signals(struct steward *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	/* Whoever reads our story may leave; no device stays locked for it. */
	signal(SIGPIPE, SIG_IGN);
	s->signals = sigprocmask(SIG_BLOCK, &set, NULL) == 0 ?
	    signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
	return s->signals >= 0;
}

/* -- the loop -- */

enum { POLL_SIGNALS, POLL_PUSHER, POLL_WARDEN, POLL_NEXT, POLL_STATUS,
	POLLS = POLL_STATUS + DA_STATUS_POLLS };

static void
answer_status(struct steward *s)
{
	const bool is_read = s->policy.ready == 1;
	const struct da_status_facts facts = {
		.decided = s->stage == DA_STAGE_DECIDED,
		.exit_class = s->status, .since = s->since,
		.boot_id = s->boot_id,
		.kernel = s->kernel,
		.policy_name = is_read ? s->policy.policy_name : NULL,
		.policy_id = s->policy.policy_id, .told = &s->told };

	da_status_turn(&s->asked, &facts);
}

static int
wait_ms(const struct steward *s)
{
	int64_t left = s->until_ms - da_now_ms();

	if (s->until_ms == 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

static bool
asks(const struct pollfd *p)
{
	for (int i = 0; i < DA_STATUS_POLLS; i++)
		if (p[i].revents != 0)
			return true;
	return false;
}

/* What one of them does may end another: each looks for itself. */
static void
turn(struct steward *s)
{
	struct pollfd p[POLLS] = {
		[POLL_SIGNALS] = { s->signals, POLLIN, 0 },
		[POLL_PUSHER] = { s->crew.pusher_sock, POLLIN, 0 },
		[POLL_WARDEN] = { s->crew.warden_sock, POLLIN, 0 },
		[POLL_NEXT] = { s->next.warden_sock, POLLIN, 0 } };
	int n;

	da_status_waits(&s->asked, &p[POLL_STATUS]);
	n = poll(p, POLLS, wait_ms(s));
	if (s->until_ms != 0 && da_now_ms() >= s->until_ms)
		on_patience_gone(s);
	if (n <= 0)
		return;
	if (p[POLL_PUSHER].revents != 0)
		da_steward_hear(s);
	if (p[POLL_WARDEN].revents != 0 && s->crew.warden_sock >= 0)
		da_steward_on_ready(s);
	if (p[POLL_NEXT].revents != 0 && s->next.warden_sock >= 0)
		da_steward_on_next_ready(s);
	if (p[POLL_SIGNALS].revents != 0)
		on_signal(s);
	if (asks(&p[POLL_STATUS]))
		answer_status(s);
}

static void
read_boot_id(char ret[DA_BOOT_ID_SIZE])
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (f == NULL || fgets(ret, DA_BOOT_ID_SIZE, f) == NULL)
		ret[0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (f != NULL)
		fclose(f);
}

static bool
is_prepared(struct steward *s)
{
	if (!da_told_new(&s->told)) {
		da_complain("no memory");
		return false;
	}
	if (!catch_signals(s)) {
		da_complain("signals: %s", strerror(errno));
		return false;
	}
	if (!da_status_open(&s->setup->run, &s->asked)) {
		da_complain("%s/%s: %s", s->setup->run.path, DA_RUN_SOCKET,
		    strerror(errno));
		return false;
	}
	return true;
}

int
da_steward_run(const struct da_steward_setup *setup)
{
	struct steward s = { .setup = setup, .signals = -1,
		.crew = DA_CREW_NONE, .next = DA_CREW_NONE, .status = 1,
		.since = da_steward_wall_clock(),
		.asked = { .listening = -1 } };

	read_boot_id(s.boot_id);
	/* What is emulated is called so wherever it is named. */
	if (setup->plan.settings->kernel_socket != NULL) {
		snprintf(s.kernel, sizeof(s.kernel), "soft:%s (emulated)",
		    setup->plan.settings->kernel_socket);
		da_complain("kernel: soft (emulated)");
	} else {
		snprintf(s.kernel, sizeof(s.kernel), "linux");
		da_complain("kernel: linux");
	}
	if (is_prepared(&s) && da_steward_start(&s))
		while (!s.ended)
			turn(&s);
	da_crew_end(&s.crew);
	da_crew_end(&s.next);
	da_status_close(&s.asked, &setup->run);
	da_told_free(&s.told);
	if (s.signals >= 0)
		close(s.signals);
	return s.status;
}

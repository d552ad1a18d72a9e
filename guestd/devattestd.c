/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "pusher.h"
#include "receiver.h"
#include "settings.h"
#include "warden.h"

static volatile sig_atomic_t stop;

/* The daemon's own state: main's, and nobody else's. */
struct daemon {
	struct da_settings settings;
	struct da_identity receiver, judge;
	struct da_live_roles roles;
	pid_t receiver_pid, warden_pid;	/* 0: not started */
	struct da_kernel *kernel;
	struct da_candidate *all;
	size_t n;
};

__attribute__((format(printf, 1, 2)))
static int
fail(const char *format, ...)
{
	va_list args;

	fputs("devattestd: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 1;
}

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* Blocked but while a role's answer is waited for: no step is cut in half. */
static bool
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	/* Whoever reads our story may leave; no device stays locked for it. */
	signal(SIGPIPE, SIG_IGN);
	return sigaction(SIGTERM, &action, NULL) == 0 &&
	    sigaction(SIGINT, &action, NULL) == 0 &&
	    sigprocmask(SIG_BLOCK, &both, NULL) == 0;
}

/* Descriptors 0 to 2 are taken, so that no socket can become one of them. */
static bool
has_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= 2);
	return fd > 2 && close(fd) == 0;
}

/* -- the roles -- */

static void
run_receiver(int sock, void *arg)
{
	static const struct da_deadlines deadlines = { DA_WIRE_IDLE_MS,
		DA_WIRE_ANSWER_MS };
	const struct rlimit most = { DA_BUNDLE_MAX, DA_BUNDLE_MAX };

	if (da_role_become(arg) && setrlimit(RLIMIT_FSIZE, &most) == 0)
		da_receiver_run(sock, &deadlines);
}

static void
run_warden(int sock, void *arg)
{
	const struct daemon *d = arg;
	const struct da_warden_setup setup = { d->settings.policy_path,
		d->settings.roots_folder, d->judge };

	da_warden_run(sock, &setup);
}

static bool
find_identities(struct daemon *d)
{
	char why[160];

	if (da_identity_find(d->settings.receiver_user, DA_RECEIVER_USER,
	    DA_RECEIVER_UID, &d->receiver, why, sizeof(why)) &&
	    da_identity_find(d->settings.judge_user, DA_JUDGE_USER,
	    DA_JUDGE_UID, &d->judge, why, sizeof(why)))
		return true;
	fail("%s", why);
	return false;
}

static void
say_identities(const struct daemon *d)
{
	if (!d->receiver.switches)
		fprintf(stderr, "devattestd: started by an ordinary user: all "
		    "roles keep user %u\n", geteuid());
	else
		fprintf(stderr, "devattestd: receiver is user %u, judges are "
		    "%u%s\n", d->receiver.uid, d->judge.uid,
		    d->receiver.by_number || d->judge.by_number ?
		    " (no names here: by number)" : "");
	fputs("devattestd: system-call filters are not in this version\n",
	    stderr);
}

/* Before the kernel is touched: no role inherits a way to it. */
static bool
start_roles(struct daemon *d)
{
	struct da_msg_ready ready;
	struct da_refusal why;
	int receiver, warden;

	if (!da_role_start(run_receiver, &d->receiver, &receiver,
	    &d->receiver_pid) ||
	    !da_role_start(run_warden, d, &warden, &d->warden_pid)) {
		fail("a role cannot be started: %s", strerror(errno));
		return false;
	}
	da_roles_init(&d->roles, receiver, warden, &d->settings.host);
	if (da_roles_ready(&d->roles, &ready, &why))
		return true;
	fail("%s", why.text);
	return false;
}

/* Nothing is asked of them any more, and they leave nothing behind. */
static void
end_role(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* -- the devices -- */

static bool
is_listed(const struct da_kernel_device *list, size_t n, const char *name,
    struct da_kernel_device *ret)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0) {
			*ret = list[i];
			return true;
		}
	return false;
}

/* One that was named and is not there stays a candidate, and is refused. */
static void
choose_named(struct daemon *d, const struct da_kernel_device *list, size_t n)
{
	d->n = d->settings.n_devices;
	for (size_t i = 0; i < d->n; i++)
		if (!is_listed(list, n, d->settings.device[i],
		    &d->all[i].device))
			snprintf(d->all[i].device.name,
			    sizeof(d->all[i].device.name), "%s",
			    d->settings.device[i]);
}

static bool
choose_devices(struct daemon *d)
{
	struct da_kernel_device list[DA_MAX_DEVICES];
	struct da_kernel_error error;
	size_t n;

	d->all = calloc(DA_MAX_DEVICES, sizeof(*d->all));
	if (d->all == NULL || !d->kernel->ops->list(d->kernel, list,
	    DA_MAX_DEVICES, &n, &error)) {
		fail("the kernel's devices cannot be listed: %s",
		    d->all == NULL ? "no memory" : strerror(error.error));
		return false;
	}
	if (d->settings.n_devices > 0)
		choose_named(d, list, n);
	for (; d->settings.n_devices == 0 && d->n < n; d->n++)
		d->all[d->n].device = list[d->n];
	return true;
}

static int
judge_all(struct daemon *d)
{
	struct da_pusher pusher = { d->kernel, &d->roles.base, &stop,
		d->settings.verbose ? stderr : NULL };

	return da_push_all(&pusher, d->all, d->n);
}

/* -- what became of them -- */

static bool
is_written(FILE *out)
{
	return fflush(out) == 0 && ferror(out) == 0;
}

static bool
print_json(const struct daemon *d, int class)
{
	struct da_outcome *outcomes = calloc(d->n + 1, sizeof(*outcomes));
	bool printed;

	for (size_t i = 0; outcomes != NULL && i < d->n; i++)
		outcomes[i] = d->all[i].outcome;
	printed = outcomes != NULL &&
	    da_outcomes_json(stdout, outcomes, d->n, class);
	free(outcomes);
	return printed;
}

static bool
print_lines(const struct daemon *d)
{
	for (size_t i = 0; i < d->n; i++)
		da_outcome_print(stdout, &d->all[i].outcome);
	if (d->n == 0)
		puts("no device: nothing was judged, nothing is accepted");
	return true;
}

/* Yes is only yes when it could be said. */
static int
print_outcomes(const struct daemon *d, int class)
{
	bool printed = d->settings.json ? print_json(d, class) :
	    print_lines(d);

	if (is_written(stdout) && printed)
		return class;
	return fail("what was decided cannot be written: %s", printed ?
	    "standard output fails" : "no memory");
}

/*
 * Accepted devices stay accepted.  A role that dies is told of; what it was
 * needed for is over.
 */
static int
hold(const struct daemon *d, int class)
{
	struct pollfd roles[2] = { { .fd = d->roles.receiver },
		{ .fd = d->roles.warden } };

	while (stop == 0)
		if (ppoll(roles, 2, NULL, &d->roles.waiting) > 0)
			return fail("a role died");
	return class;
}

static int
judge_and_hold(struct daemon *d)
{
	struct da_kernel_error error;
	int class;

	d->kernel = da_kernel_soft_open(d->settings.kernel_socket, &error);
	if (d->kernel == NULL)
		return fail("%s: %s: %s", d->settings.kernel_socket,
		    error.text, strerror(error.error));
	fprintf(stderr, "devattestd: kernel: %s\n", d->kernel->ops->name);
	if (!choose_devices(d))
		return 1;
	class = print_outcomes(d, judge_all(d));
	return d->settings.once ? class : hold(d, class);
}

static int
run(struct daemon *d)
{
	int class = start_roles(d) && catch_signals() ? judge_and_hold(d) : 1;

	if (d->kernel != NULL)
		d->kernel->ops->close(d->kernel);
	end_role(d->receiver_pid);
	end_role(d->warden_pid);
	free(d->all);
	return class;
}

int
main(int argc, char **argv)
{
	struct daemon d = { .kernel = NULL };
	struct da_misuse why;

	if (!has_streams())
		return 1;
	if (!da_settings_parse(argc, argv, &d.settings, &why))
		return fail("%s", why.text);
	if (d.settings.help || d.settings.version) {
		if (d.settings.help)
			da_settings_help();
		else
			puts("devattestd " PACKAGE_VERSION);
		return is_written(stdout) ? 0 :
		    fail("standard output fails");
	}
	if (!da_role_is_closed())
		return fail("memory cannot be closed to others: %s",
		    strerror(errno));
	if (!find_identities(&d))
		return 1;
	say_identities(&d);
	return run(&d);
}

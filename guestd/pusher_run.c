/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "kernel-uapi/evidence_nl.h"
#include "pusher.h"
#include "sandbox.h"
#include "verifier/hash.h"

#define PAUSE_MS	250	/* before a busy host is asked again */

static volatile sig_atomic_t stop;

/* The process's own state. */
struct run {
	int steward;
	const struct da_pusher_setup *setup;
	sigset_t waiting;	/* lets through what is blocked otherwise */
	int64_t begun_ms;
	struct da_live_roles roles;
	struct da_kernel *kernel;
	int sysfs;		/* the folder /sys; Linux only */
	struct da_pusher pusher;
	struct da_candidate *all;
	size_t n;
	struct da_msg_done done;
};

__attribute__((format(printf, 2, 3)))
static bool
fail(struct run *r, const char *format, ...)
{
	va_list args;

	r->done.exit_class = 1;
	va_start(args, format);
	vsnprintf(r->done.text, sizeof(r->done.text), format, args);
	va_end(args);
	return false;
}

static bool
kernel_failed(struct run *r, const char *what,
    const struct da_kernel_error *error)
{
	return fail(r, "%s: %s%s%.100s", what, strerror(error->error),
	    error->text[0] != '\0' ? ": " : "", error->text);
}

/* -- signals -- */

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

/*
 * Blocked but while something is waited for: no step is cut in half.  A
 * terminal that hangs up, or a reader of our story that leaves, stops nothing.
 */
static bool
catch_signals(struct run *r)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
	    signal(SIGHUP, SIG_IGN) == SIG_ERR ||
	    sigaction(SIGTERM, &action, NULL) != 0 ||
	    sigaction(SIGINT, &action, NULL) != 0 ||
	    sigprocmask(SIG_BLOCK, &both, &r->waiting) != 0)
		return fail(r, "signals: %s", strerror(errno));
	sigdelset(&r->waiting, SIGTERM);
	sigdelset(&r->waiting, SIGINT);
	r->roles.waiting = r->waiting;
	return true;
}

/* -- the kernel and the sandbox: before any byte of the host's -- */

/* The socket and /sys are opened ahead of the sandbox. */
static struct da_kernel *
open_kernel(struct run *r, struct da_kernel_error *error)
{
	if (r->setup->kernel_socket != NULL)
		return da_kernel_soft_open(r->setup->kernel_socket, error);
	r->sysfs = open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->sysfs >= 0)
		return da_kernel_nl_open(r->sysfs, error);
	error->error = errno;
	snprintf(error->text, sizeof(error->text), "/sys");
	return NULL;
}

static bool
drivers_are_held(struct run *r)
{
	struct da_kernel_error error = { .error = 0 };

	r->kernel = open_kernel(r, &error);
	if (r->kernel == NULL)
		return kernel_failed(r, r->setup->kernel_socket != NULL ?
		    r->setup->kernel_socket : "linux", &error);
	if (!r->kernel->ops->hold(r->kernel, &error))
		return kernel_failed(r, "drivers cannot be held back", &error);
	return r->kernel->ops->boot_id(r->kernel, r->pusher.boot_id, &error) ||
	    kernel_failed(r, "the kernel has no boot id", &error);
}

/*
 * The software kernel is a socket that is open: no file is needed any more,
 * once OpenSSL has read its own, and no privilege.
 */
static bool
soft_is_confined(void)
{
	return da_role_disarm() && da_landlock_enter();
}

/*
 * Linux asks whoever changes a TDI for CAP_SYS_ADMIN, and holds and frees
 * drivers by sysfs: PCI's part of it is all that is left of the file system.
 */
static bool
linux_is_confined(int sysfs)
{
	static const char *const path[] = { "bus/pci", "devices" };
	int folder[] = { -1, -1 };
	bool confined = true;

	for (int i = 0; i < 2; i++) {
		folder[i] = openat(sysfs, path[i],
		    O_PATH | O_DIRECTORY | O_CLOEXEC);
		confined = confined && folder[i] >= 0;
	}
	confined = confined && da_role_disarm_but_admin() &&
	    da_landlock_enter_but(folder, 2);
	for (int i = 0; i < 2; i++)
		if (folder[i] >= 0)
			close(folder[i]);
	return confined;
}

static bool
is_sandboxed(struct run *r)
{
	bool is_linux = r->setup->kernel_socket == NULL;
	struct da_filter *filter = da_filter_new(is_linux ?
	    DA_SANDBOX_PUSHER_LINUX : DA_SANDBOX_PUSHER);
	bool entered;
	int error;

	/* The first digest is what makes OpenSSL read and lock things. */
	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++)
		da_hash_of((enum da_hash)h, da_slice_str("warm"));
	entered = filter != NULL &&
	    (is_linux ? linux_is_confined(r->sysfs) : soft_is_confined()) &&
	    da_filter_enter(filter);
	error = errno;

	da_filter_free(filter);
	return entered || fail(r, "the pusher has no sandbox: %s",
	    strerror(error));
}

/* -- the steward's word -- */

/* False with no text: told to stop, or the steward is gone. */
static bool
may_begin(struct run *r)
{
	struct da_msg_ready go;
	struct da_msg_got got;
	enum da_msg_error error;

	if (!da_msg_recv(r->steward, &go, sizeof(go), -1, &r->waiting, &got,
	    &error))
		return error == DA_MSG_CLOSED || error == DA_MSG_STOPPED ?
		    false : fail(r, "the steward %s",
		    da_msg_error_text(error));
	if (!da_msg_is(&go, &got, DA_MSG_GO, sizeof(go), 0) || go.ready != 1) {
		da_msg_close_fds(&got);
		return fail(r, "the steward said something else than go");
	}
	memcpy(r->pusher.policy_id, go.policy_id, sizeof(go.policy_id));
	r->pusher.deadline_ms = r->begun_ms + (int64_t)go.deadline_s * 1000;
	r->roles.deadline_ms = r->pusher.deadline_ms;
	return true;
}

/*
 * Until the steward is gone or says stop: whoever closes the kernel's
 * interface may lose what it holds.
 */
static void
hold_on(struct run *r)
{
	struct da_msg_ready any;
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_OK;

	while (stop == 0 && (error == DA_MSG_OK || error == DA_MSG_GARBAGE)) {
		error = DA_MSG_OK;
		if (da_msg_recv(r->steward, &any, sizeof(any), -1,
		    &r->waiting, &got, &error))
			da_msg_close_fds(&got);
	}
}

/* -- the functions of the guest -- */

static bool
is_named(const struct da_pusher_setup *setup, const char *name)
{
	for (size_t i = 0; i < setup->n_devices; i++)
		if (strcmp(setup->device[i], name) == 0)
			return true;
	return setup->n_devices == 0;
}

static bool
is_listed(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->all[i].device.name, name) == 0)
			return true;
	return false;
}

/* One that was named and is not there stays a candidate, and is refused. */
static void
add_missing(struct run *r)
{
	for (size_t i = 0; i < r->setup->n_devices; i++) {
		struct da_candidate *c = &r->all[r->n];

		if (is_listed(r, r->setup->device[i]))
			continue;
		c->missing = true;
		snprintf(c->device.name, sizeof(c->device.name), "%s",
		    r->setup->device[i]);
		r->n++;
	}
}

static bool
functions_are_listed(struct run *r)
{
	struct da_kernel_device list[DA_MAX_DEVICES];
	struct da_kernel_error error = { .error = 0 };
	size_t n;

	if (!r->kernel->ops->list(r->kernel, list, DA_MAX_DEVICES, &n, &error))
		return kernel_failed(r, "the kernel's devices cannot be listed",
		    &error);
	r->all = calloc(n + r->setup->n_devices + 1, sizeof(*r->all));
	if (r->all == NULL)
		return fail(r, "no memory");
	for (; r->n < n; r->n++) {
		r->all[r->n].device = list[r->n];
		r->all[r->n].untouched = !is_named(r->setup, list[r->n].name);
	}
	add_missing(r);
	return true;
}

/* -- the process -- */

static void
judge(struct run *r)
{
	struct da_pusher *p = &r->pusher;

	p->kernel = r->kernel;
	p->roles = &r->roles.base;
	p->stop = &stop;
	p->waiting = &r->waiting;
	p->story = r->setup->verbose ? stderr : NULL;
	p->max_tries = r->setup->max_tries;
	p->pause_ms = PAUSE_MS;
	p->record = r->setup->record;
	p->n_records = r->setup->n_records;
	r->done.exit_class = da_push_all(p, r->all, r->n);
	r->done.n = (uint32_t)p->n_told;
	memcpy(r->done.text, p->text, sizeof(r->done.text));
}

/* True: there is something to say to the steward. */
static bool
run(struct run *r)
{
	if (catch_signals(r) && drivers_are_held(r) && is_sandboxed(r) &&
	    may_begin(r) && functions_are_listed(r))
		judge(r);
	return r->done.text[0] != '\0' || r->pusher.kernel != NULL;
}

void
da_pusher_run(int steward, int receiver, int warden,
    const struct da_pusher_setup *setup)
{
	static struct run r;

	r = (struct run){ .steward = steward, .setup = setup,
		.begun_ms = da_now_ms(), .done.exit_class = 1 };
	da_roles_init(&r.roles, receiver, warden, steward, &setup->target);
	if (run(&r)) {
		r.done.head = da_msg_head(DA_MSG_DONE, 0);
		if (da_msg_send(steward, &r.done, sizeof(r.done), NULL, 0))
			hold_on(&r);
	}
	if (r.kernel != NULL)
		r.kernel->ops->close(r.kernel);
	free(r.all);
}

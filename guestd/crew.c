/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "receiver.h"
#include "warden.h"

/* -- what each is -- */

static void
run_receiver(int sock, const int *kept, void *arg)
{
	const struct da_crew_plan *plan = arg;

	if (!da_receiver_shut_in(&plan->receiver,
	    (enum da_target_kind)plan->target.kind))
		_exit(DA_EXIT_NO_SANDBOX);
	da_receiver_run(sock, plan->listening >= 0 ? kept[0] : -1);
}

static void
run_warden(int sock, const int *kept, void *arg)
{
	const struct da_crew_plan *plan = arg;
	const struct da_warden_setup setup = { plan->settings->policy_path,
		plan->settings->roots_folder, plan->judge };

	da_warden_run(sock, kept[0], &setup);
}

static void
run_pusher(int sock, const int *kept, void *arg)
{
	da_pusher_run(sock, kept[0], kept[1], arg);
}

/* -- starting -- */

static void
let_go(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
start_receiver(const struct da_crew_plan *plan, struct da_crew *crew)
{
	const struct da_role_start start = { .run = run_receiver,
		.arg = (void *)(uintptr_t)plan,
		.n_keep = plan->listening >= 0 ? 1 : 0,
		.keep = { plan->listening }, .name = "da-receiver" };

	return da_role_start(&start, &crew->to_receiver, &crew->receiver);
}

/* The pusher's questions have a socket of their own: READY is for us. */
static bool
start_warden(const struct da_crew_plan *plan, struct da_crew *crew)
{
	int ends[2];
	struct da_role_start start = { .run = run_warden,
		.arg = (void *)(uintptr_t)plan, .n_keep = 1,
		.name = "da-warden" };
	bool started;

	if (!da_msg_pair(ends))
		return false;
	start.keep[0] = ends[1];
	crew->to_warden = ends[0];
	started = da_role_start(&start, &crew->warden_sock, &crew->warden);
	close(ends[1]);
	return started;
}

bool
da_crew_start(const struct da_crew_plan *plan, struct da_crew *ret)
{
	struct da_crew crew = DA_CREW_NONE;
	int error;

	if (start_receiver(plan, &crew) && start_warden(plan, &crew)) {
		*ret = crew;
		return true;
	}
	error = errno;
	da_crew_end(&crew);
	errno = error;
	return false;
}

bool
da_crew_start_pusher(const struct da_crew_plan *plan,
    const struct da_record *records, size_t n_records, struct da_crew *crew)
{
	struct da_pusher_setup setup = {
		.kernel_socket = plan->settings->kernel_socket,
		.target = plan->target,
		.n_devices = plan->settings->n_devices,
		.device = plan->settings->device,
		.verbose = plan->settings->verbose,
		.max_tries = plan->settings->tries,
		.record = records, .n_records = n_records };
	const struct da_role_start start = { .run = run_pusher, .arg = &setup,
		.n_keep = 2, .keep = { crew->to_receiver, crew->to_warden },
		.speaks = plan->settings->verbose, .name = "da-pusher" };

	if (!da_role_start(&start, &crew->pusher_sock, &crew->pusher))
		return false;
	/* It alone has them: when it ends, the other two hear of it. */
	let_go(&crew->to_receiver);
	let_go(&crew->to_warden);
	return true;
}

/* -- ending -- */

const char *
da_crew_lost(struct da_crew *crew, pid_t pid)
{
	struct {
		pid_t *pid;
		const char *name;
	} const roles[] = {
		{ &crew->receiver, "receiver" },
		{ &crew->warden, "warden" },
		{ &crew->pusher, "pusher" },
	};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (pid > 0 && *roles[i].pid == pid) {
			*roles[i].pid = 0;
			return roles[i].name;
		}
	return NULL;
}

static void
end_role(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	*pid = 0;
}

void
da_crew_end(struct da_crew *crew)
{
	end_role(&crew->pusher);
	end_role(&crew->receiver);
	end_role(&crew->warden);
	let_go(&crew->pusher_sock);
	let_go(&crew->warden_sock);
	let_go(&crew->to_receiver);
	let_go(&crew->to_warden);
}

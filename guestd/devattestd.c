/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "journal.h"
#include "sandbox.h"
#include "steward.h"

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

static bool
find_identities(struct da_crew_plan *plan, char *why, size_t size)
{
	return da_identity_find(plan->settings->receiver_user,
	    DA_RECEIVER_USER, DA_RECEIVER_UID, &plan->receiver, why, size) &&
	    da_identity_find(plan->settings->judge_user, DA_JUDGE_USER,
	    DA_JUDGE_UID, &plan->judge, why, size);
}

static void
say_identities(const struct da_crew_plan *plan)
{
	if (!plan->receiver.switches)
		da_complain("started by an ordinary user: all roles keep "
		    "user %u", geteuid());
	else
		da_complain("receiver is user %u, judges are %u%s",
		    plan->receiver.uid, plan->judge.uid,
		    plan->receiver.by_number || plan->judge.by_number ?
		    " (no names here: by number)" : "");
}

/* A socket that was handed in takes the default's place, not the owner's. */
static bool
find_target(struct da_crew_plan *plan, char *why, size_t size)
{
	if (!da_notify_socket(&plan->listening, why, size))
		return false;
	plan->target = plan->settings->host;
	if (plan->listening < 0)
		return true;
	if (plan->settings->host_named) {
		snprintf(why, size, "--connect, and a socket is handed in "
		    "(LISTEN_FDS): one of them");
		return false;
	}
	plan->target = (struct da_target){ .kind = DA_TARGET_HANDED };
	return true;
}

static bool
open_run(const struct da_settings *s, struct da_run *ret, char *why,
    size_t size)
{
	const char *path = s->run_folder;

	if (path == NULL && s->once && geteuid() != 0) {
		da_complain("no run folder: results and records are not kept "
		    "(--run DIR)");
		*ret = (struct da_run){ .fd = -1 };
		return true;
	}
	return da_run_open(path != NULL ? path : DA_RUN_FOLDER, ret, why,
	    size);
}

/* No sandbox, no service: whatever the reason, and without a switch. */
static bool
has_sandbox(char *why, size_t size)
{
	char missing[200];

	if (da_sandbox_is_there(missing, sizeof(missing)))
		return true;
	snprintf(why, size, "no sandbox, no service: %s", missing);
	return false;
}

/*
 * Whoever started us may have ignored signals, and that is inherited: a child's
 * end must be told, a judge's time-out must end it.  A limit on the size of
 * files is an error of the run folder's, and not our end.
 */
static void
set_signals(void)
{
	signal(SIGCHLD, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGXCPU, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
}

static int
run(const struct da_settings *settings)
{
	struct da_steward_setup setup = { .plan = { .settings = settings },
		.notify = da_notify_open(), .once = settings->once,
		.json = settings->json };
	char why[320];
	int status;

	if (!da_role_is_closed())
		return da_complain("memory cannot be closed to others: %s",
		    strerror(errno));
	if (!find_target(&setup.plan, why, sizeof(why)) ||
	    !find_identities(&setup.plan, why, sizeof(why)) ||
	    !has_sandbox(why, sizeof(why)) ||
	    !open_run(settings, &setup.run, why, sizeof(why)))
		return da_complain("%s", why);
	say_identities(&setup.plan);
	setup.journal = da_journal_is_stderr() ? DA_JOURNAL_SOCKET : NULL;
	status = da_steward_run(&setup);
	da_run_close(&setup.run);
	return status;
}

int
main(int argc, char **argv)
{
	static struct da_settings settings;
	struct da_misuse why;

	umask(077);
	set_signals();
	if (!has_streams())
		return da_complain("/dev/null: %s", strerror(errno));
	if (!da_settings_parse(argc, argv, &settings, &why))
		return da_complain("%s", why.text);
	if (!settings.help && !settings.version)
		return run(&settings);
	if (settings.help)
		da_settings_help();
	else
		puts("devattestd " PACKAGE_VERSION);
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 :
	    da_complain("standard output fails");
}

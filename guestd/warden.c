/* SPDX-License-Identifier: Apache-2.0 */
#include "warden.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/close_range.h>

#include "files.h"
#include "judge.h"
#include "roles.h"
#include "roots.h"

#define REPLY_FD	3
#define MEMFD_FD	4

struct warden {
	int sock;
	struct da_policy *policy;
	struct da_roots roots;
	struct da_desk *desk;
};

/* -- the policy -- */

static struct da_policy *
parse_policy(struct da_slice text, const char *path, struct da_msg_ready *ready)
{
	struct da_policy_error error;
	struct da_policy *policy = da_policy_parse(text, &error);

	if (policy != NULL)
		return policy;
	ready->line = error.line;
	ready->column = error.column;
	if (error.line != 0)
		snprintf(ready->text, sizeof(ready->text), "%.140s:%u:%u: %s",
		    path, error.line, error.column, error.text);
	else
		snprintf(ready->text, sizeof(ready->text), "%.140s: %s", path,
		    error.text);
	return NULL;
}

static struct da_policy *
read_policy(const char *path, struct da_msg_ready *ready)
{
	struct da_file_error error;
	struct da_policy *policy;
	struct da_slice text;

	if (!da_file_read(path, DA_PART_POLICY, DA_POLICY_MAX_BYTES, &text,
	    &error)) {
		snprintf(ready->text, sizeof(ready->text), "%.140s: %s", path,
		    error.unusable ? error.text :
		    da_fault_text(error.fault.why)->text);
		return NULL;
	}
	policy = parse_policy(text, path, ready);
	da_file_free(text);
	return policy;
}

/* Files first, as the daemon's user; then the judges' user, for good. */
static bool
get_ready(struct warden *w, const struct da_warden_setup *setup,
    struct da_msg_ready *ready)
{
	w->policy = read_policy(setup->policy_path, ready);
	if (w->policy == NULL || !da_roots_load(w->policy, setup->roots_folder,
	    &w->roots, ready->text, sizeof(ready->text)))
		return false;
	if (!da_role_become(&setup->who)) {
		snprintf(ready->text, sizeof(ready->text), "the judges cannot "
		    "become user %u: %s", setup->who.uid, strerror(errno));
		return false;
	}
	w->desk = da_desk_new();
	if (w->desk == NULL) {
		snprintf(ready->text, sizeof(ready->text), "no memory");
		return false;
	}
	da_judge_warm();
	ready->rules = w->policy->n_rules;
	snprintf(ready->policy_name, sizeof(ready->policy_name), "%s",
	    w->policy->name);
	ready->ready = 1;
	return true;
}

/* -- the judges -- */

/* A judge has its bundle and its answer's way out, and nothing else. */
static bool
keep_two(int memfd, int reply)
{
	return dup2(reply, REPLY_FD) == REPLY_FD &&
	    dup2(memfd, MEMFD_FD) == MEMFD_FD &&
	    close_range(MEMFD_FD + 1, ~0U, 0) == 0;
}

static void
start_judge(const struct warden *w, const struct da_msg_job *job,
    const struct da_msg_got *got)
{
	pid_t warden = getpid(), judge = fork();

	/* One that cannot start says so by the end of its socket. */
	if (judge != 0)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != warden ||
	    !keep_two(got->fd[0], got->fd[1]))
		_exit(1);
	da_judge_run(w->desk, w->policy, job, MEMFD_FD, REPLY_FD);
}

/* -- the count -- */

/* As verdicts again, of which only the accepted ones are told. */
static struct da_verdict *
verdicts_of(const struct da_msg_count *question)
{
	struct da_verdict *v = calloc(DA_MAX_DEVICES, sizeof(*v));

	for (uint32_t i = 0; v != NULL && i < question->n; i++) {
		const struct da_msg_counted_one *one = &question->one[i];

		v[i].accepted = 1;
		memcpy(v[i].class_name, one->class_name,
		    sizeof(v[i].class_name));
		memcpy(v[i].device_key, one->device_key,
		    sizeof(v[i].device_key));
	}
	return v;
}

static bool
count(const struct warden *w, const struct da_msg_count *question)
{
	struct da_msg_counted answer = {
		.head = da_msg_head(DA_MSG_COUNTED, question->head.serial) };
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };
	struct da_verdict *verdicts;

	if (question->n > DA_MAX_DEVICES ||
	    (verdicts = verdicts_of(question)) == NULL)
		return false;
	answer.holds = da_policy_counts(w->policy, verdicts, question->n,
	    &fault) ? 1 : 0;
	answer.fault = (struct da_msg_fault){ (uint32_t)fault.why,
		(uint32_t)fault.part, fault.offset };
	free(verdicts);
	return da_msg_send(w->sock, &answer, sizeof(answer), NULL, 0);
}

static bool
is_job(const void *msg, const struct da_msg_got *got)
{
	return da_msg_is(msg, got, DA_MSG_AUTHENTICATE,
	    sizeof(struct da_msg_job), 2) ||
	    da_msg_is(msg, got, DA_MSG_APPRAISE, sizeof(struct da_msg_job), 2);
}

/* False: the pusher is gone, or is not the pusher. */
static bool
serve_one(const struct warden *w)
{
	union {
		struct da_msg_job job;
		struct da_msg_count count;
	} msg;
	struct da_msg_got got;
	enum da_msg_error error;
	bool known = true;

	if (!da_msg_recv(w->sock, &msg, sizeof(msg), -1, NULL, &got, &error))
		return false;
	if (is_job(&msg, &got))
		start_judge(w, &msg.job, &got);
	else if (da_msg_is(&msg, &got, DA_MSG_COUNT, sizeof(msg.count), 0))
		known = count(w, &msg.count);
	else
		known = false;
	da_msg_close_fds(&got);
	return known;
}

void
da_warden_run(int sock, const struct da_warden_setup *setup)
{
	struct da_msg_ready ready = { .head = da_msg_head(DA_MSG_READY, 0) };
	struct warden w = { .sock = sock };
	bool is_ready = get_ready(&w, setup, &ready);

	if (!da_msg_send(sock, &ready, sizeof(ready), NULL, 0) || !is_ready)
		return;
	signal(SIGCHLD, SIG_IGN);	/* judges leave no zombies */
	while (serve_one(&w))
		continue;
}

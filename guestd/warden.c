/* SPDX-License-Identifier: Apache-2.0 */
#include "warden.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/close_range.h>

#include "files.h"
#include "judge.h"
#include "roles.h"
#include "roots.h"

#define MAX_PROCESSES	64	/* of the judges' user */

/* Set up before the filter: no memory is asked for behind it. */
struct warden {
	int questions;		/* the pusher's */
	struct da_policy *policy;
	struct da_roots roots;
	struct da_desk *desk;
	struct da_filter *judges;	/* the filter of each judge */
	union {
		struct da_msg_head head;
		struct da_msg_sort sort;
		struct da_msg_job job;
		struct da_msg_count count;
	} msg;
	struct da_msg_sorted sorted;
	struct da_verdict verdicts[DA_MAX_DEVICES];	/* to be counted */
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

static bool
say(struct da_msg_ready *ready, const char *what)
{
	snprintf(ready->text, sizeof(ready->text), "%s: %s", what,
	    strerror(errno));
	return false;
}

/*
 * A judge forks nobody, and what a warden that was taken over forks outlives
 * it: few at least.  Two wardens and their judges are the most there is of a
 * daemon.  An ordinary user has other processes, which would count, too.
 */
static bool
is_bounded(const struct da_identity *who)
{
	const struct rlimit few = { MAX_PROCESSES, MAX_PROCESSES };

	return !who->switches || setrlimit(RLIMIT_NPROC, &few) == 0;
}

static bool
shut_in(struct warden *w, const struct da_warden_setup *setup,
    struct da_msg_ready *ready)
{
	struct da_filter *own = da_filter_new(DA_SANDBOX_WARDEN);
	bool entered;

	w->judges = da_filter_new(DA_SANDBOX_JUDGE);
	if (own == NULL || w->judges == NULL)
		return say(ready, "the judges' filters cannot be made");
	if (!da_role_become(&setup->who)) {
		snprintf(ready->text, sizeof(ready->text), "the judges cannot "
		    "become user %u: %s", setup->who.uid, strerror(errno));
		return false;
	}
	w->desk = da_desk_new();
	if (w->desk == NULL)
		return say(ready, "no memory");
	da_judge_warm();
	/* Judges leave no zombies. */
	entered = signal(SIGCHLD, SIG_IGN) != SIG_ERR &&
	    is_bounded(&setup->who) && da_landlock_enter() &&
	    da_filter_enter(own);
	da_filter_free(own);
	return entered || say(ready, "the judges' sandbox cannot be entered");
}

/*
 * Files first, as the daemon's user; then the judges' user, and their sandbox,
 * for good.
 */
static bool
get_ready(struct warden *w, const struct da_warden_setup *setup,
    struct da_msg_ready *ready)
{
	w->policy = read_policy(setup->policy_path, ready);
	if (w->policy == NULL || !da_roots_load(w->policy, setup->roots_folder,
	    &w->roots, ready->text, sizeof(ready->text)) ||
	    !shut_in(w, setup, ready))
		return false;
	ready->rules = w->policy->n_rules;
	ready->deadline_s = w->policy->deadline_s;
	memcpy(ready->policy_id, w->policy->id.bytes,
	    sizeof(ready->policy_id));
	snprintf(ready->policy_name, sizeof(ready->policy_name), "%s",
	    w->policy->name);
	ready->ready = 1;
	return true;
}

/* -- the judges -- */

/* The least of `fd` that is not below `from`; NULL: none is left. */
static const int *
next_kept(const int *fd, uint32_t n, int from)
{
	const int *least = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (fd[i] >= from && (least == NULL || fd[i] < *least))
			least = &fd[i];
	return least;
}

/* A judge has its bundles and its answer's way out, and nothing else. */
static bool
keep_only(const struct da_msg_got *got)
{
	unsigned int from = 0;
	const int *kept;

	while ((kept = next_kept(got->fd, got->n_fds, (int)from)) != NULL) {
		unsigned int fd = (unsigned int)*kept;

		if (fd > from && close_range(from, fd - 1, 0) != 0)
			return false;
		from = fd + 1;
	}
	return close_range(from, ~0U, 0) == 0;
}

static void
start_judge(const struct warden *w, const struct da_msg_got *got)
{
	pid_t warden = getpid(), judge = fork();

	/* One that cannot start says so by the end of its socket. */
	if (judge != 0)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != warden ||
	    !keep_only(got))
		_exit(1);
	da_judge_run(w->desk, w->policy, w->judges, &w->msg.job, got->fd,
	    got->fd[got->n_fds - 1]);
}

/* -- what each function is -- */

static bool
sort(struct warden *w)
{
	const struct da_msg_sort *question = &w->msg.sort;
	struct da_msg_sorted *answer = &w->sorted;

	if (question->n > DA_MAX_DEVICES)
		return false;
	*answer = (struct da_msg_sorted){
		.head = da_msg_head(DA_MSG_SORTED, question->head.serial),
		.n = question->n };
	for (uint32_t i = 0; i < question->n; i++) {
		const struct da_kernel_device *d = &question->device[i];
		const struct da_pci pci = {
			.vendor = d->vendor, .device = d->device,
			.subsystem_vendor = d->subsystem_vendor,
			.subsystem_device = d->subsystem_device,
			.class_code = d->class_code, .tee = d->tee };

		answer->what[i] = (uint8_t)da_policy_sort(w->policy, &pci);
	}
	return da_msg_send(w->questions, answer, sizeof(*answer), NULL, 0);
}

/* -- the count -- */

/* As verdicts again, of which only the accepted ones are told. */
static void
make_verdicts(struct warden *w)
{
	memset(w->verdicts, 0, sizeof(w->verdicts));
	for (uint32_t i = 0; i < w->msg.count.n; i++) {
		const struct da_msg_counted_one *one = &w->msg.count.one[i];
		struct da_verdict *v = &w->verdicts[i];

		v->accepted = 1;
		memcpy(v->class_name, one->class_name, sizeof(v->class_name));
		memcpy(v->device_key, one->device_key, sizeof(v->device_key));
	}
}

static bool
count(struct warden *w)
{
	const struct da_msg_count *question = &w->msg.count;
	struct da_msg_counted answer = {
		.head = da_msg_head(DA_MSG_COUNTED, question->head.serial) };
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };

	if (question->n > DA_MAX_DEVICES)
		return false;
	make_verdicts(w);
	answer.holds = da_policy_counts(w->policy, w->verdicts, question->n,
	    &fault) ? 1 : 0;
	answer.fault = (struct da_msg_fault){ (uint32_t)fault.why,
		(uint32_t)fault.part, fault.offset };
	return da_msg_send(w->questions, &answer, sizeof(answer), NULL, 0);
}

/* -- serving -- */

static bool
is_job(const struct warden *w, const struct da_msg_got *got)
{
	const struct da_msg_job *job = &w->msg.job;

	return got->n_fds >= 2 && got->n_fds <= DA_MAX_FUNCTIONS + 1 &&
	    (da_msg_is(job, got, DA_MSG_AUTHENTICATE, sizeof(*job),
	    got->n_fds) ||
	    da_msg_is(job, got, DA_MSG_APPRAISE, sizeof(*job), got->n_fds)) &&
	    job->n == got->n_fds - 1;
}

/* False: not a question of the pusher's. */
static bool
answer(struct warden *w, const struct da_msg_got *got)
{
	if (is_job(w, got)) {
		start_judge(w, got);
		return true;
	}
	if (da_msg_is(&w->msg, got, DA_MSG_SORT, sizeof(w->msg.sort), 0))
		return sort(w);
	if (da_msg_is(&w->msg, got, DA_MSG_COUNT, sizeof(w->msg.count), 0))
		return count(w);
	return false;
}

/* False: the pusher is gone, or is not the pusher. */
static bool
serve_one(struct warden *w)
{
	struct da_msg_got got;
	enum da_msg_error error;
	bool known;

	if (!da_msg_recv(w->questions, &w->msg, sizeof(w->msg), -1, NULL, &got,
	    &error))
		return false;
	known = answer(w, &got);
	da_msg_close_fds(&got);
	return known;
}

void
da_warden_run(int sock, int questions, const struct da_warden_setup *setup)
{
	struct da_msg_ready ready = { .head = da_msg_head(DA_MSG_READY, 0) };
	struct warden *w = calloc(1, sizeof(*w));
	bool is_ready = w != NULL && get_ready(w, setup, &ready);

	/* Nothing is freed: the process ends with its questions. */
	if (!da_msg_send(sock, &ready, sizeof(ready), NULL, 0) || !is_ready)
		return;
	w->questions = questions;
	while (serve_one(w))
		continue;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "roles_parts.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define GRACE_MS	1000	/* a role's own time, beside the host's */
#define ANSWER_MS	5000	/* of warden and steward, who wait for no one */
#define JUDGE_MS	15000	/* a judge's own alarm is at ten seconds */
#define MAX_LATE	3	/* answers to questions that were given up */

struct da_live_roles *
live(struct da_roles *r)
{
	return (struct da_live_roles *)r;	/* base is its first member */
}

bool
role_fault(struct da_refusal *reterr, const char *role,
    enum da_msg_error error)
{
	return da_own_fault(reterr, "the %s %s", role,
	    da_msg_error_text(error));
}

bool
send_fault(struct da_refusal *reterr, const char *role)
{
	return role_fault(reterr, role, errno == EAGAIN ? DA_MSG_TIMEOUT :
	    errno == EPIPE || errno == ECONNRESET ? DA_MSG_CLOSED :
	    DA_MSG_SYSTEM);
}

static int
left_until(int64_t end_ms)
{
	int64_t left = end_ms - da_now_ms();

	return left > 0 ? (int)left : 0;
}

/*
 * A question that was given up may be answered yet, and must not spoil the next
 * one's.
 */
static bool
is_late(const struct da_live_roles *roles, const void *msg, size_t size,
    const struct da_msg_got *got)
{
	struct da_msg_head head;

	memcpy(&head, msg, sizeof(head));
	return got->size == size && head.serial != 0 &&
	    head.serial < roles->serial;
}

bool
hear(const struct da_live_roles *roles, int sock, const char *role,
    void *msg, size_t size, int timeout_ms, struct da_msg_got *ret,
    struct da_refusal *reterr)
{
	int64_t end_ms = da_now_ms() + timeout_ms;
	struct da_msg_got got;
	enum da_msg_error error;

	for (int late = 0; late <= MAX_LATE; late++) {
		if (!da_msg_recv(sock, msg, size, left_until(end_ms),
		    &roles->waiting, &got, &error))
			return role_fault(reterr, role, error);
		if (!is_late(roles, msg, size, &got)) {
			*ret = got;
			return true;
		}
		da_msg_close_fds(&got);
	}
	return role_fault(reterr, role, DA_MSG_GARBAGE);
}

/* An answer of this kind to the last question, without descriptors. */
static bool
hear_answer(const struct da_live_roles *roles, int sock, const char *role,
    enum da_msg_kind kind, void *msg, size_t size, int timeout_ms,
    struct da_refusal *reterr)
{
	struct da_msg_head head;
	struct da_msg_got got;

	if (!hear(roles, sock, role, msg, size, timeout_ms, &got, reterr))
		return false;
	memcpy(&head, msg, sizeof(head));
	if (da_msg_is(msg, &got, kind, size, 0) && head.serial == roles->serial)
		return true;
	da_msg_close_fds(&got);
	return role_fault(reterr, role, DA_MSG_GARBAGE);
}

/* -- the warden -- */

static bool
live_sort(struct da_roles *r, const struct da_kernel_device *list, size_t n,
    uint8_t *ret_what, struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_sort msg = {
		.head = da_msg_head(DA_MSG_SORT, ++roles->serial),
		.n = (uint32_t)n };
	struct da_msg_sorted answer;

	if (n > DA_MAX_DEVICES)
		return da_own_fault(reterr, "more functions than can be "
		    "sorted");
	memcpy(msg.device, list, n * sizeof(*list));
	if (!da_msg_send(roles->warden, &msg, sizeof(msg), NULL, 0))
		return send_fault(reterr, "warden");
	if (!hear_answer(roles, roles->warden, "warden", DA_MSG_SORTED,
	    &answer, sizeof(answer), ANSWER_MS, reterr))
		return false;
	for (size_t i = 0; i < n; i++)
		if (answer.n != n || answer.what[i] > DA_SORT_UNTRUSTED)
			return role_fault(reterr, "warden", DA_MSG_GARBAGE);
	memcpy(ret_what, answer.what, n);
	return true;
}

static bool
live_count(struct da_roles *r, struct da_msg_count *question,
    struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_counted msg;
	struct da_fault fault;

	question->head = da_msg_head(DA_MSG_COUNT, ++roles->serial);
	if (!da_msg_send(roles->warden, question, sizeof(*question), NULL, 0))
		return send_fault(reterr, "warden");
	if (!hear_answer(roles, roles->warden, "warden", DA_MSG_COUNTED, &msg,
	    sizeof(msg), ANSWER_MS, reterr))
		return false;
	fault = (struct da_fault){ (enum da_why)msg.fault.why,
		(enum da_part)msg.fault.part, (size_t)msg.fault.offset };
	return msg.holds == 1 ||
	    da_refused_fault(reterr, DA_CHK_COMPOSITION, &fault);
}

/* -- the judges -- */

/* Of the boot, where it has a deadline. */
static int
time_left(const struct da_live_roles *roles)
{
	return roles->deadline_ms == 0 ? INT_MAX :
	    left_until(roles->deadline_ms);
}

static int
judge_patience(const struct da_live_roles *roles)
{
	int left = time_left(roles);

	return left < roles->judge_ms ? left : roles->judge_ms;
}

/* Where the boot's time is over, that is why, whatever else went wrong. */
static bool
judge_failed(const struct da_live_roles *roles, struct da_refusal *reterr)
{
	static const struct da_fault over = { DA_F_TRANSPORT_DEADLINE,
		DA_PART_NONE, 0 };

	return time_left(roles) == 0 &&
	    da_refused_fault(reterr, DA_CHK_COUNT, &over);
}

/* Each judge has a socket of its own, which nobody has used before. */
static bool
ask_judge(struct da_live_roles *roles, const char *judge,
    enum da_msg_kind question, struct da_msg_job *job, const int *memfds,
    enum da_msg_kind kind, void *answer, size_t size,
    struct da_refusal *reterr)
{
	int ends[2], fds[DA_MSG_MAX_FDS];
	bool answered;

	if (job->n == 0 || job->n > DA_MAX_FUNCTIONS)
		return da_own_fault(reterr, "no job for the %s", judge);
	if (!da_msg_pair(ends))
		return da_own_fault(reterr, "no socket for the %s: %s", judge,
		    strerror(errno));
	memcpy(fds, memfds, job->n * sizeof(*memfds));
	fds[job->n] = ends[1];
	job->head = da_msg_head(question, ++roles->serial);
	answered = da_msg_send(roles->warden, job, sizeof(*job), fds,
	    job->n + 1) || send_fault(reterr, "warden");
	close(ends[1]);
	answered = answered && hear_answer(roles, ends[0], judge, kind, answer,
	    size, judge_patience(roles), reterr);
	close(ends[0]);
	return answered || judge_failed(roles, reterr);
}

static bool
is_same(const struct da_seal *a, const struct da_seal *b)
{
	return da_slice_eq_ct(da_slice_of(a->bundle, sizeof(a->bundle)),
	    da_slice_of(b->bundle, sizeof(b->bundle))) &&
	    da_slice_eq_ct(da_slice_of(a->ticket, sizeof(a->ticket)),
	    da_slice_of(b->ticket, sizeof(b->ticket)));
}

/* All functions of the job, and the very bytes that were sealed. */
static bool
is_about(const char *judge, const struct da_msg_job *job, uint32_t n,
    const struct da_seal *answered, const struct da_seal *seals,
    struct da_refusal *reterr)
{
	if (n != job->n)
		return role_fault(reterr, judge, DA_MSG_GARBAGE);
	for (uint32_t i = 0; i < n; i++)
		if (!is_same(&answered[i], &seals[i]))
			return da_own_fault(reterr, "the %s judged other "
			    "bytes", judge);
	return true;
}

static bool
live_authenticate(struct da_roles *r, struct da_msg_job *job,
    const int *memfds, const struct da_seal *seals, struct da_proofs *ret,
    struct da_refusal *reterr)
{
	struct da_msg_proof answer;

	for (uint32_t i = 0; i < DA_MAX_FUNCTIONS; i++)
		memset(&job->function[i].proof, 0,
		    sizeof(job->function[i].proof));
	if (!ask_judge(live(r), "authenticator", DA_MSG_AUTHENTICATE, job,
	    memfds, DA_MSG_PROOF, &answer, sizeof(answer), reterr) ||
	    !is_about("authenticator", job, answer.n, answer.seal, seals,
	    reterr))
		return false;
	ret->walks = answer.walks;
	memcpy(ret->of, answer.proof, sizeof(ret->of));
	return true;
}

static bool
live_appraise(struct da_roles *r, struct da_msg_job *job, const int *memfds,
    const struct da_seal *seals, struct da_verdicts *ret,
    struct da_refusal *reterr)
{
	struct da_msg_verdict answer;

	if (!ask_judge(live(r), "appraiser", DA_MSG_APPRAISE, job, memfds,
	    DA_MSG_VERDICT, &answer, sizeof(answer), reterr) ||
	    !is_about("appraiser", job, answer.n, answer.seal, seals, reterr))
		return false;
	memcpy(ret->of, answer.verdict, sizeof(ret->of));
	return true;
}

/* -- the steward -- */

static bool
live_record(struct da_roles *r, const struct da_record *record, bool keep,
    struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	const struct da_msg_record msg = {
		.head = da_msg_head(DA_MSG_RECORD, ++roles->serial),
		.keep = keep ? 1 : 0, .record = *record };
	struct da_msg_recorded answer;

	if (!da_msg_send(roles->steward, &msg, sizeof(msg), NULL, 0))
		return send_fault(reterr, "steward");
	if (!hear_answer(roles, roles->steward, "steward", DA_MSG_RECORDED,
	    &answer, sizeof(answer), ANSWER_MS, reterr))
		return false;
	return answer.done == 1 || da_own_fault(reterr, "%s: the record cannot "
	    "be %s: %s", record->device, keep ? "written" : "removed",
	    strerror(answer.error));
}

/* A steward that is gone hears nothing; its roles end with it. */
static void
live_tell(struct da_roles *r, const struct da_outcome *outcome,
    const struct da_ticket *ticket, const struct da_fetched *bundle)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_outcome msg = {
		.head = da_msg_head(DA_MSG_OUTCOME, ++roles->serial),
		.has_ticket = ticket != NULL, .has_bundle = bundle != NULL,
		.size = bundle != NULL ? bundle->size : 0,
		.outcome = *outcome };

	if (ticket != NULL)
		msg.ticket = *ticket;
	da_msg_send(roles->steward, &msg, sizeof(msg),
	    bundle != NULL ? &bundle->memfd : NULL, bundle != NULL ? 1 : 0);
}

void
da_roles_init(struct da_live_roles *roles, int receiver, int warden,
    int steward, const struct da_target *target)
{
	static const struct da_roles_ops ops = { live_sort, live_fetch,
		live_release, live_authenticate, live_appraise, live_count,
		live_record, live_tell };

	*roles = (struct da_live_roles){ .base = { &ops },
		.receiver = receiver, .warden = warden, .steward = steward,
		.target = *target, .grace_ms = GRACE_MS,
		.judge_ms = JUDGE_MS };
	/* Told to stop while it waits: blocked at any other moment. */
	sigprocmask(SIG_SETMASK, NULL, &roles->waiting);
	sigdelset(&roles->waiting, SIGTERM);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "roles.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sealed.h"

#define READY_MS	30000	/* reading policy and roots */
#define COUNT_MS	5000
#define JUDGE_MS	15000	/* a judge's own alarm is at ten seconds */

static struct da_live_roles *
live(struct da_roles *r)
{
	return (struct da_live_roles *)r;	/* base is its first member */
}

static bool
role_fault(struct da_refusal *reterr, const char *role,
    enum da_msg_error error)
{
	return da_own_fault(reterr, "the %s %s", role,
	    da_msg_error_text(error));
}

/* -- the receiver -- */

static bool
send_fetch(struct da_live_roles *roles, const uint8_t *request)
{
	struct da_msg_fetch msg = {
		.head = da_msg_head(DA_MSG_FETCH, ++roles->serial),
		.target = roles->target };

	memcpy(msg.request, request, sizeof(msg.request));
	return da_msg_send(roles->receiver, &msg, sizeof(msg), NULL, 0);
}

static const char *
host_word(uint32_t failure)
{
	static const char *const words[] = {
		[0] = "",
		[DA_WIRE_NO_DEVICE] = "no such device",
		[DA_WIRE_BUSY] = "busy",
		[DA_WIRE_DEVICE_ERROR] = "device error",
		[DA_WIRE_NOT_SUPPORTED] = "not supported",
		[DA_WIRE_HOST_ERROR] = "host error",
	};

	return failure < sizeof(words) / sizeof(words[0]) ? words[failure] :
	    "a code that is not known";
}

/* What the receiver says went wrong, in the faults' list or not at all. */
static bool
fetch_refused(const struct da_msg_fetched *msg, struct da_refusal *reterr)
{
	struct da_fault fault = { (enum da_why)msg->fault.why,
		(enum da_part)msg->fault.part, (size_t)msg->fault.offset };

	if (msg->fault.why == DA_F_NONE || msg->fault.why >= DA_F_COUNT)
		return da_own_fault(reterr, "the receiver has no bundle%s%s",
		    msg->error != 0 ? ": " : "",
		    msg->error != 0 ? strerror(msg->error) : "");
	da_refused_fault(reterr, da_fault_text(fault.why)->exit_class == 8 ?
	    DA_CHK_WELL_FORMED : DA_CHK_COUNT, &fault);
	snprintf(reterr->text, sizeof(reterr->text), "%s",
	    msg->error != 0 ? strerror(msg->error) :
	    host_word(msg->host_failure));
	return false;
}

/* A table that points outside the bundle is no table. */
static bool
parts_fit(const struct da_msg_fetched *msg)
{
	int32_t last = -1;

	if (msg->n > DA_MAX_PARTS || msg->size > DA_BUNDLE_MAX)
		return false;
	for (uint32_t i = 0; i < msg->n; i++) {
		const struct da_msg_part *p = &msg->part[i];

		if (p->type <= last || p->offset > msg->size ||
		    p->length > msg->size - p->offset ||
		    p->length > da_wire_cap(p->type))
			return false;
		last = p->type;
	}
	return true;
}

static bool
take_bundle(const struct da_msg_fetched *msg, struct da_msg_got *got,
    struct da_fetched *ret, struct da_refusal *reterr)
{
	if (!parts_fit(msg))
		return da_own_fault(reterr, "the receiver's table is false");
	if (!da_sealed_check(got->fd[0], msg->size))
		return da_own_fault(reterr, "the receiver's bundle is not "
		    "sealed, or of another size");
	*ret = (struct da_fetched){ got->fd[0], msg->size, msg->n, { { 0 } } };
	memcpy(ret->part, msg->part, sizeof(ret->part));
	return true;
}

static bool
live_fetch(struct da_roles *r, const uint8_t request[DA_WIRE_REQUEST_SIZE],
    struct da_fetched *ret, struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_fetched msg;
	struct da_msg_got got;
	enum da_msg_error error;

	if (!send_fetch(roles, request))
		return role_fault(reterr, "receiver", DA_MSG_CLOSED);
	if (!da_msg_recv(roles->receiver, &msg, sizeof(msg), roles->fetch_ms,
	    &roles->waiting, &got, &error))
		return role_fault(reterr, "receiver", error);
	if (da_msg_is(&msg, &got, DA_MSG_FETCHED, sizeof(msg),
	    msg.fetched == 1 ? 1 : 0) && msg.head.serial == roles->serial) {
		if (msg.fetched != 1)
			return fetch_refused(&msg, reterr);
		if (take_bundle(&msg, &got, ret, reterr))
			return true;
	} else
		role_fault(reterr, "receiver", DA_MSG_GARBAGE);
	da_msg_close_fds(&got);
	return false;
}

static void
live_release(struct da_roles *r)
{
	struct da_msg_release msg = {
		.head = da_msg_head(DA_MSG_RELEASE, live(r)->serial) };

	/* A receiver that is gone has let go of the host, too. */
	da_msg_send(live(r)->receiver, &msg, sizeof(msg), NULL, 0);
}

/* -- the judges -- */

static bool
take_answer(struct da_live_roles *roles, int reply, const char *judge,
    enum da_msg_kind kind, void *answer, size_t size,
    struct da_refusal *reterr)
{
	struct da_msg_got got;
	struct da_msg_head head;
	enum da_msg_error error;

	if (!da_msg_recv(reply, answer, size, roles->judge_ms,
	    &roles->waiting, &got, &error))
		return role_fault(reterr, judge, error);
	memcpy(&head, answer, sizeof(head));
	if (da_msg_is(answer, &got, kind, size, 0) &&
	    head.serial == roles->serial)
		return true;
	da_msg_close_fds(&got);
	return role_fault(reterr, judge, DA_MSG_GARBAGE);
}

/* Each judge has a socket of its own, which nobody has used before. */
static bool
ask_judge(struct da_live_roles *roles, const char *judge,
    enum da_msg_kind question, struct da_msg_job *job, int memfd,
    enum da_msg_kind kind, void *answer, size_t size,
    struct da_refusal *reterr)
{
	int ends[2], fds[2];
	bool sent, answered;

	if (!da_msg_pair(ends))
		return da_own_fault(reterr, "no socket for the %s", judge);
	fds[0] = memfd;
	fds[1] = ends[1];
	job->head = da_msg_head(question, ++roles->serial);
	sent = da_msg_send(roles->warden, job, sizeof(*job), fds, 2);
	close(ends[1]);
	answered = sent ? take_answer(roles, ends[0], judge, kind, answer,
	    size, reterr) : role_fault(reterr, "warden", DA_MSG_CLOSED);
	close(ends[0]);
	return answered;
}

static bool
live_authenticate(struct da_roles *r, struct da_msg_job *job, int memfd,
    struct da_proof *ret, struct da_refusal *reterr)
{
	struct da_msg_proof answer;

	memset(&job->proof, 0, sizeof(job->proof));
	if (!ask_judge(live(r), "authenticator", DA_MSG_AUTHENTICATE, job,
	    memfd, DA_MSG_PROOF, &answer, sizeof(answer), reterr))
		return false;
	*ret = answer.proof;
	return true;
}

static bool
live_appraise(struct da_roles *r, struct da_msg_job *job, int memfd,
    struct da_verdict *ret, struct da_refusal *reterr)
{
	struct da_msg_verdict answer;

	if (!ask_judge(live(r), "appraiser", DA_MSG_APPRAISE, job, memfd,
	    DA_MSG_VERDICT, &answer, sizeof(answer), reterr))
		return false;
	*ret = answer.verdict;
	return true;
}

static bool
live_count(struct da_roles *r, struct da_msg_count *question,
    struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_counted msg;
	struct da_msg_got got;
	struct da_fault fault;
	enum da_msg_error error;

	question->head = da_msg_head(DA_MSG_COUNT, ++roles->serial);
	if (!da_msg_send(roles->warden, question, sizeof(*question), NULL, 0))
		return role_fault(reterr, "warden", DA_MSG_CLOSED);
	if (!da_msg_recv(roles->warden, &msg, sizeof(msg), COUNT_MS,
	    &roles->waiting, &got, &error))
		return role_fault(reterr, "warden", error);
	if (!da_msg_is(&msg, &got, DA_MSG_COUNTED, sizeof(msg), 0) ||
	    msg.head.serial != roles->serial) {
		da_msg_close_fds(&got);
		return role_fault(reterr, "warden", DA_MSG_GARBAGE);
	}
	fault = (struct da_fault){ (enum da_why)msg.fault.why,
		(enum da_part)msg.fault.part, (size_t)msg.fault.offset };
	return msg.holds == 1 ||
	    da_refused_fault(reterr, DA_CHK_COMPOSITION, &fault);
}

bool
da_roles_ready(struct da_live_roles *roles, struct da_msg_ready *ret,
    struct da_refusal *reterr)
{
	struct da_msg_got got;
	enum da_msg_error error;

	if (!da_msg_recv(roles->warden, ret, sizeof(*ret), READY_MS,
	    &roles->waiting, &got, &error))
		return role_fault(reterr, "warden", error);
	if (!da_msg_is(ret, &got, DA_MSG_READY, sizeof(*ret), 0)) {
		da_msg_close_fds(&got);
		return role_fault(reterr, "warden", DA_MSG_GARBAGE);
	}
	ret->text[sizeof(ret->text) - 1] = '\0';
	ret->policy_name[sizeof(ret->policy_name) - 1] = '\0';
	return ret->ready == 1 || da_own_fault(reterr, "%s", ret->text);
}

void
da_roles_init(struct da_live_roles *roles, int receiver, int warden,
    const struct da_target *target)
{
	static const struct da_roles_ops ops = { live_fetch, live_release,
		live_authenticate, live_appraise, live_count };

	*roles = (struct da_live_roles){ { &ops }, receiver, warden, *target,
		.fetch_ms = DA_WIRE_IDLE_MS + DA_WIRE_ANSWER_MS + 1000,
		.judge_ms = JUDGE_MS };
	sigprocmask(SIG_SETMASK, NULL, &roles->waiting);
}

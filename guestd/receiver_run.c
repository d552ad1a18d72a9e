/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "roles.h"
#include "sandbox.h"
#include "sealed.h"

struct receiver {
	int sock;		/* the pusher's */
	int listening;		/* where a host may connect; -1: nowhere */
	int conn;		/* the host's, kept until release; -1: none */
};

static void
hang_up(struct receiver *r)
{
	if (r->conn >= 0)
		close(r->conn);
	r->conn = -1;
}

/* The next that connects, until `end`; who is not the host is hung up on. */
static bool
accept_host(int listening, int64_t end, int *ret_conn)
{
	struct pollfd p = { .fd = listening, .events = POLLIN };
	int64_t left;
	int conn, n;

	while ((left = end - da_now_ms()) > 0) {
		n = poll(&p, 1, (int)left);
		if (n < 0 && errno != EINTR)
			return false;
		if (n <= 0)
			continue;
		conn = accept4(listening, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		/* accept(2): one that was gone again is no reason to stop. */
		if (conn < 0 && (errno == ECONNABORTED || errno == EAGAIN ||
		    errno == EINTR))
			continue;
		if (conn < 0)
			return false;
		if (da_peer_is_served(conn, DA_CID_HOST)) {
			*ret_conn = conn;
			return true;
		}
		close(conn);
	}
	errno = ETIMEDOUT;
	return false;
}

static bool
connect_host(const struct da_target *target, int idle_ms, int *ret_conn)
{
	int conn;

	/* Contract 4: only peer CID 2 is served, whoever connected. */
	if (target->kind == DA_TARGET_VSOCK && target->cid != DA_CID_HOST) {
		errno = EPERM;
		return false;
	}
	if (!da_target_connect(target, idle_ms, &conn))
		return false;
	if (!da_peer_is_served(conn, DA_CID_HOST)) {
		close(conn);
		errno = EPERM;
		return false;
	}
	*ret_conn = conn;
	return true;
}

static void
tell(const struct da_answer *answer, struct da_msg_fetched *msg)
{
	msg->size = answer->at;
	msg->n = answer->n;
	for (uint32_t i = 0; i < answer->n; i++)
		msg->part[i] = (struct da_msg_part){
			.type = answer->part[i].type,
			.shape = answer->part[i].shape,
			.length = answer->part[i].length,
			.offset = answer->part[i].offset };
}

static bool
answer_pusher(int sock, const struct da_msg_fetched *msg, int memfd)
{
	return da_msg_send(sock, msg, sizeof(*msg), &memfd,
	    msg->fetched == 1 ? 1 : 0);
}

static bool
reach_host(const struct receiver *r, const struct da_msg_fetch *job,
    int64_t end, int *ret_conn)
{
	if (job->target.kind == DA_TARGET_HANDED)
		return accept_host(r->listening, end, ret_conn);
	return connect_host(&job->target, (int)job->idle_ms, ret_conn);
}

/* Fills the message; a bundle comes along only when it is whole. */
static void
fetch(struct receiver *r, const struct da_msg_fetch *job, int memfd,
    struct da_msg_fetched *msg)
{
	struct da_answer answer = { .failure = 0 };
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };
	int64_t end = da_now_ms() + job->whole_ms;
	struct da_deadlines deadlines = { .idle_ms = (int)job->idle_ms };

	if (!reach_host(r, job, end, &r->conn)) {
		msg->error = errno;
		fault.why = DA_F_TRANSPORT_CONNECT;
	} else {
		deadlines.whole_ms = (int)(end - da_now_ms());
		if (da_receive(r->conn, job->request, &deadlines, memfd,
		    &answer, &fault)) {
			msg->fetched = 1;
			tell(&answer, msg);
		} else if (fault.why == DA_F_NONE)
			msg->error = errno;
	}
	msg->host_failure = answer.failure;
	msg->fault = (struct da_msg_fault){ (uint32_t)fault.why,
		(uint32_t)fault.part, fault.offset };
}

static bool
serve(struct receiver *r, const struct da_msg_fetch *job)
{
	struct da_msg_fetched msg = {
		.head = da_msg_head(DA_MSG_FETCHED, job->head.serial) };
	int memfd;
	bool said;

	hang_up(r);
	if (!da_sealed_new(&memfd))
		return false;
	fetch(r, job, memfd, &msg);
	said = answer_pusher(r->sock, &msg, memfd);
	close(memfd);
	return said;
}

/* How long the pusher may ask to wait; both fit an int. */
static bool
is_job(const struct da_msg_fetch *job, const struct da_msg_got *got)
{
	return da_msg_is(job, got, DA_MSG_FETCH, sizeof(*job), 0) &&
	    job->idle_ms <= DA_WIRE_ANSWER_MS &&
	    job->whole_ms <= DA_WIRE_ANSWER_MS;
}

/* False: the pusher is gone, or is not the pusher. */
static bool
serve_one(struct receiver *r)
{
	struct da_msg_fetch job;
	struct da_msg_got got;
	enum da_msg_error error;

	if (!da_msg_recv(r->sock, &job, sizeof(job), -1, NULL, &got, &error))
		return false;
	if (is_job(&job, &got))
		return serve(r, &job);
	if (da_msg_is(&job, &got, DA_MSG_RELEASE,
	    sizeof(struct da_msg_release), 0)) {
		hang_up(r);
		return true;
	}
	da_msg_close_fds(&got);
	return false;
}

void
da_receiver_run(int sock, int listening)
{
	struct receiver r = { sock, listening, -1 };

	while (serve_one(&r))
		continue;
	hang_up(&r);
}

/* False: no host is reached that way. */
static bool
sandbox_for(enum da_target_kind kind, enum da_sandboxed *ret)
{
	switch (kind) {
	case DA_TARGET_HANDED:
		*ret = DA_SANDBOX_RECEIVER_HANDED;
		return true;
	case DA_TARGET_VSOCK:
		*ret = DA_SANDBOX_RECEIVER_VSOCK;
		return true;
	case DA_TARGET_UNIX:
		*ret = DA_SANDBOX_RECEIVER_UNIX;
		return true;
	case DA_TARGET_NONE:
		break;
	}
	errno = EINVAL;
	return false;
}

bool
da_receiver_shut_in(const struct da_identity *who, enum da_target_kind kind)
{
	const struct rlimit most = { DA_BUNDLE_MAX, DA_BUNDLE_MAX };
	const struct da_filter *filter;
	enum da_sandboxed role;

	if (!sandbox_for(kind, &role))
		return false;
	/* Never freed: from here on no more memory is asked for or given. */
	filter = da_filter_new(role);
	return filter != NULL && da_role_become(who) &&
	    setrlimit(RLIMIT_FSIZE, &most) == 0 && da_landlock_enter() &&
	    da_filter_enter(filter);
}

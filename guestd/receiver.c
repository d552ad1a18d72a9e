/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rolemsg.h"
#include "sealed.h"

#define CHUNK	16384

/* One answer on its way in. */
struct intake {
	int conn;
	int memfd;
	int idle_ms;
	int64_t end_ms;		/* of the whole answer */
	struct da_answer *answer;
	struct da_fault *fault;
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
refuse(const struct intake *in, enum da_why why)
{
	return da_refuse(in->fault, why, DA_PART_ANSWER,
	    (size_t)in->answer->at);
}

/* How long one more read may take: the shorter of both deadlines. */
static int
patience(const struct intake *in)
{
	int64_t left = in->end_ms - now_ms();

	if (left <= 0)
		return 0;
	return left < in->idle_ms ? (int)left : in->idle_ms;
}

static bool
has_bytes(const struct intake *in)
{
	struct pollfd p = { .fd = in->conn, .events = POLLIN };
	int n;

	do {
		n = poll(&p, 1, patience(in));
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return true;
	return refuse(in, n == 0 ? DA_F_TRANSPORT_TIMEOUT :
	    DA_F_TRANSPORT_CLOSED);
}

/* Exactly n bytes into buf. */
static bool
read_all(const struct intake *in, uint8_t *buf, size_t n)
{
	size_t done = 0;
	ssize_t got;

	while (done < n) {
		if (!has_bytes(in))
			return false;
		got = recv(in->conn, buf + done, n - done, MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return refuse(in, DA_F_TRANSPORT_CLOSED);
		done += (size_t)got;
	}
	return true;
}

/* Our own fault, not the host's: none of the list; errno says what. */
static bool
keep(const struct intake *in, const uint8_t *bytes, size_t n)
{
	return da_sealed_append(in->memfd, bytes, n) ||
	    refuse(in, DA_F_NONE);
}

static bool
read_body(const struct intake *in, uint32_t length)
{
	uint8_t buf[CHUNK];

	for (uint32_t left = length, n; left > 0; left -= n) {
		n = left < sizeof(buf) ? left : (uint32_t)sizeof(buf);
		if (!read_all(in, buf, n) || !keep(in, buf, n))
			return false;
	}
	return true;
}

static bool
read_failure(const struct intake *in)
{
	uint8_t code[4];

	return read_all(in, code, sizeof(code)) &&
	    keep(in, code, sizeof(code)) &&
	    da_answer_failed(in->answer, code, in->fault);
}

static bool
read_part(const struct intake *in)
{
	uint8_t head[DA_WIRE_HEAD_SIZE];
	uint32_t length;

	if (!read_all(in, head, sizeof(head)) ||
	    !keep(in, head, sizeof(head)) ||
	    !da_answer_head(in->answer, head, &length, in->fault))
		return false;
	if (in->answer->last_type == DA_WIRE_FAILURE)
		return read_failure(in);
	return read_body(in, length);
}

static bool
send_request(const struct intake *in, const uint8_t *request)
{
	ssize_t n = send(in->conn, request, DA_WIRE_REQUEST_SIZE,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	return n == DA_WIRE_REQUEST_SIZE || refuse(in, DA_F_TRANSPORT_CLOSED);
}

bool
da_receive(int conn, const uint8_t request[DA_WIRE_REQUEST_SIZE],
    const struct da_deadlines *deadlines, int memfd, struct da_answer *ret,
    struct da_fault *reterr)
{
	struct da_wire_request asked;
	struct intake in = { conn, memfd, deadlines->idle_ms,
		now_ms() + deadlines->whole_ms, ret, reterr };

	if (!da_wire_get_request(request, &asked))
		return da_refuse(reterr, DA_F_WIRE_MAGIC, DA_PART_ANSWER, 0);
	da_answer_start(&asked, ret);
	if (!keep(&in, request, DA_WIRE_REQUEST_SIZE) ||
	    !send_request(&in, request))
		return false;
	while (!ret->ended)
		if (!read_part(&in))
			return false;
	return da_sealed_seal(memfd) || refuse(&in, DA_F_NONE);
}

/* -- the process -- */

static void
hang_up(int *conn)
{
	if (*conn >= 0)
		close(*conn);
	*conn = -1;
}

/* The connection, made here or handed in; the host at its other end. */
static bool
reach_host(const struct da_target *target, int handed, int idle_ms,
    int *ret_conn)
{
	int conn = handed;

	/* Contract 4: only peer CID 2 is served, whoever connected. */
	if (target->kind == DA_TARGET_VSOCK && target->cid != DA_CID_HOST) {
		errno = EPERM;
		return false;
	}
	if (target->kind != DA_TARGET_HANDED &&
	    !da_target_connect(target, idle_ms, &conn))
		return false;
	if (!da_peer_is_served(conn, DA_CID_HOST)) {
		hang_up(&conn);
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

/* Fills the message; a bundle comes along only when it is whole. */
static void
fetch(const struct da_msg_fetch *job, int handed, int memfd,
    const struct da_deadlines *deadlines, int *conn,
    struct da_msg_fetched *msg)
{
	struct da_answer answer = { .failure = 0 };
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };

	if (!reach_host(&job->target, handed, deadlines->idle_ms, conn)) {
		msg->error = errno;
		fault.why = DA_F_TRANSPORT_CONNECT;
	} else if (da_receive(*conn, job->request, deadlines, memfd, &answer,
	    &fault)) {
		msg->fetched = 1;
		tell(&answer, msg);
	} else if (fault.why == DA_F_NONE)
		msg->error = errno;
	msg->host_failure = answer.failure;
	msg->fault = (struct da_msg_fault){ (uint32_t)fault.why,
		(uint32_t)fault.part, fault.offset };
}

static bool
serve(int sock, const struct da_msg_fetch *job, int handed,
    const struct da_deadlines *deadlines, int *conn)
{
	struct da_msg_fetched msg = {
		.head = da_msg_head(DA_MSG_FETCHED, job->head.serial) };
	int memfd;
	bool said;

	hang_up(conn);
	if (!da_sealed_new(&memfd))
		return false;
	fetch(job, handed, memfd, deadlines, conn, &msg);
	said = answer_pusher(sock, &msg, memfd);
	close(memfd);
	return said;
}

/* False: the pusher is gone, or is not the pusher. */
static bool
serve_one(int sock, const struct da_deadlines *deadlines, int *conn)
{
	struct da_msg_fetch job;
	struct da_msg_got got;
	enum da_msg_error error;

	if (!da_msg_recv(sock, &job, sizeof(job), -1, NULL, &got, &error))
		return false;
	if (da_msg_is(&job, &got, DA_MSG_FETCH, sizeof(job),
	    job.target.kind == DA_TARGET_HANDED ? 1 : 0))
		return serve(sock, &job, got.fd[0], deadlines, conn);
	if (da_msg_is(&job, &got, DA_MSG_RELEASE,
	    sizeof(struct da_msg_release), 0)) {
		hang_up(conn);
		return true;
	}
	da_msg_close_fds(&got);
	return false;
}

void
da_receiver_run(int sock, const struct da_deadlines *deadlines)
{
	int conn = -1;

	while (serve_one(sock, deadlines, &conn))
		continue;
	hang_up(&conn);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "clock.h"
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
	const struct da_deadlines *deadlines;
};

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
	int64_t left = in->end_ms - da_now_ms();

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

static void
tell_waiting(const struct intake *in, uint32_t left)
{
	if (in->deadlines->arrived != NULL)
		in->deadlines->arrived(in->deadlines->arg, in->answer,
		    in->answer->at - left);
}

static bool
read_body(const struct intake *in, uint32_t length)
{
	uint8_t buf[CHUNK];

	for (uint32_t left = length, n; left > 0; left -= n) {
		n = left < sizeof(buf) ? left : (uint32_t)sizeof(buf);
		if (!read_all(in, buf, n) || !keep(in, buf, n))
			return false;
		tell_waiting(in, left - n);
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
		da_now_ms() + deadlines->whole_ms, ret, reterr, deadlines };

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

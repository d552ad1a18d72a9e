/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "softproto.h"

struct soft {
	struct da_kernel kernel;	/* first: the table's functions cast */
	int fd;				/* -1 after a call went wrong */
	uint32_t serial;
};

static bool
fail(struct da_kernel_error *reterr, int error, const char *text)
{
	size_t n = strnlen(text, sizeof(reterr->text) - 1);

	memset(reterr, 0, sizeof(*reterr));
	reterr->error = error == 0 ? EIO : error;
	memcpy(reterr->text, text, n);
	return false;
}

/* A late reply would answer the next call: the connection ends with it. */
static bool
lost(struct soft *s, int error, const char *text,
    struct da_kernel_error *reterr)
{
	close(s->fd);
	s->fd = -1;
	return fail(reterr, error == EAGAIN ? ETIMEDOUT : error, text);
}

/* A report goes in the same datagram: whole, or not at all. */
static bool
send_request(struct soft *s, struct da_soft_request *q,
    struct da_slice report, struct da_kernel_error *reterr)
{
	struct iovec iov[2] = {
		{ q, sizeof(*q) }, { (void *)(uintptr_t)report.p, report.n },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t n;

	do {
		n = sendmsg(s->fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return lost(s, errno, "the software kernel takes no request",
		    reterr);
	return true;
}

/*
 * MSG_TRUNC tells the datagram's own size, so that a longer one is no answer
 * either.  The time-out is the socket's: a TSM behind it may be stalled.
 */
static bool
receive_reply(struct soft *s, const struct da_soft_request *q,
    struct da_soft_reply *ret, struct da_kernel_error *reterr)
{
	ssize_t n;

	do {
		n = recv(s->fd, ret, sizeof(*ret), MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return lost(s, errno, "the software kernel does not answer",
		    reterr);
	if (n == 0)
		return lost(s, EPIPE, "the software kernel is gone", reterr);
	if (n != sizeof(*ret) || ret->version != DA_SOFT_VERSION ||
	    ret->op != q->op || ret->serial != q->serial ||
	    ret->n > DA_MAX_DEVICES)
		return lost(s, EPROTO, "not an answer of this version", reterr);
	ret->text[sizeof(ret->text) - 1] = '\0';
	return true;
}

static bool
call(struct da_kernel *k, struct da_soft_request *q, struct da_slice report,
    struct da_soft_reply *ret, struct da_kernel_error *reterr)
{
	struct soft *s = (struct soft *)k;

	if (s->fd < 0)
		return fail(reterr, EPIPE, "the software kernel was lost");
	q->version = DA_SOFT_VERSION;
	q->serial = ++s->serial;
	q->report_size = (uint32_t)report.n;
	if (!send_request(s, q, report, reterr) ||
	    !receive_reply(s, q, ret, reterr))
		return false;
	if (ret->error != 0)
		return fail(reterr, (int)ret->error, ret->text);
	return true;
}

/* False for a name that no device can have. */
static bool
request_for(enum da_soft_op op, const char *device,
    struct da_soft_request *ret, struct da_kernel_error *reterr)
{
	size_t n = strlen(device);

	if (n >= sizeof(ret->device))
		return fail(reterr, ENODEV, "not a device's name");
	memset(ret, 0, sizeof(*ret));
	ret->op = op;
	memcpy(ret->device, device, n);
	return true;
}

static bool
simple(struct da_kernel *k, enum da_soft_op op, const char *device,
    struct da_soft_reply *ret, struct da_kernel_error *reterr)
{
	struct da_soft_request q;

	return request_for(op, device, &q, reterr) &&
	    call(k, &q, da_slice_of(NULL, 0), ret, reterr);
}

static bool
soft_boot_id(struct da_kernel *k, char ret[DA_BOOT_ID_SIZE],
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	if (!simple(k, DA_SOFT_BOOT_ID, "", &reply, reterr))
		return false;
	/* Shorter or longer, two boots might not differ in it. */
	if (strnlen(reply.body.boot_id, DA_BOOT_ID_SIZE) !=
	    DA_BOOT_ID_SIZE - 1)
		return fail(reterr, EPROTO, "not a boot id");
	memcpy(ret, reply.body.boot_id, DA_BOOT_ID_SIZE);
	return true;
}

static bool
soft_hold(struct da_kernel *k, struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_HOLD, "", &reply, reterr);
}

static bool
soft_list(struct da_kernel *k, struct da_kernel_device *ret, size_t max,
    size_t *ret_n, struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	if (!simple(k, DA_SOFT_LIST, "", &reply, reterr))
		return false;
	/* A device that is left out would be one that nobody judges. */
	if (reply.n > max)
		return fail(reterr, EOVERFLOW, "more devices than asked for");
	for (uint32_t i = 0; i < reply.n; i++) {
		ret[i] = reply.body.device[i];
		ret[i].name[sizeof(ret[i].name) - 1] = '\0';
	}
	*ret_n = reply.n;
	return true;
}

static bool
soft_lock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_LOCK, device, &reply, reterr);
}

static bool
soft_unlock(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_UNLOCK, device, &reply, reterr);
}

static bool
soft_ticket(struct da_kernel *k, const char *device, const uint8_t *nonce,
    struct da_ticket *ret, struct da_kernel_error *reterr)
{
	struct da_soft_request q;
	struct da_soft_reply reply;

	if (!request_for(DA_SOFT_TICKET, device, &q, reterr))
		return false;
	if (nonce != NULL) {
		q.has_nonce = 1;
		memcpy(q.nonce, nonce, sizeof(q.nonce));
	}
	if (!call(k, &q, da_slice_of(NULL, 0), &reply, reterr))
		return false;
	if (reply.body.ticket.version != DA_TICKET_VERSION)
		return fail(reterr, EPROTO, "not a ticket of this version");
	*ret = reply.body.ticket;
	return true;
}

static bool
soft_push(struct da_kernel *k, const char *device, const struct da_push *how,
    struct da_slice report, struct da_kernel_error *reterr)
{
	struct da_soft_request q;
	struct da_soft_reply reply;

	if (report.n > DA_SOFT_MAX_REPORT)
		return fail(reterr, EMSGSIZE, "longer than a report can be");
	if (!request_for(DA_SOFT_PUSH, device, &q, reterr))
		return false;
	q.page_unit = how->page_unit;
	q.bar_base = how->bar_base;
	memcpy(q.token, how->token, sizeof(q.token));
	return call(k, &q, report, &reply, reterr);
}

static bool
soft_validate(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_VALIDATE, device, &reply, reterr);
}

static bool
soft_accept(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_ACCEPT, device, &reply, reterr);
}

static bool
soft_map(struct da_kernel *k, const char *device, struct da_map *ret,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	if (!simple(k, DA_SOFT_MAP, device, &reply, reterr))
		return false;
	if (reply.body.map.n > DA_MAX_RANGES)
		return fail(reterr, EPROTO, "more ranges than a report has");
	*ret = reply.body.map;
	return true;
}

static bool
soft_bind(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_BIND, device, &reply, reterr);
}

static bool
soft_leave(struct da_kernel *k, const char *device,
    struct da_kernel_error *reterr)
{
	struct da_soft_reply reply;

	return simple(k, DA_SOFT_LEAVE, device, &reply, reterr);
}

static void
soft_close(struct da_kernel *k)
{
	struct soft *s = (struct soft *)k;

	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static const struct da_kernel_ops soft_ops = {
	.name = "soft (emulated)",
	.boot_id = soft_boot_id,
	.hold = soft_hold,
	.list = soft_list,
	.lock = soft_lock,
	.unlock = soft_unlock,
	.ticket = soft_ticket,
	.push = soft_push,
	.validate = soft_validate,
	.accept = soft_accept,
	.map = soft_map,
	.bind = soft_bind,
	.leave = soft_leave,
	.close = soft_close,
};

/* For connect(), too: its wait for a full backlog ends with the send's. */
static bool
set_timeouts(int fd)
{
	struct timeval t = { .tv_sec = DA_SOFT_TIMEOUT_MS / 1000 };

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)) == 0;
}

static int
connect_to(const char *path, struct da_kernel_error *reterr)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		fail(reterr, ENAMETOOLONG, "the socket's path is too long");
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || !set_timeouts(fd) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		fail(reterr, errno, "the software kernel cannot be reached");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

struct da_kernel *
da_kernel_soft_open(const char *socket_path, struct da_kernel_error *reterr)
{
	struct soft *s;
	int fd = connect_to(socket_path, reterr);

	if (fd < 0)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		close(fd);
		fail(reterr, ENOMEM, "no memory");
		return NULL;
	}
	s->kernel.ops = &soft_ops;
	s->kernel.emulated = true;
	s->fd = fd;
	return &s->kernel;
}

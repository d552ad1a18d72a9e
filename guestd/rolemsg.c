/* SPDX-License-Identifier: Apache-2.0 */
#include "rolemsg.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "verifier/gate.h"

/* Room for the descriptors of one message, aligned as CMSG asks. */
union control {
	char bytes[CMSG_SPACE(DA_MSG_MAX_FDS * sizeof(int))];
	struct cmsghdr align;
};

struct da_msg_head
da_msg_head(enum da_msg_kind kind, uint64_t serial)
{
	return (struct da_msg_head){ DA_ROLEMSG_VERSION, (uint32_t)kind,
		serial };
}

/*
 * What no digest of a TSM's could cover (CHALLENGE, its log of messages, the
 * measurement log) is no part for a judge: nobody asked for it, and no parser
 * stands before the gate.
 */
static bool
is_judged(const struct da_msg_part *part)
{
	return part->gate != DA_BROKEN && da_gate_check(da_answer_part_of(
	    part->type)) != DA_CHK_COUNT;
}

/* It is in the bundle, cut to what a digest of the TSM's is of. */
static bool
is_taken(const struct da_bundle *bundle, const struct da_msg_part *part)
{
	enum da_part is = da_answer_part_of(part->type);

	return part->gate == DA_HOLDS && bundle->given[is] &&
	    (is != DA_PART_CHAIN || bundle->slot == part->type);
}

struct da_bundle
da_msg_bundle(const struct da_msg_part *part, uint32_t n,
    const struct da_ticket *ticket, struct da_slice file)
{
	struct da_answer answer = { .n = 0 };
	struct da_bundle bundle;

	for (uint32_t i = 0; i < n && i < DA_MAX_PARTS; i++)
		if (is_judged(&part[i]))
			answer.part[answer.n++] = (struct da_answer_part){
				part[i].type, part[i].shape, part[i].length,
				part[i].offset };
	bundle = da_answer_bundle(&answer, file, ticket->slot_known == 1,
	    ticket->slot);
	for (uint32_t i = 0; i < n && i < DA_MAX_PARTS; i++)
		if (is_taken(&bundle, &part[i]))
			da_gate_let_through(ticket,
			    da_answer_part_of(part[i].type), &bundle);
	return bundle;
}

/*
 * Room for the longest message, whatever the machine's default is (socket(7):
 * the kernel doubles what is asked), and then asked back: the machine's most
 * may be less.
 */
static bool
has_room(int sock)
{
	const int wanted = 2 * DA_MSG_MAX_SIZE;
	socklen_t size = sizeof(int);
	int room = 0;

	if (setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &wanted,
	    sizeof(wanted)) != 0 ||
	    getsockopt(sock, SOL_SOCKET, SO_SNDBUF, &room, &size) != 0)
		return false;
	if (room >= wanted)
		return true;
	errno = ENOBUFS;
	return false;
}

/* A role that reads no more cannot make its sender wait for ever. */
static bool
is_patient(int sock)
{
	const struct timeval patience = { .tv_sec = 5 };

	return setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof(patience)) == 0;
}

bool
da_msg_pair(int ends[2])
{
	int error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	if (has_room(ends[0]) && has_room(ends[1]) && is_patient(ends[0]) &&
	    is_patient(ends[1]))
		return true;
	error = errno;
	close(ends[0]);
	close(ends[1]);
	errno = error;
	return false;
}

static void
attach_fds(struct msghdr *m, union control *control, const int *fds,
    uint32_t n_fds)
{
	struct cmsghdr *c;

	if (n_fds == 0)
		return;
	m->msg_control = control->bytes;
	m->msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
}

bool
da_msg_send(int sock, const void *msg, size_t size, const int *fds,
    uint32_t n_fds)
{
	struct iovec iov = { (void *)(uintptr_t)msg, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control = { { 0 } };
	ssize_t n;

	if (n_fds > DA_MSG_MAX_FDS)
		return false;
	attach_fds(&m, &control, fds, n_fds);
	do {
		n = sendmsg(sock, &m, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n >= 0 && (size_t)n == size;
}

/* A signal that is let through ends the wait: with `waiting` it says stop. */
static enum da_msg_error
wait_readable(int sock, int timeout_ms, const sigset_t *waiting)
{
	struct pollfd p = { .fd = sock, .events = POLLIN };
	int64_t end = da_now_ms() + timeout_ms;
	int n;

	do {
		int64_t left = end > da_now_ms() ? end - da_now_ms() : 0;
		struct timespec ts = { left / 1000, left % 1000 * 1000000 };

		n = ppoll(&p, 1, timeout_ms < 0 ? NULL : &ts, waiting);
	} while (n < 0 && errno == EINTR && waiting == NULL);
	if (n > 0)
		return DA_MSG_OK;
	if (n == 0)
		return DA_MSG_TIMEOUT;
	return errno == EINTR ? DA_MSG_STOPPED : DA_MSG_SYSTEM;
}

/* Every descriptor that came is noted, so that none can be left open. */
static void
note_fds(struct msghdr *m, struct da_msg_got *got)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	    c = CMSG_NXTHDR(m, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
		    bytes > sizeof(got->fd))
			continue;
		memcpy(got->fd, CMSG_DATA(c), bytes);
		got->n_fds = (uint32_t)(bytes / sizeof(int));
	}
}

static enum da_msg_error
read_message(int sock, void *msg, size_t max, struct da_msg_got *got)
{
	struct iovec iov = { msg, max };
	union control control = { { 0 } };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	ssize_t n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0)
		return errno == ECONNRESET ? DA_MSG_CLOSED : DA_MSG_SYSTEM;
	note_fds(&m, got);
	got->size = (size_t)n;
	if ((m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		return DA_MSG_GARBAGE;
	return n == 0 ? DA_MSG_CLOSED : DA_MSG_OK;
}

bool
da_msg_recv(int sock, void *msg, size_t max, int timeout_ms,
    const sigset_t *waiting, struct da_msg_got *ret, enum da_msg_error *reterr)
{
	struct da_msg_got got = { .n_fds = 0 };
	enum da_msg_error error = wait_readable(sock, timeout_ms, waiting);

	memset(msg, 0, max);
	if (error == DA_MSG_OK)
		error = read_message(sock, msg, max, &got);
	if (error != DA_MSG_OK) {
		da_msg_close_fds(&got);
		*reterr = error;
		return false;
	}
	*ret = got;
	return true;
}

bool
da_msg_is(const void *msg, const struct da_msg_got *got, enum da_msg_kind kind,
    size_t size, uint32_t n_fds)
{
	struct da_msg_head head;

	if (got->size != size || size < sizeof(head) || got->n_fds != n_fds)
		return false;
	memcpy(&head, msg, sizeof(head));
	return head.version == DA_ROLEMSG_VERSION &&
	    head.kind == (uint32_t)kind;
}

void
da_msg_close_fds(struct da_msg_got *got)
{
	for (uint32_t i = 0; i < got->n_fds; i++) {
		close(got->fd[i]);
		got->fd[i] = -1;
	}
	got->n_fds = 0;
}

const char *
da_msg_error_text(enum da_msg_error error)
{
	static const char *const texts[] = {
		[DA_MSG_OK] = "nothing is wrong",
		[DA_MSG_CLOSED] = "died",
		[DA_MSG_TIMEOUT] = "did not answer in time",
		[DA_MSG_STOPPED] = "was not waited for: told to stop",
		[DA_MSG_GARBAGE] = "answered garbage",
		[DA_MSG_SYSTEM] = "cannot be heard",
	};

	return texts[error];
}

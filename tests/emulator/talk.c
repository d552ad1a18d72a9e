/* SPDX-License-Identifier: Apache-2.0 */
#include "talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -- the guest kernel: one datagram in, one out -- */

/*
 * A reply that does not fit the socket means a client that does not read: it
 * is dropped, for nobody else may wait for it.
 */
static bool
send_reply(struct emu_talk *c, const void *reply, size_t n)
{
	return send(c->fd, reply, n, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	    (ssize_t)n;
}

static bool
stall(struct emu_talk *c, const void *bytes, size_t n, bool is_done)
{
	c->stalled = malloc(n);
	if (c->stalled == NULL)
		return false;
	memcpy(c->stalled, bytes, n);
	c->stalled_n = n;
	c->is_done = is_done;
	return true;
}

static bool
do_call(struct emu_talks *s, struct emu_talk *c, const uint8_t *raw, size_t n)
{
	static struct da_soft_reply reply;
	struct da_soft_request q;

	memcpy(&q, raw, sizeof(q));
	emu_kernel_call(&s->machine->kernel, c->id, &q,
	    da_slice_of(raw + sizeof(q), n - sizeof(q)), &reply);
	if (emu_kernel_stalls(&s->machine->kernel, &q, EMU_STALL_AFTER))
		return stall(c, &reply, sizeof(reply), true);
	return send_reply(c, &reply, sizeof(reply));
}

bool
emu_kernel_talks(struct emu_talks *s, struct emu_talk *c)
{
	static uint8_t raw[sizeof(struct da_soft_request) +
	    DA_SOFT_MAX_REPORT];
	struct da_soft_request q;
	ssize_t n = recv(c->fd, raw, sizeof(raw), MSG_DONTWAIT | MSG_TRUNC);

	if (n < (ssize_t)sizeof(q) || n > (ssize_t)sizeof(raw))
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	memcpy(&q, raw, sizeof(q));
	if (emu_kernel_stalls(&s->machine->kernel, &q, EMU_STALL_BEFORE))
		return stall(c, raw, (size_t)n, false);
	return do_call(s, c, raw, (size_t)n);
}

/* -- streams -- */

static bool
read_some(struct emu_talk *c, size_t upto)
{
	ssize_t n = recv(c->fd, c->in + c->in_n, upto - c->in_n,
	    MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->in_n += (size_t)n;
	return n > 0;
}

/* What may go out before "go". */
static size_t
sendable(const struct emu_talk *c)
{
	return c->out.n < c->hold_at ? c->out.n : c->hold_at;
}

bool
emu_talk_is_sending(const struct emu_talk *c)
{
	return c->out_at < sendable(c);
}

bool
emu_talk_is_stalled(const struct emu_talk *c)
{
	return c->stalled != NULL ||
	    (c->out_at == c->hold_at && c->out_at < c->out.n);
}

bool
emu_talk_flush(struct emu_talk *c)
{
	ssize_t n;

	if (!emu_talk_is_sending(c))
		return true;
	n = send(c->fd, c->out.p + c->out_at, sendable(c) - c->out_at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->out_at += (size_t)n;
	return true;
}

/* -- the host: a request of 64 bytes, an answer -- */

/* Closed by the peer already, though its turn in the loop is still to come. */
static bool
has_hung_up(const struct emu_talk *c)
{
	uint8_t byte;

	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * devattest-wire(7): while a connection is open, nothing else is collected for
 * functions of the same physical device.
 */
static bool
is_busy(const struct emu_talks *s, const struct emu_talk *us, uint32_t device)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++) {
		const struct emu_talk *c = &s->talk[i];

		if (c != us && c->fd >= 0 && (c->collected & device) != 0 &&
		    !has_hung_up(c))
			return true;
	}
	return false;
}

static void
answer(struct emu_talks *s, struct emu_talk *c,
    const struct da_wire_request *q)
{
	uint32_t device = emu_machine_device(s->machine, q);

	c->out_at = 0;
	c->hold_at = SIZE_MAX;
	if (is_busy(s, c, device)) {
		emu_machine_busy(q, &c->out);
		return;
	}
	c->collected |= device;
	emu_machine_answer(s->machine, q, &c->out);
	c->hold_at = emu_machine_hold_at(s->machine, q);
}

bool
emu_host_talks(struct emu_talks *s, struct emu_talk *c)
{
	struct da_wire_request q;

	if (!read_some(c, DA_WIRE_REQUEST_SIZE))
		return false;
	if (c->in_n < DA_WIRE_REQUEST_SIZE)
		return true;
	c->in_n = 0;
	if (!da_wire_get_request(c->in, &q))
		return false;
	answer(s, c, &q);
	return emu_talk_flush(c);
}

/* -- the test control: lines -- */

static bool
anything_stalls(const struct emu_talks *s)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++)
		if (s->talk[i].fd >= 0 && emu_talk_is_stalled(&s->talk[i]))
			return true;
	return false;
}

static void
say(struct emu_talk *c, const char *text)
{
	emu_put(&c->out, text, strlen(text));
}

/* What is stalled is this file's business; all else is the machine's. */
static void
obey_line(struct emu_talks *s, struct emu_talk *c, char *line)
{
	char reply[128];

	if (strcmp(line, "await") == 0) {
		c->awaits = true;
	} else if (strcmp(line, "stalled") == 0) {
		say(c, anything_stalls(s) ? "ok\n" : "no: nothing stalls\n");
	} else if (strcmp(line, "go") == 0) {
		s->go = true;
		say(c, "ok\n");
	} else {
		emu_machine_control(s->machine, line, reply, sizeof(reply));
		say(c, reply);
	}
}

/* Several lines may come at once; each has its own reply, in their order. */
static void
obey_lines(struct emu_talks *s, struct emu_talk *c)
{
	uint8_t *end;

	while (!c->awaits && (end = memchr(c->in, '\n', c->in_n)) != NULL) {
		size_t n = (size_t)(end - c->in) + 1;
		char line[EMU_MAX_LINE];

		*end = '\0';
		memcpy(line, c->in, n);
		c->in_n -= n;
		memmove(c->in, end + 1, c->in_n);
		obey_line(s, c, line);
	}
}

bool
emu_control_talks(struct emu_talks *s, struct emu_talk *c)
{
	if (!read_some(c, sizeof(c->in)))
		return false;
	c->out.n = c->out_at = 0;
	obey_lines(s, c);
	return c->in_n < sizeof(c->in) && emu_talk_flush(c);
}

/* -- what comes of "go" and "await" -- */

static bool
let_go(struct emu_talks *s, struct emu_talk *c)
{
	uint8_t *bytes = c->stalled;
	bool ok;

	c->hold_at = SIZE_MAX;
	if (bytes == NULL)
		return emu_talk_flush(c);
	c->stalled = NULL;
	ok = c->is_done ? send_reply(c, bytes, c->stalled_n) :
	    do_call(s, c, bytes, c->stalled_n);
	free(bytes);
	return ok;
}

static void
let_all_go(struct emu_talks *s)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++) {
		struct emu_talk *c = &s->talk[i];

		if (c->fd >= 0 && emu_talk_is_stalled(c) && !let_go(s, c))
			emu_talk_end(s, c);
	}
}

static void
tell_those_who_await(struct emu_talks *s)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++) {
		struct emu_talk *c = &s->talk[i];

		if (c->fd < 0 || !c->awaits)
			continue;
		c->awaits = false;
		if (!emu_talk_is_sending(c))
			c->out.n = c->out_at = 0;
		say(c, "ok\n");
		obey_lines(s, c);
		if (!emu_talk_flush(c))
			emu_talk_end(s, c);
	}
}

/* "go" is for what stalls already, before anybody awaits the next. */
void
emu_talks_settle(struct emu_talks *s)
{
	do {
		if (s->go) {
			s->go = false;
			let_all_go(s);
		}
		if (anything_stalls(s))
			tell_those_who_await(s);
	} while (s->go);
}

/* -- a connection -- */

void
emu_talk_start(struct emu_talk *c, int fd, uint32_t id, size_t port)
{
	c->fd = fd;
	c->id = id;
	c->port = port;
	c->collected = 0;
	c->in_n = c->out_at = c->out.n = 0;
	c->out.full = false;
	c->hold_at = SIZE_MAX;
	c->stalled = NULL;
	c->awaits = false;
}

/* A call that was still stalled is never done. */
void
emu_talk_end(struct emu_talks *s, struct emu_talk *c)
{
	emu_kernel_closed(&s->machine->kernel, c->id);
	free(c->stalled);
	c->stalled = NULL;
	close(c->fd);
	c->fd = -1;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "io.h"
#include "source.h"

#define BUSY_MS		1000	/* within the guest's idle time */
#define BUSY_STEP_MS	20

/* One answer being read: what it may still bring. */
struct reading {
	int fd;
	const struct da_wire_request *request;
	int32_t last_type;
	uint32_t total;
	int64_t deadline;
	struct relay_answer *answer;
};

static bool
stop(struct reading *r, const char *why)
{
	relay_answer_fail(r->answer, DA_WIRE_HOST_ERROR, "upstream: %s", why);
	return false;
}

static bool
take(struct reading *r, void *buf, size_t n)
{
	enum io_result got = io_read(r->fd, buf, n, DA_WIRE_IDLE_MS,
	    r->deadline);

	return got == IO_OK ? true : stop(r, io_text(got));
}

/* Bounds only: what the guest asked for is serve.c's question. */
static bool
head_is_good(struct reading *r, const struct da_wire_head *h)
{
	uint32_t cap = da_wire_cap(h->type);

	if (h->id != r->request->id)
		return stop(r, "an answer to another request");
	if (h->type <= r->last_type)
		return stop(r, "parts out of order");
	if (h->length > cap || (cap == 0 && h->type != DA_WIRE_END))
		return stop(r, "a part that no answer may carry");
	if ((uint64_t)r->total + h->length > DA_WIRE_MAX_ANSWER)
		return stop(r, "more than an answer may hold");
	r->last_type = h->type;
	r->total += h->length;
	return true;
}

/* A code that is not known to this version is passed on as a host error. */
static bool
take_failure(struct reading *r, const struct da_wire_head *h)
{
	uint8_t code[4];

	if (h->length != sizeof(code))
		return stop(r, "a failure without its code");
	if (!take(r, code, sizeof(code)))
		return false;
	relay_answer_fail(r->answer, code[0] >= DA_WIRE_NO_DEVICE &&
	    code[0] <= DA_WIRE_HOST_ERROR && (code[1] | code[2] | code[3]) == 0
	    ? code[0] : DA_WIRE_HOST_ERROR, "upstream: has no evidence");
	return true;
}

static bool
take_part(struct reading *r, const struct da_wire_head *h)
{
	struct relay_part part = { h->type, h->shape, h->length, NULL };

	part.bytes = malloc((size_t)h->length + 1);
	if (part.bytes == NULL)
		return stop(r, "no memory");
	if (!take(r, part.bytes, h->length)) {
		free(part.bytes);
		return false;
	}
	relay_answer_add(r->answer, &part);
	return r->answer->failure == 0;
}

/* False at the end, and where nothing more can come. */
static bool
next(struct reading *r)
{
	uint8_t raw[DA_WIRE_HEAD_SIZE];
	struct da_wire_head h;

	if (!take(r, raw, sizeof(raw)))
		return false;
	da_wire_get_head(raw, &h);
	r->total += DA_WIRE_HEAD_SIZE;
	if (!head_is_good(r, &h) || h.type == DA_WIRE_END)
		return false;
	if (h.type == DA_WIRE_FAILURE)
		return take_failure(r, &h);
	return take_part(r, &h);
}

static void
release(struct relay_source *source)
{
	struct relay_upstream *u = (struct relay_upstream *)source;

	if (u->fd >= 0)
		close(u->fd);
	u->fd = -1;
}

/* Open, and with nothing left over from an answer. */
static bool
is_ready(int fd)
{
	uint8_t byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
	    errno == EAGAIN;
}

/*
 * The connection stays open until the guest closes: some TSMs keep only the
 * digest of the latest retrieval, so upstream must collect nothing meanwhile.
 */
static void
ask(struct relay_source *source, const struct da_wire_request *request,
    struct relay_answer *ret)
{
	struct relay_upstream *u = (struct relay_upstream *)source;
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	struct reading r = { .request = request, .last_type = -1,
		.deadline = io_now() + DA_WIRE_ANSWER_MS, .answer = ret };

	memset(ret, 0, sizeof(*ret));
	if (!is_ready(u->fd)) {
		release(source);
		u->fd = relay_connect_unix(u->path);
	}
	if (u->fd < 0) {
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR, "%s: %s", u->path,
		    strerror(errno));
		return;
	}
	r.fd = u->fd;
	da_wire_put_request(request, raw);
	if (io_write(u->fd, raw, sizeof(raw), DA_WIRE_IDLE_MS, r.deadline) !=
	    IO_OK) {
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR,
		    "%s takes no request", u->path);
		return;
	}
	while (next(&r))
		;
	/* What else it may say belongs to no request. */
	if (r.last_type != DA_WIRE_END)
		release(source);
}

/*
 * A guest that closed and asks anew may be here before the process that served
 * it has let go of upstream: busy counts only when it stays so.
 */
static void
collect(struct relay_source *source, const struct da_wire_request *request,
    struct relay_answer *ret)
{
	int64_t until = io_now() + BUSY_MS;

	ask(source, request, ret);
	while (ret->failure == DA_WIRE_BUSY && io_now() < until) {
		poll(NULL, 0, BUSY_STEP_MS);
		ask(source, request, ret);
	}
}

void
relay_upstream_start(struct relay_upstream *upstream, const char *path)
{
	*upstream = (struct relay_upstream){ { collect, release }, path, -1 };
}

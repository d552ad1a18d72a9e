/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io.h"

struct sending {
	int fd;
	uint64_t id;
	int64_t deadline;
};

/* What the guest did not ask for is left out; it would close on it. */
static void
keep_wanted(const struct da_wire_request *q, struct relay_answer *a)
{
	uint64_t total = DA_WIRE_HEAD_SIZE;
	int32_t last = -1;

	for (uint32_t i = 0; i < a->n && a->failure == 0; i++) {
		const struct relay_part *p = &a->part[i];

		if (!da_wire_wants(q->wanted, p->type))
			continue;
		total += DA_WIRE_HEAD_SIZE + (uint64_t)p->length;
		if (p->length > da_wire_cap(p->type) || p->type <= last ||
		    total > DA_WIRE_MAX_ANSWER)
			relay_answer_fail(a, DA_WIRE_HOST_ERROR,
			    "part %#x does not fit into an answer", p->type);
		last = p->type;
	}
}

static bool
send_part(const struct sending *s, uint16_t type, uint16_t shape,
    const void *bytes, uint32_t n)
{
	struct da_wire_head h = { type, shape, n, s->id };
	uint8_t head[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, head);
	return io_write(s->fd, head, sizeof(head), DA_WIRE_IDLE_MS,
	    s->deadline) == IO_OK &&
	    io_write(s->fd, bytes, n, DA_WIRE_IDLE_MS, s->deadline) == IO_OK;
}

static bool
send_failure(const struct sending *s, uint32_t failure)
{
	uint8_t code[4] = { (uint8_t)failure };

	return send_part(s, DA_WIRE_FAILURE, 0, code, sizeof(code));
}

/* Shape is a field of type 9 only (devattest-wire(7)); else it must be 0. */
static bool
send_answer(const struct sending *s, const struct da_wire_request *q,
    const struct relay_answer *a)
{
	bool ok = true;

	if (a->failure != 0)
		ok = send_failure(s, a->failure);
	for (uint32_t i = 0; i < a->n && ok; i++) {
		const struct relay_part *p = &a->part[i];

		if (da_wire_wants(q->wanted, p->type))
			ok = send_part(s, p->type, p->type ==
			    DA_WIRE_MEASUREMENTS ? p->shape : 0, p->bytes,
			    p->length);
	}
	return ok && send_part(s, DA_WIRE_END, 0, NULL, 0);
}

static bool
answer(int fd, struct relay_source *source, const struct da_wire_request *q)
{
	struct sending s = { fd, q->id, io_now() + DA_WIRE_ANSWER_MS };
	struct relay_answer a;
	char device[16];
	bool ok;

	source->collect(source, q, &a);
	keep_wanted(q, &a);
	if (a.failure != 0) {
		da_wire_format_bdf(q->device, device);
		fprintf(stderr, "%s: device %s: %s\n",
		    program_invocation_short_name, device, a.why);
	}
	ok = send_answer(&s, q, &a);
	relay_answer_free(&a);
	return ok;
}

/*
 * After an answer the guest keeps the connection until it has read its second
 * ticket (devattest-wire(7)); how long its TSM takes is not ours to know.
 */
#define HOLD_MS	120000

void
relay_serve(int fd, struct relay_source *source)
{
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	struct da_wire_request q;
	int patience = DA_WIRE_IDLE_MS;

	/* Whatever is not a request ends the connection without a word. */
	while (io_read(fd, raw, sizeof(raw), patience, io_now() + patience) ==
	    IO_OK && da_wire_get_request(raw, &q) && answer(fd, source, &q))
		patience = HOLD_MS;
	source->release(source);
}

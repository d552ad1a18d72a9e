/* SPDX-License-Identifier: Apache-2.0 */
#include "doe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* QEMU's frame: command, transport, length, all big-endian. */
#define FRAME_HEAD	12u
#define OBJECT_MAX	4608u
#define NORMAL		1u
#define SHUTDOWN	0xfffeu
#define UNKNOWN		0xffffu
#define TRANSPORT_DOE	2u

/* A DOE object's head: vendor, type, length in words with the head. */
#define DOE_HEAD	8u
#define DOE_PCI_SIG	1u
enum { DOE_DISCOVERY, DOE_CMA, DOE_TYPES };

struct emu_doe {
	struct emu_machine *machine;
	char bdf[16];
	char path[4096];	/* of the file with the port */
	int listening, fd;
	struct emu_responder responder;
	size_t in_n, out_at;
	uint8_t in[FRAME_HEAD + OBJECT_MAX];
	struct emu_bytes out;
};

/* -- DOE objects -- */

static void
put_object(struct emu_bytes *b, uint8_t type, const struct emu_bytes *body)
{
	size_t words = (body->n + 3) / 4;

	emu_put_le(b, DOE_PCI_SIG, 2);
	emu_put_u8(b, type);
	emu_put_u8(b, 0);
	emu_put_le(b, DOE_HEAD / 4 + words, 4);
	emu_put(b, body->p, body->n);
	emu_put_zero(b, 4 * words - body->n);
}

/* The feature of this index, and the next index; QEMU answers it itself. */
static void
put_discovery(struct da_cur *c, struct emu_bytes *body)
{
	uint8_t index = da_u8(c);

	if (c->bad || index >= DOE_TYPES)
		index = DOE_DISCOVERY;
	emu_put_le(body, DOE_PCI_SIG, 2);
	emu_put_u8(body, index);
	emu_put_u8(body, (uint8_t)((index + 1) % DOE_TYPES));
}

void
emu_doe_answer(struct emu_responder *r, struct da_slice object,
    struct emu_bytes *ret)
{
	struct da_cur c = da_cur_of(object);
	struct emu_bytes body = { 0 };
	uint16_t vendor = da_le16(&c);
	uint8_t type = da_u8(&c);
	uint32_t words;

	da_u8(&c);
	words = da_le32(&c);
	if (c.bad || vendor != DOE_PCI_SIG || object.n % 4 != 0 ||
	    words != object.n / 4)
		return;
	if (type == DOE_DISCOVERY)
		put_discovery(&c, &body);
	else if (type == DOE_CMA)
		emu_responder_answer(r, da_rest(&c), &body);
	else
		return;
	put_object(ret, type, &body);
}

/* -- what the device's surroundings know -- */

static struct emu_slot *
slot_of(const struct emu_doe *d)
{
	return emu_machine_slot(d->machine, d->bdf);
}

static void
tsm_saw(void *context, enum da_digest_of of, struct da_slice bytes)
{
	struct emu_slot *s = slot_of(context);

	if (s != NULL && s->device != NULL)
		emu_slot_saw(s, of, bytes);
}

/*
 * The host's number of the function differs from the guest's, and the device
 * has one interface here: it is not compared.
 */
static bool
give_report(void *context, uint32_t function, struct emu_bytes *ret)
{
	struct emu_slot *s = slot_of(context);

	(void)function;
	return s != NULL && emu_slot_report(s, ret);
}

/* A new connection is a machine that was just switched on. */
static bool
begin(struct emu_doe *d)
{
	struct emu_slot *s = slot_of(d);
	const struct emu_ear ear = { d, tsm_saw, give_report };

	d->in_n = d->out_at = d->out.n = 0;
	d->out.full = false;
	if (s == NULL || s->device == NULL)
		return false;
	emu_responder_start(&d->responder, s->device, &ear);
	return true;
}

/* -- frames -- */

static uint32_t
be32(struct da_cur *c)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | da_u8(c);
	return v;
}

static void
put_be32(struct emu_bytes *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		emu_put_u8(b, (uint8_t)(v >> shift));
}

static void
put_frame(struct emu_doe *d, uint32_t command, const struct emu_bytes *object)
{
	put_be32(&d->out, command);
	put_be32(&d->out, TRANSPORT_DOE);
	put_be32(&d->out, (uint32_t)object->n);
	emu_put(&d->out, object->p, object->n);
}

/* An object that is none has an empty answer, which QEMU calls a DOE error. */
static bool
obey(struct emu_doe *d, uint32_t command, struct da_slice object)
{
	struct emu_bytes answer = { 0 };

	if (command == SHUTDOWN)
		return false;
	if (command == NORMAL)
		emu_doe_answer(&d->responder, object, &answer);
	put_frame(d, command == NORMAL ? NORMAL : UNKNOWN, &answer);
	return true;
}

/* False: this connection is over. */
static bool
take_frame(struct emu_doe *d)
{
	struct da_cur c = da_cur_of(da_slice_of(d->in, d->in_n));
	uint32_t command = be32(&c), transport = be32(&c), size = be32(&c);
	struct da_slice object;

	if (c.bad)
		return true;
	if (transport != TRANSPORT_DOE || size > OBJECT_MAX)
		return false;
	object = da_take(&c, size);
	if (c.bad)
		return true;
	d->in_n = 0;	/* QEMU waits for the answer before it asks again */
	return obey(d, command, object);
}

/* QEMU writes a frame's fields one by one, and each waits for our ACK. */
static void
hurry(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
}

static bool
read_some(struct emu_doe *d)
{
	ssize_t n = recv(d->fd, d->in + d->in_n, sizeof(d->in) - d->in_n,
	    MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	hurry(d->fd);
	d->in_n += (size_t)n;
	return n > 0 && take_frame(d);
}

static bool
write_some(struct emu_doe *d)
{
	ssize_t n;

	if (d->out_at == d->out.n)
		return true;
	n = send(d->fd, d->out.p + d->out_at, d->out.n - d->out_at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	d->out_at += (size_t)n;
	if (d->out_at == d->out.n)
		d->out_at = d->out.n = 0;
	return true;
}

static void
hang_up(struct emu_doe *d)
{
	close(d->fd);
	d->fd = -1;
}

/* -- the loop's side -- */

void
emu_doe_polls(const struct emu_doe *d, struct pollfd p[EMU_DOE_POLLS])
{
	p[0] = p[1] = (struct pollfd){ -1, 0, 0 };
	if (d == NULL)
		return;
	/* A second QEMU waits until the first has gone. */
	if (d->fd < 0)
		p[0] = (struct pollfd){ d->listening, POLLIN, 0 };
	else
		p[1] = (struct pollfd){ d->fd, d->out.n != 0 ? POLLOUT :
			POLLIN, 0 };
}

static void
take_caller(struct emu_doe *d)
{
	d->fd = accept4(d->listening, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (d->fd >= 0 && !begin(d))
		hang_up(d);
}

void
emu_doe_serve(struct emu_doe *d, const struct pollfd p[EMU_DOE_POLLS])
{
	if (d == NULL)
		return;
	if (p[0].revents != 0) {
		take_caller(d);
		return;
	}
	if (p[1].revents == 0 || d->fd < 0)
		return;
	if (d->out.n == 0 && !read_some(d))
		hang_up(d);
	else if (!write_some(d))
		hang_up(d);
}

/* -- the socket -- */

static int
listen_on(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);
	int one = 1, fd = socket(AF_INET,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    listen(fd, 1) == 0 &&
	    getsockname(fd, (struct sockaddr *)&at, &size) == 0) {
		*port = ntohs(at.sin_port);
		return fd;
	}
	close(fd);
	return -1;
}

/* Whole or not at all: somebody may wait for the file. */
static bool
tell_port(const struct emu_doe *d, uint16_t port)
{
	char temporary[sizeof(d->path) + 8];
	FILE *f;

	snprintf(temporary, sizeof(temporary), "%s.new", d->path);
	f = fopen(temporary, "we");
	if (f == NULL)
		return false;
	fprintf(f, "%u\n", port);
	return fclose(f) == 0 && rename(temporary, d->path) == 0;
}

struct emu_doe *
emu_doe_open(struct emu_machine *machine, const char *bdf, uint16_t port,
    const char *dir)
{
	struct emu_doe *d = calloc(1, sizeof(*d));
	char folder[4000];

	if (d == NULL)
		return NULL;
	d->machine = machine;
	d->fd = -1;
	snprintf(d->bdf, sizeof(d->bdf), "%s", bdf);
	snprintf(folder, sizeof(folder), "%s/host", dir);
	snprintf(d->path, sizeof(d->path), "%s/spdm.port", folder);
	d->listening = listen_on(&port);
	if (d->listening >= 0 &&
	    (mkdir(folder, 0755) == 0 || errno == EEXIST) &&
	    tell_port(d, port))
		return d;
	emu_doe_close(d);
	return NULL;
}

void
emu_doe_close(struct emu_doe *d)
{
	int error = errno;

	if (d == NULL)
		return;
	if (d->fd >= 0)
		close(d->fd);
	if (d->listening >= 0)
		close(d->listening);
	unlink(d->path);
	free(d);
	errno = error;
}

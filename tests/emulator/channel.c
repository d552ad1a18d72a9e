/* SPDX-License-Identifier: Apache-2.0 */
#include "channel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port.h"

struct emu_channel {
	struct emu_firmware *firmware;
	char dir[4096];
	int listening, fd;
	size_t in_n, out_at;
	uint8_t in[TSM_CHANNEL_HEAD + TSM_CHANNEL_BODY_MAX];
	struct emu_bytes out;
};

/* In the guest's own folder: no host side may enter it. */
static const struct emu_port port = { "guest", "tsm.sock", 0700, 0600,
	SOCK_STREAM };

static void
hang_up(struct emu_channel *c)
{
	close(c->fd);
	c->fd = -1;
	emu_firmware_boot(c->firmware);
}

/* -- frames -- */

static bool
complain(const char *why)
{
	fprintf(stderr, "devattest-emulator: TSM channel: %s; closed\n", why);
	return false;
}

/* The first frame, if it is there whole; *ret_size is 0 where it is not. */
static const char *
take_frame(struct emu_channel *c, size_t *ret_size)
{
	struct da_slice all = da_slice_of(c->in, c->in_n), head, body;
	struct emu_frame q;
	const char *why;

	*ret_size = 0;
	if (!da_slice_cut(all, 0, TSM_CHANNEL_HEAD, &head))
		return NULL;
	why = emu_frame_read(head, &q);
	if (why != NULL || !da_slice_cut(all, TSM_CHANNEL_HEAD, q.size, &body))
		return why;
	emu_firmware_answer(c->firmware, &q, body, &c->out);
	*ret_size = TSM_CHANNEL_HEAD + body.n;
	return c->out.full ? "more requests than anybody reads answers" : NULL;
}

/*
 * One request is outstanding at a time; but a guest that gave the last one up
 * may have sent another before we came to it.  False: the connection is over.
 */
static bool
take_frames(struct emu_channel *c)
{
	size_t n = 1;

	while (n != 0) {
		const char *why = take_frame(c, &n);

		if (why != NULL)
			return complain(why);
		c->in_n -= n;
		memmove(c->in, c->in + n, c->in_n);
	}
	return true;
}

static bool
read_some(struct emu_channel *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_n, sizeof(c->in) - c->in_n,
	    MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->in_n += (size_t)n;
	return n > 0 && take_frames(c);
}

static bool
write_some(struct emu_channel *c)
{
	ssize_t n;

	if (c->out_at == c->out.n)
		return true;
	n = send(c->fd, c->out.p + c->out_at, c->out.n - c->out_at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->out_at += (size_t)n;
	if (c->out_at == c->out.n)
		c->out_at = c->out.n = 0;
	return true;
}

/* -- the loop's side -- */

static bool
has_something_to_say(const struct emu_channel *c)
{
	return c->out.n != 0 || emu_firmware_has_event(c->firmware);
}

/* A second machine waits until the first has gone. */
void
emu_channel_polls(const struct emu_channel *c,
    struct pollfd p[EMU_CHANNEL_POLLS])
{
	p[0] = p[1] = (struct pollfd){ -1, 0, 0 };
	if (c == NULL)
		return;
	if (c->fd < 0)
		p[0] = (struct pollfd){ c->listening, POLLIN, 0 };
	else
		p[1] = (struct pollfd){ c->fd, has_something_to_say(c) ?
			POLLOUT : POLLIN, 0 };
}

static void
take_caller(struct emu_channel *c)
{
	c->fd = accept4(c->listening, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	c->in_n = c->out_at = c->out.n = 0;
	c->out.full = false;
	emu_firmware_boot(c->firmware);
}

/* Reads nothing new before all is said: requests come one at a time. */
static bool
talk(struct emu_channel *c)
{
	if (!has_something_to_say(c) && !read_some(c))
		return false;
	if (c->out.n == 0)
		emu_firmware_event(c->firmware, &c->out);
	return write_some(c);
}

void
emu_channel_serve(struct emu_channel *c,
    const struct pollfd p[EMU_CHANNEL_POLLS])
{
	if (c == NULL)
		return;
	if (p[0].revents != 0)
		take_caller(c);
	else if (p[1].revents != 0 && c->fd >= 0 && !talk(c))
		hang_up(c);
}

/* -- the socket -- */

struct emu_channel *
emu_channel_open(struct emu_firmware *f, const char *dir)
{
	struct emu_channel *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->firmware = f;
	c->fd = -1;
	snprintf(c->dir, sizeof(c->dir), "%s", dir);
	c->listening = emu_port_listen(dir, &port);
	if (c->listening >= 0)
		return c;
	emu_channel_close(c);
	return NULL;
}

void
emu_channel_close(struct emu_channel *c)
{
	int error = errno;

	if (c == NULL)
		return;
	if (c->fd >= 0)
		close(c->fd);
	if (c->listening >= 0) {
		close(c->listening);
		emu_port_remove(c->dir, &port);
	}
	free(c);
	errno = error;
}

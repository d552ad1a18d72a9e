/* SPDX-License-Identifier: Apache-2.0 */
#include "io.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

int64_t
io_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A signal only ends the wait; the caller's next read or write decides. */
static enum io_result
wait_for(int fd, short events, int idle, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left = deadline - io_now();
	int n;

	if (left <= 0)
		return IO_TIMEOUT;
	n = poll(&p, 1, left < idle ? (int)left : idle);
	if (n < 0)
		return errno == EINTR ? IO_OK : IO_ERROR;
	return n == 0 ? IO_TIMEOUT : IO_OK;
}

static bool
would_wait(void)
{
	return errno == EAGAIN || errno == EINTR;
}

enum io_result
io_read(int fd, void *buf, size_t n, int idle, int64_t deadline)
{
	uint8_t *to = buf;

	for (size_t done = 0; done < n;) {
		enum io_result r = wait_for(fd, POLLIN, idle, deadline);
		ssize_t got;

		if (r != IO_OK)
			return r;
		got = recv(fd, to + done, n - done, MSG_DONTWAIT);
		if (got == 0)
			return IO_CLOSED;
		if (got < 0 && !would_wait())
			return errno == ECONNRESET ? IO_CLOSED : IO_ERROR;
		if (got > 0)
			done += (size_t)got;
	}
	return IO_OK;
}

enum io_result
io_write(int fd, const void *buf, size_t n, int idle, int64_t deadline)
{
	const uint8_t *from = buf;

	for (size_t done = 0; done < n;) {
		enum io_result r = wait_for(fd, POLLOUT, idle, deadline);
		size_t left = n - done;
		ssize_t put;

		if (r != IO_OK)
			return r;
		put = send(fd, from + done,
		    left < RELAY_SEND_MAX ? left : RELAY_SEND_MAX,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put < 0 && !would_wait())
			return errno == EPIPE || errno == ECONNRESET ?
			    IO_CLOSED : IO_ERROR;
		if (put > 0)
			done += (size_t)put;
	}
	return IO_OK;
}

const char *
io_text(enum io_result result)
{
	switch (result) {
	case IO_OK:
		return "done";
	case IO_CLOSED:
		return "the other side closed";
	case IO_TIMEOUT:
		return "time is up";
	case IO_ERROR:
		break;
	}
	return strerror(errno);
}

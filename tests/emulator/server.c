/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port.h"

#define MAX_CONNS	64
#define MAX_LINE	512

struct conn {
	int fd;			/* -1: free */
	uint32_t id;		/* never 0 */
	const struct port *port;
	uint32_t collected;	/* devices, until it is closed */
	size_t in_n;
	uint8_t in[MAX_LINE];
	size_t out_at;
	struct emu_bytes out;
};

enum { N_PORTS = 3 };

struct emu_server {
	struct emu_machine *machine;
	char dir[4096];
	int listening[N_PORTS];
	sigset_t mask;		/* while waiting; blocked otherwise */
	uint32_t last_id;
	struct conn conn[MAX_CONNS];
};

/* -- what each port does with readable input; false: close -- */

/*
 * One datagram in, one out.  A reply that does not fit the socket means a
 * client that does not read: it is dropped, for nobody else may wait for it.
 */
static bool
kernel_request(struct emu_server *s, struct conn *c)
{
	static uint8_t raw[sizeof(struct da_soft_request) +
	    DA_SOFT_MAX_REPORT];
	static struct da_soft_reply reply;
	struct da_soft_request q;
	ssize_t n = recv(c->fd, raw, sizeof(raw), MSG_DONTWAIT | MSG_TRUNC);

	if (n < (ssize_t)sizeof(q) || n > (ssize_t)sizeof(raw))
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	memcpy(&q, raw, sizeof(q));
	emu_kernel_call(&s->machine->kernel, c->id, &q,
	    da_slice_of(raw + sizeof(q), (size_t)n - sizeof(q)), &reply);
	return send(c->fd, &reply, sizeof(reply), MSG_DONTWAIT |
	    MSG_NOSIGNAL) == sizeof(reply);
}

static bool
read_some(struct conn *c, size_t upto)
{
	ssize_t n = recv(c->fd, c->in + c->in_n, upto - c->in_n,
	    MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->in_n += (size_t)n;
	return n > 0;
}

static bool
flush(struct conn *c)
{
	ssize_t n;

	if (c->out_at == c->out.n)
		return true;
	n = send(c->fd, c->out.p + c->out_at, c->out.n - c->out_at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->out_at += (size_t)n;
	return true;
}

/* Closed by the peer already, though its turn in the loop is still to come. */
static bool
has_hung_up(const struct conn *c)
{
	uint8_t byte;

	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * devattest-wire(7): while a connection is open, nothing else is collected for
 * functions of the same physical device.
 */
static bool
is_busy(const struct emu_server *s, const struct conn *us, uint32_t device)
{
	for (size_t i = 0; i < MAX_CONNS; i++) {
		const struct conn *c = &s->conn[i];

		if (c != us && c->fd >= 0 && (c->collected & device) != 0 &&
		    !has_hung_up(c))
			return true;
	}
	return false;
}

static void
answer_request(struct emu_server *s, struct conn *c,
    const struct da_wire_request *q)
{
	uint32_t device = emu_machine_device(s->machine, q);

	if (is_busy(s, c, device)) {
		emu_machine_busy(q, &c->out);
		return;
	}
	c->collected |= device;
	emu_machine_answer(s->machine, q, &c->out);
}

static bool
evidence_request(struct emu_server *s, struct conn *c)
{
	struct da_wire_request q;

	if (!read_some(c, DA_WIRE_REQUEST_SIZE))
		return false;
	if (c->in_n < DA_WIRE_REQUEST_SIZE)
		return true;
	c->in_n = 0;
	c->out_at = 0;
	if (!da_wire_get_request(c->in, &q))
		return false;
	answer_request(s, c, &q);
	return flush(c);
}

static void
obey_line(struct emu_server *s, struct conn *c, char *line)
{
	char reply[128];

	emu_machine_control(s->machine, line, reply, sizeof(reply));
	emu_put(&c->out, reply, strlen(reply));
}

/* Several lines may come at once; each has its own reply. */
static bool
control_lines(struct emu_server *s, struct conn *c)
{
	uint8_t *end;

	if (!read_some(c, sizeof(c->in)))
		return false;
	c->out.n = c->out_at = 0;
	while ((end = memchr(c->in, '\n', c->in_n)) != NULL) {
		size_t n = (size_t)(end - c->in) + 1;

		*end = '\0';
		obey_line(s, c, (char *)c->in);
		c->in_n -= n;
		memmove(c->in, end + 1, c->in_n);
	}
	return c->in_n < sizeof(c->in) && flush(c);
}

/* Only the guest may enter the first folder; the host's is open to all. */
static const struct port {
	struct emu_port at;
	bool (*readable)(struct emu_server *s, struct conn *c);
} ports[N_PORTS] = {
	{ { "guest", "kernel.sock", 0700, 0600, SOCK_SEQPACKET },
	    kernel_request },
	{ { "host", "evidence.sock", 0755, 0666, SOCK_STREAM },
	    evidence_request },
	{ { "test", "control.sock", 0755, 0600, SOCK_STREAM },
	    control_lines },
};

static volatile sig_atomic_t stopping;

static void
note_signal(int number)
{
	stopping = number;
}

static sigset_t
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = note_signal };
	sigset_t ours, before;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigprocmask(SIG_BLOCK, &ours, &before);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigdelset(&before, SIGTERM);
	sigdelset(&before, SIGINT);
	return before;
}

struct emu_server *
emu_server_open(struct emu_machine *machine, const char *dir)
{
	struct emu_server *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->machine = machine;
	s->mask = catch_signals();
	snprintf(s->dir, sizeof(s->dir), "%s", dir);
	for (size_t i = 0; i < MAX_CONNS; i++)
		s->conn[i].fd = -1;
	for (size_t i = 0; i < N_PORTS; i++)
		s->listening[i] = -1;
	for (size_t i = 0; i < N_PORTS; i++) {
		s->listening[i] = emu_port_listen(s->dir, &ports[i].at);
		if (s->listening[i] < 0) {
			emu_server_close(s);
			return NULL;
		}
	}
	return s;
}

void
emu_server_close(struct emu_server *s)
{
	int error = errno;

	for (size_t i = 0; i < N_PORTS; i++) {
		if (s->listening[i] < 0)
			continue;
		close(s->listening[i]);
		emu_port_remove(s->dir, &ports[i].at);
	}
	free(s);
	errno = error;
}

/* -- the loop -- */

static struct conn *
free_conn(struct emu_server *s)
{
	for (size_t i = 0; i < MAX_CONNS; i++)
		if (s->conn[i].fd < 0)
			return &s->conn[i];
	return NULL;
}

static void
accept_one(struct emu_server *s, size_t port)
{
	struct conn *c = free_conn(s);
	int fd = accept4(s->listening[port], NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (c == NULL) {
		close(fd);
		return;
	}
	c->fd = fd;
	c->id = ++s->last_id;
	c->port = &ports[port];
	c->collected = 0;
	c->in_n = c->out_at = c->out.n = 0;
	c->out.full = false;
}

static void
drop(struct emu_server *s, struct conn *c)
{
	emu_kernel_closed(&s->machine->kernel, c->id);
	close(c->fd);
	c->fd = -1;
}

static bool
is_sending(const struct conn *c)
{
	return c->out_at < c->out.n;
}

static void
serve_conn(struct emu_server *s, struct conn *c, short events)
{
	bool ok = true;

	if (is_sending(c))
		ok = (events & (POLLERR | POLLHUP)) == 0 && flush(c);
	else if (events != 0)
		ok = c->port->readable(s, c);
	if (!ok)
		drop(s, c);
}

/* Unused places have a negative descriptor, which poll() passes over. */
static void
fill_polls(const struct emu_server *s, struct pollfd *p)
{
	for (size_t i = 0; i < N_PORTS; i++)
		p[i] = (struct pollfd){ s->listening[i], POLLIN, 0 };
	for (size_t i = 0; i < MAX_CONNS; i++)
		p[N_PORTS + i] = (struct pollfd){ s->conn[i].fd,
			is_sending(&s->conn[i]) ? POLLOUT : POLLIN, 0 };
}

bool
emu_server_run(struct emu_server *s)
{
	struct pollfd p[N_PORTS + MAX_CONNS];

	while (!stopping) {
		fill_polls(s, p);
		if (ppoll(p, N_PORTS + MAX_CONNS, NULL, &s->mask) < 0) {
			if (errno != EINTR)
				return false;
			continue;
		}
		for (size_t i = 0; i < MAX_CONNS; i++)
			if (p[N_PORTS + i].revents != 0)
				serve_conn(s, &s->conn[i],
				    p[N_PORTS + i].revents);
		for (size_t i = 0; i < N_PORTS; i++)
			if (p[i].revents != 0)
				accept_one(s, i);
	}
	return true;
}

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

#include "channel.h"
#include "port.h"
#include "talk.h"

enum { N_PORTS = 3 };

struct emu_server {
	char dir[4096];
	int listening[N_PORTS];
	sigset_t mask;		/* while waiting; blocked otherwise */
	uint32_t last_id;
	struct emu_channel *channel;
	struct emu_doe *doe;	/* NULL: none */
	struct emu_talks talks;
};

/* What poll() is given: ports, connections, a real guest, the way to QEMU. */
enum {
	POLL_TALKS = N_PORTS,
	POLL_CHANNEL = POLL_TALKS + EMU_MAX_TALKS,
	POLL_DOE = POLL_CHANNEL + EMU_CHANNEL_POLLS,
	POLLS = POLL_DOE + EMU_DOE_POLLS
};

/* Only the guest may enter the first folder; the host's is open to all. */
static const struct port {
	struct emu_port at;
	bool (*readable)(struct emu_talks *s, struct emu_talk *c);
} ports[N_PORTS] = {
	{ { "guest", "kernel.sock", 0700, 0600, SOCK_SEQPACKET },
	    emu_kernel_talks },
	{ { "host", "evidence.sock", 0755, 0666, SOCK_STREAM },
	    emu_host_talks },
	{ { "test", "control.sock", 0755, 0600, SOCK_STREAM },
	    emu_control_talks },
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
	s->talks.machine = machine;
	s->mask = catch_signals();
	snprintf(s->dir, sizeof(s->dir), "%s", dir);
	for (size_t i = 0; i < EMU_MAX_TALKS; i++)
		s->talks.talk[i].fd = -1;
	for (size_t i = 0; i < N_PORTS; i++)
		s->listening[i] = -1;
	for (size_t i = 0; i < N_PORTS; i++) {
		s->listening[i] = emu_port_listen(s->dir, &ports[i].at);
		if (s->listening[i] < 0) {
			emu_server_close(s);
			return NULL;
		}
	}
	s->channel = emu_channel_open(&machine->firmware, dir);
	if (s->channel != NULL)
		return s;
	emu_server_close(s);
	return NULL;
}

void
emu_server_close(struct emu_server *s)
{
	int error = errno;

	emu_doe_close(s->doe);
	emu_channel_close(s->channel);
	for (size_t i = 0; i < N_PORTS; i++) {
		if (s->listening[i] < 0)
			continue;
		close(s->listening[i]);
		emu_port_remove(s->dir, &ports[i].at);
	}
	free(s);
	errno = error;
}

void
emu_server_add_doe(struct emu_server *s, struct emu_doe *doe)
{
	s->doe = doe;
}

/* -- the loop -- */

static struct emu_talk *
free_talk(struct emu_server *s)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++)
		if (s->talks.talk[i].fd < 0)
			return &s->talks.talk[i];
	return NULL;
}

static void
accept_one(struct emu_server *s, size_t port)
{
	struct emu_talk *c = free_talk(s);
	int fd = accept4(s->listening[port], NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (c == NULL)
		close(fd);
	else
		emu_talk_start(c, fd, ++s->last_id, port);
}

static void
serve(struct emu_server *s, struct emu_talk *c, short events)
{
	bool hung_up = (events & (POLLERR | POLLHUP)) != 0, ok;

	if (emu_talk_is_stalled(c))
		ok = !hung_up;
	else if (emu_talk_is_sending(c))
		ok = !hung_up && emu_talk_flush(c);
	else
		ok = ports[c->port].readable(&s->talks, c);
	if (!ok)
		emu_talk_end(&s->talks, c);
}

static short
events_for(const struct emu_talk *c)
{
	if (emu_talk_is_stalled(c))
		return 0;
	return emu_talk_is_sending(c) ? POLLOUT : POLLIN;
}

/* Unused places have a negative descriptor, which poll() passes over. */
static void
fill_polls(const struct emu_server *s, struct pollfd *p)
{
	const struct emu_talk *talk = s->talks.talk;

	for (size_t i = 0; i < N_PORTS; i++)
		p[i] = (struct pollfd){ s->listening[i], POLLIN, 0 };
	for (size_t i = 0; i < EMU_MAX_TALKS; i++)
		p[POLL_TALKS + i] = (struct pollfd){ talk[i].fd,
			events_for(&talk[i]), 0 };
	emu_channel_polls(s->channel, p + POLL_CHANNEL);
	emu_doe_polls(s->doe, p + POLL_DOE);
}

static void
serve_round(struct emu_server *s, const struct pollfd *p)
{
	for (size_t i = 0; i < EMU_MAX_TALKS; i++)
		if (p[POLL_TALKS + i].revents != 0)
			serve(s, &s->talks.talk[i], p[POLL_TALKS + i].revents);
	emu_channel_serve(s->channel, p + POLL_CHANNEL);
	emu_doe_serve(s->doe, p + POLL_DOE);
	emu_talks_settle(&s->talks);
	for (size_t i = 0; i < N_PORTS; i++)
		if (p[i].revents != 0)
			accept_one(s, i);
}

bool
emu_server_run(struct emu_server *s)
{
	struct pollfd p[POLLS];

	while (!stopping) {
		fill_polls(s, p);
		if (ppoll(p, POLLS, NULL, &s->mask) >= 0)
			serve_round(s, p);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service manager does for a daemon, and a host that comes by itself:
 *
 *   manager notify SOCKET FILE READY-FD
 *                     keeps each notice that comes, a line each, in FILE
 *   manager listen stream|datagram|two SOCKET PROGRAM WORDS...
 *                     becomes PROGRAM, which has the socket as descriptor 3
 *   manager come SOCKET UPSTREAM READY-FD
 *                     connects again and again, and answers from UPSTREAM
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "manager: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int
bound_at(const char *path, int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&un, sizeof(un)) != 0)
		die(path);
	return fd;
}

static void
say_ready(const char *number)
{
	int fd = atoi(number);

	if (write(fd, "r", 1) != 1)
		die("ready");
	close(fd);
}

static int
notify(char **words)
{
	int fd = bound_at(words[0], SOCK_DGRAM);
	FILE *f = fopen(words[1], "w");
	char text[2048];
	ssize_t n;

	if (f == NULL)
		die(words[1]);
	say_ready(words[2]);
	while ((n = recv(fd, text, sizeof(text), 0)) >= 0) {
		fprintf(f, "%.*s\n", (int)n, text);
		fflush(f);
	}
	return 99;
}

static int
be_handed(char **words)
{
	int fd = bound_at(words[1], strcmp(words[0], "datagram") == 0 ?
	    SOCK_DGRAM : SOCK_STREAM);
	char pid[24];

	if (strcmp(words[0], "datagram") != 0 && listen(fd, 4) != 0)
		die(words[1]);
	/* No flag of 3 survives: it is a new descriptor, unless it is 3. */
	if ((fd != 3 && dup2(fd, 3) != 3) || dup2(3, 4) != 4)
		die("descriptors");
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", strcmp(words[0], "two") == 0 ? "2" : "1", 1);
	setenv("LISTEN_FDNAMES", "devattest.socket", 1);
	execv(words[2], words + 2);
	die(words[2]);
}

/* -1: there is nobody (yet, or any more). */
static int
connect_to(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Both ways, until either has enough. */
static void
relay(int guest, int up)
{
	struct pollfd p[2] = { { guest, POLLIN, 0 }, { up, POLLIN, 0 } };
	char bytes[4096];

	while (poll(p, 2, -1) > 0)
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (p[i].revents == 0)
				continue;
			n = recv(p[i].fd, bytes, sizeof(bytes), 0);
			if (n <= 0 || send(p[1 - i].fd, bytes, (size_t)n,
			    MSG_NOSIGNAL) != n)
				return;
		}
}

static _Noreturn void
come(char **words)
{
	const struct timespec pause = { 0, 10000000 };

	say_ready(words[2]);
	for (;;) {
		int guest = connect_to(words[0]);
		int up = guest >= 0 ? connect_to(words[1]) : -1;

		if (up >= 0)
			relay(guest, up);
		else
			nanosleep(&pause, NULL);
		close(guest);
		close(up);
	}
}

int
main(int argc, char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc == 5 && strcmp(argv[1], "notify") == 0)
		return notify(argv + 2);
	if (argc >= 5 && strcmp(argv[1], "listen") == 0)
		return be_handed(argv + 2);
	if (argc == 5 && strcmp(argv[1], "come") == 0)
		come(argv + 2);
	fputs("manager: see its source\n", stderr);
	return 99;
}

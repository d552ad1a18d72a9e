/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_splice LISTEN CONNECT PORT: joins two virtual machines' AF_VSOCK ends.
 *
 * LISTEN is where vhost-device-vsock brings one machine's connections to the
 * host ("vm.vsock_5467"), CONNECT the other machine's socket ("vm.vsock"), at
 * which a line "CONNECT PORT" asks for a port inside of it.  Each connection
 * has a process of its own; bytes go both ways, unread, until one end is
 * closed.  It stands for the hypervisor, which has both ends in one kernel.
 *
 * Prints "ready" once it listens, and ends with SIGTERM.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool
address_of(const char *path, struct sockaddr_un *ret)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path);
	return n > 0 && (size_t)n < sizeof(ret->sun_path);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un at;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || !address_of(path, &at))
		return -1;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 8) != 0)
		return -1;
	return fd;
}

/* "OK number\n" is the answer; without it the other machine does not listen. */
static bool
is_let_in(int fd, const char *port)
{
	char line[64];
	size_t n = 0;

	if (dprintf(fd, "CONNECT %s\n", port) < 0)
		return false;
	while (n < sizeof(line) - 1 && read(fd, line + n, 1) == 1)
		if (line[n++] == '\n')
			return strncmp(line, "OK ", 3) == 0;
	return false;
}

static int
connect_to(const char *path, const char *port)
{
	struct sockaddr_un at;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || !address_of(path, &at))
		return -1;
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    is_let_in(fd, port))
		return fd;
	close(fd);
	return -1;
}

static bool
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* False: nothing more comes this way, and the other end was told. */
static bool
pass_on(int from, int to)
{
	/* A guest's kernel takes larger pieces in, and sends none out. */
	char bytes[16384];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n < 0 && errno == EINTR)
		return true;
	if (n > 0 && write_all(to, bytes, (size_t)n))
		return true;
	shutdown(to, SHUT_WR);
	return false;
}

/*
 * vhost-device-vsock does not tell one machine that the other closed one way
 * only: the end of either way is the end of both.
 */
static void
splice_both(int a, int b)
{
	struct pollfd p[2] = { { a, POLLIN, 0 }, { b, POLLIN, 0 } };
	bool goes_on = true;

	while (goes_on) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return;
		if (p[0].revents != 0)
			goes_on = pass_on(a, b);
		if (goes_on && p[1].revents != 0)
			goes_on = pass_on(b, a);
	}
}

static void
serve(int guest, const char *path, const char *port)
{
	int host = connect_to(path, port);

	if (host >= 0)
		splice_both(guest, host);
	else
		fprintf(stderr, "host_splice: %s: nobody at port %s\n", path,
		    port);
	_exit(host >= 0 ? 0 : 1);
}

int
main(int argc, char **argv)
{
	int listening;

	if (argc != 4) {
		fputs("usage: host_splice LISTEN CONNECT PORT\n", stderr);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	listening = listen_at(argv[1]);
	if (listening < 0) {
		perror(argv[1]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		int guest = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

		if (guest < 0)
			continue;
		if (fork() == 0)
			serve(guest, argv[2], argv[3]);
		close(guest);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A daemon that says what a test wants: to each who connects, the bytes of a
 * file, and then the end.
 *
 *   say SOCKET READY-FD FILE [stay]
 *
 * "stay": it keeps the connection open instead, until whoever asked is gone.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "say: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&un, sizeof(un)) != 0 ||
	    listen(fd, 4) != 0)
		die(path);
	return fd;
}

static void
say(int conn, const char *path)
{
	FILE *f = fopen(path, "rb");
	char buf[65536];
	size_t n;

	if (f == NULL)
		die(path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		if (send(conn, buf, n, MSG_NOSIGNAL) != (ssize_t)n)
			break;
	fclose(f);
}

int
main(int argc, char **argv)
{
	char gone;
	int fd, conn;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc < 4)
		return 99;
	fd = listen_at(argv[1]);
	if (write(atoi(argv[2]), "r", 1) != 1)
		die("ready");
	close(atoi(argv[2]));
	while ((conn = accept(fd, NULL, NULL)) >= 0) {
		say(conn, argv[3]);
		if (argc > 4)
			(void)!read(conn, &gone, 1);
		close(conn);
	}
	return 99;
}

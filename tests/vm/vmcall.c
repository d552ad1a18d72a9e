/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vmcall SOCKET COMMAND: has a test's guest run it, with our standard input, and
 * ends with its status; 125: the guest cannot be reached, or broke off.  SOCKET
 * is the Unix socket of the host's side of AF_VSOCK (vhost-device-vsock).
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOT_THERE = 125 };

static struct buffer {
	char *p;
	size_t n, room;
} input, output;

static void
read_to_end(int fd, struct buffer *b)
{
	ssize_t got;

	do {
		if (b->room - b->n < 65536) {
			b->room += 1 << 20;
			if ((b->p = realloc(b->p, b->room)) == NULL)
				err(NOT_THERE, "memory");
		}
		got = read(fd, b->p + b->n, b->room - b->n);
		if (got > 0)
			b->n += (size_t)got;
	} while (got > 0);
}

static void
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put <= 0)
			err(NOT_THERE, "write");
		p += put;
		n -= (size_t)put;
	}
}

/* The host's side answers "CONNECT port" with a line. */
static int
connect_guest(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char c = 0, first = 0;

	if (strlen(path) >= sizeof(at.sun_path))
		errx(NOT_THERE, "%s: too long", path);
	strcpy(at.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		err(NOT_THERE, "%s", path);
	write_all(fd, "CONNECT 1024\n", 13);
	while (c != '\n') {
		if (read(fd, &c, 1) != 1)
			errx(NOT_THERE, "no guest answers");
		if (first == 0)
			first = c;
	}
	if (first != 'O')
		errx(NOT_THERE, "no guest answers");
	return fd;
}

int
main(int argc, char **argv)
{
	uint8_t size[4];
	int fd;

	if (argc != 3)
		errx(NOT_THERE, "usage: vmcall SOCKET COMMAND");
	read_to_end(STDIN_FILENO, &input);
	fd = connect_guest(argv[1]);
	for (int i = 0; i < 4; i++)
		size[i] = (uint8_t)(input.n >> (8 * i));
	write_all(fd, argv[2], strlen(argv[2]) + 1);
	write_all(fd, (char *)size, sizeof(size));
	write_all(fd, input.p, input.n);
	read_to_end(fd, &output);
	if (output.n < 2 || output.p[output.n - 2] != '\0')
		errx(NOT_THERE, "the guest broke off");
	write_all(STDOUT_FILENO, output.p, output.n - 2);
	return (unsigned char)output.p[output.n - 1];
}

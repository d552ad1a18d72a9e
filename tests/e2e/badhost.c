/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that has a genuine answer and spoils it in transit:
 *
 *   badhost MODE SOCKET READY-FD UPSTREAM
 *     as-is       passes it on
 *     cut:N       the first N bytes, and hangs up
 *     stall:N     the first N bytes, and then nothing more
 *     drip        a byte at a time, all of it
 *     id          every head has another request id
 *     double      the first part twice
 *     unasked     a part that was not asked for, in front of the end
 *     reserved    a shape on a part that has none
 *     over:TYPE   a head of that type says that more than its cap follows
 *     endless     parts that may be skipped, until the guest hangs up
 *     no-end      everything but the end, and hangs up
 *
 * It serves one connection after the other until it is killed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "guestd/wire.h"
#include "verifier/caps.h"

#define HEAD	DA_WIRE_HEAD_SIZE
#define MAX	(DA_MAX_ANSWER + HEAD)

struct answer {
	uint8_t bytes[MAX];
	size_t n;
	size_t first;		/* bytes of the first part, head included */
	size_t end;		/* where the end's head begins */
};

static struct answer answer;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "badhost: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int
open_socket(const char *path, struct sockaddr_un *ret)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path);
	if (fd < 0)
		die(path);
	return fd;
}

/* False: the guest hung up, as it may. */
static bool
put(int fd, const void *bytes, size_t n)
{
	return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Until somebody hangs up. */
static void
wait_for_end(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		continue;
}

/* -- the genuine answer -- */

static void
take(int up, size_t n)
{
	if (answer.n + n > MAX || recv(up, answer.bytes + answer.n, n,
	    MSG_WAITALL) != (ssize_t)n)
		die("upstream");
	answer.n += n;
}

static uint32_t
number_at(size_t at, size_t bytes)
{
	uint32_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | answer.bytes[at + bytes];
	return v;
}

static void
fetch(int up, const uint8_t *request)
{
	answer.n = answer.first = 0;
	if (!put(up, request, DA_WIRE_REQUEST_SIZE))
		die("upstream");
	for (;;) {
		answer.end = answer.n;
		take(up, HEAD);
		if (number_at(answer.end, 2) == DA_WIRE_END)
			return;
		take(up, number_at(answer.end + 4, 4));
		if (answer.first == 0)
			answer.first = answer.n;
	}
}

/* -- how it is spoiled -- */

static void
put_head(int fd, uint16_t type, uint16_t shape, uint32_t length)
{
	uint8_t head[HEAD];

	memcpy(head, answer.bytes, HEAD);	/* for the request id */
	head[0] = (uint8_t)type;
	head[1] = (uint8_t)(type >> 8);
	head[2] = (uint8_t)shape;
	head[3] = 0;
	for (size_t i = 0; i < 4; i++)
		head[4 + i] = (uint8_t)(length >> 8 * i);
	put(fd, head, HEAD);
}

static void
send_from(int fd, size_t at)
{
	put(fd, answer.bytes + at, answer.n - at);
}

static void
as_is(int fd, size_t n)
{
	(void)n;
	send_from(fd, 0);
	wait_for_end(fd);
}

static void
cut(int fd, size_t n)
{
	put(fd, answer.bytes, n < answer.n ? n : answer.n);
}

static void
stall(int fd, size_t n)
{
	cut(fd, n);
	wait_for_end(fd);
}

static void
drip(int fd, size_t n)
{
	for (n = 0; n < answer.n && put(fd, answer.bytes + n, 1); n++)
		continue;
	wait_for_end(fd);
}

static void
other_id(int fd, size_t n)
{
	answer.bytes[n + 8] ^= 1;
	send_from(fd, 0);
}

static void
double_part(int fd, size_t n)
{
	(void)n;
	put(fd, answer.bytes, answer.first);
	send_from(fd, 0);
}

/* The CHALLENGE exchange: its types go with a bit that nobody set. */
static void
unasked(int fd, size_t n)
{
	(void)n;
	put(fd, answer.bytes, answer.end);
	put_head(fd, 0x101, 0, 4);
	put(fd, "none", 4);
	send_from(fd, answer.end);
}

static void
reserved(int fd, size_t n)
{
	(void)n;
	answer.bytes[2] = 1;
	send_from(fd, 0);
}

static void
over(int fd, size_t type)
{
	put_head(fd, (uint16_t)type, 0, UINT32_MAX);
	while (put(fd, answer.bytes, answer.n))
		continue;
}

static void
endless(int fd, size_t n)
{
	put(fd, answer.bytes, answer.end);
	for (uint32_t type = 0x7f00; type < 0xffff; type++) {
		put_head(fd, (uint16_t)type, 0, 65536);
		for (n = 0; n < 65536; n += 64)
			if (!put(fd, answer.bytes, 64))
				return;
	}
}

static void
no_end(int fd, size_t n)
{
	(void)n;
	put(fd, answer.bytes, answer.end);
}

static const struct {
	const char *name;
	void (*spoil)(int fd, size_t n);
} modes[] = {
	{ "as-is", as_is }, { "cut", cut }, { "stall", stall },
	{ "drip", drip }, { "id", other_id }, { "double", double_part },
	{ "unasked", unasked }, { "reserved", reserved }, { "over", over },
	{ "endless", endless }, { "no-end", no_end },
};

static void
spoil(const char *mode, int fd)
{
	size_t word = strcspn(mode, ":");
	size_t n = mode[word] == ':' ? strtoul(mode + word + 1, NULL, 0) : 0;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strlen(modes[i].name) == word &&
		    strncmp(modes[i].name, mode, word) == 0) {
			modes[i].spoil(fd, n);
			return;
		}
	die(mode);
}

static void
serve(int fd, char **argv)
{
	struct sockaddr_un un;
	uint8_t request[DA_WIRE_REQUEST_SIZE];
	int up;

	if (recv(fd, request, sizeof(request), MSG_WAITALL) ==
	    sizeof(request)) {
		up = open_socket(argv[3], &un);
		if (connect(up, (struct sockaddr *)&un, sizeof(un)) != 0)
			die(argv[3]);
		fetch(up, request);
		spoil(argv[0], fd);
		close(up);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_un un;
	int listening, fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 5) {
		fputs("badhost: see its source\n", stderr);
		return 99;
	}
	listening = open_socket(argv[2], &un);
	if (bind(listening, (struct sockaddr *)&un, sizeof(un)) != 0 ||
	    chmod(argv[2], 0666) != 0 || listen(listening, 16) != 0 ||
	    write(atoi(argv[3]), "r", 1) != 1)
		die(argv[2]);
	close(atoi(argv[3]));
	while ((fd = accept(listening, NULL, NULL)) >= 0)
		serve(fd, argv + 1);
	return 99;
}

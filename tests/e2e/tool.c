/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a shell cannot do with Unix sockets, for the tests of the daemon:
 *
 *   tool control SOCKET LINE...      test control of the emulated machine
 *   tool record SOCKET BDF DIR       asks as a guest would, saves the parts
 *   tool host MODE SOCKET READY-FD [UPSTREAM FLAG]
 *                                    a host that misbehaves:
 *     silent    takes the request and says nothing
 *     hang-up   closes at once
 *     half      closes inside a part
 *     garbage   answers bytes of no meaning
 *     no-device says that it knows no such device
 *     empty     an answer without a single part
 *     wait      asks upstream and answers once the file FLAG is there
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "guestd/connect.h"
#include "guestd/receiver.h"
#include "guestd/sealed.h"
#include "verifier/caps.h"

static uint8_t bytes[DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER];

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "tool: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&un, sizeof(un)) != 0)
		die(path);
	return fd;
}

static int
control(int argc, char **argv)
{
	FILE *f = fdopen(connect_to(argv[0]), "r+");
	char reply[200];
	int bad = 0;

	for (int i = 1; i < argc; i++) {
		fprintf(f, "%s\n", argv[i]);
		fflush(f);
		if (fgets(reply, sizeof(reply), f) == NULL)
			die("control");
		if (strcmp(reply, "ok\n") != 0) {
			fprintf(stderr, "%s: %s", argv[i], reply);
			bad = 1;
		}
	}
	fclose(f);
	return bad;
}

/* -- a guest that keeps what it gets -- */

static void
make_request(const char *bdf, uint8_t out[DA_WIRE_REQUEST_SIZE])
{
	struct da_wire_request r = { .wanted = DA_WIRE_WANT_ALL };

	memset(r.path, 0xff, sizeof(r.path));
	if (!da_wire_parse_bdf(bdf, &r.device) ||
	    getrandom(r.nonce, sizeof(r.nonce), 0) != sizeof(r.nonce) ||
	    getrandom(&r.id, sizeof(r.id), 0) != sizeof(r.id))
		die(bdf);
	da_wire_put_request(&r, out);
}

static const char *
name_of(uint16_t type)
{
	if (type == DA_WIRE_CHAIN_FIRST)
		return "certchain.bin";
	if (type == DA_WIRE_VCA)
		return "vca.bin";
	if (type == DA_WIRE_MEASUREMENTS)
		return "measurements.bin";
	return type == DA_WIRE_REPORT ? "report.bin" : "other.bin";
}

static void
save(const char *folder, const struct da_answer_part *part)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name_of(part->type));
	f = fopen(path, "w");
	if (f == NULL || fwrite(bytes + part->offset, 1, part->length, f) !=
	    part->length || fclose(f) != 0)
		die(path);
}

static int
record(char **argv)
{
	static const struct da_deadlines deadlines = { 5000, 10000 };
	uint8_t request[DA_WIRE_REQUEST_SIZE];
	struct da_answer answer;
	struct da_fault fault;
	int memfd;

	make_request(argv[1], request);
	if (!da_sealed_new(&memfd) || !da_receive(connect_to(argv[0]), request,
	    &deadlines, memfd, &answer, &fault) ||
	    !da_sealed_copy(memfd, answer.at, bytes))
		die("record");
	for (uint32_t i = 0; i < answer.n; i++)
		save(argv[2], &answer.part[i]);
	return 0;
}

/* -- hosts -- */

static void
put_head(int fd, const struct da_wire_request *r, uint16_t type,
    uint32_t length)
{
	const struct da_wire_head head = { type, 0, length, r->id };
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&head, raw);
	(void)!write(fd, raw, sizeof(raw));
}

static void
answer_badly(const char *mode, int fd, const struct da_wire_request *r)
{
	static const uint8_t code[4] = { DA_WIRE_NO_DEVICE };

	if (strcmp(mode, "silent") == 0)
		(void)!read(fd, bytes, 1);	/* until the guest gives up */
	if (strcmp(mode, "garbage") == 0)
		(void)!write(fd, memset(bytes, 0x47, 500), 500);
	if (strcmp(mode, "half") == 0) {
		put_head(fd, r, DA_WIRE_VCA, 100);
		(void)!write(fd, bytes, 50);
	}
	if (strcmp(mode, "no-device") == 0) {
		put_head(fd, r, DA_WIRE_FAILURE, sizeof(code));
		(void)!write(fd, code, sizeof(code));
		put_head(fd, r, DA_WIRE_END, 0);
	}
	if (strcmp(mode, "empty") == 0)
		put_head(fd, r, DA_WIRE_END, 0);
}

static void
answer_when_told(int fd, const uint8_t *request, char **more)
{
	const struct timespec pause = { 0, 10000000 };
	int up = connect_to(more[0]);
	ssize_t n;

	if (write(up, request, DA_WIRE_REQUEST_SIZE) != DA_WIRE_REQUEST_SIZE)
		die(more[0]);
	for (int i = 0; i < 400 && access(more[1], F_OK) != 0; i++)
		nanosleep(&pause, NULL);
	/* Upstream keeps its side open as long as we do. */
	while ((n = recv(up, bytes, sizeof(bytes), 0)) > 0)
		if (write(fd, bytes, (size_t)n) != n)
			break;
	close(up);
}

static void
serve(const char *mode, int fd, char **more)
{
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	struct da_wire_request request;

	if (strcmp(mode, "hang-up") != 0 &&
	    recv(fd, raw, sizeof(raw), MSG_WAITALL) == sizeof(raw) &&
	    da_wire_get_request(raw, &request)) {
		if (strcmp(mode, "wait") == 0)
			answer_when_told(fd, raw, more);
		else
			answer_badly(mode, fd, &request);
	}
	close(fd);
}

static int
host(char **argv)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", argv[1]);
	if (listening < 0 ||
	    bind(listening, (struct sockaddr *)&un, sizeof(un)) != 0 ||
	    chmod(argv[1], 0666) != 0 || listen(listening, 4) != 0 ||
	    write(atoi(argv[2]), "r", 1) != 1)
		die(argv[1]);
	close(atoi(argv[2]));
	while ((fd = accept(listening, NULL, NULL)) >= 0)
		serve(argv[0], fd, argv + 3);
	return 99;
}

int
main(int argc, char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc >= 4 && strcmp(argv[1], "control") == 0)
		return control(argc - 2, argv + 2);
	if (argc == 5 && strcmp(argv[1], "record") == 0)
		return record(argv + 2);
	if (argc >= 5 && strcmp(argv[1], "host") == 0)
		return host(argv + 2);
	fputs("tool: see its source\n", stderr);
	return 99;
}

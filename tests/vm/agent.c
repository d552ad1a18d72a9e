/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the guest of a test: takes commands of the test script over AF_VSOCK, port
 * 1024.  A connection brings one command: its text, a zero byte, u32 (LE) size
 * and that many bytes for its standard input.  Back come the bytes that it
 * writes, then a zero byte and its exit status as one byte.
 *
 * For test machines only: whoever connects is root here.
 */
#include <err.h>
#include <linux/vm_sockets.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT = 1024, COMMAND_MAX = 65536, PIECE = 16384 };

static int
listen_here(void)
{
	struct sockaddr_vm at = { .svm_family = AF_VSOCK,
		.svm_cid = VMADDR_CID_ANY, .svm_port = PORT };
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 8) != 0)
		err(1, "AF_VSOCK port %d", PORT);
	return fd;
}

static void
read_all(int fd, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got <= 0)
			exit(1);
		p += got;
		n -= (size_t)got;
	}
}

/* A guest must not send more than 16 KiB a call. */
static void
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n > PIECE ? PIECE : n);

		if (put <= 0)
			exit(1);
		p += put;
		n -= (size_t)put;
	}
}

static char *
read_command(int fd)
{
	static char text[COMMAND_MAX];
	size_t n = 0;

	do {
		if (n == sizeof(text))
			exit(1);
		read_all(fd, &text[n], 1);
	} while (text[n++] != '\0');
	return text;
}

static int
read_input(int fd)
{
	int file = memfd_create("input", MFD_CLOEXEC);
	uint8_t raw[4];
	uint32_t left;
	char piece[PIECE];

	read_all(fd, raw, sizeof(raw));
	left = (uint32_t)raw[0] | (uint32_t)raw[1] << 8 |
	    (uint32_t)raw[2] << 16 | (uint32_t)raw[3] << 24;
	while (left > 0) {
		uint32_t n = left < PIECE ? left : PIECE;

		read_all(fd, piece, n);
		write_all(file, piece, n);
		left -= n;
	}
	lseek(file, 0, SEEK_SET);
	return file;
}

static pid_t
start(const char *command, int input, int output)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	dup2(input, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Until the command has ended, not until all that it left behind has. */
static void
serve(int fd)
{
	char *command = read_command(fd), piece[PIECE], end[2] = { 0 };
	int input = read_input(fd), out = memfd_create("output", MFD_CLOEXEC);
	pid_t pid = start(command, input, out);
	int status = 0;
	ssize_t n;

	if (waitpid(pid, &status, 0) != pid)
		exit(1);
	lseek(out, 0, SEEK_SET);
	while ((n = read(out, piece, sizeof(piece))) > 0)
		write_all(fd, piece, (size_t)n);
	end[1] = (char)(WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status));
	write_all(fd, end, sizeof(end));
	shutdown(fd, SHUT_WR);
	/* The peer closes first, so that nothing is lost with a reset. */
	while (read(fd, piece, sizeof(piece)) > 0)
		;
}

int
main(void)
{
	int at = listen_here();

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept4(at, NULL, NULL, SOCK_CLOEXEC);

		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (fd < 0)
			continue;
		if (fork() == 0) {
			serve(fd);
			exit(0);
		}
		close(fd);
	}
}

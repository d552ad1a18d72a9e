/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#define BACKLOG	16

bool
relay_number_parse(const char *text, uint32_t *ret)
{
	char *end;
	unsigned long v;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || v >= UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool
relay_address_parse(const char *text, struct relay_address *ret)
{
	struct relay_address a = { false, 0, NULL };

	if (strncmp(text, "vsock:", 6) == 0) {
		a.is_vsock = true;
		if (!relay_number_parse(text + 6, &a.port))
			return false;
	} else if (strncmp(text, "unix:", 5) == 0 && text[5] != '\0') {
		a.path = text + 5;
	} else {
		return false;
	}
	*ret = a;
	return true;
}

static bool
unix_address(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(ret->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(ret->sun_path, path, strlen(path));
	return true;
}

int
relay_connect_unix(const char *path)
{
	struct sockaddr_un to;
	int fd, error;

	if (!unix_address(path, &to))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Removes a socket file that nobody listens at; false: something is there. */
static bool
make_room(const char *path)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return false;
	}
	fd = relay_connect_unix(path);
	if (fd >= 0) {
		close(fd);
		errno = EADDRINUSE;
		return false;
	}
	return errno == ECONNREFUSED && unlink(path) == 0;
}

static int
complain(const char *what, const char *which, int fd)
{
	fprintf(stderr, "%s: cannot listen at %s%s: %s\n",
	    program_invocation_short_name, what, which, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
listen_unix(const char *path)
{
	struct sockaddr_un at;
	int fd;

	if (!unix_address(path, &at) || !make_room(path))
		return complain("unix:", path, -1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, BACKLOG) != 0)
		return complain("unix:", path, fd);
	return fd;
}

static int
listen_vsock(uint32_t port)
{
	struct sockaddr_vm at = { .svm_family = AF_VSOCK,
		.svm_cid = VMADDR_CID_ANY, .svm_port = port };
	char text[16];
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);

	snprintf(text, sizeof(text), "%u", port);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, BACKLOG) != 0)
		return complain("vsock:", text, fd);
	return fd;
}

int
relay_listen(const struct relay_address *address)
{
	return address->is_vsock ? listen_vsock(address->port) :
	    listen_unix(address->path);
}

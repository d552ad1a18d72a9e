/* SPDX-License-Identifier: Apache-2.0 */
#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

/* The number ends at `end` and is no shorter form of another. */
static bool
parse_u32(const char *text, char end, uint32_t *ret, const char **ret_rest)
{
	uint64_t value = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9' && value <= UINT32_MAX; p++)
		value = value * 10 + (uint64_t)(*p - '0');
	if (p == text || *p != end || value > UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	*ret_rest = p + (end != '\0');
	return true;
}

static bool
parse_unix(const char *path, struct da_target *ret)
{
	struct da_target t = { .kind = DA_TARGET_UNIX };

	if (path[0] == '\0' || strlen(path) >= sizeof(t.path))
		return false;
	memcpy(t.path, path, strlen(path));
	*ret = t;
	return true;
}

static bool
parse_vsock(const char *text, struct da_target *ret)
{
	struct da_target t = { .kind = DA_TARGET_VSOCK };
	const char *rest;

	if (!parse_u32(text, ':', &t.cid, &rest) ||
	    !parse_u32(rest, '\0', &t.port, &rest))
		return false;
	*ret = t;
	return true;
}

bool
da_target_parse(const char *text, struct da_target *ret)
{
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, ret);
	if (strncmp(text, "vsock:", 6) == 0)
		return parse_vsock(text + 6, ret);
	return false;
}

/* After EINPROGRESS: wait, then ask the socket how it went. */
static bool
finish_connect(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(errno);
	int n = poll(&p, 1, timeout_ms), error = 0;

	if (n == 0)
		errno = ETIMEDOUT;
	if (n <= 0)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return false;
	errno = error;
	return error == 0;
}

static int
start_connect(int fd, const struct da_target *target)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct sockaddr_vm vm = { .svm_family = AF_VSOCK,
		.svm_cid = target->cid, .svm_port = target->port };

	if (target->kind == DA_TARGET_VSOCK)
		return connect(fd, (struct sockaddr *)&vm, sizeof(vm));
	memcpy(un.sun_path, target->path, sizeof(un.sun_path));
	un.sun_path[sizeof(un.sun_path) - 1] = '\0';
	return connect(fd, (struct sockaddr *)&un, sizeof(un));
}

static int
open_socket(const struct da_target *target)
{
	if (target->kind != DA_TARGET_UNIX && target->kind != DA_TARGET_VSOCK) {
		errno = EINVAL;
		return -1;
	}
	return socket(target->kind == DA_TARGET_VSOCK ? AF_VSOCK : AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

bool
da_target_connect(const struct da_target *target, int timeout_ms, int *ret_fd)
{
	int fd = open_socket(target), error;

	if (fd < 0)
		return false;
	if (start_connect(fd, target) == 0 ||
	    (errno == EINPROGRESS && finish_connect(fd, timeout_ms))) {
		*ret_fd = fd;
		return true;
	}
	error = errno;
	close(fd);
	errno = error;
	return false;
}

bool
da_peer_is_served(int fd, uint32_t cid)
{
	struct sockaddr_vm vm = { 0 };
	socklen_t size = sizeof(vm);

	if (getpeername(fd, (struct sockaddr *)&vm, &size) != 0)
		return false;
	return vm.svm_family != AF_VSOCK || vm.svm_cid == cid;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "port.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool
address_of(const char *dir, const struct emu_port *p,
    struct sockaddr_un *ret)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s/%s/%s", dir,
	    p->folder, p->name);
	if (n > 0 && (size_t)n < sizeof(ret->sun_path))
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static bool
make_folder(const char *dir, const char *name, mode_t mode)
{
	struct sockaddr_un at;	/* its name is longer, and fits */
	char path[sizeof(at.sun_path)];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return false;
	return chmod(path, mode) == 0;
}

/* A socket that nobody listens at is left over from a run that was killed. */
static bool
is_left_over(const struct sockaddr_un *at, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	bool refused;

	if (fd < 0)
		return false;
	refused = connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0 &&
	    errno == ECONNREFUSED;
	close(fd);
	return refused;
}

int
emu_port_listen(const char *dir, const struct emu_port *p)
{
	struct sockaddr_un at;
	int fd;

	if (!address_of(dir, p, &at) ||
	    !make_folder(dir, p->folder, p->folder_mode))
		return -1;
	if (is_left_over(&at, p->type))
		unlink(at.sun_path);
	fd = socket(AF_UNIX, p->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    chmod(at.sun_path, p->mode) == 0 && listen(fd, 16) == 0)
		return fd;
	close(fd);
	return -1;
}

void
emu_port_remove(const char *dir, const struct emu_port *p)
{
	struct sockaddr_un at;

	if (address_of(dir, p, &at))
		unlink(at.sun_path);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#define FIRST_HANDED	3	/* sd_listen_fds(3): SD_LISTEN_FDS_START */
#define MAX_TEXT	512
#define PATIENCE_S	5	/* with a manager that does not read */

/* -- telling -- */

/* "/path", or "@name" for an abstract socket, whose first byte is zero. */
static struct da_notify
address_of(const char *text)
{
	struct da_notify n = { .address = { .sun_family = AF_UNIX } };
	size_t length = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || length < 2 ||
	    length >= sizeof(n.address.sun_path))
		return n;
	memcpy(n.address.sun_path, text, length);
	if (text[0] == '@')
		n.address.sun_path[0] = '\0';
	/* An abstract name has no NUL at its end; a path's does no harm. */
	n.size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length +
	    (text[0] == '/' ? 1 : 0));
	return n;
}

struct da_notify
da_notify_open(void)
{
	const char *text = getenv("NOTIFY_SOCKET");
	struct da_notify notify = { .size = 0 };

	if (text != NULL)
		notify = address_of(text);
	unsetenv("NOTIFY_SOCKET");
	return notify;
}

void
da_notify(const struct da_notify *notify, const char *format, ...)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	char text[MAX_TEXT];
	va_list args;
	int fd, n;

	if (notify->size == 0)
		return;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* A manager with a full queue is waited for: READY=1 is said once. */
	if (n > 0 && (size_t)n < sizeof(text) && setsockopt(fd, SOL_SOCKET,
	    SO_SNDTIMEO, &patience, sizeof(patience)) == 0)
		sendto(fd, text, (size_t)n, MSG_NOSIGNAL,
		    (const struct sockaddr *)&notify->address, notify->size);
	close(fd);
}

/* systemd.service(5), Type=notify-reload: both in one message. */
void
da_notify_reloading(const struct da_notify *notify)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	da_notify(notify, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\n"
	    "STATUS=reading policy and roots again",
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

/* -- being handed a socket -- */

static bool
refuse(char *reterr, size_t size, const char *why)
{
	snprintf(reterr, size, "what was handed in (LISTEN_FDS) is %s", why);
	return false;
}

static int
option_of(int fd, int option)
{
	socklen_t size = sizeof(int);
	int value = -1;

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ?
	    value : -1;
}

static bool
is_usable(int fd, char *reterr, size_t size)
{
	int domain = option_of(fd, SO_DOMAIN);

	if (domain != AF_UNIX && domain != AF_VSOCK)
		return refuse(reterr, size, "no socket of AF_VSOCK or "
		    "AF_UNIX");
	if (option_of(fd, SO_TYPE) != SOCK_STREAM)
		return refuse(reterr, size, "no stream socket");
	if (option_of(fd, SO_ACCEPTCONN) != 1)
		return refuse(reterr, size, "a socket that does not listen");
	/* The receiver polls, and must not be held by one that is gone. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		return refuse(reterr, size, strerror(errno));
	return true;
}

/* A whole number without sign or blanks; -1: something else. */
static long
number_of(const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	return n > 0 && n < 10 && strspn(text, "0123456789") == n ?
	    strtol(text, NULL, 10) : -1;
}

bool
da_notify_socket(int *ret_fd, char *reterr, size_t size)
{
	long pid = number_of(getenv("LISTEN_PID"));
	bool is_set = getenv("LISTEN_FDS") != NULL;
	long n = number_of(getenv("LISTEN_FDS"));

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	*ret_fd = -1;
	/* Another process's, or nothing: sd_listen_fds(3) says 0. */
	if (pid != (long)getpid() || !is_set || n == 0)
		return true;
	if (n != 1)
		return refuse(reterr, size, "not one descriptor");
	if (!is_usable(FIRST_HANDED, reterr, size))
		return false;
	*ret_fd = FIRST_HANDED;
	return true;
}

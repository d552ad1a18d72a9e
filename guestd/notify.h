/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service manager is told, and what it hands in: the protocols of
 * sd_notify(3) and sd_listen_fds(3), by hand.  They are a datagram and two
 * numbers; the library would bring its decompressors into the role that
 * everything hangs on.
 *
 * Knows words and descriptors, never what was decided.
 */
#ifndef DA_NOTIFY_H
#define DA_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

struct da_notify {
	struct sockaddr_un address;
	socklen_t size;		/* 0: nobody listens */
};

/*
 * From NOTIFY_SOCKET, which is unset: no child tells for us.  An address that
 * is neither a path nor an abstract name is nobody's.
 */
struct da_notify da_notify_open(void);
/*
 * Lines of "NAME=VALUE".  Telling fails silently: a manager that is gone
 * changes nothing of what is judged.
 */
__attribute__((format(printf, 2, 3)))
void	da_notify(const struct da_notify *notify, const char *format, ...);
/* RELOADING=1 with the time that goes with it. */
void	da_notify_reloading(const struct da_notify *notify);

/*
 * The listening stream socket that was handed in, AF_VSOCK or AF_UNIX; *ret_fd
 * -1: none was.  All of LISTEN_* is unset.  False: *reterr says what else it
 * is.
 */
bool	da_notify_socket(int *ret_fd, char *reterr, size_t size);

#endif

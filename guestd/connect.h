/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the host's side is, and the way there: a Unix socket's path or a vsock
 * address; or it comes by itself.  Sends and reads nothing.
 */
#ifndef DA_CONNECT_H
#define DA_CONNECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/un.h>

#define DA_CID_HOST	2u	/* VMADDR_CID_HOST: the only one served */

enum da_target_kind {
	DA_TARGET_NONE,
	DA_TARGET_UNIX,
	DA_TARGET_VSOCK,
	DA_TARGET_HANDED	/* it connects to a socket of the receiver's */
};

struct da_target {
	uint32_t kind;		/* enum da_target_kind */
	uint32_t cid, port;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};
_Static_assert(sizeof(struct da_target) == 120, "crosses a process");

/* "unix:PATH" or "vsock:CID:PORT". */
bool	da_target_parse(const char *text, struct da_target *ret);
/* A connected, non-blocking stream socket; errno on failure. */
bool	da_target_connect(const struct da_target *target, int timeout_ms,
	    int *ret_fd);
/* A vsock peer must be the host: filters other guests, proves no honesty. */
bool	da_peer_is_served(int fd, uint32_t cid);

#endif

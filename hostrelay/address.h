/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses to listen at and to connect to: unix:PATH and vsock:PORT.
 */
#ifndef RELAY_ADDRESS_H
#define RELAY_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct relay_address {
	bool is_vsock;
	uint32_t port;
	const char *path;	/* a view into the argument */
};

/* A decimal number below 2^32 - 1, and nothing else. */
bool	relay_number_parse(const char *text, uint32_t *ret);
/* "unix:PATH" or "vsock:PORT". */
bool	relay_address_parse(const char *text, struct relay_address *ret);
/*
 * A listening socket, or -1 and a line on standard error.  A socket file that
 * nobody listens at is replaced; anything else at its path is left alone.
 */
int	relay_listen(const struct relay_address *address);
/* A connected socket, or -1 and errno. */
int	relay_connect_unix(const char *path);

#endif

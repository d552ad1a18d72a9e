/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's end of the wire: reads requests, holds what a source gives against
 * request and caps, and sends it.  A process a connection, so that a slow guest
 * or device keeps nobody else waiting.
 */
#ifndef RELAY_SERVE_H
#define RELAY_SERVE_H

#include "source.h"

#define RELAY_MAX_CHILDREN	64	/* further connections wait */

/* One connection until it ends; closes nothing. */
void	relay_serve(int fd, struct relay_source *source);
/*
 * Accepts until SIGTERM or SIGINT; false when that cannot go on.  Writes one
 * byte to `ready` (-1: nobody waits) once both can come.
 */
bool	relay_accept_loop(int listening, struct relay_source *source,
	    int ready);

#endif

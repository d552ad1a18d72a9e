/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receiver: asks the host and reads its bounded answer into a sealed memfd.
 *
 * Knows the wire's heads and lengths.  Must never learn what a part says, what
 * became of it, or that a kernel interface exists.  Nothing goes back to the
 * host but the request, and the connection's end when the pusher says so.
 */
#ifndef DA_RECEIVER_H
#define DA_RECEIVER_H

#include "answer.h"

struct da_deadlines {
	int idle_ms;		/* between two reads, and for connecting */
	int whole_ms;		/* from the request to the answer's end */
};

/*
 * Sends the request over a connected socket and reads the answer.  The memfd
 * gets the request, then the answer as it came, and is sealed on yes.  On no
 * with DA_F_NONE the memfd failed, and errno says how.
 */
bool	da_receive(int conn, const uint8_t request[DA_WIRE_REQUEST_SIZE],
	    const struct da_deadlines *deadlines, int memfd,
	    struct da_answer *ret, struct da_fault *reterr);
/* The process: serves the pusher at `sock` until it is gone. */
void	da_receiver_run(int sock, const struct da_deadlines *deadlines);

#endif

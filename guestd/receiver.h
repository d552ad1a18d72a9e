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
#include "connect.h"
#include "identity.h"

struct da_deadlines {
	int idle_ms;		/* between two reads, and for connecting */
	int whole_ms;		/* from the request to the answer's end */
	/* Told as bytes come in, for a person who waits; NULL: nobody does. */
	void (*arrived)(void *arg, const struct da_answer *answer,
	    uint64_t bytes);
	void *arg;
};

/*
 * Sends the request over a connected socket and reads the answer.  The memfd
 * gets the request, then the answer as it came, and is sealed on yes.  On no
 * with DA_F_NONE the memfd failed, and errno says how.
 */
bool	da_receive(int conn, const uint8_t request[DA_WIRE_REQUEST_SIZE],
	    const struct da_deadlines *deadlines, int memfd,
	    struct da_answer *ret, struct da_fault *reterr);
/*
 * Becomes its user, and from here on has the host, the pusher and memory, and
 * nothing else; errno says why not.  A host of another kind than `kind` is out
 * of its reach for good.
 */
bool	da_receiver_shut_in(const struct da_identity *who,
	    enum da_target_kind kind);
/*
 * The process: serves the pusher at `sock` until it is gone.  `listening`, or
 * -1, is where a host connects whose target is DA_TARGET_HANDED.
 */
void	da_receiver_run(int sock, int listening);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where evidence comes from: one function to collect it, and what it gives.
 * A source never decides what may be sent: serve.c holds every part against
 * the request and the caps.
 */
#ifndef RELAY_SOURCE_H
#define RELAY_SOURCE_H

#include "guestd/wire.h"

#define RELAY_MAX_PARTS	32	/* 15 types are known; the rest is collateral */

struct relay_part {
	uint16_t type;
	uint16_t shape;
	uint32_t length;
	uint8_t *bytes;		/* the answer owns them */
};

struct relay_answer {
	uint32_t failure;	/* enum da_wire_failure; 0: none */
	uint32_t n;
	struct relay_part part[RELAY_MAX_PARTS];
	char why[160];		/* for the operator, when it failed */
};

struct relay_source {
	/* Fills *ret, with a failure where there is nothing to give. */
	void (*collect)(struct relay_source *source,
	    const struct da_wire_request *request, struct relay_answer *ret);
	/* The guest has closed: what was held for it may go. */
	void (*release)(struct relay_source *source);
};

/* Takes over `bytes`, and frees them where the part does not fit. */
void	relay_answer_add(struct relay_answer *answer,
	    const struct relay_part *part);
/* Replaces whatever the answer held by a failure. */
__attribute__((format(printf, 3, 4)))
void	relay_answer_fail(struct relay_answer *answer,
	    enum da_wire_failure failure, const char *format, ...);
void	relay_answer_free(struct relay_answer *answer);

/* Recorded parts in a folder; `dir` must outlive the source. */
struct relay_folder {
	struct relay_source source;	/* first: collect() casts */
	const char *dir;
};
void	relay_folder_start(struct relay_folder *folder, const char *dir);

/* Another answerer of the same wire, asked anew for each request. */
struct relay_upstream {
	struct relay_source source;
	const char *path;	/* of its Unix socket */
	int fd;			/* kept open until release; -1: none */
};
void	relay_upstream_start(struct relay_upstream *upstream,
	    const char *path);

#endif

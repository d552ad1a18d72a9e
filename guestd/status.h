/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status socket: whoever may ask and connects gets one JSON object of what
 * was decided, and the end.
 *
 * Reads nothing of whoever asks, and never waits for one.
 */
#ifndef DA_STATUS_H
#define DA_STATUS_H

#include <poll.h>

#include "runfolder.h"
#include "told.h"

#define DA_STATUS_ASKERS	4	/* at once; one more ends the oldest */
#define DA_STATUS_POLLS		(1 + DA_STATUS_ASKERS)

struct da_status_facts {
	bool decided;		/* else it is still being judged */
	int exit_class;		/* when it is */
	int64_t since;		/* of the result; seconds since 1970, UTC */
	const char *boot_id;	/* "": not known */
	const char *kernel;
	const char *policy_name;	/* NULL: not read yet */
	const uint8_t *policy_id;	/* 48 bytes */
	const struct da_told *told;
};

/* NULL: no memory; else the caller frees. */
char	*da_status_text(const struct da_status_facts *facts);

struct da_status_asker {
	int fd;			/* -1: the place is free */
	char *text;
	size_t n, done;
	uint64_t order;
};

struct da_status {
	int listening;		/* -1: no socket */
	uint64_t asked;		/* so many so far */
	struct da_status_asker asker[DA_STATUS_ASKERS];
};

/* Root and the daemon's own user may ask; errno says why not. */
bool	da_status_open(const struct da_run *run, struct da_status *ret);
void	da_status_close(struct da_status *status, const struct da_run *run);
/* What to wait for; DA_STATUS_POLLS of them, fd -1: for nothing. */
void	da_status_waits(const struct da_status *status, struct pollfd *ret);
/* Answers whoever asks, and goes on with those who could not take it all. */
void	da_status_turn(struct da_status *status,
	    const struct da_status_facts *facts);

#endif

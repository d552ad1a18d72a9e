/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steward: the daemon's first process.  Starts the other roles, keeps what
 * they decide, tells it, and ends them.
 *
 * Knows signals, processes, files and messages of fixed size.  It must never
 * read a byte of the host's but to copy it into a file, and decides nothing.
 */
#ifndef DA_STEWARD_H
#define DA_STEWARD_H

#include "crew.h"
#include "notify.h"
#include "runfolder.h"

struct da_steward_setup {
	struct da_crew_plan plan;
	struct da_notify notify;
	struct da_run run;
	const char *journal;	/* its socket; NULL: lines on standard error */
	bool once;		/* judge, print, end; else a service */
	bool json;
};

/* A line on standard error; always 1, which is our own fault's class. */
__attribute__((format(printf, 1, 2)))
int	da_complain(const char *format, ...);

/* Until all is decided, or told to end.  The exit status. */
int	da_steward_run(const struct da_steward_setup *setup);

#endif

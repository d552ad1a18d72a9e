/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run folder: what was decided, by which bytes, and what a later start must
 * find.  Everything in it is written whole or not at all.
 *
 * Knows names and files.  What a bundle says is copied and never looked at;
 * what stands in the folder is believed only where its owner alone can write.
 */
#ifndef DA_RUNFOLDER_H
#define DA_RUNFOLDER_H

#include <stdio.h>
#include <sys/un.h>

#include "rolemsg.h"

#define DA_RUN_FOLDER	"/run/devattest"
#define DA_RUN_SOCKET	"status.sock"
/* So that the socket's address still fits. */
#define DA_RUN_MAX_PATH	(sizeof(((struct sockaddr_un *)0)->sun_path) -	      \
	sizeof("/" DA_RUN_SOCKET))

struct da_run {
	int fd;			/* -1: none is used, and nothing is kept */
	char path[DA_RUN_MAX_PATH + 1];
};

/* By the ends of their names. */
enum da_run_file {
	DA_RUN_RESULT,		/* ".json" */
	DA_RUN_TICKET,		/* ".ticket.json" */
	DA_RUN_BUNDLE,		/* ".bundle": the wire's recording */
	DA_RUN_RECORD,		/* ".record" */
	DA_RUN_FILES
};

/*
 * Made where it is missing.  One that is a link, another user's, writable by
 * others or in use by another daemon is refused, in one line.
 */
bool	da_run_open(const char *path, struct da_run *ret, char *reterr,
	    size_t size);
void	da_run_close(struct da_run *run);

/*
 * What became of a device, and what it was judged by, in place of what an
 * earlier start left.  Of one that was kept as it is, ticket and bundle of
 * then stay.  `memfd` -1: no bundle.  errno says why not.
 */
bool	da_run_tell(const struct da_run *run, const struct da_outcome *outcome,
	    const struct da_ticket *ticket, int memfd, uint64_t size);
/* On disk when this returns. */
bool	da_run_keep(const struct da_run *run, const struct da_record *record);
/* No record of that device, from now on; errno says why not. */
bool	da_run_void(const struct da_run *run, const char *device);
/*
 * All records; the caller frees *ret.  One that cannot be read is none, and
 * `complaints` gets a line.  False: memory or the folder failed.
 */
bool	da_run_records(const struct da_run *run, FILE *complaints,
	    struct da_record **ret, size_t *ret_n);

#endif

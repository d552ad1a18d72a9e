/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that a person names, read whole and never past a cap, or written whole
 * or not at all.  Regular files and pipes only: a device such as /dev/zero has
 * no end.  A FIFO that nobody opens for writing is given up after seconds; a
 * writer has all the time he wants.  Knows nothing of what the bytes mean; the
 * caller owns them.
 */
#ifndef DA_FILES_H
#define DA_FILES_H

#include "verifier/faults.h"

struct da_file_error {
	bool unusable;		/* missing, unreadable, a directory, special */
	char text[160];		/* why, when unusable */
	struct da_fault fault;	/* EMPTY or TOO_LONG, when not */
};

/*
 * The file's bytes; "-" is standard input.  Holds at most `cap` bytes at any
 * moment.  The caller frees *ret.
 */
bool	da_file_read(const char *path, enum da_part part, size_t cap,
	    struct da_slice *ret, struct da_file_error *reterr);
void	da_file_free(struct da_slice bytes);
/* A file that is or could be there, regular, in a folder that takes files. */
bool	da_file_may_write(const char *path, char *reterr, size_t size);
/*
 * The whole file or none: it takes the place of one that is there at once, and
 * a run that is stopped leaves nothing behind.
 */
bool	da_file_write(const char *path, struct da_slice bytes, char *reterr,
	    size_t size);

#endif

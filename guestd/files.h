/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that a person names, read whole and never past a cap.  Regular files
 * and pipes only: a device such as /dev/zero has no end.  Knows nothing of what
 * the bytes mean; the caller owns them.
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

#endif

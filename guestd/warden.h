/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warden: the warmed parent that the judges are forked from.  It holds the
 * owner's policy and roots, and never reads a byte of a bundle: each judge does
 * that for itself and dies.
 */
#ifndef DA_WARDEN_H
#define DA_WARDEN_H

#include "identity.h"

struct da_warden_setup {
	const char *policy_path;
	const char *roots_folder;
	struct da_identity who;
};

/*
 * The process: says READY on `sock` to the steward, or why not, then serves the
 * pusher on `questions` until that is gone.
 */
void	da_warden_run(int sock, int questions,
	    const struct da_warden_setup *setup);

#endif

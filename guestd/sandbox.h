/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a role may ask of the kernel: a list of system calls for each, in one
 * table; anything else kills the process.  Landlock takes the file system away
 * beside it.
 *
 * A sandbox that cannot be had stops the program; there is no switch.
 */
#ifndef DA_SANDBOX_H
#define DA_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum da_sandboxed {
	DA_SANDBOX_JUDGE,	/* read, write, getpid, exit, exit_group */
	DA_SANDBOX_RECEIVER_HANDED,	/* opens no socket at all */
	DA_SANDBOX_RECEIVER_VSOCK,	/* none but vsock ones */
	DA_SANDBOX_RECEIVER_UNIX,	/* reaches every path of the guest */
	DA_SANDBOX_PUSHER,	/* with the software kernel */
	DA_SANDBOX_PUSHER_LINUX,	/* and with Linux: sysfs, too */
	DA_SANDBOX_WARDEN,
	DA_SANDBOX_COUNT
};

struct da_filter;		/* a program for the kernel, ready to be loaded */

/*
 * Is all there that the roles' sandboxes are made of: filters, Landlock, sealed
 * memory?  Each is tried, in a child where it would bind us.
 */
bool	da_sandbox_is_there(char *why, size_t size);
/* Made ahead of the fork, because it allocates; NULL: it cannot be made. */
struct da_filter *da_filter_new(enum da_sandboxed role);
void	da_filter_free(struct da_filter *filter);
/* From here on for good.  Asks for no memory; errno says why not. */
bool	da_filter_enter(const struct da_filter *filter);
/* No file from here on, and no signal to others; errno says why not. */
bool	da_landlock_enter(void);
/* Likewise, but for the files that are there below these folders. */
bool	da_landlock_enter_but(const int *folders, size_t n);
/* The system calls of a role by name, NULL-terminated; what a test reads. */
const char *const *da_sandbox_calls(enum da_sandboxed role);

#endif

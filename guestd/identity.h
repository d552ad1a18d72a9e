/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which user a role is: its own, when the daemon was started as root.
 */
#ifndef DA_IDENTITY_H
#define DA_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define DA_RECEIVER_USER	"devattest-receiver"
#define DA_JUDGE_USER		"devattest-judge"
/* Taken where no such user exists; Debian gives these to nobody. */
#define DA_RECEIVER_UID		61101
#define DA_JUDGE_UID		61102

struct da_identity {
	bool switches;		/* false: the role keeps the daemon's user */
	bool by_number;		/* the default user does not exist here */
	uid_t uid;
	gid_t gid;
};

/*
 * `wanted` is a name or a number, NULL for the default.  An ordinary user's
 * daemon cannot switch and keeps its one user.
 */
bool	da_identity_find(const char *wanted, const char *default_name,
	    uid_t default_uid, struct da_identity *ret, char *reterr,
	    size_t size);
/* For good: no way back to root is left. */
bool	da_identity_become(const struct da_identity *identity);

#endif

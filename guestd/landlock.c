/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock by its system calls: glibc has no names for them.  All that the
 * running kernel knows to forbid is forbidden, also what is newer than the
 * header that we were built with.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "sandbox.h"

/* linux/landlock.h of 6.12; a kernel takes one that is longer, if zero there. */
struct ruleset {
	uint64_t fs;
	uint64_t net;		/* since ABI 4 */
	uint64_t scoped;	/* since ABI 6 */
};

/* Rights by the first ABI that has them: linux/landlock.h of 6.12. */
#define FS_ABI_1	((UINT64_C(1) << 13) - 1)	/* up to MAKE_SYM */
#define FS_REFER	(UINT64_C(1) << 13)		/* 2 */
#define FS_TRUNCATE	(UINT64_C(1) << 14)		/* 3 */
#define FS_IOCTL_DEV	(UINT64_C(1) << 15)		/* 5 */
#define NET_TCP		(UINT64_C(3))			/* 4: bind, connect */
#define SCOPE_ABSTRACT	(UINT64_C(1) << 0)		/* 6 */
#define SCOPE_SIGNAL	(UINT64_C(1) << 1)		/* 6 */
_Static_assert(FS_ABI_1 + 1 == LANDLOCK_ACCESS_FS_MAKE_SYM << 1, "13 rights");

static long
abi_here(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t
since(long abi, long first, uint64_t rights)
{
	return abi >= first ? rights : 0;
}

static struct ruleset
all_rights(long abi)
{
	return (struct ruleset){
		.fs = FS_ABI_1 | since(abi, 2, FS_REFER) |
		    since(abi, 3, FS_TRUNCATE) | since(abi, 5, FS_IOCTL_DEV),
		.net = since(abi, 4, NET_TCP),
		.scoped = since(abi, 6, SCOPE_ABSTRACT | SCOPE_SIGNAL) };
}

static bool
restrict_to(int rules)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* What is there may be read and written; nothing is made or taken away. */
#define FILE_RIGHTS	(LANDLOCK_ACCESS_FS_READ_FILE | \
	LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static bool
allow_folders(int rules, long abi, const int *folders, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct landlock_path_beneath_attr below = {
			.allowed_access = FILE_RIGHTS |
			    since(abi, 3, FS_TRUNCATE),
			.parent_fd = folders[i] };

		if (syscall(SYS_landlock_add_rule, rules,
		    LANDLOCK_RULE_PATH_BENEATH, &below, 0) != 0)
			return false;
	}
	return true;
}

bool
da_landlock_enter_but(const int *folders, size_t n)
{
	long abi = abi_here();
	struct ruleset all = all_rights(abi);
	bool entered;
	int rules, error;

	if (abi < 1)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	if (rules < 0)
		return false;
	entered = allow_folders(rules, abi, folders, n) && restrict_to(rules);
	error = errno;
	close(rules);
	errno = error;
	return entered;
}

bool
da_landlock_enter(void)
{
	return da_landlock_enter_but(NULL, 0);
}

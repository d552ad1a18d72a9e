/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock by its system calls: glibc has no names for them.  All that the
 * running kernel knows to forbid is forbidden, also what is newer than the
 * header that we were built with.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "sandbox.h"

/* linux/landlock.h of 6.12; a kernel takes the longer form, zeros at its end. */
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

#define FS_READ		(LANDLOCK_ACCESS_FS_READ_FILE |			      \
	LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE	(LANDLOCK_ACCESS_FS_WRITE_FILE |		      \
	LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |      \
	LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |	      \
	LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_SYM |	      \
	FS_REFER | FS_TRUNCATE)
/* What can be said of a single file. */
#define FS_OF_FILE	(LANDLOCK_ACCESS_FS_READ_FILE |			      \
	LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

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

/*
 * Whoever keeps folders keeps children, too, and must be able to end them:
 * his signals stay.
 */
static struct ruleset
all_rights(long abi, bool keeps_folders)
{
	return (struct ruleset){
		.fs = FS_ABI_1 | since(abi, 2, FS_REFER) |
		    since(abi, 3, FS_TRUNCATE) | since(abi, 5, FS_IOCTL_DEV),
		.net = since(abi, 4, NET_TCP),
		.scoped = since(abi, 6, keeps_folders ? SCOPE_ABSTRACT :
		    SCOPE_ABSTRACT | SCOPE_SIGNAL) };
}

static bool
add_opened(int rules, int fd, bool may_write, uint64_t known)
{
	struct landlock_path_beneath_attr beneath = { .parent_fd = fd,
		.allowed_access = known &
		    (may_write ? FS_READ | FS_WRITE : FS_READ) };
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	if (!S_ISDIR(st.st_mode))
		beneath.allowed_access &= FS_OF_FILE;
	return syscall(SYS_landlock_add_rule, rules,
	    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

static bool
add_path(int rules, const struct da_landlock_path *path, uint64_t known)
{
	int fd = open(path->path, O_PATH | O_CLOEXEC), error;
	bool added;

	if (fd < 0)
		return false;
	added = add_opened(rules, fd, path->may_write, known);
	error = errno;
	close(fd);
	errno = error;
	return added;
}

static bool
restrict_to(int rules, const struct da_landlock_path *paths, size_t n,
    uint64_t known)
{
	for (size_t i = 0; i < n && paths[i].path != NULL; i++)
		if (!add_path(rules, &paths[i], known))
			return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

bool
da_landlock_enter(const struct da_landlock_path *paths, size_t n)
{
	long abi = abi_here();
	struct ruleset all = all_rights(abi, n > 0);
	bool entered;
	int rules, error;

	if (abi < 1)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	if (rules < 0)
		return false;
	entered = restrict_to(rules, paths, n, all.fs);
	error = errno;
	close(rules);
	errno = error;
	return entered;
}

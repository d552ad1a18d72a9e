/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of a test's own, and what stands in it; gone at the end. */
#ifndef DA_TEST_TMPFOLDER_H
#define DA_TEST_TMPFOLDER_H

#include <dirent.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "unit.h"

static char tmp[64];

static inline void
make_tmp(void)
{
	snprintf(tmp, sizeof(tmp), "/tmp/devattest-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(tmp));
}

/* "PATH/NAME", in one of two buffers by turns. */
static inline const char *
in_tmp(const char *name)
{
	static char path[2][256];
	static int turn;

	turn = 1 - turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", tmp, name);
	return path[turn];
}

/* What stands below the folder that `fd` is; it is closed. */
static inline void
empty_folder(int fd)
{
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	while (list != NULL && (e = readdir(list)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0 ||
		    unlinkat(fd, e->d_name, 0) == 0)
			continue;
		empty_folder(openat(fd, e->d_name, O_RDONLY | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC));
		unlinkat(fd, e->d_name, AT_REMOVEDIR);
	}
	if (list != NULL)
		closedir(list);
}

static inline void
remove_tmp(void)
{
	empty_folder(open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	rmdir(tmp);
}

static inline void
put_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	fclose(f);
}

/* The file's bytes, of which there are few, and a NUL; "" where there is none. */
static inline const char *
text_of(const char *path)
{
	static char text[4096];
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f != NULL)
		fclose(f);
	text[n] = '\0';
	return text;
}

static inline int
datagrams_at(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

#endif

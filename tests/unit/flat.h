/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large a process is, and whether it is as large as before: for tests that
 * ask it a thousand times.
 */
#ifndef DA_TEST_FLAT_H
#define DA_TEST_FLAT_H

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sys/types.h>

#include "sanitized.h"
#include "unit.h"

#define FLAT_WARM	100	/* requests before the first look */
#define FLAT_REQUESTS	1000
#define FLAT_GROWTH	256	/* KiB: an allocator's own, not ours */
#define FLAT_PATIENCE_MS 20000

struct size {
	long resident;		/* KiB */
	int descriptors;	/* -1: nobody but root may look */
};

static inline long
resident(pid_t pid)
{
	char path[64], line[128];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	fclose(f);
	ck_assert_int_gt(kib, 0);
	return kib;
}

/* A role is closed to its own user: its descriptors are only root's to see. */
static inline int
descriptors(pid_t pid)
{
	char path[64];
	int n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	d = opendir(path);
	if (d == NULL && errno == EACCES) {
		printf("SKIPPED: descriptors of a role, which root may see\n");
		return -1;
	}
	ck_assert_msg(d != NULL, "%s: %s", path, strerror(errno));
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* When nothing is asked of it: it may still be letting go of the last one. */
static inline int
idle_descriptors(pid_t pid)
{
	int least = descriptors(pid);

	for (int i = 0; i < 50; i++) {
		int now = descriptors(pid);

		least = now < least ? now : least;
		poll(NULL, 0, 2);
	}
	return least;
}

/* Once the last connection is gone, however long that takes. */
static inline struct size
size_of(pid_t pid, int expected)
{
	struct size s = { 0, descriptors(pid) };

	for (int i = 0; i < FLAT_PATIENCE_MS / 10 && expected != 0 &&
	    s.descriptors != expected; i++) {
		poll(NULL, 0, 10);
		s.descriptors = descriptors(pid);
	}
	s.resident = resident(pid);
	return s;
}

/* A sanitizer keeps freed memory on purpose; its leaks end the test in red. */
static inline void
is_flat(const char *who, struct size before, struct size after)
{
	ck_assert_msg(after.descriptors == before.descriptors,
	    "%s: %d descriptors, then %d", who, before.descriptors,
	    after.descriptors);
	ck_assert_msg(is_sanitized ||
	    after.resident <= before.resident + FLAT_GROWTH,
	    "%s: %ld KiB, then %ld", who, before.resident, after.resident);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
unusable(struct da_file_error *reterr, const char *why)
{
	*reterr = (struct da_file_error){ .unusable = true };
	snprintf(reterr->text, sizeof(reterr->text), "%s", why);
	return false;
}

static bool
refused(struct da_file_error *reterr, enum da_why why, enum da_part part,
    size_t offset)
{
	*reterr = (struct da_file_error){ .unusable = false };
	return da_refuse(&reterr->fault, why, part, offset);
}

/* A socket can only be standard input: open(2) refuses one. */
static bool
kind_is_read(mode_t mode, struct da_file_error *reterr)
{
	if (S_ISREG(mode) || S_ISFIFO(mode) || S_ISSOCK(mode))
		return true;
	if (S_ISDIR(mode))
		return unusable(reterr, "is a directory");
	return unusable(reterr, "is neither a regular file nor a pipe");
}

/*
 * The kind is asked before the file is opened, since to open a device or a
 * terminal may already act on it, and again of what was opened.
 */
static bool
open_named(const char *path, int *ret_fd, struct da_file_error *reterr)
{
	struct stat st;
	int fd = -1;

	if (stat(path, &st) != 0)
		return unusable(reterr, strerror(errno));
	if (!kind_is_read(st.st_mode, reterr))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return unusable(reterr, strerror(errno));
	*ret_fd = fd;
	return true;
}

static ssize_t
read_some(int fd, uint8_t *buf, size_t n)
{
	ssize_t got;

	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Reads to the end; more than `cap` is found out by one byte more. */
static bool
read_to_end(int fd, enum da_part part, size_t cap, uint8_t *buf,
    size_t *ret_n, struct da_file_error *reterr)
{
	uint8_t beyond;
	size_t n = 0;
	ssize_t got;

	for (;;) {
		got = n < cap ? read_some(fd, buf + n, cap - n) :
		    read_some(fd, &beyond, 1);
		if (got < 0)
			return unusable(reterr, strerror(errno));
		if (got == 0)
			break;
		if (n == cap)
			return refused(reterr, DA_F_TOO_LONG, part, cap);
		n += (size_t)got;
	}
	if (n == 0)
		return refused(reterr, DA_F_EMPTY, part, 0);
	*ret_n = n;
	return true;
}

static bool
read_open_file(int fd, enum da_part part, size_t cap, struct da_slice *ret,
    struct da_file_error *reterr)
{
	uint8_t *buf, *fitted;
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0)
		return unusable(reterr, strerror(errno));
	if (!kind_is_read(st.st_mode, reterr))
		return false;
	if ((buf = malloc(cap)) == NULL)
		return unusable(reterr, strerror(errno));
	if (!read_to_end(fd, part, cap, buf, &n, reterr)) {
		free(buf);
		return false;
	}
	/* The exact size, so that a read past the end is seen by tools. */
	fitted = realloc(buf, n);
	*ret = da_slice_of(fitted == NULL ? buf : fitted, n);
	return true;
}

bool
da_file_read(const char *path, enum da_part part, size_t cap,
    struct da_slice *ret, struct da_file_error *reterr)
{
	bool read_whole;
	int fd = -1;

	if (strcmp(path, "-") == 0)
		return read_open_file(STDIN_FILENO, part, cap, ret, reterr);
	if (!open_named(path, &fd, reterr))
		return false;
	read_whole = read_open_file(fd, part, cap, ret, reterr);
	close(fd);
	return read_whole;
}

void
da_file_free(struct da_slice bytes)
{
	/* The only maker of such slices allocated them: see above. */
	free((void *)(uintptr_t)bytes.p);
}

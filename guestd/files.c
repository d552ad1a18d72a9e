/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WRITER_MS	5000	/* for somebody to open a FIFO's other end */
#define GLANCE_MS	50

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
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return unusable(reterr, errno == ENXIO ? "is a socket" :
		    strerror(errno));
	*ret_fd = fd;
	return true;
}

/* What was opened so that it cannot hang is waited for as any other file. */
static ssize_t
read_some(int fd, uint8_t *buf, size_t n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t got;

	while ((got = read(fd, buf, n)) < 0 &&
	    (errno == EINTR || errno == EAGAIN))
		if (errno == EAGAIN && poll(&p, 1, -1) < 0 && errno != EINTR)
			return -1;
	return got;
}

/*
 * The first bytes of a FIFO.  Its end is an end only once somebody had opened
 * it for writing: before that a read says "end", too, and poll(2) says nothing.
 */
static ssize_t
read_fifo(int fd, uint8_t *buf, size_t n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t got;

	for (int waited = 0; waited < WRITER_MS; waited += GLANCE_MS) {
		if ((got = read_some(fd, buf, n)) != 0)
			return got;
		if (poll(&p, 1, GLANCE_MS) > 0 && (p.revents & POLLIN) == 0)
			return 0;
	}
	errno = ENXIO;
	return -1;
}

static bool
cannot_read(struct da_file_error *reterr)
{
	return unusable(reterr, errno == ENXIO ?
	    "is a FIFO that nobody writes to" : strerror(errno));
}

/* Reads on to the end; more than `cap` is found out by one byte more. */
static bool
read_to_end(int fd, enum da_part part, size_t cap, uint8_t *buf,
    size_t *n, struct da_file_error *reterr)
{
	uint8_t beyond;
	ssize_t got;

	for (;;) {
		got = *n < cap ? read_some(fd, buf + *n, cap - *n) :
		    read_some(fd, &beyond, 1);
		if (got < 0)
			return cannot_read(reterr);
		if (got == 0)
			return true;
		if (*n == cap)
			return refused(reterr, DA_F_TOO_LONG, part, cap);
		*n += (size_t)got;
	}
}

static bool
read_whole(int fd, bool fifo, enum da_part part, size_t cap, uint8_t *buf,
    size_t *ret_n, struct da_file_error *reterr)
{
	ssize_t first = fifo ? read_fifo(fd, buf, cap) : 0;
	size_t n = first > 0 ? (size_t)first : 0;

	if (first < 0)
		return cannot_read(reterr);
	if (!read_to_end(fd, part, cap, buf, &n, reterr))
		return false;
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
	if (!read_whole(fd, S_ISFIFO(st.st_mode), part, cap, buf, &n,
	    reterr)) {
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
	bool done;
	int fd = -1;

	if (strcmp(path, "-") == 0)
		return read_open_file(STDIN_FILENO, part, cap, ret, reterr);
	if (!open_named(path, &fd, reterr))
		return false;
	done = read_open_file(fd, part, cap, ret, reterr);
	close(fd);
	return done;
}

void
da_file_free(struct da_slice bytes)
{
	/* The only maker of such slices allocated them: see above. */
	free((void *)(uintptr_t)bytes.p);
}

/* -- writing -- */

static bool
say(char *reterr, size_t size, const char *why)
{
	snprintf(reterr, size, "%s", why);
	return false;
}

/* The folder that a path's last name is in: "." where it has none. */
static bool
folder_of(const char *path, char *ret, size_t size)
{
	const char *end = strrchr(path, '/');
	size_t n = end == NULL ? 0 : (size_t)(end - path) + 1;

	if (n >= size)
		return false;
	snprintf(ret, size, "%.*s", n == 0 ? 1 : (int)n, n == 0 ? "." : path);
	return true;
}

bool
da_file_may_write(const char *path, char *reterr, size_t size)
{
	char folder[PATH_MAX];
	struct stat st;

	if (strcmp(path, "-") == 0)
		return say(reterr, size, "it goes into a file");
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return say(reterr, size, S_ISDIR(st.st_mode) ?
		    "is a directory" : "is there, and is no regular file");
	if (!folder_of(path, folder, sizeof(folder)))
		return say(reterr, size, strerror(ENAMETOOLONG));
	return access(folder, W_OK | X_OK) == 0 ||
	    say(reterr, size, strerror(errno));
}

static bool
put_all(int fd, struct da_slice bytes)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes.n) {
		n = write(fd, bytes.p + done, bytes.n - done);
		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool
fill(const char *temporary, struct da_slice bytes)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0666);
	bool filled;

	if (fd < 0)
		return false;
	filled = put_all(fd, bytes) && fsync(fd) == 0;
	return close(fd) == 0 && filled;
}

static bool
fill_and_move(const char *temporary, const char *path, struct da_slice bytes)
{
	int error;

	if (fill(temporary, bytes) && rename(temporary, path) == 0)
		return true;
	error = errno;
	if (error != EEXIST)
		unlink(temporary);
	errno = error;
	return false;
}

/* Nobody interrupts between the temporary name's birth and its end. */
bool
da_file_write(const char *path, struct da_slice bytes, char *reterr,
    size_t size)
{
	char temporary[PATH_MAX];
	sigset_t all, before;
	bool done;
	int n = snprintf(temporary, sizeof(temporary), "%s.%ld.part", path,
	    (long)getpid());

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return say(reterr, size, strerror(ENAMETOOLONG));
	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &before) != 0)
		return say(reterr, size, strerror(errno));
	done = fill_and_move(temporary, path, bytes);
	if (!done)
		say(reterr, size, strerror(errno));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return done;
}

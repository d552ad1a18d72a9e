/* SPDX-License-Identifier: Apache-2.0 */
#include "runfolder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record_json.h"
#include "sealed.h"
#include "ticket_json.h"

#define MAX_NAME	64	/* of a device, its file's end, and a dot */

static const char *const ends[DA_RUN_FILES] = {
	[DA_RUN_RESULT] = ".json",
	[DA_RUN_TICKET] = ".ticket.json",
	[DA_RUN_BUNDLE] = ".bundle",
	[DA_RUN_RECORD] = ".record",
};

/* -- the folder -- */

__attribute__((format(printf, 3, 4)))
static bool
refuse(char *reterr, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reterr, size, format, args);
	va_end(args);
	return false;
}

/* "link/" would be followed whatever O_NOFOLLOW says. */
static bool
copy_path(const char *path, char ret[DA_RUN_MAX_PATH + 1])
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n == 0 || n > DA_RUN_MAX_PATH)
		return false;
	memcpy(ret, path, n);
	ret[n] = '\0';
	return true;
}

static bool
is_ours(int fd, const char *path, char *reterr, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(reterr, size, "%s: %s", path, strerror(errno));
	if (st.st_uid != geteuid())
		return refuse(reterr, size, "%s: belongs to user %u, not to "
		    "%u", path, st.st_uid, geteuid());
	if ((st.st_mode & 022) != 0)
		return refuse(reterr, size, "%s: others may write there",
		    path);
	/* The lock goes with the description, and so with this process. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return refuse(reterr, size, "%s: %s", path,
		    errno == EWOULDBLOCK ? "another devattestd uses it" :
		    strerror(errno));
	return true;
}

bool
da_run_open(const char *path, struct da_run *ret, char *reterr, size_t size)
{
	struct da_run run = { .fd = -1 };

	if (!copy_path(path, run.path))
		return refuse(reterr, size, "%s: no path, or a longer one than "
		    "%zu bytes", path, DA_RUN_MAX_PATH);
	if (mkdir(run.path, 0700) != 0 && errno != EEXIST)
		return refuse(reterr, size, "%s: %s", run.path,
		    strerror(errno));
	run.fd = open(run.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (run.fd < 0)
		return refuse(reterr, size, "%s: %s", run.path,
		    strerror(errno));
	if (!is_ours(run.fd, run.path, reterr, size)) {
		close(run.fd);
		return false;
	}
	*ret = run;
	return true;
}

void
da_run_close(struct da_run *run)
{
	if (run->fd >= 0)
		close(run->fd);
	run->fd = -1;
}

/* -- writing -- */

/* A device's name becomes a file's: nothing but a BDF may. */
static bool
name_of(const char *device, enum da_run_file what, char ret[MAX_NAME])
{
	uint32_t number;

	if (strnlen(device, DA_BDF_SIZE) == DA_BDF_SIZE ||
	    !da_wire_parse_bdf(device, &number)) {
		errno = EINVAL;
		return false;
	}
	snprintf(ret, MAX_NAME, "%s%s", device, ends[what]);
	return true;
}

static bool
fill(const struct da_run *run, const char *temporary, struct da_slice bytes)
{
	int fd = openat(run->fd, temporary, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0600), error;
	bool filled;

	if (fd < 0)
		return false;
	filled = da_sealed_append(fd, bytes.p, bytes.n) && fsync(fd) == 0;
	error = errno;
	if (close(fd) != 0 && filled)
		return false;
	errno = error;
	return filled;
}

/* A reader sees the old file or the new one, whenever we die. */
static bool
put(const struct da_run *run, const char *device, enum da_run_file what,
    struct da_slice bytes)
{
	char name[MAX_NAME], temporary[MAX_NAME + 8];
	int error;

	if (!name_of(device, what, name))
		return false;
	snprintf(temporary, sizeof(temporary), ".%s.tmp", name);
	unlinkat(run->fd, temporary, 0);	/* a crashed start's */
	if (fill(run, temporary, bytes) &&
	    renameat(run->fd, temporary, run->fd, name) == 0)
		return fsync(run->fd) == 0;
	error = errno;
	unlinkat(run->fd, temporary, 0);
	errno = error;
	return false;
}

static bool
take_away(const struct da_run *run, const char *device, enum da_run_file what)
{
	char name[MAX_NAME];

	if (!name_of(device, what, name))
		return false;
	if (unlinkat(run->fd, name, 0) != 0)
		return errno == ENOENT;
	return fsync(run->fd) == 0;
}

static bool
put_json(const struct da_run *run, const char *device, enum da_run_file what,
    struct da_json *root)
{
	const char *text = da_json_text(root);
	bool is_put = false;

	errno = ENOMEM;
	if (text != NULL)
		is_put = put(run, device, what, da_slice_str(text));
	da_json_free(root);
	return is_put;
}

static bool
put_result(const struct da_run *run, const struct da_outcome *outcome)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	bool is_put, whole;

	if (out == NULL)
		return false;
	whole = da_outcomes_json(out, outcome, 1, da_outcome_class(outcome));
	errno = ENOMEM;
	is_put = fclose(out) == 0 && whole && put(run, outcome->device,
	    DA_RUN_RESULT, da_slice_of(text, n));
	free(text);
	return is_put;
}

/*
 * As it is: nothing of the host's is parsed here.  A receiver that was taken
 * over may have told the pusher another table of parts than the bytes of the
 * recording give; then what was judged does not replay.  The gate held every
 * part of that table against the TSM's digests all the same.
 */
static bool
put_bundle(const struct da_run *run, const char *device, int memfd,
    uint64_t size)
{
	struct da_slice bytes;
	bool is_put;

	if (size > DA_BUNDLE_MAX || !da_sealed_check(memfd, size)) {
		errno = EINVAL;
		return false;
	}
	if (!da_sealed_map(memfd, size, &bytes))
		return false;
	is_put = put(run, device, DA_RUN_BUNDLE, bytes);
	da_sealed_unmap(bytes);
	return is_put;
}

/* What it was judged by; what an earlier start was told by goes. */
static bool
put_grounds(const struct da_run *run, const char *device,
    const struct da_ticket *ticket, int memfd, uint64_t size)
{
	bool told = ticket != NULL ? put_json(run, device, DA_RUN_TICKET,
	    da_ticket_to_json(ticket)) : take_away(run, device, DA_RUN_TICKET);

	return (memfd >= 0 ? put_bundle(run, device, memfd, size) :
	    take_away(run, device, DA_RUN_BUNDLE)) && told;
}

/*
 * The result last: who sees it finds the ticket and the bundle beside it.
 * Those of what was kept are still the ones that it was accepted by.
 */
bool
da_run_tell(const struct da_run *run, const struct da_outcome *outcome,
    const struct da_ticket *ticket, int memfd, uint64_t size)
{
	bool told = run->fd < 0 || outcome->kept ||
	    put_grounds(run, outcome->device, ticket, memfd, size);

	return run->fd < 0 || (put_result(run, outcome) && told);
}

bool
da_run_keep(const struct da_run *run, const struct da_record *record)
{
	return run->fd < 0 || put_json(run, record->device, DA_RUN_RECORD,
	    da_record_to_json(record));
}

bool
da_run_void(const struct da_run *run, const char *device)
{
	return run->fd < 0 || take_away(run, device, DA_RUN_RECORD);
}

/* -- reading -- */

static bool
complain(FILE *out, const struct da_run *run, const char *name,
    const char *why)
{
	fprintf(out, "devattestd: %s/", run->path);
	da_print_escaped(out, name);
	fprintf(out, ": no record: %s\n", why);
	return false;
}

/* A regular file of ours; nothing is followed, and no FIFO waited for. */
static bool
read_file(const struct da_run *run, const char *name, char *buf, size_t *ret_n)
{
	int fd = openat(run->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC), error;
	struct stat st;
	bool is_read;

	if (fd < 0)
		return false;
	errno = EINVAL;
	is_read = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && st.st_size <= DA_RECORD_MAX_BYTES &&
	    da_sealed_copy(fd, (uint64_t)st.st_size, (uint8_t *)buf);
	error = errno;
	close(fd);
	errno = error;
	if (is_read)
		*ret_n = (size_t)st.st_size;
	return is_read;
}

static bool
read_record(const struct da_run *run, const char *name, FILE *complaints,
    struct da_record *ret)
{
	char buf[DA_RECORD_MAX_BYTES], wanted[MAX_NAME];
	struct da_json_error error;
	struct da_record record;
	size_t n;

	if (!read_file(run, name, buf, &n))
		return complain(complaints, run, name, strerror(errno));
	if (!da_record_from_json(da_slice_of(buf, n), &record, &error))
		return complain(complaints, run, name, error.text);
	if (!name_of(record.device, DA_RUN_RECORD, wanted) ||
	    strcmp(wanted, name) != 0)
		return complain(complaints, run, name,
		    "it is of another device");
	*ret = record;
	return true;
}

static bool
is_record(const char *name)
{
	size_t n = strlen(name), end = strlen(ends[DA_RUN_RECORD]);

	return name[0] != '.' && n > end &&
	    strcmp(name + n - end, ends[DA_RUN_RECORD]) == 0;
}

/* The folder anew: a description's place in it is shared by all its copies. */
static DIR *
open_list(const struct da_run *run)
{
	int fd = openat(run->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	if (list == NULL && fd >= 0)
		close(fd);
	return list;
}

bool
da_run_records(const struct da_run *run, FILE *complaints,
    struct da_record **ret, size_t *ret_n)
{
	struct da_record *all = calloc(DA_MAX_DEVICES, sizeof(*all));
	DIR *list = run->fd >= 0 ? open_list(run) : NULL;
	struct dirent *entry;
	size_t n = 0;

	if (all == NULL || (run->fd >= 0 && list == NULL)) {
		free(all);
		if (list != NULL)
			closedir(list);
		return false;
	}
	while (list != NULL && n < DA_MAX_DEVICES &&
	    (entry = readdir(list)) != NULL)
		if (is_record(entry->d_name) &&
		    read_record(run, entry->d_name, complaints, &all[n]))
			n++;
	if (list != NULL)
		closedir(list);
	*ret = all;
	*ret_n = n;
	return true;
}

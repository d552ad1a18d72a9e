/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"

/* In the wire's order. */
static const struct recorded {
	const char *name;
	uint16_t type;
} files[] = {
	{ "certchain.bin", DA_WIRE_CHAIN_FIRST },
	{ "certchain-1.bin", DA_WIRE_CHAIN_FIRST + 1 },
	{ "certchain-2.bin", DA_WIRE_CHAIN_FIRST + 2 },
	{ "certchain-3.bin", DA_WIRE_CHAIN_FIRST + 3 },
	{ "certchain-4.bin", DA_WIRE_CHAIN_FIRST + 4 },
	{ "certchain-5.bin", DA_WIRE_CHAIN_FIRST + 5 },
	{ "certchain-6.bin", DA_WIRE_CHAIN_FIRST + 6 },
	{ "certchain-7.bin", DA_WIRE_CHAIN_LAST },
	{ "vca.bin", DA_WIRE_VCA },
	{ "measurements.bin", DA_WIRE_MEASUREMENTS },
	{ "report.bin", DA_WIRE_REPORT },
	{ "challenge.bin", DA_WIRE_CHALLENGE },
	{ "digests_certs.bin", DA_WIRE_DIGESTS_CERTS },
	{ "mel.bin", DA_WIRE_MEL },
};

static bool
read_whole(int fd, uint8_t *buf, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = read(fd, buf + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

/*
 * False with errno 0: the file is none that can be sent.  Opened without
 * blocking, since a pipe of that name would otherwise hold up the guest.
 */
static bool
load(int fd, uint16_t type, struct relay_part *ret)
{
	struct stat st;
	uint8_t *bytes;

	errno = 0;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 ||
	    st.st_size > da_wire_cap(type))
		return false;
	bytes = malloc((size_t)st.st_size + 1);
	if (bytes == NULL)
		return false;
	if (!read_whole(fd, bytes, (size_t)st.st_size)) {
		free(bytes);
		return false;
	}
	*ret = (struct relay_part){ type, 0, (uint32_t)st.st_size, bytes };
	return true;
}

static void
add_file(int dir, const struct recorded *file, struct relay_answer *ret)
{
	struct relay_part part;
	int fd = openat(dir, file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return;
	if (fd >= 0 && load(fd, file->type, &part))
		relay_answer_add(ret, &part);
	else
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR, "%s: %s",
		    file->name, errno != 0 ? strerror(errno) :
		    "not a regular file below its cap");
	if (fd >= 0)
		close(fd);
}

static void
collect(struct relay_source *source, const struct da_wire_request *request,
    struct relay_answer *ret)
{
	struct relay_folder *f = (struct relay_folder *)source;
	int dir = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	memset(ret, 0, sizeof(*ret));
	if (dir < 0) {
		relay_answer_fail(ret, DA_WIRE_HOST_ERROR, "%s: %s", f->dir,
		    strerror(errno));
		return;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (ret->failure == 0 &&
		    da_wire_wants(request->wanted, files[i].type))
			add_file(dir, &files[i], ret);
	close(dir);
	if (ret->n == 0 && ret->failure == 0)
		relay_answer_fail(ret, DA_WIRE_NO_DEVICE,
		    "%s: no wanted part is recorded here", f->dir);
}

static void
release(struct relay_source *source)
{
	(void)source;
}

void
relay_folder_start(struct relay_folder *folder, const char *dir)
{
	*folder = (struct relay_folder){ { collect, release }, dir };
}

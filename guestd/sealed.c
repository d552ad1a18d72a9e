/* SPDX-License-Identifier: Apache-2.0 */
#include "sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

bool
da_sealed_new(int *ret_fd)
{
	int fd = memfd_create("devattest-bundle",
	    MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return false;
	*ret_fd = fd;
	return true;
}

bool
da_sealed_append(int fd, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	ssize_t written;

	for (size_t done = 0; done < n; done += (size_t)written) {
		do {
			written = write(fd, p + done, n - done);
		} while (written < 0 && errno == EINTR);
		if (written <= 0)
			return false;
	}
	return true;
}

bool
da_sealed_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, SEALS) == 0;
}

/*
 * Only files of memory have seals (fcntl(2)), and their end is their size.  Not
 * by fstat(2): the call that glibc makes of it takes the path of any file.
 */
bool
da_sealed_check(int fd, uint64_t size)
{
	int seals = fcntl(fd, F_GET_SEALS);
	off_t end;

	if (seals < 0 || (seals & SEALS) != SEALS)
		return false;
	end = lseek(fd, 0, SEEK_END);
	return lseek(fd, 0, SEEK_SET) == 0 && end >= 0 && (uint64_t)end == size;
}

bool
da_sealed_map(int fd, uint64_t size, struct da_slice *ret)
{
	void *p;

	if (size == 0 || size > SIZE_MAX) {
		errno = EINVAL;
		return false;
	}
	p = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	*ret = da_slice_of(p, (size_t)size);
	return true;
}

void
da_sealed_unmap(struct da_slice map)
{
	if (map.n != 0)
		munmap((void *)(uintptr_t)map.p, map.n);
}

bool
da_sealed_copy(int fd, uint64_t size, uint8_t *buf)
{
	uint64_t done = 0;
	ssize_t n;

	while (done < size) {
		do {
			n = pread(fd, buf + done, (size_t)(size - done),
			    (off_t)done);
		} while (n < 0 && errno == EINTR);
		if (n <= 0)
			return false;
		done += (uint64_t)n;
	}
	return true;
}

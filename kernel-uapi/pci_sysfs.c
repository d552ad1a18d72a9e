/* SPDX-License-Identifier: Apache-2.0 */
#include "pci_sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pci_config.h"

#define DEVICES		"bus/pci/devices"
#define AUTOPROBE	"bus/pci/drivers_autoprobe"
#define PROBE		"bus/pci/drivers_probe"
#define HELD		"devattest-held"	/* no driver has this name */
#define HOP_NONE	0xffu
#define MAX_HOPS	8

/* linux/ioport.h: not for user space, but printed by the file `resource`. */
#define RESOURCE_MEM	UINT64_C(0x200)

static bool
fail(struct da_kernel_error *reterr, int error, const char *what)
{
	reterr->error = error;
	snprintf(reterr->text, sizeof(reterr->text), "%s", what);
	return false;
}

/* -- names -- */

static int
hex_digits(const char *s, int n)
{
	for (int i = 0; i < n; i++)
		if (strchr("0123456789abcdef", s[i]) == NULL || s[i] == '\0')
			return -1;
	return n;
}

/* "0000:01:00.0"; what else stands in a path is no function. */
static bool
is_bdf(const char *s, size_t n)
{
	return n == 12 && hex_digits(s, 4) > 0 && s[4] == ':' &&
	    hex_digits(s + 5, 2) > 0 && s[7] == ':' &&
	    hex_digits(s + 8, 2) > 0 && s[10] == '.' && s[11] >= '0' &&
	    s[11] <= '7';
}

static int
open_device(int root, const char *device, struct da_kernel_error *reterr)
{
	char path[64];
	int fd;

	if (!is_bdf(device, strlen(device))) {
		fail(reterr, ENODEV, "no name of a PCI function");
		return -1;
	}
	snprintf(path, sizeof(path), DEVICES "/%s", device);
	fd = openat(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fail(reterr, errno == ENOENT ? ENODEV : errno,
		    "the function is not in sysfs");
	return fd;
}

/* -- files -- */

/* At most `size` bytes of a file; -1 where it cannot be read. */
static ssize_t
read_file(int dir, const char *name, void *ret, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -1;
	while (n < size) {
		got = read(fd, (char *)ret + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	return got < 0 ? -1 : (ssize_t)n;
}

static bool
write_file(int dir, const char *name, const char *text,
    struct da_kernel_error *reterr)
{
	int fd = openat(dir, name, O_WRONLY | O_TRUNC | O_CLOEXEC);
	size_t n = strlen(text);
	bool written;

	if (fd < 0)
		return fail(reterr, errno, name);
	written = write(fd, text, n) == (ssize_t)n;
	if (!written)
		fail(reterr, errno != 0 ? errno : EIO, name);
	close(fd);
	return written;
}

static bool
exists(int dir, const char *name)
{
	return faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* -- what config space says -- */

static bool
read_config(int dir, struct da_pci *ret)
{
	uint8_t config[DA_PCI_CONFIG_SIZE];
	ssize_t n = read_file(dir, "config", config, sizeof(config));

	if (n < 64)
		return false;
	da_pci_config_read(da_slice_of(config, (size_t)n), ret);
	return true;
}

/* A line of `resource`: start, end and flags, as the kernel assigned them. */
static void
read_bar(const char *line, struct da_bar *ret)
{
	unsigned long long start, end, flags;

	*ret = (struct da_bar){ .size = 0 };
	if (sscanf(line, "%llx %llx %llx", &start, &end, &flags) != 3 ||
	    (flags & RESOURCE_MEM) == 0 || end < start || end == 0 ||
	    end - start == UINT64_MAX)
		return;
	ret->address = start;
	ret->size = end - start + 1;
}

static bool
read_bars(int dir, struct da_bar ret[DA_MAX_BARS])
{
	char text[1024];
	ssize_t n = read_file(dir, "resource", text, sizeof(text) - 1);
	char *line = text;

	if (n < 0)
		return false;
	text[n] = '\0';
	for (int i = 0; i < DA_MAX_BARS; i++) {
		char *next = strchr(line, '\n');

		if (next == NULL)
			return false;
		*next = '\0';
		read_bar(line, &ret[i]);
		line = next + 1;
	}
	return true;
}

bool
da_pci_facts(int root, const char *device, struct da_pci *ret,
    struct da_kernel_error *reterr)
{
	int dir = open_device(root, device, reterr);
	struct da_pci pci;
	bool there;

	if (dir < 0)
		return false;
	there = read_config(dir, &pci) && read_bars(dir, pci.bar);
	close(dir);
	if (!there)
		return fail(reterr, EIO, "config space cannot be read");
	*ret = pci;
	return true;
}

/* -- the list -- */

/*
 * .../devices/pci0000:00/0000:00:1c.0/0000:01:00.0: the hops from the root bus,
 * in the order of the path.  One that is too long for the wire has none.
 */
static void
read_path(int root, const char *device, uint8_t ret[MAX_HOPS])
{
	char path[64], target[1024];
	size_t hops = 0;
	ssize_t n;
	char *save, *word;

	memset(ret, HOP_NONE, MAX_HOPS);
	snprintf(path, sizeof(path), DEVICES "/%s", device);
	n = readlinkat(root, path, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	for (word = strtok_r(target, "/", &save); word != NULL;
	    word = strtok_r(NULL, "/", &save)) {
		if (!is_bdf(word, strlen(word)))
			continue;
		if (hops == MAX_HOPS) {
			memset(ret, HOP_NONE, MAX_HOPS);
			return;
		}
		ret[hops++] = (uint8_t)(strtoul(word + 8, NULL, 16) << 3 |
		    strtoul(word + 11, NULL, 16));
	}
}

static bool
describe(int root, const char *name, struct da_kernel_device *ret)
{
	struct da_kernel_error error;
	struct da_pci pci;
	int dir = open_device(root, name, &error);

	if (dir < 0)
		return false;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->name, name, strlen(name));
	read_path(root, name, ret->path);
	ret->driver_bound = exists(dir, "driver");
	if (read_config(dir, &pci)) {
		ret->tee = pci.tee;
		ret->vendor = pci.vendor;
		ret->device = pci.device;
		ret->subsystem_vendor = pci.subsystem_vendor;
		ret->subsystem_device = pci.subsystem_device;
		ret->class_code = pci.class_code;
	}
	close(dir);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	const struct da_kernel_device *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* One that goes away in between is not there. */
static bool
list_into(DIR *devices, int root, struct da_kernel_device *ret, size_t max,
    size_t *ret_n, struct da_kernel_error *reterr)
{
	struct dirent *entry;
	size_t n = 0;

	while ((entry = readdir(devices)) != NULL) {
		if (!is_bdf(entry->d_name, strlen(entry->d_name)))
			continue;
		if (n == max)
			return fail(reterr, E2BIG, "more functions than can "
			    "be judged");
		if (describe(root, entry->d_name, &ret[n]))
			n++;
	}
	qsort(ret, n, sizeof(*ret), by_name);
	*ret_n = n;
	return true;
}

static DIR *
open_devices(int root, struct da_kernel_error *reterr)
{
	int fd = openat(root, DEVICES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *devices = fd < 0 ? NULL : fdopendir(fd);

	if (devices == NULL) {
		fail(reterr, errno, "no PCI functions in sysfs");
		if (fd >= 0)
			close(fd);
	}
	return devices;
}

bool
da_pci_list(int root, struct da_kernel_device *ret, size_t max, size_t *ret_n,
    struct da_kernel_error *reterr)
{
	DIR *devices = open_devices(root, reterr);
	bool listed;

	if (devices == NULL)
		return false;
	listed = list_into(devices, root, ret, max, ret_n, reterr);
	closedir(devices);
	return listed;
}

/* -- the hold -- */

static bool
set_override(int root, const char *device, const char *driver,
    struct da_kernel_error *reterr)
{
	int dir = open_device(root, device, reterr);
	bool set;

	if (dir < 0)
		return false;
	set = write_file(dir, "driver_override", driver, reterr);
	close(dir);
	return set;
}

/*
 * A bridge needs its port driver, and hands nothing to anybody: only what is
 * at the end of a path is held.  (Class 06.)
 */
static bool
is_bridge(const struct da_kernel_device *d)
{
	return d->class_code >> 16 == 0x06;
}

/*
 * The bus first: what appears later is not probed either.  A bound driver stays
 * bound; the override only says who may come next.
 */
bool
da_pci_hold(int root, struct da_kernel_error *reterr)
{
	struct da_kernel_device all[DA_MAX_DEVICES];
	size_t n;

	if (!write_file(root, AUTOPROBE, "0", reterr) ||
	    !da_pci_list(root, all, DA_MAX_DEVICES, &n, reterr))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_bridge(&all[i]) && !set_override(root, all[i].name,
		    HELD, reterr) && reterr->error != ENODEV)
			return false;
	return true;
}

/*
 * One proposal (per-device "trust_policy") wants the word before the probe; the
 * other (a module option, trust=tcb) is the owner's to set in modprobe.d.
 */
static bool
trust(int root, const char *device, struct da_kernel_error *reterr)
{
	int dir = open_device(root, device, reterr);
	bool done;

	if (dir < 0)
		return false;
	done = !exists(dir, "trust_policy") ||
	    write_file(dir, "trust_policy", "full", reterr);
	close(dir);
	return done;
}

bool
da_pci_release(int root, const char *device, bool trusted,
    struct da_kernel_error *reterr)
{
	/* A newline alone takes an override back. */
	return (!trusted || trust(root, device, reterr)) &&
	    set_override(root, device, "\n", reterr) &&
	    write_file(root, PROBE, device, reterr);
}

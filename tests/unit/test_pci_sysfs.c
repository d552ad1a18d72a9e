/* SPDX-License-Identifier: Apache-2.0 */
/* PCI's part of sysfs out of a folder that the test makes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel-uapi/pci_config.h"
#include "kernel-uapi/pci_sysfs.h"
#include "unit.h"

#define END	"0000:01:00.0"
#define PORT	"0000:00:1c.0"

static char dir[] = "/tmp/devattest-unit.XXXXXX";
static int root;
static uint8_t config[4096];
static struct da_kernel_error error;

static void
put(size_t at, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++, value >>= 8)
		config[at + i] = (uint8_t)value;
}

/* A function with PCI Express, MSI-X and a serial number. */
static void
make_config(void)
{
	memset(config, 0, sizeof(config));
	put(0x00, 0x2330, 4);
	put(0x00, 0x10de, 2);
	put(0x02, 0x2330, 2);
	put(0x06, 0x10, 2);		/* there is a list */
	put(0x08, 0x030200a1, 4);
	put(0x2c, 0x10de, 2);
	put(0x2e, 0x16c1, 2);
	put(0x34, 0x40, 1);
	put(0x40, 0x6010, 2);		/* Express, next 0x60 */
	put(0x44, 0x40000000, 4);	/* TEE-IO */
	put(0x60, 0x0011, 2);		/* MSI-X, the last */
	put(0x62, 15, 2);
	put(0x64, 0x2000, 4);
	put(0x68, 0x3002, 4);
	put(0x100, 0x00010003, 4);	/* DSN, the last */
	put(0x104, UINT64_C(0x1122334455667788), 8);
}

static void
write_at(const char *path, const void *bytes, size_t n)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

static void
text_at(const char *path, const char *text)
{
	write_at(path, text, strlen(text));
}

static void
make_function(const char *where, const char *name)
{
	static const char resource[] =
	    "0x00000000fe000000 0x00000000fe003fff 0x0000000000040200\n"
	    "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
	    "0x000000000000c000 0x000000000000c01f 0x0000000000040101\n"
	    "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
	    "0x0000004000000000 0x00000040ffffffff 0x000000000014220c\n"
	    "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
	    "0x0000000000000000 0x0000000000000000 0x0000000000000000\n";
	char path[256], link[100], target[300];

	snprintf(path, sizeof(path), "devices/pci0000:00%s/%s", where, name);
	ck_assert_int_eq(mkdirat(root, path, 0700), 0);
	snprintf(link, sizeof(link), "bus/pci/devices/%s", name);
	snprintf(target, sizeof(target), "../../../%s", path);
	ck_assert_int_eq(symlinkat(target, root, link), 0);
	snprintf(path, sizeof(path), "%s/config", link);
	write_at(path, config, sizeof(config));
	snprintf(path, sizeof(path), "%s/resource", link);
	text_at(path, resource);
	snprintf(path, sizeof(path), "%s/driver_override", link);
	text_at(path, "(null)\n");
}

static void
set_up(void)
{
	static const char *const folders[] = { "bus", "bus/pci",
		"bus/pci/devices", "devices", "devices/pci0000:00" };

	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	root = open(dir, O_PATH | O_DIRECTORY);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		ck_assert_int_eq(mkdirat(root, folders[i], 0700), 0);
	text_at("bus/pci/drivers_autoprobe", "1\n");
	text_at("bus/pci/drivers_probe", "");
	make_config();
	put(0x08, 0x06040000, 4);
	put(0x0e, 1, 1);
	make_function("", PORT);
	make_config();
	make_function("/" PORT, END);
}

static void
tear_down(void)
{
	char command[100];

	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void
ck_file(const char *path, const char *want)
{
	char text[100] = "";
	int fd = openat(root, path, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	ck_assert_str_eq(text, want);
}

START_TEST(functions_are_listed_with_their_path)
{
	struct da_kernel_device d[4];
	size_t n;

	ck_assert(da_pci_list(root, d, 4, &n, &error));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(d[0].name, PORT);
	ck_assert_str_eq(d[1].name, END);
	ck_assert_uint_eq(d[0].path[0], 0x1c << 3);
	ck_assert_uint_eq(d[0].path[1], 0xff);
	ck_assert_uint_eq(d[1].path[0], 0x1c << 3);
	ck_assert_uint_eq(d[1].path[1], 0);
	ck_assert_uint_eq(d[1].path[2], 0xff);
	ck_assert_uint_eq(d[1].vendor, 0x10de);
	ck_assert_uint_eq(d[1].class_code, 0x030200);
	ck_assert_uint_eq(d[1].tee, DA_TRI_TRUE);
	ck_assert_uint_eq(d[1].driver_bound, 0);
	ck_assert(!da_pci_list(root, d, 1, &n, &error));
	ck_assert_int_eq(error.error, E2BIG);
}
END_TEST

START_TEST(facts_are_read)
{
	struct da_pci pci;

	ck_assert(da_pci_facts(root, END, &pci, &error));
	ck_assert_uint_eq(pci.subsystem_device, 0x16c1);
	ck_assert_uint_eq(pci.revision, 0xa1);
	ck_assert_uint_eq(pci.msix, 1);
	ck_assert_uint_eq(pci.msix_entries, 16);
	ck_assert_uint_eq(pci.msix_bir, 0);
	ck_assert_uint_eq(pci.msix_table, 0x2000);
	ck_assert_uint_eq(pci.msix_pba_bir, 2);
	ck_assert_uint_eq(pci.msix_pba, 0x3000);
	ck_assert_uint_eq(pci.has_serial, 1);
	ck_assert_uint_eq(pci.serial, UINT64_C(0x1122334455667788));
	ck_assert_uint_eq(pci.bar[0].address, 0xfe000000);
	ck_assert_uint_eq(pci.bar[0].size, 0x4000);
	ck_assert_uint_eq(pci.bar[1].size, 0);
	ck_assert_uint_eq(pci.bar[2].size, 0);	/* ports are no memory */
	ck_assert_uint_eq(pci.bar[4].address, UINT64_C(0x4000000000));
	ck_assert_uint_eq(pci.bar[4].size, UINT64_C(0x100000000));
	ck_assert(!da_pci_facts(root, "0000:02:00.0", &pci, &error));
	ck_assert_int_eq(error.error, ENODEV);
	ck_assert(!da_pci_facts(root, "../devices", &pci, &error));
	ck_assert_int_eq(error.error, ENODEV);
}
END_TEST

/* The host writes config space: a list that bites its tail has an end. */
START_TEST(loops_and_short_space_end)
{
	struct da_pci pci;

	make_config();
	put(0x60, 0x4005, 2);		/* no MSI-X, and back to 0x40 */
	put(0x100, 0x10010001, 4);	/* no DSN, and back to 0x100 */
	da_pci_config_read(da_slice_of(config, sizeof(config)), &pci);
	ck_assert_uint_eq(pci.msix, 0);
	ck_assert_uint_eq(pci.has_serial, 0);
	make_config();
	for (size_t n = 0; n < 0x110; n++)
		da_pci_config_read(da_slice_of(config, n), &pci);
	memset(config, 0xff, sizeof(config));
	da_pci_config_read(da_slice_of(config, sizeof(config)), &pci);
	ck_assert_uint_eq(pci.has_serial, 0);
}
END_TEST

START_TEST(drivers_are_held_and_let_go)
{
	ck_assert(da_pci_hold(root, &error));
	ck_file("bus/pci/drivers_autoprobe", "0");
	ck_file("bus/pci/devices/" END "/driver_override", "devattest-held");
	/* A bridge keeps its port driver. */
	ck_file("bus/pci/devices/" PORT "/driver_override", "(null)\n");
	ck_assert(da_pci_release(root, END, true, &error));
	ck_file("bus/pci/devices/" END "/driver_override", "\n");
	ck_file("bus/pci/drivers_probe", END);
	ck_file("bus/pci/drivers_autoprobe", "0");
}
END_TEST

START_TEST(trust_is_said_where_the_kernel_asks_for_it)
{
	text_at("bus/pci/devices/" END "/trust_policy", "default\n");
	ck_assert(da_pci_release(root, END, false, &error));
	ck_file("bus/pci/devices/" END "/trust_policy", "default\n");
	ck_assert(da_pci_release(root, END, true, &error));
	ck_file("bus/pci/devices/" END "/trust_policy", "full");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("PCI in sysfs");
	TCase *tc = tcase_create("folder");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, functions_are_listed_with_their_path);
	tcase_add_test(tc, facts_are_read);
	tcase_add_test(tc, loops_and_short_space_end);
	tcase_add_test(tc, drivers_are_held_and_let_go);
	tcase_add_test(tc, trust_is_said_where_the_kernel_asks_for_it);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

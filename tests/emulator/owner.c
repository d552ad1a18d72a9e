/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the owner of a guest would have written for this device: a policy that
 * accepts its firmware and nothing else, the vendor's root and its lists.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "blocks.h"
#include "interface.h"
#include "machine.h"
#include "platform.h"

/* How many functions the device has that has most of them; at least 1. */
static uint32_t
most_functions(const struct emu_machine *m)
{
	uint32_t most = 1;

	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t n = 0;

		for (uint32_t k = 0; k < m->n; k++)
			n += m->slot[i].device != NULL &&
			    m->slot[k].device == m->slot[i].device;
		if (n > most)
			most = n;
	}
	return most;
}

static bool
has_plain_functions(const struct emu_machine *m)
{
	for (uint32_t i = 0; i < m->kernel.n; i++)
		if (m->kernel.tdi[i].is_plain)
			return true;
	return false;
}

static void
write_measurements(FILE *f)
{
	uint8_t index, digest[48];
	char hex[97];

	fprintf(f, "    \"measurements\": {\n");
	for (size_t i = 0; emu_digest_block(i, &index, digest); i++) {
		emu_to_hex(digest, sizeof(digest), hex);
		fprintf(f, "%s      \"%u\": [\"sha384:%s\"]",
		    i == 0 ? "" : ",\n", index, hex);
	}
	fprintf(f, "\n    },\n");
}

/* A kind of device that the policy knows. */
struct kind {
	const char *class;
	uint16_t vendor, device;
	uint32_t min;		/* how many at least */
	const char *private_ranges, *shared_ranges;	/* "0, 2" */
	const char *msix;
};

static void
write_match(const struct emu_machine *m, const struct kind *k, FILE *f)
{
	uint32_t devices = emu_machine_devices(m);

	fprintf(f,
	    "    \"class\": \"%s\",\n"
	    "    \"count\": { \"min\": %u, \"max\": %u },\n"
	    "    \"functions-per-device\": { \"min\": 1, \"max\": %u },\n"
	    "    \"match\": { \"pci-vendor\": \"%04x\", "
	    "\"pci-device\": [\"%04x\"] },\n"
	    "    \"roots\": [\"emulated-vendor\"],\n"
	    "    \"spdm\": { \"versions\": [\"1.%u\"], "
	    "\"asym\": [\"ecdsa-p384\"], \"hash\": [\"sha384\"] },\n",
	    k->class, k->min, devices == 0 ? 1 : devices, most_functions(m),
	    k->vendor, k->device, m->version & 0x0f);
}

static void
write_report(const struct kind *k, FILE *f)
{
	fprintf(f,
	    "    \"report\": { \"no-fw-update\": true, "
	    "\"msix\": \"%s\",\n"
	    "      \"page-unit\": \"platform\",\n"
	    "      ", k->msix);
	if (k->private_ranges != NULL)
		fprintf(f, "\"private-ranges\": [%s], ", k->private_ranges);
	fprintf(f, "\"shared-ranges\": [%s], "
	    "\"updatable-ranges\": [] },\n", k->shared_ranges);
}

static void
write_kind(const struct emu_machine *m, const struct kind *k,
    const char *unknowns, FILE *f)
{
	write_match(m, k, f);
	write_measurements(f);
	fprintf(f,
	    "    \"floors\": { \"svn\": { \"%u\": %u } },\n"
	    "    \"device-mode\": { \"debug\": \"off\" },\n",
	    EMU_SVN_INDEX, EMU_SVN);
	write_report(k, f);
	fprintf(f, "    \"tolerate-unknown\": [%s] }", unknowns);
}

static void
write_head(const char *platforms, FILE *f)
{
	fprintf(f,
	    "{ \"version\": 1, \"name\": \"emulated-owner\",\n"
	    "  \"clock\": { \"source\": \"floor\", "
	    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
	    "  \"platforms\": [%s],\n"
	    "  \"devices\": [ {\n", platforms);
}

/* The software kernel's own device. */
static void
write_soft(const struct emu_machine *m, FILE *f)
{
	struct kind k = { "emulated-nic", EMU_PCI_VENDOR, EMU_PCI_DEVICE, 1,
		NULL, NULL, "locked-or-absent" };
	char private_ranges[64] = "", shared[16];
	size_t n = 0;
	uint32_t bar;

	for (size_t i = 0; emu_interface_private_bar(i, &bar); i++)
		n += (size_t)snprintf(private_ranges + n,
		    sizeof(private_ranges) - n, "%s%u", i == 0 ? "" : ", ",
		    bar);
	snprintf(shared, sizeof(shared), "%u", EMU_SHARED_BAR);
	k.private_ranges = private_ranges;
	k.shared_ranges = shared;
	write_head("\"emulated\"", f);
	write_kind(m, &k, "\"revocation\"", f);
	fprintf(f, " ],\n  \"others\": \"%s\" }\n",
	    has_plain_functions(m) ? "untrusted" : "refuse");
}

/*
 * What QEMU has of functions with BARs, whichever of them the guest will have:
 * their ids are known to nobody before it says them.  A machine has bridges and
 * more, which are no TDIs.
 */
static void
write_guest(const struct emu_machine *m, FILE *f)
{
	static const struct kind kinds[] = {
		{ "qemu-edu", 0x1234, 0x11e8, 0, NULL, "0" },
		{ "qemu-ivshmem", 0x1af4, 0x1110, 0, NULL, "2" },
		{ "qemu-nvme", 0x1b36, 0x0010, 0, "0", "" },
	};
	const struct emu_platform *p = m->firmware.platform;
	char name[32];

	snprintf(name, sizeof(name), "\"%s:%s\"", p->name, p->abi_name);
	write_head(name, f);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct kind k = kinds[i];

		/* Where nobody says that it is locked, no rule can ask. */
		k.msix = p->tells_lock_flags ? "locked-or-absent" : "any";
		fprintf(f, "%s", i == 0 ? "" : ", {\n");
		write_kind(m, &k, p->unknowns, f);
	}
	fprintf(f, " ],\n  \"others\": \"untrusted\" }\n");
}

static void
write_policy(const struct emu_machine *m, FILE *f)
{
	if (m->is_for_guest)
		write_guest(m, f);
	else
		write_soft(m, f);
}

static bool
make_folder(const char *dir, const char *name, char *ret, size_t size)
{
	snprintf(ret, size, "%s/%s", dir, name);
	return mkdir(ret, 0755) == 0 || errno == EEXIST;
}

/* The certificates of all devices; how many. */
static size_t
leaves_of(const struct emu_machine *m, X509 *ret[2 * EMU_MAX_TDI])
{
	size_t n = 0;

	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t first = 0;

		while (m->slot[first].device != m->slot[i].device)
			first++;
		if (first == i && m->slot[i].device != NULL)
			ret[n++] = m->slot[i].device->leaf.cert;
	}
	return n;
}

static bool
write_lists(const struct emu_machine *m, const char *dir)
{
	X509 *leaves[2 * EMU_MAX_TDI];
	const struct {
		const char *folder;
		enum emu_lists which;
		size_t n;
	} kinds[] = {
		{ "roots/crls", EMU_LISTS_FRESH, 0 },
		{ "crls-stale", EMU_LISTS_STALE, 0 },
		{ "crls-revoked", EMU_LISTS_FRESH, leaves_of(m, leaves) },
	};
	char path[4096];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!make_folder(dir, kinds[i].folder, path, sizeof(path)) ||
		    !emu_vendor_write_lists(&m->vendor, kinds[i].which, leaves,
		    kinds[i].n, path))
			return false;
	return true;
}

bool
emu_machine_write_owner(const struct emu_machine *m, const char *dir)
{
	char path[4096];
	FILE *f;
	bool ok;

	if (!make_folder(dir, "roots", path, sizeof(path)) ||
	    !write_lists(m, dir))
		return false;
	snprintf(path, sizeof(path), "%s/roots/emulated-vendor.pem", dir);
	if (!emu_vendor_write_root(&m->vendor, path))
		return false;
	snprintf(path, sizeof(path), "%s/policy.json", dir);
	f = fopen(path, "we");
	if (f == NULL)
		return false;
	write_policy(m, f);
	ok = ferror(f) == 0;
	return fclose(f) == 0 && ok;
}

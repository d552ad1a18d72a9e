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

static void
write_match(const struct emu_machine *m, FILE *f)
{
	uint32_t devices = emu_machine_devices(m);

	fprintf(f,
	    "    \"class\": \"emulated-nic\",\n"
	    "    \"count\": { \"min\": 1, \"max\": %u },\n"
	    "    \"functions-per-device\": { \"min\": 1, \"max\": %u },\n"
	    "    \"match\": { \"pci-vendor\": \"%04x\", "
	    "\"pci-device\": [\"%04x\"] },\n"
	    "    \"roots\": [\"emulated-vendor\"],\n"
	    "    \"spdm\": { \"versions\": [\"1.%u\"], "
	    "\"asym\": [\"ecdsa-p384\"], \"hash\": [\"sha384\"] },\n",
	    devices == 0 ? 1 : devices, most_functions(m), EMU_PCI_VENDOR,
	    EMU_PCI_DEVICE, m->version & 0x0f);
}

static void
write_report(FILE *f)
{
	uint32_t bar;

	fprintf(f,
	    "    \"report\": { \"no-fw-update\": true, "
	    "\"msix\": \"locked-or-absent\",\n"
	    "      \"page-unit\": \"platform\",\n"
	    "      \"private-ranges\": [");
	for (size_t i = 0; emu_interface_private_bar(i, &bar); i++)
		fprintf(f, "%s%u", i == 0 ? "" : ", ", bar);
	fprintf(f, "], \"shared-ranges\": [%u], "
	    "\"updatable-ranges\": [] },\n", EMU_SHARED_BAR);
}

static void
write_policy(const struct emu_machine *m, FILE *f)
{
	fprintf(f,
	    "{ \"version\": 1, \"name\": \"emulated-owner\",\n"
	    "  \"clock\": { \"source\": \"floor\", "
	    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
	    "  \"platforms\": [\"emulated\"],\n"
	    "  \"devices\": [ {\n");
	write_match(m, f);
	write_measurements(f);
	fprintf(f,
	    "    \"floors\": { \"svn\": { \"%u\": %u } },\n"
	    "    \"device-mode\": { \"debug\": \"off\" },\n",
	    EMU_SVN_INDEX, EMU_SVN);
	write_report(f);
	fprintf(f,
	    "    \"tolerate-unknown\": [\"revocation\"] } ],\n"
	    "  \"others\": \"%s\" }\n",
	    has_plain_functions(m) ? "untrusted" : "refuse");
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

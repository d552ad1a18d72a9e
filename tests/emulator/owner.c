/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the owner of a guest would have written for this device: a policy that
 * accepts its firmware and nothing else, and the vendor's root.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "interface.h"
#include "machine.h"

/* Distinct slots are distinct devices. */
static uint32_t
count_devices(const struct emu_machine *m)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->kernel.n; i++) {
		uint32_t k = 0;

		while (m->device[k] != m->device[i])
			k++;
		n += k == i;
	}
	return n;
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
write_policy(const struct emu_machine *m, FILE *f)
{
	uint32_t n = count_devices(m);

	fprintf(f,
	    "{ \"version\": 1, \"name\": \"emulated-owner\",\n"
	    "  \"clock\": { \"source\": \"floor\", "
	    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
	    "  \"platforms\": [\"emulated\"],\n"
	    "  \"devices\": [ {\n"
	    "    \"class\": \"emulated-nic\",\n"
	    "    \"count\": { \"min\": 1, \"max\": %u },\n"
	    "    \"functions-per-device\": { \"min\": 1, \"max\": %u },\n"
	    "    \"match\": { \"pci-vendor\": \"%04x\", "
	    "\"pci-device\": [\"%04x\"] },\n"
	    "    \"roots\": [\"emulated-vendor\"],\n"
	    "    \"spdm\": { \"versions\": [\"1.%u\"], "
	    "\"asym\": [\"ecdsa-p384\"], \"hash\": [\"sha384\"] },\n",
	    n, m->kernel.n, EMU_PCI_VENDOR, EMU_PCI_DEVICE,
	    m->version & 0x0f);
	write_measurements(f);
	fprintf(f,
	    "    \"report\": { \"no-fw-update\": true, "
	    "\"msix\": \"locked-or-absent\",\n"
	    "      \"page-unit\": \"platform\",\n"
	    "      \"shared-ranges\": [%u], \"updatable-ranges\": [] },\n"
	    "    \"tolerate-unknown\": [\"revocation\"] } ],\n"
	    "  \"others\": \"refuse\" }\n", EMU_SHARED_BAR);
}

bool
emu_machine_write_owner(const struct emu_machine *m, const char *dir)
{
	char path[4096];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/roots", dir);
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
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

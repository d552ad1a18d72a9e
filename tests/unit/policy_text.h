/* SPDX-License-Identifier: Apache-2.0 */
/* A policy with every key that this version reads, each to be replaced. */
#ifndef DA_TEST_POLICY_TEXT_H
#define DA_TEST_POLICY_TEXT_H

#include "policy/policy.h"
#include "replace.h"

#define ZEROS "00000000000000000000000000000000"
#define ONES "11111111111111111111111111111111"
#define VALUE "sha384:" ZEROS ZEROS ZEROS

static const char good_policy[] =
"{ \"version\": 1, \"name\": \"prod-gpu\",\n"
"  \"clock\": { \"source\": \"floor\", "
    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
"  \"platforms\": [\"arm-cca:bet0\", \"emulated\"],\n"
"  \"devices\": [ {\n"
"    \"class\": \"gpu\", \"count\": { \"min\": 1, \"max\": 8 },\n"
"    \"functions-per-device\": { \"min\": 2, \"max\": 4 },\n"
"    \"match\": { \"pci-vendor\": \"10de\", \"pci-device\": [\"2330\", "
    "\"2901\"] },\n"
"    \"roots\": [\"vendor-root\"],\n"
"    \"spdm\": { \"versions\": [\"1.1\"], \"asym\": [\"ecdsa-p384\"],\n"
"      \"hash\": [\"sha384\"], \"without-vca\": \"ecdsa-p384,sha384\" },\n"
"    \"measurements\": { \"1\": [\"" VALUE "\", \"sha256:" ONES ONES "\"],\n"
"      \"254\": [\"sha512:" ONES ONES ONES ONES "\"] },\n"
"    \"report\": { \"no-fw-update\": true, \"msix\": \"locked-or-absent\",\n"
"      \"shared-ranges\": [0, 65535], \"updatable-ranges\": [],\n"
"      \"page-unit\": \"platform\", \"private-ranges\": [4, 5] },\n"
"    \"tolerate-unknown\": [\"tsm-digest-vca\", \"revocation\"],\n"
"    \"warn-only\": [\"svn-floor\", \"device-mode\"],\n"
"    \"floors\": { \"svn\": { \"7\": 3, \"16\": 18446744073709551615 } },\n"
"    \"device-mode\": { \"debug\": \"off\" },\n"
"    \"critical-extensions\": [\"2.23.133.5.4.5\", \"1.2.840.113549\"] } ],\n"
"  \"others\": \"refuse\", \"boot-deadline-seconds\": 60 }";

static inline struct da_policy *
parsed(const char *text)
{
	struct da_slice exact = exactly(text, strlen(text));
	struct da_policy_error error = { "", 0, 0 };
	struct da_policy *p = da_policy_parse(exact, &error);

	ck_assert_msg(p != NULL, "%s at %u:%u", error.text, error.line,
	    error.column);
	free((void *)(uintptr_t)exact.p);
	return p;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"
#include "replace.h"

#define ZEROS "00000000000000000000000000000000"
#define ONES "11111111111111111111111111111111"
#define VALUE "sha384:" ZEROS ZEROS ZEROS

/* Every key that this version reads, each with something to replace. */
static const char good[] =
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
"      \"page-unit\": \"platform\" },\n"
"    \"tolerate-unknown\": [\"tsm-digest-vca\", \"revocation\"] } ],\n"
"  \"others\": \"refuse\" }";

static struct da_policy *
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

START_TEST(reads_all)
{
	struct da_policy *p = parsed(good);
	const struct da_policy_rule *r = &p->rule[0];
	struct da_hash_value id = da_hash_of(DA_HASH_SHA384,
	    da_slice_str(good));

	ck_assert_str_eq(p->name, "prod-gpu");
	ck_assert(da_hash_equal(&id, da_hash_bytes(&p->id)));
	ck_assert_int_eq(p->clock, DA_CLOCK_FLOOR);
	ck_assert_int_eq(p->not_before, 1793491200);
	ck_assert_uint_eq(p->n_platforms, 2);
	ck_assert_int_eq(p->platform[0].platform, DA_PLATFORM_ARM_CCA);
	ck_assert_str_eq(p->platform[0].abi, "bet0");
	ck_assert_int_eq(p->platform[1].platform, DA_PLATFORM_EMULATED);
	ck_assert_str_eq(p->platform[1].abi, "");
	ck_assert(p->others_refused);
	ck_assert_uint_eq(p->n_rules, 1);
	ck_assert_str_eq(r->class_name, "gpu");
	ck_assert(r->has_count && r->count_min == 1 && r->count_max == 8);
	ck_assert(r->has_functions && r->functions_min == 2 &&
	    r->functions_max == 4);
	ck_assert(r->has_vendor && r->pci_vendor == 0x10de);
	ck_assert(r->n_pci_device == 2 && r->pci_device[1] == 0x2901);
	ck_assert_uint_eq(r->roots.n, 1);
	ck_assert_str_eq(r->roots.name[0], "vendor-root");
	da_policy_free(p);
}
END_TEST

START_TEST(reads_all_of_spdm)
{
	struct da_policy *p = parsed(good);
	const struct da_policy_rule *r = &p->rule[0];

	ck_assert(r->n_versions == 1 && r->version[0] == 0x11);
	ck_assert(r->n_asym == 1 && r->asym[0] == DA_ASYM_ECDSA_P384);
	ck_assert(r->n_hash == 1 && r->hash[0] == DA_HASH_SHA384);
	ck_assert(r->has_without_vca &&
	    r->without_vca.asym == DA_ASYM_ECDSA_P384 &&
	    r->without_vca.hash == DA_HASH_SHA384 &&
	    r->without_vca.meas_hash == DA_HASH_SHA384);
	ck_assert_uint_eq(r->n_index, 2);
	ck_assert(r->index[0].index == 1 && r->index[0].n == 2);
	ck_assert(r->index[0].value[0].hash == DA_HASH_SHA384 &&
	    r->index[0].value[0].digest.n == 48);
	ck_assert(r->index[0].value[1].hash == DA_HASH_SHA256 &&
	    r->index[0].value[1].digest.bytes[31] == 0x11);
	ck_assert(r->index[1].index == 254 && r->index[1].n == 1);
	ck_assert_uint_eq(r->index[1].value[0].digest.n, 64);
	da_policy_free(p);
}
END_TEST

START_TEST(reads_all_of_report)
{
	struct da_policy *p = parsed(good);
	const struct da_policy_rule *r = &p->rule[0];
	size_t tolerated = 0;

	ck_assert(r->has_report && r->no_fw_update);
	ck_assert_int_eq(r->msix, DA_MSIX_LOCKED_OR_ABSENT);
	ck_assert_int_eq(r->unit, DA_UNIT_PLATFORM);
	ck_assert(r->shared.set && r->shared.n == 2 &&
	    r->shared.id[1] == 65535);
	ck_assert(r->updatable.set && r->updatable.n == 0);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		tolerated += r->tolerate[i] ? 1 : 0;
	ck_assert_uint_eq(tolerated, 2);
	ck_assert(r->tolerate[DA_CHK_TSM_DIGEST_VCA]);
	ck_assert(r->tolerate[DA_CHK_REVOCATION]);
	da_policy_free(p);
}
END_TEST

/* What is not said is refused later, never taken for a yes. */
START_TEST(a_missing_rule_is_no_yes)
{
	struct da_policy *p = parsed("{\"version\":1,\"name\":\"a\","
	    "\"platforms\":[\"emulated\"],\"devices\":[{\"class\":\"c\","
	    "\"match\":{\"pci-vendor\":\"1234\"},\"report\":{}}]}");
	const struct da_policy_rule *r = &p->rule[0];

	ck_assert(p->others_refused);
	ck_assert_int_eq(p->clock, DA_CLOCK_NONE);
	ck_assert(r->no_fw_update);
	ck_assert_int_eq(r->msix, DA_MSIX_NO_RULE);
	ck_assert_int_eq(r->unit, DA_UNIT_NO_RULE);
	ck_assert(!r->shared.set && !r->updatable.set && !r->has_count);
	ck_assert(r->n_versions == 0 && r->n_asym == 0 && r->n_hash == 0);
	ck_assert(r->n_index == 0 && r->roots.n == 0 && !r->has_without_vca);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		ck_assert(!r->tolerate[i]);
	da_policy_free(p);
}
END_TEST

/* -- refusals: a piece of the good policy replaced -- */

static const struct refused {
	const char *from, *to, *error;
	uint32_t line;
} refused[] = {
	/* closed world, at every level */
	{ "\"others\"", "\"Others\"", "unknown key: \"Others\"", 17 },
	{ "\"source\"", "\"x\\u001b\"", "unknown key: \"x\\x1b\"", 2 },
	{ "\"class\"", "\"distinct\"", "unknown key: \"distinct\"", 5 },
	{ "\"min\": 1", "\"mini\": 1", "unknown key: \"mini\"", 5 },
	{ "\"pci-device\"", "\"pci-class\"", "unknown key: \"pci-class\"", 7 },
	{ "\"asym\"", "\"sign\"", "unknown key: \"sign\"", 9 },
	{ "\"msix\"", "\"msi\"", "unknown key: \"msi\"", 13 },
	/* later issues' keys are not skipped */
	{ "\"roots\"", "\"warn-only\": [], \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"warn-only\"", 8 },
	{ "\"roots\"", "\"reference-sets\": {}, \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"reference-sets\"", 8 },
	{ "\"roots\"", "\"floors\": {}, \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"floors\"", 8 },
	{ "\"roots\"", "\"device-mode\": {}, \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"device-mode\"", 8 },
	{ "\"roots\"", "\"revocation\": {}, \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"revocation\"", 8 },
	{ "\"roots\"", "\"critical-extensions\": [], \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"critical-extensions\"", 8 },
	{ "\"floor\"", "\"secure\"", "this clock is known, but this version "
	    "does not support it: \"secure\"", 2 },
	/* JSON itself */
	{ "\"name\": \"prod-gpu\"", "\"version\": 1", "a key stands twice", 1 },
	{ "\"version\": 1", "\"version\": 1.0",
	    "a fraction or exponent; integers only", 1 },
	/* missing keys */
	{ "\"version\": 1,", "", "a key is missing: \"version\"", 1 },
	{ ", \"name\": \"prod-gpu\"", "", "a key is missing: \"name\"", 1 },
	{ "  \"platforms\": [\"arm-cca:bet0\", \"emulated\"],\n", "",
	    "a key is missing: \"platforms\"", 1 },
	{ "\"class\": \"gpu\",", "", "a key is missing: \"class\"", 4 },
	{ "    \"match\": { \"pci-vendor\": \"10de\", "
	    "\"pci-device\": [\"2330\","
	    " \"2901\"] },\n", "", "a key is missing: \"match\"", 4 },
	{ "\"pci-vendor\": \"10de\",", "", "a key is missing: \"pci-vendor\"",
	    7 },
	{ "\"source\": \"floor\", ", "", "a key is missing: \"source\"", 2 },
	{ ", \"not-before\": \"2026-11-01T00:00:00Z\"", "",
	    "a key is missing: \"not-before\"", 2 },
	{ "\"min\": 1, ", "", "a key is missing: \"min\"", 5 },
	{ ", \"max\": 4", "", "a key is missing: \"max\"", 6 },
	/* empty lists */
	{ "[\"arm-cca:bet0\", \"emulated\"]", "[]", "a list is empty", 3 },
	{ "[\"2330\", \"2901\"]", "[]", "a list is empty", 7 },
	{ "[\"vendor-root\"]", "[]", "a list is empty", 8 },
	{ "[\"1.1\"]", "[]", "a list is empty", 9 },
	{ "[\"ecdsa-p384\"]", "[]", "a list is empty", 9 },
	{ "[\"sha384\"]", "[]", "a list is empty", 10 },
	{ "[\"sha512:" ONES ONES ONES ONES "\"]", "[]", "a list is empty", 12 },
	{ "[\"tsm-digest-vca\", \"revocation\"]", "[]", "a list is empty", 16 },
	/* an item twice */
	{ "\"emulated\"", "\"arm-cca:bet0\"",
	    "an item stands twice in a list: \"arm-cca:bet0\"", 3 },
	{ "\"2901\"", "\"2330\"", "an item stands twice in a list: \"2330\"",
	    7 },
	{ "\"2330\", \"2901\"", "\"abcd\", \"ABCD\"",
	    "an item stands twice in a list: \"ABCD\"", 7 },
	{ "[\"vendor-root\"]", "[\"a\", \"a\"]",
	    "an item stands twice in a list: \"a\"", 8 },
	{ "[\"1.1\"]", "[\"1.1\", \"1.1\"]",
	    "an item stands twice in a list: \"1.1\"", 9 },
	{ "[0, 65535]", "[3, 3]", "an item stands twice in a list", 14 },
	{ "\"revocation\"", "\"tsm-digest-vca\"",
	    "an item stands twice in a list: \"tsm-digest-vca\"", 16 },
	{ "\"254\"", "\"1\"", "a key stands twice", 12 },
	/* top */
	{ "\"version\": 1", "\"version\": 2",
	    "this version of the policy format is not known", 1 },
	{ "\"version\": 1", "\"version\": \"1\"",
	    "an integer must stand here: \"1\"", 1 },
	{ "\"prod-gpu\"", "\"\"",
	    "not a name of 1 to 63 letters, digits and -_.", 1 },
	{ "\"prod-gpu\"", "null", "a string must stand here", 1 },
	{ "\"refuse\"", "\"allow\"",
	    "none of the words that may stand here: \"allow\"", 17 },
	{ "\"floor\"", "\"none\"", "only the clock \"floor\" has a date: "
	    "\"2026-11-01T00:00:00Z\"", 2 },
	{ "\"floor\"", "\"wall\"",
	    "none of the words that may stand here: \"wall\"", 2 },
	{ "\"2026-11-01T00:00:00Z\"", "\"2026-11-01\"",
	    "not a time like 2026-11-01T00:00:00Z: \"2026-11-01\"", 2 },
	{ "\"arm-cca:bet0\"", "\"arm-cca\"", "no platform and ABI like "
	    "\"arm-cca:bet0\", or \"emulated\": \"arm-cca\"", 3 },
	{ "\"arm-cca:bet0\"", "\"sev-tio\"", "no platform and ABI like "
	    "\"arm-cca:bet0\", or \"emulated\": \"sev-tio\"", 3 },
	{ "\"emulated\"", "\"emulated:1\"", "no platform and ABI like "
	    "\"arm-cca:bet0\", or \"emulated\": \"emulated:1\"", 3 },
	/* device */
	{ "\"gpu\"", "\"g/pu\"",
	    "not a name of 1 to 63 letters, digits and -_.: \"g/pu\"", 5 },
	{ "\"vendor-root\"", "\"../root\"",
	    "not a name of 1 to 63 letters, digits and -_.: \"../root\"", 8 },
	{ "\"vendor-root\"", "\".root\"",
	    "not a name of 1 to 63 letters, digits and -_.: \".root\"", 8 },
	{ "\"vendor-root\"", "\"" ZEROS ZEROS "\"",
	    "not a name of 1 to 63 letters, digits and -_.: \"" ZEROS ZEROS
	    "\"", 8 },
	{ "\"min\": 1, \"max\": 8", "\"min\": 9, \"max\": 8",
	    "min is more than max", 5 },
	{ "\"min\": 1, \"max\": 8", "\"min\": 0, \"max\": 0",
	    "an integer out of range", 5 },
	{ "\"min\": 1, \"max\": 8", "\"min\": -1, \"max\": 8",
	    "an integer out of range", 5 },
	{ "\"min\": 1, \"max\": 8", "\"min\": 1, \"max\": 4294967297",
	    "an integer out of range", 5 },
	{ "\"10de\"", "\"10d\"",
	    "hex digits, or not as many as asked: \"10d\"", 7 },
	{ "\"10de\"", "\"0x10de\"",
	    "hex digits, or not as many as asked: \"0x10de\"", 7 },
	{ "\"10de\"", "\"0000\"", "no vendor has this id: \"0000\"", 7 },
	{ "\"10de\"", "\"ffff\"", "no vendor has this id: \"ffff\"", 7 },
	{ "\"10de\"", "4318", "a string must stand here", 7 },
	{ "\"2330\"", "\"23300\"",
	    "hex digits, or not as many as asked: \"23300\"", 7 },
	{ "\"1.1\"", "\"1.5\"",
	    "none of the words that may stand here: \"1.5\"", 9 },
	{ "[\"1.1\"]", "\"1.1\"", "a list must stand here: \"1.1\"", 9 },
	{ "[\"ecdsa-p384\"]", "[\"ecdsa-p192\"]",
	    "no such signature algorithm: \"ecdsa-p192\"", 9 },
	{ "[\"ecdsa-p384\"]", "[\"none\"]",
	    "no such signature algorithm: \"none\"", 9 },
	{ "[\"sha384\"]", "[\"sha1\"]", "no such hash algorithm: \"sha1\"",
	    10 },
	{ "\"ecdsa-p384,sha384\"", "\"ecdsa-p384\"", "not \"ASYM,HASH\" or "
	    "\"ASYM,HASH,MEASHASH\" of known algorithms: \"ecdsa-p384\"", 10 },
	/* measurements */
	{ "\"254\"", "\"255\"",
	    "not a measurement index from 1 to 254: \"255\"", 12 },
	{ "\"254\"", "\"0\"", "not a measurement index from 1 to 254: \"0\"",
	    12 },
	{ "\"254\"", "\"\"", "not a measurement index from 1 to 254", 12 },
	{ "\"254\"", "\"01\"", "not a measurement index from 1 to 254: \"01\"",
	    12 },
	{ "\"254\"", "\"4294967297\"",
	    "not a measurement index from 1 to 254: \"4294967297\"", 12 },
	{ "\"254\"", "\"+4\"", "not a measurement index from 1 to 254: \"+4\"",
	    12 },
	{ "{ \"1\": [\"" VALUE "\", \"sha256:" ONES ONES "\"],\n"
	    "      \"254\": [\"sha512:" ONES ONES ONES ONES "\"] }", "{}",
	    "it names no measurement", 11 },
	{ "\"" VALUE "\", ", "\"" VALUE "\", \"" VALUE "\", ",
	    "an item stands twice in a list: \"sha384:", 11 },
	{ "sha256:" ONES ONES, "sha256:" ONES,
	    "not the hex digits of one digest of its algorithm: \"sha256:"
	    ONES "\"", 11 },
	{ "sha256:" ONES ONES, "sha384:" ONES ONES,
	    "not the hex digits of one digest of its algorithm: \"sha384:",
	    11 },
	{ "sha256:" ONES ONES,
	    "sha256:" ONES "1111111111111111111111111111111g",
	    "not the hex digits of one digest of its algorithm: \"sha256:",
	    11 },
	{ "sha256:" ONES ONES, "md5:" ONES, "no such hash algorithm: \"md5\"",
	    11 },
	{ "sha256:" ONES ONES, ONES ONES, "not \"algorithm:hex\": \"" ONES,
	    11 },
	{ "sha256:" ONES ONES, "", "not \"algorithm:hex\"", 11 },
	/* report */
	{ "true", "1", "true or false must stand here", 13 },
	{ "\"locked-or-absent\"", "\"locked\"",
	    "none of the words that may stand here: \"locked\"", 13 },
	{ "\"platform\"", "\"pages\"",
	    "none of the words that may stand here: \"pages\"", 15 },
	{ "65535", "65536", "an integer out of range", 14 },
	{ "65535", "-1", "an integer out of range", 14 },
	{ "65535", "\"1\"", "an integer must stand here: \"1\"", 14 },
	/* tolerate-unknown */
	{ "\"revocation\"", "\"everything\"", "no such check: \"everything\"",
	    16 },
	{ "\"revocation\"", "\"signature\"",
	    "no unknown of this check is tolerable: \"signature\"", 16 },
	{ "\"revocation\"", "\"nonce\"",
	    "no unknown of this check is tolerable: \"nonce\"", 16 },
	{ "\"revocation\"", "\"tsm-digest-report\"",
	    "no unknown of this check is tolerable: \"tsm-digest-report\"",
	    16 },
	{ "\"revocation\"", "\"reference-values\"",
	    "no unknown of this check is tolerable: \"reference-values\"",
	    16 },
	{ "\"revocation\"", "\"tsm-digest-chain\", \"tsm-digest-measurements\"",
	    "the TSM must vouch for the chain or for the measurements: both "
	    "are tolerated as unknown", 16 },
};

START_TEST(refuses)
{
	const struct refused *r = &refused[_i];
	char *text = replaced(good, r->from, r->to);
	struct da_slice exact = exactly(text, strlen(text));
	struct da_policy_error error = { "", 0, 0 };

	ck_assert_msg(da_policy_parse(exact, &error) == NULL, "%s", r->to);
	ck_assert_msg(strncmp(error.text, r->error, strlen(r->error)) == 0,
	    "%s: %s", r->to, error.text);
	ck_assert_msg(error.line == r->line, "%s: line %u", r->to, error.line);
	free((void *)(uintptr_t)exact.p);
	free(text);
}
END_TEST

START_TEST(place_is_exact)
{
	struct da_policy_error error = { "", 0, 0 };

	ck_assert_ptr_null(da_policy_parse(da_slice_str(
	    "{ \"version\": 1,\n\t\"colour\": 3 }"), &error));
	ck_assert_str_eq(error.text, "unknown key: \"colour\"");
	ck_assert_uint_eq(error.line, 2);
	ck_assert_uint_eq(error.column, 2);
}
END_TEST

START_TEST(a_class_has_one_rule)
{
	static const char one[] = "{\"class\":\"a\",\"match\":"
	    "{\"pci-vendor\":\"1234\"}}";
	struct da_policy_error error = { "", 0, 0 };
	char text[512];

	snprintf(text, sizeof(text), "{\"version\":1,\"name\":\"n\","
	    "\"platforms\":[\"tdx:1\"],\"devices\":[%s,%s]}", one, one);
	ck_assert_ptr_null(da_policy_parse(da_slice_str(text), &error));
	/* The two are equal, but objects are no names: the class is what is
	 * twice. */
	ck_assert_str_eq(error.text, "a class has two rules: \"a\"");
}
END_TEST

static void
refuses_many(const char *list, unsigned int n, const char *wanted)
{
	struct da_policy_error error = { "", 0, 0 };
	char items[4096] = "", *text;
	size_t at = 0;

	for (unsigned int i = 0; i < n; i++)
		at += (size_t)snprintf(items + at, sizeof(items) - at,
		    "%s\"%s%04u\"", i == 0 ? "[" : ",", "", i + 1);
	snprintf(items + at, sizeof(items) - at, "]");
	text = replaced(good, list, items);
	ck_assert_ptr_null(da_policy_parse(da_slice_str(text), &error));
	ck_assert_str_eq(error.text, wanted);
	free(text);
}

START_TEST(lists_have_caps)
{
	refuses_many("[\"2330\", \"2901\"]", DA_POLICY_MAX_LIST + 1,
	    "more items than the cap");
	refuses_many("[\"vendor-root\"]", DA_POLICY_MAX_LIST + 1,
	    "more items than the cap");
}
END_TEST

START_TEST(size_has_a_cap)
{
	struct da_policy_error error = { "", 0, 0 };
	uint8_t *spaces = malloc(DA_POLICY_MAX_BYTES + 1);

	ck_assert_ptr_nonnull(spaces);
	memset(spaces, ' ', DA_POLICY_MAX_BYTES + 1);
	ck_assert_ptr_null(da_policy_parse(da_slice_of(spaces,
	    DA_POLICY_MAX_BYTES + 1), &error));
	ck_assert_str_eq(error.text, "longer than a policy may be");
	free(spaces);
}
END_TEST

START_TEST(no_prefix_passes)
{
	struct da_policy_error error;

	for (size_t n = 0; n < sizeof(good) - 1; n++) {
		struct da_slice text = exactly(good, n);

		ck_assert_ptr_null(da_policy_parse(text, &error));
		free((void *)(uintptr_t)text.p);
	}
}
END_TEST

/* -- the shipped default -- */

static char *
shipped(void)
{
	const char *source = getenv("DEVATTEST_SOURCE");
	char path[4096], *text = calloc(1, 4096);
	FILE *file;

	if (source == NULL) {
		fprintf(stderr, "SKIPPED: DEVATTEST_SOURCE is not set, so the "
		    "shipped policy was not read\n");
		free(text);
		return NULL;
	}
	ck_assert_ptr_nonnull(text);
	snprintf(path, sizeof(path), "%s/policy/default-policy.json", source);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	ck_assert_uint_gt(fread(text, 1, 4095, file), 0);
	fclose(file);
	return text;
}

START_TEST(default_accepts_nothing)
{
	char *text = shipped();
	struct da_ticket ticket = { .platform = DA_PLATFORM_EMULATED };
	struct da_policy *p;

	if (text == NULL)
		return;
	p = parsed(text);
	ck_assert_uint_eq(p->n_rules, 0);
	ck_assert_uint_eq(p->n_platforms, 0);
	ck_assert(p->others_refused);
	ticket.pci.vendor = 0x10de;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	da_policy_free(p);
	free(text);
}
END_TEST

/* -- which rule -- */

START_TEST(rule_goes_by_ids)
{
	struct da_policy *p = parsed(good);
	struct da_ticket ticket = { .pci = { .vendor = 0x10de,
	    .device = 0x2901 } };

	ck_assert_ptr_eq(da_policy_rule_for(p, &ticket), &p->rule[0]);
	ticket.pci.device = 0x2902;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ticket.pci.device = 0x2330;
	ticket.pci.vendor = 0x1002;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ticket.pci.vendor = 0;
	ck_assert_ptr_null(da_policy_rule_for(p, &ticket));
	ck_assert_ptr_null(da_policy_rule_for(p, NULL));
	p->rule[0].n_pci_device = 0;
	ticket.pci.vendor = 0x10de;
	ticket.pci.device = 0x1;
	ck_assert_ptr_eq(da_policy_rule_for(p, &ticket), &p->rule[0]);
	da_policy_free(p);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("policy");
	TCase *t = tcase_create("policy");

	tcase_add_test(t, reads_all);
	tcase_add_test(t, reads_all_of_spdm);
	tcase_add_test(t, reads_all_of_report);
	tcase_add_test(t, a_missing_rule_is_no_yes);
	tcase_add_loop_test(t, refuses, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, place_is_exact);
	tcase_add_test(t, a_class_has_one_rule);
	tcase_add_test(t, lists_have_caps);
	tcase_add_test(t, size_has_a_cap);
	tcase_add_test(t, no_prefix_passes);
	tcase_add_test(t, default_accepts_nothing);
	tcase_add_test(t, rule_goes_by_ids);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

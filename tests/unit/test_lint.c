/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/lint_note.h"
#include "policy_text.h"
#include "verifier/sig.h"

/* A policy that nothing is to be said of. */
static const char clean[] =
"{ \"version\": 1, \"name\": \"clean\",\n"
"  \"clock\": { \"source\": \"floor\", "
    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
"  \"platforms\": [\"arm-cca:bet0\"],\n"
"  \"devices\": [ {\n"
"    \"class\": \"gpu\", \"count\": { \"min\": 1, \"max\": 8 },\n"
"    \"functions-per-device\": { \"min\": 1, \"max\": 2 },\n"
"    \"match\": { \"pci-vendor\": \"10de\", \"pci-device\": [\"2330\"] },\n"
"    \"roots\": [\"vendor-root\"],\n"
"    \"spdm\": { \"versions\": [\"1.1\"], \"asym\": [\"ecdsa-p384\"],\n"
"      \"hash\": [\"sha384\"], \"without-vca\": \"ecdsa-p384,sha384\" },\n"
"    \"measurements\": { \"1\": [\"sha256:" ONES ONES "\"] },\n"
"    \"floors\": { \"svn\": { \"7\": 3 } },\n"
"    \"device-mode\": { \"debug\": \"off\" },\n"
"    \"report\": { \"no-fw-update\": true, \"msix\": \"locked-or-absent\",\n"
"      \"shared-ranges\": [2], \"updatable-ranges\": [],\n"
"      \"private-ranges\": [0, 4], \"page-unit\": \"platform\" },\n"
"    \"tolerate-unknown\": [\"revocation\"],\n"
"    \"warn-only\": [] } ],\n"
"  \"others\": \"refuse\", \"boot-deadline-seconds\": 120 }";

#define NIC	"\"warn-only\": [] "
#define A_NIC(match)							\
	"\"warn-only\": [] }, { \"class\": \"nic\",\n"			\
	"    \"count\": { \"min\": 1, \"max\": 8 },\n"			\
	"    \"functions-per-device\": { \"min\": 1, \"max\": 1 },\n"	\
	"    \"match\": { " match " },\n"				\
	"    \"roots\": [\"nic-root\"],\n"				\
	"    \"spdm\": { \"versions\": [\"1.2\"], "			\
	"\"asym\": [\"ecdsa-p256\"], \"hash\": [\"sha256\"] },\n"	\
	"    \"measurements\": { \"2\": [\"sha256:" ONES ONES "\"] },\n" \
	"    \"device-mode\": { \"debug\": \"off\" },\n"		\
	"    \"report\": { \"private-ranges\": [0], "			\
	"\"page-unit\": \"byte\" },\n"					\
	"    \"tolerate-unknown\": [\"revocation\"]\n"

static struct da_lint found;

static bool
lints(const char *text)
{
	struct da_slice exact = exactly(text, strlen(text));
	bool ok;

	memset(&found, 0xee, sizeof(found));
	ok = da_lint_policy(exact, &found);
	free((void *)(uintptr_t)exact.p);
	return ok;
}

/* The clean policy with one piece replaced. */
static bool
lints_with(const char *from, const char *to)
{
	char *text = replaced(clean, from, to);
	bool ok = lints(text);

	free(text);
	return ok;
}

static void
tell_notes(void)
{
	for (size_t i = 0; i < found.n; i++)
		fprintf(stderr, "%u:%u: %s: %s\n", found.note[i].line,
		    found.note[i].column, found.note[i].name,
		    found.note[i].text);
}

START_TEST(nothing_to_say)
{
	bool ok = lints(clean);

	tell_notes();
	ck_assert(ok);
	ck_assert_uint_eq(found.n, 0);
	/* Nor of a second rule beside it. */
	ck_assert(lints_with(NIC,
	    A_NIC("\"pci-vendor\": \"15b3\", \"pci-device\": [\"2330\"]")));
	tell_notes();
	ck_assert_uint_eq(found.n, 0);
}
END_TEST

/* -- one piece replaced, one note more -- */

static const struct {
	const char *from, *to;
	enum da_lint_name name;
	const char *said;		/* what the text ends with */
	uint32_t line, column;
} noted[] = {
	{ "\"others\"", "\"Others\"", DA_L_FORM, "unknown key: \"Others\"",
	    19, 3 },
	{ "[2]", "[2", DA_L_FORM, "a comma or the closing bracket must stand "
	    "here", 15, 46 },
	{ "\"revocation\"", "\"tsm-digest-measurements\", "
	    "\"tsm-digest-chain\"", DA_L_FORM,
	    "both are tolerated as unknown", 17, 5 },
	/* the whole */
	{ "\"source\": \"floor\", \"not-before\": \"2026-11-01T00:00:00Z\"",
	    "\"source\": \"none\"", DA_L_NOT_TOLERATED, ": \"validity\"",
	    17, 5 },
	{ "\"source\": \"floor\", \"not-before\": \"2026-11-01T00:00:00Z\"",
	    "\"source\": \"none\"", DA_L_CLOCK_NONE, "passes", 2, 3 },
	{ "\"arm-cca:bet0\"", "\"tdx:1\", \"emulated\"", DA_L_EMULATED,
	    "proves nothing", 3, 26 },
	{ "\"arm-cca:bet0\"", "\"sev-tio:1\"", DA_L_DEVICE_ID_CHOSEN,
	    "device id", 3, 17 },
	{ "\"arm-cca:bet0\"", "\"sev-tio:2\", \"sev-tio\"", DA_L_ANY_ABI,
	    ": \"sev-tio\"", 3, 30 },
	{ "\"refuse\"", "\"untrusted\"", DA_L_OTHERS_UNTRUSTED, "drivers",
	    19, 3 },
	{ "120", "29", DA_L_DEADLINE_SHORT, "30 seconds", 19, 23 },
	/* match and counts */
	{ NIC, A_NIC("\"pci-vendor\": \"10de\", \"pci-device\": [\"2330\"]"),
	    DA_L_SHADOWED, ": \"nic\"", 21, 5 },
	{ NIC, A_NIC("\"pci-vendor\": \"10de\", "
	    "\"pci-device\": [\"2331\", \"2330\"]"), DA_L_PARTLY_SHADOWED,
	    ": \"nic\"", 21, 61 },
	{ ", \"pci-device\": [\"2330\"]", "", DA_L_ANY_DEVICE, ": \"gpu\"", 7,
	    16 },
	{ "\"min\": 1, \"max\": 8", "\"max\": 8, \"min\": 0",
	    DA_L_COUNT_MIN_0, ": \"gpu\"", 5, 42 },
	{ "\"min\": 1, \"max\": 2", "\"min\": 0, \"max\": 2",
	    DA_L_FUNCTIONS_MIN_0, ": \"gpu\"", 6, 31 },
	/* keys that are missing, at the rule */
	{ "    \"roots\": [\"vendor-root\"],\n", "", DA_L_NEVER_KEPT,
	    ": \"roots\"", 4, 16 },
	{ ", \"count\": { \"min\": 1, \"max\": 8 }", "", DA_L_NEVER_KEPT,
	    ": \"count\"", 4, 16 },
	{ "    \"functions-per-device\": { \"min\": 1, \"max\": 2 },\n", "",
	    DA_L_NEVER_KEPT, ": \"functions-per-device\"", 4, 16 },
	{ "\"versions\": [\"1.1\"], ", "", DA_L_NEVER_KEPT, ": \"versions\"",
	    4, 16 },
	{ "\"asym\": [\"ecdsa-p384\"],\n", "", DA_L_NEVER_KEPT, ": \"asym\"",
	    4, 16 },
	{ "\"hash\": [\"sha384\"], ", "", DA_L_NEVER_KEPT, ": \"hash\"", 4,
	    16 },
	{ "    \"measurements\": { \"1\": [\"sha256:" ONES ONES "\"] },\n", "",
	    DA_L_NEVER_KEPT, ": \"measurements\"", 4, 16 },
	{ ", \"page-unit\": \"platform\"", "", DA_L_NEVER_KEPT,
	    ": \"page-unit\"", 4, 16 },
	{ "[\"revocation\"]", "[\"device-identity\"]", DA_L_NOT_TOLERATED,
	    ": \"revocation\"", 17, 5 },
	{ "    \"tolerate-unknown\": [\"revocation\"],\n", "",
	    DA_L_NOT_TOLERATED, ": \"revocation\"", 4, 16 },
	/* spdm */
	{ ", \"without-vca\": \"ecdsa-p384,sha384\"", "", DA_L_VCA_NO_RULE,
	    ": \"gpu\"", 9, 15 },
	{ "\"1.1\"", "\"1.2\", \"1.4\"", DA_L_VCA_UNUSED, ": \"gpu\"", 10,
	    27 },
	{ "ecdsa-p384,sha384", "ecdsa-p256,sha384", DA_L_OTHER_ALGORITHMS,
	    ": \"gpu\"", 10, 27 },
	{ "ecdsa-p384,sha384", "ecdsa-p384,sha512", DA_L_OTHER_ALGORITHMS,
	    ": \"gpu\"", 10, 27 },
	{ "[\"sha384\"]", "[\"sha384\", \"sha256\"]", DA_L_WEAK_HASH,
	    ": \"gpu\"", 10, 26 },
	{ "[\"ecdsa-p384\"]", "[\"ecdsa-p384\", \"rsapss-2048\"]",
	    DA_L_WEAK_KEY, ": \"gpu\"", 9, 59 },
	{ "[\"ecdsa-p384\"]", "[\"ecdsa-p384\", \"ed25519\"]",
	    DA_L_ALGORITHM_LATER, ": \"gpu\"", 9, 59 },
	/* names, lists, keys */
	{ "\"roots\": [\"vendor-root\"]",
	    "\"provisioned-keys\": [\"k\"], "
	    "\"identity\": { \"pci-name\": true }", DA_L_NO_LEAF,
	    ": \"gpu\"", 8, 32 },
	{ "\"roots\": [\"vendor-root\"]",
	    "\"provisioned-keys\": [\"k\"],\n"
	    "\"identity\": { \"device-info\": [\"a:b:*\"] }", DA_L_NO_LEAF,
	    ": \"gpu\"", 9, 1 },
	{ "\"roots\": [\"vendor-root\"]",
	    "\"provisioned-keys\": [\"k\"],\n"
	    "\"nvidia\": { \"fwid\": \"leaf\" }", DA_L_NO_LEAF,
	    ": \"gpu\"", 9, 13 },
	{ "\"roots\": [\"vendor-root\"]", "\"provisioned-keys\": [\"k\"],\n"
	    "\"revocation\": { \"mode\": \"crl\" }", DA_L_CRL_UNUSED,
	    ": \"gpu\"", 9, 1 },
	{ "\"roots\"", "\"identity\": { \"device-info\": "
	    "[\"a:b:1\", \"a:b:*\", \"a:c:2\"] },\n\"roots\"",
	    DA_L_INFO_COVERED, ": \"gpu\"", 8, 35 },
	/* measurements, floors, device-mode */
	{ "sha256:" ONES ONES, "sha256:" ZEROS ZEROS, DA_L_VALUE_OF_NOTHING,
	    ": \"gpu\"", 11, 29 },
	{ "sha256:" ONES ONES, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41"
	    "e4649b934ca495991b7852b855", DA_L_VALUE_OF_NOTHING, ": \"gpu\"",
	    11, 29 },
	{ "\"7\": 3", "\"8\": 2, \"1\": 3", DA_L_FLOOR_PINNED, ": \"gpu\"",
	    12, 34 },
	{ "\"7\": 3", "\"7\": 0", DA_L_FLOOR_0, ": \"gpu\"", 12, 26 },
	{ "\"off\"", "\"any\"", DA_L_DEBUG_ANY, ": \"gpu\"", 13, 22 },
	{ "    \"device-mode\": { \"debug\": \"off\" },\n", "",
	    DA_L_DEBUG_NO_RULE, ": \"gpu\"", 4, 16 },
	/* report */
	{ "true", "false", DA_L_FW_UPDATE, ": \"gpu\"", 14, 17 },
	{ "\"locked-or-absent\"", "\"any\"", DA_L_MSIX_ANY, ": \"gpu\"", 14,
	    39 },
	{ "\"private-ranges\": [0, 4], ", "", DA_L_NO_PRIVATE_RANGE,
	    ": \"gpu\"", 14, 5 },
	{ "[0, 4]", "[]", DA_L_NO_PRIVATE_RANGE, ": \"gpu\"", 16, 7 },
	{ "[0, 4]", "[0, 2]", DA_L_RANGE_BOTH, ": \"gpu\"", 16, 29 },
	{ "[0, 4]", "[6, 4]", DA_L_RANGE_NO_BAR, ": \"gpu\"", 16, 26 },
	{ "[2]", "[2, 17]", DA_L_RANGE_NO_BAR, ": \"gpu\"", 15, 28 },
	{ "\"updatable-ranges\": []", "\"updatable-ranges\": [65535]",
	    DA_L_RANGE_NO_BAR, ": \"gpu\"", 15, 50 },
	/* tolerate-unknown, warn-only */
	{ "\"revocation\"]", "\"revocation\", \"tsm-tokens\"]",
	    DA_L_TOLERATES, "would do: \"tsm-tokens\"", 17, 40 },
	{ "\"revocation\"]", "\"session-key\", \"revocation\"]",
	    DA_L_TOLERATES, "one that signed: \"session-key\"", 17, 26 },
	{ "\"warn-only\": []", "\"warn-only\": [\"svn-floor\"]",
	    DA_L_WARN_ONLY, ": \"svn-floor\"", 18, 19 },
	{ "    \"floors\": { \"svn\": { \"7\": 3 } },\n"
	    "    \"device-mode\": { \"debug\": \"off\" },\n"
	    "    \"report\": { \"no-fw-update\": true, \"msix\": "
	    "\"locked-or-absent\",\n"
	    "      \"shared-ranges\": [2], \"updatable-ranges\": [],\n"
	    "      \"private-ranges\": [0, 4], \"page-unit\": \"platform\" },\n"
	    "    \"tolerate-unknown\": [\"revocation\"],\n"
	    "    \"warn-only\": []",
	    "    \"device-mode\": { \"debug\": \"off\" },\n"
	    "    \"report\": { \"page-unit\": \"page\", "
	    "\"private-ranges\": [3] },\n"
	    "    \"tolerate-unknown\": [\"revocation\"],\n"
	    "    \"warn-only\": [\"svn-floor\"]", DA_L_WARN_UNUSED,
	    ": \"svn-floor\"", 15, 19 },
	{ "\"warn-only\": []", "\"warn-only\": [\"revocation\"]",
	    DA_L_NEVER_REFUSES, ": \"revocation\"", 18, 19 },
};

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static const char *
name_of(enum da_lint_name name)
{
	static const char *const names[] = {
#define X(name, level, text) #name,
		DA_LINT_NOTES(X)
#undef X
	};

	return names[name];
}

static enum da_lint_level
level_of(enum da_lint_name name)
{
	static const enum da_lint_level levels[] = {
#define X(name, level, text) DA_LINT_##level,
		DA_LINT_NOTES(X)
#undef X
	};

	return levels[name];
}

START_TEST(notes)
{
	bool ok = lints_with(noted[_i].from, noted[_i].to);
	bool there = false, error = false;

	tell_notes();
	for (size_t i = 0; i < found.n; i++) {
		const struct da_lint_note *n = &found.note[i];

		ck_assert_uint_eq(strlen(n->text), strcspn(n->text, "\n"));
		error = error || n->level == DA_LINT_ERROR;
		if (strcmp(n->name, name_of(noted[_i].name)) != 0)
			continue;
		there = true;
		ck_assert_int_eq(n->level, level_of(noted[_i].name));
		ck_assert_msg(ends_with(n->text, noted[_i].said), "%s",
		    n->text);
		ck_assert_uint_eq(n->line, noted[_i].line);
		ck_assert_uint_eq(n->column, noted[_i].column);
	}
	ck_assert_msg(there, "no %s", name_of(noted[_i].name));
	ck_assert(ok == !error);
	/* One wrong thing, one note: but a clock is two checks' business. */
	ck_assert_uint_eq(found.n, strstr(noted[_i].to, "none") ? 2 : 1);
}
END_TEST

/* -- revocation: whose word it is -- */

#define CRL "\"revocation\": { \"mode\": \"crl\" },\n\"roots\""

static bool
lints_with_two(const char *from, const char *to, const char *and_from,
    const char *and_to)
{
	char *first = replaced(clean, from, to);
	char *text = replaced(first, and_from, and_to);
	bool ok = lints(text);

	free(first);
	free(text);
	return ok;
}

static void
notes_only(const char *name)
{
	tell_notes();
	ck_assert_uint_eq(found.n, 1);
	ck_assert_str_eq(found.note[0].name, name);
}

START_TEST(lists_and_tolerance)
{
	static const char tolerated[] =
	    "    \"tolerate-unknown\": [\"revocation\"],\n";

	/* A list of each issuer is asked for, and nothing is borne. */
	ck_assert(lints_with_two(tolerated, "", "\"roots\"", CRL));
	tell_notes();
	ck_assert_uint_eq(found.n, 0);
	ck_assert(lints_with("\"roots\"", CRL));
	notes_only("TOLERATES");
	ck_assert_ptr_nonnull(strstr(found.note[0].text, "no list passes"));
	ck_assert(!lints_with_two("\"warn-only\": []",
	    "\"warn-only\": [\"revocation\"]", tolerated, ""));
	ck_assert_uint_eq(found.n, 2);
	ck_assert_str_eq(found.note[0].name, "NOT_TOLERATED");
	ck_assert_str_eq(found.note[1].name, "WARN_UNUSED");
}
END_TEST

/* Without a time a list's age is not known, nor whether it is one still. */
START_TEST(lists_need_a_time)
{
	ck_assert(!lints_with_two("\"source\": \"floor\", "
	    "\"not-before\": \"2026-11-01T00:00:00Z\"",
	    "\"source\": \"none\"", "\"roots\"", CRL));
	tell_notes();
	ck_assert_uint_eq(found.n, 4);
	ck_assert_str_eq(found.note[0].name, "NOT_TOLERATED");
	ck_assert_str_eq(found.note[1].name, "CLOCK_NONE");
	ck_assert_str_eq(found.note[2].name, "CRL_NO_TIME");
	ck_assert_str_eq(found.note[3].name, "TOLERATES");
}
END_TEST

/* A key of the owner's has no chain: none to expire, none to revoke. */
START_TEST(a_key_asks_for_no_root)
{
	static const char tolerated[] =
	    "    \"tolerate-unknown\": [\"revocation\"],\n";

	ck_assert(lints_with_two("\"roots\": [\"vendor-root\"]",
	    "\"provisioned-keys\": [\"k\"]", tolerated, ""));
	tell_notes();
	ck_assert_uint_eq(found.n, 0);
	/* Beside roots it changes nothing of what they ask for. */
	ck_assert(!lints_with_two("\"roots\"",
	    "\"provisioned-keys\": [\"k\"], \"roots\"", tolerated, ""));
	notes_only("NOT_TOLERATED");
}
END_TEST

START_TEST(a_name_that_config_space_hides)
{
	ck_assert(lints_with_two("\"revocation\"",
	    "\"revocation\", \"device-identity\"", "\"roots\"",
	    "\"identity\": { \"pci-name\": true }, \"roots\""));
	notes_only("TOLERATES");
	ck_assert_ptr_nonnull(strstr(found.note[0].text, "config space"));
}
END_TEST

/* What is to be had depends on the OpenSSL that is linked. */
START_TEST(algorithms_that_are_not_to_be_had)
{
	bool can = da_sig_can(DA_ASYM_MLDSA_65);

	ck_assert(lints_with_two("[\"ecdsa-p384\"]",
	    "[\"ecdsa-p384\", \"mldsa-65\"]", "\"1.1\"",
	    "\"1.1\", \"1.4\""));
	if (!can)
		notes_only("UNSUPPORTED");
	else
		ck_assert_uint_eq(found.n, 0);
	ck_assert(lints_with("[\"ecdsa-p384\"]",
	    "[\"ecdsa-p384\", \"mldsa-65\"]"));
	notes_only(can ? "ALGORITHM_LATER" : "UNSUPPORTED");
	ck_assert(lints_with("[\"sha384\"]", "[\"sha384\", \"sm3\"]"));
	ck_assert_str_eq(found.note[0].name, da_hash_can(DA_HASH_SM3) ?
	    "ALGORITHM_LATER" : "UNSUPPORTED");
}
END_TEST

/* A name that nothing provokes is a note that nobody will see. */
START_TEST(every_name_is_noted)
{
	for (unsigned int name = 0; name < DA_L_COUNT; name++) {
		/* These have tests of their own. */
		bool there = name == DA_L_ACCEPTS_NOTHING ||
		    name == DA_L_CRL_NO_TIME || name == DA_L_UNSUPPORTED;

		for (size_t i = 0; i < sizeof(noted) / sizeof(noted[0]); i++)
			there = there || noted[i].name == name;
		ck_assert_msg(there, "%s", name_of((enum da_lint_name)name));
	}
}
END_TEST

/* -- several -- */

START_TEST(tolerances_one_by_one)
{
	static const char *const heavy[] = { "tsm-digest-chain",
		"tsm-digest-measurements", "tsm-digest-report", "tsm-state",
		"tsm-tokens", "session-key", "validity", "algorithms", "slot",
		"nonce", "report-shape" };
	static const char *const light[] = { "tsm-digest-vca", "challenge",
		"content-changed", "measurement-log", "device-identity" };
	char to[80];

	for (size_t i = 0; i < sizeof(heavy) / sizeof(heavy[0]); i++) {
		snprintf(to, sizeof(to), "[\"revocation\", \"%s\"]", heavy[i]);
		ck_assert(lints_with("[\"revocation\"]", to));
		ck_assert_uint_eq(found.n, 1);
		ck_assert_str_eq(found.note[0].name, "TOLERATES");
		ck_assert_ptr_nonnull(strstr(found.note[0].text, heavy[i]));
	}
	for (size_t i = 0; i < sizeof(light) / sizeof(light[0]); i++) {
		snprintf(to, sizeof(to), "[\"revocation\", \"%s\"]", light[i]);
		ck_assert(lints_with("[\"revocation\"]", to));
		ck_assert_uint_eq(found.n, 0);
	}
}
END_TEST

/* A whole vendor before one of its devices, and the other way about. */
START_TEST(vendors_and_devices)
{
	char *vendor = replaced(clean, ", \"pci-device\": [\"2330\"]", "");
	char *both = replaced(vendor, NIC,
	    A_NIC("\"pci-vendor\": \"10de\", \"pci-device\": [\"1234\"]"));

	ck_assert(!lints(both));
	ck_assert_str_eq(found.note[0].name, "SHADOWED");
	free(both);
	both = replaced(vendor, NIC, A_NIC("\"pci-vendor\": \"10de\""));
	ck_assert(!lints(both));
	ck_assert_str_eq(found.note[0].name, "SHADOWED");
	free(both);
	free(vendor);
	both = replaced(clean, NIC, A_NIC("\"pci-vendor\": \"10de\""));
	ck_assert(lints(both));
	ck_assert_uint_eq(found.n, 1);
	ck_assert_str_eq(found.note[0].name, "ANY_DEVICE");
	free(both);
}
END_TEST

START_TEST(an_empty_rule_lacks_everything)
{
	ck_assert(!lints("{\"version\":1,\"name\":\"a\","
	    "\"platforms\":[\"tdx:1\"],\"devices\":[{\"class\":\"c\","
	    "\"match\":{\"pci-vendor\":\"1234\",\"pci-device\":[\"1\"]}}]}"));
	ck_assert_str_eq(found.note[0].name, "FORM");
	ck_assert(!lints("{\"version\":1,\"name\":\"a\","
	    "\"platforms\":[\"tdx:1\"],\"devices\":[{\"class\":\"c\","
	    "\"match\":{\"pci-vendor\":\"1234\","
	    "\"pci-device\":[\"0001\"]}}]}"));
	/* Eight keys; revocation and validity; then the warnings. */
	for (size_t i = 0; i < 8; i++)
		ck_assert_str_eq(found.note[i].name, "NEVER_KEPT");
	ck_assert_str_eq(found.note[8].name, "NOT_TOLERATED");
	ck_assert_str_eq(found.note[9].name, "NOT_TOLERATED");
	ck_assert_str_eq(found.note[10].name, "CLOCK_NONE");
	ck_assert_uint_eq(found.note[10].line, 0);
	ck_assert_str_eq(found.note[11].name, "DEBUG_NO_RULE");
	ck_assert_uint_eq(found.n, 12);
}
END_TEST

/* However much there is to warn of, an error stands in front of it. */
START_TEST(errors_come_first)
{
	size_t room = 64 * 1024, at;
	char *text = malloc(room);

	ck_assert_ptr_nonnull(text);
	at = (size_t)snprintf(text, room, "{\"version\":1,\"name\":\"a\","
	    "\"platforms\":[\"emulated\"],\"devices\":[");
	for (unsigned int i = 0; i < DA_POLICY_MAX_RULES; i++)
		at += (size_t)snprintf(text + at, room - at,
		    "%s{\"class\":\"c%u\",\"match\":{\"pci-vendor\":\"%04x\"},"
		    "\"device-mode\":{\"debug\":\"any\"}}", i == 0 ? "" : ",",
		    i, i + 1);
	snprintf(text + at, room - at, "]}");
	ck_assert(!lints(text));
	ck_assert_uint_eq(found.n, DA_LINT_MAX);
	for (size_t i = 0; i < found.n; i++)
		ck_assert_int_eq(found.note[i].level, DA_LINT_ERROR);
	free(text);
}
END_TEST

/* -- what is shipped, and what is written about it -- */

static char *
read_source(const char *name)
{
	const char *source = getenv("DEVATTEST_SOURCE");
	size_t room = 256 * 1024, n;
	char path[4096], *text;
	FILE *file;

	if (source == NULL) {
		fprintf(stderr, "SKIPPED: DEVATTEST_SOURCE is not set, so %s "
		    "was not read\n", name);
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/%s", source, name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	text = calloc(1, room);
	ck_assert_ptr_nonnull(text);
	n = fread(text, 1, room - 1, file);
	ck_assert(n > 0 && n < room - 1);
	fclose(file);
	return text;
}

START_TEST(default_has_no_error)
{
	char *text = read_source("policy/default-policy.json");

	if (text == NULL)
		return;
	ck_assert(lints(text));
	ck_assert_uint_eq(found.n, 1);
	ck_assert_str_eq(found.note[0].name, "ACCEPTS_NOTHING");
	ck_assert_uint_eq(found.note[0].line, 0);
	free(text);
}
END_TEST

START_TEST(the_page_has_every_name)
{
	char *page = read_source("man/devattest-policy.5"), item[64];

	for (unsigned int name = 0; page != NULL && name < DA_L_COUNT;
	    name++) {
		snprintf(item, sizeof(item), "\n.It Sy %s\n",
		    name_of((enum da_lint_name)name));
		ck_assert_msg(strstr(page, item) != NULL,
		    "devattest-policy.5 lacks %s",
		    name_of((enum da_lint_name)name));
	}
	free(page);
}
END_TEST

/* Whoever copies an example must not be told that it is wrong. */
START_TEST(the_pages_examples_have_no_error)
{
	char *page = read_source("man/devattest-policy.5");
	char *at = page;
	int policies = 0;

	while (at != NULL && (at = strstr(at, "\n.Bd -literal")) != NULL) {
		char *text = strchr(at + 1, '\n') + 1;
		char *end = strstr(text, "\n.Ed");

		ck_assert_ptr_nonnull(end);
		*end = '\0';
		at = end + 1;
		if (strstr(text, "\"others\"") == NULL)
			continue;
		policies++;
		if (!lints(text)) {
			tell_notes();
			ck_abort_msg("%s", text);
		}
	}
	ck_assert(page == NULL || policies == 3);
	free(page);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("lint");
	TCase *t = tcase_create("lint");

	tcase_add_test(t, nothing_to_say);
	tcase_add_loop_test(t, notes, 0, sizeof(noted) / sizeof(noted[0]));
	tcase_add_test(t, every_name_is_noted);
	tcase_add_test(t, lists_and_tolerance);
	tcase_add_test(t, lists_need_a_time);
	tcase_add_test(t, a_key_asks_for_no_root);
	tcase_add_test(t, a_name_that_config_space_hides);
	tcase_add_test(t, algorithms_that_are_not_to_be_had);
	tcase_add_test(t, tolerances_one_by_one);
	tcase_add_test(t, vendors_and_devices);
	tcase_add_test(t, an_empty_rule_lacks_everything);
	tcase_add_test(t, errors_come_first);
	tcase_add_test(t, default_has_no_error);
	tcase_add_test(t, the_page_has_every_name);
	tcase_add_test(t, the_pages_examples_have_no_error);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_text.h"

/* Keys that the good policy has not: in front of one that it has. */
#define BEFORE_ROOTS(json) "\"roots\"", json ", \"roots\""
#define IDENTITY(json) BEFORE_ROOTS("\"identity\": { " json " }")
#define INFO(text) IDENTITY("\"device-info\": [\"" text "\"]")
#define NVIDIA(json) BEFORE_ROOTS("\"nvidia\": { " json " }")
#define REVOCATION(json) BEFORE_ROOTS("\"revocation\": { " json " }")
#define NO_INFO "not \"Manufacturer:Product:Serial\", or * as the serial"

/* -- refusals: a piece of a good policy replaced -- */

static const struct refused {
	const char *from, *to, *error;
	uint32_t line;
} refused[] = {
	/* closed world, at every level */
	{ "\"others\"", "\"Others\"", "unknown key: \"Others\"", 21 },
	{ "\"source\"", "\"x\\u001b\"", "unknown key: \"x\\x1b\"", 2 },
	{ "\"class\"", "\"distinct\"", "unknown key: \"distinct\"", 5 },
	{ "\"min\": 1", "\"mini\": 1", "unknown key: \"mini\"", 5 },
	{ "\"pci-device\"", "\"pci-class\"", "unknown key: \"pci-class\"", 7 },
	{ "\"asym\"", "\"sign\"", "unknown key: \"sign\"", 9 },
	{ "\"msix\"", "\"msi\"", "unknown key: \"msi\"", 13 },
	/* later issues' keys are not skipped */
	{ "\"roots\"", "\"reference-sets\": {}, \"roots\"",
	    "this key is known, but this version does not support it: "
	    "\"reference-sets\"", 8 },
	{ "\"roots\"", "\"revocation\": { \"mode\": \"pack\" }, \"roots\"",
	    "this mode is known, but this version does not support it: "
	    "\"pack\"", 8 },
	{ "\"source\": \"floor\"", "\"source\": \"secure\"",
	    "this clock is known, but this version "
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
	    "none of the words that may stand here: \"allow\"", 21 },
	{ "60 }", "4 }", "an integer out of range", 21 },
	{ "60 }", "3601 }", "an integer out of range", 21 },
	{ "60 }", "18446744073709551615 }", "an integer out of range", 21 },
	{ "60 }", "\"60\" }", "an integer must stand here: \"60\"", 21 },
	{ "\"source\": \"floor\"", "\"source\": \"none\"",
	    "only the clock \"floor\" has a date: "
	    "\"2026-11-01T00:00:00Z\"", 2 },
	{ "\"source\": \"floor\"", "\"source\": \"wall\"",
	    "none of the words that may stand here: \"wall\"", 2 },
	{ "\"2026-11-01T00:00:00Z\"", "\"2026-11-01\"",
	    "not a time like 2026-11-01T00:00:00Z: \"2026-11-01\"", 2 },
	{ "\"arm-cca:bet0\"", "\"arm-cca:\"", "no platform like "
	    "\"arm-cca:bet0\", \"arm-cca\" or \"emulated\": \"arm-cca:\"", 3 },
	{ "\"arm-cca:bet0\"", "\"sev-tio:3\"", "no platform like "
	    "\"arm-cca:bet0\", \"arm-cca\" or \"emulated\": \"sev-tio:3\"",
	    3 },
	{ "\"emulated\"", "\"emulated:1\"", "no platform like "
	    "\"arm-cca:bet0\", \"arm-cca\" or \"emulated\": \"emulated:1\"",
	    3 },
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
	{ "\"revocation\"", "\"svn-floor\"",
	    "no unknown of this check is tolerable: \"svn-floor\"", 16 },
	{ "\"revocation\"", "\"well-formed\"",
	    "no unknown of this check is tolerable: \"well-formed\"", 16 },
	{ "\"revocation\"", "\"chain\"",
	    "no unknown of this check is tolerable: \"chain\"", 16 },
	{ "\"revocation\"", "\"leaf-profile\"",
	    "no unknown of this check is tolerable: \"leaf-profile\"", 16 },
	{ "\"revocation\"", "\"reference-values\"",
	    "no unknown of this check is tolerable: \"reference-values\"",
	    16 },
	{ "\"revocation\"", "\"tsm-digest-chain\", \"tsm-digest-measurements\"",
	    "the TSM must vouch for the chain or for the measurements: both "
	    "are tolerated as unknown", 16 },
	/* private ranges */
	{ "[4, 5]", "[4, 4]", "an item stands twice in a list", 15 },
	{ "[4, 5]", "[65536]", "an integer out of range", 15 },
	{ "[4, 5]", "4", "a list must stand here", 15 },
	/* warn-only */
	{ "\"svn-floor\"", "\"signature\"",
	    "this check, broken, always refuses: \"signature\"", 17 },
	{ "\"svn-floor\"", "\"tsm-digest-report\"",
	    "this check, broken, always refuses: \"tsm-digest-report\"", 17 },
	{ "\"svn-floor\"", "\"reference-values\"",
	    "this check, broken, always refuses: \"reference-values\"", 17 },
	{ "\"svn-floor\"", "\"validity\"",
	    "this check, broken, always refuses: \"validity\"", 17 },
	{ "\"svn-floor\"", "\"debug\"", "no such check: \"debug\"", 17 },
	{ "\"svn-floor\"", "\"device-mode\"",
	    "an item stands twice in a list: \"device-mode\"", 17 },
	/* floors */
	{ "{ \"svn\": { \"7\": 3, \"16\": 18446744073709551615 } }", "{}",
	    "a key is missing: \"svn\"", 18 },
	{ "{ \"7\": 3, \"16\": 18446744073709551615 }", "{}",
	    "it names no measurement", 18 },
	{ "{ \"7\": 3, \"16\": 18446744073709551615 }", "7",
	    "an object must stand here", 18 },
	{ "\"svn\"", "\"fw\"", "unknown key: \"fw\"", 18 },
	{ "\"7\": 3", "\"255\": 3",
	    "not a measurement index from 1 to 254: \"255\"", 18 },
	{ "\"7\": 3", "\"16\": 3", "a key stands twice", 18 },
	{ "\"7\": 3", "\"7\": -1", "an integer out of range", 18 },
	{ "\"7\": 3", "\"7\": \"3\"", "an integer must stand here: \"3\"",
	    18 },
	{ "18446744073709551615", "18446744073709551616",
	    "an integer that 64 bits do not hold", 18 },
	/* device-mode */
	{ "\"debug\": \"off\"", "", "a key is missing: \"debug\"", 19 },
	{ "\"debug\"", "\"debugs\"", "unknown key: \"debugs\"", 19 },
	{ "\"off\"", "\"on\"",
	    "none of the words that may stand here: \"on\"", 19 },
	/* identity */
	{ BEFORE_ROOTS("\"identity\": {}"), "it asks for nothing", 8 },
	{ BEFORE_ROOTS("\"identity\": []"), "an object must stand here", 8 },
	{ IDENTITY("\"pci-name\": false"), "it asks for nothing", 8 },
	{ IDENTITY("\"pci-name\": 1"), "true or false must stand here", 8 },
	{ IDENTITY("\"serial\": true"), "unknown key: \"serial\"", 8 },
	{ IDENTITY("\"device-info\": []"), "a list is empty", 8 },
	{ IDENTITY("\"device-info\": [\"a:b:c\", \"a:b:c\"]"),
	    "an item stands twice in a list: \"a:b:c\"", 8 },
	{ IDENTITY("\"device-info\": [3]"), "a string must stand here", 8 },
	{ INFO(""), NO_INFO, 8 },
	{ INFO("*"), NO_INFO ": \"*\"", 8 },
	{ INFO("NVIDIA:GH100"), NO_INFO ": \"NVIDIA:GH100\"", 8 },
	{ INFO("NVIDIA:GH100:1:2"), NO_INFO ": \"NVIDIA:GH100:1:2\"", 8 },
	{ INFO("NVIDIA:GH100:"), NO_INFO ": \"NVIDIA:GH100:\"", 8 },
	{ INFO("NVIDIA::7"), NO_INFO ": \"NVIDIA::7\"", 8 },
	{ INFO(":GH100:7"), NO_INFO ": \":GH100:7\"", 8 },
	{ INFO("*:*:*"), NO_INFO ": \"*:*:*\"", 8 },
	{ INFO("NVIDIA:*:7"), NO_INFO ": \"NVIDIA:*:7\"", 8 },
	{ INFO("NVIDIA:GH100:7*"), NO_INFO ": \"NVIDIA:GH100:7*\"", 8 },
	{ INFO("NVIDIA:GH1\\n:7"), NO_INFO, 8 },
	{ INFO("NVIDIA:GH100:" ZEROS ZEROS ZEROS ZEROS ZEROS),
	    "longer than 159 bytes", 8 },
	/* nvidia */
	{ BEFORE_ROOTS("\"nvidia\": {}"), "it asks for nothing", 8 },
	{ NVIDIA("\"vbios\": []"), "a list is empty", 8 },
	{ NVIDIA("\"vbios\": [\"\"]"),
	    "not 1 to 63 printable ASCII characters", 8 },
	{ NVIDIA("\"driver\": [\"a\\u0007\"]"),
	    "not 1 to 63 printable ASCII characters", 8 },
	{ NVIDIA("\"driver\": [\"" ZEROS ZEROS "\"]"),
	    "not 1 to 63 printable ASCII characters", 8 },
	{ NVIDIA("\"board-id\": [\"1\", \"1\"]"),
	    "an item stands twice in a list: \"1\"", 8 },
	{ NVIDIA("\"chip-sku\": \"a\""), "a list must stand here: \"a\"", 8 },
	{ NVIDIA("\"fwid\": \"any\""),
	    "none of the words that may stand here: \"any\"", 8 },
	{ NVIDIA("\"fwids\": \"leaf\""), "unknown key: \"fwids\"", 8 },
	/* revocation */
	{ BEFORE_ROOTS("\"revocation\": {}"), "a key is missing: \"mode\"", 8 },
	{ REVOCATION("\"max-age-days\": 3"), "a key is missing: \"mode\"", 8 },
	{ REVOCATION("\"mode\": \"ocsp\""),
	    "none of the words that may stand here: \"ocsp\"", 8 },
	{ REVOCATION("\"mode\": \"crl\", \"max-age-days\": 0"),
	    "an integer out of range", 8 },
	{ REVOCATION("\"mode\": \"crl\", \"max-age-days\": 3651"),
	    "an integer out of range", 8 },
	{ REVOCATION("\"mode\": \"crl\", \"max-age\": 3"),
	    "unknown key: \"max-age\"", 8 },
	/* provisioned-keys */
	{ BEFORE_ROOTS("\"provisioned-keys\": []"), "a list is empty", 8 },
	{ BEFORE_ROOTS("\"provisioned-keys\": [\"a\", \"b\"]"),
	    "more items than the cap", 8 },
	{ BEFORE_ROOTS("\"provisioned-keys\": [\"../a\"]"),
	    "not a name of 1 to 63 letters, digits and -_.: \"../a\"", 8 },
	{ BEFORE_ROOTS("\"provisioned-keys\": \"a\""),
	    "a list must stand here: \"a\"", 8 },
	/* critical-extensions */
	{ "[\"2.23.133.5.4.5\", \"1.2.840.113549\"]", "[]",
	    "a list is empty", 20 },
	{ "\"1.2.840.113549\"", "\"2.23.133.5.4.5\"",
	    "an item stands twice in a list: \"2.23.133.5.4.5\"", 20 },
	{ "\"1.2.840.113549\"", "\"1.2.0840\"",
	    "not an object identifier like 2.23.133.5.4.5: \"1.2.0840\"", 20 },
	{ "\"1.2.840.113549\"", "840", "a string must stand here", 20 },
	{ "\"1.2.840.113549\"", "\"2.5.29.30\"",
	    "an extension of X.509's own is judged by its own rules: "
	    "\"2.5.29.30\"", 20 },
};

START_TEST(refuses)
{
	const struct refused *r = &refused[_i];
	char *text = replaced(good_policy, r->from, r->to);
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

/* Where each platform that is named has a digest of the device-info. */
START_TEST(both_digests_may_be_unknown_on_tdx)
{
	static const struct {
		const char *platforms;
		bool good;
	} cases[] = {
		{ "\"tdx:1\"", true }, { "\"tdx\"", true },
		{ "\"tdx:1\",\"sev-tio:2\"", false },
		{ "\"emulated\"", false }, { "\"cove-io:1\"", false },
		{ "\"arm-cca:bet0\",\"tdx\"", false },
	};
	struct da_policy_error error = { "", 0, 0 };
	struct da_policy *policy;
	char text[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "{\"version\":1,\"name\":\"n\","
		    "\"devices\":[{\"class\":\"a\",\"match\":"
		    "{\"pci-vendor\":\"1234\"},\n\"tolerate-unknown\":"
		    "[\"tsm-digest-measurements\",\"tsm-digest-chain\"]}],"
		    "\"platforms\":[%s]}", cases[i].platforms);
		policy = da_policy_parse(da_slice_str(text), &error);
		ck_assert_int_eq(policy != NULL, cases[i].good);
		da_policy_free(policy);
		if (cases[i].good)
			continue;
		ck_assert_ptr_nonnull(strstr(error.text,
		    "both are tolerated as unknown"));
		ck_assert_uint_eq(error.line, 2);
	}
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
	text = replaced(good_policy, list, items);
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
	refuses_many("[\"2.23.133.5.4.5\", \"1.2.840.113549\"]",
	    DA_MAX_CRITICAL + 1, "more items than the cap");
}
END_TEST

START_TEST(floors_have_a_cap)
{
	struct da_policy_error error = { "", 0, 0 };
	char items[512] = "{", *text;
	size_t at = 1;

	for (unsigned int i = 1; i <= DA_POLICY_MAX_LIST + 1; i++)
		at += (size_t)snprintf(items + at, sizeof(items) - at,
		    "%s\"%u\": 1", i == 1 ? "" : ", ", i);
	snprintf(items + at, sizeof(items) - at, "}");
	text = replaced(good_policy,
	    "{ \"7\": 3, \"16\": 18446744073709551615 }", items);
	ck_assert_ptr_null(da_policy_parse(da_slice_str(text), &error));
	ck_assert_str_eq(error.text, "more floors than the cap: \"17\"");
	free(text);
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

	for (size_t n = 0; n < sizeof(good_policy) - 1; n++) {
		struct da_slice text = exactly(good_policy, n);

		ck_assert_ptr_null(da_policy_parse(text, &error));
		free((void *)(uintptr_t)text.p);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("policy_bad");
	TCase *t = tcase_create("policy_bad");

	tcase_add_loop_test(t, refuses, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, place_is_exact);
	tcase_add_test(t, both_digests_may_be_unknown_on_tdx);
	tcase_add_test(t, a_class_has_one_rule);
	tcase_add_test(t, lists_have_caps);
	tcase_add_test(t, floors_have_a_cap);
	tcase_add_test(t, size_has_a_cap);
	tcase_add_test(t, no_prefix_passes);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

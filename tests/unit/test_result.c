/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/result.h"
#include "unit.h"

static struct da_findings findings;
static struct da_evidence evidence;
static struct da_claims claims;

/* Name { SET { SEQUENCE { OID 2.5.4.3, UTF8String } } }: CN with an escape. */
static const uint8_t subject[] = {
	0x30, 0x10, 0x31, 0x0e, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x04, 0x03,
	0x0c, 0x05, 'd', 'e', 'v', 0x1b, '7'
};

/* No range, then one private and one shared. */
static const uint8_t report[] = {
	5, 0, 0, 0, 0x0f, 0x80, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0,
	0, 0, 8, 4, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 1, 0, 0, 0, 4, 0, 2, 0,
	2, 0, 0, 0, 0xca, 0xfe
};

static void
set_all(void)
{
	struct da_fault fault;

	da_findings_start(&findings);
	da_found(&findings, DA_CHK_TSM_DIGEST_REPORT, DA_HOLDS);
	da_found(&findings, DA_CHK_WELL_FORMED, DA_HOLDS);
	da_found(&findings, DA_CHK_VALIDITY, DA_UNKNOWN);
	memset(&evidence, 0, sizeof(evidence));
	memset(&claims, 0, sizeof(claims));
	evidence.version = 0x12;
	evidence.algs = (struct da_algs){ DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA512 };
	evidence.has_chain = evidence.has_meas = true;
	evidence.meas.is_signed = true;
	evidence.meas.slot_answered = 3;
	evidence.chain.n = 1;
	evidence.chain.cert[0].der = da_slice_str("abc");
	evidence.chain.cert[0].subject = da_slice_of(subject, sizeof(subject));
	evidence.chain.cert[0].not_after = INT64_C(253402300799);
	claims.has_blocks = claims.has_report = true;
	claims.blocks.n = 2;
	claims.blocks.block[0] = (struct da_block){ 1, DA_MEAS_IMMUTABLE_ROM,
	    false, da_slice_of("\x00\xff", 2) };
	claims.blocks.block[1] = (struct da_block){ 254, DA_MEAS_SVN, true,
	    da_slice_of("", 0) };
	ck_assert(da_report_parse(da_slice_of(report, sizeof(report)),
	    &claims.report, &fault));
}

static void
is(struct da_json *v, const char *wanted)
{
	ck_assert_ptr_nonnull(da_json_text(v));
	ck_assert_str_eq(da_json_text(v), wanted);
	da_json_free(v);
}

static const char all[] =
"{\n"
"  \"version\": 1,\n"
"  \"verb\": \"verify\",\n"
"  \"result\": \"verified\",\n"
"  \"exit\": 0,\n"
"  \"checks\": [\n"
"    {\n"
"      \"check\": \"tsm-digest-report\",\n"
"      \"result\": \"holds\"\n"
"    },\n"
"    {\n"
"      \"check\": \"well-formed\",\n"
"      \"result\": \"holds\"\n"
"    },\n"
"    {\n"
"      \"check\": \"validity\",\n"
"      \"result\": \"unknown\"\n"
"    }\n"
"  ],\n"
"  \"spdm\": {\n"
"    \"version\": \"1.2\",\n"
"    \"asym\": \"ecdsa-p384\",\n"
"    \"hash\": \"sha384\",\n"
"    \"measurement-hash\": \"sha512\",\n"
"    \"slot\": 3\n"
"  },\n"
"  \"chain\": [\n"
"    {\n"
"      \"subject\": \"CN=dev\\\\x1b7\",\n"
"      \"sha384\": \"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
"1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\",\n"
"      \"not-after\": \"9999-12-31T23:59:59Z\"\n"
"    }\n"
"  ],\n"
"  \"measurements\": [\n"
"    {\n"
"      \"index\": 1,\n"
"      \"kind\": \"immutable-rom\",\n"
"      \"raw\": false,\n"
"      \"value\": \"00ff\"\n"
"    },\n"
"    {\n"
"      \"index\": 254,\n"
"      \"kind\": \"svn\",\n"
"      \"raw\": true,\n"
"      \"value\": \"\"\n"
"    }\n"
"  ],\n"
"  \"report\": {\n"
"    \"interface-info\": 5,\n"
"    \"msix-control\": 32783,\n"
"    \"lnr-control\": 1,\n"
"    \"tph-control\": 2,\n"
"    \"device-specific\": \"cafe\",\n"
"    \"ranges\": [\n"
"      {\n"
"        \"first-page\": 67633152,\n"
"        \"pages\": 16,\n"
"        \"attributes\": 0,\n"
"        \"range-id\": 0,\n"
"        \"kind\": \"private\"\n"
"      },\n"
"      {\n"
"        \"first-page\": 17293822569102704639,\n"
"        \"pages\": 1,\n"
"        \"attributes\": 4,\n"
"        \"range-id\": 2,\n"
"        \"kind\": \"shared\"\n"
"      }\n"
"    ]\n"
"  },\n"
"  \"device\": {\n"
"    \"id\": \"0000:01:00.0\"\n"
"  }\n"
"}";

START_TEST(the_contracts_object)
{
	struct da_result_head head = { "verify", "verified", 0,
	    "0000:01:00.0" };

	is(da_result_json(&head, &findings, &evidence, &claims), all);
	is(da_result_json(&head, &findings, &evidence, &claims), all);
}
END_TEST

static const char refused[] =
"{\n"
"  \"version\": 1,\n"
"  \"verb\": \"check\",\n"
"  \"result\": \"refused\",\n"
"  \"exit\": 2,\n"
"  \"checks\": [\n"
"    {\n"
"      \"check\": \"chain\",\n"
"      \"result\": \"broken\"\n"
"    },\n"
"    {\n"
"      \"check\": \"signature\",\n"
"      \"result\": \"broken\",\n"
"      \"fault\": \"SIGNATURE_WRONG\",\n"
"      \"text\": \"the leaf's key did not sign these bytes\",\n"
"      \"paragraph\": \"DSP0274 signature verification\",\n"
"      \"part\": \"measurements\",\n"
"      \"offset\": 37\n"
"    }\n"
"  ]\n"
"}";

START_TEST(faults_stand_where_broken)
{
	struct da_result_head head = { "check", "refused", 2, NULL };
	struct da_fault fault = { DA_F_SIGNATURE_WRONG, DA_PART_MEASUREMENTS,
	    37 };

	da_findings_start(&findings);
	da_found_broken(&findings, DA_CHK_SIGNATURE, &fault);
	findings.of[DA_CHK_CHAIN] = (struct da_finding){ .result = DA_BROKEN };
	is(da_result_json(&head, &findings, NULL, NULL), refused);
}
END_TEST

static const char judged[] =
"[\n"
"  {\n"
"    \"check\": \"session-key\",\n"
"    \"result\": \"unknown\",\n"
"    \"tolerated\": true\n"
"  },\n"
"  {\n"
"    \"check\": \"validity\",\n"
"    \"result\": \"unknown\"\n"
"  },\n"
"  {\n"
"    \"check\": \"svn-floor\",\n"
"    \"result\": \"broken\",\n"
"    \"fault\": \"POLICY_SVN\",\n"
"    \"text\": \"a security version is below its floor\",\n"
"    \"paragraph\": \"devattest-policy(5) floors\",\n"
"    \"part\": \"measurements\",\n"
"    \"offset\": 9,\n"
"    \"warned\": true\n"
"  }\n"
"]";

START_TEST(a_policys_word_stands_beside)
{
	struct da_fault fault = { DA_F_POLICY_SVN, DA_PART_MEASUREMENTS, 9 };

	da_findings_start(&findings);
	da_found(&findings, DA_CHK_SESSION_KEY, DA_UNKNOWN);
	da_found(&findings, DA_CHK_VALIDITY, DA_UNKNOWN);
	da_found_broken(&findings, DA_CHK_SVN_FLOOR, &fault);
	findings.of[DA_CHK_SESSION_KEY].word = DA_WORD_TOLERATED;
	findings.of[DA_CHK_SVN_FLOOR].word = DA_WORD_WARNED;
	is(da_result_checks(&findings), judged);
}
END_TEST

static bool
tells(const char *key)
{
	struct da_result_head head = { "verify", "refused", 2, NULL };
	struct da_json *v = da_result_json(&head, &findings, &evidence,
	    &claims);
	bool told = da_json_get(v, key) != NULL;

	da_json_free(v);
	return told;
}

/* A caller that hands too much over still tells nothing that is broken. */
START_TEST(broken_facts_are_not_told)
{
	findings.of[DA_CHK_SIGNATURE].result = DA_BROKEN;
	ck_assert(!tells("spdm") && !tells("measurements"));
	ck_assert(tells("chain") && tells("report"));
	findings.of[DA_CHK_CHAIN].result = DA_BROKEN;
	findings.of[DA_CHK_TSM_DIGEST_REPORT].result = DA_BROKEN;
	ck_assert(!tells("chain") && !tells("report"));
	ck_assert(!tells("device"));
}
END_TEST

/* Beside good measurements, too: no signature covers a report. */
START_TEST(a_report_that_nobody_vouches_for_is_not_told)
{
	static const enum da_result others[] = { DA_UNKNOWN, DA_NOT_ASKED,
		DA_BROKEN };

	ck_assert(tells("report"));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		findings.of[DA_CHK_TSM_DIGEST_REPORT].result =
		    (uint8_t)others[i];
		ck_assert(!tells("report"));
		ck_assert(tells("measurements"));
	}
}
END_TEST

START_TEST(what_nobody_says_is_null)
{
	evidence.version = 0x11;
	evidence.algs.meas_hash = DA_HASH_NONE;
	evidence.meas.is_signed = false;
	is(da_result_spdm(&evidence), "{\n"
	    "  \"version\": \"1.1\",\n"
	    "  \"asym\": \"ecdsa-p384\",\n"
	    "  \"hash\": \"sha384\",\n"
	    "  \"measurement-hash\": null,\n"
	    "  \"slot\": null\n"
	    "}");
	evidence.bundle.slot_known = true;
	evidence.bundle.slot = 5;
	evidence.algs.asym = DA_ASYM_NONE;
	is(da_result_spdm(&evidence), "{\n"
	    "  \"version\": \"1.1\",\n"
	    "  \"asym\": null,\n"
	    "  \"hash\": \"sha384\",\n"
	    "  \"measurement-hash\": null,\n"
	    "  \"slot\": 5\n"
	    "}");
	evidence.version = 0;
	ck_assert(!tells("spdm"));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("result");
	TCase *t = tcase_create("result");

	tcase_add_checked_fixture(t, set_all, NULL);
	tcase_add_test(t, the_contracts_object);
	tcase_add_test(t, faults_stand_where_broken);
	tcase_add_test(t, a_policys_word_stands_beside);
	tcase_add_test(t, broken_facts_are_not_told);
	tcase_add_test(t, a_report_that_nobody_vouches_for_is_not_told);
	tcase_add_test(t, what_nobody_says_is_null);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

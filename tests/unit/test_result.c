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
"      \"not-after\": \"9999-12-31T23:59:59Z\",\n"
"      \"issuer\": \"\",\n"
"      \"serial\": \"\",\n"
"      \"not-before\": \"1970-01-01T00:00:00Z\",\n"
"      \"key\": null,\n"
"      \"ca\": false\n"
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

/* -- what the values of some kinds mean, beside their bytes -- */

static const char meanings[] =
"[\n"
"  {\n"
"    \"index\": 1,\n"
"    \"kind\": \"svn\",\n"
"    \"raw\": true,\n"
"    \"value\": \"ffffffffffffffff\",\n"
"    \"svn\": 18446744073709551615\n"
"  },\n"
"  {\n"
"    \"index\": 253,\n"
"    \"kind\": \"structured-manifest\",\n"
"    \"raw\": true,\n"
"    \"value\": \"616263\",\n"
"    \"size\": 3\n"
"  },\n"
"  {\n"
"    \"index\": 254,\n"
"    \"kind\": \"device-mode\",\n"
"    \"raw\": true,\n"
"    \"value\": \"05000000040000001f00008011000000\",\n"
"    \"mode\": {\n"
"      \"operation\": [\n"
"        \"normal\"\n"
"      ],\n"
"      \"operation-told\": [\n"
"        \"manufacturing\",\n"
"        \"normal\"\n"
"      ],\n"
"      \"device\": [\n"
"        \"debug\",\n"
"        \"invasive-debug-since-manufacture\"\n"
"      ],\n"
"      \"device-told\": [\n"
"        \"debug\",\n"
"        \"invasive-debug\",\n"
"        \"debug-since-reset\",\n"
"        \"invasive-debug-since-reset\",\n"
"        \"invasive-debug-since-manufacture\",\n"
"        31\n"
"      ]\n"
"    }\n"
"  }\n"
"]";

START_TEST(values_that_mean_something)
{
	static const uint8_t mode[] = { 5, 0, 0, 0, 4, 0, 0, 0, 0x1f, 0, 0,
	    0x80, 0x11, 0, 0, 0 };
	struct da_blocks blocks = { .n = 3 };

	blocks.block[0] = (struct da_block){ 1, DA_MEAS_SVN, true,
	    da_slice_of("\xff\xff\xff\xff\xff\xff\xff\xff", 8) };
	blocks.block[1] = (struct da_block){ 253, DA_MEAS_STRUCTURED_MANIFEST,
	    true, da_slice_str("abc") };
	blocks.block[2] = (struct da_block){ 254, DA_MEAS_DEVICE_MODE, true,
	    da_slice_of(mode, sizeof(mode)) };
	is(da_result_measurements(&blocks), meanings);
}
END_TEST

/* -- the log -- */

static const uint8_t log_bytes[] = {
	2, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	1, 0, 0, 0, 0x11, 0, 0, 0, 0x89, 1, 0, 'x',
	2, 0, 0, 0, 0x11, 0, 0, 0, 0x0b, 1, 0, 'y',
};

static const char log_entries[] =
"[\n"
"  {\n"
"    \"index\": 1,\n"
"    \"block\": 17,\n"
"    \"kind\": \"informational\",\n"
"    \"raw\": true,\n"
"    \"value\": \"78\"\n"
"  },\n"
"  {\n"
"    \"index\": 2,\n"
"    \"block\": 17,\n"
"    \"kind\": null,\n"
"    \"raw\": false,\n"
"    \"value\": \"79\"\n"
"  }\n"
"]";

START_TEST(a_log_is_told_where_its_blocks_prove_it)
{
	static const enum da_result others[] = { DA_UNKNOWN, DA_NOT_ASKED,
		DA_BROKEN };
	struct da_fault fault;

	ck_assert(da_log_read(da_slice_of(log_bytes, sizeof(log_bytes)),
	    &claims.log, &fault));
	is(da_result_log(&claims.log), log_entries);
	claims.has_log = true;
	for (size_t i = 0; i < 3; i++) {
		findings.of[DA_CHK_MEASUREMENT_LOG].result =
		    (uint8_t)others[i];
		ck_assert(!tells("measurement-log"));
	}
	findings.of[DA_CHK_MEASUREMENT_LOG].result = DA_HOLDS;
	ck_assert(tells("measurement-log"));
}
END_TEST

/* -- opaque data -- */

static const uint8_t fmt1[] = {
	2, 0, 0, 0, 3, 2, 0xde, 0x10, 1, 0, 'a', 0, 0, 0, 0, 0,
};

static const char elements[] =
"{\n"
"  \"format\": \"1\",\n"
"  \"value\": \"020000000302de100100610000000000\",\n"
"  \"elements\": [\n"
"    {\n"
"      \"registry\": \"pci-sig\",\n"
"      \"vendor-id\": \"de10\",\n"
"      \"data\": \"61\"\n"
"    },\n"
"    {\n"
"      \"registry\": \"dmtf\",\n"
"      \"vendor-id\": \"\",\n"
"      \"data\": \"\"\n"
"    }\n"
"  ]\n"
"}";

START_TEST(opaque_data)
{
	struct da_slice raw = da_slice_of(fmt1, sizeof(fmt1));
	struct da_fault fault;

	ck_assert(!tells("opaque"));
	ck_assert(da_opaque_read(da_cur_of(raw), DA_PART_MEASUREMENTS,
	    DA_OPAQUE_FMT1, &claims.opaque, &fault));
	is(da_result_opaque(&claims.opaque), elements);
	ck_assert(tells("opaque") && !tells("nvidia"));
	findings.of[DA_CHK_SIGNATURE].result = DA_BROKEN;
	ck_assert(!tells("opaque"));
	claims.opaque = (struct da_opaque){ .format = DA_OPAQUE_VENDOR,
	    .raw = da_slice_str("abc") };
	is(da_result_opaque(&claims.opaque), "{\n"
	    "  \"format\": \"vendor\",\n"
	    "  \"value\": \"616263\"\n"
	    "}");
	claims.opaque.format = DA_OPAQUE_FMT0;
	is(da_result_opaque(&claims.opaque), "{\n"
	    "  \"format\": \"0\",\n"
	    "  \"value\": \"616263\"\n"
	    "}");
}
END_TEST

/* -- NVIDIA's -- */

static const uint8_t tlvs[] = {
	6, 0, 8, 0, 0x00, 0x74, 0x00, 0x96, 0x20, 0, 0, 0,
	3, 0, 7, 0, '5', '7', '5', '.', '3', '2', 0,
	14, 0, 4, 0, 0xa1, 4, 0, 0,
	12, 0, 8, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
	11, 0, 1, 0, 0x55,
	22, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8,
	15, 0, 2, 0, 7, 8,		/* no text */
	0x34, 0x12, 1, 0, 9,		/* no type of ours */
};

static const char values[] =
"{\n"
"  \"vbios\": \"96.00.74.00.20\",\n"
"  \"driver\": \"575.32\",\n"
"  \"board-id\": \"a1040000\",\n"
"  \"counts\": [\n"
"    0,\n"
"    4294967295\n"
"  ],\n"
"  \"nvdec0\": \"disabled\",\n"
"  \"pdis\": [\n"
"    \"0102030405060708\"\n"
"  ],\n"
"  \"others\": [\n"
"    {\n"
"      \"type\": 15,\n"
"      \"value\": \"0708\"\n"
"    },\n"
"    {\n"
"      \"type\": 4660,\n"
"      \"value\": \"09\"\n"
"    }\n"
"  ]\n"
"}";

/* subjectAltName { otherName id-DMTF-device-info "NVIDIA:x:1" }. */
static const uint8_t san_oid[] = { 0x55, 0x1d, 0x11 };
static const uint8_t san[] = {
	0x30, 0x1c, 0xa0, 0x1a, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01,
	0x83, 0x1c, 0x82, 0x12, 0x01, 0xa0, 0x0c, 0x0c, 0x0a,
	'N', 'V', 'I', 'D', 'I', 'A', ':', 'x', ':', '1',
};

START_TEST(nvidias_values)
{
	struct da_cert *leaf = &evidence.chain.cert[0];
	struct da_fault fault;

	ck_assert(da_nvidia_read(da_slice_of(tlvs, sizeof(tlvs)),
	    &claims.nvidia, &fault));
	is(da_result_nvidia(&claims.nvidia), values);
	/* Told where the leaf says who made it. */
	claims.has_nvidia = true;
	claims.evidence = &evidence;
	ck_assert(!tells("nvidia"));
	leaf->n_ext = 1;
	leaf->ext[0].oid = da_slice_of(san_oid, sizeof(san_oid));
	leaf->ext[0].value = da_slice_of(san, sizeof(san));
	ck_assert(tells("nvidia"));
	claims.has_nvidia = false;
	ck_assert(!tells("nvidia"));
}
END_TEST

/* -- CHALLENGE -- */

START_TEST(a_challenge)
{
	struct da_challenge *ch = &evidence.challenge;

	*ch = (struct da_challenge){ .slot_answered = 2, .slot_mask = 5,
	    .summary_of = DA_SUMMARY_ALL, .summary = da_slice_str("ab") };
	is(da_result_challenge(ch), "{\n"
	    "  \"slot\": 2,\n"
	    "  \"slot-mask\": 5,\n"
	    "  \"summary\": \"all\",\n"
	    "  \"summary-hash\": \"6162\"\n"
	    "}");
	ck_assert(!tells("challenge"));
	evidence.has_challenge = true;
	claims.evidence = &evidence;
	ck_assert(tells("challenge"));
	findings.of[DA_CHK_CHALLENGE].result = DA_BROKEN;
	ck_assert(!tells("challenge"));
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
	tcase_add_test(t, values_that_mean_something);
	tcase_add_test(t, a_log_is_told_where_its_blocks_prove_it);
	tcase_add_test(t, opaque_data);
	tcase_add_test(t, nvidias_values);
	tcase_add_test(t, a_challenge);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

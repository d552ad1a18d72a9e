/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/appraise.h"
#include "unit.h"

#define RANGES	4
#define REPORT_SIZE	(16 + 16 * RANGES + 4)

/* Claims that a policy accepts; each test spoils one thing. */
struct scene {
	struct da_policy *policy;
	struct da_policy_rule *rule;
	struct da_ticket ticket;
	struct da_evidence evidence;
	struct da_claims claims;
	struct da_verdict verdict;
	uint8_t measurements[256];
	uint8_t report[REPORT_SIZE];
};

static struct scene scene;

static const char policy_text[] =
"{ \"version\": 1, \"name\": \"test\",\n"
"  \"clock\": { \"source\": \"floor\", "
    "\"not-before\": \"2026-11-01T00:00:00Z\" },\n"
"  \"platforms\": [\"arm-cca:bet0\", \"emulated\"],\n"
"  \"devices\": [ {\n"
"    \"class\": \"gpu\", \"count\": { \"min\": 1, \"max\": 2 },\n"
"    \"functions-per-device\": { \"min\": 1, \"max\": 2 },\n"
"    \"match\": { \"pci-vendor\": \"10de\", \"pci-device\": [\"2330\"] },\n"
"    \"roots\": [\"vendor-root\"],\n"
"    \"spdm\": { \"versions\": [\"1.1\", \"1.2\"], "
    "\"asym\": [\"ecdsa-p384\"],\n"
"      \"hash\": [\"sha384\"], \"without-vca\": \"ecdsa-p384,sha384\" },\n"
"    \"measurements\": { \"1\": [\"sha384:%s\", \"sha384:%s\"],\n"
"      \"3\": [\"sha256:%s\"] },\n"
"    \"report\": { \"no-fw-update\": true, \"msix\": \"locked-or-absent\",\n"
"      \"shared-ranges\": [2], \"updatable-ranges\": [4],\n"
"      \"page-unit\": \"platform\" },\n"
"    \"tolerate-unknown\": [\"tsm-digest-vca\", \"revocation\"] },\n"
"    { \"class\": \"nic\", \"match\": { \"pci-vendor\": \"15b3\" },\n"
"      \"count\": { \"min\": 0, \"max\": 2 },\n"
"      \"functions-per-device\": { \"min\": 1, \"max\": 1 } } ],\n"
"  \"others\": \"refuse\" }";

static void
hex_of(struct da_slice bytes, char *out)
{
	for (size_t i = 0; i < bytes.n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes.p[i]);
}

/* Index 1 is a digest at 16, index 3 three raw bytes at 100, 9 is unnamed. */
static void
set_blocks(void)
{
	struct da_blocks *b = &scene.claims.blocks;

	for (size_t i = 0; i < sizeof(scene.measurements); i++)
		scene.measurements[i] = (uint8_t)(i * 7 + 1);
	b->n = 3;
	b->block[0] = (struct da_block){ 1, DA_MEAS_IMMUTABLE_ROM, false,
	    da_slice_of(scene.measurements + 16, 48) };
	b->block[1] = (struct da_block){ 3, DA_MEAS_SVN, true,
	    da_slice_of(scene.measurements + 100, 3) };
	b->block[2] = (struct da_block){ 9, DA_MEAS_MANIFEST, true,
	    da_slice_of(scene.measurements + 120, 20) };
	scene.claims.has_blocks = true;
}

static void
set_policy(void)
{
	static char text[4096];
	char one[97], three[65], other[97];
	struct da_hash_value raw = da_hash_of(DA_HASH_SHA256,
	    scene.claims.blocks.block[1].value);
	struct da_policy_error error = { "", 0, 0 };

	hex_of(scene.claims.blocks.block[0].value, one);
	hex_of(da_hash_bytes(&raw), three);
	memset(other, '5', 96);
	other[96] = '\0';
	snprintf(text, sizeof(text), policy_text, other, one, three);
	scene.policy = da_policy_parse(da_slice_str(text), &error);
	ck_assert_msg(scene.policy != NULL, "%s", error.text);
	scene.rule = &scene.policy->rule[0];
}

static void
set_range(unsigned int i, uint16_t attributes, uint16_t id)
{
	uint8_t *at = scene.report + 16 + 16 * i;

	memset(at, 0, 16);
	at[0] = (uint8_t)(16 * i);
	at[8] = 1;
	at[12] = (uint8_t)attributes;
	at[14] = (uint8_t)id;
}

static void
set_report(void)
{
	struct da_slice raw = da_slice_of(scene.report, REPORT_SIZE);
	struct da_fault fault;

	scene.report[0] = DA_INFO_NO_FW_UPDATE;
	scene.report[12] = RANGES;
	set_range(0, 0, 0);
	set_range(1, DA_RANGE_NON_TEE, 2);
	set_range(2, DA_RANGE_UPDATABLE, 4);
	set_range(3, 0, 4);
	ck_assert(da_report_parse(raw, &scene.claims.report, &fault));
	scene.evidence.bundle.given[DA_PART_REPORT] = true;
	scene.evidence.bundle.part[DA_PART_REPORT] = raw;
	scene.claims.has_report = true;
	scene.claims.has_map = true;
	scene.claims.map.n = RANGES;
	scene.claims.map.range[1].kind = DA_MMIO_SHARED;
}

static void
set_findings(void)
{
	static const enum da_check hold[] = {
		DA_CHK_TSM_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_VCA,
		DA_CHK_TSM_DIGEST_MEASUREMENTS, DA_CHK_TSM_DIGEST_REPORT,
		DA_CHK_TSM_STATE, DA_CHK_TSM_TOKENS, DA_CHK_SESSION_KEY,
		DA_CHK_WELL_FORMED, DA_CHK_CHAIN, DA_CHK_VALIDITY,
		DA_CHK_LEAF_PROFILE, DA_CHK_ALGORITHMS, DA_CHK_SLOT,
		DA_CHK_SIGNATURE, DA_CHK_NONCE, DA_CHK_CONTENT_CHANGED,
		DA_CHK_REPORT_SHAPE,
	};

	da_findings_start(&scene.claims.findings);
	for (size_t i = 0; i < sizeof(hold) / sizeof(hold[0]); i++)
		da_found(&scene.claims.findings, hold[i], DA_HOLDS);
}

static void
set_evidence(void)
{
	struct da_evidence *e = &scene.evidence;

	e->bundle.given[DA_PART_MEASUREMENTS] = true;
	e->bundle.part[DA_PART_MEASUREMENTS] = da_slice_of(scene.measurements,
	    sizeof(scene.measurements));
	e->version = DA_SPDM_12;
	e->algs = (struct da_algs){ DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };
	e->algs_signed = e->has_vca = e->has_meas = e->has_chain = true;
	e->chain.n = 2;
	e->chain.cert[1].spki = da_slice_str("the leaf's key");
}

static void
set_scene(void)
{
	memset(&scene, 0, sizeof(scene));
	set_blocks();
	set_policy();
	set_evidence();
	set_report();
	set_findings();
	scene.ticket.version = DA_TICKET_VERSION;
	scene.ticket.platform = DA_PLATFORM_ARM_CCA;
	strcpy(scene.ticket.abi, "bet0");
	scene.ticket.pci.vendor = 0x10de;
	scene.ticket.pci.device = 0x2330;
	scene.ticket.page_unit = DA_UNIT_PAGE;
	scene.claims.evidence = &scene.evidence;
	scene.claims.ticket = &scene.ticket;
}

static void
drop_scene(void)
{
	da_policy_free(scene.policy);
}

static void
judge(void)
{
	memset(&scene.verdict, 0xee, sizeof(scene.verdict));
	da_appraise(scene.policy, &scene.claims, &scene.verdict);
}

static void
is_accepted(void)
{
	judge();
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++)
		ck_assert_msg(scene.verdict.findings.of[i].result != DA_BROKEN,
		    "%s is broken", da_check_name((enum da_check)i));
	ck_assert_int_eq(scene.verdict.exit_class, 0);
	ck_assert_uint_eq(scene.verdict.accepted, 1);
	ck_assert_uint_eq(scene.verdict.decided_by, DA_CHK_COUNT);
}

static void
is_refused(enum da_check by, int class)
{
	judge();
	ck_assert_uint_eq(scene.verdict.accepted, 0);
	ck_assert_str_eq(da_check_name((enum da_check)scene.verdict.decided_by),
	    da_check_name(by));
	ck_assert_int_eq(scene.verdict.exit_class, class);
}

static void
is_broken(enum da_check by, enum da_why why)
{
	is_refused(by, da_fault_text(why)->exit_class);
	ck_finding_fault(scene.verdict.findings, by, why);
}

/* -- accepted, and what a verdict says then -- */

START_TEST(good_is_accepted)
{
	struct da_hash_value key = da_hash_of(DA_HASH_SHA384,
	    da_slice_str("the leaf's key"));

	is_accepted();
	ck_assert_uint_eq(scene.verdict.version, DA_VERDICT_VERSION);
	ck_assert_str_eq(scene.verdict.class_name, "gpu");
	ck_assert_mem_eq(scene.verdict.policy_id, scene.policy->id.bytes, 48);
	ck_assert_mem_eq(scene.verdict.device_key, key.bytes, 48);
	ck_assert(da_map_equal(&scene.verdict.map, &scene.claims.map));
	ck_finding(scene.verdict.findings, DA_CHK_PLATFORM, DA_HOLDS);
	ck_finding(scene.verdict.findings, DA_CHK_REFERENCE_VALUES, DA_HOLDS);
	ck_finding(scene.verdict.findings, DA_CHK_REPORT_POLICY, DA_HOLDS);
	ck_finding(scene.verdict.findings, DA_CHK_REVOCATION, DA_UNKNOWN);
	ck_finding(scene.verdict.findings, DA_CHK_COMPOSITION, DA_NOT_ASKED);
}
END_TEST

START_TEST(nothing_is_refused)
{
	memset(&scene.claims, 0, sizeof(scene.claims));
	judge();
	ck_assert_uint_eq(scene.verdict.accepted, 0);
	/* Zero-filled findings are broken by nobody's word. */
	ck_assert_int_eq(scene.verdict.exit_class, 1);
	da_findings_start(&scene.claims.findings);
	is_refused(DA_CHK_TSM_DIGEST_REPORT, 7);
}
END_TEST

/* No check that must hold may be dropped by a stage without a refusal. */
START_TEST(unasked_is_refused)
{
	static const enum da_check must[] = {
		DA_CHK_WELL_FORMED, DA_CHK_CHAIN, DA_CHK_LEAF_PROFILE,
		DA_CHK_SLOT, DA_CHK_SIGNATURE, DA_CHK_NONCE,
		DA_CHK_TSM_DIGEST_REPORT, DA_CHK_REPORT_SHAPE,
	};

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		set_findings();
		scene.claims.findings.of[must[i]].result = DA_NOT_ASKED;
		is_refused(must[i], da_check_unknown_class(must[i], true));
		set_findings();
		scene.rule->tolerate[must[i]] = true;
		scene.claims.findings.of[must[i]].result = DA_UNKNOWN;
		is_refused(must[i], da_check_unknown_class(must[i], true));
	}
}
END_TEST

/* Whatever is broken before decides over what the policy says. */
START_TEST(every_broken_check_refuses)
{
	struct da_fault fault = { DA_F_DIGEST_DIFFERS, DA_PART_CHAIN, 3 };

	for (unsigned int i = 0; i < DA_CHK_COUNT; i++) {
		set_findings();
		da_found_broken(&scene.claims.findings, (enum da_check)i,
		    &fault);
		is_refused((enum da_check)i, 7);
		ck_finding(scene.verdict.findings, i, DA_BROKEN);
	}
}
END_TEST

START_TEST(a_result_of_no_kind_refuses)
{
	scene.claims.findings.of[DA_CHK_NONCE].result = 200;
	is_refused(DA_CHK_NONCE, 1);
}
END_TEST

START_TEST(the_worst_class_decides)
{
	struct da_fault chain = { DA_F_NO_ANCHOR, DA_PART_CHAIN, 0 };
	struct da_fault nonce = { DA_F_NONCE_DIFFERS, DA_PART_NONCE, 0 };

	da_found_broken(&scene.claims.findings, DA_CHK_CHAIN, &chain);
	scene.ticket.platform = DA_PLATFORM_TDX;
	is_refused(DA_CHK_CHAIN, 3);
	da_found_broken(&scene.claims.findings, DA_CHK_NONCE, &nonce);
	is_refused(DA_CHK_NONCE, 6);
}
END_TEST

/* What broke the proof decides; of the rest nothing was looked at. */
START_TEST(failed_proof_keeps_its_class)
{
	struct da_fault fault = { DA_F_SIGNATURE_WRONG, DA_PART_MEASUREMENTS,
	    9 };

	scene.claims.evidence = NULL;
	scene.claims.ticket = NULL;
	scene.claims.findings.of[DA_CHK_TSM_DIGEST_VCA].result = DA_UNKNOWN;
	da_found_broken(&scene.claims.findings, DA_CHK_SIGNATURE, &fault);
	is_broken(DA_CHK_SIGNATURE, DA_F_SIGNATURE_WRONG);
	ck_finding(scene.verdict.findings, DA_CHK_PLATFORM, DA_NOT_ASKED);
	scene.claims.findings.of[DA_CHK_SIGNATURE].result = DA_NOT_ASKED;
	is_refused(DA_CHK_TSM_DIGEST_VCA, 7);
}
END_TEST

/* -- platform, device -- */

START_TEST(platform)
{
	strcpy(scene.ticket.abi, "alp20");
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	scene.ticket.platform = DA_PLATFORM_SEV_TIO;
	strcpy(scene.ticket.abi, "bet0");
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	scene.ticket.platform = DA_PLATFORM_NONE;
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	memset(scene.ticket.abi, 'x', sizeof(scene.ticket.abi));
	scene.ticket.platform = DA_PLATFORM_EMULATED;
	is_accepted();
	scene.policy->n_platforms = 1;
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
}
END_TEST

START_TEST(no_rule)
{
	scene.ticket.pci.device = 0x2331;
	is_broken(DA_CHK_COMPOSITION, DA_F_POLICY_NO_DEVICE);
	ck_assert_str_eq(scene.verdict.class_name, "");
	ck_finding(scene.verdict.findings, DA_CHK_REFERENCE_VALUES,
	    DA_NOT_ASKED);
}
END_TEST

START_TEST(no_ticket)
{
	scene.claims.ticket = NULL;
	judge();
	ck_assert_uint_eq(scene.verdict.accepted, 0);
	ck_finding_fault(scene.verdict.findings, DA_CHK_PLATFORM,
	    DA_F_POLICY_PLATFORM);
	ck_finding_fault(scene.verdict.findings, DA_CHK_COMPOSITION,
	    DA_F_POLICY_NO_DEVICE);
}
END_TEST

/* -- algorithms -- */

START_TEST(versions_are_named)
{
	scene.evidence.version = DA_SPDM_13;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_VERSION);
	scene.evidence.version = 0;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_VERSION);
	scene.evidence.version = DA_SPDM_12;
	scene.rule->n_versions = 0;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_VERSION);
}
END_TEST

START_TEST(algorithms_are_named)
{
	scene.evidence.algs.asym = DA_ASYM_ECDSA_P256;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_ALGORITHM);
	scene.evidence.algs.asym = DA_ASYM_ECDSA_P384;
	scene.evidence.algs.hash = DA_HASH_SHA256;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_ALGORITHM);
	scene.evidence.algs.hash = DA_HASH_SHA384;
	scene.rule->n_hash = 0;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_ALGORITHM);
}
END_TEST

/* Below 1.2 the negotiation is unsigned: the owner names what was used. */
START_TEST(unsigned_negotiation)
{
	scene.evidence.version = DA_SPDM_11;
	scene.evidence.algs_signed = false;
	scene.claims.findings.of[DA_CHK_ALGORITHMS].result = DA_UNKNOWN;
	is_accepted();
	ck_finding(scene.verdict.findings, DA_CHK_ALGORITHMS, DA_HOLDS);
	scene.rule->without_vca.meas_hash = DA_HASH_SHA256;
	is_refused(DA_CHK_ALGORITHMS, 5);
	scene.rule->without_vca.meas_hash = DA_HASH_SHA384;
	scene.rule->without_vca.asym = DA_ASYM_ECDSA_P521;
	is_refused(DA_CHK_ALGORITHMS, 5);
	scene.rule->without_vca.asym = DA_ASYM_ECDSA_P384;
	scene.rule->has_without_vca = false;
	is_refused(DA_CHK_ALGORITHMS, 5);
	ck_fault(scene.verdict.findings.of[DA_CHK_ALGORITHMS],
	    DA_F_POLICY_UNKNOWN);
	/* From 1.2 on the owner's word replaces no signature. */
	scene.rule->has_without_vca = true;
	scene.evidence.version = DA_SPDM_12;
	is_refused(DA_CHK_ALGORITHMS, 5);
}
END_TEST

/* -- reference values -- */

START_TEST(values)
{
	scene.measurements[16] ^= 1;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].offset, 16);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].part, DA_PART_MEASUREMENTS);
	scene.measurements[16] ^= 1;
	scene.measurements[102] ^= 0x80;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REFERENCE_VALUES].offset, 100);
	scene.measurements[102] ^= 0x80;
	scene.measurements[120] ^= 1;	/* of an index that nobody names */
	is_accepted();
}
END_TEST

START_TEST(values_have_a_form)
{
	struct da_block *one = &scene.claims.blocks.block[0];

	one->raw = true;	/* its digest is another, then */
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	one->raw = false;
	scene.evidence.algs.meas_hash = DA_HASH_SHA3_384;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	scene.evidence.algs.meas_hash = DA_HASH_NONE;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	scene.evidence.algs.meas_hash = DA_HASH_SHA384;
	one->value.n = 47;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	one->value.n = 0;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
	/* A raw value that spells the digest is not the digest. */
	one->value.n = 48;
	scene.rule->index[1].index = 1;
	scene.rule->n_index = 2;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT);
}
END_TEST

START_TEST(values_are_there)
{
	scene.claims.blocks.block[1].index = 4;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT_ABSENT);
	scene.claims.blocks.block[1].index = 3;
	scene.claims.has_blocks = false;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_MEASUREMENT_ABSENT);
}
END_TEST

START_TEST(no_values)
{
	scene.rule->n_index = 0;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_NO_VALUES);
}
END_TEST

/* -- report -- */

static void
report_breaks(uint32_t offset)
{
	is_broken(DA_CHK_REPORT_POLICY, DA_F_POLICY_REPORT);
	ck_assert_uint_eq(scene.verdict.findings.of
	    [DA_CHK_REPORT_POLICY].offset, offset);
}

START_TEST(report_is_there)
{
	scene.claims.has_report = false;
	report_breaks(0);
	scene.claims.has_report = true;
	scene.rule->has_report = false;
	report_breaks(0);
}
END_TEST

START_TEST(firmware)
{
	scene.claims.report.info = DA_INFO_KNOWN & ~DA_INFO_NO_FW_UPDATE;
	report_breaks(0);
	scene.rule->no_fw_update = false;
	is_accepted();
}
END_TEST

START_TEST(page_unit)
{
	scene.rule->unit = DA_UNIT_PAGES;
	is_accepted();
	scene.rule->unit = DA_UNIT_BYTES;
	report_breaks(0);
	scene.ticket.page_unit = DA_UNIT_BYTE;
	is_accepted();
	scene.rule->unit = DA_UNIT_PAGES;
	report_breaks(0);
	scene.rule->unit = DA_UNIT_NO_RULE;
	report_breaks(0);
	scene.rule->unit = DA_UNIT_PLATFORM;
	is_accepted();
	scene.ticket.page_unit = DA_UNIT_UNKNOWN;
	report_breaks(0);
}
END_TEST

START_TEST(shared_ranges)
{
	set_range(3, DA_RANGE_NON_TEE, 4);
	report_breaks(16 + 3 * 16);
	scene.rule->shared.id[1] = 4;
	scene.rule->shared.n = 2;
	is_accepted();
	scene.rule->shared.n = 0;
	report_breaks(16 + 16);
}
END_TEST

START_TEST(updatable_ranges)
{
	set_range(0, DA_RANGE_UPDATABLE, 0);
	report_breaks(16);
	set_range(0, 0, 0);
	is_accepted();
	scene.rule->updatable.n = 0;
	report_breaks(16 + 2 * 16);
}
END_TEST

START_TEST(msix)
{
	set_range(0, DA_RANGE_MSIX_TABLE, 0);
	report_breaks(16);
	set_range(0, DA_RANGE_MSIX_PBA, 0);
	report_breaks(16);
	scene.ticket.pci.msix = 1;
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_FALSE;
	report_breaks(0);
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	is_accepted();
	/* A report that shows no MSI-X hides none that config space shows. */
	set_range(0, 0, 0);
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_UNKNOWN;
	report_breaks(0);
	scene.rule->msix = DA_MSIX_ANY;
	is_accepted();
	scene.rule->msix = DA_MSIX_NO_RULE;
	scene.ticket.lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
	report_breaks(0);
	scene.ticket.pci.msix = 0;
	is_accepted();
}
END_TEST

/* -- unknowns, one by one -- */

START_TEST(unknowns)
{
	static const enum da_check may[] = {
		DA_CHK_TSM_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_VCA,
		DA_CHK_TSM_DIGEST_MEASUREMENTS, DA_CHK_TSM_STATE,
		DA_CHK_TSM_TOKENS, DA_CHK_SESSION_KEY, DA_CHK_VALIDITY,
		DA_CHK_CONTENT_CHANGED, DA_CHK_CHALLENGE,
		DA_CHK_MEASUREMENT_LOG, DA_CHK_DEVICE_IDENTITY,
	};

	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		set_findings();
		scene.claims.findings.of[may[i]].result = DA_UNKNOWN;
		scene.rule->tolerate[may[i]] = false;
		is_refused(may[i], da_check_unknown_class(may[i], true));
		ck_finding(scene.verdict.findings, may[i], DA_UNKNOWN);
		ck_fault(scene.verdict.findings.of[may[i]],
		    DA_F_POLICY_UNKNOWN);
		scene.rule->tolerate[may[i]] = true;
		is_accepted();
		ck_assert_uint_eq(scene.verdict.findings.of[may[i]].why,
		    DA_F_NONE);
	}
}
END_TEST

/* This version reads no revocation data; silence is no answer. */
START_TEST(revocation)
{
	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
	is_refused(DA_CHK_REVOCATION, 4);
}
END_TEST

/* -- the question of stage one -- */

START_TEST(ask)
{
	uint8_t nonce[DA_NONCE] = { 1 };
	struct da_ask q = { .nonce = da_slice_of(nonce, DA_NONCE),
	    .ticket = &scene.ticket };

	scene.rule->anchors.n = 1;
	scene.rule->anchors.der[0] = da_slice_str("a root");
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_uint_eq(q.anchors.n, 1);
	ck_assert_ptr_eq(q.anchors.der[0].p, scene.rule->anchors.der[0].p);
	ck_assert_ptr_eq(q.assumed, &scene.rule->without_vca);
	ck_assert_ptr_eq(q.tolerate, scene.rule->tolerate);
	ck_assert(q.has_time);
	ck_assert_int_eq(q.at, 1793491200);
	ck_assert_ptr_eq(q.ticket, &scene.ticket);
	ck_assert_uint_eq(q.nonce.n, DA_NONCE);
}
END_TEST

START_TEST(ask_without_a_rule)
{
	struct da_ask q;

	memset(&q, 0xee, sizeof(q));
	scene.policy->clock = DA_CLOCK_NONE;
	da_policy_ask(scene.policy, NULL, &q);
	ck_assert_uint_eq(q.anchors.n, 0);
	ck_assert_ptr_null(q.assumed);
	ck_assert(!q.has_time);
	/* Absent would mean that a person looks on, who may see everything. */
	ck_assert_ptr_nonnull(q.tolerate);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		ck_assert(!q.tolerate[i]);
	scene.rule->has_without_vca = false;
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_ptr_null(q.assumed);
}
END_TEST

/* -- composition -- */

static struct da_verdict of_many[4];

static void
set_verdicts(const char *class_name, size_t n)
{
	memset(of_many, 0, sizeof(of_many));
	for (size_t i = 0; i < n; i++) {
		of_many[i].accepted = 1;
		of_many[i].device_key[0] = (uint8_t)(i + 1);
		strcpy(of_many[i].class_name, class_name);
	}
}

static void
count_is_refused(size_t n)
{
	struct da_fault fault = { 0 };

	ck_assert(!da_policy_counts(scene.policy, of_many, n, &fault));
	ck_fault(fault, DA_F_POLICY_COUNT);
}

static void
count_holds(size_t n)
{
	struct da_fault fault = { 0 };

	ck_assert(da_policy_counts(scene.policy, of_many, n, &fault));
}

START_TEST(counts_devices)
{
	set_verdicts("gpu", 3);
	count_holds(1);
	count_holds(2);
	count_is_refused(3);
	count_is_refused(0);
	of_many[0].accepted = 0;
	count_is_refused(1);
	count_holds(2);
	of_many[0].accepted = 2;	/* anything but 1 refuses */
	count_is_refused(1);
}
END_TEST

START_TEST(counts_functions)
{
	set_verdicts("gpu", 4);
	of_many[1].device_key[0] = of_many[3].device_key[0] = 1;
	count_holds(2);
	count_holds(3);		/* two functions, and one of another device */
	count_is_refused(4);	/* three */
	scene.rule->functions_min = 2;
	count_holds(2);
	count_is_refused(3);
	/* A missing rule refuses. */
	scene.rule->has_functions = false;
	count_is_refused(2);
}
END_TEST

START_TEST(counts_what_has_no_key)
{
	set_verdicts("gpu", 3);
	for (size_t i = 0; i < 3; i++)
		of_many[i].device_key[0] = 0;
	count_holds(2);
	count_is_refused(3);
}
END_TEST

START_TEST(counts_by_class)
{
	set_verdicts("gpu", 1);
	of_many[1] = of_many[0];
	strcpy(of_many[1].class_name, "nic");
	count_holds(2);
	strcpy(of_many[1].class_name, "dpu");
	count_is_refused(2);
	set_verdicts("nic", 2);
	count_is_refused(2);	/* a gpu is wanted */
	scene.rule->has_count = false;
	count_holds(2);
	set_verdicts("gpu", 1);
	count_is_refused(1);
	count_is_refused(0);
	scene.policy->n_rules = 0;
	count_is_refused(2);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("appraise");
	TCase *t = tcase_create("appraise");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, good_is_accepted);
	tcase_add_test(t, nothing_is_refused);
	tcase_add_test(t, unasked_is_refused);
	tcase_add_test(t, every_broken_check_refuses);
	tcase_add_test(t, a_result_of_no_kind_refuses);
	tcase_add_test(t, the_worst_class_decides);
	tcase_add_test(t, failed_proof_keeps_its_class);
	tcase_add_test(t, platform);
	tcase_add_test(t, no_rule);
	tcase_add_test(t, no_ticket);
	tcase_add_test(t, versions_are_named);
	tcase_add_test(t, algorithms_are_named);
	tcase_add_test(t, unsigned_negotiation);
	tcase_add_test(t, values);
	tcase_add_test(t, values_have_a_form);
	tcase_add_test(t, values_are_there);
	tcase_add_test(t, no_values);
	tcase_add_test(t, report_is_there);
	tcase_add_test(t, firmware);
	tcase_add_test(t, page_unit);
	tcase_add_test(t, shared_ranges);
	tcase_add_test(t, updatable_ranges);
	tcase_add_test(t, msix);
	tcase_add_test(t, unknowns);
	tcase_add_test(t, revocation);
	tcase_add_test(t, ask);
	tcase_add_test(t, ask_without_a_rule);
	tcase_add_test(t, counts_devices);
	tcase_add_test(t, counts_functions);
	tcase_add_test(t, counts_what_has_no_key);
	tcase_add_test(t, counts_by_class);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

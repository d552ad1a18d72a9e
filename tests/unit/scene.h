/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that a policy accepts, as claims; each test spoils one thing and
 * asks again.
 */
#ifndef DA_TEST_SCENE_H
#define DA_TEST_SCENE_H

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

/* Name { SET { SEQUENCE { OID 2.5.4.3, UTF8String } } }: CN with an escape. */
static const uint8_t scene_subject[] = {
	0x30, 0x10, 0x31, 0x0e, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x04, 0x03,
	0x0c, 0x05, 'd', 'e', 'v', 0x1b, '7'
};

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

static inline void
hex_of(struct da_slice bytes, char *out)
{
	for (size_t i = 0; i < bytes.n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes.p[i]);
}

/*
 * Index 1 is a digest at 16, index 3 three raw bytes at 100, 9 is unnamed; 7 is
 * security version 5 at 144, 254 a mode without debugging at 160.
 */
static inline void
set_blocks(void)
{
	struct da_blocks *b = &scene.claims.blocks;

	for (size_t i = 0; i < sizeof(scene.measurements); i++)
		scene.measurements[i] = (uint8_t)(i * 7 + 1);
	b->n = 5;
	b->block[0] = (struct da_block){ 1, DA_MEAS_IMMUTABLE_ROM, false,
	    da_slice_of(scene.measurements + 16, 48) };
	b->block[1] = (struct da_block){ 3, DA_MEAS_SVN, true,
	    da_slice_of(scene.measurements + 100, 3) };
	b->block[2] = (struct da_block){ 9, DA_MEAS_MANIFEST, true,
	    da_slice_of(scene.measurements + 120, 20) };
	memset(scene.measurements + 144, 0, 32);
	scene.measurements[144] = 5;
	scene.measurements[160] = 0x3f;		/* what it reports... */
	scene.measurements[164] = 0x04;		/* normal operation */
	scene.measurements[168] = 0x1f;		/* ... of debugging, too */
	b->block[3] = (struct da_block){ 7, DA_MEAS_SVN, true,
	    da_slice_of(scene.measurements + 144, 8) };
	b->block[4] = (struct da_block){ 254, DA_MEAS_DEVICE_MODE, true,
	    da_slice_of(scene.measurements + 160, 16) };
	scene.claims.has_blocks = true;
}

static inline void
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

static inline void
set_range(unsigned int i, uint16_t attributes, uint16_t id)
{
	uint8_t *at = scene.report + 16 + 16 * i;

	memset(at, 0, 16);
	at[0] = (uint8_t)(16 * i);
	at[8] = 1;
	at[12] = (uint8_t)attributes;
	at[14] = (uint8_t)id;
}

static inline void
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

static inline void
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

static inline void
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
	e->chain.cert[1].subject = da_slice_of(scene_subject,
	    sizeof(scene_subject));
}

static inline void
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

static inline void
drop_scene(void)
{
	da_policy_free(scene.policy);
}

static inline void
judge(void)
{
	memset(&scene.verdict, 0xee, sizeof(scene.verdict));
	da_appraise(scene.policy, &scene.claims, &scene.verdict);
}

static inline void
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

static inline void
is_refused(enum da_check by, int class)
{
	judge();
	ck_assert_uint_eq(scene.verdict.accepted, 0);
	ck_assert_str_eq(da_check_name((enum da_check)scene.verdict.decided_by),
	    da_check_name(by));
	ck_assert_int_eq(scene.verdict.exit_class, class);
}

static inline void
is_broken(enum da_check by, enum da_why why)
{
	is_refused(by, da_fault_text(why)->exit_class);
	ck_finding_fault(scene.verdict.findings, by, why);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

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
	ck_assert_str_eq(scene.verdict.subject, "CN=dev\\x1b7");
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

static void
is_on(enum da_platform which, const char *abi)
{
	scene.ticket.platform = (uint8_t)which;
	memset(scene.ticket.abi, 0, sizeof(scene.ticket.abi));
	memcpy(scene.ticket.abi, abi, strlen(abi));
}

/* The contract: some must be named whole; a bare name is for the others. */
START_TEST(platform_without_an_abi)
{
	scene.policy->n_platforms = 1;
	scene.policy->platform[0].platform = DA_PLATFORM_SEV_TIO;
	scene.policy->platform[0].abi[0] = '\0';
	is_on(DA_PLATFORM_SEV_TIO, "2");
	is_accepted();
	is_on(DA_PLATFORM_SEV_TIO, "12345678");
	is_accepted();
	is_on(DA_PLATFORM_SEV_TIO, "1");
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	is_on(DA_PLATFORM_SEV_TIO, "");	/* it may be that one */
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	is_on(DA_PLATFORM_EMULATED, "2");
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	strcpy(scene.policy->platform[0].abi, "1");
	is_on(DA_PLATFORM_SEV_TIO, "1");
	is_accepted();
	is_on(DA_PLATFORM_SEV_TIO, "2");
	is_broken(DA_CHK_PLATFORM, DA_F_POLICY_PLATFORM);
	scene.policy->platform[0].platform = DA_PLATFORM_ARM_CCA;
	scene.policy->platform[0].abi[0] = '\0';
	is_on(DA_PLATFORM_ARM_CCA, "1");
	is_accepted();
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

/* A ticket that does not tell is judged: not every platform's can. */
START_TEST(no_tee_capability)
{
	scene.ticket.pci.tee = DA_TRI_FALSE;
	is_broken(DA_CHK_COMPOSITION, DA_F_POLICY_NO_TEE);
	scene.ticket.pci.tee = DA_TRI_UNKNOWN;
	is_accepted();
	scene.ticket.pci.tee = DA_TRI_TRUE;
	is_accepted();
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

/* -- the question of stage one -- */

START_TEST(ask)
{
	uint8_t nonce[DA_NONCE] = { 1 };
	struct da_ask q = { .nonce = da_slice_of(nonce, DA_NONCE),
	    .ticket = &scene.ticket };

	scene.rule->anchors.n = 1;
	scene.rule->anchors.der[0] = da_slice_str("a root");
	scene.rule->n_critical = 1;
	scene.rule->critical[0] = (struct da_policy_oid){ 2, { 0x2a, 3 } };
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_uint_eq(q.anchors.n, 1);
	ck_assert_ptr_eq(q.anchors.der[0].p, scene.rule->anchors.der[0].p);
	ck_assert_ptr_eq(q.assumed, &scene.rule->without_vca);
	ck_assert_ptr_eq(q.tolerate, scene.rule->tolerate);
	ck_assert_uint_eq(q.critical.n, 1);
	ck_assert(da_slice_eq(q.critical.oid[0], da_slice_of("\x2a\x03", 2)));
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
	ck_assert_uint_eq(q.critical.n, 0);
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

static Suite *
suite(void)
{
	Suite *s = suite_create("appraise");
	TCase *t = tcase_create("appraise");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, good_is_accepted);
	tcase_add_test(t, nothing_is_refused);
	tcase_add_test(t, failed_proof_keeps_its_class);
	tcase_add_test(t, platform);
	tcase_add_test(t, platform_without_an_abi);
	tcase_add_test(t, no_rule);
	tcase_add_test(t, no_tee_capability);
	tcase_add_test(t, no_ticket);
	tcase_add_test(t, versions_are_named);
	tcase_add_test(t, algorithms_are_named);
	tcase_add_test(t, unsigned_negotiation);
	tcase_add_test(t, ask);
	tcase_add_test(t, ask_without_a_rule);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

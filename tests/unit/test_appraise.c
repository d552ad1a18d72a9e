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

/* A verified CHALLENGE says what was used; the owner, what may be used. */
START_TEST(a_verified_negotiation_is_named_too)
{
	scene.evidence.version = DA_SPDM_11;
	scene.evidence.algs_signed = false;
	scene.rule->has_without_vca = false;
	scene.claims.findings.of[DA_CHK_CHALLENGE].result = DA_HOLDS;
	is_accepted();
	scene.rule->asym[0] = DA_ASYM_MLDSA_65;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_ALGORITHM);
	scene.rule->asym[0] = DA_ASYM_ECDSA_P384;
	scene.rule->version[0] = DA_SPDM_10;
	is_broken(DA_CHK_ALGORITHMS, DA_F_POLICY_VERSION);
}
END_TEST

/* A CHALLENGE that the host gave, and nobody's nonce: it proves nothing new. */
START_TEST(a_challenge_of_no_known_time)
{
	scene.claims.findings.of[DA_CHK_CHALLENGE].result = DA_UNKNOWN;
	is_refused(DA_CHK_CHALLENGE, 5);
	scene.rule->tolerate[DA_CHK_CHALLENGE] = true;
	is_accepted();
	/* Borne, it stands in for nothing. */
	scene.claims.findings.of[DA_CHK_NONCE].result = DA_UNKNOWN;
	is_refused(DA_CHK_NONCE, 6);
}
END_TEST

/* -- revocation -- */

static void
fact_is(enum da_result result)
{
	scene.claims.findings.of[DA_CHK_REVOCATION].result = (uint8_t)result;
}

START_TEST(lists_are_asked)
{
	struct da_fault revoked = { DA_F_REVOKED, DA_PART_CHAIN, 4 };

	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
	scene.rule->revocation = DA_REVOCATION_CRL;
	fact_is(DA_HOLDS);
	is_accepted();
	fact_is(DA_UNKNOWN);
	is_refused(DA_CHK_REVOCATION, 4);
	/* A stage one that was never asked has not said yes. */
	fact_is(DA_NOT_ASKED);
	is_refused(DA_CHK_REVOCATION, 4);
	ck_finding(scene.verdict.findings, DA_CHK_REVOCATION, DA_UNKNOWN);
	scene.rule->tolerate[DA_CHK_REVOCATION] = true;
	is_accepted();
	da_found_broken(&scene.claims.findings, DA_CHK_REVOCATION, &revoked);
	is_broken(DA_CHK_REVOCATION, DA_F_REVOKED);
	scene.rule->revocation = DA_REVOCATION_NO_RULE;
	is_broken(DA_CHK_REVOCATION, DA_F_REVOKED);
}
END_TEST

/* A list that no rule asked for says no more than that one is on it. */
START_TEST(lists_that_no_rule_names)
{
	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
	fact_is(DA_HOLDS);
	is_refused(DA_CHK_REVOCATION, 4);
	ck_finding(scene.verdict.findings, DA_CHK_REVOCATION, DA_UNKNOWN);
}
END_TEST

/* -- names of the leaf, NVIDIA's data: asked by rules of their own -- */

START_TEST(names_are_asked)
{
	struct da_fault other = { DA_F_IDENTITY_NAME, DA_PART_CHAIN, 7 };
	struct da_finding *of = scene.claims.findings.of;
	uint8_t *fact = &of[DA_CHK_DEVICE_IDENTITY].result;

	/* A name that cannot be compared is the owner's to live with, by name. */
	*fact = DA_UNKNOWN;
	is_refused(DA_CHK_DEVICE_IDENTITY, 5);
	scene.rule->tolerate[DA_CHK_DEVICE_IDENTITY] = true;
	is_accepted();
	ck_finding(scene.verdict.findings, DA_CHK_DEVICE_IDENTITY, DA_UNKNOWN);
	scene.rule->tolerate[DA_CHK_DEVICE_IDENTITY] = false;
	*fact = DA_NOT_ASKED;
	scene.rule->identity.pci_name = true;
	is_broken(DA_CHK_DEVICE_IDENTITY, DA_F_IDENTITY_ABSENT);
	scene.rule->warn_only[DA_CHK_DEVICE_IDENTITY] = true;
	judge();
	ck_assert_uint_eq(scene.verdict.accepted, 1);
	/* Another function's name refuses, asked for or not. */
	scene.rule->warn_only[DA_CHK_DEVICE_IDENTITY] = false;
	scene.rule->identity.pci_name = false;
	da_found_broken(&scene.claims.findings, DA_CHK_DEVICE_IDENTITY,
	    &other);
	is_broken(DA_CHK_DEVICE_IDENTITY, DA_F_IDENTITY_NAME);
}
END_TEST

START_TEST(nvidias_data_is_asked)
{
	scene.rule->nvidia.set = true;
	scene.rule->nvidia.fwid_is_leafs = true;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_NVIDIA);
	/* It stands beside the reference values, and never in their place. */
	scene.rule->n_index = 0;
	is_broken(DA_CHK_REFERENCE_VALUES, DA_F_POLICY_NO_VALUES);
}
END_TEST

/* -- slot 0xF: a key of the owner's instead of a chain -- */

static void
set_key_slot(void)
{
	scene.rule->provisioned = da_slice_str("the owner's key");
	scene.rule->keys.n = 1;
	strcpy(scene.rule->keys.name[0], "slot-f");
	scene.evidence.has_meas = true;
	scene.evidence.has_chain = false;
	scene.evidence.chain.n = 0;
	scene.evidence.meas.is_signed = true;
	scene.evidence.meas.slot_asked = DA_SLOT_RAW_KEY;
	for (size_t i = 0; i < 4; i++)
		scene.claims.findings.of[(const enum da_check[]){
		    DA_CHK_CHAIN, DA_CHK_LEAF_PROFILE, DA_CHK_VALIDITY,
		    DA_CHK_TSM_DIGEST_CHAIN }[i]].result = DA_NOT_ASKED;
	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
}

START_TEST(a_provisioned_key)
{
	struct da_hash_value key = da_hash_of(DA_HASH_SHA384,
	    da_slice_str("the owner's key"));

	set_key_slot();
	is_accepted();
	ck_assert_mem_eq(scene.verdict.device_key, key.bytes, 48);
	ck_assert_str_eq(scene.verdict.subject, "provisioned-key=slot-f");
	ck_finding(scene.verdict.findings, DA_CHK_REVOCATION, DA_NOT_ASKED);
}
END_TEST

/* Only the owner's word stands in for a chain, and only for that slot. */
START_TEST(no_chain_and_no_key)
{
	set_key_slot();
	scene.rule->provisioned = da_slice_of(NULL, 0);
	is_refused(DA_CHK_LEAF_PROFILE, 2);
	set_key_slot();
	scene.evidence.meas.slot_asked = 0;
	is_refused(DA_CHK_LEAF_PROFILE, 2);
	set_key_slot();
	scene.evidence.meas.is_signed = false;
	is_refused(DA_CHK_LEAF_PROFILE, 2);
	set_key_slot();
	scene.evidence.has_meas = false;
	is_refused(DA_CHK_LEAF_PROFILE, 2);
	set_key_slot();
	is_accepted();
}
END_TEST

/* What was asked of a chain must hold, and the signature in every case. */
START_TEST(a_key_excuses_nothing_else)
{
	set_key_slot();
	scene.claims.findings.of[DA_CHK_CHAIN].result = DA_UNKNOWN;
	is_refused(DA_CHK_CHAIN, 3);
	scene.claims.findings.of[DA_CHK_CHAIN].result = DA_NOT_ASKED;
	scene.claims.findings.of[DA_CHK_SIGNATURE].result = DA_NOT_ASKED;
	is_refused(DA_CHK_SIGNATURE, 2);
	scene.claims.findings.of[DA_CHK_SIGNATURE].result = DA_HOLDS;
	scene.claims.findings.of[DA_CHK_SLOT].result = DA_NOT_ASKED;
	is_refused(DA_CHK_SLOT, 5);
	/* It has no leaf, and so no name. */
	scene.claims.findings.of[DA_CHK_SLOT].result = DA_HOLDS;
	scene.rule->identity.pci_name = true;
	is_broken(DA_CHK_DEVICE_IDENTITY, DA_F_IDENTITY_ABSENT);
	scene.rule->identity.pci_name = false;
	/* The TSM must vouch for something: here is no chain. */
	scene.claims.findings.of[DA_CHK_SLOT].result = DA_HOLDS;
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] = true;
	scene.claims.findings.of[DA_CHK_TSM_DIGEST_MEASUREMENTS].result =
	    DA_UNKNOWN;
	is_refused(DA_CHK_TSM_DIGEST_MEASUREMENTS, 7);
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
	ck_assert_ptr_eq(q.warn_only, scene.rule->warn_only);
	ck_assert_uint_eq(q.critical.n, 1);
	ck_assert(da_slice_eq(q.critical.oid[0], da_slice_of("\x2a\x03", 2)));
	ck_assert(q.has_time);
	ck_assert_int_eq(q.at, 1793491200);
	ck_assert_ptr_eq(q.ticket, &scene.ticket);
	ck_assert_uint_eq(q.nonce.n, DA_NONCE);
}
END_TEST

START_TEST(ask_with_lists_and_a_key)
{
	struct da_ask q = { .crls = { .n = 7 } };

	scene.rule->crls.n = 1;
	scene.rule->crls.der[0] = da_slice_str("a list");
	scene.rule->provisioned = da_slice_str("a key");
	scene.rule->max_age_days = 30;
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_uint_eq(q.crls.n, 0);	/* it asks for none */
	ck_assert(da_slice_eq(q.provisioned, scene.rule->provisioned));
	scene.rule->revocation = DA_REVOCATION_CRL;
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_uint_eq(q.crls.n, 1);
	ck_assert(da_slice_eq(q.crls.der[0], scene.rule->crls.der[0]));
	ck_assert_uint_eq(q.crls.max_age_s, 30 * 86400);
	scene.rule->max_age_days = 0;
	da_policy_ask(scene.policy, scene.rule, &q);
	ck_assert_uint_eq(q.crls.max_age_s, 0);
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
	ck_assert_uint_eq(q.crls.n, 0);
	ck_assert_uint_eq(q.provisioned.n, 0);
	ck_assert_ptr_null(q.assumed);
	ck_assert(!q.has_time);
	/* Absent would mean that a person looks on, who may see everything. */
	ck_assert_ptr_nonnull(q.tolerate);
	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		ck_assert(!q.tolerate[i] && !q.warn_only[i]);
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
	tcase_add_test(t, a_verified_negotiation_is_named_too);
	tcase_add_test(t, a_challenge_of_no_known_time);
	tcase_add_test(t, lists_are_asked);
	tcase_add_test(t, lists_that_no_rule_names);
	tcase_add_test(t, names_are_asked);
	tcase_add_test(t, nvidias_data_is_asked);
	tcase_add_test(t, a_provisioned_key);
	tcase_add_test(t, no_chain_and_no_key);
	tcase_add_test(t, a_key_excuses_nothing_else);
	tcase_add_test(t, ask);
	tcase_add_test(t, ask_with_lists_and_a_key);
	tcase_add_test(t, ask_without_a_rule);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

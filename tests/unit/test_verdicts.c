/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pusher makes of the judges' words: of a yes without its checks, of
 * zeroes, and of answers that contradict themselves.
 */
#include "unit.h"
#include "world.h"

START_TEST(zeroes_are_no_proof)
{
	memset(&world.proof, 0, sizeof(world.proof));
	ck_refused(1);
	ck_assert(!happened("appraise"));
	/* Nor is a proof of another version. */
	set_up();
	world.proof.version++;
	ck_refused(1);
	ck_assert(!happened("appraise"));
}
END_TEST

START_TEST(a_broken_finding_decides_whatever_is_said_of_it)
{
	static const struct da_fault wrong = { DA_F_SIGNATURE_WRONG,
		DA_PART_MEASUREMENTS, 374 }, nonce = { DA_F_NONCE_DIFFERS,
		DA_PART_MEASUREMENTS, 4 };

	da_found_broken(&world.proof.findings, DA_CHK_NONCE, &nonce);
	da_found_broken(&world.proof.findings, DA_CHK_SIGNATURE, &wrong);
	ck_refused(2);		/* signature comes before freshness */
	ck_fault(candidate.outcome.refusal.fault, DA_F_SIGNATURE_WRONG);
	ck_assert_uint_eq(candidate.outcome.refusal.fault.offset, 374);
	ck_assert(!happened("appraise"));
}
END_TEST

START_TEST(unproved_without_a_fault_is_an_unknown)
{
	world.proof.proved = 0;
	world.ticket.digest[DA_DIGEST_VCA].len = 0;
	da_found(&world.proof.findings, DA_CHK_VALIDITY, DA_UNKNOWN);
	ck_refused(7);
	ck_assert_int_eq(candidate.outcome.refusal.check,
	    DA_CHK_TSM_DIGEST_VCA);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_UNKNOWN);
	/* And with nothing at all, our own fault. */
	set_up();
	world.proof.proved = 0;
	ck_refused(1);
	ck_assert(!happened("appraise"));
}
END_TEST

/* An authenticator that was taken over says yes to an answer without proof. */
START_TEST(a_yes_without_its_checks_is_no_proof)
{
	static const struct {
		enum da_check check;
		int exit_class;
		bool may_be_unknown;
	} must[] = { { DA_CHK_WELL_FORMED, 1, false },
		{ DA_CHK_CHAIN, 3, false }, { DA_CHK_LEAF_PROFILE, 2, false },
		{ DA_CHK_SIGNATURE, 2, false }, { DA_CHK_SLOT, 5, true },
		{ DA_CHK_NONCE, 6, true } };

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		set_up();
		world.proof.findings.of[must[i].check].result = DA_NOT_ASKED;
		ck_refused(must[i].exit_class);
		ck_assert(!happened("appraise"));
		set_up();
		world.proof.findings.of[must[i].check].result = DA_UNKNOWN;
		if (must[i].may_be_unknown) {
			ck_assert_int_eq(run_one(), 0);
			continue;
		}
		ck_refused(must[i].check == DA_CHK_WELL_FORMED ? 8 :
		    must[i].exit_class);
		ck_assert(!happened("appraise"));
	}
}
END_TEST

static int frozen;

static void
token_stands_still(int n, struct da_ticket *t)
{
	if (n >= 2)
		t->token[frozen].bytes[0] = 0;
}

static void
platform_has_none(int n, struct da_ticket *t)
{
	(void)n;
	t->token[frozen].len = 0;
}

/* Contract 3: tolerable only together with changed tokens. */
START_TEST(an_unknown_nonce_needs_changed_tokens)
{
	static const int of[] = { DA_TOKEN_MEASUREMENTS, DA_TOKEN_REPORT };

	for (size_t i = 0; i < 2; i++) {
		frozen = of[i];
		set_up();
		da_found(&world.proof.findings, DA_CHK_NONCE, DA_UNKNOWN);
		world.at_ticket = platform_has_none;
		ck_refused(6);
		ck_assert_int_eq(candidate.outcome.refusal.check,
		    DA_CHK_NONCE);
		ck_fault(candidate.outcome.refusal.fault,
		    DA_F_POLICY_UNKNOWN);
		ck_assert(!happened("appraise"));
		set_up();
		world.at_ticket = token_stands_still;
		ck_refused(6);
		ck_assert(!happened("appraise"));
		/* A nonce that holds is fresh without them. */
		set_up();
		world.at_ticket = platform_has_none;
		ck_assert_int_eq(run_one(), 0);
	}
}
END_TEST

/* Right after the lock nothing may have been collected yet. */
static void
first_collected_later(int n, struct da_ticket *t)
{
	if (n > 1)
		return;
	t->token[DA_TOKEN_MEASUREMENTS].len = 0;
	t->token[DA_TOKEN_REPORT].len = 0;
}

START_TEST(a_token_where_none_was_has_changed)
{
	da_found(&world.proof.findings, DA_CHK_NONCE, DA_UNKNOWN);
	world.at_ticket = first_collected_later;
	ck_assert_int_eq(run_one(), 0);
}
END_TEST

/* The gate is the trusted role's: what a judge says of it is not heard. */
START_TEST(the_gates_findings_are_our_own)
{
	const struct da_findings *found =
	    &world.job.function[0].proof.findings;

	world.ticket.digest[DA_DIGEST_CHAIN].len = 0;
	da_found(&world.proof.findings, DA_CHK_TSM_DIGEST_CHAIN, DA_HOLDS);
	da_found(&world.proof.findings, DA_CHK_TSM_STATE, DA_UNKNOWN);
	ck_assert_int_eq(run_one(), 0);
	ck_finding(*found, DA_CHK_TSM_DIGEST_CHAIN, DA_UNKNOWN);
	ck_finding(*found, DA_CHK_TSM_STATE, DA_HOLDS);
}
END_TEST

START_TEST(zeroes_are_no_verdict)
{
	memset(&world.verdict, 0, sizeof(world.verdict));
	ck_refused(1);
	ck_assert(!happened("push"));
}
END_TEST

START_TEST(a_verdict_must_agree_with_itself)
{
	for (int i = 0; i < 5; i++) {
		set_up();
		if (i == 0)
			world.verdict.version++;
		if (i == 1)
			world.verdict.accepted = 2;
		if (i == 2)
			world.verdict.exit_class = 5;
		if (i == 3)
			world.verdict.decided_by = DA_CHK_CHAIN;
		if (i == 4)
			world.verdict.map.n = DA_MAX_RANGES + 1;
		ck_refused(1);
		ck_assert(!happened("push"));
	}
}
END_TEST

START_TEST(a_refusal_is_told_as_the_appraiser_told_it)
{
	static const struct da_fault fault = { DA_F_POLICY_MEASUREMENT,
		DA_PART_MEASUREMENTS, 90 };

	world.verdict.accepted = 0;
	world.verdict.exit_class = 5;
	world.verdict.decided_by = DA_CHK_REFERENCE_VALUES;
	da_found_broken(&world.verdict.findings, DA_CHK_REFERENCE_VALUES,
	    &fault);
	ck_refused(5);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_MEASUREMENT);
	ck_assert_int_eq(candidate.outcome.refusal.check,
	    DA_CHK_REFERENCE_VALUES);
	/* An unknown that the policy minds has its check's class. */
	set_up();
	world.verdict.accepted = 0;
	world.verdict.exit_class = 4;
	world.verdict.decided_by = DA_CHK_REVOCATION;
	da_found(&world.verdict.findings, DA_CHK_REVOCATION, DA_UNKNOWN);
	ck_refused(4);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_UNKNOWN);
}
END_TEST

START_TEST(a_verdict_by_another_policy_is_none)
{
	world.verdict.policy_id[7] = 1;
	ck_refused(1);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
	    "another policy"));
	ck_assert(!happened("push"));
	set_up();
	world.verdict.policy_id[7] = pusher.policy_id[7] = 1;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(candidate.outcome.policy_id[7], 1);
	ck_assert_uint_eq(world.record.policy_id[7], 1);
}
END_TEST

/* By the owner's own key: only where his rule names one, and no chain came. */
START_TEST(a_key_needs_no_chain)
{
	static const struct {
		enum da_disposition what;
		bool no_chain;
		int exit_class;
	} cases[] = {
		{ DA_SORT_JUDGE_BY_KEY, true, 0 },
		{ DA_SORT_JUDGE_BY_KEY, false, 3 },
		{ DA_SORT_JUDGE, true, 3 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up();
		world.function[0].what = cases[i].what;
		world.no_chain = cases[i].no_chain;
		world.proof.findings.of[DA_CHK_CHAIN].result = DA_NOT_ASKED;
		world.proof.findings.of[DA_CHK_LEAF_PROFILE].result =
		    DA_NOT_ASKED;
		ck_assert_int_eq(run_one(), cases[i].exit_class);
	}
	/* Not asked is all that it may be. */
	set_up();
	world.function[0].what = DA_SORT_JUDGE_BY_KEY;
	world.no_chain = true;
	world.proof.findings.of[DA_CHK_CHAIN].result = DA_UNKNOWN;
	ck_assert_int_eq(run_one(), 3);
}
END_TEST

/* What an owner only wants to be told of the appraiser decides. */
START_TEST(a_revoked_device_is_the_appraisers_to_judge)
{
	const struct da_fault revoked = { DA_F_REVOKED, DA_PART_CHAIN, 0 };

	da_found_broken(&world.proof.findings, DA_CHK_REVOCATION, &revoked);
	ck_assert_int_eq(run_one(), 0);
	set_up();
	da_found_broken(&world.proof.findings, DA_CHK_REVOCATION, &revoked);
	world.proof.proved = 0;
	ck_assert_int_eq(run_one(), 4);
	ck_fault(candidate.outcome.refusal.fault, DA_F_REVOKED);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: the judges' words");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, zeroes_are_no_proof);
	tcase_add_test(tc, a_key_needs_no_chain);
	tcase_add_test(tc, a_revoked_device_is_the_appraisers_to_judge);
	tcase_add_test(tc, a_broken_finding_decides_whatever_is_said_of_it);
	tcase_add_test(tc, unproved_without_a_fault_is_an_unknown);
	tcase_add_test(tc, a_yes_without_its_checks_is_no_proof);
	tcase_add_test(tc, an_unknown_nonce_needs_changed_tokens);
	tcase_add_test(tc, a_token_where_none_was_has_changed);
	tcase_add_test(tc, the_gates_findings_are_our_own);
	tcase_add_test(tc, zeroes_are_no_verdict);
	tcase_add_test(tc, a_verdict_must_agree_with_itself);
	tcase_add_test(tc, a_refusal_is_told_as_the_appraiser_told_it);
	tcase_add_test(tc, a_verdict_by_another_policy_is_none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

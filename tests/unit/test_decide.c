/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

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
		scene.rule->tolerate[must[i]] = true;
		scene.rule->warn_only[must[i]] = true;
		scene.claims.findings.of[must[i]].result = DA_NOT_ASKED;
		is_refused(must[i], da_check_unknown_class(must[i], true));
	}
}
END_TEST

/* Of these nothing unknown is borne, whatever a policy got into its memory. */
START_TEST(proof_is_never_tolerated)
{
	static const enum da_check must[] = { DA_CHK_WELL_FORMED,
		DA_CHK_CHAIN, DA_CHK_LEAF_PROFILE, DA_CHK_SIGNATURE };

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		set_findings();
		scene.rule->tolerate[must[i]] = true;
		scene.rule->warn_only[must[i]] = true;
		scene.claims.findings.of[must[i]].result = DA_UNKNOWN;
		is_refused(must[i], da_check_unknown_class(must[i], true));
		scene.claims.findings.of[must[i]] = (struct da_finding){
		    .result = DA_BROKEN, .why = DA_F_SIGNATURE_WRONG };
		judge();
		ck_assert_uint_eq(scene.verdict.accepted, 0);
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

/* -- unknowns, one by one -- */

static void
unknown_is(enum da_check check, bool tolerated)
{
	scene.claims.findings.of[check].result = DA_UNKNOWN;
	scene.rule->tolerate[check] = tolerated;
	if (tolerated) {
		is_accepted();
		ck_assert_uint_eq(scene.verdict.findings.of[check].why,
		    DA_F_NONE);
	} else {
		is_refused(check, da_check_unknown_class(check, true));
		ck_fault(scene.verdict.findings.of[check],
		    DA_F_POLICY_UNKNOWN);
	}
	ck_finding(scene.verdict.findings, check, DA_UNKNOWN);
	ck_assert_uint_eq(scene.verdict.findings.of[check].word,
	    tolerated ? DA_WORD_TOLERATED : DA_WORD_NONE);
}

START_TEST(unknowns)
{
	static const enum da_check may[] = {
		DA_CHK_TSM_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_VCA,
		DA_CHK_TSM_DIGEST_MEASUREMENTS, DA_CHK_TSM_DIGEST_REPORT,
		DA_CHK_TSM_STATE, DA_CHK_TSM_TOKENS, DA_CHK_SESSION_KEY,
		DA_CHK_VALIDITY, DA_CHK_SLOT, DA_CHK_CONTENT_CHANGED,
		DA_CHK_CHALLENGE, DA_CHK_MEASUREMENT_LOG,
		DA_CHK_REPORT_SHAPE, DA_CHK_ALGORITHMS,
	};

	scene.rule->has_without_vca = false;
	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		set_findings();
		unknown_is(may[i], false);
		set_findings();
		unknown_is(may[i], true);
	}
}
END_TEST

/* The reader of policies refuses that, and so does the judge. */
START_TEST(one_of_the_digests_holds)
{
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_CHAIN] = true;
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] = true;
	scene.claims.findings.of[DA_CHK_TSM_DIGEST_CHAIN].result = DA_UNKNOWN;
	is_accepted();
	scene.claims.findings.of[DA_CHK_TSM_DIGEST_MEASUREMENTS].result =
	    DA_UNKNOWN;
	is_refused(DA_CHK_TSM_DIGEST_CHAIN, 7);
	scene.claims.findings.of[DA_CHK_TSM_DIGEST_CHAIN].result = DA_HOLDS;
	is_accepted();
}
END_TEST

/* One digest over both: where it holds, and only where the policy says so. */
START_TEST(device_info_vouches_for_both)
{
	struct da_findings *f = &scene.claims.findings;

	scene.rule->tolerate[DA_CHK_TSM_DIGEST_CHAIN] = true;
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] = true;
	f->of[DA_CHK_TSM_DIGEST_CHAIN].result = DA_UNKNOWN;
	f->of[DA_CHK_TSM_DIGEST_MEASUREMENTS].result = DA_UNKNOWN;
	f->device_info = DA_HOLDS;
	is_accepted();
	ck_finding(scene.verdict.findings, DA_CHK_TSM_DIGEST_CHAIN,
	    DA_UNKNOWN);
	for (unsigned int i = 0; i < 256; i++) {
		f->device_info = (uint8_t)i;
		if (i != DA_HOLDS)
			is_refused(DA_CHK_TSM_DIGEST_CHAIN, 7);
	}
	f->device_info = DA_HOLDS;
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] = false;
	is_refused(DA_CHK_TSM_DIGEST_MEASUREMENTS, 7);
	/* It is no digest of the report. */
	scene.rule->tolerate[DA_CHK_TSM_DIGEST_MEASUREMENTS] = true;
	f->of[DA_CHK_TSM_DIGEST_REPORT].result = DA_UNKNOWN;
	is_refused(DA_CHK_TSM_DIGEST_REPORT, 7);
}
END_TEST

/* -- a nonce that nobody kept -- */

static void
set_token(enum da_token_of of, uint8_t now, uint8_t at_lock)
{
	scene.ticket.token[of] = (struct da_token){ now == 0 ? 0 : 8,
	    { now } };
	scene.ticket.token_at_lock[of] = (struct da_token){
	    at_lock == 0 ? 0 : 8, { at_lock } };
}

static void
set_changed_tokens(void)
{
	scene.ticket.has_tokens_at_lock = 1;
	set_token(DA_TOKEN_LOCK, 1, 1);
	set_token(DA_TOKEN_MEASUREMENTS, 3, 2);
	set_token(DA_TOKEN_REPORT, 5, 4);
}

START_TEST(nonce_needs_changed_tokens)
{
	set_changed_tokens();
	unknown_is(DA_CHK_NONCE, false);
	unknown_is(DA_CHK_NONCE, true);
	set_token(DA_TOKEN_MEASUREMENTS, 3, 0);	/* new where none was */
	is_accepted();
	set_token(DA_TOKEN_MEASUREMENTS, 0, 0);
	is_refused(DA_CHK_NONCE, 6);
	ck_fault(scene.verdict.findings.of[DA_CHK_NONCE],
	    DA_F_POLICY_UNKNOWN);
	set_token(DA_TOKEN_MEASUREMENTS, 3, 3);
	is_refused(DA_CHK_NONCE, 6);
	set_changed_tokens();
	set_token(DA_TOKEN_REPORT, 4, 4);
	is_refused(DA_CHK_NONCE, 6);
	set_token(DA_TOKEN_REPORT, 0, 4);
	is_refused(DA_CHK_NONCE, 6);
	set_changed_tokens();
	scene.ticket.has_tokens_at_lock = 0;
	is_refused(DA_CHK_NONCE, 6);
	set_changed_tokens();
	scene.rule->tolerate[DA_CHK_TSM_TOKENS] = true;
	scene.claims.findings.of[DA_CHK_TSM_TOKENS].result = DA_UNKNOWN;
	is_refused(DA_CHK_NONCE, 6);
}
END_TEST

/* -- what is broken and only told -- */

START_TEST(warned_is_accepted)
{
	static const enum da_check may[] = { DA_CHK_DEVICE_IDENTITY,
		DA_CHK_SVN_FLOOR, DA_CHK_DEVICE_MODE, DA_CHK_REVOCATION };
	struct da_fault fault = { DA_F_POLICY_SVN, DA_PART_MEASUREMENTS, 9 };

	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		set_findings();
		da_found_broken(&scene.claims.findings, may[i], &fault);
		is_refused(may[i], 5);
		ck_assert_uint_eq(scene.verdict.findings.of[may[i]].word,
		    DA_WORD_NONE);
		scene.rule->warn_only[may[i]] = true;
		judge();
		ck_assert_uint_eq(scene.verdict.accepted, 1);
		ck_assert_int_eq(scene.verdict.exit_class, 0);
		ck_finding_fault(scene.verdict.findings, may[i],
		    DA_F_POLICY_SVN);
		ck_assert_uint_eq(scene.verdict.findings.of[may[i]].word,
		    DA_WORD_WARNED);
		scene.claims.findings.of[may[i]].why = DA_F_NONE;
		is_refused(may[i], 1);	/* by nobody's word */
	}
}
END_TEST

START_TEST(a_warning_hides_nothing)
{
	scene.rule->warn_only[DA_CHK_SVN_FLOOR] = true;
	scene.rule->n_floor = 1;
	scene.rule->floor[0] = (struct da_policy_floor){ 7, 6 };
	scene.rule->debug = DA_DEBUG_OFF;
	scene.measurements[172] = 2;
	is_broken(DA_CHK_DEVICE_MODE, DA_F_POLICY_DEBUG);
	ck_assert_uint_eq(scene.verdict.findings.of[DA_CHK_SVN_FLOOR].word,
	    DA_WORD_WARNED);
	/* It is for what is broken: an unknown is borne by another list. */
	scene.rule->warn_only[DA_CHK_DEVICE_MODE] = true;
	scene.rule->warn_only[DA_CHK_REVOCATION] = true;
	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
	is_refused(DA_CHK_REVOCATION, 4);
}
END_TEST

/* What an earlier stage says of that is not the policy's word. */
START_TEST(words_are_the_policys)
{
	scene.claims.findings.of[DA_CHK_CHAIN].word = DA_WORD_WARNED;
	scene.claims.findings.of[DA_CHK_NONCE].word = DA_WORD_TOLERATED;
	is_accepted();
	ck_assert_uint_eq(scene.verdict.findings.of[DA_CHK_CHAIN].word,
	    DA_WORD_NONE);
	ck_assert_uint_eq(scene.verdict.findings.of[DA_CHK_NONCE].word,
	    DA_WORD_NONE);
}
END_TEST

/* Where no rule says how to know, silence is no answer. */
START_TEST(revocation)
{
	scene.rule->tolerate[DA_CHK_REVOCATION] = false;
	is_refused(DA_CHK_REVOCATION, 4);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("decide");
	TCase *t = tcase_create("decide");

	tcase_add_checked_fixture(t, set_scene, drop_scene);
	tcase_add_test(t, unasked_is_refused);
	tcase_add_test(t, proof_is_never_tolerated);
	tcase_add_test(t, every_broken_check_refuses);
	tcase_add_test(t, a_result_of_no_kind_refuses);
	tcase_add_test(t, the_worst_class_decides);
	tcase_add_test(t, unknowns);
	tcase_add_test(t, one_of_the_digests_holds);
	tcase_add_test(t, device_info_vouches_for_both);
	tcase_add_test(t, nonce_needs_changed_tokens);
	tcase_add_test(t, warned_is_accepted);
	tcase_add_test(t, a_warning_hides_nothing);
	tcase_add_test(t, words_are_the_policys);
	tcase_add_test(t, revocation);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

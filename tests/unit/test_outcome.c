/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a function, in a line and as JSON; nothing goes unescaped. */
#include "guestd/outcome.h"
#include "unit.h"

static struct da_outcome outcome;
static char text[4000];

static void
start(void)
{
	memset(&outcome, 0, sizeof(outcome));
	snprintf(outcome.device, sizeof(outcome.device), "0000:01:00.0");
	da_findings_start(&outcome.findings);
}

static const char *
line(void)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(out);
	da_outcome_print(out, &outcome);
	fclose(out);
	return text;
}

/* Without the blanks of its layout. */
static void
press(char *json)
{
	char *to = json;

	for (const char *from = json; *from != '\0'; from++) {
		if (*from == '\n')
			while (from[1] == ' ')
				from++;
		else if (*from != ' ' || from[-1] != ':')
			*to++ = *from;
	}
	*to = '\0';
}

static const char *
json(void)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(out);
	ck_assert(da_outcomes_json(out, &outcome, 1,
	    da_outcomes_class(&outcome, 1)));
	fclose(out);
	press(text);
	return text;
}

static void
ck_says(const char *where, const char *what)
{
	ck_assert_msg(strstr(where, what) != NULL, "no \"%s\" in: %s", what,
	    where);
}

static void
accept_it(void)
{
	outcome.accepted = true;
	outcome.tries = 2;
	outcome.policy_id[0] = 0xab;
	snprintf(outcome.class_name, sizeof(outcome.class_name), "gpu");
	snprintf(outcome.subject, sizeof(outcome.subject), "CN=the leaf");
}

START_TEST(an_accepted_one)
{
	accept_it();
	ck_assert_str_eq(line(), "0000:01:00.0 accepted: class \"gpu\", "
	    "CN=the leaf\n");
	json();
	ck_says(text, "\"verdict\":\"accepted\"");
	ck_says(text, "\"exit\":0");
	ck_says(text, "\"class\":\"gpu\"");
	ck_says(text, "\"tries\":2");
	ck_says(text, "\"policy\":\"ab00");
	ck_says(text, "\"subject\":\"CN=the leaf\"");
	ck_assert_ptr_null(strstr(text, "kept"));
	ck_assert_ptr_null(strstr(text, "fault"));
}
END_TEST

START_TEST(a_kept_one)
{
	accept_it();
	outcome.kept = true;
	outcome.tries = 0;
	ck_says(line(), "accepted before, and unchanged: class \"gpu\"");
	json();
	ck_says(text, "\"verdict\":\"accepted\"");
	ck_says(text, "\"kept\":true");
	ck_assert_ptr_null(strstr(text, "tries"));
}
END_TEST

START_TEST(an_untrusted_one)
{
	outcome.untrusted = true;
	ck_says(line(), "untrusted: not judged");
	json();
	ck_says(text, "\"verdict\":\"untrusted\"");
	ck_assert_ptr_null(strstr(text, "fault"));
	ck_assert_ptr_null(strstr(text, "class"));
	ck_assert_ptr_null(strstr(text, "driver\":"));
	/* It is neither accepted nor refused; alone it is not enough. */
	ck_assert_int_eq(da_outcome_class(&outcome), 0);
	ck_assert_int_eq(da_outcomes_class(&outcome, 1), 5);
	ck_says(text, "\"result\":\"refused\"");
}
END_TEST

START_TEST(one_that_had_a_driver)
{
	outcome.untrusted = outcome.had_driver = true;
	ck_says(line(), "untrusted: not judged, a driver uses it already\n");
	ck_says(json(), "\"driver\":\"bound-before\"");
	start();
	outcome.had_driver = true;
	da_own_fault(&outcome.refusal, "x");
	ck_says(json(), "\"driver\":\"bound-before\"");
	/* Of a kept one it is the driver that it was accepted for. */
	start();
	accept_it();
	outcome.kept = outcome.had_driver = true;
	ck_assert_ptr_null(strstr(json(), "bound-before"));
}
END_TEST

START_TEST(a_refused_one)
{
	static const struct da_fault wrong = { DA_F_SIGNATURE_WRONG,
		DA_PART_MEASUREMENTS, 37 };

	da_refused_fault(&outcome.refusal, DA_CHK_SIGNATURE, &wrong);
	da_found_broken(&outcome.findings, DA_CHK_SIGNATURE, &wrong);
	outcome.has_findings = true;
	ck_says(line(), "refused (2): signature: SIGNATURE_WRONG: ");
	ck_says(text, "(measurements, byte 37)");
	json();
	ck_says(text, "\"verdict\":\"refused\"");
	ck_says(text, "\"exit\":2");
	ck_says(text, "\"check\":\"signature\"");
	ck_says(text, "\"fault\":\"SIGNATURE_WRONG\"");
	ck_says(text, "\"part\":\"measurements\"");
	ck_says(text, "\"offset\":37");
	ck_says(text, "\"checks\":[{");
	ck_assert_ptr_null(strstr(text, "\"policy\""));
	ck_assert_ptr_null(strstr(text, "\"class\""));
}
END_TEST

START_TEST(one_that_is_left_locked)
{
	da_refused(&outcome.refusal, DA_CHK_COUNT, DA_F_KERNEL_STRANGER,
	    DA_PART_NONE, "%s", "");
	outcome.left_locked = true;
	snprintf(outcome.unlock_text, sizeof(outcome.unlock_text), "busy");
	ck_says(line(), "KERNEL_STRANGER");
	ck_says(text, "; and the unlock failed, too: busy");
	ck_says(json(), "\"unlock\":\"busy\"");
	/* Said once where that is the refusal. */
	da_refused(&outcome.refusal, DA_CHK_COUNT, DA_F_KERNEL_LEFT_LOCKED,
	    DA_PART_NONE, "busy");
	ck_says(line(), "KERNEL_LEFT_LOCKED");
	ck_assert_ptr_null(strstr(text, "the unlock failed"));
	/* A failure is only what is known to be one. */
	start();
	da_refused(&outcome.refusal, DA_CHK_COMPOSITION, DA_F_POLICY_OTHER,
	    DA_PART_NONE, "x");
	outcome.left_locked = outcome.state_unknown = true;
	snprintf(outcome.unlock_text, sizeof(outcome.unlock_text),
	    "its state is not known: busy");
	ck_says(line(), "refused (9)");
	ck_says(text, ": x; and its state is not known: busy\n");
	/* An unlock that nobody can see is said to be one. */
	start();
	da_refused(&outcome.refusal, DA_CHK_COUNT, DA_F_KERNEL_MAP,
	    DA_PART_NONE, "x");
	snprintf(outcome.unlock_text, sizeof(outcome.unlock_text), "not told");
	ck_says(line(), "; unlocked: not told");
	ck_assert_int_eq(da_outcome_class(&outcome), 9);
}
END_TEST

START_TEST(an_unlock_that_failed_is_the_kernels_matter)
{
	da_refused(&outcome.refusal, DA_CHK_COMPOSITION, DA_F_POLICY_COUNT,
	    DA_PART_POLICY, "x");
	ck_assert_int_eq(da_outcome_class(&outcome), 5);
	outcome.left_locked = true;
	ck_assert_int_eq(da_outcome_class(&outcome), 9);
}
END_TEST

/* A terminal's escape sequence, a line of its own, a quote. */
START_TEST(nothing_goes_unescaped)
{
	static const char bad[] = "a\033[2J\n\"b\"\xff";

	accept_it();
	snprintf(outcome.class_name, sizeof(outcome.class_name), "%s", bad);
	snprintf(outcome.subject, sizeof(outcome.subject), "%s", bad);
	snprintf(outcome.unlock_text, sizeof(outcome.unlock_text), "%s", bad);
	for (int i = 0; i < 2; i++) {
		const char *said = i == 0 ? line() : json();

		ck_assert_ptr_null(strchr(said, '\033'));
		ck_assert_ptr_null(strchr(said, '\xff'));
		ck_says(said, "x1b[2J");
		ck_says(said, "x0a");
	}
	start();
	da_own_fault(&outcome.refusal, "%s", bad);
	ck_assert_ptr_null(strchr(line(), '\033'));
	ck_assert_ptr_null(strchr(json(), '\033'));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("outcome");
	TCase *tc = tcase_create("text");

	tcase_add_checked_fixture(tc, start, NULL);
	tcase_add_test(tc, an_accepted_one);
	tcase_add_test(tc, a_kept_one);
	tcase_add_test(tc, an_untrusted_one);
	tcase_add_test(tc, one_that_had_a_driver);
	tcase_add_test(tc, a_refused_one);
	tcase_add_test(tc, one_that_is_left_locked);
	tcase_add_test(tc, an_unlock_that_failed_is_the_kernels_matter);
	tcase_add_test(tc, nothing_goes_unescaped);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

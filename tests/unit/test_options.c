/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "guestd/advice.h"
#include "guestd/nearest.h"
#include "guestd/options.h"
#include "guestd/rfc3339.h"

static struct da_options options;
static struct da_misuse misuse;

static int
count(char *const *argv)
{
	int n = 0;

	while (argv[n] != NULL)
		n++;
	return n;
}

static bool
parse(enum da_verb verb, char *const *argv)
{
	misuse.text[0] = '\0';
	return da_options_parse(verb, count(argv), argv, &options, &misuse);
}

#define WORDS(...)	((char *[]){ __VA_ARGS__, NULL })
#define ck_parses(verb, ...)						\
	ck_assert_msg(parse(verb, WORDS(__VA_ARGS__)), "%s", misuse.text)
/* Misuse, and its one line says what it was. */
#define ck_misuse(verb, says, ...) do {					\
	ck_assert(!parse(verb, WORDS(__VA_ARGS__)));			\
	ck_assert_msg(strstr(misuse.text, says) != NULL, "%s",		\
	    misuse.text);						\
	ck_assert_ptr_null(strchr(misuse.text, '\n'));			\
} while (0)

START_TEST(values_stand_behind_or_after)
{
	ck_parses(DA_VERB_VERIFY, "--chain", "a", "--vca=b", "--json",
	    "--report", "-", "--at=x=y");
	ck_assert_str_eq(options.value[DA_OPT_CHAIN], "a");
	ck_assert_str_eq(options.value[DA_OPT_VCA], "b");
	ck_assert_str_eq(options.value[DA_OPT_REPORT], "-");
	ck_assert_str_eq(options.value[DA_OPT_AT], "x=y");
	ck_assert(options.json && !options.help);
	ck_assert_ptr_null(options.value[DA_OPT_NONCE]);
}
END_TEST

/* One more than may stand, and then not. */
static void
repeats(const char *option, int most)
{
	char *many[2 * DA_MAX_REPEATED + 3] = { NULL };

	for (int i = 0; i <= most; i++) {
		many[2 * i] = (char *)(uintptr_t)option;
		many[2 * i + 1] = (char *)(uintptr_t)"r";
	}
	ck_assert(!parse(DA_VERB_VERIFY, many));
	ck_assert_ptr_nonnull(strstr(misuse.text, "more than"));
	many[2 * most] = NULL;
	ck_assert(parse(DA_VERB_VERIFY, many));
}

START_TEST(roots_and_lists_repeat_and_nothing_else)
{
	ck_parses(DA_VERB_VERIFY, "--root", "a", "--crl=c", "--root=b");
	ck_assert_int_eq(options.n_repeated, 3);
	ck_assert_int_eq(options.repeated[0].option, DA_OPT_ROOT);
	ck_assert_str_eq(options.repeated[0].value, "a");
	ck_assert_int_eq(options.repeated[1].option, DA_OPT_CRL);
	ck_assert_str_eq(options.repeated[1].value, "c");
	ck_assert_str_eq(options.repeated[2].value, "b");
	ck_misuse(DA_VERB_VERIFY, "--chain stands twice", "--chain", "a",
	    "--chain", "a");
	ck_misuse(DA_VERB_VERIFY, "--json stands twice", "--json", "--json");
	ck_misuse(DA_VERB_VERIFY, "--provisioned-key stands twice",
	    "--provisioned-key", "a", "--provisioned-key", "b");
	repeats("--root", DA_MAX_ANCHORS);
	repeats("--crl", DA_MAX_CRLS);
}
END_TEST

START_TEST(misuse_is_told_in_a_line)
{
	ck_misuse(DA_VERB_VERIFY, "unknown option", "--chains", "a");
	ck_misuse(DA_VERB_VERIFY, "unknown option", "--chai", "a");
	ck_misuse(DA_VERB_VERIFY, "unknown option", "--");
	ck_misuse(DA_VERB_VERIFY, "is no option", "chain.bin");
	ck_misuse(DA_VERB_VERIFY, "is no option", "-j");
	ck_misuse(DA_VERB_VERIFY, "needs a value", "--chain");
	ck_misuse(DA_VERB_VERIFY, "needs a value", "--chain", "--vca", "b");
	ck_misuse(DA_VERB_VERIFY, "needs a value", "--chain=");
	ck_misuse(DA_VERB_VERIFY, "needs a value", "--chain", "");
	ck_misuse(DA_VERB_VERIFY, "takes no value", "--json=yes");
	ck_misuse(DA_VERB_VERIFY, "is no option of", "--policy", "p");
	ck_misuse(DA_VERB_VERIFY, "`-` stands twice", "--chain", "-",
	    "--vca", "-");
	ck_misuse(DA_VERB_VERIFY, "`-` stands twice", "--root", "-",
	    "--nonce", "-");
	ck_misuse(DA_VERB_VERIFY, "`-` stands twice", "--crl", "-",
	    "--crl", "-");
}
END_TEST

START_TEST(a_slip_of_the_finger_is_understood)
{
	ck_misuse(DA_VERB_VERIFY, "did you mean --chain?", "--chian", "a");
	ck_misuse(DA_VERB_VERIFY, "did you mean --measurements?", "--meas=a");
	ck_misuse(DA_VERB_CHECK, "did you mean --policy?", "--polcy", "a");
	ck_assert_str_eq(da_verb_near("chek"), "check");
	ck_assert_str_eq(da_verb_near("stat"), "status");
	ck_assert_str_eq(da_verb_near("hlep"), "help");
	ck_assert_ptr_null(da_verb_near(""));
	ck_assert_ptr_null(da_verb_near("frobnicate"));
	ck_assert_ptr_null(da_verb_near("verify-the-whole-of-what-there-is"));
}
END_TEST

START_TEST(the_nearest_name_wins)
{
	struct da_nearest near = { .word = "roots" };

	da_nearest_offer(&near, "report");
	ck_assert_ptr_null(near.best);
	da_nearest_offer(&near, "root");
	ck_assert_str_eq(near.best, "root");
	da_nearest_offer(&near, "roots");
	ck_assert_str_eq(near.best, "roots");
	da_nearest_offer(&near, "boots");
	ck_assert_str_eq(near.best, "roots");
}
END_TEST

START_TEST(an_option_of_another_verb_says_whose)
{
	ck_misuse(DA_VERB_VERIFY, "but of `check`", "--policy", "p");
	ck_misuse(DA_VERB_VERIFY, "but of `collect`", "--connect", "c");
	ck_misuse(DA_VERB_STATUS, "but of `demo`", "--keep");
	ck_misuse(DA_VERB_CHECK, "but of `verify`; lists of a policy",
	    "--crl", "c");
	ck_misuse(DA_VERB_CHECK, "\"provisioned-keys\"",
	    "--provisioned-key", "k");
	ck_misuse(DA_VERB_VERIFY, "but of `collect`", "--all-parts");
	ck_misuse(DA_VERB_VERIFY, "--rims is no option of `verify`", "--rims",
	    "d");
}
END_TEST

START_TEST(some_verbs_take_one_word)
{
	ck_parses(DA_VERB_EXPLAIN, "result.json", "--json");
	ck_assert_str_eq(options.operand, "result.json");
	ck_parses(DA_VERB_EXPLAIN, "-");
	ck_assert_str_eq(options.operand, "-");
	ck_parses(DA_VERB_LINT, "--json");
	ck_assert_ptr_null(options.operand);
	ck_misuse(DA_VERB_EXPLAIN, "one FILE", "a", "b");
	ck_misuse(DA_VERB_EXPLAIN, "is no option", "-a");
	ck_misuse(DA_VERB_EXPLAIN, "is no option", "");
	ck_misuse(DA_VERB_CHECK, "is no option", "a");
	ck_misuse(DA_VERB_LINT, "contradict", "a", "--policy", "b");
	ck_misuse(DA_VERB_STATUS, "contradict", "--run", "a", "--connect",
	    "b");
	ck_misuse(DA_VERB_CHECK, "`-` stands twice", "--policy", "-",
	    "--ticket", "-");
}
END_TEST

/* Every answer that is no yes says what an owner can do. */
START_TEST(there_is_advice_for_everything)
{
	for (enum da_check c = 0; c <= DA_CHK_COUNT; c++) {
		ck_assert_msg(da_advice_rule(c) != NULL &&
		    da_advice_unknown(c) != NULL, "%s", da_check_name(c));
		ck_assert_uint_gt(strlen(da_advice_unknown(c)), 10);
		ck_assert_uint_gt(strlen(da_advice_rule(c)), 0);
	}
	for (enum da_why w = 0; w <= DA_F_COUNT; w++) {
		const char *text = da_advice_broken(w);

		ck_assert_msg(text != NULL && strlen(text) > 20 &&
		    text[strlen(text) - 1] == '.', "%s",
		    da_fault_text(w)->name);
		ck_assert_msg(w == DA_F_NONE || w == DA_F_COUNT ||
		    strcmp(text, da_advice_class(0)) != 0, "%s",
		    da_fault_text(w)->name);
	}
	for (int class = -1; class <= 11; class++)
		ck_assert_uint_gt(strlen(da_advice_class(class)), 20);
	/* An outsider is our own fault, and no yes. */
	ck_assert_str_eq(da_advice_class(-1), da_advice_class(1));
	ck_assert_str_eq(da_advice_class(11), da_advice_class(1));
}
END_TEST

START_TEST(contradictions_are_misuse)
{
	ck_misuse(DA_VERB_VERIFY, "contradict", "--vca", "a", "--algorithms",
	    "ecdsa-p384,sha384");
	ck_misuse(DA_VERB_VERIFY, "contradict", "--chain", "a", "--chain-pem",
	    "b");
	ck_misuse(DA_VERB_SHOW, "contradict", "--bundle", "a", "--report",
	    "b");
	ck_parses(DA_VERB_VERIFY, "--bundle", "a", "--algorithms",
	    "ecdsa-p384,sha384");
	ck_misuse(DA_VERB_VERIFY, "contradict", "--bundle", "a",
	    "--challenge", "b");
	ck_misuse(DA_VERB_CHECK, "contradict", "--bundle", "a", "--mel", "b");
	ck_misuse(DA_VERB_SHOW, "contradict", "--bundle", "a",
	    "--digests-certs", "b");
}
END_TEST

START_TEST(what_goes_with_a_challenge_needs_one)
{
	ck_misuse(DA_VERB_VERIFY, "--digests-certs needs --challenge",
	    "--vca", "v", "--digests-certs", "a");
	ck_misuse(DA_VERB_VERIFY, "--challenge-nonce needs --challenge",
	    "--challenge-nonce", "a");
	ck_parses(DA_VERB_VERIFY, "--challenge", "c", "--digests-certs", "d",
	    "--challenge-nonce", "n", "--mel", "m");
	ck_assert_str_eq(options.value[DA_OPT_MEL], "m");
	/* A bundle may have one. */
	ck_parses(DA_VERB_CHECK, "--bundle", "a", "--challenge-nonce", "n");
}
END_TEST

/* Known, not built: refused aloud and never ignored. */
START_TEST(options_of_later_versions_are_refused)
{
	ck_misuse(DA_VERB_SHOW, "not in this version", "--rim", "a");
	ck_misuse(DA_VERB_VERIFY, "not in this version", "--tsm-response",
	    "arm-cca:bet0=f");
}
END_TEST

START_TEST(json_is_seen_even_in_misuse)
{
	ck_assert(da_options_want_json(3, WORDS("verify", "--x", "--json")));
	ck_assert(da_options_want_json(2, WORDS("verify", "--json=1")));
	ck_assert(!da_options_want_json(2, WORDS("verify", "--jsonx")));
	ck_assert(!da_options_want_json(2, WORDS("verify", "json")));
}
END_TEST

START_TEST(tables_are_whole)
{
	for (enum da_option o = 0; o < DA_OPT_COUNT; o++) {
		ck_assert_ptr_nonnull(da_option_row(o)->name);
		ck_assert_ptr_nonnull(da_option_row(o)->text);
		ck_assert_int_ne(da_option_row(o)->verbs, 0);
		ck_assert(da_option_row(o)->repeats == 0 ||
		    o == DA_OPT_ROOT || o == DA_OPT_CRL);
	}
	for (enum da_verb v = 0; v < DA_VERB_COUNT; v++)
		ck_assert_int_eq(da_verb_named(da_verb_row(v)->name), v);
	ck_assert_int_eq(da_verb_named("verif"), DA_VERB_COUNT);
}
END_TEST

static const struct {
	const char *text;
	int64_t at;
} times[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-11-23T00:00:00Z", INT64_C(1795392000) },
	{ "2026-11-23t00:00:00.999z", INT64_C(1795392000) },
	{ "2026-11-23T01:30:00+01:30", INT64_C(1795392000) },
	{ "2026-11-22T19:00:00.5-05:00", INT64_C(1795392000) },
	{ "2026-11-23T00:00:00-00:00", INT64_C(1795392000) },
	{ "2024-02-29T12:00:00Z", INT64_C(1709208000) },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "9999-12-31T23:59:59Z", INT64_C(253402300799) },
	{ "0000-01-01T00:00:00Z", INT64_C(-62167219200) },
};

START_TEST(times_are_read)
{
	int64_t at = 7;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ck_assert_msg(da_rfc3339_parse(times[i].text, &at), "%s",
		    times[i].text);
		ck_assert_int_eq(at, times[i].at);
	}
}
END_TEST

START_TEST(other_texts_are_no_times)
{
	static const char *const texts[] = {
		"", "now", "2026-11-23", "2026-11-23T00:00:00",
		"2026-11-23 00:00:00Z", "2026-11-23T00:00Z",
		"2026-11-23T00:00:00ZZ", "2026-11-23T00:00:00Z ",
		" 2026-11-23T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z", "2026-11-00T00:00:00Z",
		"2026-11-23T24:00:00Z", "2026-11-23T00:60:00Z",
		"2026-11-23T00:00:60Z", "2026-11-23T00:00:00.Z",
		"2026-11-23T00:00:00+1:00", "2026-11-23T00:00:00+24:00",
		"2026-11-23T00:00:00+00:60", "2026-11-23T00:00:00+0000",
		"2026-11-23T00:00:00+00", "20261123T000000Z",
		"2026-11-23T00:00:00.5", "+026-11-23T00:00:00Z",
		"2026-11-23T00:00:00,5Z", "12026-11-23T00:00:00Z",
	};
	int64_t at = 7;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(!da_rfc3339_parse(texts[i], &at), "%s",
		    texts[i]);
	ck_assert_int_eq(at, 7);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = tcase_create("words");

	tcase_add_test(tcase, values_stand_behind_or_after);
	tcase_add_test(tcase, roots_and_lists_repeat_and_nothing_else);
	tcase_add_test(tcase, misuse_is_told_in_a_line);
	tcase_add_test(tcase, a_slip_of_the_finger_is_understood);
	tcase_add_test(tcase, the_nearest_name_wins);
	tcase_add_test(tcase, an_option_of_another_verb_says_whose);
	tcase_add_test(tcase, some_verbs_take_one_word);
	tcase_add_test(tcase, there_is_advice_for_everything);
	tcase_add_test(tcase, contradictions_are_misuse);
	tcase_add_test(tcase, what_goes_with_a_challenge_needs_one);
	tcase_add_test(tcase, options_of_later_versions_are_refused);
	tcase_add_test(tcase, json_is_seen_even_in_misuse);
	tcase_add_test(tcase, tables_are_whole);
	tcase_add_test(tcase, times_are_read);
	tcase_add_test(tcase, other_texts_are_no_times);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

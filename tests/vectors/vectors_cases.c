/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flips and prefixes of a recorded case of every SPDM version and algorithm.
 * The chain is kept in a memo, so that only a chain that changed is walked.
 *
 * Programs that run beside each other share this file: argv[0] says which one
 * it is.
 */
#include "flips.h"

static const struct {
	const char *program;
	const char *name;
} cases[] = {
	{ "cases_p256", "v1.0-p256-sha256-all" },
	{ "cases_p256", "v1.1-p256-sha256-all" },
	{ "cases_p256", "v1.2-p256-sha256-all" },
	{ "cases_p256", "v1.2-ed25519-sha256-all" },
	{ "cases_p256", "v1.4-p256-sha256-all" },
	{ "cases_rsa", "v1.2-rsapss3072-sha384-all" },
	{ "cases_rsa", "v1.2-rsassa3072-sha384-all" },
	/* That of SPDM 1.2 is in vectors_flips.c. */
	{ "cases_p384", "v1.3-p384-sha384-all" },
	{ "cases_p521", "v1.2-p521-sha512-all" },
};

static const enum da_part parts[] = { DA_PART_CHAIN, DA_PART_VCA,
    DA_PART_MEASUREMENTS };

static struct vec_question q;
static struct da_chain_memo memo;
static const char *name;

static void
ask_about(int i)
{
	name = cases[i].name;
	memset(&memo, 0, sizeof(memo));
	vec_libspdm(name, &q);
	q.ask.memo = &memo;
}

START_TEST(no_flip_verifies)
{
	ask_about(_i);
	for (size_t i = 0; i < 3; i++)
		vec_flip_part(name, q, parts[i]);
	vec_done();
}
END_TEST

START_TEST(no_prefix_verifies)
{
	ask_about(_i);
	for (size_t i = 0; i < 3; i++)
		vec_cut_part(name, q, parts[i]);
	vec_done();
}
END_TEST

/* A program of another name would test nothing and pass. */
static int
add_tests(TCase *tcase, const char *program)
{
	int n = 0;

	for (int i = 0; i < (int)(sizeof(cases) / sizeof(cases[0])); i++) {
		if (strstr(program, cases[i].program) == NULL)
			continue;
		tcase_add_loop_test(tcase, no_flip_verifies, i, i + 1);
		tcase_add_loop_test(tcase, no_prefix_verifies, i, i + 1);
		n++;
	}
	return n;
}

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("vectors: every version and algorithm");
	TCase *tcase = tcase_create("bytes");

	vec_need_folder("libspdm", "flips and prefixes of every version");
	tcase_set_timeout(tcase, 300);
	suite_add_tcase(suite, tcase);
	if (argc == 0 || add_tests(tcase, argv[0]) == 0)
		return 1;
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flips and prefixes of evidence that is long or alone of its kind: a GPU's, a
 * series of exchanges, an interface report.
 *
 * Programs that run beside each other share this file: argv[0] says which one
 * it is.
 */
#include "flips.h"

static struct vec_question libspdm, libspdm_series, gpu, report;
static struct da_ticket ticket;
static struct vec_answer answer;

/* -- libspdm's transcripts -- */

#define SPDM	"libspdm/v1.2-p384-sha384-all"
#define SERIES	"libspdm/v1.2-p384-sha384-onebyone"
#define GPU	"nvidia/hopper-a"
#define TDISP	"libspdm/tdisp-sample"

static const enum da_part spdm_parts[] = { DA_PART_CHAIN, DA_PART_VCA,
    DA_PART_MEASUREMENTS };

START_TEST(no_flip_of_a_transcript_verifies)
{
	vec_flip_part(SPDM, libspdm, spdm_parts[_i]);
}
END_TEST

START_TEST(no_prefix_of_a_transcript_verifies)
{
	vec_cut_part(SPDM, libspdm, spdm_parts[_i]);
}
END_TEST

START_TEST(no_prefix_of_a_series_verifies)
{
	vec_cut_part(SERIES, libspdm_series, DA_PART_MEASUREMENTS);
}
END_TEST

/* -- an interface report: only the ticket's digest vouches for it -- */

START_TEST(no_flip_of_a_report_verifies)
{
	vec_flip_part(TDISP, report, DA_PART_REPORT);
}
END_TEST

/* Without a digest a prefix is malformed, with one it is not the TSM's. */
START_TEST(no_prefix_of_a_report_verifies)
{
	struct da_slice whole = report.bundle.part[DA_PART_REPORT];
	struct vec_question q = report;

	for (size_t n = 0; n < whole.n; n++) {
		vec_give(&q, DA_PART_REPORT, whole);
		uint8_t *copy = vec_give_copy(&q, DA_PART_REPORT, n);

		q.ask.ticket = &ticket;
		vec_ask(&q, &answer);
		ck_assert_int_eq(answer.exit_class, 7);
		q.ask.ticket = NULL;
		vec_ask(&q, &answer);
		ck_assert_msg(answer.exit_class == 8, "prefix of %zu: %d", n,
		    answer.exit_class);
		free(copy);
	}
}
END_TEST

/* -- a GPU -- */

START_TEST(no_flip_of_a_gpus_chain_verifies)
{
	vec_flip_part(GPU, gpu, DA_PART_CHAIN);
}
END_TEST

START_TEST(no_prefix_of_a_gpus_chain_verifies)
{
	vec_cut_part(GPU, gpu, DA_PART_CHAIN);
}
END_TEST

/* The longest: a program for each bit. */
START_TEST(no_low_flip_of_a_gpus_report_verifies)
{
	vec_flip_bit(GPU, gpu, DA_PART_MEASUREMENTS, 0x01);
}
END_TEST

START_TEST(no_high_flip_of_a_gpus_report_verifies)
{
	vec_flip_bit(GPU, gpu, DA_PART_MEASUREMENTS, 0x80);
}
END_TEST

START_TEST(no_prefix_of_a_gpus_report_verifies)
{
	vec_cut_part(GPU, gpu, DA_PART_MEASUREMENTS);
}
END_TEST

static void
set_up(void)
{
	struct da_hash_value digest;

	vec_libspdm("v1.2-p384-sha384-all", &libspdm);
	vec_libspdm("v1.2-p384-sha384-onebyone", &libspdm_series);
	vec_nvidia("hopper-a", &gpu);
	report = (struct vec_question){ 0 };
	vec_give(&report, DA_PART_REPORT, vec_file("libspdm", "tdisp-sample",
	    "report.bin"));
	digest = da_hash_of(DA_HASH_SHA384,
	    report.bundle.part[DA_PART_REPORT]);
	ticket = (struct da_ticket){ .version = DA_TICKET_VERSION,
	    .platform = DA_PLATFORM_EMULATED, .bound = 1,
	    .state = DA_STATE_LOCKED, .state_trusted = 1,
	    .hash = DA_HASH_SHA384 };
	da_digest_set(&ticket.digest[DA_DIGEST_REPORT], DA_HASH_SHA384,
	    da_hash_bytes(&digest));
	report.ask.ticket = &ticket;
}

static void
add_spdm(TCase *tcase)
{
	tcase_add_loop_test(tcase, no_flip_of_a_transcript_verifies, 0, 3);
	tcase_add_loop_test(tcase, no_prefix_of_a_transcript_verifies, 0, 3);
	tcase_add_test(tcase, no_prefix_of_a_series_verifies);
	tcase_add_test(tcase, no_flip_of_a_report_verifies);
	tcase_add_test(tcase, no_prefix_of_a_report_verifies);
}

static void
add_gpu_chain(TCase *tcase)
{
	tcase_add_test(tcase, no_flip_of_a_gpus_chain_verifies);
	tcase_add_test(tcase, no_prefix_of_a_gpus_chain_verifies);
}

static void
add_gpu_report(TCase *tcase)
{
	tcase_add_test(tcase, no_low_flip_of_a_gpus_report_verifies);
	tcase_add_test(tcase, no_prefix_of_a_gpus_report_verifies);
}

static void
add_gpu_report_high(TCase *tcase)
{
	tcase_add_test(tcase, no_high_flip_of_a_gpus_report_verifies);
}

static const struct {
	const char *program;
	void (*add)(TCase *tcase);
} programs[] = {
	{ "flips_spdm", add_spdm },
	{ "flips_gpu_chain", add_gpu_chain },
	{ "flips_gpu_report", add_gpu_report },
	{ "flips_gpu_high", add_gpu_report_high },
};

/* A program of another name would test nothing and pass. */
static bool
add_tests(TCase *tcase, const char *program)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strstr(program, programs[i].program) != NULL) {
			programs[i].add(tcase);
			return true;
		}
	return false;
}

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("vectors: flips and prefixes");
	TCase *tcase = tcase_create("bytes");

	vec_need_folder("libspdm", "the flip and prefix tests");
	vec_need_folder("nvidia", "the flip and prefix tests");
	tcase_add_checked_fixture(tcase, set_up, vec_done);
	tcase_set_timeout(tcase, 300);
	suite_add_tcase(suite, tcase);
	if (argc == 0 || !add_tests(tcase, argv[0]))
		return 1;
	return run_suite(suite);
}

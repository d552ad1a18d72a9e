/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No byte may change and no part may end early: each byte of two accepted
 * samples is flipped in turn, and each prefix of each part is asked about.
 * None verifies, none ends with class 1 (that would be a failure of our own).
 *
 * Programs that run beside each other share this file: argv[0] says which one
 * it is.  With DEVATTEST_QUICK in the environment only every 16th byte is
 * flipped, and the test says so.
 */
#include "vectors.h"

/*
 * Bytes that nothing authenticates, each with its reason.  Empty: in both
 * samples every byte is signed, compared with an anchor, or bound by a length.
 */
static const struct free_byte {
	const char *sample;
	enum da_part part;
	size_t offset;
	const char *reason;
} free_bytes[] = {
	{ "", DA_PART_NONE, 0, "no byte is free" },
};

static struct vec_question libspdm, libspdm_series, gpu, report;
static struct da_ticket ticket;
static struct vec_answer answer;

static bool
is_free(const char *sample, enum da_part part, size_t offset)
{
	for (size_t i = 0; i < sizeof(free_bytes) / sizeof(free_bytes[0]); i++)
		if (free_bytes[i].part == part &&
		    free_bytes[i].offset == offset &&
		    strcmp(free_bytes[i].sample, sample) == 0)
			return true;
	return false;
}

static void
expect_refusal(const char *sample, enum da_part part, const char *what,
    size_t at)
{
	ck_assert_msg(answer.exit_class >= 2 && answer.exit_class <= 10,
	    "%s, %s, %s %zu: class %d", sample, da_part_name(part), what, at,
	    answer.exit_class);
	ck_assert_msg(vec_fault(&answer) != DA_F_NONE ||
	    answer.exit_class == 6, "%s, %s, %s %zu: no fault", sample,
	    da_part_name(part), what, at);
}

/* The part is copied to its exact size, so that tools see a read past it. */
static uint8_t *
give_copy(struct vec_question *q, enum da_part part, size_t n)
{
	uint8_t *copy = malloc(n == 0 ? 1 : n);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, q->bundle.part[part].p, n);
	vec_give(q, part, da_slice_of(copy, n));
	return copy;
}

#define QUICK_STEP	16

static size_t
step(void)
{
	if (getenv("DEVATTEST_QUICK") == NULL)
		return 1;
	printf("SKIPPED by DEVATTEST_QUICK: flips of %d of %d bytes\n",
	    QUICK_STEP - 1, QUICK_STEP);
	return QUICK_STEP;
}

/* Flips one bit of each byte in turn. */
static void
flip_bit(const char *sample, struct vec_question q, enum da_part part,
    uint8_t bit)
{
	size_t n = q.bundle.part[part].n, refused = 0, by = step();
	uint8_t *copy;

	ck_assert_uint_gt(n, 0);
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	copy = give_copy(&q, part, n);
	for (size_t i = 0; i < n; i += by) {
		if (is_free(sample, part, i))
			continue;
		copy[i] = (uint8_t)(copy[i] ^ bit);
		vec_ask(&q, &answer);
		copy[i] = (uint8_t)(copy[i] ^ bit);
		expect_refusal(sample, part, "flip of byte", i);
		refused++;
	}
	printf("%s, %s: bit %#x of %zu of %zu bytes flipped, all refused\n",
	    sample, da_part_name(part), bit, refused, n);
	fflush(stdout);
	free(copy);
}

static void
flip_part(const char *sample, struct vec_question q, enum da_part part)
{
	flip_bit(sample, q, part, 0x01);
	flip_bit(sample, q, part, 0x80);
}

/* Where one exchange ends and the next begins. */
static bool
is_boundary(const struct da_meas *meas, struct da_slice part, size_t n)
{
	for (uint16_t i = 1; i < meas->n; i++)
		if (da_slice_offset(part, meas->exchange[i].request) == n)
			return true;
	return false;
}

static void
cut_part(const char *sample, struct vec_question q, enum da_part part)
{
	struct da_slice whole = q.bundle.part[part];
	struct da_meas meas;
	size_t boundaries = 0;

	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	meas = answer.evidence.meas;
	for (size_t n = 0; n < whole.n; n++) {
		bool at_boundary = part == DA_PART_MEASUREMENTS &&
		    is_boundary(&meas, whole, n);
		uint8_t *copy;

		q.bundle.part[part] = whole;
		copy = give_copy(&q, part, n);
		vec_ask(&q, &answer);
		free(copy);
		expect_refusal(sample, part, "prefix of", n);
		ck_assert_msg(at_boundary || answer.exit_class == 8,
		    "%s, %s, prefix of %zu: class %d", sample,
		    da_part_name(part), n, answer.exit_class);
		boundaries += at_boundary;
	}
	printf("%s, %s: %zu prefixes, none verifies; %zu end at a boundary "
	    "between exchanges, the rest is malformed\n", sample,
	    da_part_name(part), whole.n, boundaries);
	fflush(stdout);
}

/* -- libspdm's transcripts -- */

#define SPDM	"libspdm/v1.2-p384-sha384-all"
#define SERIES	"libspdm/v1.2-p384-sha384-onebyone"
#define GPU	"nvidia/hopper-a"
#define TDISP	"libspdm/tdisp-sample"

static const enum da_part spdm_parts[] = { DA_PART_CHAIN, DA_PART_VCA,
    DA_PART_MEASUREMENTS };

START_TEST(no_flip_of_a_transcript_verifies)
{
	flip_part(SPDM, libspdm, spdm_parts[_i]);
}
END_TEST

START_TEST(no_prefix_of_a_transcript_verifies)
{
	cut_part(SPDM, libspdm, spdm_parts[_i]);
}
END_TEST

START_TEST(no_prefix_of_a_series_verifies)
{
	cut_part(SERIES, libspdm_series, DA_PART_MEASUREMENTS);
}
END_TEST

/* -- an interface report: only the ticket's digest vouches for it -- */

START_TEST(no_flip_of_a_report_verifies)
{
	flip_part(TDISP, report, DA_PART_REPORT);
}
END_TEST

/* Without a digest a prefix is malformed, with one it is not the TSM's. */
START_TEST(no_prefix_of_a_report_verifies)
{
	struct da_slice whole = report.bundle.part[DA_PART_REPORT];
	struct vec_question q = report;

	for (size_t n = 0; n < whole.n; n++) {
		vec_give(&q, DA_PART_REPORT, whole);
		uint8_t *copy = give_copy(&q, DA_PART_REPORT, n);

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
	flip_part(GPU, gpu, DA_PART_CHAIN);
}
END_TEST

START_TEST(no_prefix_of_a_gpus_chain_verifies)
{
	cut_part(GPU, gpu, DA_PART_CHAIN);
}
END_TEST

/* The longest: a program for each bit. */
START_TEST(no_low_flip_of_a_gpus_report_verifies)
{
	flip_bit(GPU, gpu, DA_PART_MEASUREMENTS, 0x01);
}
END_TEST

START_TEST(no_high_flip_of_a_gpus_report_verifies)
{
	flip_bit(GPU, gpu, DA_PART_MEASUREMENTS, 0x80);
}
END_TEST

START_TEST(no_prefix_of_a_gpus_report_verifies)
{
	cut_part(GPU, gpu, DA_PART_MEASUREMENTS);
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

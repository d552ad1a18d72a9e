/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of the recorded evidence, and every other file of the test data in
 * the place of each part, through judges as they ship: none makes a sixth
 * system call, none dies, and each says what the library says in one process.
 */
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "judges.h"
#include "tests/unit/sanitized.h"
#include "verifier/sig.h"
#include "vectors.h"

#define BASE	"v1.2-p384-sha384-all"	/* its parts stand beside garbage */
#define PQC	"v1.4-mldsa65-sha384-all"	/* needs OpenSSL 3.5 */

static struct job job;
static struct judged judged;

/* A case's parts under a ticket that vouches for them. */
static void
add_case(const struct vec_question *q, uint16_t rule)
{
	struct da_ticket ticket = job_ticket(rule);

	if (q->ask.nonce.n == DA_NONCE) {
		ticket.has_nonce = 1;
		memcpy(ticket.nonce, q->ask.nonce.p, DA_NONCE);
	}
	judges_policy()->rule[rule - 1].anchors = q->ask.anchors;
	job_add(&job, &q->bundle, &ticket);
}

/* Both stages; the proof of the first function. */
static struct da_proof
judge_both(void)
{
	struct da_proof proof;

	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	proof = judged.answer.proof.proof[0];
	job_goes_on(&job, &judged.answer.proof);
	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	return proof;
}

/* -- recorded cases -- */

struct recorded {
	const char *folder;
	uint16_t rule;
	void (*load)(const char *name, struct vec_question *ret);
	int least;		/* as many of them are proved */
};

static const struct recorded recordings[] = {
	{ "libspdm", JUDGE_LIBSPDM, vec_libspdm, 12 },
	{ "nvidia", JUDGE_NVIDIA, vec_nvidia, 3 },
};

static struct da_proof proofs[VEC_MAX_CASES];

static void
begin_case(const struct recorded *r, const char *name)
{
	struct vec_question q;

	job_start(&job, DA_MSG_AUTHENTICATE);
	r->load(name, &q);
	add_case(&q, r->rule);
}

/* After all judges: what is used here must not warm a later one. */
static void
ck_same_in_one_process(const struct recorded *r, const char *name,
    const struct da_proof *proof)
{
	struct da_desk *desk = da_desk_new();
	struct da_proof expected;

	begin_case(r, name);
	da_judge_prove(desk, judges_policy(), &job.msg.function[0],
	    job_file(&job, 0), &expected);
	ck_assert_msg(memcmp(&expected, proof, sizeof(expected)) == 0, "%s",
	    name);
	free(desk);
	job_end(&job);
	vec_done();
}

/* Those that have a root: a report alone is looked at with the other files. */
static void
list_cases(const struct recorded *r, struct vec_list *ret)
{
	static struct vec_list all;

	vec_list_cases(r->folder, &all);
	ret->n = 0;
	for (int i = 0; i < all.n; i++)
		if (vec_has_file(r->folder, all.name[i], "root.der"))
			memcpy(ret->name[ret->n++], all.name[i],
			    sizeof(all.name[i]));
}

START_TEST(every_case_is_judged_by_five_calls)
{
	const struct recorded *r = &recordings[_i];
	static struct vec_list cases;
	int proved = 0;

	list_cases(r, &cases);
	for (int i = 0; i < cases.n; i++) {
		begin_case(r, cases.name[i]);
		proofs[i] = judge_both();
		proved += proofs[i].proved == 1;
		job_end(&job);
		vec_done();
	}
	ck_assert_int_ge(proved, r->least);
	for (int i = 0; i < cases.n; i++)
		ck_same_in_one_process(r, cases.name[i], &proofs[i]);
}
END_TEST

/* Eight functions with one chain: one walk, eight answers. */
START_TEST(a_device_of_eight_functions_is_one_job)
{
	struct vec_question q;

	job_start(&job, DA_MSG_AUTHENTICATE);
	vec_libspdm(BASE, &q);
	for (int i = 0; i < DA_MAX_FUNCTIONS; i++)
		add_case(&q, JUDGE_LIBSPDM);
	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	ck_assert_uint_eq(judged.answer.proof.walks, 1);
	for (int i = 0; i < DA_MAX_FUNCTIONS; i++)
		ck_assert_uint_eq(judged.answer.proof.proof[i].proved, 1);
	job_end(&job);
	vec_done();
}
END_TEST

/* -- garbage -- */

/* Where a file takes the place of a part. */
static const struct {
	enum da_part part;
	enum da_meas_shape shape;
	uint16_t type;
} places[] = {
	{ DA_PART_CHAIN, DA_SHAPE_PAIRS, 0 },
	{ DA_PART_VCA, DA_SHAPE_PAIRS, DA_WIRE_VCA },
	{ DA_PART_MEASUREMENTS, DA_SHAPE_PAIRS, DA_WIRE_MEASUREMENTS },
	{ DA_PART_MEASUREMENTS, DA_SHAPE_LOG, DA_WIRE_MEASUREMENTS },
	{ DA_PART_MEASUREMENTS, DA_SHAPE_RESPONSE, DA_WIRE_MEASUREMENTS },
	{ DA_PART_REPORT, DA_SHAPE_PAIRS, DA_WIRE_REPORT },
};
#define PLACES	(sizeof(places) / sizeof(places[0]))

static struct vec_question base;
static uint32_t n_files;

/* As if a first judge that was taken over had said yes to everything. */
static void
say_proved(void)
{
	static struct da_msg_proof yes;

	for (uint32_t i = 0; i < job.msg.n; i++) {
		yes.proof[i] = (struct da_proof){ .version = DA_PROOF_VERSION,
			.proved = 1 };
		da_findings_start(&yes.proof[i].findings);
	}
	job_goes_on(&job, &yes);
}

static void
judge_garbage(struct da_slice garbage)
{
	job_start(&job, DA_MSG_AUTHENTICATE);
	for (size_t p = 0; p < PLACES; p++) {
		struct vec_question q = base;
		size_t cap = da_wire_cap(places[p].type);
		struct da_slice cut = da_slice_of(garbage.p,
		    garbage.n < cap ? garbage.n : cap);

		vec_give(&q, places[p].part, cut);
		q.bundle.shape = places[p].shape;
		add_case(&q, JUDGE_LIBSPDM);
	}
	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	say_proved();
	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	job_end(&job);
}

static int
judge_file(const char *path, const struct stat *st, int kind,
    struct FTW *where)
{
	static uint8_t bytes[DA_MAX_MEAS];
	FILE *f;

	(void)st;
	(void)where;
	if (kind != FTW_F)
		return 0;
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	judge_garbage(da_slice_of(bytes, fread(bytes, 1, sizeof(bytes), f)));
	fclose(f);
	n_files++;
	return 0;
}

START_TEST(every_file_is_judged_as_every_part)
{
	vec_libspdm(BASE, &base);
	ck_assert_int_eq(nftw(getenv("DEVATTEST_TESTDATA"), judge_file, 16,
	    FTW_PHYS), 0);
	ck_assert_uint_gt(n_files, 50);
	printf("%u files, each as %zu parts, by both judges\n", n_files,
	    PLACES);
	vec_done();
}
END_TEST

/* Real parts with a byte changed here and there; the same every time. */
START_TEST(flipped_parts_are_judged)
{
	static uint8_t bytes[DA_MAX_CHAIN];
	uint32_t random = 1;

	vec_libspdm(BASE, &base);
	for (int round = 0; round < 60; round++) {
		struct da_slice part = base.bundle.part[round % 3 == 0 ?
		    DA_PART_CHAIN : round % 3 == 1 ? DA_PART_VCA :
		    DA_PART_MEASUREMENTS];

		memcpy(bytes, part.p, part.n);
		for (int i = 0; i < 3; i++) {
			random = random * 1664525 + 1013904223;
			bytes[(random >> 8) % part.n] ^= (uint8_t)(random |
			    1);
		}
		judge_garbage(da_slice_of(bytes, part.n));
	}
	vec_done();
}
END_TEST

START_TEST(plain_garbage_is_judged)
{
	static uint8_t bytes[DA_MAX_MEAS];
	static const size_t sizes[] = { 0, 1, 4, 64, 4096, 65535,
		sizeof(bytes) };

	vec_libspdm(BASE, &base);
	for (int fill = 0; fill < 256; fill += 51)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			memset(bytes, fill, sizes[i]);
			judge_garbage(da_slice_of(bytes, sizes[i]));
		}
	vec_done();
}
END_TEST

/* -- limits -- */

static void
begin_base(void)
{
	job_start(&job, DA_MSG_AUTHENTICATE);
	vec_libspdm(BASE, &base);
	add_case(&base, JUDGE_LIBSPDM);
}

static void
ck_limits(pid_t pid)
{
	static const struct {
		__rlimit_resource_t resource;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CPU, 2 }, { RLIMIT_DATA, 0 }, { RLIMIT_NOFILE, 0 },
		{ RLIMIT_NPROC, 0 }, { RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 },
		{ RLIMIT_STACK, 1 << 20 },
	};
	struct rlimit is;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		ck_assert_int_eq(prlimit(pid, limits[i].resource, NULL, &is),
		    0);
		ck_assert_uint_eq(is.rlim_cur, limits[i].most);
		ck_assert_uint_eq(is.rlim_max, limits[i].most);
	}
}

START_TEST(a_judge_is_bounded)
{
	begin_base();
	judge(&job, ck_limits, NULL, &judged);
	ck_judged(&job, &judged);
	job_end(&job);
	vec_done();
}
END_TEST

/* Of the memory that was laid in, most; more cannot be had from the kernel. */
static void
use_most_memory(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_DATA, &none);
	if (malloc(6 << 20) == NULL)
		_exit(9);
}

START_TEST(memory_is_laid_in)
{
	begin_base();
	judge(&job, NULL, use_most_memory, &judged);
	ck_judged(&job, &judged);
	ck_assert_uint_eq(judged.answer.proof.proof[0].proved, 1);
	job_end(&job);
	vec_done();
}
END_TEST

/* ML-DSA keeps a matrix: it fits what is left, too. */
START_TEST(memory_is_laid_in_for_pqc)
{
	bool can = da_sig_can(DA_ASYM_MLDSA_65);

	job_start(&job, DA_MSG_AUTHENTICATE);
	vec_libspdm(PQC, &base);
	add_case(&base, JUDGE_LIBSPDM);
	judge(&job, NULL, use_most_memory, &judged);
	ck_judged(&job, &judged);
	ck_assert_uint_eq(judged.answer.proof.proof[0].proved, can ? 1 : 0);
	if (!can)
		printf("SKIPPED: this OpenSSL has no ML-DSA: no judge "
		    "verified by it\n");
	job_end(&job);
	vec_done();
}
END_TEST

/* No memory is left, and more cannot be had. */
static void
use_up_memory(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_DATA, &none);
	for (size_t n = 1 << 20; n >= 16; n /= 2)
		while (malloc(n) != NULL)
			continue;
}

static void
kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
}

static void
ck_next_is_judged(void)
{
	judge(&job, NULL, NULL, &judged);
	ck_judged(&job, &judged);
	ck_assert_uint_eq(judged.answer.proof.proof[0].proved, 1);
	job_end(&job);
	vec_done();
}

START_TEST(out_of_memory_is_the_end_of_one_judge)
{
	begin_base();
	judge(&job, NULL, use_up_memory, &judged);
	ck_assert(!judged.answered ||
	    judged.answer.proof.proof[0].proved == 0);
	ck_next_is_judged();
}
END_TEST

START_TEST(a_judge_that_is_killed_harms_no_other)
{
	begin_base();
	judge(&job, kill_it, NULL, &judged);
	ck_assert(WIFSIGNALED(judged.status) && !judged.answered);
	ck_next_is_judged();
}
END_TEST

/* Another process that shares the memfd moves its offset: told by the seal. */
static void
move_offset(pid_t pid)
{
	(void)pid;
	ck_assert_int_eq(lseek(job.memfd[0], 100, SEEK_SET), 100);
}

START_TEST(a_moved_offset_is_refused)
{
	static const struct da_proof zero;
	struct da_seal seal;

	begin_base();
	judge(&job, move_offset, NULL, &judged);
	ck_assert(judged.answered);
	ck_assert(da_seal_of(job_file(&job, 0), &job.msg.function[0].ticket,
	    &seal));
	ck_assert_mem_ne(judged.answer.proof.seal[0].bundle, seal.bundle,
	    sizeof(seal.bundle));
	ck_assert_mem_eq(&judged.answer.proof.proof[0], &zero, sizeof(zero));
	ck_next_is_judged();
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite;
	TCase *tc;

	(void)argc;
	if (!filters_can_be_used(argv[0]))
		return 77;
	for (int i = 0; i < 2; i++)
		vec_need_folder(recordings[i].folder,
		    "judges behind their filter");
	suite = suite_create("judges behind their filter");
	tc = tcase_create("corpus");
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, judges_begin, judges_end);
	tcase_add_loop_test(tc, every_case_is_judged_by_five_calls, 0, 2);
	tcase_add_test(tc, a_device_of_eight_functions_is_one_job);
	tcase_add_test(tc, every_file_is_judged_as_every_part);
	tcase_add_test(tc, flipped_parts_are_judged);
	tcase_add_test(tc, plain_garbage_is_judged);
	tcase_add_test(tc, a_judge_is_bounded);
	tcase_add_test(tc, memory_is_laid_in);
	tcase_add_test(tc, memory_is_laid_in_for_pqc);
	tcase_add_test(tc, out_of_memory_is_the_end_of_one_judge);
	tcase_add_test(tc, a_judge_that_is_killed_harms_no_other);
	tcase_add_test(tc, a_moved_offset_is_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judges in one process, and what a judge process does before its filter:
 * several functions of one device, seals, and jobs that are none.
 */
#include <sys/wait.h>

#include "build_report.h"
#include "job.h"
#include "kit.h"

#define NIC	1	/* of a rule */
#define OTHER	2	/* of another rule, with the same anchors */
#define NO_RULE	3

#define RULE(class, device)						      \
"{ \"class\": \"" class "\", \"count\": { \"min\": 0, \"max\": 1 },"	      \
"  \"functions-per-device\": { \"min\": 1, \"max\": 8 },"		      \
"  \"match\": { \"pci-vendor\": \"1b36\", \"pci-device\": [\"" device "\"] }," \
"  \"roots\": [\"root\"],"						      \
"  \"spdm\": { \"versions\": [\"1.2\"], \"asym\": [\"ecdsa-p384\"],"	      \
"    \"hash\": [\"sha384\"] },"						      \
"  \"measurements\": { \"1\": [\"sha384:"				      \
"111111111111111111111111111111111111111111111111"			      \
"111111111111111111111111111111111111111111111111\"] },"		      \
"  \"report\": { \"no-fw-update\": true, \"msix\": \"any\","		      \
"    \"shared-ranges\": [], \"updatable-ranges\": [],"			      \
"    \"page-unit\": \"platform\" },"					      \
"  \"tolerate-unknown\": [\"session-key\", \"revocation\","		      \
"    \"content-changed\"] }"

static const char policy_text[] =
"{ \"version\": 1, \"name\": \"test\", \"clock\": { \"source\": \"floor\","
"  \"not-before\": \"2026-11-01T00:00:00Z\" },"
"  \"platforms\": [\"emulated\"],"
"  \"devices\": [" RULE("nic", "0001") "," RULE("other", "0002") "],"
"  \"others\": \"refuse\" }";

static struct da_policy *policy;
static struct da_desk *desk;
static struct kit kit;
static struct job job;
static struct da_ticket nic;

static struct da_slice
report_bytes(void)
{
	static const struct da_range range = { .first_page = 0x80000,
		.pages = 16 };
	struct buf b = build_report(&range, 1);

	return exact(buf_slice(&b), b.n);
}

static void
set_up(void)
{
	struct da_policy_error error;

	policy = da_policy_parse(da_slice_str(policy_text), &error);
	ck_assert_msg(policy != NULL, "%s", error.text);
	desk = da_desk_new();
	ck_assert_ptr_nonnull(desk);
	kit_start(&kit, DA_SPDM_12, &kit_p384);
	kit_make(&kit);
	give(&kit, DA_PART_REPORT, report_bytes());
	for (int i = 0; i < 2; i++)
		policy->rule[i].anchors = kit.ask.anchors;
	nic = job_ticket(NIC);
	nic.has_nonce = 1;
	memcpy(nic.nonce, kit.ask.nonce.p, DA_NONCE);
	job_start(&job, DA_MSG_AUTHENTICATE);
}

static void
tear_down(void)
{
	job_end(&job);
	da_policy_free(policy);
	free(desk);
}

static struct da_proof
prove(uint32_t i)
{
	struct da_proof proof;

	da_judge_prove(desk, policy, &job.msg.function[i], job_file(&job, i),
	    &proof);
	return proof;
}

static struct da_verdict
appraise(uint32_t i)
{
	struct da_verdict verdict;

	da_judge_appraise(desk, policy, &job.msg.function[i],
	    job_file(&job, i), &verdict);
	return verdict;
}

START_TEST(a_good_function_is_accepted)
{
	struct da_verdict verdict;

	job_add(&job, &kit.bundle, &nic);
	job.msg.function[0].proof = prove(0);
	ck_assert_uint_eq(job.msg.function[0].proof.proved, 1);
	verdict = appraise(0);
	ck_assert_msg(verdict.accepted == 1, "decided by %s",
	    da_check_name((enum da_check)verdict.decided_by));
	ck_assert_str_eq(verdict.class_name, "nic");
	ck_assert_uint_eq(verdict.map.n, 1);
}
END_TEST

/* A chain without its head, measurements with a tail, as the gate cut them. */
START_TEST(both_judges_read_the_cut_parts)
{
	struct da_msg_function *f = &job.msg.function[0];
	struct buf tailed = buf_copy(kit.bundle.part[DA_PART_MEASUREMENTS]);
	struct da_hash_value der;
	struct da_verdict verdict;
	struct da_slice cut;

	policy->platform[0].platform = DA_PLATFORM_ARM_CCA;
	nic.platform = DA_PLATFORM_ARM_CCA;
	snprintf(nic.abi, sizeof(nic.abi), "bet0");
	put_fill(&tailed, 0x12, 24);
	give(&kit, DA_PART_MEASUREMENTS, exact(buf_slice(&tailed), tailed.n));
	job_add(&job, &kit.bundle, &nic);
	/* Not cut, and said to hold: this role's own hash says no. */
	ck_assert(da_slice_cut(job_file(&job, 0), (size_t)f->part[0].offset +
	    52, f->part[0].length - 52, &cut));
	der = da_hash_of(DA_HASH_SHA384, cut);
	da_digest_set(&f->ticket.digest[DA_DIGEST_CHAIN], DA_HASH_SHA384,
	    da_hash_bytes(&der));
	ck_assert_uint_eq(prove(0).proved, 0);
	f->part[0].offset += 52;
	f->part[0].length -= 52;
	f->proof = prove(0);
	ck_assert_uint_eq(f->proof.proved, 1);
	verdict = appraise(0);
	ck_assert_msg(verdict.accepted == 1, "decided by %s",
	    da_check_name((enum da_check)verdict.decided_by));
	/* Without the word of the gate the tail is one byte too many. */
	f->part[2].gate = DA_UNKNOWN;
	verdict = appraise(0);
	ck_assert_uint_eq(verdict.accepted, 0);
}
END_TEST

START_TEST(without_a_proof_there_is_no_verdict)
{
	static const struct da_verdict zero;
	struct da_verdict verdict;

	job_add(&job, &kit.bundle, &nic);
	verdict = appraise(0);
	ck_assert_mem_eq(&verdict, &zero, sizeof(zero));
	job.msg.function[0].proof = prove(0);
	job.msg.function[0].proof.version++;
	verdict = appraise(0);
	ck_assert_uint_eq(verdict.accepted, 0);
	job.msg.function[0].proof.version--;
	job.msg.function[0].proof.proved = 2;
	verdict = appraise(0);
	ck_assert_uint_eq(verdict.accepted, 0);
}
END_TEST

START_TEST(without_a_rule_nothing_is_proved)
{
	struct da_proof proof;

	nic.pci.device = NO_RULE;
	job_add(&job, &kit.bundle, &nic);
	proof = prove(0);
	ck_assert_uint_eq(proof.proved, 0);
	ck_finding_fault(proof.findings, DA_CHK_COMPOSITION,
	    DA_F_POLICY_NO_DEVICE);
	job.msg.function[0].proof = (struct da_proof){
		.version = DA_PROOF_VERSION, .proved = 1 };
	ck_assert_uint_eq(appraise(0).accepted, 0);
}
END_TEST

/* All functions of one device: its chain is walked once. */
START_TEST(a_chain_is_walked_once)
{
	for (uint32_t i = 0; i < DA_MAX_FUNCTIONS; i++)
		job_add(&job, &kit.bundle, &nic);
	for (uint32_t i = 0; i < DA_MAX_FUNCTIONS; i++)
		ck_assert_uint_eq(prove(i).proved, 1);
	ck_assert_uint_eq(da_desk_walks(desk), 1);
}
END_TEST

/* What was found under one rule's anchors says nothing under another's. */
START_TEST(another_rule_walks_again)
{
	job_add(&job, &kit.bundle, &nic);
	nic.pci.device = OTHER;
	job_add(&job, &kit.bundle, &nic);
	policy->rule[1].anchors.n = 0;
	ck_assert_uint_eq(prove(0).proved, 1);
	ck_assert_uint_eq(prove(1).proved, 0);
	ck_assert_uint_eq(prove(0).proved, 1);
	ck_assert_uint_eq(da_desk_walks(desk), 3);
}
END_TEST

/* One function that lies is refused, and its neighbours are not. */
START_TEST(other_functions_bytes_do_not_count)
{
	struct da_proof proof;

	for (uint32_t i = 0; i < 3; i++)
		job_add(&job, &kit.bundle, &nic);
	/* The last byte is the report's, and the ticket has its digest. */
	job.file[1][job.msg.function[1].size - 1] ^= 1;
	ck_assert_uint_eq(prove(0).proved, 1);
	proof = prove(1);
	ck_assert_uint_eq(proof.proved, 0);
	ck_finding_fault(proof.findings, DA_CHK_TSM_DIGEST_REPORT,
	    DA_F_DIGEST_DIFFERS);
	ck_assert_uint_eq(prove(2).proved, 1);
}
END_TEST

START_TEST(a_seal_is_of_bundle_and_ticket)
{
	struct da_seal seal, other;
	struct da_hash_value hash;

	job_add(&job, &kit.bundle, &nic);
	ck_assert(da_seal_of(job_file(&job, 0), &job.msg.function[0].ticket,
	    &seal));
	hash = da_hash_of(DA_HASH_SHA384, job_file(&job, 0));
	ck_assert_mem_eq(seal.bundle, hash.bytes, sizeof(seal.bundle));
	hash = da_hash_of(DA_HASH_SHA384, da_slice_of(
	    &job.msg.function[0].ticket, sizeof(struct da_ticket)));
	ck_assert_mem_eq(seal.ticket, hash.bytes, sizeof(seal.ticket));
	job.msg.function[0].ticket.nonce[31] ^= 1;
	job.file[0][0] ^= 1;
	ck_assert(da_seal_of(job_file(&job, 0), &job.msg.function[0].ticket,
	    &other));
	ck_assert_mem_ne(seal.bundle, other.bundle, sizeof(seal.bundle));
	ck_assert_mem_ne(seal.ticket, other.ticket, sizeof(seal.ticket));
}
END_TEST

/* -- the process, as far as it comes without a filter -- */

/* Does a judge end without an answer, and of its own accord? */
static void
ck_no_answer(void)
{
	struct da_filter *filter = da_filter_new(DA_SANDBOX_JUDGE);
	int ends[2], status;
	char byte;
	pid_t pid;

	ck_assert_ptr_nonnull(filter);
	ck_assert(da_msg_pair(ends));
	pid = fork();
	if (pid == 0)
		da_judge_run(desk, policy, filter, &job.msg, job.memfd,
		    ends[1]);
	close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 1);
	ck_assert_int_eq(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	da_filter_free(filter);
}

START_TEST(a_job_of_none_or_too_many_is_none)
{
	ck_no_answer();
	job_add(&job, &kit.bundle, &nic);
	job.msg.n = DA_MAX_FUNCTIONS + 1;
	ck_no_answer();
	job.msg.n = UINT32_MAX;
	ck_no_answer();
	job.msg.n = 1;
}
END_TEST

START_TEST(another_message_is_no_job)
{
	job_add(&job, &kit.bundle, &nic);
	job.msg.head.kind = DA_MSG_NONE;
	ck_no_answer();
	job.msg.head.kind = DA_MSG_COUNT;
	ck_no_answer();
}
END_TEST

START_TEST(another_size_is_no_job)
{
	job_add(&job, &kit.bundle, &nic);
	job.msg.function[0].size++;
	ck_no_answer();
	job.msg.function[0].size = DA_BUNDLE_MAX + 1;
	ck_no_answer();
	job.msg.function[0].size = UINT64_MAX;
	ck_no_answer();
	job.msg.function[0].size = 0;
	ck_no_answer();
}
END_TEST

START_TEST(what_is_not_sealed_is_not_read)
{
	int fd;

	job_add(&job, &kit.bundle, &nic);
	job_add(&job, &kit.bundle, &nic);
	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, job.file[1],
	    (size_t)job.msg.function[1].size));
	ck_assert_int_eq(dup2(fd, job.memfd[1]), job.memfd[1]);
	close(fd);
	ck_no_answer();
	close(job.memfd[1]);
	ck_no_answer();
	job.memfd[1] = dup(job.memfd[0]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("judges");
	TCase *tc = tcase_create("judges");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_good_function_is_accepted);
	tcase_add_test(tc, both_judges_read_the_cut_parts);
	tcase_add_test(tc, without_a_proof_there_is_no_verdict);
	tcase_add_test(tc, without_a_rule_nothing_is_proved);
	tcase_add_test(tc, a_chain_is_walked_once);
	tcase_add_test(tc, another_rule_walks_again);
	tcase_add_test(tc, other_functions_bytes_do_not_count);
	tcase_add_test(tc, a_seal_is_of_bundle_and_ticket);
	tcase_add_test(tc, a_job_of_none_or_too_many_is_none);
	tcase_add_test(tc, another_message_is_no_job);
	tcase_add_test(tc, another_size_is_no_job);
	tcase_add_test(tc, what_is_not_sealed_is_not_read);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated device before the real verifier: what it says is proved and
 * accepted, and what an attacker makes of it is not, with a TSM that saw the
 * true bytes and with one that agrees with the forged ones.
 */
#include <sys/stat.h>

#include "guestd/answer.h"
#include "policy/appraise.h"
#include "tests/emulator/interface.h"
#include "tests/emulator/machine.h"
#include "unit.h"
#include "verifier/pem.h"

#define NAME	"0000:01:00.0"
#define NOV_2026 1793491200	/* 2026-11-01T00:00:00Z, the owner's floor */

static const uint8_t versions[] = { 0x12, 0x13 };

static struct emu_machine machine, other;
static struct da_soft_reply reply;
static struct da_wire_request request;
static struct da_slice anchor;

/* One run: a bundle file, a ticket, and what the verifier makes of them. */
static struct {
	struct emu_bytes file;
	struct da_ticket ticket;
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
} r;

static void
make(struct emu_machine *m, uint8_t version)
{
	ck_assert(emu_machine_start(m, "Example", version));
	ck_assert(emu_machine_add(m, NAME));
}

static int
step(enum da_soft_op op, struct da_soft_request *q, struct da_slice report)
{
	q->version = DA_SOFT_VERSION;
	q->op = op;
	q->report_size = (uint32_t)report.n;
	memcpy(q->device, NAME, sizeof(NAME));
	emu_kernel_call(&machine.kernel, 1, q, report, &reply);
	return (int)reply.error;
}

static struct da_ticket
ticket(void)
{
	struct da_soft_request q = { .has_nonce = 1 };

	memcpy(q.nonce, request.nonce, sizeof(q.nonce));
	ck_assert_int_eq(step(DA_SOFT_TICKET, &q, da_slice_of(NULL, 0)), 0);
	return reply.body.ticket;
}

static struct da_slice
root_of(const struct emu_machine *m)
{
	static struct emu_bytes root;

	root.n = 0;
	ck_assert(emu_put_cert(&root, m->vendor.root.cert));
	return emu_slice(&root);
}

static void
ask_device(struct emu_machine *m)
{
	struct emu_bytes answer;

	emu_random(request.nonce, sizeof(request.nonce));
	emu_machine_answer(m, &request, &answer);
	r.file.n = DA_WIRE_REQUEST_SIZE;
	da_wire_put_request(&request, r.file.p);
	emu_put(&r.file, answer.p, answer.n);
}

/* Locks, collects and reads both tickets, as the daemon does. */
static void
collect(uint8_t version)
{
	struct da_soft_request q = { 0 };
	struct da_ticket at_lock;

	make(&machine, version);
	request = (struct da_wire_request){ .wanted = DA_WIRE_WANT_ALL,
		.device = 0x0100, .id = 99, .path = { 8, 0, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff } };
	ck_assert_int_eq(step(DA_SOFT_LOCK, &q, da_slice_of(NULL, 0)), 0);
	at_lock = ticket();
	ask_device(&machine);
	r.ticket = ticket();
	r.ticket.has_tokens_at_lock = 1;
	memcpy(r.ticket.token_at_lock, at_lock.token,
	    sizeof(r.ticket.token_at_lock));
	anchor = root_of(&machine);
}

static void
tear_down(void)
{
	emu_machine_free(&machine);
}

static void
prove(void)
{
	struct da_answer answer;
	struct da_fault fault;

	ck_assert(da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	r.bundle = da_answer_bundle(&answer, emu_slice(&r.file), true, 0);
	r.ask = (struct da_ask){ .anchors = { .n = 1, .der = { anchor } },
		.ticket = &r.ticket, .has_time = true, .at = NOV_2026 };
	da_prove(&r.bundle, &r.ask, &r.evidence, &r.proof);
	da_claims_make(&r.evidence, &r.proof, &r.ask, &r.claims);
}

static int
class(void)
{
	return da_verify_class(&r.bundle, &r.claims.findings);
}

static void
all_hold(const enum da_check *checks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(r.claims.findings.of[checks[i]].result ==
		    DA_HOLDS, "%s: %s, %s", da_check_name(checks[i]),
		    da_result_name((enum da_result)
		    r.claims.findings.of[checks[i]].result),
		    da_fault_text((enum da_why)
		    r.claims.findings.of[checks[i]].why)->name);
}

START_TEST(it_is_proved)
{
	static const enum da_check checks[] = { DA_CHK_TSM_DIGEST_CHAIN,
		DA_CHK_TSM_DIGEST_VCA, DA_CHK_TSM_DIGEST_MEASUREMENTS,
		DA_CHK_TSM_DIGEST_REPORT, DA_CHK_TSM_STATE, DA_CHK_TSM_TOKENS,
		DA_CHK_SESSION_KEY, DA_CHK_WELL_FORMED, DA_CHK_CHAIN,
		DA_CHK_VALIDITY, DA_CHK_LEAF_PROFILE, DA_CHK_ALGORITHMS,
		DA_CHK_SLOT, DA_CHK_SIGNATURE, DA_CHK_NONCE,
		DA_CHK_CONTENT_CHANGED, DA_CHK_REPORT_SHAPE };

	collect(versions[_i]);
	prove();
	all_hold(checks, sizeof(checks) / sizeof(checks[0]));
	ck_assert_int_eq(class(), 0);
	ck_assert_uint_eq(r.evidence.version, versions[_i]);
	ck_assert_uint_eq(r.claims.blocks.n, 7);
	ck_assert_uint_eq(r.claims.blocks.block[6].index, 0xfe);
	ck_assert_uint_eq(r.claims.report.n_ranges, 6);
	tear_down();
}
END_TEST

/* Two readings of one report, written apart, agree range by range. */
START_TEST(the_kernels_map_is_the_judged_one)
{
	struct da_soft_request q = { .page_unit = DA_UNIT_PAGE,
		.bar_base = DA_BASE_ALIGNED };
	struct da_slice none = { NULL, 0 };

	collect(versions[_i]);
	prove();
	memcpy(q.token, r.ticket.token, sizeof(q.token));
	ck_assert_int_eq(step(DA_SOFT_PUSH, &q,
	    r.bundle.part[DA_PART_REPORT]), 0);
	ck_assert_int_eq(step(DA_SOFT_VALIDATE, &q, none), 0);
	ck_assert_int_eq(step(DA_SOFT_ACCEPT, &q, none), 0);
	ck_assert_int_eq(step(DA_SOFT_MAP, &q, none), 0);
	ck_assert(r.claims.has_map);
	ck_assert(da_map_equal(&reply.body.map, &r.claims.map));
	tear_down();
}
END_TEST

/* -- the owner's policy -- */

static struct da_policy *
owners_policy(void)
{
	char dir[] = "/tmp/devattest-owner-XXXXXX", path[64];
	static char text[8192];
	struct da_policy_error error;
	struct da_policy *p;
	size_t n;
	FILE *f;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert(emu_machine_write_owner(&machine, dir));
	snprintf(path, sizeof(path), "%s/policy.json", dir);
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	unlink(path);
	snprintf(path, sizeof(path), "%s/roots/emulated-vendor.pem", dir);
	ck_assert_int_eq(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/roots", dir);
	rmdir(path);
	rmdir(dir);
	p = da_policy_parse(da_slice_of(text, n), &error);
	ck_assert_msg(p != NULL, "%u:%u: %s", error.line, error.column,
	    error.text);
	return p;
}

START_TEST(the_owner_accepts_it)
{
	struct da_policy *policy;
	struct da_verdict verdict;

	collect(versions[_i]);
	policy = owners_policy();
	ck_assert_ptr_nonnull(da_policy_rule_for(policy, &r.ticket));
	policy->rule[0].anchors = (struct da_anchors){ 1, { anchor } };
	prove();
	da_policy_ask(policy, &policy->rule[0], &r.ask);
	da_prove(&r.bundle, &r.ask, &r.evidence, &r.proof);
	da_claims_make(&r.evidence, &r.proof, &r.ask, &r.claims);
	da_appraise(policy, &r.claims, &verdict);
	ck_assert_msg(verdict.accepted == 1, "class %d: %s",
	    verdict.exit_class,
	    da_check_name((enum da_check)verdict.decided_by));
	ck_assert_str_eq(verdict.class_name, "emulated-nic");
	da_policy_free(policy);
	tear_down();
}
END_TEST

/* -- forgeries -- */

/* The bytes of a part, as an attacker writes into them. */
static uint8_t *
part_at(enum da_part part)
{
	prove();
	return r.file.p + da_slice_offset(emu_slice(&r.file),
	    r.bundle.part[part]);
}

static void
agree(enum da_digest_of of, enum da_part part)
{
	uint8_t digest[48];

	prove();
	ck_assert(emu_sha384(&r.bundle.part[part], 1, digest));
	memcpy(r.ticket.digest[of].bytes, digest, sizeof(digest));
}

START_TEST(a_flipped_measurement)
{
	collect(versions[_i]);
	part_at(DA_PART_MEASUREMENTS)[emu_request_size(versions[_i]) + 20] ^=
	    1;
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(class(), 7);
	agree(DA_DIGEST_MEASUREMENTS, DA_PART_MEASUREMENTS);
	prove();
	ck_finding(r.claims.findings, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_HOLDS);
	ck_finding_fault(r.claims.findings, DA_CHK_SIGNATURE,
	    DA_F_SIGNATURE_WRONG);
	ck_assert_int_eq(class(), 2);
	tear_down();
}
END_TEST

START_TEST(an_old_answer)
{
	struct emu_bytes old;

	collect(versions[_i]);
	old = r.file;
	ask_device(&machine);
	r.ticket.token[DA_TOKEN_MEASUREMENTS] =
	    ticket().token[DA_TOKEN_MEASUREMENTS];
	r.ticket.digest[DA_DIGEST_MEASUREMENTS] =
	    ticket().digest[DA_DIGEST_MEASUREMENTS];
	memcpy(r.ticket.nonce, request.nonce, sizeof(request.nonce));
	r.file = old;
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(class(), 7);
	agree(DA_DIGEST_MEASUREMENTS, DA_PART_MEASUREMENTS);
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_NONCE, DA_F_NONCE_DIFFERS);
	ck_assert_int_eq(class(), 6);
	tear_down();
}
END_TEST

/* Chains differ in length: the file is put together anew. */
static void
swap_chain(void)
{
	struct emu_bytes file = { 0 };
	struct da_wire_head h = { 0, 0, (uint32_t)other.device[0]->chain.n,
		request.id };
	size_t at = DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE +
	    machine.device[0]->chain.n;

	emu_put(&file, r.file.p, DA_WIRE_REQUEST_SIZE);
	emu_put_zero(&file, DA_WIRE_HEAD_SIZE);
	da_wire_put_head(&h, file.p + DA_WIRE_REQUEST_SIZE);
	emu_put(&file, other.device[0]->chain.p, other.device[0]->chain.n);
	emu_put(&file, r.file.p + at, r.file.n - at);
	r.file = file;
}

START_TEST(the_chain_of_another_device)
{
	collect(versions[_i]);
	make(&other, versions[_i]);
	swap_chain();
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_TSM_DIGEST_CHAIN,
	    DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(class(), 7);
	agree(DA_DIGEST_CHAIN, DA_PART_CHAIN);
	memcpy(r.ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes,
	    other.device[0]->key_digest, 48);
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_CHAIN, DA_F_ROOT_UNKNOWN);
	/* Its key did not sign either, and that class decides. */
	ck_assert_int_eq(class(), 2);
	/* Not even where both vendors are trusted. */
	anchor = root_of(&other);
	prove();
	ck_finding(r.claims.findings, DA_CHK_CHAIN, DA_HOLDS);
	ck_finding_fault(r.claims.findings, DA_CHK_SIGNATURE,
	    DA_F_SIGNATURE_WRONG);
	ck_assert_int_eq(class(), 2);
	emu_machine_free(&other);
	tear_down();
}
END_TEST

/* -- what the device gives, and when -- */

START_TEST(no_report_while_unlocked)
{
	struct da_answer answer;
	struct da_fault fault;

	make(&machine, 0x13);
	request = (struct da_wire_request){ .wanted = DA_WIRE_WANT_ALL,
		.device = 0x0100, .path = { 0xff } };
	ask_device(&machine);
	ck_assert(da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	ck_assert_uint_eq(answer.n, 3);
	request.device = 0x0200;
	ask_device(&machine);
	ck_assert(!da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	ck_fault(fault, DA_F_WIRE_FAILURE);
	tear_down();
}
END_TEST

START_TEST(only_what_was_wanted)
{
	struct da_answer answer;
	struct da_fault fault;

	make(&machine, 0x12);
	request = (struct da_wire_request){ .wanted = 1u << DA_WIRE_VCA,
		.device = 0x0100, .path = { 0xff } };
	ask_device(&machine);
	ck_assert(da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	ck_assert_uint_eq(answer.n, 1);
	ck_assert_uint_eq(answer.part[0].type, DA_WIRE_VCA);
	tear_down();
}
END_TEST

START_TEST(functions_of_a_slot_share_a_key)
{
	ck_assert(emu_machine_start(&machine, "Example", 0x13));
	ck_assert(emu_machine_add(&machine, "0000:01:00.0"));
	ck_assert(emu_machine_add(&machine, "0000:01:00.1"));
	ck_assert(emu_machine_add(&machine, "0000:02:00.0"));
	ck_assert_ptr_eq(machine.device[0], machine.device[1]);
	ck_assert_ptr_ne(machine.device[0], machine.device[2]);
	ck_assert_mem_ne(machine.device[0]->key_digest,
	    machine.device[2]->key_digest, 48);
	tear_down();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("emulated device");
	TCase *t = tcase_create("device");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, it_is_proved, 0, 2);
	tcase_add_loop_test(t, the_kernels_map_is_the_judged_one, 0, 2);
	tcase_add_loop_test(t, the_owner_accepts_it, 0, 2);
	tcase_add_loop_test(t, a_flipped_measurement, 0, 2);
	tcase_add_loop_test(t, an_old_answer, 0, 2);
	tcase_add_loop_test(t, the_chain_of_another_device, 0, 2);
	tcase_add_test(t, no_report_while_unlocked);
	tcase_add_test(t, only_what_was_wanted);
	tcase_add_test(t, functions_of_a_slot_share_a_key);
	suite_add_tcase(s, t);
	return run_suite(s);
}

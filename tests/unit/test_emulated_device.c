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

/* The second one; the first was read at the lock. */
static void
take_ticket(void)
{
	struct da_ticket t = ticket();

	t.has_tokens_at_lock = 1;
	memcpy(t.token_at_lock, r.ticket.token_at_lock,
	    sizeof(t.token_at_lock));
	r.ticket = t;
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
	memcpy(r.ticket.token_at_lock, at_lock.token,
	    sizeof(r.ticket.token_at_lock));
	ask_device(&machine);
	take_ticket();
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

/* With the roots that the owner would have loaded. */
static struct da_policy *
owners_policy(void)
{
	char dir[] = "/tmp/devattest-owner-XXXXXX", path[64], command[64];
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
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	ck_assert_int_eq(system(command), 0);
	p = da_policy_parse(da_slice_of(text, n), &error);
	ck_assert_msg(p != NULL, "%u:%u: %s", error.line, error.column,
	    error.text);
	p->rule[0].anchors = (struct da_anchors){ 1, { anchor } };
	return p;
}

/* The whole judgement by the owner's own policy. */
static struct da_verdict
judge(void)
{
	static struct da_verdict verdict;
	struct da_policy *policy = owners_policy();

	ck_assert_ptr_nonnull(da_policy_rule_for(policy, &r.ticket));
	prove();
	da_policy_ask(policy, &policy->rule[0], &r.ask);
	da_prove(&r.bundle, &r.ask, &r.evidence, &r.proof);
	da_claims_make(&r.evidence, &r.proof, &r.ask, &r.claims);
	da_appraise(policy, &r.claims, &verdict);
	da_policy_free(policy);
	return verdict;
}

START_TEST(the_owner_accepts_it)
{
	struct da_verdict verdict;

	collect(versions[_i]);
	verdict = judge();
	ck_assert_msg(verdict.accepted == 1, "class %d: %s",
	    verdict.exit_class,
	    da_check_name((enum da_check)verdict.decided_by));
	ck_assert_str_eq(verdict.class_name, "emulated-nic");
	tear_down();
}
END_TEST

/* Each says so honestly, and its signature holds. */
static const struct {
	const char *line;
	enum da_check check;
	enum da_why why;
} unwanted[] = {
	{ "firmware 3 " NAME, DA_CHK_REFERENCE_VALUES,
	    DA_F_POLICY_MEASUREMENT },
	{ "svn 6 " NAME, DA_CHK_SVN_FLOOR, DA_F_POLICY_SVN },
	{ "debug on " NAME, DA_CHK_DEVICE_MODE, DA_F_POLICY_DEBUG },
};

START_TEST(what_the_owner_does_not_want)
{
	struct da_verdict verdict;
	char line[80], reply_line[80];

	collect(0x13);
	snprintf(line, sizeof(line), "%s", unwanted[_i].line);
	emu_machine_control(&machine, line, reply_line, sizeof(reply_line));
	ck_assert_str_eq(reply_line, "ok\n");
	ask_device(&machine);
	take_ticket();
	verdict = judge();
	ck_assert_int_eq(verdict.accepted, 0);
	ck_assert_int_eq(verdict.exit_class, 5);
	ck_finding(verdict.findings, DA_CHK_SIGNATURE, DA_HOLDS);
	ck_finding_fault(verdict.findings, unwanted[_i].check,
	    unwanted[_i].why);
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
	struct da_wire_head h = { 0, 0, (uint32_t)other.slot[0].device->chain.n,
		request.id };
	size_t at = DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE +
	    machine.slot[0].device->chain.n;

	emu_put(&file, r.file.p, DA_WIRE_REQUEST_SIZE);
	emu_put_zero(&file, DA_WIRE_HEAD_SIZE);
	da_wire_put_head(&h, file.p + DA_WIRE_REQUEST_SIZE);
	emu_put(&file, other.slot[0].device->chain.p,
	    other.slot[0].device->chain.n);
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
	    other.slot[0].device->key_digest, 48);
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

/* -- reports that are not this interface's -- */

/* The report is the last part, in front of the end. */
static void
put_report(const struct emu_bytes *report)
{
	struct da_slice old = r.bundle.part[DA_PART_REPORT];
	struct emu_bytes file = { 0 };
	struct da_wire_head h = { DA_WIRE_REPORT, 0, (uint32_t)report->n,
		request.id };
	size_t at = da_slice_offset(emu_slice(&r.file), old);
	uint8_t head[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, head);
	emu_put(&file, r.file.p, at - DA_WIRE_HEAD_SIZE);
	emu_put(&file, head, sizeof(head));
	emu_put(&file, report->p, report->n);
	emu_put(&file, r.file.p + at + old.n, r.file.n - at - old.n);
	r.file = file;
}

START_TEST(the_report_of_another_interface)
{
	struct emu_bytes report;
	struct da_pci large;
	struct da_verdict verdict;

	collect(0x13);
	prove();
	emu_interface_large_pci(5, &large);
	emu_interface_report(&large, &report);
	put_report(&report);
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_TSM_DIGEST_REPORT,
	    DA_F_DIGEST_DIFFERS);
	agree(DA_DIGEST_REPORT, DA_PART_REPORT);
	verdict = judge();
	ck_finding_fault(verdict.findings, DA_CHK_REPORT_SHAPE,
	    DA_F_RANGE_OUTSIDE);
	ck_assert_int_eq(verdict.exit_class, 8);
	tear_down();
}
END_TEST

/* Its BAR is none of those in which the owner allows shared memory. */
START_TEST(a_private_range_called_shared)
{
	struct da_verdict verdict;

	collect(0x13);
	part_at(DA_PART_REPORT)[16 + 12] |= DA_RANGE_NON_TEE;
	prove();
	ck_finding_fault(r.claims.findings, DA_CHK_TSM_DIGEST_REPORT,
	    DA_F_DIGEST_DIFFERS);
	agree(DA_DIGEST_REPORT, DA_PART_REPORT);
	verdict = judge();
	ck_finding_fault(verdict.findings, DA_CHK_REPORT_POLICY,
	    DA_F_POLICY_REPORT);
	ck_assert_int_eq(verdict.exit_class, 5);
	tear_down();
}
END_TEST

/* What the owner wants private must be there. */
START_TEST(a_report_without_its_private_range)
{
	struct emu_bytes report;
	struct da_verdict verdict;

	collect(0x13);
	prove();
	emu_interface_report(&machine.kernel.tdi[0].pci, &report);
	/* All four ranges of the first BAR. */
	memmove(report.p + 16, report.p + 16 + 4 * 16, report.n - 16 - 4 * 16);
	report.n -= 4 * 16;
	report.p[12] = 2;
	put_report(&report);
	agree(DA_DIGEST_REPORT, DA_PART_REPORT);
	verdict = judge();
	ck_finding_fault(verdict.findings, DA_CHK_REPORT_POLICY,
	    DA_F_POLICY_RANGE_ABSENT);
	tear_down();
}
END_TEST

/* Genuine, fresh, of the same vendor: only the session is not with it. */
START_TEST(a_relayed_device)
{
	struct da_verdict verdict;
	struct emu_device *own;

	collect(0x13);
	ck_assert(emu_machine_add_elsewhere(&machine, "0000:02:00.0"));
	own = machine.slot[0].device;
	machine.slot[0].device = machine.slot[1].device;
	ask_device(&machine);
	machine.slot[0].device = own;
	take_ticket();
	memcpy(r.ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes, own->key_digest,
	    48);
	verdict = judge();
	ck_finding(verdict.findings, DA_CHK_SIGNATURE, DA_HOLDS);
	ck_finding(verdict.findings, DA_CHK_CHAIN, DA_HOLDS);
	ck_finding_fault(verdict.findings, DA_CHK_SESSION_KEY,
	    DA_F_SESSION_KEY);
	ck_assert_int_eq(verdict.exit_class, 2);
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
	ck_assert_ptr_eq(machine.slot[0].device, machine.slot[1].device);
	ck_assert_ptr_ne(machine.slot[0].device, machine.slot[2].device);
	ck_assert_mem_ne(machine.slot[0].device->key_digest,
	    machine.slot[2].device->key_digest, 48);
	tear_down();
}
END_TEST

START_TEST(functions_that_are_not_the_guests)
{
	struct da_answer answer;
	struct da_fault fault;

	make(&machine, 0x13);
	ck_assert(emu_machine_add_plain(&machine, "0000:03:00.0"));
	ck_assert(emu_machine_add_elsewhere(&machine, "0000:02:00.0"));
	ck_assert(!emu_machine_add_elsewhere(&machine, NAME));
	ck_assert(!emu_machine_add(&machine, "0000:02:00.0"));
	ck_assert_uint_eq(machine.kernel.n, 2);
	ck_assert_uint_eq(emu_machine_devices(&machine), 1);
	ck_assert_ptr_null(emu_machine_slot(&machine, "0000:02:00.0"));
	/* Another guest has it locked, so that it has a report. */
	request = (struct da_wire_request){ .wanted = DA_WIRE_WANT_ALL,
		.device = 0x0200, .path = { 0xff } };
	ask_device(&machine);
	ck_assert(da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	ck_assert_uint_eq(answer.n, 4);
	request.device = 0x0300;
	ask_device(&machine);
	ck_assert(!da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	ck_fault(fault, DA_F_WIRE_FAILURE);
	ck_assert_uint_eq(r.file.p[DA_WIRE_REQUEST_SIZE + DA_WIRE_HEAD_SIZE],
	    DA_WIRE_NOT_SUPPORTED);
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
	tcase_add_loop_test(t, what_the_owner_does_not_want, 0, 3);
	tcase_add_test(t, the_report_of_another_interface);
	tcase_add_test(t, a_private_range_called_shared);
	tcase_add_test(t, a_report_without_its_private_range);
	tcase_add_test(t, a_relayed_device);
	tcase_add_test(t, no_report_while_unlocked);
	tcase_add_test(t, functions_that_are_not_the_guests);
	tcase_add_test(t, only_what_was_wanted);
	tcase_add_test(t, functions_of_a_slot_share_a_key);
	suite_add_tcase(s, t);
	return run_suite(s);
}

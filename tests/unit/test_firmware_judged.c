/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the firmware says, decoded by the kernel's driver, and what the host
 * gave meanwhile, before the real verifier and the owner's own policy: accepted
 * on each platform, and each lie of the TSM's or the device's found.
 */
#include "guest_channel.h"
#include "guestd/answer.h"
#include "policy/appraise.h"

#define NOV_2026 1793491200	/* 2026-11-01T00:00:00Z, the owner's floor */

static const uint8_t nonce[32] = { 0x5a, 1, 2, 3 };

static struct {
	struct emu_bytes file, root;
	struct da_ticket ticket;
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	struct da_verdict verdict;
} r;

/* The driver's ticket, with what the kernel adds. */
static struct da_ticket
ticket(void)
{
	struct emu_fw_tdi *t = tdi();
	struct da_ticket ret;

	ck_assert_int_eq(info(), 0);
	ck_assert(da_tsm_ticket(&g.info, &ret));
	snprintf(ret.device, sizeof(ret.device), "%s", functions[g.i].bdf);
	ret.page_unit = t->counting.page_unit;
	ret.bar_base = t->counting.bar_base;
	ret.pci = functions[g.i].pci;
	ret.pci.tee = DA_TRI_TRUE;
	ret.has_nonce = 1;
	memcpy(ret.nonce, nonce, sizeof(nonce));
	return ret;
}

static struct da_policy *
owners_policy(void)
{
	char dir[] = "/tmp/devattest-owner-XXXXXX", path[64], command[64];
	static char text[16384];
	struct da_policy_error error;
	struct da_policy *p;
	size_t n;
	FILE *f;

	g.machine.is_for_guest = true;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert(emu_machine_write_owner(&g.machine, dir));
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
	return p;
}

/* Lock, first ticket, the host's answer. */
static void
set_up(int speech, uint32_t function)
{
	struct da_ticket at_lock;

	switch_on(speeches[speech].name);
	ck_assert_int_eq(describe(function), 0);
	ck_assert_int_eq(lock(), 0);
	at_lock = ticket();
	r.file = collect(nonce);
	r.ticket = at_lock;
	r.ticket.has_tokens_at_lock = 1;
	memcpy(r.ticket.token_at_lock, at_lock.token, sizeof(at_lock.token));
}

static void
tear_down(void)
{
	emu_machine_free(&g.machine);
}

/* The second ticket, and the verdict; true: accepted. */
static bool
judge(void)
{
	struct da_policy *policy = owners_policy();
	const struct da_policy_rule *rule;
	struct da_anchors anchors;
	struct da_ticket now = ticket();
	struct da_answer answer;
	struct da_fault fault;

	now.has_tokens_at_lock = 1;
	memcpy(now.token_at_lock, r.ticket.token_at_lock,
	    sizeof(now.token_at_lock));
	r.ticket = now;
	r.root.n = 0;
	ck_assert(emu_put_cert(&r.root, g.machine.vendor.root.cert));
	anchors = (struct da_anchors){ 1, { emu_slice(&r.root) } };
	for (uint16_t i = 0; i < policy->n_rules; i++)
		policy->rule[i].anchors = anchors;
	rule = da_policy_rule_for(policy, &r.ticket);
	ck_assert_ptr_nonnull(rule);
	ck_assert(da_bundle_file_read(emu_slice(&r.file), &answer, &fault));
	r.bundle = da_answer_bundle(&answer, emu_slice(&r.file),
	    r.ticket.slot_known, r.ticket.slot);
	r.ask = (struct da_ask){ .anchors = anchors, .ticket = &r.ticket,
		.has_time = true, .at = NOV_2026 };
	da_policy_ask(policy, rule, &r.ask);
	da_prove(&r.bundle, &r.ask, &r.evidence, &r.proof);
	da_claims_make(&r.evidence, &r.proof, &r.ask, &r.claims);
	da_appraise(policy, &r.claims, &r.verdict);
	da_policy_free(policy);
	return r.verdict.accepted == 1;
}

static void
ck_accepted(void)
{
	bool accepted = judge();
	enum da_check by = (enum da_check)r.verdict.decided_by;

	ck_assert_msg(accepted, "%s, class %d: %s is %s, %s",
	    functions[g.i].bdf, r.verdict.exit_class, da_check_name(by),
	    da_result_name((enum da_result)r.verdict.findings.of[by].result),
	    da_fault_text((enum da_why)r.verdict.findings.of[by].why)->name);
}

START_TEST(the_owner_accepts_it)
{
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		set_up(_i, i);
		ck_accepted();
		ck_finding(r.verdict.findings, DA_CHK_NONCE, DA_HOLDS);
		ck_finding(r.verdict.findings, DA_CHK_TSM_DIGEST_REPORT,
		    DA_HOLDS);
		ck_assert(r.claims.has_map);
		tear_down();
	}
}
END_TEST

static const struct {
	const char *name;
	enum da_check check;
} parts[] = {
	{ "chain", DA_CHK_TSM_DIGEST_CHAIN },
	{ "vca", DA_CHK_TSM_DIGEST_VCA },
	{ "measurements", DA_CHK_TSM_DIGEST_MEASUREMENTS },
	{ "report", DA_CHK_TSM_DIGEST_REPORT },
};

/* Where the platform says that digest: the rest are of no matter to it. */
START_TEST(a_wrong_digest_is_found)
{
	char line[64];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		enum tsm_digest_of of[] = { TSM_DIGEST_CHAIN, TSM_DIGEST_VCA,
			TSM_DIGEST_MEASUREMENTS, TSM_DIGEST_REPORT };

		set_up(_i, EDU);
		snprintf(line, sizeof(line), "digest %s wrong",
		    parts[i].name);
		ck_control(line, "ok\n");
		if (judge()) {
			ck_assert_uint_eq(g.info.digest[of[i]].len, 0);
		} else {
			ck_assert_int_eq(r.verdict.exit_class, 7);
			ck_finding_fault(r.verdict.findings, parts[i].check,
			    DA_F_DIGEST_DIFFERS);
		}
		tear_down();
	}
}
END_TEST

START_TEST(a_wrong_device_info_is_found)
{
	set_up(_i, EDU);
	ck_control("digest device-info wrong", "ok\n");
	ck_assert_int_eq(judge(), speeches[_i].platform != TSM_TDX);
	if (speeches[_i].platform == TSM_TDX)
		ck_assert_int_eq(r.verdict.exit_class, 7);
	tear_down();
}
END_TEST

/* The tokens that were there at the lock already: nothing was collected. */
START_TEST(tokens_that_stay_are_found)
{
	const struct tsm_row *row = tsm_row(speeches[_i].platform,
	    speeches[_i].abi);
	/* Without a lock's token the rest is unknown, and tolerated here. */
	bool has = row->own_token[TSM_TOKEN_LOCK] != 0 &&
	    row->own_token[TSM_TOKEN_REPORT] != 0;

	switch_on(speeches[_i].name);
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(lock(), 0);
	collect(nonce);
	r.ticket = ticket();
	memcpy(r.ticket.token_at_lock, r.ticket.token,
	    sizeof(r.ticket.token));
	ck_control("token report stale", "ok\n");
	ck_control("token measurements stale", "ok\n");
	r.file = collect(nonce);
	ck_assert_int_eq(judge(), !has);
	if (has)
		ck_assert_int_eq(r.verdict.exit_class, 6);
	tear_down();
}
END_TEST

/* The digest is true: it is the device that lies. */
START_TEST(a_lie_of_the_devices_is_found)
{
	char line[64];

	for (unsigned int lie = EMU_HONEST + 1; lie < EMU_LIES; lie++) {
		set_up(_i, NVME);
		snprintf(line, sizeof(line), "report %s %s",
		    functions[NVME].bdf, emu_lie_name((enum emu_lie)lie));
		ck_control(line, "ok\n");
		r.file = collect(nonce);
		ck_assert_msg(!judge(), "%s", line);
		ck_finding(r.verdict.findings, DA_CHK_TSM_DIGEST_REPORT,
		    DA_HOLDS);
		ck_assert_int_eq(r.verdict.exit_class, 8);
		tear_down();
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("firmware judged");
	TCase *c = tcase_create("firmware judged");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, the_owner_accepts_it, 0, SPEECHES);
	tcase_add_loop_test(c, a_wrong_digest_is_found, 0, SPEECHES);
	tcase_add_loop_test(c, a_wrong_device_info_is_found, 0, SPEECHES);
	tcase_add_loop_test(c, tokens_that_stay_are_found, 0, SPEECHES);
	tcase_add_loop_test(c, a_lie_of_the_devices_is_found, 0, SPEECHES);
	suite_add_tcase(s, c);
	return run_suite(s);
}

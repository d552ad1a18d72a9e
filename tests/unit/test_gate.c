/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: a hash and a compare, and what the ticket says of itself. */
#include "build.h"
#include "verifier/gate.h"
#include "verifier/hash.h"
#include "verifier/table.h"

static struct da_ticket ticket;
static struct da_bundle bundle;
static struct da_ask ask;
static struct da_findings findings;
static struct da_fault fault;

static const struct {
	enum da_part part;
	enum da_digest_of digest;
	enum da_check check;
} gates[] = {
	{ DA_PART_CHAIN, DA_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_CHAIN },
	{ DA_PART_VCA, DA_DIGEST_VCA, DA_CHK_TSM_DIGEST_VCA },
	{ DA_PART_MEASUREMENTS, DA_DIGEST_MEASUREMENTS,
	    DA_CHK_TSM_DIGEST_MEASUREMENTS },
	{ DA_PART_REPORT, DA_DIGEST_REPORT, DA_CHK_TSM_DIGEST_REPORT },
};

#define N_GATES (sizeof(gates) / sizeof(gates[0]))

/* A locked device whose TSM saw "part 0", "part 1"... and the bundle of it. */
static void
start(void)
{
	static const char *const bytes[] = { "part 0", "part 1", "part 2",
	    "part 3" };

	memset(&bundle, 0, sizeof(bundle));
	memset(&ask, 0, sizeof(ask));
	ticket = (struct da_ticket){ .version = DA_TICKET_VERSION,
	    .platform = DA_PLATFORM_EMULATED, .bound = 1,
	    .state = DA_STATE_LOCKED, .state_trusted = 1,
	    .hash = DA_HASH_SHA384, .has_tokens_at_lock = 1 };
	for (size_t i = 0; i < N_GATES; i++) {
		struct da_slice s = da_slice_str(bytes[i]);
		struct da_hash_value h = da_hash_of(DA_HASH_SHA384, s);

		bundle.given[gates[i].part] = true;
		bundle.part[gates[i].part] = s;
		da_digest_set(&ticket.digest[gates[i].digest],
		    DA_HASH_SHA384, da_hash_bytes(&h));
	}
	for (int i = 0; i < DA_TOKEN_COUNT; i++) {
		ticket.token[i] = (struct da_token){ 8, { 1 } };
		ticket.token_at_lock[i] = (struct da_token){ 8, { 1 } };
	}
	ticket.token[DA_TOKEN_MEASUREMENTS].bytes[1] = 1;
	ticket.token[DA_TOKEN_REPORT].bytes[1] = 1;
	ask.ticket = &ticket;
}

static void
run(void)
{
	struct da_case the = { .bundle = &bundle, .ask = &ask };

	da_findings_start(&findings);
	da_stage_run(DA_STAGE_GATE, &the, &findings);
}

START_TEST(all_hold)
{
	start();
	run();
	for (size_t i = 0; i < N_GATES; i++)
		ck_finding(findings, gates[i].check, DA_HOLDS);
	ck_finding(findings, DA_CHK_TSM_STATE, DA_HOLDS);
	ck_finding(findings, DA_CHK_TSM_TOKENS, DA_HOLDS);
	/* The gate asks nothing that needs a parser. */
	ck_finding(findings, DA_CHK_CHAIN, DA_NOT_ASKED);
	ck_finding(findings, DA_CHK_WELL_FORMED, DA_NOT_ASKED);
}
END_TEST

START_TEST(other_bytes)
{
	for (size_t i = 0; i < N_GATES; i++) {
		start();
		bundle.part[gates[i].part] = da_slice_str("part X");
		run();
		for (size_t j = 0; j < N_GATES; j++)
			if (j == i)
				ck_finding_fault(findings, gates[j].check,
				    DA_F_DIGEST_DIFFERS);
			else
				ck_finding(findings, gates[j].check,
				    DA_HOLDS);
		ck_assert_int_eq(findings.of[gates[i].check].part,
		    gates[i].part);
		/* Another part's bytes are other bytes, too. */
		bundle.part[gates[i].part] =
		    bundle.part[gates[(i + 1) % N_GATES].part];
		run();
		ck_finding_fault(findings, gates[i].check,
		    DA_F_DIGEST_DIFFERS);
	}
}
END_TEST

START_TEST(no_digest_is_unknown)
{
	static const uint8_t zero[48];

	for (size_t i = 0; i < N_GATES; i++) {
		struct da_digest *d;

		start();
		d = &ticket.digest[gates[i].digest];
		*d = (struct da_digest){ 0 };
		run();
		ck_finding(findings, gates[i].check, DA_UNKNOWN);
		/* Zero filled by whoever wrote the ticket. */
		d->len = 48;
		run();
		ck_finding(findings, gates[i].check, DA_UNKNOWN);
		da_digest_set(d, DA_HASH_SHA384, da_slice_of(zero, 48));
		run();
		ck_finding(findings, gates[i].check, DA_UNKNOWN);
		bundle.given[gates[i].part] = false;
		run();
		ck_finding(findings, gates[i].check, DA_NOT_ASKED);
	}
}
END_TEST

START_TEST(hash_that_is_not_to_be_had)
{
	start();
	ticket.hash = DA_HASH_NONE;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_DIGEST_CHAIN,
	    DA_F_DIGEST_DIFFERS);
	ticket.hash = 77;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_DIGEST_CHAIN,
	    DA_F_DIGEST_DIFFERS);
	ticket.hash = DA_HASH_SHA512;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_DIGEST_CHAIN,
	    DA_F_DIGEST_DIFFERS);
}
END_TEST

START_TEST(one_part)
{
	struct da_slice covered;

	start();
	ck_assert_int_eq(da_gate_part(&ticket, DA_PART_REPORT,
	    da_slice_str("part 3"), &covered, &fault), DA_HOLDS);
	ck_assert_uint_eq(covered.n, 6);
	ck_assert_int_eq(da_gate_part(&ticket, DA_PART_REPORT,
	    da_slice_str("part 4"), &covered, &fault), DA_BROKEN);
	ck_assert_uint_eq(covered.n, 0);
	ck_fault(fault, DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(da_gate_part(&ticket, DA_PART_NONCE,
	    da_slice_str("part 3"), &covered, &fault), DA_UNKNOWN);
	ck_assert_uint_eq(covered.n, 6);
	ck_assert_int_eq(da_gate_check(DA_PART_REPORT),
	    DA_CHK_TSM_DIGEST_REPORT);
	ck_assert_int_eq(da_gate_check(DA_PART_POLICY), DA_CHK_COUNT);
}
END_TEST

START_TEST(without_a_ticket)
{
	start();
	ask.ticket = NULL;
	run();
	for (size_t i = 0; i < N_GATES; i++)
		ck_finding(findings, gates[i].check, DA_UNKNOWN);
	ck_finding(findings, DA_CHK_TSM_STATE, DA_UNKNOWN);
	ck_finding(findings, DA_CHK_TSM_TOKENS, DA_UNKNOWN);
}
END_TEST

/* The TSM saw the structure, not the certificates of a PEM file. */
START_TEST(chain_out_of_pem)
{
	start();
	bundle.chain_form = DA_CHAIN_DER;
	run();
	ck_finding(findings, DA_CHK_TSM_DIGEST_CHAIN, DA_UNKNOWN);
}
END_TEST

START_TEST(vca_inside_a_log)
{
	start();
	bundle.shape = DA_SHAPE_LOG;
	bundle.given[DA_PART_VCA] = false;
	run();
	ck_finding(findings, DA_CHK_TSM_DIGEST_VCA, DA_HOLDS);
	bundle.part[DA_PART_MEASUREMENTS] = da_slice_str("another log");
	run();
	ck_finding(findings, DA_CHK_TSM_DIGEST_VCA, DA_BROKEN);
	ck_finding_fault(findings, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_F_DIGEST_DIFFERS);
}
END_TEST

static void
state_is(unsigned int state, unsigned int trusted, enum da_result result,
    enum da_why why)
{
	start();
	ticket.state = (uint8_t)state;
	ticket.state_trusted = (uint8_t)trusted;
	run();
	if (result == DA_BROKEN)
		ck_finding_fault(findings, DA_CHK_TSM_STATE, why);
	else
		ck_finding(findings, DA_CHK_TSM_STATE, result);
}

START_TEST(states)
{
	/* What the hypervisor wrote may refuse, but never vouch. */
	for (unsigned int trusted = 0; trusted < 3; trusted++) {
		enum da_result good = trusted == 1 ? DA_HOLDS : DA_UNKNOWN;

		state_is(DA_STATE_UNKNOWN, trusted, DA_UNKNOWN, DA_F_NONE);
		state_is(DA_STATE_UNLOCKED, trusted, DA_BROKEN,
		    DA_F_TSM_UNLOCKED);
		state_is(DA_STATE_LOCKED, trusted, good, DA_F_NONE);
		state_is(DA_STATE_RUN, trusted, good, DA_F_NONE);
		state_is(DA_STATE_ERROR, trusted, DA_BROKEN,
		    DA_F_TSM_ERROR);
		state_is(77, trusted, DA_UNKNOWN, DA_F_NONE);
	}
	start();
	ticket.bound = 0;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_STATE, DA_F_TSM_UNBOUND);
}
END_TEST

START_TEST(tokens)
{
	start();
	ticket.token[DA_TOKEN_LOCK].bytes[0] = 2;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_TOKENS, DA_F_TOKEN_LOCK);
	for (int i = DA_TOKEN_MEASUREMENTS; i <= DA_TOKEN_REPORT; i++) {
		start();
		ticket.token[i] = ticket.token_at_lock[i];
		run();
		ck_finding_fault(findings, DA_CHK_TSM_TOKENS,
		    DA_F_TOKEN_STALE);
		/* A platform that has none says nothing by it. */
		ticket.token[i].len = ticket.token_at_lock[i].len = 0;
		run();
		ck_finding(findings, DA_CHK_TSM_TOKENS, DA_HOLDS);
		/* Where each digest has one, it is of no collection. */
		ticket.platform = DA_PLATFORM_ARM_CCA;
		memcpy(ticket.abi, "bet0", 5);
		run();
		ck_finding_fault(findings, DA_CHK_TSM_TOKENS,
		    DA_F_TOKEN_STALE);
		ticket.digest[i == DA_TOKEN_REPORT ? DA_DIGEST_REPORT :
		    DA_DIGEST_MEASUREMENTS].len = 0;
		run();
		ck_finding(findings, DA_CHK_TSM_TOKENS, DA_HOLDS);
		/* One that was there at the lock and is gone has not moved. */
		ticket.platform = DA_PLATFORM_EMULATED;
		ticket.token_at_lock[i].len = 8;
		run();
		ck_finding_fault(findings, DA_CHK_TSM_TOKENS,
		    DA_F_TOKEN_STALE);
	}
	start();
	ticket.has_tokens_at_lock = 0;
	run();
	ck_finding(findings, DA_CHK_TSM_TOKENS, DA_UNKNOWN);
	start();
	ticket.token[DA_TOKEN_LOCK].len = 0;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_TOKENS, DA_F_TOKEN_LOCK);
	ticket.token_at_lock[DA_TOKEN_LOCK].len = 0;
	run();
	ck_finding(findings, DA_CHK_TSM_TOKENS, DA_UNKNOWN);
	start();
	ticket.token_at_lock[DA_TOKEN_LOCK].len = 0;
	run();
	ck_finding_fault(findings, DA_CHK_TSM_TOKENS, DA_F_TOKEN_LOCK);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("gate");
	TCase *t = tcase_create("gate");

	tcase_add_test(t, all_hold);
	tcase_add_test(t, other_bytes);
	tcase_add_test(t, no_digest_is_unknown);
	tcase_add_test(t, hash_that_is_not_to_be_had);
	tcase_add_test(t, one_part);
	tcase_add_test(t, without_a_ticket);
	tcase_add_test(t, chain_out_of_pem);
	tcase_add_test(t, vca_inside_a_log);
	tcase_add_test(t, states);
	tcase_add_test(t, tokens);
	suite_add_tcase(s, t);
	return run_suite(s);
}

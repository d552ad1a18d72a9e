/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the gate on, a part is the slice that the TSM's digest is of: it goes to
 * the judges, and into the kernel, and no byte beside it does.
 */
#include "unit.h"
#include "world.h"

#include "verifier/hash.h"

static void
platform_is(enum da_platform platform, const char *abi)
{
	world.ticket.platform = (uint8_t)platform;
	snprintf(world.ticket.abi, sizeof(world.ticket.abi), "%s", abi);
}

static const struct da_msg_part *
part_of(uint16_t type)
{
	const struct da_msg_function *f = &world.job.function[0];

	for (uint32_t i = 0; i < f->n; i++)
		if (f->part[i].type == type)
			return &f->part[i];
	ck_abort_msg("no part %u", type);
	return NULL;
}

/* What the judges make of the parts that they are given. */
static struct da_bundle
judged(void)
{
	static uint8_t file[4096];
	const struct da_msg_function *f = &world.job.function[0];

	return da_msg_bundle(f->part, f->n, &f->ticket, da_slice_of(file,
	    (size_t)f->size));
}

static void
ck_cut(uint16_t type, size_t n)
{
	ck_assert_uint_eq(part_of(type)->gate, DA_HOLDS);
	ck_assert_uint_eq(part_of(type)->length, n);
}

/* -- a head that no digest covers -- */

START_TEST(a_chains_head_is_cut_off)
{
	static const struct {
		const char *abi;
		size_t head;
		bool holds;
	} cases[] = {
		{ "bet0", 36, true }, { "bet0", 52, true },
		{ "bet0", 68, true }, { "alp20", 36, true },
		{ "alp20", 52, true }, { "alp20", 68, true },
		{ "bet0", 0, false }, { "bet0", 35, false },
		{ "bet0", 53, false }, { "alp20", 4, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up();
		platform_is(DA_PLATFORM_ARM_CCA, cases[i].abi);
		world.head = cases[i].head;
		if (!cases[i].holds) {
			ck_refused(7);
			ck_assert_int_eq(candidate.outcome.refusal.check,
			    DA_CHK_TSM_DIGEST_CHAIN);
			ck_assert(!happened("authenticate"));
			continue;
		}
		ck_assert_int_eq(run_one(), 0);
		ck_cut(1, sizeof("the chain"));
		ck_assert_uint_eq(part_of(1)->offset,
		    DA_WIRE_REQUEST_SIZE + cases[i].head);
		ck_assert_int_eq(judged().chain_form, DA_CHAIN_COVERED);
		ck_assert_uint_eq(judged().meas_tail, DA_MAX_MEAS_TAIL);
	}
}
END_TEST

/* No digest: the chain is what it was, and its header is read. */
START_TEST(without_a_digest_nothing_is_cut)
{
	platform_is(DA_PLATFORM_ARM_CCA, "bet0");
	world.head = 52;
	world.ticket.digest[DA_DIGEST_CHAIN].len = 0;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(part_of(1)->gate, DA_UNKNOWN);
	ck_assert_uint_eq(part_of(1)->length, 52 + sizeof("the chain"));
	ck_assert_int_eq(judged().chain_form, DA_CHAIN_SPDM);
}
END_TEST

/* -- a tail that no digest covers -- */

START_TEST(a_tail_is_cut_off)
{
	for (size_t tail = 0; tail <= 33; tail++)
		for (int abi = 1; abi <= 2; abi++) {
			set_up();
			platform_is(DA_PLATFORM_SEV_TIO, abi == 1 ? "1" : "2");
			world.tail = tail;
			if (tail > 32) {
				ck_refused(7);
				ck_assert(!happened("authenticate"));
				continue;
			}
			ck_assert_int_eq(run_one(), 0);
			ck_cut(DA_WIRE_MEASUREMENTS, sizeof(WORLD_MEAS));
			ck_cut(DA_WIRE_REPORT, sizeof(WORLD_REPORT));
			ck_assert_int_eq(judged().chain_form, DA_CHAIN_SPDM);
			ck_assert_uint_eq(judged().meas_tail, 0);
			/* Not a byte of the tail was pushed. */
			ck_assert_str_eq(world.pushed, WORLD_REPORT);
			for (size_t i = sizeof(WORLD_REPORT);
			    i < sizeof(world.pushed); i++)
				ck_assert_int_eq(world.pushed[i], 0);
		}
}
END_TEST

START_TEST(elsewhere_a_byte_too_many_refuses)
{
	static const struct {
		enum da_platform platform;
		const char *abi;
	} others[] = {
		{ DA_PLATFORM_EMULATED, "1" }, { DA_PLATFORM_COVE_IO, "1" },
		{ DA_PLATFORM_ARM_CCA, "bet0" }, { DA_PLATFORM_TDX, "1" },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		set_up();
		platform_is(others[i].platform, others[i].abi);
		world.head = i == 2 ? 52 : 0;
		ck_assert_int_eq(run_one(), 0);
		set_up();
		platform_is(others[i].platform, others[i].abi);
		world.head = i == 2 ? 52 : 0;
		world.tail = 1;
		ck_refused(7);
		ck_assert(!happened("authenticate"));
	}
}
END_TEST

/* A platform or a revision that nobody described vouches for nothing. */
START_TEST(an_unknown_revision_vouches_for_nothing)
{
	platform_is(DA_PLATFORM_SEV_TIO, "3");
	ck_refused(7);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
	    "nobody vouches"));
	ck_assert(!happened("push"));
}
END_TEST

/* -- device-info -- */

static void
tdx(bool brought)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384,
	    da_slice_of(WORLD_INFO, sizeof(WORLD_INFO)));

	set_up();
	platform_is(DA_PLATFORM_TDX, "1");
	da_digest_set(&world.ticket.digest[DA_DIGEST_DEVICE_INFO],
	    DA_HASH_SHA384, da_hash_bytes(&h));
	world.ticket.token[DA_TOKEN_MEASUREMENTS].len = 0;
	world.ticket.token[DA_TOKEN_REPORT].len = 0;
	world.device_info = brought;
}

START_TEST(device_info_is_asked_for_where_there_is_a_digest)
{
	static const struct {
		enum da_platform platform;
		const char *abi;
		uint32_t wanted;
	} cases[] = {
		{ DA_PLATFORM_TDX, "1", 0x800007ff },
		{ DA_PLATFORM_EMULATED, "1", 0x7ff },
		{ DA_PLATFORM_SEV_TIO, "2", 0x7ff },
		{ DA_PLATFORM_ARM_CCA, "bet0", 0x7ff },
		{ DA_PLATFORM_COVE_IO, "1", 0x7ff },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up();
		platform_is(cases[i].platform, cases[i].abi);
		run_one();
		ck_assert_uint_eq(world.asked_wanted, cases[i].wanted);
	}
}
END_TEST

START_TEST(device_info_is_hashed_and_goes_to_nobody)
{
	const struct da_findings *f = &world.job.function[0].proof.findings;
	struct da_bundle b;

	tdx(true);
	ck_assert_int_eq(run_one(), 0);
	/* The appraiser has it from this role. */
	ck_assert_uint_eq(f->device_info, DA_HOLDS);
	ck_finding(*f, DA_CHK_TSM_DIGEST_CHAIN, DA_UNKNOWN);
	ck_finding(*f, DA_CHK_TSM_DIGEST_MEASUREMENTS, DA_UNKNOWN);
	ck_finding(*f, DA_CHK_TSM_DIGEST_REPORT, DA_HOLDS);
	ck_finding(*f, DA_CHK_TSM_TOKENS, DA_HOLDS);
	b = judged();
	ck_assert(!b.given[DA_PART_DEVICE_INFO] && b.given[DA_PART_CHAIN]);
	/* Not brought: no word of the authenticator's makes it so. */
	tdx(false);
	world.proof.findings.device_info = DA_HOLDS;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(f->device_info, DA_NOT_ASKED);
	/* Brought, and the TSM has no digest of it. */
	tdx(true);
	world.ticket.digest[DA_DIGEST_DEVICE_INFO].len = 0;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(f->device_info, DA_UNKNOWN);
}
END_TEST

START_TEST(another_device_info_is_refused)
{
	tdx(true);
	world.ticket.digest[DA_DIGEST_DEVICE_INFO].bytes[0] ^= 1;
	ck_refused(7);
	ck_fault(candidate.outcome.refusal.fault, DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(candidate.outcome.refusal.check,
	    DA_CHK_TSM_DIGEST_MEASUREMENTS);
	ck_assert_int_eq(candidate.outcome.refusal.fault.part,
	    DA_PART_DEVICE_INFO);
	ck_assert(!happened("authenticate"));
}
END_TEST

/* -- digests of the device's latest retrieval -- */

static char moved_to;	/* 0: what the host brought last */

static void
of_latest(int n, struct da_ticket *t)
{
	char bytes[sizeof(WORLD_MEAS) + 1] = WORLD_MEAS;
	struct da_hash_value h;

	bytes[sizeof(WORLD_MEAS)] = n > 2 && moved_to != 0 ? moved_to :
	    world.last_meas;
	h = da_hash_of(DA_HASH_SHA384, da_slice_of(bytes, sizeof(bytes)));
	da_digest_set(&t->digest[DA_DIGEST_MEASUREMENTS], DA_HASH_SHA384,
	    da_hash_bytes(&h));
}

static int
push_three(enum da_platform platform, const char *abi, char moved)
{
	set_up();
	make_functions(3);
	platform_is(platform, abi);
	world.own_meas = '*';
	world.at_ticket = of_latest;
	moved_to = moved;
	return da_push_all(&pusher, several, 3);
}

/* Each function's collection replaces the digest that the others were given. */
START_TEST(the_latest_of_the_device_is_no_change)
{
	ck_assert_int_eq(push_three(DA_PLATFORM_SEV_TIO, "2", 0), 0);
	for (int i = 0; i < 3; i++)
		ck_assert(several[i].outcome.accepted);
	/* One that nobody here collected is. */
	ck_assert_int_eq(push_three(DA_PLATFORM_SEV_TIO, "2", 'x'), 9);
	ck_fault(several[0].outcome.refusal.fault, DA_F_KERNEL_MOVED);
	ck_assert(!happened("push"));
	/* And where each has its own, another's is, too. */
	ck_assert_int_eq(push_three(DA_PLATFORM_EMULATED, "1", 0), 9);
	ck_fault(several[0].outcome.refusal.fault, DA_F_KERNEL_MOVED);
	ck_assert(!several[0].outcome.accepted && !several[1].outcome.accepted);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("cut");
	TCase *t = tcase_create("cut");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_chains_head_is_cut_off);
	tcase_add_test(t, without_a_digest_nothing_is_cut);
	tcase_add_test(t, a_tail_is_cut_off);
	tcase_add_test(t, elsewhere_a_byte_too_many_refuses);
	tcase_add_test(t, an_unknown_revision_vouches_for_nothing);
	tcase_add_test(t, device_info_is_asked_for_where_there_is_a_digest);
	tcase_add_test(t, device_info_is_hashed_and_goes_to_nobody);
	tcase_add_test(t, another_device_info_is_refused);
	tcase_add_test(t, the_latest_of_the_device_is_no_change);
	suite_add_tcase(s, t);
	return run_suite(s);
}

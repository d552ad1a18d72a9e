/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher's order from the verdict on: what moves, changes or lies backs
 * out; and several devices together.
 */
#include "unit.h"
#include "world.h"

enum { TOKEN, STATE, DIGEST, BAR, UNIT, LOCK_FLAG, SPDM_LINK, IDE_LINK, MSIX,
	MSIX_BIR, MSIX_TABLE, MSIX_PBA, MSIX_ENTRIES, MOVES };
static int moves_at, what_moves;

static void
moves(int n, struct da_ticket *t)
{
	if (n != moves_at)
		return;
	if (what_moves == TOKEN)
		t->token[DA_TOKEN_REPORT].bytes[2] ^= 1;
	if (what_moves == STATE)
		t->state = DA_STATE_ERROR;
	if (what_moves == DIGEST)
		t->digest[DA_DIGEST_REPORT].bytes[0] ^= 1;
	if (what_moves == BAR)
		t->pci.bar[0].address += 65536;
	if (what_moves == UNIT)
		t->page_unit = DA_UNIT_BYTE;
	if (what_moves == LOCK_FLAG)
		t->lock_flag[DA_LOCK_P2P] = DA_TRI_TRUE;
	if (what_moves == SPDM_LINK)
		t->link_spdm = DA_TRI_FALSE;
	if (what_moves == IDE_LINK)
		t->link_ide = DA_TRI_FALSE;
	t->pci.msix ^= what_moves == MSIX;
	t->pci.msix_bir ^= what_moves == MSIX_BIR;
	t->pci.msix_table ^= what_moves == MSIX_TABLE;
	t->pci.msix_pba ^= what_moves == MSIX_PBA;
	t->pci.msix_entries ^= what_moves == MSIX_ENTRIES;
}

START_TEST(whatever_moves_backs_out)
{
	for (moves_at = 3; moves_at <= 5; moves_at++)
		for (int i = TOKEN; i < MOVES; i++) {
			set_up();
			what_moves = i;
			world.at_ticket = moves;
			ck_refused(9);
			ck_fault(candidate.outcome.refusal.fault,
			    DA_F_KERNEL_MOVED);
			ck_assert(happened("push") == (moves_at > 3));
			ck_assert(happened("unlock"));
		}
}
END_TEST

static void
untrusted_unknown(int n, struct da_ticket *t)
{
	(void)n;
	t->state = DA_STATE_UNKNOWN;
	t->state_trusted = 0;
}

START_TEST(a_state_that_nobody_tells_may_stay_unknown)
{
	world.at_ticket = untrusted_unknown;
	ck_assert_int_eq(run_one(), 0);
}
END_TEST

START_TEST(bytes_that_change_while_they_are_judged_are_not_pushed)
{
	world.tamper = true;
	ck_refused(7);
	ck_fault(candidate.outcome.refusal.fault, DA_F_DIGEST_DIFFERS);
	ck_assert_int_eq(candidate.outcome.refusal.check,
	    DA_CHK_TSM_DIGEST_REPORT);
	ck_assert(!happened("push"));
	/* A report that the TSM has no digest of is pushed by nobody's word. */
	set_up();
	world.ticket.digest[DA_DIGEST_REPORT].len = 0;
	da_found(&world.proof.findings, DA_CHK_TSM_DIGEST_REPORT, DA_HOLDS);
	ck_refused(7);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
	    "nobody vouches"));
	ck_assert(!happened("push"));
}
END_TEST

START_TEST(the_kernels_map_must_be_the_judged_one)
{
	world.map.range[0].kind = DA_MMIO_SHARED;
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_MAP);
	ck_assert(happened("accept") && !happened("bind"));
	set_up();
	world.map.n = 0;
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_MAP);
}
END_TEST

START_TEST(an_unlock_that_fails_is_said)
{
	static char text[600];
	FILE *out = fmemopen(text, sizeof(text), "w");

	world.map.n = 0;
	world.fail = "unlock";
	ck_assert_int_eq(run_one(), 9);
	ck_assert(candidate.outcome.left_locked);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_MAP);
	da_outcome_print(out, &candidate.outcome);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "the unlock failed, too"));
}
END_TEST

/* -- several devices -- */

static struct da_candidate both[2];

START_TEST(all_are_judged_before_the_first_is_pushed)
{
	make_candidate(&both[0], "0000:01:00.0");
	make_candidate(&both[1], "0000:02:00.0");
	ck_assert_int_eq(da_push_all(&pusher, both, 2), 0);
	ck_assert(strstr(world.events, "push") >
	    strstr(strstr(world.events, "appraise") + 1, "appraise"));
	ck_assert(strstr(world.events, "push") >
	    strstr(world.events, "count"));
	/* And all are pushed before a driver may have the first. */
	ck_assert(strstr(world.events, "bind") >
	    strstr(strstr(world.events, "accept") + 1, "accept"));
	ck_assert_uint_eq(world.count.n, 2);
	ck_assert_str_eq(world.count.one[1].class_name, "nic");
}
END_TEST

START_TEST(a_number_that_is_not_wanted_refuses_all)
{
	static const struct da_fault fault = { DA_F_POLICY_COUNT,
		DA_PART_POLICY, 0 };

	make_candidate(&both[0], "0000:01:00.0");
	make_candidate(&both[1], "0000:02:00.0");
	da_refused_fault(&world.refusal, DA_CHK_COMPOSITION, &fault);
	world.fail = "count";
	ck_assert_int_eq(da_push_all(&pusher, both, 2), 5);
	ck_assert(!happened("push"));
	for (int i = 0; i < 2; i++) {
		ck_assert(!both[i].outcome.accepted && !both[i].locked);
		ck_fault(both[i].outcome.refusal.fault, DA_F_POLICY_COUNT);
	}
	ck_assert_ptr_nonnull(strstr(strstr(world.events, "unlock") + 1,
	    "unlock"));
}
END_TEST

/* Two devices; `call` fails for the second, and `min` are wanted. */
static void
second_fails(const char *call, uint32_t min)
{
	static const struct da_fault fault = { DA_F_POLICY_COUNT,
		DA_PART_POLICY, 0 };

	set_up();
	make_candidate(&both[0], "0000:01:00.0");
	make_candidate(&both[1], "0000:02:00.0");
	da_refused_fault(&world.refusal, DA_CHK_COMPOSITION, &fault);
	world.count_min = min;
	world.fail = call;
	world.fail_after = 1;
	ck_assert_int_eq(da_push_all(&pusher, both, 2), 9);
	ck_assert(!both[1].outcome.accepted && !world.running['2']);
	ck_fault(both[1].outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	for (int i = 0; i < 2; i++)
		ck_assert(!both[i].locked && !both[i].has_bundle);
}

START_TEST(a_push_that_fails_is_counted_again)
{
	second_fails("push", 2);
	ck_assert(!both[0].outcome.accepted && !both[0].outcome.left_locked);
	ck_fault(both[0].outcome.refusal.fault, DA_F_POLICY_COUNT);
	ck_assert_uint_eq(world.count.n, 1);
	ck_assert(!world.running['1'] && !happened("bind"));
	/* Where one alone is wanted, it stays. */
	second_fails("push", 1);
	ck_assert(both[0].outcome.accepted && world.running['1']);
	ck_assert(world.bound['1']);
}
END_TEST

START_TEST(a_bind_that_fails_is_counted_again)
{
	second_fails("bind", 2);
	ck_assert(!both[0].outcome.accepted);
	ck_fault(both[0].outcome.refusal.fault, DA_F_POLICY_COUNT);
	/* A driver has it: the kernel does not give it back. */
	ck_assert(both[0].outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(both[0].outcome.unlock_text,
	    "a driver has it"));
	ck_assert(!both[1].outcome.left_locked);
	second_fails("bind", 1);
	ck_assert(both[0].outcome.accepted && !both[0].outcome.left_locked);
}
END_TEST

START_TEST(no_device_is_never_accepted)
{
	ck_assert_int_eq(da_push_all(&pusher, both, 0), 5);
	ck_assert_str_eq(world.events, "");
	ck_assert_int_eq(da_outcomes_class(NULL, 0), 5);
}
END_TEST

START_TEST(one_refused_device_decides_the_class_of_all)
{
	make_candidate(&both[0], "0000:01:00.0");
	make_candidate(&both[1], "0000:02:00.0");
	both[1].device.driver_bound = 1;
	ck_assert_int_eq(da_push_all(&pusher, both, 2), 9);
	ck_assert(both[0].outcome.accepted && !both[1].outcome.accepted);
	ck_assert_uint_eq(world.count.n, 1);
}
END_TEST

START_TEST(told_to_stop_it_backs_out)
{
	static volatile sig_atomic_t stop = 1;

	pusher.stop = &stop;
	ck_refused(1);
	ck_assert_str_eq(candidate.outcome.refusal.text, "told to stop");
	ck_assert_str_eq(world.events, "");
}
END_TEST

/* The story is told whole, and says no where it was no. */
START_TEST(the_story_has_every_step)
{
	static char text[8000];
	size_t n;
	const struct da_step *steps = da_steps(&n);

	pusher.story = fmemopen(text, sizeof(text), "w");
	ck_assert_int_eq(run_one(), 0);
	fclose(pusher.story);
	for (size_t i = 0; i < n; i++)
		ck_assert_ptr_nonnull(strstr(text, steps[i].words));
	ck_assert_ptr_null(strstr(text, " NO "));
	ck_assert_ptr_nonnull(strstr(text, "private"));
	set_up();
	world.fail = "accept";
	pusher.story = fmemopen(text, sizeof(text), "w");
	ck_assert_int_eq(run_one(), 9);
	fclose(pusher.story);
	ck_assert_ptr_nonnull(strstr(text, "15 NO "));
	ck_assert_ptr_nonnull(strstr(text, "unlocked again"));
	ck_assert_ptr_null(strstr(text, "private"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: pushing");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, whatever_moves_backs_out);
	tcase_add_test(tc, a_state_that_nobody_tells_may_stay_unknown);
	tcase_add_test(tc,
	    bytes_that_change_while_they_are_judged_are_not_pushed);
	tcase_add_test(tc, the_kernels_map_must_be_the_judged_one);
	tcase_add_test(tc, an_unlock_that_fails_is_said);
	tcase_add_test(tc, all_are_judged_before_the_first_is_pushed);
	tcase_add_test(tc, a_number_that_is_not_wanted_refuses_all);
	tcase_add_test(tc, a_push_that_fails_is_counted_again);
	tcase_add_test(tc, a_bind_that_fails_is_counted_again);
	tcase_add_test(tc, no_device_is_never_accepted);
	tcase_add_test(tc, one_refused_device_decides_the_class_of_all);
	tcase_add_test(tc, told_to_stop_it_backs_out);
	tcase_add_test(tc, the_story_has_every_step);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

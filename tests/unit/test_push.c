/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher's order from the verdict on: what moves, changes or lies backs
 * out.
 */
#include "unit.h"
#include "world.h"

enum { TOKEN, STATE, DIGEST, BAR, UNIT, LOCK_FLAG, SPDM_LINK, IDE_LINK, MSIX,
	MSIX_BIR, MSIX_TABLE, MSIX_PBA, MSIX_ENTRIES, VENDOR, DEVICE,
	SUBSYSTEM_VENDOR, SUBSYSTEM_DEVICE, CLASS_CODE, TEE, MSIX_PBA_BIR,
	REVISION_TOLD, REVISION, SERIAL_TOLD, SERIAL, MOVES };
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
	t->pci.vendor ^= what_moves == VENDOR;
	t->pci.device ^= what_moves == DEVICE;
	t->pci.subsystem_vendor ^= what_moves == SUBSYSTEM_VENDOR;
	t->pci.subsystem_device ^= what_moves == SUBSYSTEM_DEVICE;
	t->pci.class_code ^= what_moves == CLASS_CODE;
	t->pci.tee ^= what_moves == TEE;
	t->pci.msix_pba_bir ^= what_moves == MSIX_PBA_BIR;
	t->pci.has_revision ^= what_moves == REVISION_TOLD;
	t->pci.revision ^= what_moves == REVISION;
	t->pci.has_serial ^= what_moves == SERIAL_TOLD;
	t->pci.serial ^= what_moves == SERIAL;
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
	/* Nor where what is not pushed has changed: the chain. */
	set_up();
	world.tamper = true;
	world.tamper_at = DA_WIRE_REQUEST_SIZE + 2;
	ck_refused(7);
	ck_fault(candidate.outcome.refusal.fault, DA_F_DIGEST_DIFFERS);
	ck_assert(!happened("push"));
	/* Nor is one of a bundle that somebody can write. */
	set_up();
	world.not_sealed = true;
	ck_refused(1);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
	    "not sealed"));
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

/* -- the record, before the driver -- */

START_TEST(it_is_recorded_as_it_runs)
{
	const struct da_record *r = &world.record;

	memset(world.verdict.device_key, 0x5a, 48);
	ck_assert_int_eq(run_one(), 0);
	ck_assert_str_eq(r->boot_id, WORLD_BOOT);
	ck_assert_str_eq(r->device, "0000:01:00.0");
	ck_assert_str_eq(r->class_name, "nic");
	ck_assert_str_eq(r->subject, "CN=the leaf");
	ck_assert_uint_eq(r->device_key[47], 0x5a);
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		ck_assert(da_token_equal(&r->token[i],
		    &candidate.ticket.token[i]));
	ck_assert(!happened("void"));
}
END_TEST

START_TEST(a_record_without_its_driver_is_void)
{
	world.fail = "bind";
	ck_refused(9);
	ck_assert_ptr_nonnull(strstr(world.events,
	    "record,bind,void,unlock,look back,tell"));
	/* One that may or may not be on disk is void, too. */
	set_up();
	world.fail = "record";
	ck_refused(1);
	ck_assert(!happened("bind") && happened("void"));
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
	ck_assert_ptr_nonnull(strstr(text, "16 NO "));
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
	tcase_add_test(tc, it_is_recorded_as_it_runs);
	tcase_add_test(tc, a_record_without_its_driver_is_void);
	tcase_add_test(tc, the_story_has_every_step);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

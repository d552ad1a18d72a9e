/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pusher's order, and what it collects.  Whatever fails: unlocked, refused,
 * told, with the right class; and nothing is pushed that was not judged.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "flat.h"
#include "world.h"

START_TEST(the_order_is_the_architectures)
{
	ck_assert_int_eq(run_one(), 0);
	ck_assert_str_eq(world.events, "sort,look,lock,ticket 1,fetch,"
	    "ticket 2,release,authenticate,appraise,count,ticket 3,push,"
	    "validate,accept,ticket 4,map,ticket 5,record,bind,tell");
	ck_assert(candidate.outcome.accepted);
	ck_assert_str_eq(candidate.outcome.class_name, "nic");
	ck_assert_str_eq(candidate.outcome.subject, "CN=the leaf");
	ck_assert_uint_eq(candidate.outcome.tries, 1);
	/* Accepted stays accepted. */
	ck_assert_uint_eq(world.function[0].state, DA_STATE_RUN);
	ck_assert(world.function[0].outcome.accepted &&
	    world.function[0].told_ticket && world.function[0].told_bundle);
	ck_assert_uint_eq(pusher.n_told, 1);
	ck_assert_int_eq(fcntl(world.memfd, F_GETFD), -1);
}
END_TEST

START_TEST(what_is_pushed_is_what_was_judged)
{
	ck_assert_int_eq(run_one(), 0);
	ck_assert_mem_eq(world.pushed, WORLD_REPORT, sizeof(WORLD_REPORT));
	ck_assert_uint_eq(world.pushed_how.page_unit, DA_UNIT_PAGE);
	ck_assert_uint_eq(world.pushed_how.bar_base, DA_BASE_ALIGNED);
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		ck_assert(da_token_equal(&world.pushed_how.token[i],
		    &world.job.function[0].ticket.token[i]));
	ck_assert_uint_eq(world.pushed_how.token[DA_TOKEN_REPORT].bytes[0], 1);
}
END_TEST

START_TEST(the_judges_get_our_nonce_and_both_tickets)
{
	static const uint8_t zero[DA_NONCE];
	const struct da_ticket *t = &world.job.function[0].ticket;
	uint8_t first[DA_NONCE];

	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(t->has_nonce, 1);
	ck_assert_mem_eq(t->nonce, world.asked_nonce, DA_NONCE);
	ck_assert_mem_eq(world.told_nonce, world.asked_nonce, DA_NONCE);
	ck_assert_mem_ne(t->nonce, zero, DA_NONCE);
	ck_assert_mem_eq(candidate.nonce, zero, DA_NONCE);
	ck_assert_uint_eq(t->has_tokens_at_lock, 1);
	ck_assert_uint_eq(t->token_at_lock[DA_TOKEN_REPORT].bytes[0], 0);
	ck_assert_uint_eq(world.job.function[0].proof.proved, 1);
	/* Another time, another nonce. */
	memcpy(first, world.asked_nonce, DA_NONCE);
	set_up();
	run_one();
	ck_assert_mem_ne(first, world.asked_nonce, DA_NONCE);
}
END_TEST

START_TEST(every_kernel_call_may_fail)
{
	static const char *const calls[] = { "ticket 1", "ticket 2",
		"ticket 3", "push", "validate", "accept", "ticket 4", "map",
		"ticket 5", "bind" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		set_up();
		world.fail = calls[i];
		ck_refused(9);
		ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_REFUSED);
		ck_assert_ptr_nonnull(strstr(candidate.outcome.refusal.text,
		    "the test wants it so"));
		ck_assert_int_eq(times("unlock"), 1);
		ck_assert_int_eq(times("look back"), 1);
		ck_assert(!candidate.outcome.left_locked);
	}
}
END_TEST

START_TEST(what_was_not_locked_is_not_unlocked)
{
	world.fail = "lock";
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	ck_assert_str_eq(world.events, "sort,look,lock,tell");
	/* Nor is a device in use, or one that cannot be locked, touched. */
	set_up();
	candidate.device.driver_bound = 1;
	ck_refused(9);
	ck_assert_str_eq(world.events, "sort,look,tell");
	set_up();
	candidate.device.tee = DA_TRI_FALSE;
	ck_refused(5);
	ck_fault(candidate.outcome.refusal.fault, DA_F_POLICY_NO_TEE);
	ck_assert_str_eq(world.events, "sort,look,tell");
}
END_TEST

/* A lock that nobody answered for may be one. */
START_TEST(a_lock_in_doubt_is_unlocked)
{
	static const int certain[] = { EBUSY, ENODEV, EINVAL, EPERM, EACCES,
		ENOENT };

	for (size_t i = 0; i < sizeof(certain) / sizeof(certain[0]); i++) {
		set_up();
		world.fail = "lock";
		world.error = certain[i];
		ck_refused(9);
		ck_assert_str_eq(world.events, "sort,look,lock,tell");
	}
	set_up();
	world.fail = "lock";
	world.error = ETIMEDOUT;
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_REFUSED);
	ck_assert_str_eq(world.events, "sort,look,lock,unlock,look back,tell");
	ck_assert(!candidate.outcome.left_locked);
	set_up();
	world.fail = "lock";
	world.fail_too = "unlock";
	world.error = ETIMEDOUT;
	ck_refused(9);
	ck_assert(candidate.outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(candidate.outcome.unlock_text,
	    strerror(ETIMEDOUT)));
}
END_TEST

/* -- every unlock is read back -- */

static void
state_is_not_told(int n, struct da_ticket *t)
{
	if (n == 0) {
		t->state = DA_STATE_UNKNOWN;
		t->state_trusted = 0;
	}
}

START_TEST(an_unlock_is_believed_only_when_it_is_read_back)
{
	struct function *f = &world.function[0];

	world.fail = "push";
	f->sticks = true;
	ck_assert_int_eq(run_one(), 9);
	ck_assert(f->outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(f->outcome.unlock_text, "locked"));
	set_up();
	world.fail = "push";
	world.fail_too = "look back";
	ck_refused(9);
	ck_assert(f->outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(f->outcome.unlock_text, "read back"));
	/* Where the platform does not tell, that is said, once. */
	set_up();
	world.fail = "push";
	world.at_ticket = state_is_not_told;
	ck_assert_int_eq(run_one(), 9);
	ck_assert(!f->outcome.left_locked);
	ck_assert_ptr_nonnull(strstr(f->outcome.unlock_text,
	    "does not tell"));
}
END_TEST

START_TEST(every_role_may_fail)
{
	static const char *const calls[] = { "fetch", "authenticate",
		"appraise" };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		set_up();
		world.fail = calls[i];
		ck_refused(1);
		ck_assert_str_eq(candidate.outcome.refusal.text,
		    "the role died");
		ck_assert_int_eq(times("unlock"), 1);
		ck_assert_int_eq(times("release"), 1);
		ck_assert(!happened("push"));
	}
}
END_TEST

START_TEST(a_transport_fault_keeps_its_class)
{
	static const struct da_fault fault = { DA_F_TRANSPORT_TIMEOUT,
		DA_PART_ANSWER, 64 };

	da_refused_fault(&world.refusal, DA_CHK_COUNT, &fault);
	world.fail = "fetch";
	ck_refused(10);
	ck_fault(candidate.outcome.refusal.fault, DA_F_TRANSPORT_TIMEOUT);
	ck_assert(!happened("authenticate"));
}
END_TEST

/* -- the gate -- */

START_TEST(a_digest_that_differs_stops_before_any_parser)
{
	static const struct {
		enum da_digest_of of;
		enum da_check check;
		enum da_part part;
	} cases[] = {
		{ DA_DIGEST_CHAIN, DA_CHK_TSM_DIGEST_CHAIN, DA_PART_CHAIN },
		{ DA_DIGEST_VCA, DA_CHK_TSM_DIGEST_VCA, DA_PART_VCA },
		{ DA_DIGEST_MEASUREMENTS, DA_CHK_TSM_DIGEST_MEASUREMENTS,
		    DA_PART_MEASUREMENTS },
		{ DA_DIGEST_REPORT, DA_CHK_TSM_DIGEST_REPORT, DA_PART_REPORT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up();
		world.ticket.digest[cases[i].of].bytes[5] ^= 1;
		ck_refused(7);
		ck_fault(candidate.outcome.refusal.fault, DA_F_DIGEST_DIFFERS);
		ck_assert_int_eq(candidate.outcome.refusal.check,
		    cases[i].check);
		ck_assert_int_eq(candidate.outcome.refusal.fault.part,
		    cases[i].part);
		ck_assert(!happened("authenticate"));
	}
}
END_TEST

/* Unknown goes on as unknown: the policy decides, not the gate. */
START_TEST(an_absent_digest_goes_on_as_unknown)
{
	world.ticket.digest[DA_DIGEST_VCA].len = 0;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_int_eq(candidate.outcome.findings.of[0].result,
	    DA_NOT_ASKED);	/* of the verdict, the last to speak */
	ck_assert_uint_ne(world.job.function[0].part[1].gate, DA_BROKEN);
}
END_TEST

START_TEST(a_chain_that_the_tsm_did_not_see_is_dropped)
{
	world.two_chains = true;
	ck_assert_int_eq(run_one(), 0);
	ck_assert_uint_eq(world.job.function[0].n, 5);
	ck_assert_uint_eq(world.job.function[0].part[0].gate, DA_BROKEN);
	ck_assert_uint_eq(world.job.function[0].part[1].gate, DA_HOLDS);
}
END_TEST

START_TEST(without_a_report_there_is_nothing_to_push)
{
	world.no_report = true;
	ck_refused(8);
	ck_fault(candidate.outcome.refusal.fault, DA_F_EMPTY);
	ck_assert(!happened("authenticate"));
}
END_TEST

static void
wrong_at_second(int n, struct da_ticket *t)
{
	if (n == 2)
		t->state = DA_STATE_ERROR;
}

static void
relocked_at_second(int n, struct da_ticket *t)
{
	if (n == 2)
		t->token[DA_TOKEN_LOCK].bytes[3] ^= 1;
}

static void
stale_at_second(int n, struct da_ticket *t)
{
	if (n == 2)
		t->token[DA_TOKEN_MEASUREMENTS].bytes[0] = 0;
}

static void
unbound(int n, struct da_ticket *t)
{
	if (n == 2)
		t->bound = 0;
}

static void
unlocked_by_itself(int n, struct da_ticket *t)
{
	if (n == 2)
		t->state = DA_STATE_UNLOCKED;
}

START_TEST(the_second_ticket_must_be_right)
{
	static const struct {
		void (*at_ticket)(int n, struct da_ticket *t);
		enum da_why why;
		int class;
	} cases[] = {
		{ wrong_at_second, DA_F_TSM_ERROR, 9 },
		{ unlocked_by_itself, DA_F_TSM_UNLOCKED, 9 },
		{ unbound, DA_F_TSM_UNBOUND, 9 },
		{ relocked_at_second, DA_F_TOKEN_LOCK, 6 },
		{ stale_at_second, DA_F_TOKEN_STALE, 6 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up();
		world.at_ticket = cases[i].at_ticket;
		ck_refused(cases[i].class);
		ck_fault(candidate.outcome.refusal.fault, cases[i].why);
		ck_assert(!happened("authenticate"));
	}
}
END_TEST

static void
ticket_notes_the_nonce(int n, struct da_ticket *t)
{
	t->has_nonce = n == 2;
	memcpy(t->nonce, world.told_nonce, DA_NONCE);
}

static void
ticket_has_another_nonce(int n, struct da_ticket *t)
{
	ticket_notes_the_nonce(n, t);
	t->nonce[DA_NONCE - 1] ^= 1;
}

/* Never made ours by overwriting it. */
START_TEST(a_nonce_of_the_ticket_must_be_ours)
{
	world.at_ticket = ticket_notes_the_nonce;
	ck_assert_int_eq(run_one(), 0);
	set_up();
	world.at_ticket = ticket_has_another_nonce;
	ck_refused(6);
	ck_fault(candidate.outcome.refusal.fault, DA_F_NONCE_DIFFERS);
	ck_assert_int_eq(candidate.outcome.refusal.check, DA_CHK_NONCE);
	ck_assert(!happened("authenticate"));
}
END_TEST

static void
other_device(int n, struct da_ticket *t)
{
	if (n == 1)
		t->device[3] = '1';
}

START_TEST(a_ticket_of_another_device_is_none)
{
	world.at_ticket = other_device;
	ck_refused(9);
	ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_MOVED);
}
END_TEST

/* The list's choose whether it is judged, the ticket's by which rule. */
START_TEST(the_tickets_ids_must_be_the_listed_ones)
{
	for (int i = 0; i < 5; i++) {
		struct da_pci *pci = &world.ticket.pci;

		set_up();
		pci->vendor = candidate.device.vendor = 0x1111;
		pci->device = candidate.device.device = 0x2222;
		pci->subsystem_vendor = 0x3333;
		candidate.device.subsystem_vendor = 0x3333;
		pci->subsystem_device = 0x4444;
		candidate.device.subsystem_device = 0x4444;
		pci->class_code = candidate.device.class_code = 0x020000;
		pci->vendor ^= i == 0;
		pci->device ^= i == 1;
		pci->subsystem_vendor ^= i == 2;
		pci->subsystem_device ^= i == 3;
		pci->class_code ^= i == 4;
		ck_refused(9);
		ck_fault(candidate.outcome.refusal.fault, DA_F_KERNEL_MOVED);
		ck_assert(!happened("authenticate") && happened("ticket 2"));
	}
	/* A ticket that does not tell is no contradiction. */
	set_up();
	candidate.device.vendor = 0x1111;
	candidate.device.class_code = 0x020000;
	ck_assert_int_eq(run_one(), 0);
}
END_TEST

START_TEST(a_thousand_functions_leave_it_flat)
{
	struct size before;

	for (int i = 0; i < FLAT_WARM + FLAT_REQUESTS; i++) {
		set_up();
		world.fail = i % 2 == 1 ? "appraise" : NULL;
		ck_assert_int_eq(run_one() == 0, i % 2 == 0);
		if (i == FLAT_WARM)
			before = size_of(getpid(), 0);
	}
	is_flat("pusher", before, size_of(getpid(), before.descriptors));
}
END_TEST

/* A terminal that was stopped, a full pipe: the device does not wait for it. */
START_TEST(a_reader_who_does_not_read_stops_nothing)
{
	static const char noise[4096];
	int ends[2];
	FILE *story;

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	while (write(ends[1], noise, sizeof(noise)) > 0)
		continue;
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, 0), 0);
	story = fdopen(ends[1], "w");
	setvbuf(story, NULL, _IONBF, 0);
	pusher.story = story;
	ck_assert_int_eq(run_one(), 0);
	ck_assert(candidate.outcome.accepted && pusher.story == NULL);
	fclose(story);
	close(ends[0]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pusher: collecting");
	TCase *tc = tcase_create("order");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, the_order_is_the_architectures);
	tcase_add_test(tc, what_is_pushed_is_what_was_judged);
	tcase_add_test(tc, the_judges_get_our_nonce_and_both_tickets);
	tcase_add_test(tc, every_kernel_call_may_fail);
	tcase_add_test(tc, what_was_not_locked_is_not_unlocked);
	tcase_add_test(tc, a_lock_in_doubt_is_unlocked);
	tcase_add_test(tc, an_unlock_is_believed_only_when_it_is_read_back);
	tcase_add_test(tc, every_role_may_fail);
	tcase_add_test(tc, a_transport_fault_keeps_its_class);
	tcase_add_test(tc, a_digest_that_differs_stops_before_any_parser);
	tcase_add_test(tc, an_absent_digest_goes_on_as_unknown);
	tcase_add_test(tc, a_chain_that_the_tsm_did_not_see_is_dropped);
	tcase_add_test(tc, without_a_report_there_is_nothing_to_push);
	tcase_add_test(tc, the_second_ticket_must_be_right);
	tcase_add_test(tc, a_nonce_of_the_ticket_must_be_ours);
	tcase_add_test(tc, a_ticket_of_another_device_is_none);
	tcase_add_test(tc, the_tickets_ids_must_be_the_listed_ones);
	tcase_add_test(tc, a_reader_who_does_not_read_stops_nothing);
	tcase_add_test(tc, a_thousand_functions_leave_it_flat);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

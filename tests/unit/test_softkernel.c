/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"

#define PLAIN	"0000:03:00.0"

START_TEST(the_whole_order)
{
	run();
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_RUN);
	ck_assert_int_eq(step(DA_SOFT_MAP), 0);
	ck_assert_uint_eq(reply.body.map.n, 6);
	ck_assert_int_eq(step(DA_SOFT_BIND), 0);
	ck_assert(tdi->driver_bound);
}
END_TEST

START_TEST(the_list)
{
	static const uint8_t path[8] = { 0x08, 0x00, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff };

	ck_assert_ptr_nonnull(emu_kernel_add(&kernel, "0000:02:00.1"));
	ck_assert_ptr_null(emu_kernel_add(&kernel, "0000:02:00.1"));
	ck_assert_ptr_null(emu_kernel_add(&kernel, "02:00.1"));
	ck_assert_ptr_nonnull(emu_kernel_add_plain(&kernel, PLAIN, 0x8086,
	    0x10d3));
	ck_assert_int_eq(step(DA_SOFT_LIST), 0);
	ck_assert_uint_eq(reply.n, 3);
	ck_assert_str_eq(reply.body.device[0].name, NAME);
	ck_assert_mem_eq(reply.body.device[0].path, path, sizeof(path));
	ck_assert_uint_eq(reply.body.device[0].tee, DA_TRI_TRUE);
	ck_assert_uint_eq(reply.body.device[1].path[0], 0x10);
	ck_assert_uint_eq(reply.body.device[1].path[1], 0x01);
	ck_assert_str_eq(reply.body.device[2].name, PLAIN);
	ck_assert_uint_eq(reply.body.device[2].tee, DA_TRI_FALSE);
	ck_assert_uint_eq(reply.body.device[2].vendor, 0x8086);
	ck_assert_uint_eq(reply.body.device[2].device, 0x10d3);
	ck_assert_uint_eq(reply.body.device[2].subsystem_vendor, 0x8086);
	ck_assert_uint_eq(reply.body.device[2].subsystem_device, 0x10d3);
	ck_assert_uint_eq(reply.body.device[2].class_code, 0x020000);
}
END_TEST

/* -- drivers -- */

START_TEST(a_driver_binds_to_what_appears)
{
	emu_kernel_probe(&kernel, tdi);
	ck_assert(tdi->driver_bound);
	tdi->driver_bound = false;
	ck_assert_int_eq(step(DA_SOFT_HOLD), 0);
	emu_kernel_probe(&kernel, tdi);
	ck_assert(!tdi->driver_bound);
	/* Over connections, and for all functions. */
	emu_kernel_closed(&kernel, OWNER);
	ck_assert(kernel.is_held);
	tdi->is_builtin = true;
	emu_kernel_probe(&kernel, tdi);
	ck_assert(tdi->driver_bound);
}
END_TEST

START_TEST(what_is_held_binds_by_bind_or_leave)
{
	ck_assert_int_eq(step(DA_SOFT_HOLD), 0);
	ck_assert_int_eq(step(DA_SOFT_BIND), EINVAL);
	run();
	ck_assert_int_eq(step(DA_SOFT_LEAVE), EBUSY);
	ck_assert_int_eq(step(DA_SOFT_BIND), 0);
	ck_assert(tdi->driver_bound);
	set_up();
	ck_assert_int_eq(step(DA_SOFT_HOLD), 0);
	ck_assert_int_eq(step(DA_SOFT_LEAVE), 0);
	ck_assert(tdi->driver_bound);
	/* Once more is no error, and a lock comes too late. */
	ck_assert_int_eq(step(DA_SOFT_LEAVE), 0);
	ck_assert_int_eq(step(DA_SOFT_LOCK), EBUSY);
}
END_TEST

/* -- functions without TEE capability -- */

START_TEST(no_tsm_knows_a_plain_function)
{
	static const enum da_soft_op ops[] = { DA_SOFT_LOCK, DA_SOFT_UNLOCK,
		DA_SOFT_TICKET, DA_SOFT_PUSH, DA_SOFT_VALIDATE, DA_SOFT_ACCEPT,
		DA_SOFT_MAP };

	ck_assert_ptr_nonnull(emu_kernel_add_plain(&kernel, PLAIN, 1, 2));
	for (size_t i = 0; i < 7; i++)
		ck_assert_int_eq(step_of(PLAIN, ops[i]), EOPNOTSUPP);
	ck_assert_int_eq(step_of(PLAIN, DA_SOFT_BIND), EINVAL);
	ck_assert_int_eq(step_of(PLAIN, DA_SOFT_LEAVE), 0);
}
END_TEST

/* Config space is the host's; the TSM forgets nothing by it. */
START_TEST(a_hidden_capability)
{
	tdi->pci.tee = DA_TRI_FALSE;
	ck_assert_int_eq(step(DA_SOFT_LOCK), EOPNOTSUPP);
	tdi->pci.tee = DA_TRI_TRUE;
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	tdi->pci.tee = DA_TRI_FALSE;
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	ck_assert_uint_eq(reply.body.ticket.pci.tee, DA_TRI_FALSE);
	ck_assert_int_eq(step(DA_SOFT_UNLOCK), 0);
	ck_assert_int_eq(step(DA_SOFT_TICKET), EOPNOTSUPP);
}
END_TEST

/* -- boots -- */

START_TEST(boot_ids)
{
	char first[DA_BOOT_ID_SIZE];

	ck_assert_int_eq(step(DA_SOFT_BOOT_ID), 0);
	memcpy(first, reply.body.boot_id, sizeof(first));
	ck_assert_uint_eq(strnlen(first, sizeof(first)), DA_BOOT_ID_SIZE - 1);
	ck_assert_uint_eq(strspn(first, "0123456789abcdef-"),
	    DA_BOOT_ID_SIZE - 1);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_BOOT_ID), 0);
	ck_assert_str_eq(reply.body.boot_id, first);
	emu_kernel_reboot(&kernel);
	ck_assert_int_eq(step(DA_SOFT_BOOT_ID), 0);
	ck_assert_str_ne(reply.body.boot_id, first);
}
END_TEST

START_TEST(a_reboot)
{
	struct da_ticket before, after;

	ck_assert_int_eq(step(DA_SOFT_HOLD), 0);
	run();
	ck_assert_int_eq(step(DA_SOFT_BIND), 0);
	before = ticket();
	emu_kernel_reboot(&kernel);
	after = ticket();
	ck_assert_uint_eq(after.state, DA_STATE_UNLOCKED);
	ck_assert(!tdi->driver_bound && !tdi->pushed && !kernel.is_held);
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		ck_assert(differs(&before, &after, (enum da_token_of)i));
	tdi->is_builtin = true;
	emu_kernel_reboot(&kernel);
	ck_assert(tdi->driver_bound);
}
END_TEST

/* Which step each state allows, and the errno of those that it does not. */
static const struct {
	enum da_soft_op op;
	int unlocked, locked, running, error;
} allowed[] = {
	{ DA_SOFT_LOCK, 0, EBUSY, EBUSY, EIO },
	{ DA_SOFT_UNLOCK, EINVAL, 0, 0, 0 },
	{ DA_SOFT_TICKET, 0, 0, 0, 0 },
	{ DA_SOFT_PUSH, EINVAL, 0, EBUSY, EIO },
	{ DA_SOFT_VALIDATE, EINVAL, ENODATA, EBUSY, EIO },
	{ DA_SOFT_ACCEPT, EINVAL, ENODATA, EBUSY, EIO },
	{ DA_SOFT_MAP, EINVAL, ENODATA, 0, EIO },
	{ DA_SOFT_BIND, EINVAL, EINVAL, 0, EIO },
	{ DA_SOFT_LEAVE, 0, EBUSY, EBUSY, EIO },
};

START_TEST(states)
{
	set_up();
	ck_assert_int_eq(try(allowed[_i].op), allowed[_i].unlocked);
	set_up();
	lock_and_collect();
	ck_assert_int_eq(try(allowed[_i].op), allowed[_i].locked);
	set_up();
	run();
	ck_assert_int_eq(try(allowed[_i].op), allowed[_i].running);
	set_up();
	lock_and_collect();
	emu_tdi_fall(tdi, DA_STATE_ERROR);
	ck_assert_int_eq(try(allowed[_i].op), allowed[_i].error);
}
END_TEST

START_TEST(a_bound_driver_is_in_the_way)
{
	static const enum da_soft_op ops[] = { DA_SOFT_UNLOCK, DA_SOFT_PUSH,
		DA_SOFT_VALIDATE, DA_SOFT_ACCEPT };

	tdi->driver_bound = true;
	ck_assert_int_eq(step(DA_SOFT_LOCK), EBUSY);
	tdi->driver_bound = false;
	lock_and_collect();
	tdi->driver_bound = true;
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(try(ops[i]), EBUSY);
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
}
END_TEST

START_TEST(push_twice)
{
	lock_and_collect();
	ck_assert_int_eq(push(), 0);
	ck_assert_int_eq(push(), EBUSY);
}
END_TEST

START_TEST(push_other_bytes)
{
	lock_and_collect();
	report.p[20] ^= 1;
	ck_assert_int_eq(push(), EBADMSG);
	ck_assert(!tdi->pushed);
	report.p[20] ^= 1;
	report.n--;
	ck_assert_int_eq(push(), EBADMSG);
	report.n++;
	ck_assert_int_eq(push(), 0);
}
END_TEST

START_TEST(push_before_the_tsm_saw_one)
{
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	ck_assert_int_eq(push(), EBADMSG);
}
END_TEST

START_TEST(push_with_old_tokens)
{
	struct da_soft_request q;

	for (size_t i = 0; i < DA_TOKEN_COUNT; i++) {
		set_up();
		lock_and_collect();
		q = judged();
		q.token[i].bytes[0] ^= 1;
		ck_assert_int_eq(call_as(OWNER, DA_SOFT_PUSH, &q,
		    emu_slice(&report)), ESTALE);
		q = judged();
		q.token[i].len = 0;
		ck_assert_int_eq(call_as(OWNER, DA_SOFT_PUSH, &q,
		    emu_slice(&report)), ESTALE);
	}
}
END_TEST

START_TEST(push_judged_otherwise)
{
	struct da_soft_request q;

	lock_and_collect();
	q = judged();
	q.page_unit = DA_UNIT_BYTE;
	ck_assert_int_eq(call_as(OWNER, DA_SOFT_PUSH, &q, emu_slice(&report)),
	    EINVAL);
	q = judged();
	q.bar_base = DA_BASE_ZERO;
	ck_assert_int_eq(call_as(OWNER, DA_SOFT_PUSH, &q, emu_slice(&report)),
	    EINVAL);
}
END_TEST

START_TEST(accept_needs_validate)
{
	lock_and_collect();
	ck_assert_int_eq(push(), 0);
	ck_assert_int_eq(step(DA_SOFT_ACCEPT), ENODATA);
	ck_assert_int_eq(step(DA_SOFT_VALIDATE), 0);
	ck_assert_int_eq(step(DA_SOFT_ACCEPT), 0);
}
END_TEST

START_TEST(unlock_drops_report_and_map)
{
	run();
	ck_assert_int_eq(step(DA_SOFT_UNLOCK), 0);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_UNLOCKED);
	ck_assert_uint_eq(tdi->map.n, 0);
	lock_and_collect();
	ck_assert_int_eq(step(DA_SOFT_VALIDATE), ENODATA);
}
END_TEST

/* -- who owns the lock -- */

START_TEST(nobody_else_touches_a_locked_device)
{
	lock_and_collect();
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_UNLOCK), EBUSY);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_VALIDATE), EBUSY);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_ACCEPT), EBUSY);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_TICKET), 0);
	emu_kernel_closed(&kernel, OTHER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
}
END_TEST

START_TEST(a_lost_owner_unlocks)
{
	lock_and_collect();
	ck_assert_int_eq(push(), 0);
	emu_kernel_closed(&kernel, OWNER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_UNLOCKED);
	ck_assert(!tdi->pushed);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_LOCK), 0);
}
END_TEST

/* A kernel without such ownership: what was locked stays so. */
START_TEST(locks_that_are_kept)
{
	kernel.keeps_locks = true;
	lock_and_collect();
	emu_kernel_closed(&kernel, OWNER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_UNLOCK), 0);
	kernel.keeps_locks = false;
	lock_and_collect();
	kernel.keeps_locks = true;
	emu_kernel_closed(&kernel, OWNER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_UNLOCK), 0);
}
END_TEST

START_TEST(a_running_device_stays)
{
	run();
	emu_kernel_closed(&kernel, OWNER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_RUN);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_MAP), 0);
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_UNLOCK), 0);
}
END_TEST

/* -- tickets and tokens -- */

START_TEST(tickets)
{
	struct da_ticket t;

	lock_and_collect();
	t = ticket();
	ck_assert_uint_eq(t.version, DA_TICKET_VERSION);
	ck_assert_uint_eq(t.platform, DA_PLATFORM_EMULATED);
	ck_assert_str_eq(t.abi, "1");
	ck_assert_str_eq(t.device, NAME);
	ck_assert_uint_eq(t.state, DA_STATE_LOCKED);
	ck_assert_uint_eq(t.hash, DA_HASH_SHA384);
	ck_assert_uint_eq(t.page_unit, DA_UNIT_PAGE);
	ck_assert_uint_eq(t.bar_base, DA_BASE_ALIGNED);
	ck_assert_uint_eq(t.digest[DA_DIGEST_REPORT].len, 48);
	ck_assert_uint_eq(t.digest[DA_DIGEST_MEASUREMENTS].len, 0);
	ck_assert_uint_eq(t.has_nonce, 0);
	ck_assert_uint_eq(t.has_tokens_at_lock, 0);
	ck_assert_uint_eq(t.pci.vendor, EMU_PCI_VENDOR);
}
END_TEST

START_TEST(the_nonce_is_noted)
{
	struct da_soft_request q = { .has_nonce = 1, .nonce = { 9, 8, 7 } };

	ck_assert_int_eq(call_as(OWNER, DA_SOFT_TICKET, &q,
	    da_slice_of(NULL, 0)), 0);
	ck_assert_uint_eq(reply.body.ticket.has_nonce, 1);
	ck_assert_mem_eq(reply.body.ticket.nonce, q.nonce, sizeof(q.nonce));
}
END_TEST

START_TEST(tokens_move)
{
	struct da_ticket first, second, third;

	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	first = ticket();
	collect();
	emu_tsm_saw(&tdi->tsm, DA_DIGEST_MEASUREMENTS, emu_slice(&report));
	second = ticket();
	ck_assert(!differs(&first, &second, DA_TOKEN_LOCK));
	ck_assert(differs(&first, &second, DA_TOKEN_MEASUREMENTS));
	ck_assert(differs(&first, &second, DA_TOKEN_REPORT));
	ck_assert_int_eq(step(DA_SOFT_UNLOCK), 0);
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	third = ticket();
	ck_assert(differs(&second, &third, DA_TOKEN_LOCK));
	/* Old digests and their tokens are kept over a lock. */
	ck_assert(!differs(&second, &third, DA_TOKEN_REPORT));
	ck_assert_uint_eq(third.digest[DA_DIGEST_REPORT].len, 48);
}
END_TEST

START_TEST(requests_of_no_version)
{
	struct da_soft_request q = { .version = DA_SOFT_VERSION + 1,
		.op = DA_SOFT_LIST };

	emu_kernel_call(&kernel, OWNER, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_uint_eq(reply.error, EPROTO);
	q.version = DA_SOFT_VERSION;
	q.op = DA_SOFT_OPS;
	emu_kernel_call(&kernel, OWNER, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_uint_eq(reply.error, EPROTO);
	q.op = DA_SOFT_NONE;
	emu_kernel_call(&kernel, OWNER, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_uint_eq(reply.error, EOPNOTSUPP);
	q.op = DA_SOFT_LOCK;
	memset(q.device, 'x', sizeof(q.device));
	emu_kernel_call(&kernel, OWNER, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_uint_eq(reply.error, ENODEV);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("softkernel");
	TCase *t = tcase_create("semantics");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, the_whole_order);
	tcase_add_test(t, the_list);
	tcase_add_test(t, a_driver_binds_to_what_appears);
	tcase_add_test(t, what_is_held_binds_by_bind_or_leave);
	tcase_add_test(t, no_tsm_knows_a_plain_function);
	tcase_add_test(t, a_hidden_capability);
	tcase_add_test(t, boot_ids);
	tcase_add_test(t, a_reboot);
	tcase_add_loop_test(t, states, 0, sizeof(allowed) /
	    sizeof(allowed[0]));
	tcase_add_test(t, a_bound_driver_is_in_the_way);
	tcase_add_test(t, push_twice);
	tcase_add_test(t, push_other_bytes);
	tcase_add_test(t, push_before_the_tsm_saw_one);
	tcase_add_test(t, push_with_old_tokens);
	tcase_add_test(t, push_judged_otherwise);
	tcase_add_test(t, accept_needs_validate);
	tcase_add_test(t, unlock_drops_report_and_map);
	tcase_add_test(t, nobody_else_touches_a_locked_device);
	tcase_add_test(t, a_lost_owner_unlocks);
	tcase_add_test(t, locks_that_are_kept);
	tcase_add_test(t, a_running_device_stays);
	tcase_add_test(t, tickets);
	tcase_add_test(t, the_nonce_is_noted);
	tcase_add_test(t, tokens_move);
	tcase_add_test(t, requests_of_no_version);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"
#include "tests/emulator/machine.h"

#define PLAIN	"0000:03:00.0"

/* -- injections -- */

START_TEST(each_step_can_fail)
{
	static const enum da_soft_op order[] = { DA_SOFT_LOCK, DA_SOFT_TICKET,
		DA_SOFT_PUSH, DA_SOFT_VALIDATE, DA_SOFT_ACCEPT, DA_SOFT_MAP,
		DA_SOFT_BIND };

	for (size_t bad = 0; bad < 7; bad++) {
		set_up();
		tdi->inject[order[bad]].error = EPERM;
		for (size_t i = 0; i < bad; i++) {
			ck_assert_int_eq(try(order[i]), 0);
			collect();
		}
		ck_assert_int_eq(try(order[bad]), EPERM);
		ck_assert_str_eq(reply.text, "injected");
	}
}
END_TEST

START_TEST(only_the_second_time)
{
	tdi->inject[DA_SOFT_TICKET] = (struct emu_inject){ .to_error = true,
		.nth = 2 };
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	/* The ticket still says LOCKED; what follows finds out. */
	ck_assert_uint_eq(reply.body.ticket.state, DA_STATE_LOCKED);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_ERROR);
	ck_assert_int_eq(push(), EIO);
}
END_TEST

START_TEST(tokens_move_after_the_push)
{
	struct da_ticket before, after;

	tdi->inject[DA_SOFT_PUSH].move_tokens = true;
	lock_and_collect();
	before = ticket();
	ck_assert_int_eq(push(), 0);
	after = ticket();
	ck_assert(!differs(&before, &after, DA_TOKEN_LOCK));
	ck_assert(differs(&before, &after, DA_TOKEN_MEASUREMENTS));
	ck_assert(differs(&before, &after, DA_TOKEN_REPORT));
	ck_assert_int_eq(step(DA_SOFT_VALIDATE), 0);
	ck_assert_int_eq(step(DA_SOFT_ACCEPT), 0);
}
END_TEST

START_TEST(the_lock_moves)
{
	struct da_ticket before, after;

	tdi->inject[DA_SOFT_ACCEPT].move_lock = true;
	run();
	set_up();
	tdi->inject[DA_SOFT_TICKET].move_lock = true;
	ck_assert_int_eq(step(DA_SOFT_LOCK), 0);
	before = ticket();
	after = ticket();
	ck_assert(differs(&before, &after, DA_TOKEN_LOCK));
	ck_assert(!differs(&before, &after, DA_TOKEN_REPORT));
}
END_TEST

START_TEST(an_unlock_that_does_nothing)
{
	lock_and_collect();
	tdi->unlock_sticks = true;
	ck_assert_int_eq(step(DA_SOFT_UNLOCK), 0);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
	emu_kernel_closed(&kernel, OWNER);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_LOCKED);
	tdi->unlock_sticks = false;
	ck_assert_int_eq(step_as(OTHER, DA_SOFT_UNLOCK), 0);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_UNLOCKED);
}
END_TEST

static bool
stalls(enum da_soft_op op, enum emu_stall when)
{
	struct da_soft_request q = { .version = DA_SOFT_VERSION, .op = op,
		.device = NAME };

	return emu_kernel_stalls(&kernel, &q, when);
}

START_TEST(stalls_are_for_one_call)
{
	tdi->inject[DA_SOFT_TICKET] = (struct emu_inject){
		.stall = EMU_STALL_BEFORE, .nth = 2 };
	ck_assert(!stalls(DA_SOFT_TICKET, EMU_STALL_BEFORE));
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	ck_assert(!stalls(DA_SOFT_TICKET, EMU_STALL_AFTER));
	ck_assert(!stalls(DA_SOFT_LOCK, EMU_STALL_BEFORE));
	ck_assert(stalls(DA_SOFT_TICKET, EMU_STALL_BEFORE));
	ck_assert(!stalls(DA_SOFT_TICKET, EMU_STALL_BEFORE));
	tdi->inject[DA_SOFT_TICKET] = (struct emu_inject){
		.stall = EMU_STALL_AFTER };
	ck_assert(!stalls(DA_SOFT_TICKET, EMU_STALL_BEFORE));
	ck_assert_int_eq(step(DA_SOFT_TICKET), 0);
	ck_assert(stalls(DA_SOFT_TICKET, EMU_STALL_AFTER));
	ck_assert(!stalls(DA_SOFT_TICKET, EMU_STALL_AFTER));
	/* The kernel's own steps have a place, too. */
	kernel.inject[DA_SOFT_HOLD].stall = EMU_STALL_BEFORE;
	ck_assert(stalls(DA_SOFT_HOLD, EMU_STALL_BEFORE));
	ck_assert(!stalls(DA_SOFT_OPS, EMU_STALL_BEFORE));
}
END_TEST

START_TEST(the_kernels_own_steps_fail)
{
	static const enum da_soft_op own[] = { DA_SOFT_HOLD, DA_SOFT_LIST,
		DA_SOFT_BOOT_ID };

	for (size_t i = 0; i < 3; i++) {
		kernel.inject[own[i]] = (struct emu_inject){ .error = EPERM,
			.nth = 2 };
		ck_assert_int_eq(step(own[i]), 0);
		ck_assert_int_eq(step(own[i]), EPERM);
		ck_assert_int_eq(step(own[i]), 0);
	}
}
END_TEST

START_TEST(the_map_lies)
{
	struct da_map honest;

	run();
	ck_assert_int_eq(step(DA_SOFT_MAP), 0);
	honest = reply.body.map;
	tdi->map_lies = true;
	ck_assert_int_eq(step(DA_SOFT_MAP), 0);
	ck_assert(!da_map_equal(&honest, &reply.body.map));
	ck_assert_uint_eq(reply.body.map.range[0].kind, DA_MMIO_SHARED);
}
END_TEST

/* -- the test control -- */

static struct emu_machine machine;

static void
start_machine(void)
{
	ck_assert(emu_machine_start(&machine, "Example", 0x13));
	ck_assert(emu_machine_add(&machine, NAME));
	ck_assert(emu_machine_add_plain(&machine, PLAIN));
	tdi = &machine.kernel.tdi[0];
}

static void
end_machine(void)
{
	emu_machine_free(&machine);
}

static const char *
control(const char *text)
{
	static char answer[128];
	char line[256];

	snprintf(line, sizeof(line), "%s", text);
	emu_machine_control(&machine, line, answer, sizeof(answer));
	return answer;
}

static void
do_control(const char *text)
{
	ck_assert_msg(strcmp(control(text), "ok\n") == 0, "%s: %s", text,
	    control(text));
}

START_TEST(lines_for_steps)
{
	do_control("fail push EBADMSG " NAME);
	ck_assert_int_eq(tdi->inject[DA_SOFT_PUSH].error, EBADMSG);
	do_control("fail lock 110 " NAME);
	ck_assert_int_eq(tdi->inject[DA_SOFT_LOCK].error, 110);
	do_control("move-tokens accept " NAME);
	ck_assert(tdi->inject[DA_SOFT_ACCEPT].move_tokens);
	do_control("move-lock map " NAME);
	ck_assert(tdi->inject[DA_SOFT_MAP].move_lock);
	do_control("error-after ticket:2 " NAME);
	ck_assert_uint_eq(tdi->inject[DA_SOFT_TICKET].nth, 2);
	do_control("stall leave " NAME);
	ck_assert_uint_eq(tdi->inject[DA_SOFT_LEAVE].stall, EMU_STALL_BEFORE);
	do_control("stall-after " NAME " bind");
	ck_assert_uint_eq(tdi->inject[DA_SOFT_BIND].stall, EMU_STALL_AFTER);
	do_control("fail hold EIO -");
	ck_assert_int_eq(machine.kernel.inject[DA_SOFT_HOLD].error, EIO);
	do_control("stall boot-id -");
	ck_assert_uint_eq(machine.kernel.inject[DA_SOFT_BOOT_ID].stall,
	    EMU_STALL_BEFORE);
	do_control("clear " NAME);
	do_control("clear -");
	ck_assert_int_eq(tdi->inject[DA_SOFT_PUSH].error, 0);
	ck_assert_int_eq(machine.kernel.inject[DA_SOFT_HOLD].error, 0);
}
END_TEST

START_TEST(lines_for_the_tsm)
{
	char line[200] = "digest report ";
	struct da_soft_request q = { .version = DA_SOFT_VERSION,
		.op = DA_SOFT_TICKET, .device = NAME };

	do_control("map-lies " NAME);
	ck_assert(tdi->map_lies);
	do_control("unlock-sticks " NAME);
	ck_assert(tdi->unlock_sticks);
	do_control("state error " NAME);
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_ERROR);
	memset(line + strlen(line), 'a', 96);
	strcat(line, " " NAME);
	do_control(line);
	ck_assert_uint_eq(tdi->tsm.digest[DA_DIGEST_REPORT].bytes[47], 0xaa);
	do_control("plug 0000:02:00.0");
	do_control("session-key 0000:02:00.0 " NAME);
	emu_kernel_call(&machine.kernel, 1, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_mem_eq(reply.body.ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes,
	    machine.slot[2].device->key_digest, 48);
	do_control("clear " NAME);
	emu_kernel_call(&machine.kernel, 1, &q, da_slice_of(NULL, 0), &reply);
	ck_assert_mem_eq(reply.body.ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes,
	    machine.slot[0].device->key_digest, 48);
	ck_assert(!tdi->map_lies && !tdi->unlock_sticks);
}
END_TEST

START_TEST(lines_for_drivers)
{
	do_control("driver bound " NAME);
	ck_assert(tdi->driver_bound);
	do_control("driver free " NAME);
	ck_assert(!tdi->driver_bound);
	do_control("plug 0000:02:00.1");
	ck_assert(machine.kernel.tdi[2].driver_bound);
	machine.kernel.is_held = true;
	do_control("plug-plain 0000:04:00.0:8086:10d3");
	ck_assert(!machine.kernel.tdi[3].driver_bound);
	ck_assert_uint_eq(machine.kernel.tdi[3].pci.device, 0x10d3);
	do_control("builtin " PLAIN);
	ck_assert(machine.kernel.tdi[1].driver_bound);
	do_control("reboot");
	ck_assert(machine.kernel.tdi[1].driver_bound);
	ck_assert(!machine.kernel.tdi[2].driver_bound);
	do_control("keep-locks on");
	ck_assert(machine.kernel.keeps_locks);
	do_control("keep-locks off");
	ck_assert(!machine.kernel.keeps_locks);
}
END_TEST

START_TEST(lines_for_the_device)
{
	do_control("hide-tee " NAME);
	ck_assert_uint_eq(tdi->pci.tee, DA_TRI_FALSE);
	do_control("firmware " NAME " 3");
	ck_assert_uint_eq(machine.slot[0].device->firmware, 3);
	do_control("svn 6 " NAME);
	ck_assert_uint_eq(machine.slot[0].device->svn, 6);
	do_control("debug on " NAME);
	ck_assert(machine.slot[0].device->debugs);
	do_control("hold-answer 0 " NAME);
	ck_assert_uint_eq(machine.slot[0].hold_at, 0);
	do_control("clear " NAME);
	do_control("clear " PLAIN);
	ck_assert_uint_eq(tdi->pci.tee, DA_TRI_TRUE);
	ck_assert_uint_eq(machine.kernel.tdi[1].pci.tee, DA_TRI_FALSE);
	ck_assert_uint_eq(machine.slot[0].hold_at, SIZE_MAX);
}
END_TEST

START_TEST(control_refuses)
{
	static const char *const bad[] = { "", "dance " NAME, "clear",
		"clear 0000:02:00.0", "fail push " NAME, "fail shove EIO " NAME,
		"fail push EWRONG " NAME, "digest report aa " NAME,
		"move-tokens ticket 2 " NAME, "state run " NAME,
		"driver lost " NAME, "a b c d e f g", "fail hold EIO " NAME,
		"fail push EIO -", "move-lock hold -", "stall push:x " NAME,
		"session-key 0000:03:00.0 " NAME, "session-key aa " NAME,
		"plug " NAME, "plug 1:2", "plug-plain 0000:04:00.0:8086",
		"plug-plain 0000:04:00.0:8086:10d3:1", "keep-locks",
		"keep-locks maybe", "reboot now", "firmware 1000 " NAME,
		"firmware 2x " NAME, "firmware 2 " PLAIN, "svn 256 " NAME,
		"debug perhaps " NAME, "debug on " PLAIN, "hold-answer -1 "
		NAME, "map-lies -", "hide-tee -" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(strncmp(control(bad[i]), "no: ", 4) == 0, "%s",
		    bad[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("softinject");
	TCase *t = tcase_create("injections");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, each_step_can_fail);
	tcase_add_test(t, only_the_second_time);
	tcase_add_test(t, tokens_move_after_the_push);
	tcase_add_test(t, the_map_lies);
	tcase_add_test(t, the_lock_moves);
	tcase_add_test(t, an_unlock_that_does_nothing);
	tcase_add_test(t, stalls_are_for_one_call);
	tcase_add_test(t, the_kernels_own_steps_fail);
	suite_add_tcase(s, t);
	t = tcase_create("control");
	tcase_add_checked_fixture(t, start_machine, end_machine);
	tcase_add_test(t, lines_for_steps);
	tcase_add_test(t, lines_for_the_tsm);
	tcase_add_test(t, lines_for_drivers);
	tcase_add_test(t, lines_for_the_device);
	tcase_add_test(t, control_refuses);
	suite_add_tcase(s, t);
	return run_suite(s);
}

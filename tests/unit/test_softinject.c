/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"
#include "tests/emulator/machine.h"

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

static const char *
control(const char *text)
{
	static struct emu_machine machine;
	static char answer[128];
	char line[256];

	if (machine.kernel.n == 0)
		emu_kernel_add(&machine.kernel, NAME);
	snprintf(line, sizeof(line), "%s", text);
	emu_machine_control(&machine, line, answer, sizeof(answer));
	tdi = &machine.kernel.tdi[0];
	return answer;
}

START_TEST(control_lines)
{
	char line[200] = "digest report ";

	ck_assert_str_eq(control("fail push EBADMSG " NAME), "ok\n");
	ck_assert_int_eq(tdi->inject[DA_SOFT_PUSH].error, EBADMSG);
	ck_assert_str_eq(control("fail lock 110 " NAME), "ok\n");
	ck_assert_int_eq(tdi->inject[DA_SOFT_LOCK].error, 110);
	ck_assert_str_eq(control("move-tokens accept " NAME), "ok\n");
	ck_assert(tdi->inject[DA_SOFT_ACCEPT].move_tokens);
	ck_assert_str_eq(control("error-after ticket:2 " NAME), "ok\n");
	ck_assert_uint_eq(tdi->inject[DA_SOFT_TICKET].nth, 2);
	ck_assert_str_eq(control("map-lies " NAME), "ok\n");
	ck_assert(tdi->map_lies);
	ck_assert_str_eq(control("state error " NAME), "ok\n");
	ck_assert_int_eq(tdi->tsm.state, DA_STATE_ERROR);
	ck_assert_str_eq(control("driver bound " NAME), "ok\n");
	ck_assert(tdi->driver_bound);
	memset(line + strlen(line), 'a', 96);
	strcat(line, " " NAME);
	ck_assert_str_eq(control(line), "ok\n");
	ck_assert_uint_eq(tdi->tsm.digest[DA_DIGEST_REPORT].bytes[47], 0xaa);
	ck_assert_str_eq(control("clear " NAME), "ok\n");
	ck_assert_int_eq(tdi->inject[DA_SOFT_PUSH].error, 0);
	ck_assert(!tdi->map_lies);
}
END_TEST

START_TEST(control_refuses)
{
	static const char *const bad[] = { "", "dance " NAME, "clear",
		"clear 0000:02:00.0", "fail push " NAME, "fail shove EIO " NAME,
		"fail push EWRONG " NAME, "digest report aa " NAME,
		"move-tokens ticket 2 " NAME, "state run " NAME,
		"driver lost " NAME, "a b c d e f g" };

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
	tcase_add_test(t, control_lines);
	tcase_add_test(t, control_refuses);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The firmware behind the TSM's channel, asked by the messages that the
 * kernel's driver sends and read by the decoders that it has.
 */
#include "guest_channel.h"

static const uint8_t nonce[32] = { 0x5a, 1, 2, 3 };

static void
set_up_locked(int speech, uint32_t function)
{
	switch_on(speeches[speech].name);
	ck_assert_int_eq(describe(function), 0);
	ck_assert_int_eq(lock(), 0);
}

static void
tear_down(void)
{
	emu_machine_free(&g.machine);
}

/* -- who is there -- */

START_TEST(a_name_is_the_kernels_own)
{
	const char *p, *abi;
	char both[32];

	p = tsm_platform_name(speeches[_i].platform);
	abi = tsm_abi_name(speeches[_i].platform, speeches[_i].abi);
	snprintf(both, sizeof(both), "%s:%s", p, abi);
	ck_assert_str_eq(speeches[_i].name, both);
	switch_on(both);
	snprintf(both, sizeof(both), "%s:%u", p, speeches[_i].abi);
	ck_assert(emu_firmware_speak(&g.machine.firmware, both));
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(g.subject.platform, speeches[_i].platform);
	ck_assert_uint_eq(g.subject.abi, speeches[_i].abi);
	ck_assert_uint_eq(g.head.platform, speeches[_i].platform);
	ck_assert_uint_eq(g.head.abi, speeches[_i].abi);
	tear_down();
}
END_TEST

START_TEST(no_other_name_is)
{
	static const char *const names[] = { "", "sev-tio", "sev-tio:",
		"sev-tio:3", "sev-ti:1", "tdx:bet0", ":1", "arm-cca:0" };

	switch_on("tdx:1");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert(!emu_firmware_speak(&g.machine.firmware, names[i]));
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(g.subject.platform, TSM_TDX);
	tear_down();
}
END_TEST

START_TEST(only_what_was_described)
{
	struct da_pci moved = functions[EDU].pci;
	struct emu_bytes b;

	switch_on("sev-tio:2");
	g.i = EDU;
	ck_assert_int_eq(lock(), ENODEV);
	ck_assert_uint_eq(g.reply.n, 0);
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(lock(), 0);
	ck_assert_int_eq(describe(EDU), 0);
	moved.bar[0].address += moved.bar[0].size;
	b = config_space(&moved);
	ck_assert_int_eq(ask(TSM_CHANNEL_DESCRIBE, b.p, b.n), EBUSY);
	ck_assert_int_eq(ask(TSM_CHANNEL_DESCRIBE, b.p, b.n - 1), EINVAL);
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, NULL, 0), 0);
	ck_assert_int_eq(ask(TSM_CHANNEL_DESCRIBE, b.p, b.n), 0);
	ck_assert_uint_eq(tdi()->pci.bar[0].address,
	    moved.bar[0].address);
	/* Not a --device of the machine. */
	emu_firmware_boot(&g.machine.firmware);
	tdi()->function = 0x7777;
	ck_assert_int_eq(describe(EDU), ENODEV);
	tear_down();
}
END_TEST

/* -- states -- */

START_TEST(states_follow_each_other)
{
	bool tdx = speeches[_i].platform == TSM_TDX;
	bool amd = speeches[_i].platform == TSM_SEV_TIO;

	switch_on(speeches[_i].name);
	ck_assert_int_eq(describe(EDU), 0);
	ck_assert_int_eq(info(), tdx ? ENXIO : 0);
	if (!tdx)
		ck_assert_uint_eq(g.info.bound, !amd);
	ck_assert_int_eq(lock(), 0);
	ck_assert_int_eq(lock(), EBUSY);
	ck_assert_int_eq(info(), 0);
	ck_assert_uint_eq(g.info.bound, 1);
	ck_assert_uint_eq(g.info.state, amd ? TSM_STATE_UNKNOWN :
	    TSM_STATE_LOCKED);
	ck_control("is-state locked 0000:00:04.0", "ok\n");
	ck_assert_uint_eq(run(g.info.token), 0);
	ck_assert_uint_ne(run(g.info.token), 0);
	ck_assert_int_eq(lock(), EBUSY);
	ck_assert_int_eq(info(), 0);
	ck_assert_uint_eq(g.info.state, amd ? TSM_STATE_UNKNOWN :
	    TSM_STATE_RUN);
	ck_control("is-state run 0000:00:04.0", "ok\n");
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, NULL, 0), 0);
	ck_control("is-state run 0000:00:04.0", "no: unlocked\n");
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, "x", 1), EINVAL);
	if (!amd || speeches[_i].abi == 1)
		ck_assert_uint_ne(run(g.info.token), 0);
	ck_assert_int_eq(lock(), 0);
	tear_down();
}
END_TEST

START_TEST(a_fall)
{
	struct emu_bytes out = { 0 };

	set_up_locked(_i, NVME);
	ck_assert(!emu_firmware_event(&g.machine.firmware, &out));
	ck_control("fall 0000:01:00.0 error", "ok\n");
	ck_assert(emu_firmware_event(&g.machine.firmware, &out));
	take_reply(emu_slice(&out));
	ck_assert_uint_eq(g.head.serial, 0);
	ck_assert_uint_eq(g.head.op, TSM_CHANNEL_FELL);
	ck_assert_uint_eq(g.head.function, functions[NVME].function);
	ck_assert_uint_eq(g.reply.n, 1);
	ck_assert_uint_eq(g.reply.p[0], TSM_STATE_ERROR);
	ck_assert(!emu_firmware_has_event(&g.machine.firmware));
	ck_assert_int_eq(lock(), EIO);
	ck_assert_uint_ne(run(g.info.token), 0);
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, NULL, 0), 0);
	ck_assert_int_eq(lock(), 0);
	ck_control("fall 0000:01:00.0 unlocked quietly", "ok\n");
	ck_assert(!emu_firmware_has_event(&g.machine.firmware));
	ck_control("is-state unlocked 0000:01:00.0", "ok\n");
	ck_control("fall 0000:01:00.0 run", "no: a state is error or "
	    "unlocked\n");
	tear_down();
}
END_TEST

/* -- what the TSM says of what it saw -- */

static const enum tsm_digest_of said[SPEECHES][4] = {
	{ TSM_DIGEST_CHAIN, TSM_DIGEST_MEASUREMENTS, TSM_DIGEST_REPORT },
	{ TSM_DIGEST_CHAIN, TSM_DIGEST_MEASUREMENTS, TSM_DIGEST_REPORT },
	{ TSM_DIGEST_VCA, TSM_DIGEST_CHAIN, TSM_DIGEST_MEASUREMENTS,
	    TSM_DIGEST_REPORT },
	{ TSM_DIGEST_VCA, TSM_DIGEST_CHAIN, TSM_DIGEST_MEASUREMENTS,
	    TSM_DIGEST_REPORT },
	{ TSM_DIGEST_REPORT, TSM_DIGEST_DEVICE_INFO },
	{ TSM_DIGEST_VCA, TSM_DIGEST_CHAIN, TSM_DIGEST_MEASUREMENTS,
	    TSM_DIGEST_REPORT },
};

static const char *const digest_names[TSM_DIGESTS] = { "vca", "chain",
	"public-key", "measurements", "report", "device-info" };

/* Each is there, its lie differs in it alone, and none is none. */
START_TEST(digests_and_lies)
{
	struct tsm_info honest;
	char line[64];

	set_up_locked(_i, IVSHMEM);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	honest = g.info;
	for (size_t i = 0; i < 4; i++) {
		enum tsm_digest_of of = said[_i][i];

		if (i > 0 && of == 0)
			continue;	/* fewer than four */
		ck_assert_uint_eq(honest.digest[of].len, 48);
		snprintf(line, sizeof(line), "digest %s wrong",
		    digest_names[of]);
		ck_control(line, "ok\n");
		ck_assert_int_eq(info(), 0);
		ck_assert_uint_eq(g.info.digest[of].len, 48);
		ck_assert_mem_ne(g.info.digest[of].bytes,
		    honest.digest[of].bytes, 48);
		g.info.digest[of] = honest.digest[of];
		ck_assert_mem_eq(&g.info, &honest, sizeof(honest));
		snprintf(line, sizeof(line), "digest %s absent %s",
		    digest_names[of], functions[IVSHMEM].bdf);
		ck_control(line, "ok\n");
		ck_assert_int_eq(info(), 0);
		ck_assert_uint_eq(g.info.digest[of].len, 0);
		snprintf(line, sizeof(line), "digest %s right",
		    digest_names[of]);
		ck_control(line, "ok\n");
	}
	ck_assert_int_eq(info(), 0);
	ck_assert_mem_eq(&g.info, &honest, sizeof(honest));
	tear_down();
}
END_TEST

/* Of the lock at once; those of a collection with it, and not with a lock. */
START_TEST(tokens_move)
{
	const struct tsm_row *row = tsm_row(speeches[_i].platform,
	    speeches[_i].abi);
	struct tsm_info before;

	set_up_locked(_i, EDU);
	ck_assert_int_eq(info(), 0);
	before = g.info;
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	for (size_t i = 0; i < TSM_TOKENS; i++) {
		bool moved = memcmp(&g.info.token[i], &before.token[i],
		    sizeof(before.token[i])) != 0;

		ck_assert_int_eq(moved, i != TSM_TOKEN_LOCK &&
		    row->own_token[i]);
		ck_assert_int_eq(g.info.token[i].len != 0, row->own_token[i]);
	}
	before = g.info;
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, NULL, 0), 0);
	ck_assert_int_eq(lock(), 0);
	ck_assert_int_eq(info(), 0);
	for (size_t i = 0; i < TSM_TOKENS; i++)
		ck_assert_int_eq(memcmp(&g.info.token[i], &before.token[i],
		    sizeof(before.token[i])) != 0, i == TSM_TOKEN_LOCK &&
		    row->own_token[i]);
	/* Kept over a new lock, as one real firmware keeps them. */
	ck_assert_mem_eq(g.info.digest, before.digest, sizeof(before.digest));
	tear_down();
}
END_TEST

/* The answer goes on with the token of now, whatever happens. */
START_TEST(a_stale_token_is_said)
{
	struct tsm_info before;

	set_up_locked(_i, EDU);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	before = g.info;
	ck_control("token report stale", "ok\n");
	ck_control("token measurements stale 0000:00:04.0", "ok\n");
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	ck_assert_mem_eq(g.info.token, before.token, sizeof(before.token));
	ck_control("clear 0000:00:04.0", "ok\n");
	ck_assert_int_eq(info(), 0);
	if (before.token[TSM_TOKEN_REPORT].len != 0)
		ck_assert_mem_ne(g.info.token, before.token,
		    sizeof(before.token));
	before = g.info;
	ck_control("token lock moved", "ok\n");
	ck_control("token lock old", "no: lock, measurements or report; "
	    "stale, fresh or moved\n");
	tear_down();
}
END_TEST

/* -- what it takes back -- */

/* RMM and TDX refuse by the token; AMD and CoVE-IO have none to take. */
START_TEST(a_commit)
{
	bool takes = tsm_row(speeches[_i].platform, speeches[_i].abi)->
	    run_takes_tokens != 0;
	bool arm = speeches[_i].platform == TSM_ARM_CCA;
	struct tsm_token stale[TSM_TOKENS];
	uint8_t q[TSM_MAX_MESSAGE];
	size_t n;

	set_up_locked(_i, EDU);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	memcpy(stale, g.info.token, sizeof(stale));
	for (size_t i = 0; i < TSM_TOKENS; i++)
		stale[i].bytes[0] ^= 1;
	if (arm)
		ck_assert_uint_eq(validate(0, stale), 5);
	ck_control("is-validated none 0000:00:04.0", "ok\n");
	ck_assert_uint_eq(validate(0, g.info.token), 0);
	ck_control("is-validated 0 0000:00:04.0", "ok\n");
	ck_control("is-validated 1 0000:00:04.0", "no: it is not\n");
	if (takes && !arm) {
		ck_assert_uint_ne(run(stale), 0);
		ck_control("is-state locked 0000:00:04.0", "ok\n");
	}
	ck_assert_uint_eq(run(g.info.token), 0);
	n = tsm_put_dma_request(&g.subject, g.info.token, q, sizeof(q));
	if (n == 0) {
		ck_assert_int_eq(ask(TSM_CHANNEL_DMA, NULL, 0), EOPNOTSUPP);
	} else {
		ck_assert_uint_eq(ask_by_message(TSM_CHANNEL_DMA, q, n), 0);
		n = tsm_put_dma_request(&g.subject, stale, q, sizeof(q));
		ck_assert_uint_eq(ask_by_message(TSM_CHANNEL_DMA, q, n),
		    arm ? 5 : 0);
	}
	ck_assert_int_eq(ask(TSM_CHANNEL_UNLOCK, NULL, 0), 0);
	ck_control("is-validated none 0000:00:04.0", "ok\n");
	tear_down();
}
END_TEST

/* Another place in the guest, the shared half, more than there is. */
START_TEST(pages_that_are_not_validated)
{
	struct tsm_range right, r;

	set_up_locked(_i, EDU);
	ck_assert_int_eq(info(), 0);
	/* Nobody has asked for the report yet. */
	ck_assert_uint_ne(validate(0, g.info.token), 0);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	right = r = range_at(0);
	r.guest_address += 0x100000;
	ck_assert_uint_ne(validate_range(&r, g.info.token), 0);
	r = right;
	r.pages++;
	ck_assert_uint_ne(validate_range(&r, g.info.token), 0);
	ck_assert_uint_ne(validate(1, g.info.token), 0);
	r = right;
	r.reported += 0x1000;
	r.index++;
	r.range_id++;
	ck_assert_uint_ne(validate_range(&r, g.info.token), 0);
	ck_control("is-validated none 0000:00:04.0", "ok\n");
	ck_assert_uint_eq(validate_range(&right, g.info.token), 0);
	tear_down();
}
END_TEST

/* Only AMD has a message that takes it back. */
START_TEST(pages_are_given_up)
{
	struct tsm_range r;
	uint8_t q[TSM_MAX_MESSAGE];
	size_t n;

	set_up_locked(_i, NVME);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	r = range_at(0);
	ck_assert_uint_eq(validate_range(&r, g.info.token), 0);
	ck_assert_uint_eq(g.reply.p[0x20], 1);
	ck_assert_uint_eq(validate_range(&r, g.info.token), 0);
	ck_assert_uint_eq(g.reply.p[0x20], 0);	/* not changed */
	n = tsm_put_validate_request(&g.subject, &r, false, g.info.token, q,
	    sizeof(q));
	ck_assert_uint_eq(ask_by_message(TSM_CHANNEL_VALIDATE, q, n), 0);
	ck_control("is-validated 0 0000:01:00.0", "no: it is not\n");
	q[0x24] = 1;	/* reserved */
	ck_assert_int_eq(ask(TSM_CHANNEL_VALIDATE, q, n), EINVAL);
	tear_down();
}
END_TEST

/* A message about another TDI, or half of one. */
START_TEST(messages_that_are_none)
{
	uint8_t q[TSM_MAX_MESSAGE];
	struct tsm_range r;
	struct emu_bytes whole;
	size_t n;

	set_up_locked(_i, EDU);
	collect(nonce);
	ck_assert_int_eq(info(), 0);
	r = range_at(0);
	n = tsm_put_validate_request(&g.subject, &r, true, g.info.token, q,
	    sizeof(q));
	whole = g.reply;
	for (size_t less = 1; less <= n; less++)
		ck_assert_int_eq(ask(TSM_CHANNEL_VALIDATE, q, n - less),
		    EINVAL);
	n = tsm_put_info_request(&g.subject, q, sizeof(q));
	ck_assert_int_eq(ask(TSM_CHANNEL_INFO, q, n - 1), EINVAL);
	ck_assert_int_eq(ask(TSM_CHANNEL_INFO, q, n), 0);
	ck_assert_mem_eq(g.reply.p, whole.p, whole.n);
	g.subject.device_id++;
	n = tsm_put_info_request(&g.subject, q, sizeof(q));
	if (speeches[_i].platform == TSM_SEV_TIO) {
		ck_assert_int_eq(info(), 0);
		ck_assert_uint_eq(g.info.bound, 0);
	} else {
		ck_assert_int_eq(ask(TSM_CHANNEL_INFO, q, n), EINVAL);
	}
	ck_assert_uint_ne(validate_range(&r, g.info.token), 0);
	ck_control("is-validated none 0000:00:04.0", "ok\n");
	tear_down();
}
END_TEST

/* CoVE-IO's TSM measures by itself, for that nonce once. */
START_TEST(a_nonce)
{
	static const uint8_t other[32] = { 7 };
	struct tsm_digest first;

	set_up_locked(_i, EDU);
	if (speeches[_i].platform != TSM_COVE_IO) {
		ck_assert_int_eq(ask(TSM_CHANNEL_NONCE, nonce, 32),
		    EOPNOTSUPP);
		tear_down();
		return;
	}
	ck_assert_int_eq(ask(TSM_CHANNEL_NONCE, nonce, 31), EINVAL);
	ck_assert_int_eq(ask(TSM_CHANNEL_NONCE, nonce, 32), 0);
	ck_assert_int_eq(info(), 0);
	first = g.info.digest[TSM_DIGEST_MEASUREMENTS];
	ck_assert_uint_eq(first.len, 48);
	collect(nonce);
	ck_assert_int_eq(ask(TSM_CHANNEL_NONCE, nonce, 32), 0);
	ck_assert_int_eq(info(), 0);
	ck_assert_mem_eq(&first, &g.info.digest[TSM_DIGEST_MEASUREMENTS],
	    sizeof(first));
	ck_assert_int_eq(ask(TSM_CHANNEL_NONCE, other, 32), 0);
	ck_assert_int_eq(info(), 0);
	ck_assert_mem_ne(&first, &g.info.digest[TSM_DIGEST_MEASUREMENTS],
	    sizeof(first));
	tear_down();
}
END_TEST

/* -- no reply -- */

START_TEST(a_stall)
{
	struct emu_bytes q, out = { 0 };
	struct emu_frame head;

	switch_on("sev-tio:2");
	ck_assert_int_eq(describe(EDU), 0);
	ck_control("stall lock", "ok\n");
	q = frame(TSM_CHANNEL_LOCK, NULL, 0);
	ck_assert_ptr_null(emu_frame_read(emu_slice(&q), &head));
	ck_assert(!emu_firmware_answer(&g.machine.firmware, &head,
	    da_slice_of(NULL, 0), &out));
	ck_control("is-state unlocked 0000:00:04.0", "ok\n");
	ck_control("stall-after lock", "ok\n");
	ck_assert(!emu_firmware_answer(&g.machine.firmware, &head,
	    da_slice_of(NULL, 0), &out));
	ck_control("is-state locked 0000:00:04.0", "ok\n");
	ck_assert_uint_eq(out.n, 0);
	ck_control("stall none", "ok\n");
	ck_assert_int_eq(lock(), EBUSY);
	ck_control("stall push", "no: describe, lock, unlock, info, validate, "
	    "run, dma, nonce or none\n");
	tear_down();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("firmware");
	TCase *c = tcase_create("firmware");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, a_name_is_the_kernels_own, 0, SPEECHES);
	tcase_add_test(c, no_other_name_is);
	tcase_add_test(c, only_what_was_described);
	tcase_add_loop_test(c, states_follow_each_other, 0, SPEECHES);
	tcase_add_loop_test(c, a_fall, 0, SPEECHES);
	tcase_add_loop_test(c, digests_and_lies, 0, SPEECHES);
	tcase_add_loop_test(c, tokens_move, 0, SPEECHES);
	tcase_add_loop_test(c, a_stale_token_is_said, 0, SPEECHES);
	tcase_add_loop_test(c, a_commit, 0, SPEECHES);
	tcase_add_loop_test(c, pages_that_are_not_validated, 0, SPEECHES);
	tcase_add_loop_test(c, pages_are_given_up, 0, 2);	/* AMD */
	tcase_add_loop_test(c, messages_that_are_none, 0, SPEECHES);
	tcase_add_loop_test(c, a_nonce, 0, SPEECHES);
	tcase_add_test(c, a_stall);
	suite_add_tcase(s, c);
	return run_suite(s);
}

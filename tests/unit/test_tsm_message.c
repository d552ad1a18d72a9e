/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TSM messages byte by byte: the bytes here are written by hand from the
 * layouts, and by no function that is tested.
 */
#include <string.h>

#include "kernel-uapi/tsm_ticket.h"
#include "unit.h"

static uint8_t bytes[512];
static struct tsm_info info;
static size_t at;

static void
set_up(void)
{
	memset(bytes, 0, sizeof(bytes));
	memset(&info, 0xa5, sizeof(info));
	at = 0;
}

static void
fill(size_t offset, size_t n, uint8_t value)
{
	memset(bytes + offset, value, n);
}

static void
ck_digest(enum tsm_digest_of of, size_t n, uint8_t value)
{
	ck_assert_uint_eq(info.digest[of].len, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(info.digest[of].bytes[i], value);
}

static void
ck_token(enum tsm_token_of of, size_t n, uint8_t value)
{
	ck_assert_uint_eq(info.token[of].len, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(info.token[of].bytes[i], value);
}

/* -- AMD -- */

static void
fill_tdi_info(uint8_t abi)
{
	fill(0x00, abi == 1 ? 2 : 8, 0x11);
	bytes[0x10] = 3;	/* valid, fresh */
	bytes[0x14] = 0x15;	/* no update, MSI-X, redirect */
	fill(0x20, 48, 0x22);
	fill(0x50, 48, 0x33);
	fill(0x80, 48, 0x44);
	fill(0xb0, 8, 0x55);
}

static void
ck_tdi_info(void)
{
	ck_assert_uint_eq(info.bound, 1);
	ck_assert_uint_eq(info.state, TSM_STATE_UNKNOWN);
	ck_assert_uint_eq(info.state_trusted, 0);
	ck_assert_uint_eq(info.hash, TSM_SHA384);
	ck_assert_uint_eq(info.measurements_fresh, TSM_TRUE);
	ck_assert_uint_eq(info.link_spdm, TSM_UNKNOWN);
	ck_assert_uint_eq(info.slot_known, 0);
	ck_assert_uint_eq(info.lock_flags, TSM_LOCK_NO_FW_UPDATE |
	    TSM_LOCK_MSIX | TSM_LOCK_ALL_REDIRECT);
	ck_assert_uint_eq(info.lock_flags_known, 0x1f);
	ck_digest(TSM_DIGEST_CHAIN, 48, 0x22);
	ck_digest(TSM_DIGEST_MEASUREMENTS, 48, 0x33);
	ck_digest(TSM_DIGEST_REPORT, 48, 0x44);
	ck_digest(TSM_DIGEST_VCA, 0, 0);
	ck_digest(TSM_DIGEST_PUBLIC_KEY, 0, 0);
	ck_token(TSM_TOKEN_REPORT, 8, 0x55);
}

START_TEST(sev_tio_1_is_read)
{
	fill_tdi_info(1);
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 1, bytes, 192, &info, &at),
	    TSM_OK);
	ck_tdi_info();
	ck_assert_uint_eq(info.device_id, 0x1111);
	/* The hypervisor's number vouches for nothing. */
	ck_token(TSM_TOKEN_LOCK, 0, 0);
}
END_TEST

START_TEST(sev_tio_2_is_read)
{
	fill_tdi_info(2);
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 2, bytes, 192, &info, &at),
	    TSM_OK);
	ck_tdi_info();
	ck_assert_uint_eq(info.device_id, 0x1111111111111111);
	ck_token(TSM_TOKEN_LOCK, 8, 0x11);
}
END_TEST

START_TEST(an_unbound_tdi_has_no_digests)
{
	fill_tdi_info(2);
	bytes[0x08] = 2;
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 2, bytes, 192, &info, &at),
	    TSM_OK);
	ck_assert_uint_eq(info.bound, 0);
	ck_digest(TSM_DIGEST_REPORT, 0, 0);
	bytes[0x08] = 3;	/* no such status */
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 2, bytes, 192, &info, &at),
	    TSM_FIELD);
	ck_assert_uint_eq(at, 0x08);
}
END_TEST

START_TEST(measurements_need_their_valid_bit)
{
	fill_tdi_info(2);
	bytes[0x10] = 2;
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 2, bytes, 192, &info, &at),
	    TSM_OK);
	ck_digest(TSM_DIGEST_MEASUREMENTS, 0, 0);
	ck_assert_uint_eq(info.measurements_fresh, TSM_UNKNOWN);
}
END_TEST

/* -- Arm -- */

static void
fill_vdev_info(size_t state, size_t digests)
{
	bytes[0x08] = 3;	/* slot */
	bytes[0x10] = 2;	/* SHA-384 */
	fill(0x18, 8, 0x61);
	fill(0x20, 8, 0x62);
	fill(0x28, 8, 0x63);
	bytes[state] = 1;
	for (size_t i = 0; i < 5; i++)
		fill(digests + i * 64, 48, (uint8_t)(0x71 + i));
}

static void
ck_vdev_info(void)
{
	ck_assert_uint_eq(info.bound, 1);
	ck_assert_uint_eq(info.state, TSM_STATE_LOCKED);
	ck_assert_uint_eq(info.state_trusted, 1);
	ck_assert_uint_eq(info.hash, TSM_SHA384);
	ck_assert_uint_eq(info.slot_known, 1);
	ck_assert_uint_eq(info.slot, 3);
	ck_token(TSM_TOKEN_LOCK, 8, 0x61);
	ck_token(TSM_TOKEN_MEASUREMENTS, 8, 0x62);
	ck_token(TSM_TOKEN_REPORT, 8, 0x63);
	ck_digest(TSM_DIGEST_VCA, 48, 0x71);
	ck_digest(TSM_DIGEST_CHAIN, 48, 0x72);
	ck_digest(TSM_DIGEST_PUBLIC_KEY, 48, 0x73);
	ck_digest(TSM_DIGEST_MEASUREMENTS, 48, 0x74);
	ck_digest(TSM_DIGEST_REPORT, 48, 0x75);
}

START_TEST(arm_alp20_is_read)
{
	fill_vdev_info(0x38, 0x40);
	bytes[0x00] = 2;	/* P2P bound */
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_ALP20, bytes, 512,
	    &info, &at), TSM_OK);
	ck_vdev_info();
	ck_assert_uint_eq(info.lock_flags_known, TSM_LOCK_P2P);
	ck_assert_uint_eq(info.lock_flags, TSM_LOCK_P2P);
}
END_TEST

START_TEST(arm_bet0_is_read)
{
	fill_vdev_info(0x40, 0x80);
	bytes[0x30] = 1;	/* TDISP */
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_BET0, bytes, 512,
	    &info, &at), TSM_OK);
	ck_vdev_info();
	ck_assert_uint_eq(info.lock_flags_known, 0);
	bytes[0x30] = 0;	/* a state of somebody's own */
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_BET0, bytes, 512,
	    &info, &at), TSM_OK);
	ck_assert_uint_eq(info.state, TSM_STATE_UNKNOWN);
}
END_TEST

/* Nothing inside tells the layouts apart: only the caller does. */
START_TEST(the_other_arm_layout_reads_other_digests)
{
	fill_vdev_info(0x40, 0x80);
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_ALP20, bytes, 512,
	    &info, &at), TSM_OK);
	ck_digest(TSM_DIGEST_CHAIN, 48, 0x71);
}
END_TEST

START_TEST(arm_numbers_that_are_none)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 0x08, 8 }, { 0x0f, 1 }, { 0x10, 3 }, { 0x40, 4 } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		set_up();
		fill_vdev_info(0x40, 0x80);
		bytes[wrong[i].at] = wrong[i].value;
		ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_BET0, bytes,
		    512, &info, &at), TSM_FIELD);
		ck_assert_uint_eq(at, wrong[i].at & ~7u);
	}
}
END_TEST

START_TEST(fields_that_were_never_filled_are_absent)
{
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, TSM_ARM_BET0, bytes, 512,
	    &info, &at), TSM_OK);
	for (int i = 0; i < TSM_DIGESTS; i++)
		ck_assert_uint_eq(info.digest[i].len, 0);
	for (int i = 0; i < TSM_TOKENS; i++)
		ck_assert_uint_eq(info.token[i].len, 0);
}
END_TEST

/* -- TDX and CoVE-IO -- */

static size_t
fill_tdx(void)
{
	static const uint8_t field[] = { 1, 2, 3, 4, 5 };
	size_t n = 0;

	for (size_t i = 0; i < 5; i++) {
		bytes[n] = field[i];
		bytes[n + 8] = field[i] == 2 ? 1 :
		    field[i] == 3 || field[i] == 4 ? 48 : 0x10;
		n += 16;
		if (field[i] == 5)
			fill(n - 8, 8, 0x81);
		if (field[i] == 3 || field[i] == 4) {
			fill(n, 48, (uint8_t)(0x90 + field[i]));
			n += 48;
		}
	}
	return n;
}

START_TEST(tdx_is_read)
{
	size_t n = fill_tdx();

	ck_assert_uint_eq(n, 176);
	ck_assert_int_eq(tsm_decode(TSM_TDX, 1, bytes, n, &info, &at), TSM_OK);
	ck_assert_uint_eq(info.state, TSM_STATE_LOCKED);
	ck_token(TSM_TOKEN_LOCK, 8, 0x81);
	ck_digest(TSM_DIGEST_REPORT, 48, 0x93);
	ck_digest(TSM_DIGEST_DEVICE_INFO, 48, 0x94);
	ck_digest(TSM_DIGEST_CHAIN, 0, 0);
	ck_digest(TSM_DIGEST_MEASUREMENTS, 0, 0);
}
END_TEST

START_TEST(cove_is_read)
{
	bytes[0] = 1;		/* SPDM, and no IDE */
	bytes[8] = 2;
	for (size_t i = 0; i < 4; i++) {
		bytes[16 + i * 49] = 48;
		fill(17 + i * 49, 48, (uint8_t)(0xa1 + i));
	}
	ck_assert_int_eq(tsm_decode(TSM_COVE_IO, 1, bytes, 212, &info, &at),
	    TSM_OK);
	ck_assert_uint_eq(info.state, TSM_STATE_RUN);
	ck_assert_uint_eq(info.link_spdm, TSM_TRUE);
	ck_assert_uint_eq(info.link_ide, TSM_FALSE);
	ck_assert_uint_eq(info.objects_from_tsm, 1);
	ck_digest(TSM_DIGEST_VCA, 48, 0xa1);
	ck_digest(TSM_DIGEST_CHAIN, 48, 0xa2);
	ck_digest(TSM_DIGEST_MEASUREMENTS, 48, 0xa3);
	ck_digest(TSM_DIGEST_REPORT, 48, 0xa4);
	ck_token(TSM_TOKEN_LOCK, 0, 0);
}
END_TEST

/* -- no other size, no other layout -- */

static const struct {
	enum tsm_platform platform;
	uint8_t abi;
	size_t size;
} whole[] = {
	{ TSM_SEV_TIO, 1, 192 },
	{ TSM_SEV_TIO, 2, 192 },
	{ TSM_ARM_CCA, TSM_ARM_ALP20, 512 },
	{ TSM_ARM_CCA, TSM_ARM_BET0, 512 },
	{ TSM_TDX, 1, 176 },
};

START_TEST(every_other_size_is_refused)
{
	struct tsm_info before;

	if (whole[_i].platform == TSM_TDX)
		fill_tdx();
	memcpy(&before, &info, sizeof(before));
	for (size_t n = 0; n < sizeof(bytes); n++) {
		if (n == whole[_i].size)
			continue;
		ck_assert_int_ne(tsm_decode(whole[_i].platform, whole[_i].abi,
		    bytes, n, &info, &at), TSM_OK);
		ck_assert_mem_eq(&before, &info, sizeof(info));
	}
}
END_TEST

START_TEST(what_is_no_layout_is_refused)
{
	ck_assert_int_eq(tsm_decode(TSM_PLATFORM_NONE, 1, bytes, 192, &info,
	    &at), TSM_ABI);
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 3, bytes, 192, &info, &at),
	    TSM_ABI);
	ck_assert_int_eq(tsm_decode(TSM_ARM_CCA, 0, bytes, 512, &info, &at),
	    TSM_ABI);
}
END_TEST

/* -- requests -- */

static const struct tsm_token tokens[TSM_TOKENS] = {
	{ 8, { 1, 1, 1, 1, 1, 1, 1, 1 } },
	{ 8, { 2, 2, 2, 2, 2, 2, 2, 2 } },
	{ 8, { 3, 3, 3, 3, 3, 3, 3, 3 } },
};
static const struct tsm_range range = { .guest_address = 0xfea00000,
	.reported = 0x40000000, .pages = 16, .index = 2, .range_id = 5 };

START_TEST(amd_validate_is_written)
{
	const struct tsm_subject s = { TSM_SEV_TIO, 2, 0x1122334455667788 };
	uint8_t want[48] = { 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 };

	want[0x11] = 0xea;	/* the page number 0xfea00, little-endian */
	want[0x12] = 0x0f;
	want[0x18] = 16;
	want[0x20] = 1;
	want[0x22] = 5;
	ck_assert_uint_eq(tsm_put_validate_request(&s, &range, true, tokens,
	    bytes, sizeof(bytes)), 48);
	ck_assert_mem_eq(bytes, want, 48);
	ck_assert_uint_eq(tsm_put_validate_request(&s, &range, true, tokens,
	    bytes, 47), 0);
}
END_TEST

START_TEST(arm_validate_carries_the_three_nonces)
{
	const struct tsm_subject s = { TSM_ARM_CCA, TSM_ARM_BET0, 0x100 };

	ck_assert_uint_eq(tsm_put_validate_request(&s, &range, true, tokens,
	    bytes, sizeof(bytes)), 72);
	ck_assert_uint_eq(bytes[0], 0x9f);	/* 0xc400019f */
	ck_assert_uint_eq(bytes[3], 0xc4);
	ck_assert_uint_eq(bytes[9], 0x01);	/* vdev 0x100 */
	ck_assert_uint_eq(bytes[18], 0xa0);	/* IPA base */
	ck_assert_uint_eq(bytes[26], 0xa1);	/* and top: 16 pages on */
	ck_assert_uint_eq(bytes[35], 0x40);	/* PA */
	for (size_t i = 0; i < 24; i++)
		ck_assert_uint_eq(bytes[48 + i], 1 + i / 8);
}
END_TEST

START_TEST(tdx_start_carries_its_session)
{
	const struct tsm_subject s = { TSM_TDX, 1, 0x1000100 };

	ck_assert_uint_eq(tsm_put_run_request(&s, tokens, bytes,
	    sizeof(bytes)), 24);
	ck_assert_uint_eq(bytes[0], 68);
	ck_assert_uint_eq(bytes[11], 1);
	for (size_t i = 16; i < 24; i++)
		ck_assert_uint_eq(bytes[i], 1);
}
END_TEST

START_TEST(a_range_that_wraps_is_not_said)
{
	const struct tsm_subject s = { TSM_COVE_IO, 1, 1 };
	struct tsm_range wraps = range;

	wraps.guest_address = ~UINT64_C(0) - 4095;
	ck_assert_uint_eq(tsm_put_validate_request(&s, &wraps, true, tokens,
	    bytes, sizeof(bytes)), 0);
	wraps = range;
	wraps.pages = 0;
	ck_assert_uint_eq(tsm_put_validate_request(&s, &wraps, true, tokens,
	    bytes, sizeof(bytes)), 0);
}
END_TEST

START_TEST(a_status_is_of_the_tdi_that_was_asked_for)
{
	const struct tsm_subject s = { TSM_SEV_TIO, 2, 0x88 };
	__u64 status = 77;

	bytes[0] = 0x88;
	bytes[8] = 8;
	ck_assert_int_eq(tsm_decode_status(&s, bytes, 48, &status, &at),
	    TSM_OK);
	ck_assert_uint_eq(status, 8);
	ck_assert_str_eq(tsm_status_text(TSM_SEV_TIO, status),
	    "the range id is not in the report");
	bytes[0] = 0x89;
	ck_assert_int_eq(tsm_decode_status(&s, bytes, 48, &status, &at),
	    TSM_FIELD);
	bytes[0] = 0x88;
	ck_assert_int_eq(tsm_decode_status(&s, bytes, 9, &status, &at),
	    TSM_SIZE);
}
END_TEST

/* -- the ticket -- */

START_TEST(an_answer_becomes_a_ticket)
{
	struct da_ticket t;

	fill_tdi_info(2);
	ck_assert_int_eq(tsm_decode(TSM_SEV_TIO, 2, bytes, 192, &info, &at),
	    TSM_OK);
	ck_assert(da_tsm_ticket(&info, &t));
	ck_assert_uint_eq(t.platform, DA_PLATFORM_SEV_TIO);
	ck_assert_str_eq(t.abi, "2");
	ck_assert_uint_eq(t.bound, 1);
	ck_assert_uint_eq(t.state, DA_STATE_UNKNOWN);
	ck_assert_uint_eq(t.state_trusted, 0);
	ck_assert_uint_eq(t.hash, DA_HASH_SHA384);
	ck_assert_uint_eq(t.digest[DA_DIGEST_REPORT].len, 48);
	ck_assert_uint_eq(t.digest[DA_DIGEST_VCA].len, 0);
	ck_assert_uint_eq(t.token[DA_TOKEN_LOCK].len, 8);
	ck_assert_uint_eq(t.lock_flag[DA_LOCK_MSIX], DA_TRI_TRUE);
	ck_assert_uint_eq(t.lock_flag[DA_LOCK_P2P], DA_TRI_FALSE);
	ck_assert_uint_eq(t.link_ide, DA_TRI_UNKNOWN);
	ck_assert_uint_eq(t.page_unit, DA_UNIT_UNKNOWN);
	info.abi = 9;
	ck_assert(!da_tsm_ticket(&info, &t));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("TSM messages");
	TCase *tc = tcase_create("bytes");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, sev_tio_1_is_read);
	tcase_add_test(tc, sev_tio_2_is_read);
	tcase_add_test(tc, an_unbound_tdi_has_no_digests);
	tcase_add_test(tc, measurements_need_their_valid_bit);
	tcase_add_test(tc, arm_alp20_is_read);
	tcase_add_test(tc, arm_bet0_is_read);
	tcase_add_test(tc, the_other_arm_layout_reads_other_digests);
	tcase_add_test(tc, arm_numbers_that_are_none);
	tcase_add_test(tc, fields_that_were_never_filled_are_absent);
	tcase_add_test(tc, tdx_is_read);
	tcase_add_test(tc, cove_is_read);
	tcase_add_loop_test(tc, every_other_size_is_refused, 0,
	    (int)(sizeof(whole) / sizeof(whole[0])));
	tcase_add_test(tc, what_is_no_layout_is_refused);
	tcase_add_test(tc, amd_validate_is_written);
	tcase_add_test(tc, arm_validate_carries_the_three_nonces);
	tcase_add_test(tc, tdx_start_carries_its_session);
	tcase_add_test(tc, a_range_that_wraps_is_not_said);
	tcase_add_test(tc, a_status_is_of_the_tdi_that_was_asked_for);
	tcase_add_test(tc, an_answer_becomes_a_ticket);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "guestd/wire.h"
#include "unit.h"
#include "verifier/caps.h"

static const struct da_wire_request sample = {
	.wanted = DA_WIRE_WANT_ALL,
	.device = 0x00010203,
	.nonce = { 1, 2, 3, [31] = 0xff },
	.id = UINT64_C(0x1122334455667788),
	.path = { 0x08, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
};

START_TEST(request_bytes)
{
	/* The contract's table, offset by offset. */
	static const uint8_t front[17] = { 0x44, 0x41, 0x52, 0x51, 1, 0, 0, 0,
		0xff, 0x07, 0, 0, 0x03, 0x02, 0x01, 0x00, 1 };
	static const uint8_t tail[17] = { 0xff, 0x88, 0x77, 0x66, 0x55, 0x44,
		0x33, 0x22, 0x11, 0x08, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t raw[DA_WIRE_REQUEST_SIZE];

	da_wire_put_request(&sample, raw);
	ck_assert_mem_eq(raw, front, sizeof(front));
	ck_assert_mem_eq(raw + 47, tail, sizeof(tail));
}
END_TEST

START_TEST(request_round)
{
	uint8_t raw[DA_WIRE_REQUEST_SIZE];
	struct da_wire_request back;

	da_wire_put_request(&sample, raw);
	ck_assert(da_wire_get_request(raw, &back));
	ck_assert_uint_eq(back.wanted, sample.wanted);
	ck_assert_uint_eq(back.device, sample.device);
	ck_assert_uint_eq(back.id, sample.id);
	ck_assert_mem_eq(back.nonce, sample.nonce, sizeof(back.nonce));
	ck_assert_mem_eq(back.path, sample.path, sizeof(back.path));
}
END_TEST

/* Magic, version and reserved: each bit of them counts. */
START_TEST(request_refused)
{
	struct da_wire_request back = { .wanted = 77 };
	uint8_t raw[DA_WIRE_REQUEST_SIZE];

	for (int bit = 0; bit < 64; bit++) {
		da_wire_put_request(&sample, raw);
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_msg(!da_wire_get_request(raw, &back), "bit %d", bit);
		ck_assert_uint_eq(back.wanted, 77);
	}
}
END_TEST

START_TEST(head_round)
{
	static const uint8_t expected[DA_WIRE_HEAD_SIZE] = { 9, 0, 1, 0,
		0x04, 0x03, 0x02, 0x01, 8, 7, 6, 5, 4, 3, 2, 1 };
	struct da_wire_head h = { DA_WIRE_MEASUREMENTS, 1, 0x01020304,
		UINT64_C(0x0102030405060708) };
	struct da_wire_head back;
	uint8_t raw[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, raw);
	ck_assert_mem_eq(raw, expected, sizeof(expected));
	da_wire_get_head(raw, &back);
	ck_assert_uint_eq(back.type, h.type);
	ck_assert_uint_eq(back.shape, h.shape);
	ck_assert_uint_eq(back.length, h.length);
	ck_assert_uint_eq(back.id, h.id);
}
END_TEST

START_TEST(part_caps)
{
	static const struct {
		uint16_t type;
		uint32_t cap;
	} rows[] = {
		/* SPDM 1.4's; that of the versions below is the reader's. */
		{ 0, 262144 }, { 7, 262144 }, { 8, DA_MAX_VCA },
		{ 9, DA_MAX_MEAS }, { 10, DA_MAX_REPORT }, { 11, 0 },
		{ 31, 0 }, { 0xff, 0 }, { 0x100, DA_MAX_MEAS },
		{ 0x101, DA_MAX_CHALLENGE },
		{ 0x102, DA_MAX_BETWEEN }, { 0x103, DA_MAX_LOG },
		{ 0x104, DA_MAX_MEAS }, { 0x7eff, DA_MAX_MEAS },
		{ 0x7f00, DA_MAX_ANSWER }, { 0xfffd, DA_MAX_ANSWER },
		{ DA_WIRE_FAILURE, 4 }, { DA_WIRE_END, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(da_wire_cap(rows[i].type), rows[i].cap);
}
END_TEST

/* A bit for 0 to 10, bit 31 for 0x100 to 0x7EFF, none for the rest. */
START_TEST(wanted_types)
{
	for (uint16_t type = 0; type <= DA_WIRE_REPORT; type++) {
		ck_assert(da_wire_wants(1u << type, type));
		ck_assert(!da_wire_wants(~(1u << type), type));
	}
	for (uint16_t type = DA_WIRE_REPORT + 1; type < 0x100; type++)
		ck_assert(!da_wire_wants(UINT32_MAX, type));
	ck_assert(da_wire_wants(1u << 31, 0x100));
	ck_assert(da_wire_wants(1u << 31, 0x7eff));
	ck_assert(!da_wire_wants(INT32_MAX, 0x100));
	ck_assert(!da_wire_wants(INT32_MAX, 0x7eff));
	ck_assert(da_wire_wants(0, 0x7f00));
	ck_assert(da_wire_wants(0, DA_WIRE_FAILURE));
	ck_assert(da_wire_wants(0, DA_WIRE_END));
}
END_TEST

START_TEST(bdf_read)
{
	uint32_t v;

	ck_assert(da_wire_parse_bdf("0000:01:00.0", &v));
	ck_assert_uint_eq(v, 0x0100);
	ck_assert(da_wire_parse_bdf("ffff:FE:1f.7", &v));
	ck_assert_uint_eq(v, 0xfffffeff);
	ck_assert(da_wire_parse_bdf("0001:02:03.4", &v));
	ck_assert_uint_eq(v, 0x0001021c);
}
END_TEST

START_TEST(bdf_refused)
{
	static const char *const bad[] = { "", "0", "01:00.0", "0000:01:00",
		"0000:01:00.8", "0000:01:20.0", "0000:01:00.00", "0000:01:0g.0",
		"0000.01:00.0", "0000:01:00:0", "00000:01:00.0", " 000:01:00.0",
		"0000:01:-1.0", "0000:01:00.0\n" };
	uint32_t v = 77;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!da_wire_parse_bdf(bad[i], &v), "%s", bad[i]);
	ck_assert_uint_eq(v, 77);
}
END_TEST

START_TEST(bdf_round)
{
	char text[16];
	uint32_t v;

	for (uint64_t n = 0; n <= UINT32_MAX; n += 0x00fedcb) {
		da_wire_format_bdf((uint32_t)n, text);
		ck_assert(da_wire_parse_bdf(text, &v));
		ck_assert_uint_eq(v, n);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("wire");
	TCase *t = tcase_create("wire");

	tcase_add_test(t, request_bytes);
	tcase_add_test(t, request_round);
	tcase_add_test(t, request_refused);
	tcase_add_test(t, head_round);
	tcase_add_test(t, part_caps);
	tcase_add_test(t, wanted_types);
	tcase_add_test(t, bdf_read);
	tcase_add_test(t, bdf_refused);
	tcase_add_test(t, bdf_round);
	suite_add_tcase(s, t);
	return run_suite(s);
}

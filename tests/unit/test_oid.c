/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/oid.h"
#include "replace.h"

static const struct {
	const char *text, *bytes;
	size_t n;
} good[] = {
	{ "0.0", "\x00", 1 },
	{ "0.39", "\x27", 1 },
	{ "1.0", "\x28", 1 },
	{ "1.39", "\x4f", 1 },
	{ "2.0", "\x50", 1 },
	{ "2.47", "\x7f", 1 },
	{ "2.48", "\x81\x00", 2 },
	{ "2.999.3", "\x88\x37\x03", 3 },	/* X.690 8.19.5 */
	{ "2.23.133.5.4.5", "\x67\x81\x05\x05\x04\x05", 6 },
	{ "1.2.840.113549", "\x2a\x86\x48\x86\xf7\x0d", 6 },
	{ "1.3.127.128.16383.16384", "\x2b\x7f\x81\x00\xff\x7f\x81\x80\x00",
	    9 },
	{ "1.3.0", "\x2b\x00", 2 },
	{ "1.3.4294967295", "\x2b\x8f\xff\xff\xff\x7f", 6 },
	{ "2.4294967295", "\x90\x80\x80\x80\x4f", 5 },
};

static const char *const bad[] = {
	"", ".", "1", "1.", ".1", "1..2", "1.2.", "1.2..3", "3.1", "0.40",
	"1.40", "01.2", "1.02", "1.2.00", "1.2.840.01", "1.2.4294967296",
	"1.2.18446744073709551616", "4294967295.1", "1.-2", "1.2a", "1,2",
	" 1.2", "1.2 ", "1.2\n", "+1.2", "1.0x2", "a.b",
};

START_TEST(reads)
{
	uint8_t buf[16];
	size_t n = 0;
	struct da_slice text = exactly(good[_i].text, strlen(good[_i].text));

	ck_assert_msg(da_oid_read(text, buf, sizeof(buf), &n), "%s",
	    good[_i].text);
	ck_assert_uint_eq(n, good[_i].n);
	ck_assert_mem_eq(buf, good[_i].bytes, n);
	/* Room for all but the last byte is no room. */
	ck_assert(!da_oid_read(text, buf, n - 1, &n));
	free((void *)(uintptr_t)text.p);
}
END_TEST

START_TEST(refuses)
{
	uint8_t buf[16];
	size_t n = 77;
	struct da_slice text = exactly(bad[_i], strlen(bad[_i]));

	ck_assert_msg(!da_oid_read(text, buf, sizeof(buf), &n), "%s", bad[_i]);
	ck_assert_uint_eq(n, 77);
	free((void *)(uintptr_t)text.p);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("oid");
	TCase *t = tcase_create("oid");

	tcase_add_loop_test(t, reads, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(t, refuses, 0, sizeof(bad) / sizeof(bad[0]));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

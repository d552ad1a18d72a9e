/* SPDX-License-Identifier: Apache-2.0 */
/* The cursor: what it reads, and what it refuses to read. */
#include "build.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    14, 15, 16, 17, 18 };

START_TEST(reads_little_endian)
{
	struct da_cur c = da_cur_of(da_slice_of(bytes, sizeof(bytes)));

	ck_assert_uint_eq(da_u8(&c), 1);
	ck_assert_uint_eq(da_le16(&c), 0x0302);
	ck_assert_uint_eq(da_le24(&c), 0x060504);
	ck_assert_uint_eq(da_le32(&c), 0x0a090807);
	ck_assert(!da_all_read(&c));
	ck_assert_uint_eq(da_le64(&c), 0x1211100f0e0d0c0bu);
	ck_assert(da_all_read(&c));
	da_u8(&c);
	ck_assert(!da_all_read(&c));
}
END_TEST

START_TEST(short_read_latches)
{
	struct da_cur c = da_cur_of(exact(da_slice_of(bytes, 3), 3));

	da_u8(&c);
	ck_assert_uint_eq(da_le32(&c), 0);
	ck_assert(c.bad);
	ck_assert_uint_eq(c.at, 1);
	ck_assert_uint_eq(da_u8(&c), 0);
	ck_assert_uint_eq(da_left(&c), 0);
	ck_assert_uint_eq(da_rest(&c).n, 0);
	ck_assert_uint_eq(da_take(&c, 0).n, 0);
	ck_assert_ptr_null(da_since(&c, 0).p);
	ck_assert(!da_all_read(&c));
}
END_TEST

START_TEST(huge_lengths_do_not_wrap)
{
	struct da_cur c = da_cur_of(da_slice_of(bytes, 8));
	struct da_slice s;

	da_le32(&c);
	ck_assert_uint_eq(da_take(&c, SIZE_MAX).n, 0);
	ck_assert(c.bad);
	ck_assert(!da_slice_cut(da_slice_of(bytes, 8), 4, SIZE_MAX, &s));
	ck_assert(!da_slice_cut(da_slice_of(bytes, 8), SIZE_MAX, 4, &s));
	ck_assert(!da_slice_cut(da_slice_of(bytes, 8), 9, 0, &s));
	ck_assert(!da_slice_cut(da_slice_of(bytes, 8), 4, 5, &s));
	ck_assert(da_slice_cut(da_slice_of(bytes, 8), 8, 0, &s));
	ck_assert(da_slice_cut(da_slice_of(bytes, 8), 2, 6, &s));
	ck_assert_ptr_eq(s.p, bytes + 2);
}
END_TEST

START_TEST(inner_cursor_keeps_offsets)
{
	struct da_slice whole = da_slice_of(bytes, 8);
	struct da_cur c = da_cur_of(whole), inner, foreign;
	struct da_slice s;

	da_u8(&c);
	s = da_take(&c, 4);
	inner = da_cur_over(&c, s);
	ck_assert_uint_eq(inner.at, 1);
	ck_assert_uint_eq(da_u8(&inner), 2);
	ck_assert_uint_eq(da_left(&inner), 3);
	da_le32(&inner);
	ck_assert(inner.bad);
	/* Up to the very end. */
	s = da_take(&c, 3);
	inner = da_cur_over(&c, s);
	ck_assert_uint_eq(da_le24(&inner), 0x080706);
	ck_assert(da_all_read(&inner));
	s = da_slice_of(bytes + 1, 4);
	/* A view into other bytes is never read. */
	foreign = da_cur_over(&c, da_slice_of("abcd", 4));
	ck_assert(foreign.bad);
	ck_assert_uint_eq(da_slice_offset(whole, s), 1);
	ck_assert_uint_eq(da_slice_offset(whole, whole), 0);
	ck_assert_uint_eq(da_slice_offset(whole, da_slice_of("x", 1)), 8);
	ck_assert_uint_eq(da_slice_offset(whole, da_slice_of(NULL, 0)), 8);
}
END_TEST

START_TEST(since_is_what_was_read)
{
	struct da_cur c = da_cur_of(da_slice_of(bytes, 8));

	da_le32(&c);
	da_le16(&c);
	ck_assert_uint_eq(da_since(&c, 4).n, 2);
	ck_assert_ptr_eq(da_since(&c, 4).p, bytes + 4);
	ck_assert_uint_eq(da_since(&c, 7).n, 0);
}
END_TEST

START_TEST(comparing)
{
	struct da_slice abc = da_slice_str("abc"), none = { NULL, 0 };

	ck_assert(da_slice_eq(abc, da_slice_of("abc", 3)));
	ck_assert(!da_slice_eq(abc, da_slice_str("abd")));
	ck_assert(!da_slice_eq(abc, da_slice_str("ab")));
	ck_assert(da_slice_eq(none, da_slice_str("")));
	ck_assert(da_slice_eq_ct(abc, da_slice_of("abc", 3)));
	ck_assert(!da_slice_eq_ct(abc, da_slice_str("bbc")));
	ck_assert(!da_slice_eq_ct(abc, da_slice_str("abd")));
	ck_assert(!da_slice_eq_ct(abc, none));
	ck_assert(da_slice_is_zero(da_slice_of("\0\0", 2)));
	ck_assert(!da_slice_is_zero(da_slice_of("\0\1", 2)));
	ck_assert(da_slice_is_zero(none));
}
END_TEST

START_TEST(end_is_short_or_trailing)
{
	struct da_cur c = da_cur_of(da_slice_of(bytes, 4));
	struct da_fault fault;

	da_le16(&c);
	ck_assert(!da_refuse_end(&fault, &c, DA_PART_REPORT));
	ck_fault(fault, DA_F_TRAILING);
	ck_assert_uint_eq(fault.offset, 2);
	da_le32(&c);
	ck_assert(!da_refuse_end(&fault, &c, DA_PART_REPORT));
	ck_fault(fault, DA_F_SHORT);
	ck_assert_int_eq(fault.part, DA_PART_REPORT);
}
END_TEST

START_TEST(fault_texts_are_whole)
{
	for (int why = DA_F_NONE + 1; why < DA_F_COUNT; why++) {
		const struct da_fault_text *t =
		    da_fault_text((enum da_why)why);

		ck_assert_int_gt(t->exit_class, 1);
		ck_assert_int_le(t->exit_class, 10);
		ck_assert_uint_gt(strlen(t->text), 5);
	}
	ck_assert_str_eq(da_fault_text(DA_F_COUNT)->name, "NONE");
	ck_assert_str_eq(da_fault_text((enum da_why)-1)->name, "NONE");
	ck_assert_str_eq(da_part_name(DA_PART_CHAIN), "chain");
	ck_assert_str_eq(da_part_name(DA_PART_COUNT), "none");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("slice");
	TCase *t = tcase_create("slice");

	tcase_add_test(t, reads_little_endian);
	tcase_add_test(t, short_read_latches);
	tcase_add_test(t, huge_lengths_do_not_wrap);
	tcase_add_test(t, inner_cursor_keeps_offsets);
	tcase_add_test(t, since_is_what_was_read);
	tcase_add_test(t, comparing);
	tcase_add_test(t, end_is_short_or_trailing);
	tcase_add_test(t, fault_texts_are_whole);
	suite_add_tcase(s, t);
	return run_suite(s);
}

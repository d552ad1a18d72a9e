/* SPDX-License-Identifier: Apache-2.0 */
/* The ticket: what counts as a digest, as a token, as a name. */
#include "build.h"
#include "verifier/hash.h"
#include "verifier/ticket.h"

START_TEST(platform_names)
{
	for (int i = DA_PLATFORM_NONE + 1; i < DA_PLATFORM_COUNT; i++)
		ck_assert_int_eq(da_platform_named(da_slice_str(
		    da_platform_name((enum da_platform)i))), i);
	ck_assert_str_eq(da_platform_name(DA_PLATFORM_SEV_TIO), "sev-tio");
	ck_assert_str_eq(da_platform_name(DA_PLATFORM_COUNT), "none");
	ck_assert_int_eq(da_platform_named(da_slice_str("none")),
	    DA_PLATFORM_NONE);
	ck_assert_int_eq(da_platform_named(da_slice_str("sev")),
	    DA_PLATFORM_NONE);
	ck_assert_str_eq(da_state_name(DA_STATE_LOCKED), "locked");
	ck_assert_str_eq(da_state_name(DA_STATE_ERROR), "error");
	ck_assert_str_eq(da_state_name((enum da_tdi_state)77), "unknown");
}
END_TEST

START_TEST(digest_is_kept)
{
	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++) {
		struct da_hash_value v = da_hash_of((enum da_hash)h,
		    da_slice_str("abc"));
		struct da_digest d;

		if (!da_hash_can((enum da_hash)h)) {
			ck_assert_int_eq(h, DA_HASH_SM3);
			continue;
		}
		ck_assert_uint_eq(v.n, da_hash_alg((enum da_hash)h)->size);
		da_digest_set(&d, (enum da_hash)h, da_hash_bytes(&v));
		ck_assert(da_slice_eq(da_digest_bytes(&d),
		    da_hash_bytes(&v)));
	}
}
END_TEST

/* After one that counts, so that "absent" is written and not left over. */
static void
is_absent(enum da_hash hash, struct da_slice bytes)
{
	struct da_digest d = { .len = 48, .bytes = { 1, 2, 3 } };

	da_digest_set(&d, hash, bytes);
	ck_assert_uint_eq(d.len, 0);
	ck_assert_uint_eq(da_digest_bytes(&d).n, 0);
	ck_assert(da_slice_is_zero(da_slice_of(d.bytes, sizeof(d.bytes))));
}

START_TEST(digest_of_nothing_is_absent)
{
	static const uint8_t zero[64];
	static const uint8_t ones[64] = { 1, 1, 1 };

	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++) {
		struct da_hash_value empty = da_hash_of((enum da_hash)h,
		    da_slice_of("", 0));
		size_t size = da_hash_alg((enum da_hash)h)->size;

		is_absent((enum da_hash)h, da_hash_bytes(&empty));
		is_absent((enum da_hash)h, da_slice_of(zero, size));
		is_absent((enum da_hash)h, da_slice_of(ones, size - 1));
		is_absent((enum da_hash)h, da_slice_of(NULL, 0));
	}
	is_absent(DA_HASH_NONE, da_slice_of(NULL, 0));
	is_absent(DA_HASH_NONE, da_slice_of(ones, 48));
	is_absent(DA_HASH_COUNT, da_slice_of(ones, 48));
	is_absent(DA_HASH_SHA256, da_slice_of(ones, 48));
}
END_TEST

START_TEST(false_lengths_are_not_read)
{
	struct da_digest d = { .len = 255 };
	struct da_token a = { .len = 255 }, b = { .len = 255 };

	ck_assert_uint_eq(da_digest_bytes(&d).n, 0);
	ck_assert(!da_token_equal(&a, &b));
	a.len = 32;
	ck_assert(!da_token_equal(&a, &b));
	ck_assert(!da_token_equal(&b, &a));
	b.len = 32;
	ck_assert(da_token_equal(&a, &b));
}
END_TEST

START_TEST(tokens)
{
	struct da_token a = { .len = 8, .bytes = { 1 } }, b = a;
	struct da_token none = { 0 };

	ck_assert(da_token_equal(&a, &b));
	b.bytes[7] = 1;
	ck_assert(!da_token_equal(&a, &b));
	b = a;
	b.len = 7;
	ck_assert(!da_token_equal(&a, &b));
	ck_assert(!da_token_equal(&a, &none));
	ck_assert(da_token_equal(&none, &none));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ticket");
	TCase *t = tcase_create("ticket");

	tcase_add_test(t, platform_names);
	tcase_add_test(t, digest_is_kept);
	tcase_add_test(t, digest_of_nothing_is_absent);
	tcase_add_test(t, false_lengths_are_not_read);
	tcase_add_test(t, tokens);
	suite_add_tcase(s, t);
	return run_suite(s);
}

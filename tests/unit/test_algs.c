/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of algorithms: every bit, every size, every name, both ways. */
#include "build.h"
#include "verifier/algs.h"

struct row {
	const char *name;
	uint32_t bit;
	unsigned int size;
};

/* Out of DSP0274 ALGORITHMS, written a second time. */
static const struct row hashes[] = {
	{ "sha256", 0x01, 32 }, { "sha384", 0x02, 48 }, { "sha512", 0x04, 64 },
	{ "sha3-256", 0x08, 32 }, { "sha3-384", 0x10, 48 },
	{ "sha3-512", 0x20, 64 }, { "sm3", 0x40, 32 },
};

static const struct row asyms[] = {
	{ "rsassa-2048", 0x001, 256 }, { "rsapss-2048", 0x002, 256 },
	{ "rsassa-3072", 0x004, 384 }, { "rsapss-3072", 0x008, 384 },
	{ "ecdsa-p256", 0x010, 64 }, { "rsassa-4096", 0x020, 512 },
	{ "rsapss-4096", 0x040, 512 }, { "ecdsa-p384", 0x080, 96 },
	{ "ecdsa-p521", 0x100, 132 }, { "sm2", 0x200, 64 },
	{ "ed25519", 0x400, 64 }, { "ed448", 0x800, 114 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

START_TEST(hash_rows)
{
	ck_assert_uint_eq(COUNT(hashes), DA_HASH_COUNT - 1);
	for (size_t i = 0; i < COUNT(hashes); i++) {
		enum da_hash h = da_hash_named(da_slice_str(hashes[i].name));

		ck_assert_int_ne(h, DA_HASH_NONE);
		ck_assert_str_eq(da_hash_alg(h)->name, hashes[i].name);
		ck_assert_uint_eq(da_hash_alg(h)->size, hashes[i].size);
		ck_assert_int_eq(da_hash_of_base_bit(hashes[i].bit), h);
		/* One up: bit 0 is the raw bit stream. */
		ck_assert_int_eq(da_hash_of_meas_bit(hashes[i].bit << 1), h);
	}
}
END_TEST

START_TEST(asym_rows)
{
	ck_assert_uint_eq(COUNT(asyms), DA_ASYM_COUNT - 1);
	for (size_t i = 0; i < COUNT(asyms); i++) {
		enum da_asym a = da_asym_named(da_slice_str(asyms[i].name));
		const struct da_asym_alg *alg = da_asym_alg(a);

		ck_assert_int_ne(a, DA_ASYM_NONE);
		ck_assert_str_eq(alg->name, asyms[i].name);
		ck_assert_uint_eq(alg->sig_size, asyms[i].size);
		ck_assert_int_eq(da_asym_of_bit(asyms[i].bit), a);
		ck_assert(alg->built == (strncmp(alg->name, "ecdsa", 5) == 0));
		ck_assert(alg->built == (alg->curve != NULL));
		ck_assert_uint_eq(alg->curve != NULL ? alg->sig_size : 0,
		    2u * alg->coord);
	}
}
END_TEST

START_TEST(what_is_in_no_row)
{
	ck_assert_int_eq(da_hash_named(da_slice_str("none")), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_named(da_slice_str("")), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_named(da_slice_str("sha2567")), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_named(da_slice_str("SHA256")), DA_HASH_NONE);
	ck_assert_int_eq(da_asym_named(da_slice_str("none")), DA_ASYM_NONE);
	ck_assert_int_eq(da_asym_named(da_slice_str("ecdsa")), DA_ASYM_NONE);
	ck_assert_int_eq(da_hash_of_base_bit(0), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_of_base_bit(0x03), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_of_base_bit(0x80), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_of_meas_bit(0x01), DA_HASH_NONE);
	ck_assert_int_eq(da_hash_of_meas_bit(0), DA_HASH_NONE);
	ck_assert_int_eq(da_asym_of_bit(0), DA_ASYM_NONE);
	ck_assert_int_eq(da_asym_of_bit(0x1000), DA_ASYM_NONE);
	ck_assert_int_eq(da_asym_of_bit(0x90), DA_ASYM_NONE);
	ck_assert_uint_eq(da_hash_alg(DA_HASH_COUNT)->size, 0);
	ck_assert_uint_eq(da_hash_alg((enum da_hash)-1)->size, 0);
	ck_assert(!da_asym_alg(DA_ASYM_COUNT)->built);
	ck_assert(!da_asym_alg((enum da_asym)-1)->built);
}
END_TEST

START_TEST(names_of_three)
{
	struct da_algs a;

	ck_assert(da_algs_named(da_slice_str("ecdsa-p384,sha384"), &a));
	ck_assert_int_eq(a.asym, DA_ASYM_ECDSA_P384);
	ck_assert_int_eq(a.hash, DA_HASH_SHA384);
	ck_assert_int_eq(a.meas_hash, DA_HASH_SHA384);
	ck_assert(da_algs_named(da_slice_str("ed25519,sha512,sha3-256"), &a));
	ck_assert_int_eq(a.asym, DA_ASYM_ED25519);
	ck_assert_int_eq(a.hash, DA_HASH_SHA512);
	ck_assert_int_eq(a.meas_hash, DA_HASH_SHA3_256);
}
END_TEST

START_TEST(names_that_are_none)
{
	static const char *const texts[] = { "", ",", ",,", "ecdsa-p384",
	    "ecdsa-p384,", "ecdsa-p384,sha384,", "ecdsa-p384,sha384,none",
	    "ecdsa-p384,sha384,sha384,sha384", "ecdsa-p384 ,sha384",
	    "ecdsa-p384,sha1", "sha384,ecdsa-p384", "none,sha384",
	    "ecdsa-p384,none", ",sha384" };
	struct da_algs a = { DA_ASYM_SM2, DA_HASH_SM3, DA_HASH_SM3 };

	for (size_t i = 0; i < COUNT(texts); i++)
		ck_assert_msg(!da_algs_named(da_slice_str(texts[i]), &a),
		    "%s", texts[i]);
	ck_assert_int_eq(a.asym, DA_ASYM_SM2);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("algs");
	TCase *t = tcase_create("algs");

	tcase_add_test(t, hash_rows);
	tcase_add_test(t, asym_rows);
	tcase_add_test(t, what_is_in_no_row);
	tcase_add_test(t, names_of_three);
	tcase_add_test(t, names_that_are_none);
	suite_add_tcase(s, t);
	return run_suite(s);
}

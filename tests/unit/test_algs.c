/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of algorithms: every bit, every size, every name, both ways. */
#include "build.h"
#include "verifier/algs.h"

struct row {
	const char *name;
	uint32_t bit;
	unsigned int size;
	unsigned int key, arc;	/* post-quantum ones */
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

static const struct row pqcs[] = {
	{ "mldsa-44", 0x0001, 2420, 1312, 17 },
	{ "mldsa-65", 0x0002, 3309, 1952, 18 },
	{ "mldsa-87", 0x0004, 4627, 2592, 19 },
	{ "slhdsa-sha2-128s", 0x0008, 7856, 32, 20 },
	{ "slhdsa-shake-128s", 0x0010, 7856, 32, 26 },
	{ "slhdsa-sha2-128f", 0x0020, 17088, 32, 21 },
	{ "slhdsa-shake-128f", 0x0040, 17088, 32, 27 },
	{ "slhdsa-sha2-192s", 0x0080, 16224, 48, 22 },
	{ "slhdsa-shake-192s", 0x0100, 16224, 48, 28 },
	{ "slhdsa-sha2-192f", 0x0200, 35664, 48, 23 },
	{ "slhdsa-shake-192f", 0x0400, 35664, 48, 29 },
	{ "slhdsa-sha2-256s", 0x0800, 29792, 64, 24 },
	{ "slhdsa-shake-256s", 0x1000, 29792, 64, 30 },
	{ "slhdsa-sha2-256f", 0x2000, 49856, 64, 25 },
	{ "slhdsa-shake-256f", 0x4000, 49856, 64, 31 },
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

static enum da_asym
is_row(const struct row *row, bool pqc)
{
	enum da_asym a = da_asym_named(da_slice_str(row->name));
	const struct da_asym_alg *alg = da_asym_alg(a);

	ck_assert_int_ne(a, DA_ASYM_NONE);
	ck_assert_str_eq(alg->name, row->name);
	ck_assert_uint_eq(alg->sig_size, row->size);
	ck_assert(alg->pqc == pqc);
	ck_assert_int_eq(pqc ? da_asym_of_pqc_bit(row->bit) :
	    da_asym_of_bit(row->bit), a);
	return a;
}

START_TEST(asym_rows)
{
	ck_assert_uint_eq(COUNT(asyms) + COUNT(pqcs), DA_ASYM_COUNT - 1);
	for (size_t i = 0; i < COUNT(asyms); i++) {
		const struct da_asym_alg *alg = da_asym_alg(is_row(&asyms[i],
		    false));

		ck_assert((alg->scheme == DA_SCHEME_ECDSA ||
		    alg->scheme == DA_SCHEME_SM2) == (alg->group != NULL));
		ck_assert_uint_eq(alg->arc, 0);
		if (alg->group != NULL)
			ck_assert_uint_eq(alg->sig_size, 2u * alg->size);
		if (strncmp(alg->name, "rsa", 3) == 0) {
			ck_assert_int_eq(alg->scheme, alg->name[3] == 's' ?
			    DA_SCHEME_RSASSA : DA_SCHEME_RSAPSS);
			ck_assert_uint_eq(alg->sig_size, alg->size);
		}
	}
	for (size_t i = 0; i < COUNT(pqcs); i++) {
		enum da_asym a = is_row(&pqcs[i], true);

		ck_assert_uint_eq(da_asym_alg(a)->size, pqcs[i].key);
		ck_assert_uint_eq(da_asym_alg(a)->arc, pqcs[i].arc);
		ck_assert_int_eq(da_asym_of_arc(da_asym_alg(a)->arc), a);
	}
}
END_TEST

/* Each bit of each mask is one row's or nobody's (spdm-rs 305cdbb). */
START_TEST(every_bit)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t v = UINT32_C(1) << bit;

		ck_assert((da_hash_of_base_bit(v) != DA_HASH_NONE) ==
		    (bit < COUNT(hashes)));
		ck_assert((da_hash_of_meas_bit(v) != DA_HASH_NONE) ==
		    (bit >= 1 && bit <= COUNT(hashes)));
		ck_assert((da_asym_of_bit(v) != DA_ASYM_NONE) ==
		    (bit < COUNT(asyms)));
		ck_assert((da_asym_of_pqc_bit(v) != DA_ASYM_NONE) ==
		    (bit < COUNT(pqcs)));
	}
	for (unsigned int arc = 0; arc < 256; arc++)
		ck_assert((da_asym_of_arc((uint8_t)arc) != DA_ASYM_NONE) ==
		    (arc >= 17 && arc <= 31));
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
	ck_assert_int_eq(da_asym_of_pqc_bit(0), DA_ASYM_NONE);
	ck_assert_int_eq(da_asym_of_pqc_bit(0x03), DA_ASYM_NONE);
	ck_assert_int_eq(da_asym_of_pqc_bit(0x8000), DA_ASYM_NONE);
	ck_assert_uint_eq(da_hash_alg(DA_HASH_COUNT)->size, 0);
	ck_assert_uint_eq(da_hash_alg((enum da_hash)-1)->size, 0);
	ck_assert_int_eq(da_asym_alg(DA_ASYM_COUNT)->scheme, DA_SCHEME_NONE);
	ck_assert_int_eq(da_asym_alg((enum da_asym)-1)->scheme,
	    DA_SCHEME_NONE);
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
	/* Known by name; whether OpenSSL has it is another question. */
	ck_assert(da_algs_named(da_slice_str("mldsa-65,sha384"), &a));
	ck_assert_int_eq(a.asym, DA_ASYM_MLDSA_65);
	ck_assert(da_algs_named(da_slice_str("slhdsa-shake-256f,sm3"), &a));
	ck_assert_int_eq(a.asym, DA_ASYM_SLHDSA_SHAKE_256F);
	ck_assert(da_algs_named(da_slice_str("sm2,sm3,sm3"), &a));
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
	tcase_add_test(t, every_bit);
	tcase_add_test(t, what_is_in_no_row);
	tcase_add_test(t, names_of_three);
	tcase_add_test(t, names_that_are_none);
	suite_add_tcase(s, t);
	return run_suite(s);
}

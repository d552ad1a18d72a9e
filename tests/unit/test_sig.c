/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, keys bound to their algorithm, and signatures in both forms. */
#include "makecert.h"
#include "verifier/sig.h"

static const struct {
	enum da_asym asym;
	const char *curve;
	int coord;
} rows[] = {
	{ DA_ASYM_ECDSA_P256, "P-256", 32 },
	{ DA_ASYM_ECDSA_P384, "P-384", 48 },
	{ DA_ASYM_ECDSA_P521, "P-521", 66 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char message[] = "L1/L2";

static struct da_slice
spki_of(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	struct buf b = { 0 };

	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	return exact(buf_slice(&b), b.n);
}

static bool
is_right(EVP_PKEY *pkey, enum da_asym asym, enum da_hash hash,
    struct da_slice signature)
{
	struct da_key *key = da_key_read(asym, spki_of(pkey));
	bool right;

	ck_assert_ptr_nonnull(key);
	right = da_sig_spdm(key, hash, da_slice_str(message), signature) ==
	    DA_SIG_RIGHT;
	da_key_free(key);
	return right;
}

START_TEST(digests)
{
	static const struct {
		enum da_hash hash;
		const char *head;	/* of the digest of "abc" */
	} known[] = { { DA_HASH_SHA256, "\xba\x78\x16\xbf" },
	    { DA_HASH_SHA384, "\xcb\x00\x75\x3f" },
	    { DA_HASH_SHA512, "\xdd\xaf\x35\xa1" },
	    { DA_HASH_SHA3_256, "\x3a\x98\x5d\xa7" },
	    { DA_HASH_SHA3_384, "\xec\x01\x49\x82" },
	    { DA_HASH_SHA3_512, "\xb7\x51\x85\x0b" },
	    { DA_HASH_SM3, "\x66\xc7\xf0\xf4" } };
	struct da_slice abc[] = { BYTES("a"), { NULL, 0 }, BYTES("bc") };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct da_hash_value v = da_hash_all(known[i].hash, abc, 3);

		ck_assert_uint_eq(v.n, da_hash_alg(known[i].hash)->size);
		ck_assert_int_eq(memcmp(v.bytes, known[i].head, 4), 0);
		ck_assert(da_hash_equal(&v, da_hash_bytes(&v)));
		ck_assert(!da_hash_equal(&v, da_slice_of(v.bytes,
		    v.n - 1u)));
	}
}
END_TEST

START_TEST(no_digest_equals_nothing)
{
	struct da_hash_value none = da_hash_of(DA_HASH_NONE, BYTES("abc"));

	ck_assert_uint_eq(none.n, 0);
	ck_assert(!da_hash_equal(&none, da_slice_of(NULL, 0)));
	none = da_hash_of(DA_HASH_COUNT, BYTES("abc"));
	ck_assert_uint_eq(none.n, 0);
}
END_TEST

START_TEST(keys_are_of_their_row)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		struct da_slice spki = spki_of(new_key(rows[i].curve));

		for (int a = DA_ASYM_NONE; a <= DA_ASYM_COUNT; a++) {
			struct da_key *key = da_key_read((enum da_asym)a,
			    spki);

			ck_assert((key != NULL) ==
			    (a == (int)rows[i].asym));
			da_key_free(key);
		}
	}
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256,
	    spki_of(new_key("brainpoolP256r1"))));
	ck_assert_ptr_null(da_key_read(DA_ASYM_RSASSA_2048,
	    spki_of(kept_key(EVP_RSA_gen(2048)))));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, BYTES("")));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256,
	    BYTES("\x30\x00")));
}
END_TEST

START_TEST(key_and_no_byte_more)
{
	struct da_slice spki = spki_of(new_key("P-256"));
	struct buf b = buf_copy(spki);

	put8(&b, 0);
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, buf_slice(&b)));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256,
	    exact(spki, spki.n - 1)));
	/* A point that is not on the curve. */
	b.n--;
	b.p[b.n - 1] ^= 1;
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, buf_slice(&b)));
}
END_TEST

START_TEST(raw_signatures)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		EVP_PKEY *key = new_key(rows[i].curve);
		struct da_slice s = sign_raw(key, "SHA384",
		    da_slice_str(message), rows[i].coord);

		ck_assert(is_right(key, rows[i].asym, DA_HASH_SHA384, s));
		ck_assert(!is_right(key, rows[i].asym, DA_HASH_SHA256, s));
		ck_assert(!is_right(key, rows[i].asym, DA_HASH_NONE, s));
		ck_assert(!is_right(new_key(rows[i].curve), rows[i].asym,
		    DA_HASH_SHA384, s));
		for (size_t at = 0; at < s.n; at++) {
			struct buf b = buf_copy(s);

			b.p[at] ^= 0x10;
			ck_assert(!is_right(key, rows[i].asym,
			    DA_HASH_SHA384, buf_slice(&b)));
		}
	}
}
END_TEST

START_TEST(sizes_and_edges)
{
	EVP_PKEY *key = new_key("P-256");
	struct da_slice s = sign_raw(key, "SHA256", da_slice_str(message),
	    32);
	struct buf b = buf_copy(s);

	put8(&b, 0);
	ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    buf_slice(&b)));
	ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    exact(s, 63)));
	ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    da_slice_of(NULL, 0)));
	for (unsigned int half = 0; half < 4; half++) {
		b = buf_copy(s);
		memset(b.p + (half & 1) * 32, half < 2 ? 0 : 0xff, 32);
		ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
		    buf_slice(&b)));
	}
	memset(b.p, 0, b.n);
	ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    buf_slice(&b)));
}
END_TEST

/* Signatures whose r or s begins with zero bytes keep their size. */
START_TEST(short_numbers)
{
	EVP_PKEY *key = new_key("P-256");
	unsigned int short_ones = 0;

	for (int i = 0; i < 400; i++) {
		struct da_slice s = sign_raw(key, "SHA256",
		    da_slice_str(message), 32);

		short_ones += s.p[0] == 0 || s.p[32] == 0 ? 1 : 0;
		ck_assert(is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
		    s));
	}
	fprintf(stderr, "short numbers seen: %u\n", short_ones);
}
END_TEST

START_TEST(signatures_of_certificates)
{
	EVP_PKEY *pkey = new_key("P-384");
	struct da_key *key = da_key_read(DA_ASYM_ECDSA_P384, spki_of(pkey));
	struct da_slice raw = sign_raw(pkey, "SHA256", da_slice_str(message),
	    48);
	BIGNUM *r = BN_bin2bn(raw.p, 48, NULL);
	BIGNUM *s = BN_bin2bn(raw.p + 48, 48, NULL);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	struct da_slice text = da_slice_str(message);
	unsigned char *der = NULL;
	struct buf b = { 0 };
	int n;

	ECDSA_SIG_set0(sig, r, s);
	n = i2d_ECDSA_SIG(sig, &der);
	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_SHA256, text,
	    buf_slice(&b)), DA_SIG_RIGHT);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_SHA384, text,
	    buf_slice(&b)), DA_SIG_WRONG);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text,
	    buf_slice(&b)), DA_SIG_UNSUPPORTED);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_SHA256, text, raw),
	    DA_SIG_WRONG);
	put8(&b, 0);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_SHA256, text,
	    buf_slice(&b)), DA_SIG_WRONG);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	da_key_free(key);
	da_key_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sig");
	TCase *t = tcase_create("sig");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, digests);
	tcase_add_test(t, no_digest_equals_nothing);
	tcase_add_test(t, keys_are_of_their_row);
	tcase_add_test(t, key_and_no_byte_more);
	tcase_add_test(t, raw_signatures);
	tcase_add_test(t, sizes_and_edges);
	tcase_add_test(t, short_numbers);
	tcase_add_test(t, signatures_of_certificates);
	suite_add_tcase(s, t);
	return run_suite(s);
}

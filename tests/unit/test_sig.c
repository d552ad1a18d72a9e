/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, keys bound to their algorithm, and signatures in both forms. */
#include "makecert.h"
#include "verifier/ecdsa_der.h"
#include "verifier/sig.h"

#include <openssl/err.h>
#include <pthread.h>

/* Every row of the table is one test of a loop: row n is asym n + 1. */
#define N_ROWS (DA_ASYM_COUNT - 1)

static enum da_asym
row(int i)
{
	return (enum da_asym)(i + 1);
}

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

static struct da_slice
element(unsigned int tag, struct da_slice contents)
{
	struct buf b = { 0 };

	put8(&b, tag);
	if (contents.n >= 0x80) {
		put8(&b, 0x82);
		put8(&b, (unsigned int)(contents.n >> 8));
	}
	put8(&b, (unsigned int)contents.n & 0xff);
	put_slice(&b, contents);
	return buf_slice(&b);
}

/* ML-DSA's and SLH-DSA's, by hand: `n` bytes of whatever. */
static struct da_slice
nist_spki(unsigned int arc, size_t n)
{
	struct buf bits = { 0 }, spki = { 0 };

	put_bytes(&spki, "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04"
	    "\x03", 12);
	put8(&spki, arc);
	put_fill(&bits, 0, 1);
	put_fill(&bits, 0x11, n);
	put_slice(&spki, element(0x03, buf_slice(&bits)));
	return element(0x30, buf_slice(&spki));
}

static enum da_sig_result
result_of(EVP_PKEY *pkey, enum da_asym asym, enum da_hash hash,
    struct da_slice signature)
{
	struct da_key *key = da_key_read(asym, spki_of(pkey));
	enum da_sig_result result;

	ck_assert_ptr_nonnull(key);
	result = da_sig_spdm(key, hash, da_slice_str(SPDM_CONTEXT),
	    da_slice_str(message), signature);
	da_key_free(key);
	return result;
}

static bool
is_right(EVP_PKEY *pkey, enum da_asym asym, enum da_hash hash,
    struct da_slice signature)
{
	return result_of(pkey, asym, hash, signature) == DA_SIG_RIGHT;
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

		ck_assert(da_hash_can(known[i].hash));
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
	ck_assert(!da_hash_can(DA_HASH_NONE));
	ck_assert(!da_hash_can(DA_HASH_COUNT));
}
END_TEST

/* An RSA key is good for two rows: it pads as the row says. */
static bool
is_for(enum da_asym made_as, int asym)
{
	const struct da_asym_alg *a = da_asym_alg(made_as);
	const struct da_asym_alg *b = da_asym_alg((enum da_asym)asym);

	return (int)made_as == asym || (strncmp(a->name, "rsa", 3) == 0 &&
	    strncmp(b->name, "rsa", 3) == 0 && a->size == b->size);
}

/* What this OpenSSL cannot make is written by hand. */
static struct da_slice
spki_of_row(enum da_asym asym)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);

	return alg->arc != 0 && !da_sig_can(asym) ?
	    nist_spki(alg->arc, alg->size) : spki_of(new_key_of(asym));
}

START_TEST(keys_are_of_their_row)
{
	struct da_slice spki = spki_of_row(row(_i));

	for (int a = DA_ASYM_NONE; a <= DA_ASYM_COUNT; a++) {
		struct da_key *key = da_key_read((enum da_asym)a, spki);

		ck_assert((key != NULL) == is_for(row(_i), a));
		da_key_free(key);
	}
}
END_TEST

START_TEST(keys_of_no_row)
{
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256,
	    spki_of(new_key("brainpoolP256r1"))));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, BYTES("")));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256,
	    BYTES("\x30\x00")));
}
END_TEST

/* Raw keys have one size each, and no parameters. */
START_TEST(sizes_of_raw_keys)
{
	for (int i = 0; i < N_ROWS; i++) {
		const struct da_asym_alg *alg = da_asym_alg(row(i));
		struct da_key *key;

		if (alg->arc == 0)
			continue;
		key = da_key_read(row(i), nist_spki(alg->arc, alg->size));
		ck_assert_ptr_nonnull(key);
		da_key_free(key);
		ck_assert_ptr_null(da_key_read(row(i), nist_spki(alg->arc,
		    alg->size - 1u)));
		ck_assert_ptr_null(da_key_read(row(i), nist_spki(alg->arc,
		    alg->size + 1u)));
		ck_assert_ptr_null(da_key_read(row(i), nist_spki(alg->arc,
		    0)));
	}
	/* The arcs beside them: ECDSA with hashes, and HashML-DSA. */
	for (int i = 0; i < N_ROWS; i++) {
		ck_assert_ptr_null(da_key_read(row(i), nist_spki(16, 1312)));
		ck_assert_ptr_null(da_key_read(row(i), nist_spki(32, 1312)));
	}
}
END_TEST

/* By a key of a kind that OpenSSL lacks nothing is right, and nothing wrong. */
START_TEST(what_openssl_lacks)
{
	static uint8_t signature[49856];
	const struct da_asym_alg *alg = da_asym_alg(row(_i));
	struct da_slice text = da_slice_str(message);
	struct da_key *key;

	if (alg->arc == 0 || da_sig_can(row(_i)))
		return;
	printf("SKIPPED: this OpenSSL has no %s; that it is refused is "
	    "tested\n", alg->name);
	key = da_key_read(row(_i), nist_spki(alg->arc, alg->size));
	ck_assert_int_eq(da_sig_spdm(key, DA_HASH_SHA384, text, text,
	    da_slice_of(signature, alg->sig_size)), DA_SIG_UNSUPPORTED);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text,
	    da_slice_of(signature, alg->sig_size)), DA_SIG_UNSUPPORTED);
	da_key_free(key);
}
END_TEST

#define RSA_ALG "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" \
    "\x05\x00"

/* An RSA key of this INTEGER's contents as modulus, and this exponent. */
static bool
is_rsa(struct da_slice modulus, struct da_slice exponent)
{
	struct buf numbers = { 0 }, bits = { 0 }, spki = { 0 };
	struct da_key *key;

	put_slice(&numbers, element(0x02, modulus));
	put_slice(&numbers, element(0x02, exponent));
	put8(&bits, 0);
	put_slice(&bits, element(0x30, buf_slice(&numbers)));
	put_bytes(&spki, RSA_ALG, sizeof(RSA_ALG) - 1);
	put_slice(&spki, element(0x03, buf_slice(&bits)));
	key = da_key_read(DA_ASYM_RSASSA_2048, element(0x30,
	    buf_slice(&spki)));
	da_key_free(key);
	return key != NULL;
}

START_TEST(numbers_of_an_rsa_key)
{
	static const struct da_slice no[] = { { NULL, 0 },
	    { (const uint8_t *)"\x00", 1 }, { (const uint8_t *)"\x01", 1 },
	    { (const uint8_t *)"\x03", 1 },
	    { (const uint8_t *)"\x01\x00\x00", 3 },	/* even */
	    { (const uint8_t *)"\x00\xff\xff", 3 },	/* below 2^16 */
	    { (const uint8_t *)"\x00\x01\x00\x01", 4 },	/* not minimal */
	    { (const uint8_t *)"\x80\x00\x00\x01", 4 },	/* negative */
	    { (const uint8_t *)"\x00\x80\x00\x00\x01", 5 } };
	struct da_slice f4 = BYTES("\x01\x00\x01");
	uint8_t n[258] = { 0 };

	memset(n + 1, 0xc5, 256);
	ck_assert(is_rsa(da_slice_of(n, 257), f4));
	ck_assert(is_rsa(da_slice_of(n, 257), BYTES("\x7f\xff\xff\xff")));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(!is_rsa(da_slice_of(n, 257), no[i]), "%zu", i);
	ck_assert(!is_rsa(da_slice_of(n, 256), f4));
	ck_assert(!is_rsa(da_slice_of(n, 258), f4));
	ck_assert(!is_rsa(da_slice_of(n + 1, 256), f4));	/* negative */
	n[256] = 0xc4;
	ck_assert(!is_rsa(da_slice_of(n, 257), f4));	/* even */
	n[256] = 0xc5;
	n[1] = 0x7f;
	ck_assert(!is_rsa(da_slice_of(n, 257), f4));	/* a bit too short */
}
END_TEST

/* RFC 5480: the point as it stands; other forms are no key here. */
START_TEST(forms_of_a_point)
{
	EVP_PKEY *key = new_key("P-256");
	struct da_slice spki = spki_of(key);
	struct buf b = buf_copy(spki);
	size_t at = spki.n - 65;

	ck_assert_uint_eq(b.p[at], 4);
	b.p[at] = 6 | (b.p[spki.n - 1] & 1);	/* hybrid, and right */
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, buf_slice(&b)));
	ck_assert_int_eq(EVP_PKEY_set_utf8_string_param(key,
	    OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed"), 1);
	spki = spki_of(key);
	ck_assert_uint_lt(spki.n, b.n);
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, spki));
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

/* Of a long signature some of the bytes, in all of its parts. */
static size_t
stride(size_t n)
{
	return n > 132 ? 1 + n / 64 : 1;
}

static bool
has_hash_of_its_own(enum da_asym asym)
{
	return asym >= DA_ASYM_SM2;
}

/* Ed448 before OpenSSL 3.2: signs, and not what SPDM asks for. */
static void
is_refused_without_context(enum da_asym asym)
{
	struct da_slice text = da_slice_str(message);
	EVP_PKEY *key;

	if (asym != DA_ASYM_ED448)
		return;
	printf("SKIPPED: this OpenSSL has no ed448 with a context; that it is "
	    "refused is tested\n");
	key = new_key_of(asym);
	ck_assert_int_eq(result_of(key, asym, DA_HASH_SHA512,
	    sign_message(key, da_slice_of(NULL, 0), text)),
	    DA_SIG_UNSUPPORTED);
}

START_TEST(raw_signatures)
{
	enum da_asym asym = row(_i);
	EVP_PKEY *key;
	struct da_slice s;

	if (!da_sig_can(asym)) {
		is_refused_without_context(asym);
		return;
	}
	key = new_key_of(asym);
	s = sign_spdm(key, asym, "SHA384", da_slice_str(message));
	ck_assert_uint_eq(s.n, da_asym_alg(asym)->sig_size);
	ck_assert(is_right(key, asym, DA_HASH_SHA384, s));
	ck_assert(is_right(key, asym, DA_HASH_SHA256, s) ==
	    has_hash_of_its_own(asym));
	ck_assert(!is_right(new_key_of(asym), asym, DA_HASH_SHA384, s));
	ck_assert(!is_right(key, asym, DA_HASH_SHA384, exact(s, s.n - 1)));
	for (size_t at = 0; at < s.n; at += stride(s.n)) {
		struct buf b = buf_copy(s);

		b.p[at] ^= 0x10;
		ck_assert(!is_right(key, asym, DA_HASH_SHA384,
		    buf_slice(&b)));
	}
	ck_assert_int_eq(result_of(key, asym, DA_HASH_NONE, s),
	    DA_SIG_UNSUPPORTED);
}
END_TEST

START_TEST(every_hash_with_every_algorithm)
{
	static const struct {
		enum da_hash hash;
		const char *md;
	} mds[] = { { DA_HASH_SHA256, "SHA256" }, { DA_HASH_SHA384, "SHA384" },
	    { DA_HASH_SHA512, "SHA512" }, { DA_HASH_SHA3_256, "SHA3-256" },
	    { DA_HASH_SHA3_384, "SHA3-384" },
	    { DA_HASH_SHA3_512, "SHA3-512" } };
	enum da_asym asym = row(_i);
	EVP_PKEY *key;

	if (has_hash_of_its_own(asym))
		return;		/* raw_signatures is all there is to ask */
	key = new_key_of(asym);
	for (size_t i = 0; i < sizeof(mds) / sizeof(mds[0]); i++)
		ck_assert(is_right(key, asym, mds[i].hash, sign_spdm(key,
		    asym, mds[i].md, da_slice_str(message))));
}
END_TEST

/* DSP0274: BaseHash is SM3 and the curve is NIST's; OpenSSL has both. */
START_TEST(sm3_with_ecdsa)
{
	EVP_PKEY *key = new_key("P-256");

	ck_assert(is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SM3, sign_spdm(key,
	    DA_ASYM_ECDSA_P256, "SM3", da_slice_str(message))));
}
END_TEST

static bool
signs_by_sm3(EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t raw[512];
	size_t n = sizeof(raw);
	bool can = EVP_DigestSignInit(ctx, NULL, EVP_sm3(), NULL, key) == 1 &&
	    EVP_DigestSign(ctx, raw, &n, raw, 0) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return can;
}

/* OpenSSL 3.0 has no RSA with SM3: it says so, and calls nothing wrong. */
START_TEST(sm3_with_rsa)
{
	EVP_PKEY *key = new_key_of(DA_ASYM_RSAPSS_2048);
	struct da_slice text = da_slice_str(message);
	bool can = signs_by_sm3(key);
	struct da_slice s = can ? sign_rsa(key, "SM3", false, 0, text) :
	    sign_rsa(key, "SHA256", false, 0, text);

	ck_assert_int_eq(result_of(key, DA_ASYM_RSASSA_2048, DA_HASH_SM3, s),
	    can ? DA_SIG_RIGHT : DA_SIG_UNSUPPORTED);
	ck_assert_int_eq(result_of(key, DA_ASYM_RSAPSS_2048, DA_HASH_SM3, s),
	    can ? DA_SIG_WRONG : DA_SIG_UNSUPPORTED);
}
END_TEST

/* One key, two ways to pad: a row's signature is none of the other row's. */
START_TEST(padding_is_the_rows)
{
	EVP_PKEY *key = new_key_of(DA_ASYM_RSAPSS_2048);
	struct da_slice text = da_slice_str(message);
	struct da_slice pkcs1 = sign_rsa(key, "SHA256", false, 0, text);
	struct da_slice pss = sign_rsa(key, "SHA256", true, 32, text);
	static const int salts[] = { 0, 20, 31, 33, RSA_PSS_SALTLEN_MAX };

	ck_assert(is_right(key, DA_ASYM_RSASSA_2048, DA_HASH_SHA256, pkcs1));
	ck_assert(!is_right(key, DA_ASYM_RSAPSS_2048, DA_HASH_SHA256, pkcs1));
	ck_assert(is_right(key, DA_ASYM_RSAPSS_2048, DA_HASH_SHA256, pss));
	ck_assert(!is_right(key, DA_ASYM_RSASSA_2048, DA_HASH_SHA256, pss));
	for (size_t i = 0; i < sizeof(salts) / sizeof(salts[0]); i++)
		ck_assert(!is_right(key, DA_ASYM_RSAPSS_2048, DA_HASH_SHA256,
		    sign_rsa(key, "SHA256", true, salts[i], text)));
}
END_TEST

/* What is signed with one context is nothing under another one. */
static void
ck_contexts(EVP_PKEY *pkey, enum da_asym asym, bool spdm_can)
{
	static const char *const contexts[] = { "", SPDM_CONTEXT,
	    "responder-challenge_auth signing" };
	struct da_key *key = da_key_read(asym, spki_of(pkey));
	struct da_slice text = da_slice_str(message);

	for (size_t i = 0; i < 3; i++) {
		struct da_slice s;

		if (i > 0 && !spdm_can)
			continue;
		s = sign_message(pkey, da_slice_str(contexts[i]), text);
		for (size_t j = 1; spdm_can && j < 3; j++)
			ck_assert_int_eq(da_sig_spdm(key, DA_HASH_SHA384,
			    da_slice_str(contexts[j]), text, s), i == j ?
			    DA_SIG_RIGHT : DA_SIG_WRONG);
		/* A certificate's is the empty one. */
		ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, s),
		    i == 0 ? DA_SIG_RIGHT : DA_SIG_WRONG);
	}
	da_key_free(key);
}

/* spdm-rs 14aaf00: ML-DSA was verified with an empty context. */
START_TEST(empty_context_is_refused)
{
	static const enum da_asym asyms[] = { DA_ASYM_ED448,
	    DA_ASYM_MLDSA_44, DA_ASYM_MLDSA_65, DA_ASYM_MLDSA_87,
	    DA_ASYM_SLHDSA_SHA2_128F, DA_ASYM_SLHDSA_SHAKE_128F };
	enum da_asym asym = asyms[_i];

	if (asym == DA_ASYM_ED448 || da_sig_can(asym))
		ck_contexts(new_key_of(asym), asym, da_sig_can(asym));
	else
		printf("SKIPPED: this OpenSSL has no %s to sign with\n",
		    da_asym_alg(asym)->name);
}
END_TEST

/* To give a context to those that take none changes nothing. */
START_TEST(ed25519_has_no_context)
{
	EVP_PKEY *pkey = new_key_of(DA_ASYM_ED25519);
	struct da_key *key = da_key_read(DA_ASYM_ED25519, spki_of(pkey));
	struct da_slice text = da_slice_str(message);
	struct buf b = buf_copy(sign_message(pkey, da_slice_of(NULL, 0),
	    text));

	ck_assert_int_eq(da_sig_spdm(key, DA_HASH_SHA384, text, text,
	    buf_slice(&b)), DA_SIG_RIGHT);
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, buf_slice(&b)),
	    DA_SIG_RIGHT);
	b.p[b.n / 2] ^= 1;
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, buf_slice(&b)),
	    DA_SIG_WRONG);
	da_key_free(key);
}
END_TEST

/* SPDM's identifier is empty, a certificate's is GM/T 0009's or empty. */
START_TEST(identifiers_of_sm2)
{
	EVP_PKEY *pkey = new_key_of(DA_ASYM_SM2);
	struct da_key *key = da_key_read(DA_ASYM_SM2, spki_of(pkey));
	struct da_slice text = da_slice_str(message), der;
	struct da_slice empty = sign_sm2(pkey, "", text);
	struct da_slice gmt = sign_sm2(pkey, SM2_CERT_ID, text);
	uint8_t buf[DA_MAX_ECDSA_DER];

	ck_assert(da_sig_can(DA_ASYM_SM2));
	ck_assert(is_right(pkey, DA_ASYM_SM2, DA_HASH_SM3, empty));
	ck_assert(!is_right(pkey, DA_ASYM_SM2, DA_HASH_SM3, gmt));
	ck_assert(da_ecdsa_der(gmt, 32, buf, &der));
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, der),
	    DA_SIG_RIGHT);
	ck_assert(da_ecdsa_der(empty, 32, buf, &der));
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, der),
	    DA_SIG_RIGHT);
	ck_assert(da_ecdsa_der(sign_sm2(pkey, "another", text), 32, buf,
	    &der));
	ck_assert_int_eq(da_sig_x509(key, DA_HASH_NONE, text, der),
	    DA_SIG_WRONG);
	da_key_free(key);
}
END_TEST

/*
 * Under OpenSSL 3.5 all of it.  Before, no PQC; before 3.2, no Ed448 with a
 * context.
 */
START_TEST(what_can_be_verified)
{
	bool has_pqc = OPENSSL_version_major() > 3 ||
	    OPENSSL_version_minor() >= 5;
	bool has_context = has_pqc || OPENSSL_version_minor() >= 2;

	for (int a = DA_ASYM_NONE + 1; a < DA_ASYM_COUNT; a++)
		ck_assert_msg(da_sig_can((enum da_asym)a) ==
		    (a == DA_ASYM_ED448 ? has_context :
		    a < DA_ASYM_MLDSA_44 || has_pqc), "%s",
		    da_asym_alg((enum da_asym)a)->name);
	ck_assert(!da_sig_can(DA_ASYM_NONE));
	ck_assert(!da_sig_can(DA_ASYM_COUNT));
	ck_assert(!da_sig_can((enum da_asym)-1));
}
END_TEST

/* r || s to DER: OpenSSL's own writer says the same. */
START_TEST(numbers_in_der)
{
	static const uint8_t heads[][3] = { { 0, 0, 0 }, { 0, 0, 1 },
	    { 0, 0, 0x80 }, { 0, 0x80, 0 }, { 0x7f, 0xff, 0xff },
	    { 0x80, 0, 0 }, { 0xff, 0xff, 0xff } };
	static const size_t sizes[] = { 32, 48, 66 };

	for (size_t i = 0; i < 7 * 7 * 3 * 2; i++) {
		size_t size = sizes[i % 3], fill = i / 3 % 2;
		uint8_t raw[132], buf[DA_MAX_ECDSA_DER];
		unsigned char *expected = NULL;
		struct da_slice der;
		ECDSA_SIG *sig = ECDSA_SIG_new();
		int n;

		memset(raw, fill == 0 ? 0 : 0x5a, sizeof(raw));
		memcpy(raw, heads[i / 6 % 7], 3);
		memcpy(raw + size, heads[i / 42], 3);
		ECDSA_SIG_set0(sig, BN_bin2bn(raw, (int)size, NULL),
		    BN_bin2bn(raw + size, (int)size, NULL));
		n = i2d_ECDSA_SIG(sig, &expected);
		ck_assert(da_ecdsa_der(da_slice_of(raw, 2 * size), size, buf,
		    &der));
		ck_assert_uint_eq(der.n, (size_t)n);
		ck_assert_mem_eq(der.p, expected, der.n);
		OPENSSL_free(expected);
		ECDSA_SIG_free(sig);
	}
}
END_TEST

START_TEST(no_numbers_for_der)
{
	static uint8_t raw[136];
	uint8_t buf[DA_MAX_ECDSA_DER];
	struct da_slice der;

	ck_assert(!da_ecdsa_der(da_slice_of(raw, 0), 0, buf, &der));
	ck_assert(!da_ecdsa_der(da_slice_of(raw, 0), 32, buf, &der));
	ck_assert(!da_ecdsa_der(da_slice_of(raw, 63), 32, buf, &der));
	ck_assert(!da_ecdsa_der(da_slice_of(raw, 65), 32, buf, &der));
	ck_assert(!da_ecdsa_der(da_slice_of(raw, 134), 67, buf, &der));
}
END_TEST

/* Rows that two threads look for at once are looked for once. */
static void *
ask_all(void *unused)
{
	for (int h = DA_HASH_NONE; h <= DA_HASH_COUNT; h++)
		(void)da_hash_can((enum da_hash)h);
	for (int a = DA_ASYM_NONE; a <= DA_ASYM_COUNT; a++)
		(void)da_sig_can((enum da_asym)a);
	return unused;
}

START_TEST(threads)
{
	pthread_t thread[8];

	for (size_t i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, ask_all,
		    NULL), 0);
	for (size_t i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
	ck_assert(da_sig_can(DA_ASYM_ECDSA_P384) && da_hash_can(DA_HASH_SM3));
}
END_TEST

/* OpenSSL's queue of errors is the program's; nothing of ours stays in it. */
START_TEST(no_error_is_left_behind)
{
	EVP_PKEY *key = new_key("P-256");
	uint8_t ones[64];

	memset(ones, 1, sizeof(ones));
	ck_assert(!is_right(key, DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    da_slice_of(ones, 64)));
	ck_assert_ptr_null(da_key_read(DA_ASYM_ECDSA_P256, BYTES("\x30\x00")));
	ck_assert_uint_eq(ERR_peek_error(), 0);
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
	tcase_add_loop_test(t, keys_are_of_their_row, 0, N_ROWS);
	tcase_add_test(t, keys_of_no_row);
	tcase_add_test(t, sizes_of_raw_keys);
	tcase_add_loop_test(t, what_openssl_lacks, 0, N_ROWS);
	tcase_add_test(t, key_and_no_byte_more);
	tcase_add_test(t, numbers_of_an_rsa_key);
	tcase_add_test(t, forms_of_a_point);
	tcase_add_loop_test(t, raw_signatures, 0, N_ROWS);
	tcase_add_loop_test(t, every_hash_with_every_algorithm, 0, N_ROWS);
	tcase_add_test(t, sm3_with_ecdsa);
	tcase_add_test(t, sm3_with_rsa);
	tcase_add_test(t, padding_is_the_rows);
	tcase_add_loop_test(t, empty_context_is_refused, 0, 6);
	tcase_add_test(t, ed25519_has_no_context);
	tcase_add_test(t, identifiers_of_sm2);
	tcase_add_test(t, what_can_be_verified);
	tcase_add_test(t, numbers_in_der);
	tcase_add_test(t, no_numbers_for_der);
	tcase_add_test(t, threads);
	tcase_add_test(t, no_error_is_left_behind);
	tcase_add_test(t, sizes_and_edges);
	tcase_add_test(t, short_numbers);
	tcase_add_test(t, signatures_of_certificates);
	suite_add_tcase(s, t);
	return run_suite(s);
}

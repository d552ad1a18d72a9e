/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates, chains and signatures made at run time with OpenSSL, from plans
 * with every knob that a test turns.  Keys live until the process ends.
 */
#ifndef DA_TEST_MAKECERT_H
#define DA_TEST_MAKECERT_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "build.h"
#include "verifier/hash.h"

#define SPDM_CONTEXT	"responder-measurements signing"
#define MAX_EXTRA	32
#define NO_LIMIT	(-1)
#define VALID_FROM	INT64_C(1577836800)	/* 2020-01-01 */
#define VALID_TO	INT64_C(1893456000)	/* 2030-01-01 */
#define SM2_CERT_ID	"1234567812345678"	/* GM/T 0009-2012 */

struct extra {
	const char *oid;
	bool critical;
	struct da_slice der;
};

struct cert_plan {
	const char *subject, *issuer;	/* common names */
	EVP_PKEY *key, *signer;
	const char *md;			/* NULL: SHA384 */
	bool pss;			/* an RSA signer pads by PSS, ... */
	int salt;			/* ...; 0: as long as the digest */
	int64_t from, to;
	bool no_basic, ca;
	int path_length;		/* NO_LIMIT: absent */
	int key_usage;			/* da_cert's flags; -1: absent */
	size_t n_extra;
	struct extra extra[MAX_EXTRA];
};

static inline EVP_PKEY *
kept_key(EVP_PKEY *key)
{
	EVP_PKEY **slot = keep(sizeof(EVP_PKEY *));

	ck_assert_ptr_nonnull(key);
	*slot = key;
	return key;
}

static inline EVP_PKEY *
new_key(const char *curve)
{
	return kept_key(EVP_EC_gen(curve));
}

/* Of several primes: no other key to who verifies, and made much faster. */
static inline EVP_PKEY *
new_rsa_key(int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	ck_assert_int_eq(EVP_PKEY_keygen_init(ctx), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_primes(ctx,
	    bits < 4096 ? 3 : 4), 1);
	ck_assert_int_eq(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return kept_key(key);
}

static inline EVP_PKEY *
new_key_of(enum da_asym asym)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);

	switch (alg->scheme) {
	case DA_SCHEME_RSASSA:
	case DA_SCHEME_RSAPSS:
		return new_rsa_key(8 * alg->size);
	case DA_SCHEME_ECDSA:
		return new_key(alg->group);
	default:
		return kept_key(EVP_PKEY_Q_keygen(NULL, NULL, alg->openssl));
	}
}

/* SM2 has one hash; EdDSA, ML-DSA and SLH-DSA have a hash of their own. */
static inline const EVP_MD *
md_for(EVP_PKEY *key, const char *md)
{
	if (EVP_PKEY_is_a(key, "SM2"))
		return EVP_sm3();
	if (!EVP_PKEY_is_a(key, "EC") && !EVP_PKEY_is_a(key, "RSA"))
		return NULL;
	return EVP_get_digestbyname(md != NULL ? md : "SHA384");
}

/* Bytes of a literal; the NUL that ends it is none of them. */
#define BYTES(literal) da_slice_of(literal, sizeof(literal) - 1)

static inline void
add_extra(struct cert_plan *p, const char *oid, bool critical,
    struct da_slice der)
{
	ck_assert_uint_lt(p->n_extra, MAX_EXTRA);
	p->extra[p->n_extra++] = (struct extra){ oid, critical, der };
}

static inline void
put_name(X509_NAME *name, const char *text)
{
	ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)text, -1, -1, 0), 1);
}

static inline void
put_extension(X509 *x, const char *oid, bool critical, struct da_slice der)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext;

	ASN1_OCTET_STRING_set(value, der.p, (int)der.n);
	ext = X509_EXTENSION_create_by_OBJ(NULL, object, critical, value);
	ck_assert_int_eq(X509_add_ext(x, ext, -1), 1);
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(object);
}

static inline void
put_basic(X509 *x, const struct cert_plan *p)
{
	struct buf body = { 0 }, b = { 0 };

	if (p->ca)
		put_bytes(&body, "\x01\x01\xff", 3);
	if (p->path_length != NO_LIMIT) {
		put_bytes(&body, "\x02\x01", 2);
		put8(&body, (unsigned int)p->path_length);
	}
	put8(&b, 0x30);
	put8(&b, (unsigned int)body.n);
	put_slice(&b, buf_slice(&body));
	put_extension(x, "2.5.29.19", true, buf_slice(&b));
}

/* Flag n of da_cert is bit n of the string, which is bit 7 - n of the octet. */
static inline void
put_key_usage(X509 *x, int flags)
{
	uint8_t der[4] = { 0x03, 0x02, 7, 0 };

	for (unsigned int bit = 0; bit < 8; bit++)
		if (flags >> bit & 1) {
			der[3] |= (uint8_t)(0x80u >> bit);
			der[2] = (uint8_t)(7 - bit);
		}
	put_extension(x, "2.5.29.15", true, da_slice_of(der, 4));
}

static inline void
sign_cert(X509 *x, const struct cert_plan *p)
{
	const EVP_MD *md = md_for(p->signer, p->md);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key = NULL;

	ck_assert_int_eq(EVP_DigestSignInit(ctx, &key, md, NULL, p->signer),
	    1);
	if (p->pss) {
		ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(key,
		    RSA_PKCS1_PSS_PADDING), 1);
		ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_pss_saltlen(key,
		    p->salt != 0 ? p->salt : RSA_PSS_SALTLEN_DIGEST), 1);
	}
	if (EVP_PKEY_is_a(p->signer, "SM2"))
		ck_assert_int_eq(EVP_PKEY_CTX_set1_id(key, SM2_CERT_ID,
		    (int)strlen(SM2_CERT_ID)), 1);
	ck_assert_msg(X509_sign_ctx(x, ctx) > 0, "%s", md != NULL ?
	    EVP_MD_get0_name(md) : "no digest");
	EVP_MD_CTX_free(ctx);
}

static inline struct da_slice
make_cert(const struct cert_plan *p)
{
	X509 *x = X509_new();
	unsigned char *der = NULL;
	struct buf b = { 0 };
	int n;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 0x1234);
	put_name(X509_get_subject_name(x), p->subject);
	put_name(X509_get_issuer_name(x), p->issuer);
	ASN1_TIME_set(X509_getm_notBefore(x), p->from);
	ASN1_TIME_set(X509_getm_notAfter(x), p->to);
	X509_set_pubkey(x, p->key);
	if (!p->no_basic)
		put_basic(x, p);
	if (p->key_usage >= 0)
		put_key_usage(x, p->key_usage);
	for (size_t i = 0; i < p->n_extra; i++)
		put_extension(x, p->extra[i].oid, p->extra[i].critical,
		    p->extra[i].der);
	sign_cert(x, p);
	n = i2d_X509(x, &der);
	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	X509_free(x);
	return exact(buf_slice(&b), b.n);
}

/* A CA under `issuer`; name and issuer alike make a root. */
static inline struct cert_plan
ca_plan(const char *subject, EVP_PKEY *key, const char *issuer,
    EVP_PKEY *signer)
{
	return (struct cert_plan){ .subject = subject, .issuer = issuer,
	    .key = key, .signer = signer, .from = VALID_FROM, .to = VALID_TO,
	    .ca = true, .path_length = NO_LIMIT, .key_usage = 1 << 5 };
}

static inline struct cert_plan
leaf_plan(const char *subject, EVP_PKEY *key, const char *issuer,
    EVP_PKEY *signer)
{
	struct cert_plan p = ca_plan(subject, key, issuer, signer);

	p.ca = false;
	p.key_usage = 1 << 0;
	return p;
}

/* The SPDM structure; RootHash of the first certificate. */
static inline struct da_slice
chain_of(const struct da_slice *certs, size_t n, enum da_hash hash)
{
	struct da_hash_value root = da_hash_of(hash, certs[0]);
	struct buf b = { 0 };

	put32(&b, 0);
	put_slice(&b, da_hash_bytes(&root));
	for (size_t i = 0; i < n; i++)
		put_slice(&b, certs[i]);
	set_le(&b, 0, b.n, 4);
	return exact(buf_slice(&b), b.n);
}

/* r || s of what OpenSSL made. */
static inline struct da_slice
raw_of_der(const unsigned char *der, size_t n, int coord)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	uint8_t raw[132];

	ck_assert_ptr_nonnull(sig);
	ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, coord),
	    coord);
	ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + coord,
	    coord), coord);
	ECDSA_SIG_free(sig);
	return exact(da_slice_of(raw, sizeof(raw)), 2 * (size_t)coord);
}

/* ECDSA over the digest of `message`, as SPDM sends it: r || s. */
static inline struct da_slice
sign_raw(EVP_PKEY *key, const char *md, struct da_slice message, int coord)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char der[256];
	size_t n = sizeof(der);

	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL,
	    EVP_get_digestbyname(md), NULL, key), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, der, &n, message.p, message.n),
	    1);
	EVP_MD_CTX_free(ctx);
	return raw_of_der(der, n, coord);
}

/* SM2 over the message, raw as SPDM sends it. */
static inline struct da_slice
sign_sm2(EVP_PKEY *key, const char *id, struct da_slice message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL;
	unsigned char der[80];
	size_t n = sizeof(der);

	ck_assert_int_eq(EVP_DigestSignInit(ctx, &pkey, EVP_sm3(), NULL, key),
	    1);
	ck_assert_int_eq(EVP_PKEY_CTX_set1_id(pkey, id, (int)strlen(id)), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, der, &n, message.p, message.n),
	    1);
	EVP_MD_CTX_free(ctx);
	return raw_of_der(der, n, 32);
}

/*
 * EdDSA, ML-DSA and SLH-DSA.  Contexts are OpenSSL 3.2's; before it Ed448 signs
 * with an empty one only.
 */
static inline struct da_slice
sign_message(EVP_PKEY *key, struct da_slice context, struct da_slice message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	OSSL_PARAM params[2] = { OSSL_PARAM_construct_end(),
	    OSSL_PARAM_construct_end() };
	static uint8_t raw[49856];	/* SLH-DSA 256f */
	size_t n = sizeof(raw);

	if (context.n > 0)
		params[0] = OSSL_PARAM_construct_octet_string("context-string",
		    (void *)(uintptr_t)context.p, context.n);
	ck_assert_int_eq(EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL,
	    key, params), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, raw, &n, message.p, message.n),
	    1);
	EVP_MD_CTX_free(ctx);
	return exact(da_slice_of(raw, n), n);
}

static inline struct da_slice
sign_rsa(EVP_PKEY *key, const char *md, bool pss, int salt,
    struct da_slice message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL;
	uint8_t raw[512];
	size_t n = sizeof(raw);

	ck_assert_int_eq(EVP_DigestSignInit(ctx, &pkey,
	    EVP_get_digestbyname(md), NULL, key), 1);
	if (pss) {
		ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(pkey,
		    RSA_PKCS1_PSS_PADDING), 1);
		ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, salt),
		    1);
	}
	ck_assert_int_eq(EVP_DigestSign(ctx, raw, &n, message.p, message.n),
	    1);
	EVP_MD_CTX_free(ctx);
	return exact(da_slice_of(raw, n), n);
}

/* As a device signs by SPDM; written without the verifier. */
static inline struct da_slice
sign_spdm(EVP_PKEY *key, enum da_asym asym, const char *md,
    struct da_slice message)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);

	switch (alg->scheme) {
	case DA_SCHEME_RSASSA:
		return sign_rsa(key, md, false, 0, message);
	case DA_SCHEME_RSAPSS:
		return sign_rsa(key, md, true, RSA_PSS_SALTLEN_DIGEST,
		    message);
	case DA_SCHEME_ED25519:
		return sign_message(key, da_slice_of(NULL, 0), message);
	case DA_SCHEME_SM2:
		return sign_sm2(key, "", message);
	case DA_SCHEME_ED448:
	case DA_SCHEME_MLDSA:
	case DA_SCHEME_SLHDSA:
		return sign_message(key, da_slice_str(SPDM_CONTEXT), message);
	default:
		return sign_raw(key, md, message, alg->size);
	}
}

#endif

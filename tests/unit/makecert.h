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

#define MAX_EXTRA	32
#define NO_LIMIT	(-1)
#define VALID_FROM	INT64_C(1577836800)	/* 2020-01-01 */
#define VALID_TO	INT64_C(1893456000)	/* 2030-01-01 */

struct extra {
	const char *oid;
	bool critical;
	struct da_slice der;
};

struct cert_plan {
	const char *subject, *issuer;	/* common names */
	EVP_PKEY *key, *signer;
	const char *md;			/* NULL: SHA384 */
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
	ck_assert_int_gt(X509_sign(x, p->signer, EVP_get_digestbyname(
	    p->md != NULL ? p->md : "SHA384")), 0);
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
	set_le(&b, 0, b.n, 2);
	return exact(buf_slice(&b), b.n);
}

/* ECDSA over the digest of `message`, as SPDM sends it: r || s. */
static inline struct da_slice
sign_raw(EVP_PKEY *key, const char *md, struct da_slice message, int coord)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char der[256];
	const unsigned char *at = der;
	size_t n = sizeof(der);
	ECDSA_SIG *sig;
	uint8_t raw[132];

	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL,
	    EVP_get_digestbyname(md), NULL, key), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, der, &n, message.p, message.n),
	    1);
	sig = d2i_ECDSA_SIG(NULL, &at, (long)n);
	ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, coord),
	    coord);
	ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + coord,
	    coord), coord);
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
	return exact(da_slice_of(raw, sizeof(raw)), 2 * (size_t)coord);
}

#endif

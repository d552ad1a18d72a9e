/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocation lists made at run time, as their fields, each of which a test may
 * replace by any bytes; signed by ECDSA with SHA-384.
 */
#ifndef DA_TEST_MAKECRL_H
#define DA_TEST_MAKECRL_H

#include "der.h"
#include "makecert.h"

struct crl_plan {
	struct da_slice version, inner_alg, issuer, this_update, next_update,
	    entries, extensions, outer_alg;	/* n 0: absent */
	EVP_PKEY *signer;			/* NULL: any bytes stand there */
};

#define LIST_TIME	(VALID_FROM + 86400)
#define LIST_NEXT	(LIST_TIME + 30 * 86400)

#define CRL_NUMBER	BYTES("\x55\x1d\x14")
#define REASON_CODE	BYTES("\x55\x1d\x15")
#define DELTA_INDICATOR	BYTES("\x55\x1d\x1b")
#define ISSUING_POINT	BYTES("\x55\x1d\x1c")
#define CERT_ISSUER	BYTES("\x55\x1d\x1d")
#define AUTHORITY_KEY	BYTES("\x55\x1d\x23")

static inline struct da_slice
name_der(const char *common_name)
{
	X509_NAME *name = X509_NAME_new();
	unsigned char *der = NULL;
	struct buf b = { 0 };
	int n;

	put_name(name, common_name);
	n = i2d_X509_NAME(name, &der);
	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	X509_NAME_free(name);
	return buf_slice(&b);
}

static inline struct da_slice
time_der(int64_t at)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, at);
	unsigned char *der = NULL;
	struct buf b = { 0 };
	int n = i2d_ASN1_TIME(t, &der);

	ck_assert_int_gt(n, 0);
	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	ASN1_TIME_free(t);
	return buf_slice(&b);
}

/* One entry: serial number, date, and extensions where there are any. */
static inline struct da_slice
crl_entry(struct da_slice serial, struct da_slice list)
{
	struct da_slice s = join(tlv(0x02, serial), time_der(VALID_FROM));

	return tlv(0x30, list.n == 0 ? s : join(s, tlv(0x30, list)));
}

static inline struct da_slice
crl_extensions(struct da_slice list)
{
	return tlv(0xa0, tlv(0x30, list));
}

static inline struct crl_plan
crl_plan(const char *issuer, EVP_PKEY *signer)
{
	return (struct crl_plan){ .version = BYTES("\x02\x01\x01"),
	    .inner_alg = ECDSA_SHA384, .issuer = name_der(issuer),
	    .this_update = time_der(LIST_TIME),
	    .next_update = time_der(LIST_NEXT),
	    .extensions = crl_extensions(extension(CRL_NUMBER, false,
	    BYTES("\x02\x01\x07"))), .outer_alg = ECDSA_SHA384,
	    .signer = signer };
}

static inline struct da_slice
crl_signature(EVP_PKEY *signer, struct da_slice tbs)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t bits[256] = { 0 };
	size_t n = sizeof(bits) - 1;

	if (signer == NULL) {
		EVP_MD_CTX_free(ctx);
		return BYTES("\x03\x04\x00\x30\x01\x00");
	}
	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL,
	    signer), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, &bits[1], &n, tbs.p, tbs.n), 1);
	EVP_MD_CTX_free(ctx);
	return exact(tlv(0x03, da_slice_of(bits, n + 1)), n + 1 +
	    (n + 1 < 0x80 ? 2 : 3));
}

static inline struct da_slice
make_crl(const struct crl_plan *p)
{
	const struct da_slice fields[] = { p->version, p->inner_alg, p->issuer,
	    p->this_update, p->next_update, p->entries, p->extensions };
	struct buf b = { 0 };
	struct da_slice tbs, list;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		put_slice(&b, fields[i]);
	tbs = tlv(0x30, buf_slice(&b));
	list = tlv(0x30, join(join(tbs, p->outer_alg), crl_signature(p->signer,
	    tbs)));
	return exact(list, list.n);
}

#endif

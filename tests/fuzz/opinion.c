/* SPDX-License-Identifier: Apache-2.0 */
#include "opinion.h"

#include "verifier/derwalk.h"

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

/*
 * Critical extensions that OpenSSL does not know and our path processes: it
 * decodes them, and refuses a critical one that is not of its form.
 */
static const char *const processed[] = {
	"1.3.6.1.4.1.412.274.6",	/* DMTF SPDM extension */
	"2.23.133.5.4.1",		/* DICE TcbInfo */
	"2.23.133.5.4.4",		/* DICE Ueid */
	"2.23.133.5.4.5",		/* DICE MultiTcbInfo */
};

static bool
is_processed(X509_EXTENSION *ext)
{
	char oid[80];

	OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(ext), 1);
	for (size_t i = 0; i < sizeof(processed) / sizeof(processed[0]); i++)
		if (strcmp(oid, processed[i]) == 0)
			return true;
	return false;
}

/* Every one of the certificate's that OpenSSL stumbled over is ours. */
static bool
criticals_are_processed(X509_STORE_CTX *ctx)
{
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);

	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *ext = X509_get_ext(x, i);

		if (X509_EXTENSION_get_critical(ext) &&
		    !X509_supported_extension(ext) && !is_processed(ext))
			return false;
	}
	return true;
}

/* RFC 5280 4.1.2.5: the period includes its last second. */
static bool
is_last_second(X509_STORE_CTX *ctx)
{
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(ctx));

	return ASN1_TIME_cmp_time_t(X509_get0_notAfter(x), at) == 0;
}

static bool
has_no_key_usage(X509_STORE_CTX *ctx)
{
	return (X509_get_extension_flags(X509_STORE_CTX_get_current_cert(ctx)) &
	    EXFLAG_KUSAGE) == 0;
}

static bool
always(X509_STORE_CTX *ctx)
{
	(void)ctx;
	return true;
}

/* -- what is forgiven: the error, when, and why -- */

static const struct {
	int error;
	bool (*when)(X509_STORE_CTX *ctx);
} forgiven[] = {
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, criticals_are_processed },
	{ X509_V_ERR_CERT_HAS_EXPIRED, is_last_second },
	/* Key identifiers are hints for who searches; a chain has an order. */
	{ X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, always },
	{ X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, always },
	/* NIST PKITS 4.6.4 wants such a CA accepted. */
	{ X509_V_ERR_CA_BCONS_NOT_CRITICAL, always },
	/* RFC 5280 6.1.4 n: keyUsage binds where it is present. */
	{ X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, has_no_key_usage },
	{ X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, has_no_key_usage },
};

static int
verdict(int ok, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);

	if (ok == 1)
		return 1;
	for (size_t i = 0; i < sizeof(forgiven) / sizeof(forgiven[0]); i++)
		if (error == forgiven[i].error && forgiven[i].when(ctx)) {
			X509_STORE_CTX_set_error(ctx, X509_V_OK);
			return 1;
		}
	return 0;
}

/* -- the question -- */

struct certs {
	X509 *anchor, *leaf;
	STACK_OF(X509) *between;
};

static X509 *
decoded(struct da_slice der)
{
	const unsigned char *at = der.p;

	return d2i_X509(NULL, &at, (long)der.n);
}

static bool
decode(const struct recipe *r, struct certs *ret)
{
	bool all;

	ret->anchor = decoded(r->anchor);
	ret->leaf = decoded(r->cert[r->n - 1]);
	ret->between = sk_X509_new_null();
	all = ret->anchor != NULL && ret->leaf != NULL && ret->between != NULL;
	for (unsigned int i = 0; all && i + 1 < r->n; i++) {
		X509 *x = decoded(r->cert[i]);

		all = x != NULL && sk_X509_push(ret->between, x) > 0;
	}
	return all;
}

static void
release(struct certs *c)
{
	X509_free(c->anchor);
	X509_free(c->leaf);
	sk_X509_pop_free(c->between, X509_free);
}

/* OpenSSL 3.0 verifies them where it is asked directly, and in no path. */
static bool
is_sha3(const X509 *cert)
{
	static const int nids[] = { NID_ecdsa_with_SHA3_256,
	    NID_ecdsa_with_SHA3_384, NID_ecdsa_with_SHA3_512, NID_RSA_SHA3_256,
	    NID_RSA_SHA3_384, NID_RSA_SHA3_512 };

	for (size_t i = 0; i < sizeof(nids) / sizeof(nids[0]); i++)
		if (X509_get_signature_nid(cert) == nids[i])
			return true;
	return false;
}

/*
 * OpenSSL decodes each extension that it knows, and refuses the certificate
 * where one does not.  Ours reads these four; of the others one that is not
 * critical may be anything, and one that is critical is refused.
 */
static bool
fails_by_what_is_not_read(X509 *cert)
{
	static const int read[] = { NID_basic_constraints, NID_key_usage,
	    NID_ext_key_usage, NID_subject_alt_name };

	if ((X509_get_extension_flags(cert) & EXFLAG_INVALID) == 0)
		return false;
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		int at = X509_get_ext_by_NID(cert, read[i], -1);
		X509_EXTENSION *ext = at < 0 ? NULL : X509_get_ext(cert, at);
		void *value = ext == NULL ? NULL : X509V3_EXT_d2i(ext);

		if (ext != NULL && value == NULL)
			return false;
		if (value != NULL)
			ASN1_item_free(value, ASN1_ITEM_ptr(
			    X509V3_EXT_get(ext)->it));
	}
	return true;
}

/*
 * OpenSSL finds issuers by their key identifiers; one that points elsewhere
 * sends its search astray, where a device's order needs no search.  And what is
 * self-issued without identifiers is self-signed to it.
 */
static const char *
why_link_is_not_asked(X509 *cert, X509 *issuer)
{
	int error = X509_check_issued(issuer, cert);

	if (fails_by_what_is_not_read(cert) ||
	    fails_by_what_is_not_read(issuer))
		return "an extension that is not read does not decode";
	if (error == X509_V_ERR_AKID_SKID_MISMATCH ||
	    error == X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH)
		return "a key identifier leads astray";
	if (error == X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM &&
	    is_sha3(cert))
		return "signed by a hash that OpenSSL has no path for";
	if ((X509_get_extension_flags(cert) & EXFLAG_SS) != 0)
		return "self-issued without key identifiers";
	return NULL;
}

static const char *
why_not_asked(const struct certs *c)
{
	int n = sk_X509_num(c->between);
	const char *why = NULL;

	for (int i = 0; i < n && why == NULL; i++)
		why = why_link_is_not_asked(i + 1 < n ?
		    sk_X509_value(c->between, i + 1) : c->leaf,
		    sk_X509_value(c->between, i));
	return why;
}

/* Where in the chain; -1: nowhere. */
static int
place_of(const struct certs *c, const X509 *x)
{
	int n = sk_X509_num(c->between);

	if (X509_cmp(x, c->leaf) == 0)
		return n;
	for (int i = n - 1; i >= 0; i--)
		if (X509_cmp(x, sk_X509_value(c->between, i)) == 0)
			return i;
	return -1;
}

/*
 * OpenSSL takes the first of the issuer's name, and asks no key which of two
 * is meant.  A device's chain has an order: it is told to keep to it.
 */
static int
is_next(X509_STORE_CTX *ctx, X509 *x, X509 *issuer)
{
	const struct certs *c = X509_STORE_CTX_get_ex_data(ctx, 0);
	int place = place_of(c, x), above = place_of(c, issuer);

	return (above == place - 1 || (above == 0 && place == 0)) &&
	    X509_check_issued(issuer, x) == X509_V_OK;
}

/*
 * The anchor is trusted by its bytes, as RFC 5280 6.1.1 d has it: it need not
 * be signed by itself, which is what OpenSSL's "partial chain" means; nor be a
 * CA where it stands alone.  Elsewhere the ordinary rule does.
 */
static unsigned long
flags_for(const struct certs *c)
{
	unsigned long flags = X509_V_FLAG_X509_STRICT;

	if (sk_X509_num(c->between) == 0 ||
	    (X509_get_extension_flags(c->anchor) & EXFLAG_SS) == 0)
		flags |= X509_V_FLAG_PARTIAL_CHAIN;
	return flags;
}

static bool
ask(struct certs *c, int64_t at, struct opinion *ret)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	int rc;

	X509_STORE_add_cert(store, c->anchor);
	X509_STORE_set_check_issued(store, is_next);
	X509_STORE_CTX_init(ctx, store, c->leaf, c->between);
	X509_STORE_CTX_set_ex_data(ctx, 0, c);
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_flags(param, flags_for(c));
	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	/* 112 bits: no key of our profile is below it. */
	X509_VERIFY_PARAM_set_auth_level(param, 2);
	X509_STORE_CTX_set_verify_cb(ctx, verdict);
	rc = X509_verify_cert(ctx);
	ret->text = X509_verify_cert_error_string(
	    X509_STORE_CTX_get_error(ctx));
	ret->depth = X509_STORE_CTX_get_error_depth(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return rc == 1;
}

static bool
is_name(struct da_slice der)
{
	const unsigned char *at = der.p;
	X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)der.n);

	X509_NAME_free(name);
	return name != NULL;
}

/*
 * A name's values are compared and shown as bytes, escaped; that one is not
 * what its tag says, or no string, stops OpenSSL from reading the certificate.
 */
static bool
names_are_read(const struct recipe *r)
{
	for (unsigned int i = 0; i < r->n; i++) {
		struct da_der d = da_der_over(da_cur_of(r->cert[i]),
		    DA_PART_NONE);
		struct da_cert cert;

		if (!da_cert_read(&d, &cert) || !is_name(cert.issuer) ||
		    !is_name(cert.subject))
			return false;
	}
	return true;
}

struct opinion
opinion_of(const struct recipe *r)
{
	struct opinion o = { OPINION_REFUSES, "cannot be decoded", 0 };
	struct certs c = { 0 };
	const char *why;

	if (!names_are_read(r)) {
		o = (struct opinion){ OPINION_NONE, "an odd name", 0 };
	} else if (decode(r, &c)) {
		if ((why = why_not_asked(&c)) != NULL)
			o = (struct opinion){ OPINION_NONE, why, 0 };
		else if (ask(&c, r->at, &o))
			o.says = OPINION_HOLDS;
	}
	release(&c);
	return o;
}

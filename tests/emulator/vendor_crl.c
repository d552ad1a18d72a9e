/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vendor's revocation lists: one of its root, one of its issuing CA, with
 * fixed times on either side of the owner's date.
 */
#include "vendor.h"

#include <stdio.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static const struct {
	const char *this_update, *next_update;
} times[] = {
	[EMU_LISTS_FRESH] = { "261020000000Z", "270120000000Z" },
	[EMU_LISTS_STALE] = { "260120000000Z", "260420000000Z" },
};

static bool
set_time(X509_CRL *crl, const char *text,
    int (*set)(X509_CRL *crl, const ASN1_TIME *t))
{
	ASN1_TIME *t = ASN1_TIME_new();
	bool ok = t != NULL && ASN1_TIME_set_string(t, text) == 1 &&
	    set(crl, t) == 1;

	ASN1_TIME_free(t);
	return ok;
}

/* RFC 5280 5.2.1 and 5.2.3: whose key it is, and the how manieth. */
static bool
add_extensions(X509_CRL *crl, X509 *issuer)
{
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	X509_EXTENSION *ext;
	X509V3_CTX ctx;
	bool ok;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
	ext = X509V3_EXT_nconf(NULL, &ctx, "authorityKeyIdentifier",
	    "keyid:always");
	ok = ext != NULL && X509_CRL_add_ext(crl, ext, -1) == 1 &&
	    number != NULL && ASN1_INTEGER_set(number, 1) == 1 &&
	    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;
	X509_EXTENSION_free(ext);
	ASN1_INTEGER_free(number);
	return ok;
}

static bool
add_entry(X509_CRL *crl, X509 *cert)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *since = ASN1_TIME_dup(X509_CRL_get0_lastUpdate(crl));
	bool ok = entry != NULL && since != NULL &&
	    X509_REVOKED_set_serialNumber(entry,
	    X509_get_serialNumber(cert)) == 1 &&
	    X509_REVOKED_set_revocationDate(entry, since) == 1 &&
	    X509_CRL_add0_revoked(crl, entry) == 1;

	ASN1_TIME_free(since);
	if (!ok)
		X509_REVOKED_free(entry);
	return ok;
}

static bool
fill(X509_CRL *crl, const struct emu_identity *issuer,
    enum emu_lists which, X509 *const *revoked, size_t n)
{
	bool ok = X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
	    X509_CRL_set_issuer_name(crl,
	    X509_get_subject_name(issuer->cert)) == 1 &&
	    set_time(crl, times[which].this_update,
	    X509_CRL_set1_lastUpdate) &&
	    set_time(crl, times[which].next_update, X509_CRL_set1_nextUpdate);

	for (size_t i = 0; i < n && ok; i++)
		ok = add_entry(crl, revoked[i]);
	return ok && add_extensions(crl, issuer->cert) &&
	    X509_CRL_sort(crl) == 1 &&
	    X509_CRL_sign(crl, issuer->key, EVP_sha384()) > 0;
}

static bool
write_list(const struct emu_identity *issuer, enum emu_lists which,
    X509 *const *revoked, size_t n, const char *path,
    int (*put)(FILE *f, const X509_CRL *crl))
{
	X509_CRL *crl = X509_CRL_new();
	FILE *f = fopen(path, "we");
	bool ok = crl != NULL && f != NULL &&
	    fill(crl, issuer, which, revoked, n) && put(f, crl) == 1;

	X509_CRL_free(crl);
	return (f == NULL || fclose(f) == 0) && ok;
}

/* One of each form: an owner may have either. */
bool
emu_vendor_write_lists(const struct emu_vendor *vendor, enum emu_lists which,
    X509 *const *revoked, size_t n, const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/root.crl", dir);
	if (!write_list(&vendor->root, which, NULL, 0, path,
	    PEM_write_X509_CRL))
		return false;
	snprintf(path, sizeof(path), "%s/issuer.crl", dir);
	return write_list(&vendor->issuer, which, revoked, n, path,
	    i2d_X509_CRL_fp);
}

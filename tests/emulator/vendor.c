/* SPDX-License-Identifier: Apache-2.0 */
#include "vendor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* Fixed, so that no clock takes part; the owner's policy has a date inside. */
#define NOT_BEFORE	"260101000000Z"
#define NOT_AFTER	"451231235959Z"

struct extension {
	const char *name, *value;
};

static const struct extension root_extensions[] = {
	{ "basicConstraints", "critical,CA:TRUE,pathlen:1" },
	{ "keyUsage", "critical,keyCertSign,cRLSign" },
	{ "subjectKeyIdentifier", "hash" },
	{ NULL, NULL }
};

static const struct extension issuer_extensions[] = {
	{ "basicConstraints", "critical,CA:TRUE,pathlen:0" },
	{ "keyUsage", "critical,keyCertSign,cRLSign" },
	{ "subjectKeyIdentifier", "hash" },
	{ "authorityKeyIdentifier", "keyid" },
	{ NULL, NULL }
};

/* DSP0274's profile of a device certificate (not an alias). */
static const struct extension leaf_extensions[] = {
	{ "basicConstraints", "critical,CA:FALSE" },
	{ "keyUsage", "critical,digitalSignature" },
	{ "subjectKeyIdentifier", "hash" },
	{ "authorityKeyIdentifier", "keyid" },
	/* id-DMTF-eku-responder-auth */
	{ "extendedKeyUsage", "1.3.6.1.4.1.412.274.3" },
	/* id-DMTF-spdm-extension { id-DMTF-hardware-identity } */
	{ "1.3.6.1.4.1.412.274.6",
	    "DER:300e300c060a2b06010401831c821202" },
	{ NULL, NULL }
};

static bool
add_extension(X509V3_CTX *ctx, X509 *cert, const struct extension *e)
{
	X509_EXTENSION *ext = X509V3_EXT_nconf(NULL, ctx, e->name, e->value);
	bool ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;

	X509_EXTENSION_free(ext);
	return ok;
}

/* What a leaf says whose it is. */
struct names {
	const char *serial;
	const char *pci;	/* NULL: none */
};

/*
 * id-DMTF-device-info, Manufacturer:Product:Serial, and, where there is one,
 * the name of the PCI function (PCIe CMA).
 */
static bool
add_names(X509V3_CTX *ctx, X509 *cert, const struct names *names)
{
	char text[320];
	struct extension e = { "subjectAltName", text };

	snprintf(text, sizeof(text), "otherName:1.3.6.1.4.1.412.274.1;UTF8:"
	    "devattest emulated:NIC:%s%s%s", names->serial,
	    names->pci == NULL ? "" : ",otherName:2.23.147;UTF8:",
	    names->pci == NULL ? "" : names->pci);
	return add_extension(ctx, cert, &e);
}

static bool
set_serial(X509 *cert)
{
	uint8_t raw[16];
	BIGNUM *n;
	bool ok;

	emu_random(raw, sizeof(raw));
	raw[0] = (uint8_t)((raw[0] & 0x3f) | 0x40);
	n = BN_bin2bn(raw, sizeof(raw), NULL);
	ok = n != NULL &&
	    BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL;
	BN_free(n);
	return ok;
}

static bool
set_name(X509 *cert, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
	    (const unsigned char *)"devattest emulated", -1, -1, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)common_name, -1, -1, 0) == 1;
}

static bool
fill(X509 *cert, EVP_PKEY *key, const struct emu_identity *by,
    const char *common_name)
{
	return X509_set_version(cert, X509_VERSION_3) == 1 &&
	    set_serial(cert) && set_name(cert, common_name) &&
	    X509_set_issuer_name(cert,
	    X509_get_subject_name(by->cert)) == 1 &&
	    ASN1_TIME_set_string(X509_getm_notBefore(cert), NOT_BEFORE) == 1 &&
	    ASN1_TIME_set_string(X509_getm_notAfter(cert), NOT_AFTER) == 1 &&
	    X509_set_pubkey(cert, key) == 1;
}

/* Signed by `by`, or by itself where that is NULL; `names` may be NULL. */
static bool
certify(struct emu_identity *it, const struct emu_identity *by,
    const char *common_name, const struct extension *extensions,
    const struct names *names)
{
	X509V3_CTX ctx;
	bool ok;

	if (by == NULL)
		by = it;
	if (!fill(it->cert, it->key, by, common_name))
		return false;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, by->cert, it->cert, NULL, NULL, 0);
	ok = true;
	for (const struct extension *e = extensions; e->name != NULL && ok; e++)
		ok = add_extension(&ctx, it->cert, e);
	if (names != NULL)
		ok = ok && add_names(&ctx, it->cert, names);
	return ok && X509_sign(it->cert, by->key, EVP_sha384()) > 0;
}

static bool
identity_make(const struct emu_identity *by, const char *common_name,
    const struct extension *extensions, const struct names *names,
    struct emu_identity *ret)
{
	struct emu_identity it = { EVP_EC_gen("P-384"), X509_new() };

	if (it.key != NULL && it.cert != NULL &&
	    certify(&it, by, common_name, extensions, names)) {
		*ret = it;
		return true;
	}
	emu_identity_free(&it);
	return false;
}

bool
emu_vendor_make(const char *name, struct emu_vendor *ret)
{
	struct emu_vendor v = { 0 };
	char text[128];

	snprintf(v.name, sizeof(v.name), "%s", name);
	snprintf(text, sizeof(text), "%s root CA (emulated)", v.name);
	if (!identity_make(NULL, text, root_extensions, NULL, &v.root))
		return false;
	snprintf(text, sizeof(text), "%s device CA (emulated)", v.name);
	if (!identity_make(&v.root, text, issuer_extensions, NULL,
	    &v.issuer)) {
		emu_vendor_free(&v);
		return false;
	}
	*ret = v;
	return true;
}

void
emu_identity_free(struct emu_identity *identity)
{
	X509_free(identity->cert);
	EVP_PKEY_free(identity->key);
	memset(identity, 0, sizeof(*identity));
}

void
emu_vendor_free(struct emu_vendor *vendor)
{
	emu_identity_free(&vendor->root);
	emu_identity_free(&vendor->issuer);
}

bool
emu_vendor_issue(const struct emu_vendor *vendor, const char *serial,
    const char *pci_name, struct emu_identity *ret)
{
	const struct names names = { serial, pci_name };
	char text[128];

	snprintf(text, sizeof(text), "%s device %s (emulated)", vendor->name,
	    serial);
	return identity_make(&vendor->issuer, text, leaf_extensions, &names,
	    ret);
}

bool
emu_put_cert(struct emu_bytes *b, X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);

	if (n <= 0)
		return false;
	emu_put(b, der, (size_t)n);
	OPENSSL_free(der);
	return !b->full;
}

bool
emu_key_digest(X509 *cert, uint8_t ret[48])
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	struct da_slice spki = da_slice_of(der, n > 0 ? (size_t)n : 0);
	bool ok = n > 0 && emu_sha384(&spki, 1, ret);

	OPENSSL_free(der);
	return ok;
}

bool
emu_vendor_write_root(const struct emu_vendor *vendor, const char *path)
{
	FILE *f = fopen(path, "we");
	bool ok;

	if (f == NULL)
		return false;
	ok = PEM_write_X509(f, vendor->root.cert) == 1;
	return fclose(f) == 0 && ok;
}

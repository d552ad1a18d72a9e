/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An emulated device vendor: a root CA and an issuing CA with keys made at run
 * time, and the leaf certificates of its devices.  P-384 and SHA-384 only.
 */
#ifndef EMU_VENDOR_H
#define EMU_VENDOR_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "bytes.h"

struct emu_identity {
	EVP_PKEY *key;
	X509 *cert;
};

struct emu_vendor {
	char name[64];
	struct emu_identity root, issuer;
};

bool	emu_vendor_make(const char *name, struct emu_vendor *ret);
void	emu_vendor_free(struct emu_vendor *vendor);
/* A device's own key and its certificate; `pci_name` may be NULL: no name. */
bool	emu_vendor_issue(const struct emu_vendor *vendor, const char *serial,
	    const char *pci_name, struct emu_identity *ret);
void	emu_identity_free(struct emu_identity *identity);
/* Appends the certificate as DER. */
bool	emu_put_cert(struct emu_bytes *b, X509 *cert);
/* SHA-384 of the SubjectPublicKeyInfo as DER. */
bool	emu_key_digest(X509 *cert, uint8_t ret[48]);
/* The root as PEM, for the owner's roots folder. */
bool	emu_vendor_write_root(const struct emu_vendor *vendor,
	    const char *path);

/* -- vendor_crl.c -- */
enum emu_lists { EMU_LISTS_FRESH, EMU_LISTS_STALE };

/* DIR/root.crl and DIR/issuer.crl; the second names what was revoked. */
bool	emu_vendor_write_lists(const struct emu_vendor *vendor,
	    enum emu_lists which, X509 *const *revoked, size_t n,
	    const char *dir);

#endif

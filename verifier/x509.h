/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One X.509 certificate, read as views by the strict DER walk.  Decodes, never
 * decides: path.c says which certificates may follow each other.
 */
#ifndef DA_X509_H
#define DA_X509_H

#include "algs.h"
#include "caps.h"
#include "faults.h"

enum {				/* keyUsage, RFC 5280 4.2.1.3 */
	DA_KU_DIGITAL_SIGNATURE = 1 << 0,
	DA_KU_CERT_SIGN = 1 << 5,
	DA_KU_CRL_SIGN = 1 << 6
};

struct da_extension {
	struct da_slice oid;	/* contents of the OBJECT IDENTIFIER */
	struct da_slice value;	/* contents of extnValue */
	bool critical;
	size_t at;		/* offset of the extension in its part */
};

struct da_cert {
	struct da_slice der;		/* the whole certificate */
	struct da_slice tbs;		/* the signed bytes */
	struct da_slice serial;
	struct da_slice issuer, subject;	/* Name, with its header */
	int64_t not_before, not_after;	/* seconds since 1970, UTC */
	struct da_slice spki;		/* SubjectPublicKeyInfo, with header */
	struct da_slice key_alg;	/* its AlgorithmIdentifier, whole */
	struct da_slice sig_alg;	/* AlgorithmIdentifier, whole */
	struct da_slice signature;
	bool has_basic, is_ca, has_path_length;
	uint32_t path_length;
	bool has_key_usage;
	uint32_t key_usage;
	struct da_slice eku;		/* contents; n 0: absent */
	uint16_t n_ext;
	struct da_extension ext[DA_MAX_EXTENSIONS];
};

/* The next certificate at the walk's cursor. */
struct da_der;
bool	da_cert_read(struct da_der *d, struct da_cert *ret);
/* NULL: it has none of this OID. */
const struct da_extension *da_cert_extension(const struct da_cert *cert,
	    struct da_slice oid);
/*
 * Which row the certificate's own key belongs to where it signs by `scheme`
 * (NONE: by any); DA_ASYM_NONE: to none that we know.
 */
enum da_asym da_cert_key_kind(const struct da_cert *cert,
	    enum da_scheme scheme);
/* How a certificate was signed. */
struct da_cert_sig {
	enum da_scheme scheme;
	enum da_hash hash;	/* NONE where the scheme has its own */
	enum da_asym asym;	/* the one row it names; NONE: any of those */
};
/* False: by no algorithm that we know.  `alg`: AlgorithmIdentifier, whole. */
bool	da_sig_alg_kind(struct da_slice alg, struct da_cert_sig *ret);
bool	da_cert_sig_kind(const struct da_cert *cert, struct da_cert_sig *ret);
/* The row by which this issuer's key signs so; NONE: it does not. */
enum da_asym da_cert_signer_kind(const struct da_cert *issuer,
	    const struct da_cert_sig *how);
/* NIST's OIDs of digests, contents only; NONE for any other. */
enum da_hash da_hash_of_oid(struct da_slice oid);
/* What is signed, in the form that certificates and lists of them share. */
struct da_signed {
	struct da_slice alg, tbs, signature;
};
/* Their common fields: a Name, whole; UTC in seconds; one extension. */
struct da_slice da_x509_name(struct da_der *d);
int64_t	da_x509_time(struct da_der *d);
struct da_extension da_x509_extension(struct da_der *d);
/* "CN=...,O=..." printable, escaped, cut to size; for people. */
void	da_name_text(struct da_slice name, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a certificate's own key is, and how the certificate was signed. */
#include "x509.h"

#include "derwalk.h"
#include "spki.h"

enum da_asym
da_cert_key_kind(const struct da_cert *cert, enum da_scheme scheme)
{
	struct da_spki spki;

	return da_spki_read(cert->spki, scheme, &spki) ? spki.asym :
	    DA_ASYM_NONE;
}

/*
 * AlgorithmIdentifiers, whole.  RFC 5758 3.2 and RFC 8410 3: ECDSA and EdDSA
 * have no parameters.  RFC 4055 5: RSA's are NULL, and may be absent.  Of
 * sm2-with-sm3 both are in use: OpenSSL writes none, others write NULL.
 */
#define ROW(der) der, sizeof(der) - 1
#define ECDSA_SHA2 "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03"
#define RSA_SHA2 "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define SM2_SM3 "\x06\x08\x2a\x81\x1c\xcf\x55\x01\x83\x75"
#define NIST_SIG "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03"
#define BARE "\x30\x0b"
#define WITH_NULL "\x30\x0d"
#define NONE "\x05\x00"

static const struct {
	enum da_scheme scheme;
	enum da_hash hash;
	const char *der;
	size_t n;
} sig_kinds[] = {
	{ DA_SCHEME_ECDSA, DA_HASH_SHA256, ROW(ECDSA_SHA2 "\x02") },
	{ DA_SCHEME_ECDSA, DA_HASH_SHA384, ROW(ECDSA_SHA2 "\x03") },
	{ DA_SCHEME_ECDSA, DA_HASH_SHA512, ROW(ECDSA_SHA2 "\x04") },
	{ DA_SCHEME_ECDSA, DA_HASH_SHA3_256, ROW(BARE NIST_SIG "\x0a") },
	{ DA_SCHEME_ECDSA, DA_HASH_SHA3_384, ROW(BARE NIST_SIG "\x0b") },
	{ DA_SCHEME_ECDSA, DA_HASH_SHA3_512, ROW(BARE NIST_SIG "\x0c") },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA256,
	    ROW(WITH_NULL RSA_SHA2 "\x0b" NONE) },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA384,
	    ROW(WITH_NULL RSA_SHA2 "\x0c" NONE) },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA512,
	    ROW(WITH_NULL RSA_SHA2 "\x0d" NONE) },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA256, ROW(BARE RSA_SHA2 "\x0b") },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA384, ROW(BARE RSA_SHA2 "\x0c") },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA512, ROW(BARE RSA_SHA2 "\x0d") },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA3_256,
	    ROW(WITH_NULL NIST_SIG "\x0e" NONE) },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA3_384,
	    ROW(WITH_NULL NIST_SIG "\x0f" NONE) },
	{ DA_SCHEME_RSASSA, DA_HASH_SHA3_512,
	    ROW(WITH_NULL NIST_SIG "\x10" NONE) },
	{ DA_SCHEME_SM2, DA_HASH_NONE, ROW("\x30\x0a" SM2_SM3) },
	{ DA_SCHEME_SM2, DA_HASH_NONE, ROW("\x30\x0c" SM2_SM3 NONE) },
	{ DA_SCHEME_ED25519, DA_HASH_NONE,
	    ROW("\x30\x05\x06\x03\x2b\x65\x70") },
	{ DA_SCHEME_ED448, DA_HASH_NONE,
	    ROW("\x30\x05\x06\x03\x2b\x65\x71") },
};

/* -- RSASSA-PSS (RFC 4055 3.1): parameters of one form only -- */

static const char id_pss[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
static const char id_mgf1[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";

/* 2.16.840.1.101.3.4.2.arc */
#define NIST_HASH "\x60\x86\x48\x01\x65\x03\x04\x02"

static const struct {
	enum da_hash hash;
	const char *oid;
} hash_oids[] = {
	{ DA_HASH_SHA256, NIST_HASH "\x01" },
	{ DA_HASH_SHA384, NIST_HASH "\x02" },
	{ DA_HASH_SHA512, NIST_HASH "\x03" },
	{ DA_HASH_SHA3_256, NIST_HASH "\x08" },
	{ DA_HASH_SHA3_384, NIST_HASH "\x09" },
	{ DA_HASH_SHA3_512, NIST_HASH "\x0a" },
};

enum da_hash
da_hash_of_oid(struct da_slice oid)
{
	for (size_t i = 0; i < sizeof(hash_oids) / sizeof(hash_oids[0]); i++)
		if (da_slice_eq(oid, da_slice_of(hash_oids[i].oid, 9)))
			return hash_oids[i].hash;
	return DA_HASH_NONE;
}

/* RFC 4055 2.1: the parameters are NULL or absent. */
static enum da_hash
read_hash_id(struct da_der *d)
{
	struct da_der in = da_der_enter(d, DA_DER_SEQUENCE);
	struct da_slice oid = da_der_oid(&in);

	if (da_der_peek(&in) != 0 &&
	    da_der_take(&in, DA_DER_NULL).n != 0)
		da_der_refuse(&in, DA_F_DER_VALUE);
	da_der_leave(d, &in);
	return da_hash_of_oid(oid);
}

static enum da_hash
read_tagged_hash(struct da_der *d)
{
	struct da_der in = da_der_enter(d, 0xa0);
	enum da_hash hash = read_hash_id(&in);

	da_der_leave(d, &in);
	return hash;
}

static enum da_hash
read_mask(struct da_der *d)
{
	struct da_der tagged = da_der_enter(d, 0xa1);
	struct da_der in = da_der_enter(&tagged, DA_DER_SEQUENCE);
	bool is_mgf1 = da_slice_eq(da_der_oid(&in), da_slice_of(id_mgf1,
	    sizeof(id_mgf1) - 1));
	enum da_hash hash = read_hash_id(&in);

	da_der_leave(&tagged, &in);
	da_der_leave(d, &tagged);
	return is_mgf1 ? hash : DA_HASH_NONE;
}

static uint32_t
read_salt(struct da_der *d)
{
	struct da_der in = da_der_enter(d, 0xa2);
	uint32_t size = da_der_small_int(&in);

	da_der_leave(d, &in);
	return size;
}

/*
 * The same hash for message and mask and a salt of its size, as SPDM has it.
 * What a default stands for (SHA-1, 20 bytes) is not among them; the trailer
 * has one value, the default, which DER leaves out.
 */
static enum da_hash
pss_hash(struct da_slice sig_alg)
{
	struct da_der d = da_der_over(da_cur_of(sig_alg), DA_PART_NONE);
	struct da_der in = da_der_enter(&d, DA_DER_SEQUENCE);
	bool is_pss = da_slice_eq(da_der_oid(&in), da_slice_of(id_pss,
	    sizeof(id_pss) - 1));
	struct da_der params = da_der_enter(&in, DA_DER_SEQUENCE);
	enum da_hash hash = read_tagged_hash(&params);
	enum da_hash mask = read_mask(&params);
	uint32_t salt = read_salt(&params);

	da_der_leave(&in, &params);
	da_der_leave(&d, &in);
	if (!da_der_ok(&d) || !da_all_read(&d.c) || !is_pss || mask != hash ||
	    salt != da_hash_alg(hash)->size)
		return DA_HASH_NONE;
	return hash;
}

bool
da_sig_alg_kind(struct da_slice alg, struct da_cert_sig *ret)
{
	enum da_asym asym = da_spki_nist_kind(alg);
	enum da_hash hash;

	if (asym != DA_ASYM_NONE) {
		*ret = (struct da_cert_sig){ da_asym_alg(asym)->scheme,
		    DA_HASH_NONE, asym };
		return true;
	}
	for (size_t i = 0; i < sizeof(sig_kinds) / sizeof(sig_kinds[0]); i++)
		if (da_slice_eq(alg, da_slice_of(sig_kinds[i].der,
		    sig_kinds[i].n))) {
			*ret = (struct da_cert_sig){ sig_kinds[i].scheme,
			    sig_kinds[i].hash, DA_ASYM_NONE };
			return true;
		}
	hash = pss_hash(alg);
	if (hash == DA_HASH_NONE)
		return false;
	*ret = (struct da_cert_sig){ DA_SCHEME_RSAPSS, hash, DA_ASYM_NONE };
	return true;
}

/* A key of one kind makes no signature of another. */
enum da_asym
da_cert_signer_kind(const struct da_cert *issuer, const struct da_cert_sig *how)
{
	enum da_asym kind = da_cert_key_kind(issuer, how->scheme);

	return how->asym == DA_ASYM_NONE || how->asym == kind ? kind :
	    DA_ASYM_NONE;
}

bool
da_cert_sig_kind(const struct da_cert *cert, struct da_cert_sig *ret)
{
	return da_sig_alg_kind(cert->sig_alg, ret);
}

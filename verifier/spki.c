/* SPDX-License-Identifier: Apache-2.0 */
#include "spki.h"

#include "derwalk.h"

/* -- algorithm identifiers: whole, so that parameters are bound, too -- */

#define EC_KEY "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define SM2_CURVE "\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d"
#define ROW(der) der, sizeof(der) - 1

static const struct {
	enum da_asym asym;
	const char *der;
	size_t n;
} kinds[] = {
	{ DA_ASYM_ECDSA_P256, ROW("\x30\x13" EC_KEY
	    "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07") },
	{ DA_ASYM_ECDSA_P384, ROW("\x30\x10" EC_KEY
	    "\x06\x05\x2b\x81\x04\x00\x22") },
	{ DA_ASYM_ECDSA_P521, ROW("\x30\x10" EC_KEY
	    "\x06\x05\x2b\x81\x04\x00\x23") },
	/* sm2p256v1, under the key type that all curves have. */
	{ DA_ASYM_SM2, ROW("\x30\x13" EC_KEY SM2_CURVE) },
	/* The same curve named twice, as OpenSSL 3 writes its keys. */
	{ DA_ASYM_SM2, ROW("\x30\x14" SM2_CURVE SM2_CURVE) },
	{ DA_ASYM_ED25519, ROW("\x30\x05\x06\x03\x2b\x65\x70") },
	{ DA_ASYM_ED448, ROW("\x30\x05\x06\x03\x2b\x65\x71") },
};

/* rsaEncryption; its parameters are NULL (RFC 4055 1.2). */
static const char rsa[] =
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/*
 * RFC 9881 and RFC 9909: ML-DSA and SLH-DSA have no parameters, and one OID for
 * keys and signatures.
 */
static const char nist[] = "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03";

enum da_asym
da_spki_nist_kind(struct da_slice alg)
{
	size_t n = sizeof(nist) - 1;
	struct da_slice head;

	if (alg.n != n + 1 || !da_slice_cut(alg, 0, n, &head) ||
	    !da_slice_eq(head, da_slice_of(nist, n)))
		return DA_ASYM_NONE;
	return da_asym_of_arc(alg.p[n]);
}

static enum da_asym
kind_of(struct da_slice alg)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (da_slice_eq(alg, da_slice_of(kinds[i].der, kinds[i].n)))
			return kinds[i].asym;
	return da_spki_nist_kind(alg);
}

/*
 * FIPS 186: the exponent is odd and above 2^16.  One over 2^31 makes nothing
 * safer and each verification dearer.
 */
#define MIN_EXPONENT	65537u

/* RSAPublicKey: both numbers positive and minimal, the modulus odd. */
static bool
read_rsa(struct da_slice bits, struct da_spki *ret)
{
	struct da_der d = da_der_over(da_cur_of(bits), DA_PART_NONE);
	struct da_der in = da_der_enter(&d, DA_DER_SEQUENCE);
	struct da_slice n = da_der_take(&in, DA_DER_INTEGER);
	uint32_t e = da_der_small_int(&in);

	da_der_leave(&d, &in);
	if (!da_der_ok(&d) || !da_all_read(&d.c) || e < MIN_EXPONENT ||
	    e % 2 == 0)
		return false;
	if (n.n < 2 || n.p[0] != 0 || n.p[1] < 0x80 || n.p[n.n - 1] % 2 == 0)
		return false;
	ret->exponent = e;
	return da_slice_cut(n, 1, n.n - 1, &ret->modulus);
}

/* The modulus has the row's size to the bit: its first bit is set. */
static enum da_asym
rsa_row(size_t size, enum da_scheme scheme)
{
	for (int i = DA_ASYM_NONE + 1; i < DA_ASYM_COUNT; i++) {
		const struct da_asym_alg *alg = da_asym_alg((enum da_asym)i);

		if (alg->scheme == scheme && alg->size == size)
			return (enum da_asym)i;
	}
	return DA_ASYM_NONE;
}

bool
da_spki_read(struct da_slice spki, enum da_scheme scheme, struct da_spki *ret)
{
	struct da_der d = da_der_over(da_cur_of(spki), DA_PART_NONE);
	struct da_der in = da_der_enter(&d, DA_DER_SEQUENCE);
	struct da_slice alg = da_der_element(&in);
	struct da_slice bits = da_der_octet_bits(&in);
	struct da_spki got = { .asym = kind_of(alg), .key = bits };

	da_der_leave(&d, &in);
	if (!da_der_ok(&d) || !da_all_read(&d.c))
		return false;
	if (da_slice_eq(alg, da_slice_of(rsa, sizeof(rsa) - 1))) {
		got.key = da_slice_of(NULL, 0);
		if (scheme == DA_SCHEME_NONE)
			scheme = DA_SCHEME_RSASSA;
		if ((scheme != DA_SCHEME_RSASSA &&
		    scheme != DA_SCHEME_RSAPSS) || !read_rsa(bits, &got))
			return false;
		got.asym = rsa_row(got.modulus.n, scheme);
	}
	if (got.asym == DA_ASYM_NONE || (scheme != DA_SCHEME_NONE &&
	    scheme != da_asym_alg(got.asym)->scheme))
		return false;
	*ret = got;
	return true;
}

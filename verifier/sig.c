/* SPDX-License-Identifier: Apache-2.0 */
#include "sig.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

struct da_key {
	enum da_asym asym;
	EVP_PKEY *pkey;
};

/* The key's own group must be the row's: size and curve are never the key's. */
static bool
is_on_curve(const EVP_PKEY *pkey, const char *curve)
{
	char group[32];
	size_t n;

	return curve != NULL && EVP_PKEY_is_a(pkey, "EC") &&
	    EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME,
	    group, sizeof(group), &n) == 1 && strcmp(group, curve) == 0;
}

static EVP_PKEY *
decode(struct da_slice spki)
{
	const unsigned char *at = spki.p;
	EVP_PKEY *pkey;

	if (spki.n > DA_MAX_CHAIN)
		return NULL;
	pkey = d2i_PUBKEY(NULL, &at, (long)spki.n);
	/* d2i stops where it likes: all of it, or it is no key. */
	if (pkey != NULL &&
	    da_slice_offset(spki, da_slice_of(at, 0)) != spki.n) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

struct da_key *
da_key_read(enum da_asym asym, struct da_slice spki)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);
	EVP_PKEY *pkey = decode(spki);
	struct da_key *key = NULL;

	if (pkey != NULL && alg->built && is_on_curve(pkey, alg->curve))
		key = OPENSSL_zalloc(sizeof(*key));
	if (key == NULL) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	key->asym = asym;
	key->pkey = pkey;
	return key;
}

void
da_key_free(struct da_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

/* r || s, big-endian, to the DER that EVP takes; n 0 on failure. */
static size_t
der_of_raw(struct da_slice raw, uint8_t coord, uint8_t *buf, size_t size)
{
	struct da_slice r, s;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *bn_r = NULL, *bn_s = NULL;
	unsigned char *at = buf;
	int n = 0;

	if (sig != NULL && da_slice_cut(raw, 0, coord, &r) &&
	    da_slice_cut(raw, coord, coord, &s)) {
		bn_r = BN_bin2bn(r.p, (int)r.n, NULL);
		bn_s = BN_bin2bn(s.p, (int)s.n, NULL);
	}
	if (bn_r != NULL && bn_s != NULL &&
	    ECDSA_SIG_set0(sig, bn_r, bn_s) == 1) {
		bn_r = bn_s = NULL;	/* the signature's now */
		if (i2d_ECDSA_SIG(sig, NULL) <= (int)size)
			n = i2d_ECDSA_SIG(sig, &at);
	}
	BN_free(bn_r);
	BN_free(bn_s);
	ECDSA_SIG_free(sig);
	return n > 0 ? (size_t)n : 0;
}

static bool
verify_digest(const struct da_key *key, const struct da_hash_value *digest,
    struct da_slice der)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	bool right = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_verify(ctx, der.p, der.n, digest->bytes, digest->n) == 1;

	EVP_PKEY_CTX_free(ctx);
	return right;
}

enum da_sig_result
da_sig_x509(const struct da_key *key, enum da_hash hash,
    struct da_slice message, struct da_slice signature)
{
	struct da_hash_value digest = da_hash_of(hash, message);

	if (digest.n == 0)
		return DA_SIG_UNSUPPORTED;
	return verify_digest(key, &digest, signature) ? DA_SIG_RIGHT :
	    DA_SIG_WRONG;
}

enum da_sig_result
da_sig_spdm(const struct da_key *key, enum da_hash hash,
    struct da_slice message, struct da_slice signature)
{
	const struct da_asym_alg *alg = da_asym_alg(key->asym);
	uint8_t der[DA_MAX_SIGNATURE];
	size_t n;

	if (signature.n != alg->sig_size)
		return DA_SIG_WRONG;
	n = der_of_raw(signature, alg->coord, der, sizeof(der));
	if (n == 0)
		return DA_SIG_WRONG;
	return da_sig_x509(key, hash, message, da_slice_of(der, n));
}

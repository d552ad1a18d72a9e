/* SPDX-License-Identifier: Apache-2.0 */
#include "sig.h"

#include "ossl.h"
#include "spki.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <pthread.h>

struct da_key {
	enum da_asym asym;
	EVP_PKEY *pkey;
};

/* -- what the linked OpenSSL has -- */

/* OpenSSL 3.2's name; before it Ed448 verifies with an empty context only. */
#define CONTEXT_PARAM	"context-string"

static bool can[DA_ASYM_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* DSP0274 signing: the context's text stands in the message, and here, too. */
static bool
takes_context(enum da_scheme scheme)
{
	return scheme == DA_SCHEME_ED448;
}

static bool
is_there(const struct da_asym_alg *alg)
{
	EVP_SIGNATURE *sig = EVP_SIGNATURE_fetch(da_ossl(), alg->openssl,
	    NULL);
	const OSSL_PARAM *params;
	bool there = sig != NULL;

	if (there && takes_context(alg->scheme)) {
		params = EVP_SIGNATURE_settable_ctx_params(sig);
		there = params != NULL && OSSL_PARAM_locate_const(params,
		    CONTEXT_PARAM) != NULL;
	}
	EVP_SIGNATURE_free(sig);
	return there;
}

static void
look_for_all(void)
{
	if (da_ossl() == NULL)
		return;		/* NULL would be the program's own context */
	ERR_set_mark();
	for (int a = DA_ASYM_NONE + 1; a < DA_ASYM_COUNT; a++) {
		const struct da_asym_alg *alg = da_asym_alg((enum da_asym)a);

		can[a] = alg->built && is_there(alg);
	}
	ERR_pop_to_mark();
}

bool
da_sig_can(enum da_asym asym)
{
	pthread_once(&once, look_for_all);
	return (unsigned int)asym < DA_ASYM_COUNT && can[asym];
}

/* -- keys: made of numbers that our own walk read -- */

static EVP_PKEY *
key_from(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(da_ossl(), type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

#define UNCOMPRESSED	4	/* SEC 1 2.3.3; the form of RFC 5480 */

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *
ec_key(const struct da_asym_alg *alg, struct da_slice point)
{
	OSSL_PARAM params[3];

	if (point.n != 1u + 2u * alg->size || point.p[0] != UNCOMPRESSED)
		return NULL;
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)alg->group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
	    (void *)(uintptr_t)point.p, point.n);
	params[2] = OSSL_PARAM_construct_end();
	return key_from("EC", params);
}

static EVP_PKEY *
rsa_key(const struct da_spki *spki)
{
	BIGNUM *n = BN_bin2bn(spki->modulus.p, (int)spki->modulus.n, NULL);
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (n != NULL && builder != NULL && OSSL_PARAM_BLD_push_BN(builder,
	    OSSL_PKEY_PARAM_RSA_N, n) == 1 && OSSL_PARAM_BLD_push_uint32(
	    builder, OSSL_PKEY_PARAM_RSA_E, spki->exponent) == 1)
		params = OSSL_PARAM_BLD_to_param(builder);
	if (params != NULL)
		pkey = key_from("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	return pkey;
}

static EVP_PKEY *
raw_key(const struct da_asym_alg *alg, struct da_slice key)
{
	if (key.n != alg->size)
		return NULL;
	return EVP_PKEY_new_raw_public_key_ex(da_ossl(), alg->openssl, NULL,
	    key.p, key.n);
}

static EVP_PKEY *
make_pkey(const struct da_asym_alg *alg, const struct da_spki *spki)
{
	switch (alg->scheme) {
	case DA_SCHEME_ECDSA:
		return ec_key(alg, spki->key);
	case DA_SCHEME_RSASSA:
	case DA_SCHEME_RSAPSS:
		return rsa_key(spki);
	case DA_SCHEME_ED25519:
	case DA_SCHEME_ED448:
		return raw_key(alg, spki->key);
	case DA_SCHEME_NONE:
	case DA_SCHEME_SM2:
	case DA_SCHEME_MLDSA:
	case DA_SCHEME_SLHDSA:
		break;
	}
	return NULL;
}

struct da_key *
da_key_read(enum da_asym asym, struct da_slice spki)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);
	struct da_spki parts;
	struct da_key *key;

	if (!alg->built || da_ossl() == NULL ||
	    !da_spki_read(spki, alg->scheme, &parts) || parts.asym != asym)
		return NULL;
	key = OPENSSL_zalloc(sizeof(*key));
	if (key == NULL)
		return NULL;
	ERR_set_mark();
	*key = (struct da_key){ asym, make_pkey(alg, &parts) };
	ERR_pop_to_mark();
	if (key->pkey != NULL)
		return key;
	da_key_free(key);
	return NULL;
}

void
da_key_free(struct da_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	OPENSSL_free(key);
}

/* -- signatures -- */

/* r || s, big-endian, to the DER that EVP takes; n 0 on failure. */
static size_t
der_of_raw(struct da_slice raw, uint16_t size, uint8_t *buf, size_t room)
{
	struct da_slice r, s;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *bn_r = NULL, *bn_s = NULL;
	unsigned char *at = buf;
	int n = 0;

	if (sig != NULL && da_slice_cut(raw, 0, size, &r) &&
	    da_slice_cut(raw, size, size, &s)) {
		bn_r = BN_bin2bn(r.p, (int)r.n, NULL);
		bn_s = BN_bin2bn(s.p, (int)s.n, NULL);
	}
	if (bn_r != NULL && bn_s != NULL &&
	    ECDSA_SIG_set0(sig, bn_r, bn_s) == 1) {
		bn_r = bn_s = NULL;	/* the signature's now */
		if (i2d_ECDSA_SIG(sig, NULL) <= (int)room)
			n = i2d_ECDSA_SIG(sig, &at);
	}
	BN_free(bn_r);
	BN_free(bn_s);
	ECDSA_SIG_free(sig);
	return n > 0 ? (size_t)n : 0;
}

/* OpenSSL reads it only, and asks for a pointer to what may be written. */
static OSSL_PARAM
text_param(const char *key, const char *value)
{
	return OSSL_PARAM_construct_utf8_string(key, (char *)(uintptr_t)value,
	    0);
}

/* How an RSA signature is padded; PSS has a salt of the digest's size. */
static void
put_padding(enum da_scheme scheme, enum da_hash hash, OSSL_PARAM params[5])
{
	const char *md = da_hash_alg(hash)->openssl;
	size_t n = 0;

	if (scheme == DA_SCHEME_RSASSA || scheme == DA_SCHEME_RSAPSS)
		params[n++] = text_param(OSSL_SIGNATURE_PARAM_DIGEST, md);
	if (scheme == DA_SCHEME_RSASSA)
		params[n++] = text_param(OSSL_SIGNATURE_PARAM_PAD_MODE,
		    OSSL_PKEY_RSA_PAD_MODE_PKCSV15);
	if (scheme == DA_SCHEME_RSAPSS) {
		params[n++] = text_param(OSSL_SIGNATURE_PARAM_PAD_MODE,
		    OSSL_PKEY_RSA_PAD_MODE_PSS);
		params[n++] = text_param(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, md);
		params[n++] = text_param(OSSL_SIGNATURE_PARAM_PSS_SALTLEN,
		    OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
	}
	params[n] = OSSL_PARAM_construct_end();
}

/* ECDSA and RSA: the digest is ours, and so is the name of its algorithm. */
static bool
verifies_digest(const struct da_key *key, enum da_hash hash,
    const struct da_hash_value *digest, struct da_slice signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(da_ossl(), key->pkey,
	    NULL);
	OSSL_PARAM params[5];
	bool right;

	put_padding(da_asym_alg(key->asym)->scheme, hash, params);
	right = ctx != NULL && EVP_PKEY_verify_init_ex(ctx, params) == 1 &&
	    EVP_PKEY_verify(ctx, signature.p, signature.n, digest->bytes,
	    digest->n) == 1;
	EVP_PKEY_CTX_free(ctx);
	return right;
}

/* EdDSA: the message itself. */
static bool
verifies_message(const struct da_key *key, struct da_slice context,
    struct da_slice message, struct da_slice signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	OSSL_PARAM params[2] = { OSSL_PARAM_construct_end(),
	    OSSL_PARAM_construct_end() };
	bool right;

	if (context.n > 0)
		params[0] = OSSL_PARAM_construct_octet_string(CONTEXT_PARAM,
		    (void *)(uintptr_t)context.p, context.n);
	right = ctx != NULL && EVP_DigestVerifyInit_ex(ctx, NULL, NULL,
	    da_ossl(), NULL, key->pkey, params) == 1 &&
	    EVP_DigestVerify(ctx, signature.p, signature.n, message.p,
	    message.n) == 1;
	EVP_MD_CTX_free(ctx);
	return right;
}

static bool
hashes_itself(enum da_asym asym)
{
	enum da_scheme scheme = da_asym_alg(asym)->scheme;

	return scheme == DA_SCHEME_ED25519 || scheme == DA_SCHEME_ED448;
}

static enum da_sig_result
verify(const struct da_key *key, enum da_hash hash, struct da_slice context,
    struct da_slice message, struct da_slice signature)
{
	struct da_hash_value digest;
	bool right;

	ERR_set_mark();
	if (hashes_itself(key->asym)) {
		right = verifies_message(key, context, message, signature);
	} else {
		digest = da_hash_of(hash, message);
		right = digest.n != 0 && verifies_digest(key, hash, &digest,
		    signature);
	}
	/* The reasons of a wrong signature are nobody's business but ours. */
	ERR_pop_to_mark();
	return right ? DA_SIG_RIGHT : DA_SIG_WRONG;
}

enum da_sig_result
da_sig_x509(const struct da_key *key, enum da_hash hash,
    struct da_slice message, struct da_slice signature)
{
	if (!hashes_itself(key->asym) && !da_hash_can(hash))
		return DA_SIG_UNSUPPORTED;
	return verify(key, hash, da_slice_of(NULL, 0), message, signature);
}

enum da_sig_result
da_sig_spdm(const struct da_key *key, enum da_hash hash,
    struct da_slice context, struct da_slice message,
    struct da_slice signature)
{
	const struct da_asym_alg *alg = da_asym_alg(key->asym);
	uint8_t der[DA_MAX_ECDSA_DER];

	if (!da_sig_can(key->asym) || !da_hash_can(hash))
		return DA_SIG_UNSUPPORTED;
	if (signature.n != alg->sig_size)
		return DA_SIG_WRONG;
	if (alg->scheme == DA_SCHEME_ECDSA)
		signature = da_slice_of(der, der_of_raw(signature, alg->size,
		    der, sizeof(der)));
	if (!takes_context(alg->scheme))
		context = da_slice_of(NULL, 0);
	return verify(key, hash, context, message, signature);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sig.h"

#include "ecdsa_der.h"
#include "ossl.h"
#include "sig_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* How an RSA signature is padded; PSS has a salt of the digest's size. */
static void
put_padding(enum da_scheme scheme, enum da_hash hash, OSSL_PARAM params[5])
{
	const char *md = da_hash_alg(hash)->openssl;
	size_t n = 0;

	if (scheme != DA_SCHEME_ECDSA)
		params[n++] = da_text_param(OSSL_SIGNATURE_PARAM_DIGEST, md);
	if (scheme == DA_SCHEME_RSASSA)
		params[n++] = da_text_param(OSSL_SIGNATURE_PARAM_PAD_MODE,
		    OSSL_PKEY_RSA_PAD_MODE_PKCSV15);
	if (scheme == DA_SCHEME_RSAPSS) {
		params[n++] = da_text_param(OSSL_SIGNATURE_PARAM_PAD_MODE,
		    OSSL_PKEY_RSA_PAD_MODE_PSS);
		params[n++] = da_text_param(OSSL_SIGNATURE_PARAM_MGF1_DIGEST,
		    md);
		params[n++] = da_text_param(OSSL_SIGNATURE_PARAM_PSS_SALTLEN,
		    OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
	}
	params[n] = OSSL_PARAM_construct_end();
}

/* OpenSSL that does not even begin has, say, no RSA with SM3. */
static enum da_sig_result
result_of(bool begun, bool right)
{
	if (!begun)
		return DA_SIG_UNSUPPORTED;
	return right ? DA_SIG_RIGHT : DA_SIG_WRONG;
}

/* ECDSA and RSA: the digest is ours, and so is the name of its algorithm. */
static enum da_sig_result
verify_digest(const struct da_key *key, enum da_hash hash,
    const struct da_hash_value *digest, struct da_slice signature)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(da_ossl(), key->pkey,
	    NULL);
	OSSL_PARAM params[5];
	bool begun, right;

	put_padding(da_asym_alg(key->asym)->scheme, hash, params);
	begun = ctx != NULL && EVP_PKEY_verify_init_ex(ctx, params) == 1;
	right = begun && EVP_PKEY_verify(ctx, signature.p, signature.n,
	    digest->bytes, digest->n) == 1;
	EVP_PKEY_CTX_free(ctx);
	return result_of(begun, right);
}

/*
 * The identifier that SM2 hashes in front of the message.  DSP0274 1.2.0
 * signature algorithm selection: "an empty string of size 0".
 */
static const char sm2_spdm_id[] = "";

/*
 * Certificates: GM/T 0009-2012's default (RFC 8998, too), or the empty one,
 * which OpenSSL 3 signs with unless it is told; the reference library's own
 * chains are made so.  Two fixed ones, never one that the evidence names.
 */
static const char *const sm2_cert_ids[] = { "1234567812345678", "" };

/* What a scheme takes beside the message: a context, or SM2's identifier. */
static OSSL_PARAM
beside_param(enum da_scheme scheme, struct da_slice beside)
{
	if (scheme == DA_SCHEME_SM2)
		return da_bytes_param(OSSL_PKEY_PARAM_DIST_ID, beside);
	if (beside.n > 0)
		return da_bytes_param(DA_CONTEXT_PARAM, beside);
	return OSSL_PARAM_construct_end();
}

/* The message itself, by schemes that have a hash of their own. */
static enum da_sig_result
verify_message(const struct da_key *key, struct da_slice beside,
    struct da_slice message, struct da_slice signature)
{
	enum da_scheme scheme = da_asym_alg(key->asym)->scheme;
	OSSL_PARAM params[] = { beside_param(scheme, beside),
	    OSSL_PARAM_construct_end() };
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	bool begun, right;

	/* SM2 takes its identifier after the start only. */
	begun = ctx != NULL && EVP_DigestVerifyInit_ex(ctx, &pctx,
	    scheme == DA_SCHEME_SM2 ? "SM3" : NULL, da_ossl(), NULL,
	    key->pkey, NULL) == 1 && (params[0].key == NULL ||
	    EVP_PKEY_CTX_set_params(pctx, params) == 1);
	right = begun && EVP_DigestVerify(ctx, signature.p, signature.n,
	    message.p, message.n) == 1;
	EVP_MD_CTX_free(ctx);
	return result_of(begun, right);
}

static bool
hashes_itself(enum da_asym asym)
{
	enum da_scheme scheme = da_asym_alg(asym)->scheme;

	return scheme != DA_SCHEME_ECDSA && scheme != DA_SCHEME_RSASSA &&
	    scheme != DA_SCHEME_RSAPSS;
}

static enum da_sig_result
verify(const struct da_key *key, enum da_hash hash, struct da_slice beside,
    struct da_slice message, struct da_slice signature)
{
	struct da_hash_value digest;
	enum da_sig_result result;

	ERR_set_mark();
	if (hashes_itself(key->asym)) {
		result = verify_message(key, beside, message, signature);
	} else {
		digest = da_hash_of(hash, message);
		result = digest.n == 0 ? DA_SIG_UNSUPPORTED :
		    verify_digest(key, hash, &digest, signature);
	}
	/* The reasons of a wrong signature are nobody's business but ours. */
	ERR_pop_to_mark();
	return result;
}

static enum da_sig_result
verify_sm2_cert(const struct da_key *key, struct da_slice message,
    struct da_slice signature)
{
	size_t n = sizeof(sm2_cert_ids) / sizeof(sm2_cert_ids[0]);
	enum da_sig_result result = DA_SIG_WRONG;

	for (size_t i = 0; i < n && result == DA_SIG_WRONG; i++)
		result = verify(key, DA_HASH_SM3,
		    da_slice_str(sm2_cert_ids[i]), message, signature);
	return result;
}

enum da_sig_result
da_sig_x509(const struct da_key *key, enum da_hash hash,
    struct da_slice message, struct da_slice signature)
{
	if (!da_sig_row(key->asym)->x509 ||
	    (!hashes_itself(key->asym) && !da_hash_can(hash)))
		return DA_SIG_UNSUPPORTED;
	if (da_asym_alg(key->asym)->scheme == DA_SCHEME_SM2)
		return verify_sm2_cert(key, message, signature);
	return verify(key, hash, da_slice_str(""), message, signature);
}

/* DSP0274: of the row's size, and r || s where it is two numbers. */
static bool
take_raw(const struct da_asym_alg *alg, struct da_slice raw,
    uint8_t der[DA_MAX_ECDSA_DER], struct da_slice *ret)
{
	if (raw.n != alg->sig_size)
		return false;
	if (alg->group != NULL)
		return da_ecdsa_der(raw, alg->size, der, ret);
	*ret = raw;
	return true;
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
	if (!take_raw(alg, signature, der, &signature))
		return DA_SIG_WRONG;
	if (!da_takes_context(alg->scheme))
		context = da_slice_str(sm2_spdm_id);
	return verify(key, hash, context, message, signature);
}

enum da_sig_result
da_sig_spdm_digest(const struct da_key *key, enum da_hash hash,
    const struct da_hash_value *digest, struct da_slice signature)
{
	const struct da_asym_alg *alg = da_asym_alg(key->asym);
	uint8_t der[DA_MAX_ECDSA_DER];
	enum da_sig_result result;

	if (!da_sig_can(key->asym) || !da_hash_can(hash) ||
	    hashes_itself(key->asym))
		return DA_SIG_UNSUPPORTED;
	if (digest->n == 0 || !take_raw(alg, signature, der, &signature))
		return DA_SIG_WRONG;
	ERR_set_mark();
	result = verify_digest(key, hash, digest, signature);
	ERR_pop_to_mark();
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sig_key.h"

#include "hash.h"
#include "ossl.h"
#include "spki.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdatomic.h>

/* -- what the linked OpenSSL has: looked for at a row's first use -- */

/*
 * Once there, a row stays as it is.  Two threads may look for the same one: the
 * first to put it here has, and the other takes that.
 */
static _Atomic(const struct da_sig_row *) rows[DA_ASYM_COUNT];

static EVP_PKEY *
key_from(const char *type, int selection, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(da_ossl(), type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* To make a curve anew for each key costs four times what a copy does. */
static EVP_PKEY *
make_curve(const struct da_asym_alg *alg)
{
	OSSL_PARAM params[] = { da_text_param(OSSL_PKEY_PARAM_GROUP_NAME,
	    alg->group), OSSL_PARAM_construct_end() };

	return key_from(alg->scheme == DA_SCHEME_SM2 ? "SM2" : "EC",
	    EVP_PKEY_KEY_PARAMETERS, params);
}

bool
da_takes_context(enum da_scheme scheme)
{
	return scheme == DA_SCHEME_ED448 || scheme == DA_SCHEME_MLDSA ||
	    scheme == DA_SCHEME_SLHDSA;
}

static bool
sets_context(const EVP_SIGNATURE *sig)
{
	const OSSL_PARAM *params = EVP_SIGNATURE_settable_ctx_params(sig);

	return params != NULL &&
	    OSSL_PARAM_locate_const(params, DA_CONTEXT_PARAM) != NULL;
}

static void
look_for(const struct da_asym_alg *alg, struct da_sig_row *ret)
{
	EVP_SIGNATURE *sig = EVP_SIGNATURE_fetch(da_ossl(), alg->openssl,
	    NULL);

	*ret = (struct da_sig_row){ .x509 = sig != NULL };
	if (sig != NULL && alg->group != NULL) {
		ret->curve = make_curve(alg);
		ret->x509 = ret->curve != NULL;
	}
	if (alg->scheme == DA_SCHEME_SM2)
		ret->x509 = ret->x509 && da_hash_can(DA_HASH_SM3);
	ret->spdm = ret->x509 && (!da_takes_context(alg->scheme) ||
	    sets_context(sig));
	EVP_SIGNATURE_free(sig);
}

static const struct da_sig_row *
keep_first(enum da_asym asym, struct da_sig_row *row)
{
	const struct da_sig_row *first = NULL;

	if (atomic_compare_exchange_strong(&rows[asym], &first, row))
		return row;
	EVP_PKEY_free(row->curve);
	OPENSSL_free(row);
	return first;
}

const struct da_sig_row *
da_sig_row(enum da_asym asym)
{
	static const struct da_sig_row absent;
	const struct da_sig_row *there;
	struct da_sig_row *row;

	if ((unsigned int)asym >= DA_ASYM_COUNT || asym == DA_ASYM_NONE ||
	    da_ossl() == NULL)	/* NULL would be the program's own context */
		return &absent;
	there = atomic_load(&rows[asym]);
	if (there != NULL)
		return there;
	row = OPENSSL_zalloc(sizeof(*row));
	if (row == NULL)
		return &absent;
	ERR_set_mark();
	look_for(da_asym_alg(asym), row);
	ERR_pop_to_mark();
	return keep_first(asym, row);
}

bool
da_sig_can(enum da_asym asym)
{
	return da_sig_row(asym)->spdm;
}

/* -- keys: made of numbers that our own walk read -- */

#define UNCOMPRESSED	4	/* SEC 1 2.3.3; the form of RFC 5480 */

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *
point_key(EVP_PKEY *curve, struct da_slice point)
{
	EVP_PKEY *pkey = EVP_PKEY_dup(curve);

	if (pkey != NULL && EVP_PKEY_set1_encoded_public_key(pkey, point.p,
	    point.n) == 1)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
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
		pkey = key_from("RSA", EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	return pkey;
}

static bool
is_rsa(const struct da_asym_alg *alg)
{
	return alg->scheme == DA_SCHEME_RSASSA ||
	    alg->scheme == DA_SCHEME_RSAPSS;
}

/* What can be said of a key without OpenSSL. */
static bool
has_form(const struct da_asym_alg *alg, struct da_slice key)
{
	if (is_rsa(alg))
		return true;	/* da_spki_read looked at both numbers */
	if (alg->group == NULL)
		return key.n == alg->size;
	return key.n == 1u + 2u * alg->size && key.p[0] == UNCOMPRESSED;
}

static EVP_PKEY *
make_pkey(const struct da_asym_alg *alg, const struct da_sig_row *row,
    const struct da_spki *spki)
{
	if (is_rsa(alg))
		return rsa_key(spki);
	if (row->curve != NULL)
		return point_key(row->curve, spki->key);
	return EVP_PKEY_new_raw_public_key_ex(da_ossl(), alg->openssl, NULL,
	    spki->key.p, spki->key.n);
}

struct da_key *
da_key_read(enum da_asym asym, struct da_slice spki)
{
	const struct da_asym_alg *alg = da_asym_alg(asym);
	const struct da_sig_row *row = da_sig_row(asym);
	struct da_spki parts;
	struct da_key *key;

	if (!da_spki_read(spki, alg->scheme, &parts) || parts.asym != asym ||
	    !has_form(alg, parts.key))
		return NULL;
	key = OPENSSL_zalloc(sizeof(*key));
	if (key == NULL)
		return NULL;
	key->asym = asym;
	if (!row->x509)
		return key;
	ERR_set_mark();
	key->pkey = make_pkey(alg, row, &parts);
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

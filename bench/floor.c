/* SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "rounds.h"

static EVP_PKEY *
key_of(const struct da_cert *cert)
{
	const unsigned char *at = cert->spki.p;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)cert->spki.n);

	if (key == NULL)
		bench_die("floor", "a key cannot be read");
	return key;
}

static EVP_MD *
md_of(enum da_hash hash)
{
	EVP_MD *md = EVP_MD_fetch(NULL, da_hash_alg(hash)->openssl, NULL);

	if (md == NULL)
		bench_die("floor", "no such digest");
	return md;
}

static struct bench_verification
link_between(const struct da_cert *issuer, const struct da_cert *cert)
{
	struct da_cert_sig how;

	if (!da_cert_sig_kind(cert, &how) || how.scheme != DA_SCHEME_ECDSA)
		bench_die("floor", "a certificate is not signed by ECDSA");
	return (struct bench_verification){ .key = key_of(issuer),
	    .md = md_of(how.hash), .message = cert->tbs,
	    .signature = cert->signature };
}

static struct da_slice
raw_as_der(struct da_slice raw, uint8_t der[DA_MAX_ECDSA_DER])
{
	int half = (int)(raw.n / 2), n;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	struct da_slice s;
	unsigned char *at = der;

	if (!da_slice_cut(raw, raw.n / 2, raw.n / 2, &s) ||
	    ECDSA_SIG_set0(sig, BN_bin2bn(raw.p, half, NULL),
	    BN_bin2bn(s.p, half, NULL)) != 1)
		bench_die("floor", "a signature cannot be read");
	n = i2d_ECDSA_SIG(sig, &at);
	ECDSA_SIG_free(sig);
	return da_slice_of(der, n > 0 ? (size_t)n : 0);
}

static void
measurements_of(const struct da_evidence *e, struct bench_floor *ret)
{
	struct bench_verification *v = &ret->of[ret->n++];
	struct da_transcript l1l2 = da_l1l2(e, e->meas.transcript);
	struct da_slice message = e->meas.transcript;

	if (da_asym_alg(e->algs.asym)->scheme != DA_SCHEME_ECDSA)
		bench_die("floor", "the record is not signed by ECDSA");
	if (e->version >= DA_SPDM_12 &&
	    !da_signed_message(&l1l2, ret->signed_bytes, &message))
		bench_die("floor", "no signed message");
	*v = (struct bench_verification){
		.key = key_of(&e->chain.cert[e->chain.n - 1]),
		.md = md_of(e->algs.hash), .message = message };
	v->signature = raw_as_der(e->meas.signature, v->der);
}

void
bench_floor_of(const struct da_evidence *evidence, struct bench_floor *ret)
{
	const struct da_chain *chain = &evidence->chain;

	ret->n = 0;
	for (uint16_t i = 1; i < chain->n; i++)
		ret->of[ret->n++] = link_between(&chain->cert[i - 1],
		    &chain->cert[i]);
	measurements_of(evidence, ret);
}

void
bench_floor_last(const struct bench_floor *all, struct bench_floor *ret)
{
	ret->n = 1;
	ret->of[0] = all->of[all->n - 1];
}

static bool
verifies(const struct bench_verification *v)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool right = ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, v->md, NULL, v->key) == 1 &&
	    EVP_DigestVerify(ctx, v->signature.p, v->signature.n,
	    v->message.p, v->message.n) == 1;

	EVP_MD_CTX_free(ctx);
	return right;
}

bool
bench_floor_run(void *arg)
{
	const struct bench_floor *floor = arg;

	for (uint16_t i = 0; i < floor->n; i++)
		if (!verifies(&floor->of[i]))
			return false;
	return floor->n > 0;
}

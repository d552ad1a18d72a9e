/* SPDX-License-Identifier: Apache-2.0 */
#include "hash.h"

#include "ossl.h"

#include <openssl/evp.h>
#include <pthread.h>

/* Fetched once: a fetch by name costs more than a short digest. */
static EVP_MD *fetched[DA_HASH_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool
digest_slices(EVP_MD_CTX *ctx, const EVP_MD *md, const struct da_slice *slices,
    size_t n, struct da_hash_value *ret)
{
	unsigned int size = 0;

	if (EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(ctx, slices[i].p, slices[i].n) != 1)
			return false;
	if (EVP_DigestFinal_ex(ctx, ret->bytes, &size) != 1)
		return false;
	ret->n = (uint8_t)size;
	return true;
}

/* The first use sets up what later ones need, and asks the kernel for it. */
static void
use_once(const EVP_MD *md)
{
	struct da_hash_value value;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx != NULL && md != NULL)
		(void)digest_slices(ctx, md, NULL, 0, &value);
	EVP_MD_CTX_free(ctx);
}

static void
fetch_all(void)
{
	if (da_ossl() == NULL)
		return;		/* NULL would be the program's own context */
	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++) {
		const struct da_hash_alg *alg = da_hash_alg((enum da_hash)h);

		if (alg->built)
			fetched[h] = EVP_MD_fetch(da_ossl(), alg->openssl,
			    NULL);
		use_once(fetched[h]);
	}
}

void
da_hash_warm(void)
{
	pthread_once(&once, fetch_all);
}

bool
da_hash_can(enum da_hash hash)
{
	da_hash_warm();
	return (unsigned int)hash < DA_HASH_COUNT && fetched[hash] != NULL;
}

struct da_hash_value
da_hash_all(enum da_hash hash, const struct da_slice *slices, size_t n)
{
	struct da_hash_value value = { 0 };
	EVP_MD_CTX *ctx;

	if (!da_hash_can(hash))
		return value;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL || !digest_slices(ctx, fetched[hash], slices, n,
	    &value))
		value.n = 0;
	EVP_MD_CTX_free(ctx);
	return value;
}

struct da_hash_value
da_hash_of(enum da_hash hash, struct da_slice bytes)
{
	return da_hash_all(hash, &bytes, 1);
}

struct da_slice
da_hash_bytes(const struct da_hash_value *value)
{
	return da_slice_of(value->bytes, value->n);
}

bool
da_hash_equal(const struct da_hash_value *value, struct da_slice expected)
{
	return value->n != 0 &&
	    da_slice_eq_ct(da_hash_bytes(value), expected);
}

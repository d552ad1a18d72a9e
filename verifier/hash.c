/* SPDX-License-Identifier: Apache-2.0 */
#include "hash.h"

#include "ossl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdatomic.h>

/*
 * A fetch by name costs more than a short digest: each algorithm is fetched at
 * its first use, and stays.  Two threads may fetch the same one: the first to
 * put it here has, and the other takes that.
 */
static _Atomic(EVP_MD *) fetched[DA_HASH_COUNT];
/* The same for those that are not to be had. */
static atomic_bool absent[DA_HASH_COUNT];

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

static EVP_MD *
fetch(enum da_hash hash)
{
	EVP_MD *md, *first = NULL;

	ERR_set_mark();
	md = EVP_MD_fetch(da_ossl(), da_hash_alg(hash)->openssl, NULL);
	ERR_pop_to_mark();
	if (md == NULL)
		atomic_store(&absent[hash], true);
	else if (!atomic_compare_exchange_strong(&fetched[hash], &first, md)) {
		EVP_MD_free(md);
		return first;
	}
	return md;
}

static EVP_MD *
md_of(enum da_hash hash)
{
	EVP_MD *md;

	if ((unsigned int)hash >= DA_HASH_COUNT || hash == DA_HASH_NONE ||
	    da_ossl() == NULL)	/* NULL would be the program's own context */
		return NULL;
	md = atomic_load(&fetched[hash]);
	return md != NULL || atomic_load(&absent[hash]) ? md : fetch(hash);
}

bool
da_hash_can(enum da_hash hash)
{
	return md_of(hash) != NULL;
}

/* The first use sets up what later ones need, and asks the kernel for it. */
void
da_hash_warm(void)
{
	for (int h = DA_HASH_NONE + 1; h < DA_HASH_COUNT; h++)
		(void)da_hash_all((enum da_hash)h, NULL, 0);
}

struct da_hash_value
da_hash_all(enum da_hash hash, const struct da_slice *slices, size_t n)
{
	struct da_hash_value value = { 0 };
	const EVP_MD *md = md_of(hash);
	EVP_MD_CTX *ctx;

	if (md == NULL)
		return value;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL || !digest_slices(ctx, md, slices, n, &value))
		value.n = 0;
	EVP_MD_CTX_free(ctx);
	return value;
}

struct da_hash_value
da_hash_of(enum da_hash hash, struct da_slice bytes)
{
	return da_hash_all(hash, &bytes, 1);
}

/* The digest of what `ctx` has so far, which goes on as if nobody had asked. */
static bool
is_digest_now(const EVP_MD_CTX *ctx, EVP_MD_CTX *scratch,
    struct da_slice expected)
{
	struct da_hash_value now;
	unsigned int size = 0;

	if (EVP_MD_CTX_copy_ex(scratch, ctx) != 1 ||
	    EVP_DigestFinal_ex(scratch, now.bytes, &size) != 1)
		return false;
	now.n = (uint8_t)size;
	return da_hash_equal(&now, expected);
}

static size_t
find_prefix(EVP_MD_CTX *ctx, EVP_MD_CTX *scratch, struct da_slice bytes,
    size_t least, struct da_slice expected)
{
	struct da_cur c = da_cur_of(bytes);
	struct da_slice next = da_take(&c, least);

	while (!c.bad && EVP_DigestUpdate(ctx, next.p, next.n) == 1) {
		if (is_digest_now(ctx, scratch, expected))
			return c.at;
		next = da_take(&c, 1);
	}
	return 0;
}

size_t
da_hash_prefix(enum da_hash hash, struct da_slice bytes, size_t least,
    struct da_slice expected)
{
	const EVP_MD *md = md_of(hash);
	EVP_MD_CTX *ctx, *scratch;
	size_t found = 0;

	if (md == NULL || least == 0)
		return 0;
	ctx = EVP_MD_CTX_new();
	scratch = EVP_MD_CTX_new();
	if (ctx != NULL && scratch != NULL &&
	    EVP_DigestInit_ex2(ctx, md, NULL) == 1)
		found = find_prefix(ctx, scratch, bytes, least, expected);
	EVP_MD_CTX_free(scratch);
	EVP_MD_CTX_free(ctx);
	return found;
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

const char *
da_crypto_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION_STRING);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "algs.h"

static const struct da_hash_alg hashes[DA_HASH_COUNT] = {
	[DA_HASH_NONE] = { "none", "", 0, 0, 0 },
	[DA_HASH_SHA256] = { "sha256", "SHA2-256", 0x01, 0x02, 32 },
	[DA_HASH_SHA384] = { "sha384", "SHA2-384", 0x02, 0x04, 48 },
	[DA_HASH_SHA512] = { "sha512", "SHA2-512", 0x04, 0x08, 64 },
	[DA_HASH_SHA3_256] = { "sha3-256", "SHA3-256", 0x08, 0x10, 32 },
	[DA_HASH_SHA3_384] = { "sha3-384", "SHA3-384", 0x10, 0x20, 48 },
	[DA_HASH_SHA3_512] = { "sha3-512", "SHA3-512", 0x20, 0x40, 64 },
	[DA_HASH_SM3] = { "sm3", "SM3", 0x40, 0x80, 32 },
};

static const struct da_asym_alg asyms[DA_ASYM_COUNT] = {
	[DA_ASYM_NONE] = { "none", 0, 0, NULL, 0, false },
	[DA_ASYM_RSASSA_2048] = { "rsassa-2048", 0x001, 256, NULL, 0, false },
	[DA_ASYM_RSAPSS_2048] = { "rsapss-2048", 0x002, 256, NULL, 0, false },
	[DA_ASYM_RSASSA_3072] = { "rsassa-3072", 0x004, 384, NULL, 0, false },
	[DA_ASYM_RSAPSS_3072] = { "rsapss-3072", 0x008, 384, NULL, 0, false },
	[DA_ASYM_ECDSA_P256] = { "ecdsa-p256", 0x010, 64, "prime256v1", 32,
	    true },
	[DA_ASYM_RSASSA_4096] = { "rsassa-4096", 0x020, 512, NULL, 0, false },
	[DA_ASYM_RSAPSS_4096] = { "rsapss-4096", 0x040, 512, NULL, 0, false },
	[DA_ASYM_ECDSA_P384] = { "ecdsa-p384", 0x080, 96, "secp384r1", 48,
	    true },
	[DA_ASYM_ECDSA_P521] = { "ecdsa-p521", 0x100, 132, "secp521r1", 66,
	    true },
	[DA_ASYM_SM2] = { "sm2", 0x200, 64, NULL, 0, false },
	[DA_ASYM_ED25519] = { "ed25519", 0x400, 64, NULL, 0, false },
	[DA_ASYM_ED448] = { "ed448", 0x800, 114, NULL, 0, false },
};

const struct da_hash_alg *
da_hash_alg(enum da_hash hash)
{
	return &hashes[(unsigned int)hash < DA_HASH_COUNT ? hash :
	    DA_HASH_NONE];
}

const struct da_asym_alg *
da_asym_alg(enum da_asym asym)
{
	return &asyms[(unsigned int)asym < DA_ASYM_COUNT ? asym :
	    DA_ASYM_NONE];
}

enum da_hash
da_hash_named(struct da_slice name)
{
	for (unsigned int i = DA_HASH_NONE + 1; i < DA_HASH_COUNT; i++)
		if (da_slice_eq(name, da_slice_str(hashes[i].name)))
			return (enum da_hash)i;
	return DA_HASH_NONE;
}

enum da_asym
da_asym_named(struct da_slice name)
{
	for (unsigned int i = DA_ASYM_NONE + 1; i < DA_ASYM_COUNT; i++)
		if (da_slice_eq(name, da_slice_str(asyms[i].name)))
			return (enum da_asym)i;
	return DA_ASYM_NONE;
}

enum da_hash
da_hash_of_base_bit(uint32_t bit)
{
	for (unsigned int i = DA_HASH_NONE + 1; i < DA_HASH_COUNT; i++)
		if (hashes[i].base_bit == bit)
			return (enum da_hash)i;
	return DA_HASH_NONE;
}

enum da_hash
da_hash_of_meas_bit(uint32_t bit)
{
	for (unsigned int i = DA_HASH_NONE + 1; i < DA_HASH_COUNT; i++)
		if (hashes[i].meas_bit == bit)
			return (enum da_hash)i;
	return DA_HASH_NONE;
}

enum da_asym
da_asym_of_bit(uint32_t bit)
{
	for (unsigned int i = DA_ASYM_NONE + 1; i < DA_ASYM_COUNT; i++)
		if (asyms[i].bit == bit)
			return (enum da_asym)i;
	return DA_ASYM_NONE;
}

/* The text up to the next comma; the comma is eaten and *ret_more says so. */
static struct da_slice
next_word(struct da_cur *c, bool *ret_more)
{
	size_t from = c->at;
	struct da_slice word;

	*ret_more = false;
	while (da_left(c) > 0) {
		word = da_since(c, from);
		if (da_u8(c) == ',') {
			*ret_more = true;
			return word;
		}
	}
	return da_since(c, from);
}

bool
da_algs_named(struct da_slice text, struct da_algs *ret)
{
	struct da_cur c = da_cur_of(text);
	struct da_algs algs = { DA_ASYM_NONE, DA_HASH_NONE, DA_HASH_NONE };
	bool more;

	algs.asym = da_asym_named(next_word(&c, &more));
	if (!more)
		return false;
	algs.hash = da_hash_named(next_word(&c, &more));
	algs.meas_hash = algs.hash;
	if (more)
		algs.meas_hash = da_hash_named(next_word(&c, &more));
	if (more || algs.asym == DA_ASYM_NONE || algs.hash == DA_HASH_NONE ||
	    algs.meas_hash == DA_HASH_NONE)
		return false;
	*ret = algs;
	return true;
}

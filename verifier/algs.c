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

#define RSASSA(bits, bit) { "rsassa-" #bits, bit, false, bits / 8,	      \
	DA_SCHEME_RSASSA, "RSA", NULL, bits / 8, 0 }
#define RSAPSS(bits, bit) { "rsapss-" #bits, bit, false, bits / 8,	      \
	DA_SCHEME_RSAPSS, "RSA", NULL, bits / 8, 0 }
#define ECDSA(name, bit, group, size) { name, bit, false, 2 * size,	      \
	DA_SCHEME_ECDSA, "ECDSA", group, size, 0 }
/* FIPS 204, table 2: sizes of signature and public key. */
#define MLDSA(n, bit, sig, key, arc) { "mldsa-" #n, bit, true, sig,	      \
	DA_SCHEME_MLDSA, "ML-DSA-" #n, NULL, key, arc }
/* FIPS 205, table 2. */
#define SLHDSA(name, NAME, bit, sig, key, arc) { "slhdsa-" name, bit, true,   \
	sig, DA_SCHEME_SLHDSA, "SLH-DSA-" NAME, NULL, key, arc }

static const struct da_asym_alg asyms[DA_ASYM_COUNT] = {
	[DA_ASYM_NONE] = { "none", 0, false, 0, DA_SCHEME_NONE, "", NULL, 0,
	    0 },
	[DA_ASYM_RSASSA_2048] = RSASSA(2048, 0x001),
	[DA_ASYM_RSAPSS_2048] = RSAPSS(2048, 0x002),
	[DA_ASYM_RSASSA_3072] = RSASSA(3072, 0x004),
	[DA_ASYM_RSAPSS_3072] = RSAPSS(3072, 0x008),
	[DA_ASYM_ECDSA_P256] = ECDSA("ecdsa-p256", 0x010, "prime256v1", 32),
	[DA_ASYM_RSASSA_4096] = RSASSA(4096, 0x020),
	[DA_ASYM_RSAPSS_4096] = RSAPSS(4096, 0x040),
	[DA_ASYM_ECDSA_P384] = ECDSA("ecdsa-p384", 0x080, "secp384r1", 48),
	[DA_ASYM_ECDSA_P521] = ECDSA("ecdsa-p521", 0x100, "secp521r1", 66),
	[DA_ASYM_SM2] = { "sm2", 0x200, false, 64, DA_SCHEME_SM2, "SM2",
	    "SM2", 32, 0 },
	[DA_ASYM_ED25519] = { "ed25519", 0x400, false, 64, DA_SCHEME_ED25519,
	    "ED25519", NULL, 32, 0 },
	[DA_ASYM_ED448] = { "ed448", 0x800, false, 114, DA_SCHEME_ED448,
	    "ED448", NULL, 57, 0 },
	[DA_ASYM_MLDSA_44] = MLDSA(44, 0x0001, 2420, 1312, 17),
	[DA_ASYM_MLDSA_65] = MLDSA(65, 0x0002, 3309, 1952, 18),
	[DA_ASYM_MLDSA_87] = MLDSA(87, 0x0004, 4627, 2592, 19),
	[DA_ASYM_SLHDSA_SHA2_128S] = SLHDSA("sha2-128s", "SHA2-128s", 0x0008,
	    7856, 32, 20),
	[DA_ASYM_SLHDSA_SHAKE_128S] = SLHDSA("shake-128s", "SHAKE-128s",
	    0x0010, 7856, 32, 26),
	[DA_ASYM_SLHDSA_SHA2_128F] = SLHDSA("sha2-128f", "SHA2-128f", 0x0020,
	    17088, 32, 21),
	[DA_ASYM_SLHDSA_SHAKE_128F] = SLHDSA("shake-128f", "SHAKE-128f",
	    0x0040, 17088, 32, 27),
	[DA_ASYM_SLHDSA_SHA2_192S] = SLHDSA("sha2-192s", "SHA2-192s", 0x0080,
	    16224, 48, 22),
	[DA_ASYM_SLHDSA_SHAKE_192S] = SLHDSA("shake-192s", "SHAKE-192s",
	    0x0100, 16224, 48, 28),
	[DA_ASYM_SLHDSA_SHA2_192F] = SLHDSA("sha2-192f", "SHA2-192f", 0x0200,
	    35664, 48, 23),
	[DA_ASYM_SLHDSA_SHAKE_192F] = SLHDSA("shake-192f", "SHAKE-192f",
	    0x0400, 35664, 48, 29),
	[DA_ASYM_SLHDSA_SHA2_256S] = SLHDSA("sha2-256s", "SHA2-256s", 0x0800,
	    29792, 64, 24),
	[DA_ASYM_SLHDSA_SHAKE_256S] = SLHDSA("shake-256s", "SHAKE-256s",
	    0x1000, 29792, 64, 30),
	[DA_ASYM_SLHDSA_SHA2_256F] = SLHDSA("sha2-256f", "SHA2-256f", 0x2000,
	    49856, 64, 25),
	[DA_ASYM_SLHDSA_SHAKE_256F] = SLHDSA("shake-256f", "SHAKE-256f",
	    0x4000, 49856, 64, 31),
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

static enum da_asym
asym_of_bit(bool pqc, uint32_t bit)
{
	for (unsigned int i = DA_ASYM_NONE + 1; i < DA_ASYM_COUNT; i++)
		if (asyms[i].pqc == pqc && asyms[i].bit == bit)
			return (enum da_asym)i;
	return DA_ASYM_NONE;
}

enum da_asym
da_asym_of_bit(uint32_t bit)
{
	return asym_of_bit(false, bit);
}

enum da_asym
da_asym_of_pqc_bit(uint32_t bit)
{
	return asym_of_bit(true, bit);
}

enum da_asym
da_asym_of_arc(uint8_t arc)
{
	for (unsigned int i = DA_ASYM_NONE + 1; i < DA_ASYM_COUNT; i++)
		if (arc != 0 && asyms[i].arc == arc)
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

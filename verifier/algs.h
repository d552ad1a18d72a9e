/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The algorithms of SPDM: their bits on the wire, sizes and names.  Two tables;
 * what is not in them does not exist here.  Source: DSP0274 ALGORITHMS.
 */
#ifndef DA_ALGS_H
#define DA_ALGS_H

#include "slice.h"

enum da_hash {
	DA_HASH_NONE,
	DA_HASH_SHA256,
	DA_HASH_SHA384,
	DA_HASH_SHA512,
	DA_HASH_SHA3_256,
	DA_HASH_SHA3_384,
	DA_HASH_SHA3_512,
	DA_HASH_SM3,
	DA_HASH_COUNT
};

enum da_asym {
	DA_ASYM_NONE,
	DA_ASYM_RSASSA_2048,
	DA_ASYM_RSAPSS_2048,
	DA_ASYM_RSASSA_3072,
	DA_ASYM_RSAPSS_3072,
	DA_ASYM_ECDSA_P256,
	DA_ASYM_RSASSA_4096,
	DA_ASYM_RSAPSS_4096,
	DA_ASYM_ECDSA_P384,
	DA_ASYM_ECDSA_P521,
	DA_ASYM_SM2,
	DA_ASYM_ED25519,
	DA_ASYM_ED448,
	DA_ASYM_MLDSA_44,	/* PqcAsym, SPDM 1.4, from here on */
	DA_ASYM_MLDSA_65,
	DA_ASYM_MLDSA_87,
	DA_ASYM_SLHDSA_SHA2_128S,
	DA_ASYM_SLHDSA_SHAKE_128S,
	DA_ASYM_SLHDSA_SHA2_128F,
	DA_ASYM_SLHDSA_SHAKE_128F,
	DA_ASYM_SLHDSA_SHA2_192S,
	DA_ASYM_SLHDSA_SHAKE_192S,
	DA_ASYM_SLHDSA_SHA2_192F,
	DA_ASYM_SLHDSA_SHAKE_192F,
	DA_ASYM_SLHDSA_SHA2_256S,
	DA_ASYM_SLHDSA_SHAKE_256S,
	DA_ASYM_SLHDSA_SHA2_256F,
	DA_ASYM_SLHDSA_SHAKE_256F,
	DA_ASYM_COUNT
};

/* How a key of some kind signs; an RSA key may do so in two ways. */
enum da_scheme {
	DA_SCHEME_NONE,
	DA_SCHEME_RSASSA,	/* PKCS#1 v1.5 */
	DA_SCHEME_RSAPSS,	/* MGF1 and salt of the message's hash */
	DA_SCHEME_ECDSA,
	DA_SCHEME_ED25519,
	DA_SCHEME_ED448,
	DA_SCHEME_SM2,
	DA_SCHEME_MLDSA,
	DA_SCHEME_SLHDSA
};

/*
 * Every row is known by name and bit.  What the OpenSSL that is linked lacks is
 * refused by a fault with UNSUPPORTED in its name: da_hash_can() and
 * da_sig_can() say.
 */
struct da_hash_alg {
	const char *name;	/* of the command line and the policy */
	const char *openssl;	/* of EVP_MD_fetch */
	uint32_t base_bit;	/* BaseHashSel */
	uint32_t meas_bit;	/* MeasurementHashAlgo: the same, one up */
	uint8_t size;		/* bytes */
};

struct da_asym_alg {
	const char *name;
	uint32_t bit;		/* BaseAsymSel, or PqcAsymSel */
	bool pqc;		/* the latter */
	uint16_t sig_size;	/* bytes of the raw signature */
	enum da_scheme scheme;
	const char *openssl;	/* of EVP_SIGNATURE_fetch */
	const char *group;	/* OpenSSL's name of the curve; NULL: none */
	uint16_t size;		/* bytes of r and of s, of the modulus, or of
				 * the raw public key */
	uint8_t arc;		/* 2.16.840.1.101.3.4.3.arc; 0: another OID */
};

/* What two ends agreed on, or what a policy says they did. */
struct da_algs {
	enum da_asym asym;
	enum da_hash hash;
	enum da_hash meas_hash;	/* NONE: raw bit streams only */
};

const struct da_hash_alg *da_hash_alg(enum da_hash hash);
const struct da_asym_alg *da_asym_alg(enum da_asym asym);
/* NONE (or 0) for a name or bit that stands in no row. */
enum da_hash	da_hash_named(struct da_slice name);
enum da_asym	da_asym_named(struct da_slice name);
enum da_hash	da_hash_of_base_bit(uint32_t bit);
enum da_hash	da_hash_of_meas_bit(uint32_t bit);
enum da_asym	da_asym_of_bit(uint32_t bit);
enum da_asym	da_asym_of_pqc_bit(uint32_t bit);
/* Of 2.16.840.1.101.3.4.3.arc, where keys and signatures have the same OID. */
enum da_asym	da_asym_of_arc(uint8_t arc);
/* "ecdsa-p384,sha384[,sha384]": the third is the measurement hash. */
bool		da_algs_named(struct da_slice text, struct da_algs *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_chain.h"

#include "derwalk.h"
#include "hash.h"

static bool
read_certs(struct da_der *d, struct da_chain *chain, struct da_fault *reterr)
{
	if (da_left(&d->c) == 0)
		return da_refuse(reterr, DA_F_CHAIN_NO_CERT, d->part, d->c.at);
	while (da_left(&d->c) > 0) {
		if (chain->n == DA_MAX_CERTS)
			return da_refuse(reterr, DA_F_CHAIN_TOO_MANY, d->part,
			    d->c.at);
		if (!da_cert_read(d, &chain->cert[chain->n])) {
			*reterr = d->fault;
			return false;
		}
		chain->n++;
	}
	return true;
}

static bool
read_after_root_hash(struct da_cur c, enum da_hash hash,
    struct da_chain *chain, struct da_fault *reterr)
{
	struct da_der d;

	chain->n = 0;
	chain->hash = hash;
	chain->root_hash = da_take(&c, da_hash_alg(hash)->size);
	if (c.bad)
		return da_refuse_end(reterr, &c, DA_PART_CHAIN);
	d = da_der_over(c, DA_PART_CHAIN);
	return read_certs(&d, chain, reterr);
}

/* Nobody said which hash: the size for which DER follows to the end. */
static bool
read_any_root_hash(struct da_cur c, struct da_chain *chain,
    struct da_fault *reterr)
{
	static const enum da_hash tried[] = { DA_HASH_SHA512, DA_HASH_SHA256,
	    DA_HASH_SHA384 };
	struct da_fault last = { 0 };

	for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++)
		if (read_after_root_hash(c, tried[i], chain, &last))
			return true;
	*reterr = last;
	return false;
}

/*
 * DSP0274: Length u16 and two reserved bytes up to 1.3, u32 in 1.4.  Read as
 * u32 for all: what may be in hand of a version below is shorter than 64 KiB,
 * so that Length's upper half must be zero there.
 */
static bool
read_structure(struct da_slice raw, enum da_hash hash, struct da_chain *chain,
    struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(raw);
	uint32_t length = da_le32(&c);

	if (c.bad)
		return da_refuse_end(reterr, &c, DA_PART_CHAIN);
	if (length != raw.n && (length & 0xffff) == raw.n)
		return da_refuse(reterr, DA_F_CHAIN_RESERVED, DA_PART_CHAIN,
		    2);
	if (length != raw.n)
		return da_refuse(reterr, DA_F_CHAIN_LENGTH, DA_PART_CHAIN, 0);
	if (hash == DA_HASH_NONE)
		return read_any_root_hash(c, chain, reterr);
	return read_after_root_hash(c, hash, chain, reterr);
}

bool
da_chain_parse(struct da_slice raw, enum da_chain_form form, enum da_hash hash,
    struct da_chain *ret, struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(raw), DA_PART_CHAIN);

	if (raw.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_CHAIN, 0);
	if (raw.n > DA_MAX_CHAIN)
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_CHAIN,
		    DA_MAX_CHAIN);
	*ret = (struct da_chain){ .raw = raw };
	if (form != DA_CHAIN_SPDM)
		return read_certs(&d, ret, reterr);
	return read_structure(raw, hash, ret, reterr);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include "derwalk.h"
#include "hash.h"
#include "path_ext.h"
#include "sig.h"

bool
da_refuse_cert(struct da_fault *reterr, enum da_why why,
    const struct da_chain *chain, const struct da_cert *cert)
{
	size_t at = da_slice_offset(chain->raw, cert->der);

	if (at == chain->raw.n)
		return da_refuse(reterr, why, DA_PART_ROOT, 0);
	return da_refuse(reterr, why, DA_PART_CHAIN, at);
}

static bool
is_self_issued(const struct da_cert *cert)
{
	return da_slice_eq(cert->issuer, cert->subject);
}

/* -- the anchor -- */

static bool
read_anchor(struct da_slice der, struct da_cert *ret, struct da_fault *reterr)
{
	struct da_der d = da_der_over(da_cur_of(der), DA_PART_ROOT);

	if (!da_cert_read(&d, ret)) {
		*reterr = d.fault;
		return false;
	}
	return da_all_read(&d.c) || da_refuse_end(reterr, &d.c, DA_PART_ROOT);
}

/* RootHash names nothing that was given: a lie about itself, or a stranger? */
static bool
refuse_root(const struct da_chain *chain, struct da_fault *reterr)
{
	const struct da_cert *first = &chain->cert[0];
	struct da_hash_value digest = da_hash_of(chain->hash, first->der);
	size_t at = da_slice_offset(chain->raw, chain->root_hash);

	if (is_self_issued(first) && digest.n != 0 &&
	    !da_hash_equal(&digest, chain->root_hash))
		return da_refuse(reterr, DA_F_ROOT_HASH, DA_PART_CHAIN, at);
	return da_refuse(reterr, DA_F_ROOT_UNKNOWN, DA_PART_CHAIN,
	    chain->hash == DA_HASH_NONE ? 0 : at);
}

/* -- one certificate, one link -- */

/* RFC 5280 6.1.4 k to n.  `below`: CAs between this one and the leaf. */
static bool
may_issue(const struct da_chain *chain, const struct da_cert *issuer,
    uint32_t below, struct da_fault *reterr)
{
	if (!issuer->has_basic || !issuer->is_ca)
		return da_refuse_cert(reterr, DA_F_NOT_A_CA, chain, issuer);
	if (issuer->has_key_usage &&
	    (issuer->key_usage & DA_KU_CERT_SIGN) == 0)
		return da_refuse_cert(reterr, DA_F_NO_CERT_SIGN, chain, issuer);
	if (issuer->has_path_length && below > issuer->path_length)
		return da_refuse_cert(reterr, DA_F_PATH_LENGTH, chain, issuer);
	return true;
}

enum da_why
da_why_not_signed(const struct da_signed *what, const struct da_cert *issuer)
{
	struct da_cert_sig how;
	struct da_key *key;
	enum da_sig_result result;
	enum da_asym kind;

	if (!da_sig_alg_kind(what->alg, &how))
		return DA_F_CERT_SIGALG_UNSUPPORTED;
	if (da_cert_key_kind(issuer, DA_SCHEME_NONE) == DA_ASYM_NONE)
		return DA_F_KEY_UNSUPPORTED;
	kind = da_cert_signer_kind(issuer, &how);
	if (kind == DA_ASYM_NONE)
		return DA_F_LINK_SIGNATURE;
	key = da_key_read(kind, issuer->spki);
	if (key == NULL)
		return DA_F_KEY_UNSUPPORTED;
	result = da_sig_x509(key, how.hash, what->tbs, what->signature);
	da_key_free(key);
	if (result == DA_SIG_RIGHT)
		return DA_F_NONE;
	return result == DA_SIG_UNSUPPORTED ? DA_F_CERT_SIGALG_UNSUPPORTED :
	    DA_F_LINK_SIGNATURE;
}

static bool
signed_by(const struct da_chain *chain, const struct da_cert *cert,
    const struct da_cert *issuer, struct da_fault *reterr)
{
	struct da_signed what = { cert->sig_alg, cert->tbs, cert->signature };
	enum da_why why = da_why_not_signed(&what, issuer);

	return why == DA_F_NONE || da_refuse_cert(reterr, why, chain,
	    why == DA_F_KEY_UNSUPPORTED ? issuer : cert);
}

static bool
link_holds(const struct da_chain *chain, const struct da_cert *issuer,
    const struct da_cert *cert, uint32_t below, struct da_fault *reterr)
{
	if (!da_slice_eq(issuer->subject, cert->issuer))
		return da_refuse_cert(reterr, DA_F_LINK_NAME, chain, cert);
	return may_issue(chain, issuer, below, reterr) &&
	    signed_by(chain, cert, issuer, reterr);
}

/* CAs from certificate i on, self-issued ones not counted (6.1.4 l). */
static uint32_t
cas_from(const struct da_chain *chain, uint16_t i)
{
	uint32_t n = 0;

	for (; i + 1 < chain->n; i++)
		n += is_self_issued(&chain->cert[i]) ? 0 : 1;
	return n;
}

/* -- which anchor -- */

/* RootHash names one by its bytes, and no other is read. */
static bool
anchor_by_hash(const struct da_chain *chain, const struct da_anchors *anchors,
    struct da_cert *ret, struct da_fault *reterr)
{
	for (uint16_t i = 0; i < anchors->n; i++) {
		struct da_hash_value digest = da_hash_of(chain->hash,
		    anchors->der[i]);

		if (da_hash_equal(&digest, chain->root_hash))
			return read_anchor(anchors->der[i], ret, reterr);
	}
	return refuse_root(chain, reterr);
}

static bool
signed_first(const struct da_chain *chain, const struct da_cert *anchor)
{
	struct da_fault unused;

	return signed_by(chain, &chain->cert[0], anchor, &unused);
}

/*
 * Certificates out of a file name no root: the first of them is the anchor, or
 * has its name for issuer.  Where several have, the one that signed is meant; a
 * single one need not be asked for that twice.  One that is its own issuer is a
 * root, and a stranger, unless an anchor signed it (a CA's new key).
 */
static bool
anchor_by_name(const struct da_chain *chain, const struct da_anchors *anchors,
    struct da_cert *ret, struct da_fault *reterr)
{
	const struct da_cert *first = &chain->cert[0];
	struct da_cert anchor;
	bool named = false;

	for (uint16_t i = 0; i < anchors->n; i++) {
		if (!read_anchor(anchors->der[i], &anchor, reterr))
			return false;
		if (da_slice_eq(anchor.der, first->der)) {
			*ret = anchor;
			return true;
		}
		if (!da_slice_eq(anchor.subject, first->issuer) ||
		    ((named || is_self_issued(first)) &&
		    !signed_first(chain, &anchor)))
			continue;
		*ret = anchor;
		named = true;
	}
	return named || refuse_root(chain, reterr);
}

bool
da_path_anchor(const struct da_chain *chain, const struct da_anchors *anchors,
    struct da_cert *ret, struct da_fault *reterr)
{
	if (anchors->n == 0)
		return da_refuse(reterr, DA_F_NO_ANCHOR, DA_PART_ROOT, 0);
	return chain->hash == DA_HASH_NONE ?
	    anchor_by_name(chain, anchors, ret, reterr) :
	    anchor_by_hash(chain, anchors, ret, reterr);
}

/* -- the questions -- */

/* 4.2.1.9; who signs one below has to be a CA in any case. */
static bool
leaf_is_honest(const struct da_chain *chain, struct da_fault *reterr)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];

	if (!leaf->is_ca && (leaf->key_usage & DA_KU_CERT_SIGN) != 0)
		return da_refuse_cert(reterr, DA_F_CERT_SIGN_NO_CA, chain,
		    leaf);
	return true;
}

bool
da_path_holds(const struct da_chain *chain, const struct da_anchors *anchors,
    const struct da_oids *critical, struct da_fault *reterr)
{
	struct da_cert anchor;
	const struct da_cert *issuer = &anchor;
	uint16_t i = 0;

	if (!da_path_anchor(chain, anchors, &anchor, reterr))
		return false;
	/* The anchor is trusted by its bytes, not by its own signature. */
	if (da_slice_eq(anchor.der, chain->cert[0].der)) {
		issuer = &chain->cert[0];
		i = 1;
	}
	if (!da_extensions_hold(issuer, critical, i == 1 ? DA_PART_CHAIN :
	    DA_PART_ROOT, reterr))
		return false;
	for (; i < chain->n; i++) {
		if (!da_extensions_hold(&chain->cert[i], critical,
		    DA_PART_CHAIN, reterr) || !link_holds(chain, issuer,
		    &chain->cert[i], cas_from(chain, i), reterr))
			return false;
		issuer = &chain->cert[i];
	}
	return leaf_is_honest(chain, reterr);
}

static bool
valid_at(const struct da_chain *chain, const struct da_cert *cert, int64_t at,
    struct da_fault *reterr)
{
	if (at < cert->not_before)
		return da_refuse_cert(reterr, DA_F_NOT_YET_VALID, chain, cert);
	if (at > cert->not_after)
		return da_refuse_cert(reterr, DA_F_EXPIRED, chain, cert);
	return true;
}

bool
da_path_valid_at(const struct da_chain *chain, const struct da_anchors *anchors,
    int64_t at, struct da_fault *reterr)
{
	struct da_cert anchor;
	struct da_fault no_anchor;

	/* No anchor is the chain check's to say. */
	if (da_path_anchor(chain, anchors, &anchor, &no_anchor) &&
	    !valid_at(chain, &anchor, at, reterr))
		return false;
	for (uint16_t i = 0; i < chain->n; i++)
		if (!valid_at(chain, &chain->cert[i], at, reterr))
			return false;
	return true;
}

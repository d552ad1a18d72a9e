/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include "derwalk.h"
#include "dmtf.h"
#include "hash.h"
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

/* By hash where the chain names its root, else by name. */
static bool
anchor_is_named(const struct da_chain *chain, struct da_slice der,
    const struct da_cert *anchor)
{
	struct da_hash_value digest;

	if (chain->hash == DA_HASH_NONE)
		return da_slice_eq(der, chain->cert[0].der) ||
		    (!is_self_issued(&chain->cert[0]) &&
		    da_slice_eq(anchor->subject, chain->cert[0].issuer));
	digest = da_hash_of(chain->hash, der);
	return da_hash_equal(&digest, chain->root_hash);
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

/* 2.5.29.x that this path processes; a critical one outside is refused. */
static const uint8_t processed[] = {
	14,	/* subjectKeyIdentifier: a hint, and there is nothing to find */
	15,	/* keyUsage */
	17,	/* subjectAltName */
	19,	/* basicConstraints */
	35,	/* authorityKeyIdentifier: a hint */
	37,	/* extKeyUsage */
};

/* nameConstraints, policyMappings, policyConstraints, inhibitAnyPolicy. */
static const uint8_t refused[] = { 30, 33, 36, 54 };

static bool
is_2_5_29(struct da_slice oid, const uint8_t *arcs, size_t n)
{
	if (oid.n != 3 || oid.p[0] != 0x55 || oid.p[1] != 0x1d)
		return false;
	for (size_t i = 0; i < n; i++)
		if (oid.p[2] == arcs[i])
			return true;
	return false;
}

/* Uses under which vendors let a device's key sign; one must be named. */
static const struct {
	const char *oid;
	size_t n;
} uses[] = {
	{ "\x2b\x06\x01\x05\x05\x07\x03\x01", 8 },	/* serverAuth */
	{ "\x2b\x06\x01\x05\x05\x07\x03\x02", 8 },	/* clientAuth */
	{ "\x55\x1d\x25\x00", 4 },		/* anyExtendedKeyUsage */
	{ "\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x03", 10 },	/* responder */
	{ "\x67\x81\x05\x05\x04\x64\x07", 7 },	/* DICE identityLoc */
	{ "\x67\x81\x05\x05\x04\x64\x09", 7 },	/* DICE attestLoc */
	{ "\x67\x81\x05\x05\x04\x64\x0c", 7 },	/* DICE eca */
};

static bool
is_our_use(struct da_slice oid)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (da_slice_eq(oid, da_slice_of(uses[i].oid, uses[i].n)))
			return true;
	return false;
}

/* 4.2.1.12: who marks it critical limits the key to what it names. */
static bool
critical_eku_fits(const struct da_cert *cert)
{
	struct da_der d = da_der_over(da_cur_of(cert->eku), DA_PART_CHAIN);

	while (da_der_peek(&d) != 0)
		if (is_our_use(da_der_oid(&d)))
			return true;
	return false;
}

/* Refused ones stay so, whoever asks: what they demand is not done here. */
static bool
is_known(struct da_slice oid, const struct da_oids *critical)
{
	for (uint16_t i = 0; i < critical->n; i++)
		if (da_slice_eq(oid, critical->oid[i]))
			return true;
	return is_2_5_29(oid, processed, sizeof(processed)) ||
	    da_oid_is_dmtf(oid, DMTF_SPDM_EXTENSION);
}

static bool
extensions_are_known(const struct da_cert *cert,
    const struct da_oids *critical, enum da_part part, struct da_fault *reterr)
{
	static const uint8_t eku = 37;

	for (uint16_t i = 0; i < cert->n_ext; i++) {
		const struct da_extension *ext = &cert->ext[i];

		if (is_2_5_29(ext->oid, refused, sizeof(refused)))
			return da_refuse(reterr, DA_F_EXT_REFUSED, part,
			    ext->at);
		if (ext->critical && !is_known(ext->oid, critical))
			return da_refuse(reterr, DA_F_EXT_CRITICAL, part,
			    ext->at);
		if (ext->critical && is_2_5_29(ext->oid, &eku, 1) &&
		    !critical_eku_fits(cert))
			return da_refuse(reterr, DA_F_EKU_OTHER, part,
			    ext->at);
	}
	return true;
}

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

static bool
signed_by(const struct da_chain *chain, const struct da_cert *cert,
    const struct da_cert *issuer, struct da_fault *reterr)
{
	struct da_cert_sig how;
	struct da_key *key;
	enum da_sig_result result;
	enum da_asym kind;

	if (!da_cert_sig_kind(cert, &how))
		return da_refuse_cert(reterr, DA_F_CERT_SIGALG_UNSUPPORTED,
		    chain, cert);
	if (da_cert_key_kind(issuer, DA_SCHEME_NONE) == DA_ASYM_NONE)
		return da_refuse_cert(reterr, DA_F_KEY_UNSUPPORTED, chain,
		    issuer);
	/* A key of one kind makes no signature of another. */
	kind = da_cert_key_kind(issuer, how.scheme);
	if (kind == DA_ASYM_NONE)
		return da_refuse_cert(reterr, DA_F_LINK_SIGNATURE, chain, cert);
	key = da_key_read(kind, issuer->spki);
	if (key == NULL)
		return da_refuse_cert(reterr, DA_F_KEY_UNSUPPORTED, chain,
		    issuer);
	result = da_sig_x509(key, how.hash, cert->tbs, cert->signature);
	da_key_free(key);
	if (result == DA_SIG_RIGHT)
		return true;
	return da_refuse_cert(reterr, result == DA_SIG_UNSUPPORTED ?
	    DA_F_CERT_SIGALG_UNSUPPORTED : DA_F_LINK_SIGNATURE, chain, cert);
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

/*
 * RootHash names one.  Without it (certificates out of a file) several anchors
 * may have the name that is asked for: the one that signed is meant.
 */
static bool
anchor_is_meant(const struct da_chain *chain, const struct da_cert *anchor)
{
	struct da_fault unused;

	return chain->hash != DA_HASH_NONE ||
	    da_slice_eq(anchor->der, chain->cert[0].der) ||
	    signed_by(chain, &chain->cert[0], anchor, &unused);
}

static bool
find_anchor(const struct da_chain *chain, const struct da_anchors *anchors,
    struct da_cert *ret, struct da_fault *reterr)
{
	struct da_cert anchor;
	bool named = false;

	if (anchors->n == 0)
		return da_refuse(reterr, DA_F_NO_ANCHOR, DA_PART_ROOT, 0);
	for (uint16_t i = 0; i < anchors->n; i++) {
		if (!read_anchor(anchors->der[i], &anchor, reterr))
			return false;
		if (!anchor_is_named(chain, anchors->der[i], &anchor))
			continue;
		*ret = anchor;
		named = true;
		if (anchor_is_meant(chain, &anchor))
			break;
	}
	return named || refuse_root(chain, reterr);
}

/* -- the questions -- */

bool
da_path_holds(const struct da_chain *chain, const struct da_anchors *anchors,
    const struct da_oids *critical, struct da_fault *reterr)
{
	struct da_cert anchor;
	const struct da_cert *issuer = &anchor;
	uint16_t i = 0;

	if (!find_anchor(chain, anchors, &anchor, reterr))
		return false;
	/* The anchor is trusted by its bytes, not by its own signature. */
	if (da_slice_eq(anchor.der, chain->cert[0].der)) {
		if (!extensions_are_known(&chain->cert[0], critical,
		    DA_PART_CHAIN, reterr))
			return false;
		issuer = &chain->cert[0];
		i = 1;
	} else if (!extensions_are_known(&anchor, critical, DA_PART_ROOT,
	    reterr))
		return false;
	for (; i < chain->n; i++) {
		if (!extensions_are_known(&chain->cert[i], critical,
		    DA_PART_CHAIN, reterr) || !link_holds(chain, issuer,
		    &chain->cert[i], cas_from(chain, i), reterr))
			return false;
		issuer = &chain->cert[i];
	}
	return true;
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
	if (find_anchor(chain, anchors, &anchor, &no_anchor) &&
	    !valid_at(chain, &anchor, at, reterr))
		return false;
	for (uint16_t i = 0; i < chain->n; i++)
		if (!valid_at(chain, &chain->cert[i], at, reterr))
			return false;
	return true;
}

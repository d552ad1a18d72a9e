/* SPDX-License-Identifier: Apache-2.0 */
#include "revoke.h"

#include "memo.h"
#include "table.h"

/* All lists, read; those of one issuer are found by walking them. */
struct lists {
	uint16_t n;
	struct da_crl list[DA_MAX_CRLS];
	const struct da_crls *crls;
	const int64_t *at;	/* NULL: no time */
};

static bool
read_lists(const struct da_crls *crls, const int64_t *at, struct lists *ret,
    struct da_fault *reterr)
{
	ret->n = crls->n;
	ret->crls = crls;
	ret->at = at;
	for (uint16_t i = 0; i < crls->n; i++)
		if (!da_crl_read(crls->der[i], &ret->list[i], reterr))
			return false;
	return true;
}

/* -- one certificate, one list of its issuer's name -- */

static bool
refuse_list(struct da_fault *reterr, enum da_why why)
{
	return da_refuse(reterr, why, DA_PART_CRL, 0);
}

/* RFC 5280 6.3.3 f and g, and 5.2: may this list be used at all? */
static bool
may_be_used(const struct da_crl *crl, const struct da_cert *issuer,
    struct da_fault *reterr)
{
	if (issuer->has_key_usage && (issuer->key_usage & DA_KU_CRL_SIGN) == 0)
		return refuse_list(reterr, DA_F_CRL_NO_SIGN);
	if (crl->unknown.why != DA_F_NONE) {
		*reterr = crl->unknown;
		return false;
	}
	return true;
}

/* nextUpdate is the issuer's promise, max_age_s the owner's patience. */
static bool
is_fresh(const struct da_crl *crl, const struct da_crls *crls, int64_t at,
    struct da_fault *reterr)
{
	if (at < crl->this_update && !crls->at_is_floor)
		return refuse_list(reterr, DA_F_CRL_EARLY);
	if (at > crl->next_update || (crls->max_age_s != 0 &&
	    at - crl->this_update > (int64_t)crls->max_age_s))
		return refuse_list(reterr, DA_F_CRL_STALE);
	return true;
}

/* -- one certificate, all lists -- */

/*
 * Zero-filled: no list was found.  Two issuers may have one name: a list that
 * another key signed is the other's, and a fault only where there is none of
 * this one's.  An old list beside a fresh one does no harm either; but one that
 * is not understood might have revoked.
 */
struct standing {
	bool revoked;
	bool fresh;
	bool of_another;	/* of the name, by another key */
	struct da_fault stale;
	struct da_fault unfit;	/* may not be used */
};

static void
look_in(const struct lists *all, const struct da_crl *crl,
    const struct da_cert *cert, const struct da_cert *issuer,
    struct standing *s)
{
	if (da_why_not_signed(&crl->what, issuer) != DA_F_NONE) {
		s->of_another = true;
		return;
	}
	if (!may_be_used(crl, issuer, &s->unfit))
		return;
	if (da_crl_lists(crl, cert->serial))
		s->revoked = true;
	else if (all->at != NULL && is_fresh(crl, all->crls, *all->at,
	    &s->stale))
		s->fresh = true;
}

static struct standing
standing_of(const struct lists *all, const struct da_cert *cert,
    const struct da_cert *issuer)
{
	struct standing s = { 0 };

	for (uint16_t i = 0; i < all->n && !s.revoked; i++)
		if (da_slice_eq(all->list[i].issuer, issuer->subject))
			look_in(all, &all->list[i], cert, issuer, &s);
	return s;
}

static enum da_result
result_of(const struct standing *s, struct da_fault *reterr)
{
	if (s->unfit.why != DA_F_NONE)
		*reterr = s->unfit;
	else if (s->fresh)
		return DA_HOLDS;
	else if (s->stale.why != DA_F_NONE)
		*reterr = s->stale;
	else if (s->of_another)
		refuse_list(reterr, DA_F_CRL_SIGNATURE);
	else
		return DA_UNKNOWN;
	return DA_BROKEN;
}

/* -- the chain -- */

/*
 * Broken is worse than unknown, and unknown than holds; the first of the worst
 * is told.  Revoked is worst of all, so that no fault of a list hides it.
 */
static enum da_result
walk(const struct da_chain *chain, const struct da_cert *anchor,
    const struct lists *all, struct da_fault *reterr)
{
	bool has_root = da_slice_eq(anchor->der, chain->cert[0].der);
	const struct da_cert *issuer = anchor;
	enum da_result worst = DA_HOLDS;
	struct da_fault fault = { 0 };

	for (uint16_t i = has_root ? 1 : 0; i < chain->n; i++) {
		struct standing s = standing_of(all, &chain->cert[i], issuer);
		enum da_result one;

		if (s.revoked) {
			da_refuse_cert(reterr, DA_F_REVOKED, chain,
			    &chain->cert[i]);
			return DA_BROKEN;
		}
		one = result_of(&s, &fault);
		if (one == DA_BROKEN && worst != DA_BROKEN)
			*reterr = fault;
		if (worst == DA_HOLDS || one == DA_BROKEN)
			worst = one;
		issuer = &chain->cert[i];
	}
	return worst;
}

enum da_result
da_revocation(const struct da_chain *chain, const struct da_anchors *anchors,
    const struct da_crls *crls, const int64_t *at, struct da_fault *reterr)
{
	struct lists all;
	struct da_cert anchor;
	struct da_fault no_anchor;

	if (crls->n == 0)
		return DA_UNKNOWN;
	if (!read_lists(crls, at, &all, reterr))
		return DA_BROKEN;
	/* No anchor is the chain check's to say. */
	if (!da_path_anchor(chain, anchors, &anchor, &no_anchor))
		return DA_UNKNOWN;
	return walk(chain, &anchor, &all, reterr);
}

static enum da_result
ask_lists(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_ask *ask = the->ask;

	return da_revocation(&the->evidence->chain, &ask->anchors, &ask->crls,
	    ask->has_time ? &ask->at : NULL, reterr);
}

/*
 * Below a link that does not hold the names are anybody's, and each would cost
 * a signature for every list of that name.
 */
enum da_result
da_ask_revocation(const struct da_case *the, struct da_fault *reterr)
{
	if (the->found->of[DA_CHK_CHAIN].result == DA_BROKEN)
		return DA_UNKNOWN;
	return da_ask_once(the, DA_MEMO_REVOCATION, reterr, ask_lists);
}

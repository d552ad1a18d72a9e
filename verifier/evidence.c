/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include "caps.h"
#include "sig.h"

static const struct {
	enum da_part part;
	size_t cap;
} caps[] = {
	{ DA_PART_CHAIN, DA_MAX_CHAIN },
	{ DA_PART_VCA, DA_MAX_VCA },
	{ DA_PART_MEASUREMENTS, DA_MAX_MEAS },
	{ DA_PART_REPORT, DA_MAX_REPORT },
};

static bool
parts_keep_their_caps(const struct da_bundle *bundle, struct da_fault *reterr)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		enum da_part part = caps[i].part;

		any = any || bundle->given[part];
		if (bundle->given[part] && bundle->part[part].n == 0)
			return da_refuse(reterr, DA_F_EMPTY, part, 0);
		if (bundle->given[part] && bundle->part[part].n > caps[i].cap)
			return da_refuse(reterr, DA_F_TOO_LONG, part,
			    caps[i].cap);
	}
	/* An answer without a part: nothing in it could ever fail. */
	return any || da_refuse(reterr, DA_F_EMPTY, DA_PART_ANSWER, 0);
}

/* The VCA is a part of its own, or stands in front of a log; never both. */
static bool
read_vca(struct da_evidence *e, struct da_fault *reterr)
{
	const struct da_bundle *b = &e->bundle;
	struct da_cur c = da_cur_of(b->part[DA_PART_MEASUREMENTS]);
	bool in_log = b->given[DA_PART_MEASUREMENTS] &&
	    b->shape == DA_SHAPE_LOG;

	e->exchanges = b->part[DA_PART_MEASUREMENTS];
	if (in_log && b->given[DA_PART_VCA])
		return da_refuse(reterr, DA_F_VCA_TWICE, DA_PART_VCA, 0);
	if (in_log) {
		if (!da_vca_read(&c, DA_PART_MEASUREMENTS, &e->vca, reterr))
			return false;
		e->exchanges = da_rest(&c);
		e->has_vca = true;
	} else if (b->given[DA_PART_VCA]) {
		if (!da_vca_parse(b->part[DA_PART_VCA], &e->vca, reterr))
			return false;
		e->has_vca = true;
	}
	return true;
}

static uint8_t
version_of_first_message(struct da_slice exchanges)
{
	struct da_cur c = da_cur_of(exchanges);

	return da_u8(&c);
}

static bool
algs_from_vca(struct da_evidence *e, struct da_fault *reterr)
{
	e->version = e->vca.version;
	e->algs_signed = e->version >= DA_SPDM_12;
	return da_vca_algs(&e->vca, &e->algs, reterr);
}

/* Of 1.0 and 1.1, the only ones whose signature does not cover the VCA. */
static bool
version_needs_no_vca(uint8_t version, struct da_fault *reterr)
{
	enum da_why why = DA_F_NONE;

	if (version >> 4 != 1)
		why = DA_F_MEAS_VERSION;
	else if (version > DA_SPDM_14)
		why = DA_F_VERSION_UNSUPPORTED;
	else if (version >= DA_SPDM_12)
		why = DA_F_VCA_ABSENT;
	return why == DA_F_NONE ||
	    da_refuse(reterr, why, DA_PART_MEASUREMENTS, 0);
}

/* The asker's word for chain or measurements is one that can be kept. */
static bool
assumed_is_built(const struct da_evidence *e, enum da_part part,
    struct da_fault *reterr)
{
	const struct da_algs *algs = &e->algs;
	bool built = part == DA_PART_CHAIN ?
	    da_sig_can(algs->asym) && da_hash_can(algs->hash) :
	    da_asym_fits(e->version, algs->asym) &&
	    da_hash_fits(e->version, algs->hash) &&
	    (algs->meas_hash == DA_HASH_NONE ||
	    da_hash_fits(e->version, algs->meas_hash));

	return built || da_refuse(reterr, DA_F_ALG_UNSUPPORTED, part, 0);
}

/* What stands in the VCA's place is the asker's word, not the host's. */
static bool
algs_from_asker(struct da_evidence *e, const struct da_algs *assumed,
    struct da_fault *reterr)
{
	const bool *given = e->bundle.given;

	if (assumed != NULL)
		e->algs = *assumed;
	if (!given[DA_PART_MEASUREMENTS])
		return assumed == NULL || !given[DA_PART_CHAIN] ||
		    assumed_is_built(e, DA_PART_CHAIN, reterr);
	e->version = version_of_first_message(e->exchanges);
	if (!version_needs_no_vca(e->version, reterr))
		return false;
	if (assumed == NULL)
		return da_refuse(reterr, DA_F_ALG_UNKNOWN,
		    DA_PART_MEASUREMENTS, 0);
	return assumed_is_built(e, DA_PART_MEASUREMENTS, reterr);
}

/* Length had 16 bits before SPDM 1.4; 0 where nobody says the version. */
static size_t
chain_cap(uint8_t version)
{
	return version == 0 || version >= DA_SPDM_14 ? DA_MAX_CHAIN :
	    DA_MAX_CHAIN_13;
}

static bool
read_chain(struct da_evidence *e, struct da_fault *reterr)
{
	const struct da_bundle *b = &e->bundle;

	if (!b->given[DA_PART_CHAIN])
		return !b->given[DA_PART_MEASUREMENTS] ||
		    da_refuse(reterr, DA_F_CHAIN_ABSENT, DA_PART_CHAIN, 0);
	if (b->part[DA_PART_CHAIN].n > chain_cap(e->version))
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_CHAIN,
		    chain_cap(e->version));
	e->has_chain = true;
	return da_chain_parse(b->part[DA_PART_CHAIN], b->chain_form,
	    e->algs.hash, &e->chain, reterr);
}

static bool
read_measurements(struct da_evidence *e, struct da_fault *reterr)
{
	if (!e->bundle.given[DA_PART_MEASUREMENTS])
		return true;
	if (e->bundle.shape == DA_SHAPE_RESPONSE)
		return da_refuse(reterr, DA_F_MEAS_NO_REQUEST,
		    DA_PART_MEASUREMENTS, 0);
	e->has_meas = true;
	if (e->has_vca && !da_vca_measures(&e->vca, reterr))
		return false;
	if (!da_meas_read(e->exchanges, e->has_vca ? e->version : 0,
	    da_asym_alg(e->algs.asym)->sig_size, &e->meas, reterr)) {
		/* In a log the exchanges begin behind the VCA. */
		reterr->offset += da_slice_offset(
		    e->bundle.part[DA_PART_MEASUREMENTS], e->exchanges);
		return false;
	}
	return e->meas.version == e->version ||
	    da_refuse(reterr, DA_F_VCA_OTHER, DA_PART_MEASUREMENTS, 0);
}

bool
da_evidence_read(const struct da_bundle *bundle, const struct da_algs *assumed,
    struct da_evidence *ret, struct da_fault *reterr)
{
	*ret = (struct da_evidence){ .bundle = *bundle };
	if (!parts_keep_their_caps(bundle, reterr) || !read_vca(ret, reterr))
		return false;
	if (!(ret->has_vca ? algs_from_vca(ret, reterr) :
	    algs_from_asker(ret, assumed, reterr)))
		return false;
	return read_chain(ret, reterr) && read_measurements(ret, reterr);
}

bool
da_is_alias_chain(const struct da_evidence *evidence)
{
	return evidence->has_vca &&
	    (evidence->vca.responder_caps & DA_CAP_ALIAS_CERT) != 0;
}

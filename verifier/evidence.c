/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include "caps.h"

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

/* What this version verifies; the layouts of 1.0 and 1.4 are known, too. */
static bool
version_is_built(uint8_t version, enum da_part part, struct da_fault *reterr)
{
	if (version >= DA_SPDM_11 && version <= DA_SPDM_13)
		return true;
	return da_refuse(reterr, DA_F_VERSION_UNSUPPORTED, part, 0);
}

static bool
algs_from_vca(struct da_evidence *e, struct da_fault *reterr)
{
	e->version = e->vca.version;
	e->algs_signed = e->version >= DA_SPDM_12;
	return version_is_built(e->version, e->vca.part, reterr) &&
	    da_vca_algs(&e->vca, &e->algs, reterr);
}

/*
 * Without a VCA only 1.0 and 1.1 can be verified: from 1.2 on the signature
 * covers it.  What stands in its place is the asker's word, not the host's.
 */
static bool
algs_from_asker(struct da_evidence *e, const struct da_algs *assumed,
    struct da_fault *reterr)
{
	if (assumed != NULL)
		e->algs = *assumed;
	if (!e->bundle.given[DA_PART_MEASUREMENTS])
		return true;
	e->version = version_of_first_message(e->exchanges);
	if (e->version >> 4 != 1)
		return da_refuse(reterr, DA_F_MEAS_VERSION,
		    DA_PART_MEASUREMENTS, 0);
	if (e->version >= DA_SPDM_12 && e->version <= DA_SPDM_14)
		return da_refuse(reterr, DA_F_VCA_ABSENT, DA_PART_MEASUREMENTS,
		    0);
	if (!version_is_built(e->version, DA_PART_MEASUREMENTS, reterr))
		return false;
	if (assumed == NULL)
		return da_refuse(reterr, DA_F_ALG_UNKNOWN,
		    DA_PART_MEASUREMENTS, 0);
	if (!da_asym_alg(e->algs.asym)->built)
		return da_refuse(reterr, DA_F_ALG_UNSUPPORTED,
		    DA_PART_MEASUREMENTS, 0);
	return true;
}

static bool
read_chain(struct da_evidence *e, struct da_fault *reterr)
{
	const struct da_bundle *b = &e->bundle;

	if (!b->given[DA_PART_CHAIN])
		return !b->given[DA_PART_MEASUREMENTS] ||
		    da_refuse(reterr, DA_F_CHAIN_ABSENT, DA_PART_CHAIN, 0);
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include "caps.h"
#include "path.h"
#include "sig.h"

/* CertificateInfo's values are the models'. */
_Static_assert(DA_MODEL_DEVICE == 1 && DA_MODEL_ALIAS == 2 &&
    DA_MODEL_GENERIC == 3, "DSP0274 DIGESTS CertificateInfo");

static const struct {
	enum da_part part;
	size_t cap;
} caps[] = {
	{ DA_PART_CHAIN, DA_MAX_CHAIN },
	{ DA_PART_VCA, DA_MAX_VCA },
	{ DA_PART_MEASUREMENTS, DA_MAX_MEAS },
	{ DA_PART_REPORT, DA_MAX_REPORT },
	{ DA_PART_LOG, DA_MAX_LOG },
	{ DA_PART_CHALLENGE, DA_MAX_CHALLENGE },
	{ DA_PART_BETWEEN, DA_MAX_BETWEEN },
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
	return da_vca_algs(&e->vca, &e->algs, reterr) &&
	    da_vca_agrees(&e->vca, reterr);
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
		return true;
	if (b->part[DA_PART_CHAIN].n > chain_cap(e->version))
		return da_refuse(reterr, DA_F_TOO_LONG, DA_PART_CHAIN,
		    chain_cap(e->version));
	e->has_chain = true;
	return da_chain_parse(b->part[DA_PART_CHAIN], b->chain_form,
	    e->algs.hash, &e->chain, reterr);
}

/* Measurements, signed ones at that, are what the responder says it has. */
static bool
caps_fit_measurements(const struct da_evidence *e, struct da_fault *reterr)
{
	bool with = e->meas.is_signed || e->meas.n_before > 0;
	uint32_t cap = e->vca.responder_caps & DA_CAP_MEAS;

	return cap == DA_CAP_MEAS_SIG || (cap == DA_CAP_MEAS_NO_SIG && !with) ||
	    da_refuse(reterr, DA_F_CAPABILITY, DA_PART_MEASUREMENTS, 0);
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
	if (!da_meas_read_tailed(e->exchanges, e->has_vca ? e->version : 0,
	    da_asym_alg(e->algs.asym)->sig_size, e->bundle.meas_tail,
	    &e->meas, reterr)) {
		/* In a log the exchanges begin behind the VCA. */
		reterr->offset += da_slice_offset(
		    e->bundle.part[DA_PART_MEASUREMENTS], e->exchanges);
		return false;
	}
	if (e->meas.version != e->version)
		return da_refuse(reterr, DA_F_VCA_OTHER, DA_PART_MEASUREMENTS,
		    0);
	return !e->has_vca || caps_fit_measurements(e, reterr);
}

/* M1/M2 begins with the VCA, in every version (DSP0274 M1/M2). */
static bool
read_challenge(struct da_evidence *e, struct da_fault *reterr)
{
	const struct da_bundle *b = &e->bundle;

	if (!b->given[DA_PART_CHALLENGE])
		return !b->given[DA_PART_BETWEEN] ||
		    da_refuse(reterr, DA_F_EMPTY, DA_PART_CHALLENGE, 0);
	if (!e->has_vca)
		return da_refuse(reterr, DA_F_VCA_ABSENT, DA_PART_CHALLENGE,
		    0);
	e->has_challenge = true;
	return da_challenge_read(b->part[DA_PART_CHALLENGE], &e->vca, &e->algs,
	    &e->challenge, reterr) && (!b->given[DA_PART_BETWEEN] ||
	    da_between_read(b->part[DA_PART_BETWEEN], &e->vca, e->algs.hash,
	    &e->between, reterr));
}

/* Only a provisioned key does without a chain. */
static bool
chain_is_there(const struct da_evidence *e, struct da_fault *reterr)
{
	return e->has_chain || (!e->has_meas && !e->has_challenge) ||
	    da_signing_slot(e) == DA_SLOT_RAW_KEY ||
	    da_refuse(reterr, DA_F_CHAIN_ABSENT, DA_PART_CHAIN, 0);
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
	return read_chain(ret, reterr) && read_measurements(ret, reterr) &&
	    read_challenge(ret, reterr) && chain_is_there(ret, reterr);
}

uint8_t
da_signing_slot(const struct da_evidence *evidence)
{
	if (evidence->has_meas)
		return evidence->meas.is_signed ? evidence->meas.slot_asked :
		    DA_SLOT_NONE;
	return evidence->has_challenge ? evidence->challenge.slot_asked :
	    DA_SLOT_NONE;
}

uint8_t
da_said_model(const struct da_evidence *evidence)
{
	uint8_t slot = da_signing_slot(evidence);

	if (!evidence->has_vca)
		return DA_MODEL_UNKNOWN;
	if (!da_vca_is_multi_key(&evidence->vca))
		return da_vca_has(&evidence->vca, DA_CAP_ALIAS_CERT) ?
		    DA_MODEL_ALIAS : DA_MODEL_UNKNOWN;
	return slot < DA_SLOTS ? evidence->between.slot[slot].model :
	    DA_MODEL_UNKNOWN;
}

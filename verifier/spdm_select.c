/* SPDX-License-Identifier: Apache-2.0 */
/* What ALGORITHMS selects: from bits to the rows of algs.c. */
#include "spdm_vca.h"

#include "hash.h"
#include "sig.h"

#define RAW_ONLY	0x01u
#define DMTF_SPEC	0x01u

static bool
is_many(uint32_t bits)
{
	return (bits & (bits - 1)) != 0;
}

/* What a version brought is reserved before it, and selects nothing. */
static uint8_t
came_with(const struct da_asym_alg *alg)
{
	if (alg->pqc)
		return DA_SPDM_14;
	return alg->scheme == DA_SCHEME_ECDSA ||
	    alg->scheme == DA_SCHEME_RSASSA ||
	    alg->scheme == DA_SCHEME_RSAPSS ? DA_SPDM_10 : DA_SPDM_12;
}

bool
da_asym_fits(uint8_t version, enum da_asym asym)
{
	return version >= came_with(da_asym_alg(asym)) && da_sig_can(asym);
}

bool
da_hash_fits(uint8_t version, enum da_hash hash)
{
	return da_hash_can(hash) &&
	    (version >= DA_SPDM_12 || hash != DA_HASH_SM3);
}

static enum da_why
asym_selected(const struct da_vca *vca, enum da_asym *ret)
{
	if ((vca->asym_sel | vca->pqc_sel) == 0)
		return DA_F_ALG_NONE;
	if ((vca->asym_sel != 0 && vca->pqc_sel != 0) ||
	    is_many(vca->asym_sel | vca->pqc_sel))
		return DA_F_ALG_MANY;
	if ((vca->asym_sel & ~vca->asym_offer) != 0 ||
	    (vca->pqc_sel & ~vca->pqc_offer) != 0)
		return DA_F_ALG_NOT_OFFERED;
	*ret = vca->pqc_sel != 0 ? da_asym_of_pqc_bit(vca->pqc_sel) :
	    da_asym_of_bit(vca->asym_sel);
	return da_asym_fits(vca->version, *ret) ? DA_F_NONE :
	    DA_F_ALG_UNSUPPORTED;
}

static enum da_why
hash_selected(const struct da_vca *vca, enum da_hash *ret)
{
	if (vca->hash_sel == 0)
		return DA_F_ALG_NONE;
	if (is_many(vca->hash_sel))
		return DA_F_ALG_MANY;
	if ((vca->hash_sel & ~vca->hash_offer) != 0)
		return DA_F_ALG_NOT_OFFERED;
	*ret = da_hash_of_base_bit(vca->hash_sel);
	return da_hash_fits(vca->version, *ret) ? DA_F_NONE :
	    DA_F_ALG_UNSUPPORTED;
}

/* None, or raw bit streams only, is NONE; nobody offers this one. */
static enum da_why
meas_hash_selected(const struct da_vca *vca, enum da_hash *ret)
{
	uint32_t digests = vca->meas_hash_sel & ~RAW_ONLY;

	*ret = DA_HASH_NONE;
	if (is_many(vca->meas_hash_sel))
		return DA_F_ALG_MANY;
	if (digests == 0)
		return DA_F_NONE;
	*ret = da_hash_of_meas_bit(digests);
	return da_hash_fits(vca->version, *ret) ? DA_F_NONE :
	    DA_F_ALG_UNSUPPORTED;
}

static enum da_why
meas_spec_selected(const struct da_vca *vca)
{
	if (is_many(vca->meas_spec_sel))
		return DA_F_ALG_MANY;
	if ((vca->meas_spec_sel & ~vca->meas_spec_offer) != 0)
		return DA_F_ALG_NOT_OFFERED;
	if ((vca->meas_spec_sel & ~DMTF_SPEC) != 0)
		return DA_F_ALG_UNSUPPORTED;
	return DA_F_NONE;
}

bool
da_vca_algs(const struct da_vca *vca, struct da_algs *ret,
    struct da_fault *reterr)
{
	struct da_algs algs;
	enum da_why why;
	size_t at = vca->sel_at;
	bool pqc = vca->asym_sel == 0 && vca->pqc_sel != 0;

	if ((why = asym_selected(vca, &algs.asym)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, pqc ? at + 8 : at);
	if ((why = hash_selected(vca, &algs.hash)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, at + 4);
	if ((why = meas_hash_selected(vca, &algs.meas_hash)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, at - 4);
	if ((why = meas_spec_selected(vca)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, at - 6);
	*ret = algs;
	return true;
}

bool
da_vca_measures(const struct da_vca *vca, struct da_fault *reterr)
{
	if (vca->meas_spec_sel != DMTF_SPEC)
		return da_refuse(reterr, DA_F_ALG_NONE, vca->part,
		    vca->sel_at - 6u);
	if (vca->meas_hash_sel == 0)
		return da_refuse(reterr, DA_F_ALG_NONE, vca->part,
		    vca->sel_at - 4u);
	return true;
}

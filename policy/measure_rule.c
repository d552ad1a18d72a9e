/* SPDX-License-Identifier: Apache-2.0 */
#include "measure_rule.h"

#include <string.h>

/* -- reference values -- */

static const struct da_block *
block_of(const struct da_claims *claims, uint8_t index)
{
	for (uint16_t i = 0; claims->has_blocks && i < claims->blocks.n; i++)
		if (claims->blocks.block[i].index == index)
			return &claims->blocks.block[i];
	return NULL;
}

/*
 * The digest that a block gives under `hash`; n 0: it gives none.  A digest of
 * the device's is one of the negotiated measurement hash and of no other; what
 * came raw is hashed here, so that raw bytes never pass for a digest.
 */
static struct da_hash_value
digest_under(const struct da_block *block, enum da_hash meas_hash,
    enum da_hash hash)
{
	struct da_hash_value digest = { 0, { 0 } };

	if (block->raw)
		return da_hash_of(hash, block->value);
	if (meas_hash != hash || block->value.n != da_hash_alg(hash)->size)
		return digest;
	memcpy(digest.bytes, block->value.p, block->value.n);
	digest.n = (uint8_t)block->value.n;
	return digest;
}

static bool
value_is_named(const struct da_policy_index *index,
    const struct da_block *block, enum da_hash meas_hash)
{
	for (uint16_t i = 0; i < index->n; i++) {
		const struct da_policy_value *named = &index->value[i];
		struct da_hash_value digest = digest_under(block, meas_hash,
		    named->hash);

		if (da_hash_equal(&digest, da_hash_bytes(&named->digest)))
			return true;
	}
	return false;
}

static enum da_result
broken(const struct da_claims *claims, enum da_why why,
    const struct da_block *block, struct da_fault *reterr)
{
	struct da_slice part =
	    claims->evidence->bundle.part[DA_PART_MEASUREMENTS];

	da_refuse(reterr, why, DA_PART_MEASUREMENTS,
	    block == NULL ? 0 : da_slice_offset(part, block->value));
	return DA_BROKEN;
}

static enum da_result
index_fits(const struct da_policy_index *index, const struct da_claims *claims,
    struct da_fault *reterr)
{
	const struct da_block *block = block_of(claims, index->index);

	if (block == NULL)
		return broken(claims, DA_F_POLICY_MEASUREMENT_ABSENT, NULL,
		    reterr);
	if (!value_is_named(index, block, claims->evidence->algs.meas_hash))
		return broken(claims, DA_F_POLICY_MEASUREMENT, block, reterr);
	return DA_HOLDS;
}

enum da_result
da_values_keep(const struct da_policy_rule *rule,
    const struct da_claims *claims, struct da_fault *reterr)
{
	if (rule->n_index == 0) {
		da_refuse(reterr, DA_F_POLICY_NO_VALUES, DA_PART_POLICY, 0);
		return DA_BROKEN;
	}
	for (uint16_t i = 0; i < rule->n_index; i++)
		if (index_fits(&rule->index[i], claims, reterr) != DA_HOLDS)
			return DA_BROKEN;
	return DA_HOLDS;
}

/* -- floors -- */

static enum da_result
floor_is_kept(const struct da_policy_floor *floor,
    const struct da_claims *claims, struct da_fault *reterr)
{
	const struct da_block *block = block_of(claims, floor->index);
	uint64_t svn;

	if (block == NULL || !da_block_svn(block, &svn))
		return broken(claims, DA_F_POLICY_SVN_ABSENT, block, reterr);
	if (svn < floor->svn)
		return broken(claims, DA_F_POLICY_SVN, block, reterr);
	return DA_HOLDS;
}

enum da_result
da_floors_keep(const struct da_policy_rule *rule,
    const struct da_claims *claims, struct da_fault *reterr)
{
	if (rule->n_floor == 0)
		return DA_NOT_ASKED;
	for (uint16_t i = 0; i < rule->n_floor; i++)
		if (floor_is_kept(&rule->floor[i], claims, reterr) != DA_HOLDS)
			return DA_BROKEN;
	return DA_HOLDS;
}

/* -- the device's mode -- */

#define DEBUG_BITS	(DA_MODE_DEBUG_NOW | DA_MODE_DEBUG_SINCE_RESET)

/* A bit that the device does not report is not known to be clear. */
static enum da_result
debug_is_off(const struct da_block *block, const struct da_claims *claims,
    struct da_fault *reterr)
{
	struct da_mode mode;

	if (!da_block_mode(block, &mode))
		return broken(claims, DA_F_POLICY_MODE_ABSENT, block, reterr);
	if ((mode.device & DEBUG_BITS) != 0)
		return broken(claims, DA_F_POLICY_DEBUG, block, reterr);
	if ((mode.device_told & DEBUG_BITS) != DEBUG_BITS)
		return broken(claims, DA_F_POLICY_MODE_ABSENT, block, reterr);
	return DA_HOLDS;
}

/* It may be told under any index, and more than once: then each must hold. */
enum da_result
da_mode_keeps(const struct da_policy_rule *rule,
    const struct da_claims *claims, struct da_fault *reterr)
{
	bool told = false;

	if (rule->debug != DA_DEBUG_OFF)
		return DA_NOT_ASKED;
	for (uint16_t i = 0; claims->has_blocks && i < claims->blocks.n; i++) {
		const struct da_block *block = &claims->blocks.block[i];

		if (block->kind != DA_MEAS_DEVICE_MODE)
			continue;
		told = true;
		if (debug_is_off(block, claims, reterr) != DA_HOLDS)
			return DA_BROKEN;
	}
	return told ? DA_HOLDS :
	    broken(claims, DA_F_POLICY_MODE_ABSENT, NULL, reterr);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both ends can, by CAPABILITIES, against what they then agreed on.  Each
 * flag counts from the version on that brought it: before, its bit is reserved,
 * and reserved bits say nothing.
 */
#include "spdm_vca.h"

static const struct {
	uint32_t cap;
	uint8_t since;
} flags[] = {
	{ DA_CAP_CERT | DA_CAP_CHAL | DA_CAP_MEAS, DA_SPDM_10 },
	{ DA_CAP_PUB_KEY_ID, DA_SPDM_11 },
	{ DA_CAP_CHUNK | DA_CAP_ALIAS_CERT, DA_SPDM_12 },
	{ DA_CAP_MULTI_KEY, DA_SPDM_13 },
	{ DA_CAP_LARGE_RESP, DA_SPDM_14 },
};

/* The flags that this version has. */
static uint32_t
flags_of(uint8_t version)
{
	uint32_t caps = 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (version >= flags[i].since)
			caps |= flags[i].cap;
	return caps;
}

bool
da_vca_has(const struct da_vca *vca, uint32_t cap)
{
	return (vca->responder_caps & flags_of(vca->version) & cap) == cap;
}

bool
da_vca_is_multi_key(const struct da_vca *vca)
{
	return (vca->other_offer & DA_OTHER_MULTI_KEY) != 0;
}

/* One opaque format at most, out of those that were offered (SPDM 1.2). */
static enum da_why
why_not_opaque(const struct da_vca *vca)
{
	uint8_t sel = vca->other_sel & DA_OTHER_OPAQUE;

	if ((sel & (sel - 1)) != 0)
		return DA_F_ALG_MANY;
	return (sel & ~vca->other_offer) != 0 ? DA_F_ALG_NOT_OFFERED :
	    DA_F_NONE;
}

static enum da_why
why_not_log(const struct da_vca *vca)
{
	if ((vca->mel_sel & (vca->mel_sel - 1)) != 0)
		return DA_F_ALG_MANY;
	return (vca->mel_sel & ~vca->mel_offer) != 0 ? DA_F_ALG_NOT_OFFERED :
	    DA_F_NONE;
}

/* Whose keys are several, by MULTI_KEY_CAP: never, always, or as agreed. */
static bool
multi_key_fits(uint32_t caps, bool chosen)
{
	switch (caps & DA_CAP_MULTI_KEY) {
	case 0:
		return !chosen;
	case DA_CAP_MULTI_KEY_ONLY:
		return chosen;
	case DA_CAP_MULTI_KEY_NEG:
		return true;
	default:
		return false;
	}
}

/* Both ends' word: the requester speaks of the responder's, and vice versa. */
static bool
keys_fit(const struct da_vca *vca)
{
	if (vca->version < DA_SPDM_13)
		return true;
	return multi_key_fits(vca->responder_caps, da_vca_is_multi_key(vca)) &&
	    multi_key_fits(vca->requester_caps,
	    (vca->other_sel & DA_OTHER_MULTI_KEY) != 0);
}

bool
da_vca_agrees(const struct da_vca *vca, struct da_fault *reterr)
{
	enum da_why why;

	if ((why = why_not_opaque(vca)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, vca->sel_at - 5u);
	if ((why = why_not_log(vca)) != DA_F_NONE)
		return da_refuse(reterr, why, vca->part, vca->sel_at + 19u);
	/* A provisioned key stands in a chain's place, not beside it. */
	if (da_vca_has(vca, DA_CAP_PUB_KEY_ID | DA_CAP_CERT) ||
	    !keys_fit(vca))
		return da_refuse(reterr, DA_F_CAPABILITY, vca->part,
		    vca->caps_at);
	return true;
}

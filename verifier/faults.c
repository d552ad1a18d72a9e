/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

static const struct da_fault_text texts[] = {
	{ "NONE", "nothing is wrong", "", 0 },
#define X(name, class, text, paragraph) { #name, text, paragraph, class },
	DA_FAULTS(X)
#undef X
};

static const char *const part_names[DA_PART_COUNT] = {
	[DA_PART_NONE] = "none",
	[DA_PART_CHAIN] = "chain",
	[DA_PART_VCA] = "vca",
	[DA_PART_MEASUREMENTS] = "measurements",
	[DA_PART_REPORT] = "report",
	[DA_PART_ANSWER] = "answer",
	[DA_PART_TICKET] = "ticket",
	[DA_PART_NONCE] = "nonce",
	[DA_PART_ROOT] = "root",
	[DA_PART_POLICY] = "policy",
	[DA_PART_CHALLENGE] = "challenge",
	[DA_PART_BETWEEN] = "digests-certs",
	[DA_PART_LOG] = "measurement-log",
	[DA_PART_CRL] = "crl",
	[DA_PART_KEY] = "provisioned-key",
	[DA_PART_DEVICE_INFO] = "device-info",
};

_Static_assert(sizeof(texts) / sizeof(texts[0]) == DA_F_COUNT,
    "one row a fault");

const struct da_fault_text *
da_fault_text(enum da_why why)
{
	return &texts[(unsigned int)why < DA_F_COUNT ? why : DA_F_NONE];
}

const char *
da_part_name(enum da_part part)
{
	return part_names[(unsigned int)part < DA_PART_COUNT ? part :
	    DA_PART_NONE];
}

bool
da_refuse(struct da_fault *reterr, enum da_why why, enum da_part part,
    size_t offset)
{
	*reterr = (struct da_fault){ why, part, offset };
	return false;
}

bool
da_refuse_end(struct da_fault *reterr, const struct da_cur *c,
    enum da_part part)
{
	return da_refuse(reterr, c->bad ? DA_F_SHORT : DA_F_TRAILING, part,
	    c->at);
}

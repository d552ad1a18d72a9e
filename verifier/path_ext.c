/* SPDX-License-Identifier: Apache-2.0 */
#include "path_ext.h"

#include "derwalk.h"
#include "dice.h"
#include "dmtf.h"
#include "names.h"

/* x of 2.5.29.x; 0 for any other OID. */
static uint8_t
arc_of(struct da_slice oid)
{
	return oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d ? oid.p[2] :
	    0;
}

enum {
	KEY_USAGE = 15,
	SUBJECT_ALT_NAME = 17,
	BASIC_CONSTRAINTS = 19,
	NAME_CONSTRAINTS = 30,
	POLICY_MAPPINGS = 33,
	POLICY_CONSTRAINTS = 36,
	EXTENDED_KEY_USAGE = 37,
	INHIBIT_ANY_POLICY = 54
};

/* -- uses -- */

/* Under which vendors let a device's key sign; one must be named. */
static const struct {
	const char *oid;
	size_t n;
} uses[] = {
	{ "\x2b\x06\x01\x05\x05\x07\x03\x01", 8 },	/* serverAuth */
	{ "\x2b\x06\x01\x05\x05\x07\x03\x02", 8 },	/* clientAuth */
	{ "\x55\x1d\x25\x00", 4 },		/* anyExtendedKeyUsage */
	{ "\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x03", 10 },	/* responder */
	{ "\x67\x81\x05\x05\x04\x64\x06", 7 },	/* DICE identityInit */
	{ "\x67\x81\x05\x05\x04\x64\x07", 7 },	/* DICE identityLoc */
	{ "\x67\x81\x05\x05\x04\x64\x08", 7 },	/* DICE attestInit */
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

/* -- one extension -- */

static bool
asker_takes(struct da_slice oid, const struct da_oids *critical)
{
	for (uint16_t i = 0; i < critical->n; i++)
		if (da_slice_eq(oid, critical->oid[i]))
			return true;
	return false;
}

/* Why a critical one is refused: known is what is processed, or asked for. */
static enum da_why
why_not_critical(const struct da_cert *cert, const struct da_extension *ext,
    const struct da_oids *critical)
{
	switch (arc_of(ext->oid)) {
	case KEY_USAGE:
	case SUBJECT_ALT_NAME:
	case BASIC_CONSTRAINTS:
		return DA_F_NONE;
	case EXTENDED_KEY_USAGE:
		return critical_eku_fits(cert) ? DA_F_NONE : DA_F_EKU_OTHER;
	}
	if (da_oid_is_dmtf(ext->oid, DMTF_SPDM_EXTENSION) ||
	    asker_takes(ext->oid, critical))
		return DA_F_NONE;
	if (da_dice_knows(ext->oid))
		return da_dice_decodes(ext) ? DA_F_NONE : DA_F_DICE_FORM;
	return DA_F_EXT_CRITICAL;
}

/*
 * Refused ones stay so, critical or not and whoever asks: what they demand of
 * the certificates below is not done here.
 */
static enum da_why
why_not(const struct da_cert *cert, const struct da_extension *ext,
    const struct da_oids *critical)
{
	struct da_spdm_ids unused;

	switch (arc_of(ext->oid)) {
	case NAME_CONSTRAINTS:
	case POLICY_MAPPINGS:
	case POLICY_CONSTRAINTS:
	case INHIBIT_ANY_POLICY:
		return DA_F_EXT_REFUSED;
	}
	if (da_oid_is_dmtf(ext->oid, DMTF_SPDM_EXTENSION) &&
	    !da_spdm_ids_read(ext->value, &unused))
		return DA_F_DMTF_FORM;
	return ext->critical ? why_not_critical(cert, ext, critical) :
	    DA_F_NONE;
}

bool
da_extensions_hold(const struct da_cert *cert, const struct da_oids *critical,
    enum da_part part, struct da_fault *reterr)
{
	struct da_names unused;
	struct da_fault fault;

	for (uint16_t i = 0; i < cert->n_ext; i++) {
		enum da_why why = why_not(cert, &cert->ext[i], critical);

		if (why != DA_F_NONE)
			return da_refuse(reterr, why, part, cert->ext[i].at);
	}
	return da_names_read(cert, &unused, &fault) ||
	    da_refuse(reterr, fault.why, part, fault.offset);
}

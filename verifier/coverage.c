/* SPDX-License-Identifier: Apache-2.0 */
#include "coverage.h"

#include <string.h>

/* DSP0274 certificate chain: 4 bytes and RootHash, of 32, 48 or 64 bytes. */
#define CHAIN_HEADS	3, { 4 + 32, 4 + 48, 4 + 64 }
#define WHOLE		1, { 0 }
/*
 * The firmware's object has a header of 32 bytes, which the guest is not given;
 * one host counts it in the length all the same, or pads to a multiple of it.
 */
#define AMD_TAIL	32

/*
 * SEV-TIO: the log holds the VCA.  That the report's digest is of the report
 * alone is nowhere said; one that is of more refuses.  CCA: the response is
 * hashed with what was left of the secured message around it.  TDX: one digest
 * of all that the module collected, and one of the report.  CoVE-IO: the
 * objects are the TSM's own answers, the digests the driver's.
 */
static const struct da_coverage rows[] = {
#define AMD(abi, part, of_device)					      \
	{ DA_PLATFORM_SEV_TIO, abi, DA_PART_##part, WHOLE, AMD_TAIL, 0,	      \
	    of_device }
	AMD("1", CHAIN, true),
	AMD("1", MEASUREMENTS, true),
	AMD("1", REPORT, false),
	AMD("2", CHAIN, true),
	AMD("2", MEASUREMENTS, true),
	AMD("2", REPORT, false),
#undef AMD
#define ARM(abi, part, heads, meas_tail)				      \
	{ DA_PLATFORM_ARM_CCA, abi, DA_PART_##part, heads, 0, meas_tail, false }
	ARM("alp20", CHAIN, CHAIN_HEADS, 0),
	ARM("alp20", VCA, WHOLE, 0),
	ARM("alp20", MEASUREMENTS, WHOLE, DA_MAX_MEAS_TAIL),
	ARM("alp20", REPORT, WHOLE, 0),
	ARM("bet0", CHAIN, CHAIN_HEADS, 0),
	ARM("bet0", VCA, WHOLE, 0),
	ARM("bet0", MEASUREMENTS, WHOLE, DA_MAX_MEAS_TAIL),
	ARM("bet0", REPORT, WHOLE, 0),
#undef ARM
	{ DA_PLATFORM_TDX, "1", DA_PART_REPORT, WHOLE, 0, 0, false },
	{ DA_PLATFORM_TDX, "1", DA_PART_DEVICE_INFO, WHOLE, 0, 0, true },
#define OWN(platform, abi, part)					      \
	{ DA_PLATFORM_##platform, abi, DA_PART_##part, WHOLE, 0, 0, false }
	OWN(COVE_IO, "1", CHAIN),
	OWN(COVE_IO, "1", VCA),
	OWN(COVE_IO, "1", MEASUREMENTS),
	OWN(COVE_IO, "1", REPORT),
	OWN(EMULATED, NULL, CHAIN),
	OWN(EMULATED, NULL, VCA),
	OWN(EMULATED, NULL, MEASUREMENTS),
	OWN(EMULATED, NULL, REPORT),
#undef OWN
};

#define N_ROWS	(sizeof(rows) / sizeof(rows[0]))

static bool
is_of(const struct da_coverage *row, const struct da_ticket *ticket)
{
	return row->platform == (enum da_platform)ticket->platform &&
	    (row->abi == NULL ||
	    strncmp(row->abi, ticket->abi, sizeof(ticket->abi)) == 0);
}

const struct da_coverage *
da_coverage_of(const struct da_ticket *ticket, enum da_part part)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].part == part && is_of(&rows[i], ticket))
			return &rows[i];
	return NULL;
}

bool
da_platform_covers(enum da_platform platform, enum da_part part)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].platform == platform && rows[i].part == part)
			return true;
	return false;
}

/* The others have one of the lock only, or a counter that may be zero. */
bool
da_part_has_token(enum da_platform platform, enum da_part part)
{
	return platform == DA_PLATFORM_ARM_CCA &&
	    (part == DA_PART_MEASUREMENTS || part == DA_PART_REPORT);
}

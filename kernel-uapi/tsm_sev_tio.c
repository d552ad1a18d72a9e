// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * AMD SEV-TIO: TDI_INFO, the guest message's payload, 192 bytes.
 *
 *	off	v1			v2
 *	0x00	u16 guest_device_id	u64 tdi_id
 *	0x02		  u16 status at 0x02 (v1) or 0x08 (v2)
 *	0x10	u32: bit 0 meas_digest_valid, bit 1 meas_digest_fresh
 *	0x14	u32 lock flags
 *	0x18	SPDM algorithms, a byte each
 *	0x20	certificates, 0x50 measurements, 0x80 report: 48 bytes each
 *	0xb0	u64 TDI report count
 *
 * The TDISP state is not in it: what VMGEXIT returns in RDX is the hypervisor's
 * word, so that the state stays unknown here.  Nor are the slot and the link.
 * All digests are SHA-384, whatever SPDM negotiated.  What the report's digest
 * covers was not found in any public source; the report's payload is assumed.
 */
#include "tsm_reader.h"

enum {
	STATUS_V1 = 0x02, STATUS_V2 = 0x08, MEASUREMENT_BITS = 0x10,
	LOCK_FLAGS = 0x14, CHAIN = 0x20, MEASUREMENTS = 0x50, REPORT = 0x80,
	REPORT_COUNT = 0xb0, DIGEST = 48
};

enum { BOUND, INVALID_TDI, UNBOUND };

#define MEASUREMENT_VALID	0x1u
#define MEASUREMENT_FRESH	0x2u
#define LOCK_FLAGS_ALL		0x1fu	/* the five of TDISP, in its order */

static void
read_subject(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	ret->device_id = tsm_le(r, 0, abi == 1 ? 2 : 8);
	/* Version 1's is a routing id that the hypervisor gave. */
	if (abi != 1)
		tsm_read_token(r, 0, 8, &ret->token[TSM_TOKEN_LOCK]);
	tsm_read_token(r, REPORT_COUNT, 8, &ret->token[TSM_TOKEN_REPORT]);
}

static void
read_digests(struct tsm_reader *r, struct tsm_info *ret)
{
	__u64 bits = tsm_le(r, MEASUREMENT_BITS, 4);

	ret->hash = TSM_SHA384;
	tsm_read_digest(r, CHAIN, DIGEST, &ret->digest[TSM_DIGEST_CHAIN]);
	tsm_read_digest(r, REPORT, DIGEST, &ret->digest[TSM_DIGEST_REPORT]);
	/* Each digest needs its own valid bit, where it has one. */
	if ((bits & MEASUREMENT_VALID) == 0)
		return;
	tsm_read_digest(r, MEASUREMENTS, DIGEST,
	    &ret->digest[TSM_DIGEST_MEASUREMENTS]);
	/* Who clears "fresh", and when, was not found: it is only passed on. */
	ret->measurements_fresh = (bits & MEASUREMENT_FRESH) != 0 ? TSM_TRUE :
	    TSM_FALSE;
}

enum tsm_why
tsm_decode_sev_tio(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	size_t at = abi == 1 ? STATUS_V1 : STATUS_V2;
	__u64 status = tsm_le(r, at, 2);

	if (status > UNBOUND)
		return tsm_refuse_field(r, at);
	ret->bound = status == BOUND;
	read_subject(abi, r, ret);
	/* Of a TDI that is not bound nothing else is a fact. */
	if (!ret->bound)
		return TSM_OK;
	ret->lock_flags = (__u32)tsm_le(r, LOCK_FLAGS, 4) & LOCK_FLAGS_ALL;
	ret->lock_flags_known = LOCK_FLAGS_ALL;
	read_digests(r, ret);
	return TSM_OK;
}

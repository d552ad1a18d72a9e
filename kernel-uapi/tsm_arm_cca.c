// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Arm CCA: RSI_VDEV_GET_INFO, a structure of 512 bytes that the RMM writes into
 * the realm's memory.  Its layout changed between RMM 2.0-alp20 and 2.0-bet0;
 * nothing inside says which it is.
 *
 * The RMM clears the structure first and has no valid bits: a field that it
 * never filled is zero, and counts as absent.  One algorithm for all digests;
 * the host picks it.  Nonces are generation tokens of 64 bits, new on each lock
 * and each collection, and not the SPDM nonce.
 */
#include "tsm_reader.h"

enum {
	FLAGS = 0x00, CERT_ID = 0x08, HASH = 0x10, LOCK_NONCE = 0x18,
	MEAS_NONCE = 0x20, REPORT_NONCE = 0x28,
	FORMAT = 0x30		/* bet0: 0 implementation defined, 1 TDISP */
};

#define FORMAT_TDISP	1
#define ALP20_P2P_BOUND	0x2u	/* of the flags; gone in bet0 */
#define MAX_SLOT	7

/* What differs between the layouts. */
static const struct layout {
	size_t state, digests;	/* VCA, chain, key, measurements, report */
} layouts[] = {
	[TSM_ARM_ALP20] = { .state = 0x38, .digests = 0x40 },
	[TSM_ARM_BET0] = { .state = 0x40, .digests = 0x80 },
};

static bool
read_hash(struct tsm_reader *r, struct tsm_info *ret)
{
	static const __u8 hash[] = { TSM_SHA256, TSM_SHA512, TSM_SHA384 };
	__u64 number = tsm_le(r, HASH, 1);

	if (number >= sizeof(hash))
		return false;
	ret->hash = hash[number];
	return true;
}

static bool
read_state(struct tsm_reader *r, size_t at, struct tsm_info *ret)
{
	static const __u8 state[] = { TSM_STATE_UNLOCKED, TSM_STATE_LOCKED,
		TSM_STATE_RUN, TSM_STATE_ERROR };
	__u64 number = tsm_le(r, at, 1);

	if (number >= sizeof(state))
		return false;
	ret->state = state[number];
	return true;
}

static void
read_digests(struct tsm_reader *r, size_t at, struct tsm_info *ret)
{
	static const __u8 order[] = { TSM_DIGEST_VCA, TSM_DIGEST_CHAIN,
		TSM_DIGEST_PUBLIC_KEY, TSM_DIGEST_MEASUREMENTS,
		TSM_DIGEST_REPORT };
	size_t n = tsm_hash_size((enum tsm_hash)ret->hash), i;

	for (i = 0; i < sizeof(order); i++)
		tsm_read_digest(r, at + i * TSM_MAX_DIGEST, n,
		    &ret->digest[order[i]]);
}

/* The peer-to-peer bit says "bound" in the old layout, and is gone in the new. */
static void
read_flags(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	if (abi != TSM_ARM_ALP20)
		return;
	ret->lock_flags_known = TSM_LOCK_P2P;
	if ((tsm_le(r, FLAGS, 8) & ALP20_P2P_BOUND) != 0)
		ret->lock_flags = TSM_LOCK_P2P;
}

enum tsm_why
tsm_decode_arm_cca(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	const struct layout *l = &layouts[abi];
	__u64 slot = tsm_le(r, CERT_ID, 8);

	if (slot > MAX_SLOT)
		return tsm_refuse_field(r, CERT_ID);
	if (!read_hash(r, ret))
		return tsm_refuse_field(r, HASH);
	if (!read_state(r, l->state, ret))
		return tsm_refuse_field(r, l->state);
	/* A state that is not TDISP's may mean anything. */
	if (abi == TSM_ARM_BET0 && tsm_le(r, FORMAT, 1) != FORMAT_TDISP)
		ret->state = TSM_STATE_UNKNOWN;
	ret->bound = 1;		/* GET_INFO fails for one that is not */
	ret->slot_known = 1;
	ret->slot = (__u8)slot;
	tsm_read_token(r, LOCK_NONCE, 8, &ret->token[TSM_TOKEN_LOCK]);
	tsm_read_token(r, MEAS_NONCE, 8, &ret->token[TSM_TOKEN_MEASUREMENTS]);
	tsm_read_token(r, REPORT_NONCE, 8, &ret->token[TSM_TOKEN_REPORT]);
	read_flags(abi, r, ret);
	read_digests(r, l->digests, ret);
	return TSM_OK;
}

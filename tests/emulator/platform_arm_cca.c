/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arm CCA's RMM: RSI calls as rows of 64-bit registers, the function's id first
 * and X0 first in the answer; VDEV_GET_INFO answers by a structure of 512
 * bytes, whose layout changed between RMM 2.0-alp20 and 2.0-bet0.
 *
 * Of the public-key digest the RMM that is public fills nothing; this one does,
 * as the layout provides.
 */
#include <errno.h>

#include "platform.h"

#define VDEV_DMA_ENABLE		0xc400019cu
#define VDEV_GET_INFO		0xc400019du
#define VDEV_VALIDATE_MAPPING	0xc400019fu

enum rsi { RSI_SUCCESS, RSI_INPUT, RSI_STATE, RSI_DEVICE = 5 };
enum { ACCEPTED, REJECTED };

#define PAGE		UINT64_C(4096)
#define HASH_SHA384	2u
#define FORMAT_TDISP	1u
#define CHAIN_HEAD	52u	/* Length, reserved, RootHash of SHA-384 */
#define DIGEST_ROOM	64u

/* PCI domain << 16 | routing id: what the channel's head has, too. */
static uint64_t
vdev_id(const struct emu_fw_tdi *t)
{
	return t->function;
}

/* X0 of the request, and X1, which names the vdev. */
static bool
is_call(struct emu_fw_call *call, uint64_t fid)
{
	uint64_t x0 = da_le64(&call->c), x1 = da_le64(&call->c);

	return x0 == fid && x1 == vdev_id(call->tdi);
}

/* The three nonces, as the RMM itself has them. */
static bool
reads_own_nonces(struct emu_fw_call *call)
{
	bool same = true;

	for (size_t i = 0; i < TSM_TOKENS; i++)
		same = da_le64(&call->c) == call->tdi->token[i] && same;
	return same;
}

/* -- VDEV_GET_INFO -- */

static void
put_digest(struct emu_fw_call *call, const uint8_t digest[48])
{
	emu_put(call->out, digest, 48);
	emu_put_zero(call->out, DIGEST_ROOM - 48);
}

static void
put_seen(struct emu_fw_call *call, enum tsm_digest_of of)
{
	uint8_t digest[48];

	emu_fw_digest_seen(call->tdi, of, digest);
	put_digest(call, digest);
}

/* The certificates alone. */
static void
put_chain(struct emu_fw_call *call)
{
	struct da_slice whole = emu_fw_seen(call->tdi, TSM_DIGEST_CHAIN), der;
	uint8_t digest[48];
	bool there = whole.n > CHAIN_HEAD && da_slice_cut(whole, CHAIN_HEAD,
	    whole.n - CHAIN_HEAD, &der);

	emu_fw_digest(call->tdi, TSM_DIGEST_CHAIN, &der, there, digest);
	put_digest(call, digest);
}

/* The key's own digest: that of its encoding, which the device has made. */
static void
put_key(struct emu_fw_call *call)
{
	const struct emu_fw_tdi *t = call->tdi;
	uint8_t digest[48] = { 0 };

	if (t->digest_lie[TSM_DIGEST_PUBLIC_KEY] != EMU_DIGEST_ABSENT)
		for (size_t i = 0; i < sizeof(digest); i++)
			digest[i] = t->device->key_digest[i];
	if (t->digest_lie[TSM_DIGEST_PUBLIC_KEY] == EMU_DIGEST_WRONG)
		digest[0] ^= 0x01;
	put_digest(call, digest);
}

static void
put_digests(struct emu_fw_call *call)
{
	put_seen(call, TSM_DIGEST_VCA);
	put_chain(call);
	put_key(call);
	put_seen(call, TSM_DIGEST_MEASUREMENTS);
	put_seen(call, TSM_DIGEST_REPORT);
}

/* Up to 0x30, which both layouts have alike. */
static void
put_common(struct emu_fw_call *call)
{
	emu_put_le(call->out, 0, 8);		/* flags */
	emu_put_le(call->out, 0, 8);		/* cert_id: slot 0 */
	emu_put_u8(call->out, HASH_SHA384);
	emu_put_zero(call->out, 7);
	for (unsigned int i = 0; i < TSM_TOKENS; i++)
		emu_put_le(call->out, emu_fw_token(call->tdi,
		    (enum tsm_token_of)i), 8);
}

static bool
is_info_request(struct emu_fw_call *call)
{
	return is_call(call, VDEV_GET_INFO) && emu_fw_call_is_whole(call);
}

static int
info_alp20(struct emu_fw_call *call)
{
	if (!is_info_request(call))
		return EINVAL;
	put_common(call);
	emu_put_le(call->out, 0x10, 8);		/* TDISP 1.0 */
	emu_put_le(call->out, emu_fw_tdisp_state(call->tdi), 8);
	put_digests(call);			/* at 0x40 */
	emu_put_zero(call->out, 0x200 - 0x180);
	return 0;
}

static int
info_bet0(struct emu_fw_call *call)
{
	if (!is_info_request(call))
		return EINVAL;
	put_common(call);
	emu_put_le(call->out, FORMAT_TDISP, 8);
	emu_put_le(call->out, 0x10000, 8);	/* 1.0 */
	emu_put_le(call->out, emu_fw_tdisp_state(call->tdi), 8);
	emu_put_zero(call->out, 0x80 - 0x48);
	put_digests(call);			/* at 0x80 */
	emu_put_zero(call->out, 0x200 - 0x1c0);
	return 0;
}

/* -- VDEV_VALIDATE_MAPPING -- */

struct mapping {
	uint64_t base, top, reported, flags;
};

/* Where the guest has the page, and where the report says that it is. */
static bool
is_mapped_right(const struct emu_fw_tdi *t, const struct mapping *m,
    struct emu_range *ret)
{
	uint64_t skipped;
	uint32_t index;

	return emu_fw_seen(t, TSM_DIGEST_REPORT).n != 0 &&
	    emu_fw_private_at(t, m->base, (m->top - m->base) / PAGE, ret,
	    &index, &skipped) && m->reported == emu_reported(&t->pci,
	    t->counting.bar_base, ret->bar, ret->offset);
}

static enum rsi
do_validate(struct emu_fw_tdi *t, const struct mapping *m, bool own_nonces,
    bool *ret_rejected)
{
	struct emu_range range;

	if (m->base % PAGE != 0 || m->top % PAGE != 0 || m->top <= m->base ||
	    m->flags > 3)
		return RSI_INPUT;
	if (!emu_fw_is_bound(t))
		return RSI_STATE;
	if (!own_nonces)
		return RSI_DEVICE;
	*ret_rejected = !is_mapped_right(t, m, &range);
	if (!*ret_rejected)
		emu_fw_validate(t, &range);
	return RSI_SUCCESS;
}

static int
validate_mapping(struct emu_fw_call *call)
{
	bool named = is_call(call, VDEV_VALIDATE_MAPPING), own;
	bool rejected = false;
	enum rsi x0 = RSI_INPUT;
	struct mapping m;

	m.base = da_le64(&call->c);
	m.top = da_le64(&call->c);
	m.reported = da_le64(&call->c);
	m.flags = da_le64(&call->c);
	own = reads_own_nonces(call);
	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (named)
		x0 = do_validate(call->tdi, &m, own, &rejected);
	emu_put_le(call->out, x0, 8);
	emu_put_le(call->out, x0 == RSI_SUCCESS && !rejected ? m.top : m.base,
	    8);
	emu_put_le(call->out, rejected ? REJECTED : ACCEPTED, 8);
	return 0;
}

/* -- VDEV_DMA_ENABLE, and the host's SET_TDI_STATE -- */

static int
dma_enable(struct emu_fw_call *call)
{
	bool named = is_call(call, VDEV_DMA_ENABLE), own;
	enum rsi x0 = RSI_SUCCESS;

	da_take(&call->c, 16);		/* ATS, plane */
	own = reads_own_nonces(call);
	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (!named)
		x0 = RSI_INPUT;
	else if (call->tdi->state != TSM_STATE_RUN)
		x0 = RSI_STATE;
	else if (!own)
		x0 = RSI_DEVICE;
	emu_put_le(call->out, x0, 8);
	return 0;
}

static int
set_run(struct emu_fw_call *call)
{
	return emu_fw_call_is_whole(call) ? emu_fw_start(call->tdi) : EINVAL;
}

const struct emu_platform emu_arm_cca_alp20 = {
	.name = "arm-cca", .abi_name = "alp20", .platform = TSM_ARM_CCA,
	.abi = TSM_ARM_ALP20, .id = vdev_id, .info = info_alp20,
	.validate = validate_mapping, .run = set_run, .dma = dma_enable,
	.unknowns = "\"revocation\", \"session-key\"",
};

const struct emu_platform emu_arm_cca_bet0 = {
	.name = "arm-cca", .abi_name = "bet0", .platform = TSM_ARM_CCA,
	.abi = TSM_ARM_BET0, .id = vdev_id, .info = info_bet0,
	.validate = validate_mapping, .run = set_run, .dma = dma_enable,
	.unknowns = "\"revocation\", \"session-key\"",
};

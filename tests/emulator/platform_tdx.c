/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intel TDX Connect: TDCALLs as rows of 64-bit registers, the leaf first and
 * RAX first in the answer.  TDG.TDI.RD is answered by all five fields at once:
 * the field's number, RCX, and for the two hashes the bytes that the module
 * wrote into the guest's page.
 */
#include <errno.h>

#include "platform.h"

enum { TDI_RD = 67, TDI_START = 68, MMIO_ACCEPT = 71 };
enum { VERSION = 1, STATE, REPORT_HASH, INFO_HASH, SESSION };

/* The upper half of RAX. */
#define OK		UINT64_C(0)
#define NOT_PRESENT	(UINT64_C(0xc0000f40) << 32)
#define BAD_OPERAND	(UINT64_C(0xc0000100) << 32)

/* Routing id, segment, and that there is a segment. */
static uint64_t
function_id(const struct emu_fw_tdi *t)
{
	uint64_t segment = t->function >> 16;

	return (t->function & 0xffff) | (segment & 0xff) << 16 |
	    (segment != 0 ? UINT64_C(1) << 24 : 0);
}

static bool
is_this(const struct emu_fw_tdi *t, uint64_t id)
{
	return id == function_id(t);
}

/* -- TDG.TDI.RD -- */

static void
put_value(struct emu_fw_call *call, uint64_t field, uint64_t rcx)
{
	emu_put_le(call->out, field, 8);
	emu_put_le(call->out, rcx, 8);
}

static void
put_hash(struct emu_fw_call *call, uint64_t field, bool there,
    const uint8_t hash[48])
{
	put_value(call, field, there ? 48 : 0);
	emu_put(call->out, hash, there ? 48 : 0);
}

static bool
info_hash(const struct emu_fw_tdi *t, uint8_t ret[48])
{
	struct emu_bytes whole;
	struct da_slice info;

	emu_fw_device_info(t, &whole);
	info = emu_slice(&whole);
	return emu_fw_digest(t, TSM_DIGEST_DEVICE_INFO, &info, 1, ret);
}

/* Nothing can be read of a TDI that is not bound. */
static int
tdi_rd(struct emu_fw_call *call)
{
	const struct emu_fw_tdi *t = call->tdi;
	uint64_t leaf = da_le64(&call->c), id = da_le64(&call->c);
	uint8_t report[48], info[48];
	bool has_report, has_info;

	if (!emu_fw_call_is_whole(call) || leaf != TDI_RD || !is_this(t, id))
		return EINVAL;
	if (t->state == TSM_STATE_UNLOCKED)
		return ENXIO;
	has_report = emu_fw_digest_seen(t, TSM_DIGEST_REPORT, report);
	has_info = info_hash(t, info);
	put_value(call, VERSION, 0x10);
	put_value(call, STATE, emu_fw_tdisp_state(t));
	put_hash(call, REPORT_HASH, has_report, report);
	put_hash(call, INFO_HASH, has_info, info);
	put_value(call, SESSION, emu_fw_token(t, TSM_TOKEN_LOCK));
	return 0;
}

/* -- MMIO.ACCEPT -- */

static uint64_t
do_accept(struct emu_fw_tdi *t, uint64_t address, uint64_t index,
    uint64_t offset_and_count)
{
	struct emu_range range;
	uint64_t skipped;
	uint32_t at;

	if (!emu_fw_is_bound(t))
		return NOT_PRESENT;
	if (emu_fw_seen(t, TSM_DIGEST_REPORT).n == 0 ||
	    !emu_fw_private_at(t, address, (uint32_t)offset_and_count, &range,
	    &at, &skipped) || at != index ||
	    skipped != (offset_and_count >> 32) * 4096)
		return BAD_OPERAND;
	emu_fw_validate(t, &range);
	return OK;
}

static int
mmio_accept(struct emu_fw_call *call)
{
	uint64_t leaf = da_le64(&call->c), address = da_le64(&call->c);
	uint64_t index = da_le64(&call->c), id = da_le64(&call->c);
	uint64_t pages = da_le64(&call->c), rax = BAD_OPERAND;

	if (!emu_fw_call_is_whole(call) || leaf != MMIO_ACCEPT)
		return EINVAL;
	if (is_this(call->tdi, id))
		rax = do_accept(call->tdi, address, index, pages);
	emu_put_le(call->out, rax, 8);
	emu_put_le(call->out, rax == OK ? 0 : (uint32_t)pages, 8);
	return 0;
}

/* -- TDG.TDI.START -- */

/* The number of "TDI invalid state" was not found. */
static uint64_t
do_start(struct emu_fw_tdi *t, uint64_t id, uint64_t session)
{
	if (!is_this(t, id) || session != t->token[TSM_TOKEN_LOCK])
		return BAD_OPERAND;
	if (!emu_fw_is_bound(t))
		return NOT_PRESENT;
	return emu_fw_start(t) == 0 ? OK : BAD_OPERAND;
}

static int
tdi_start(struct emu_fw_call *call)
{
	uint64_t leaf = da_le64(&call->c), id = da_le64(&call->c);
	uint64_t session = da_le64(&call->c);

	if (!emu_fw_call_is_whole(call) || leaf != TDI_START)
		return EINVAL;
	emu_put_le(call->out, do_start(call->tdi, id, session), 8);
	return 0;
}

const struct emu_platform emu_tdx_1 = {
	.name = "tdx", .abi_name = "1", .platform = TSM_TDX, .abi = 1,
	.id = function_id, .lock_tells_id = true, .info = tdi_rd,
	.validate = mmio_accept, .run = tdi_start, .measures_device = true,
	.has_device_info = true,
	.unknowns = "\"revocation\", \"session-key\", \"slot\", "
	    "\"tsm-digest-vca\", \"tsm-digest-chain\", "
	    "\"tsm-digest-measurements\"",
};

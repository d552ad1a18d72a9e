/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RISC-V CoVE-IO (draft): COVG calls as rows of 64-bit registers, the function
 * first; an answer is an SBI error.  The TSM is the objects' own source, and
 * measures by itself; the record behind link and state stands for the driver,
 * which hashes what the TSM returned.
 */
#include <errno.h>

#include "platform.h"

enum { STATE = 1028, MAP_MMIO = 1029, START = 1030 };

#define LINK_SPDM_AND_IDE	3u

/* SBI's. */
#define SUCCESS		UINT64_C(0)
#define FAILED		((uint64_t)-1)
#define INVALID_PARAM	((uint64_t)-3)
#define DENIED		((uint64_t)-4)

static uint64_t
interface_id(const struct emu_fw_tdi *t)
{
	return t->function;
}

static void
put_digest(struct emu_fw_call *call, enum tsm_digest_of of)
{
	uint8_t digest[48];
	bool there = emu_fw_digest_seen(call->tdi, of, digest);

	emu_put_u8(call->out, there ? sizeof(digest) : 0);
	emu_put(call->out, digest, there ? sizeof(digest) : 0);
}

static int
state(struct emu_fw_call *call)
{
	uint64_t fid = da_le64(&call->c), id = da_le64(&call->c);

	if (!emu_fw_call_is_whole(call) || fid != STATE ||
	    id != interface_id(call->tdi))
		return EINVAL;
	emu_put_le(call->out, LINK_SPDM_AND_IDE, 8);
	emu_put_le(call->out, emu_fw_tdisp_state(call->tdi), 8);
	put_digest(call, TSM_DIGEST_VCA);
	put_digest(call, TSM_DIGEST_CHAIN);
	put_digest(call, TSM_DIGEST_MEASUREMENTS);
	put_digest(call, TSM_DIGEST_REPORT);
	return 0;
}

/* Mappings are made while LOCKED, and become live at the start. */
static uint64_t
do_map(struct emu_fw_tdi *t, uint64_t address, uint64_t reported,
    uint64_t size)
{
	struct emu_range range;
	uint64_t skipped;
	uint32_t index;

	if (t->state != TSM_STATE_LOCKED)
		return FAILED;
	if (size % 4096 != 0 || emu_fw_seen(t, TSM_DIGEST_REPORT).n == 0 ||
	    !emu_fw_private_at(t, address, size / 4096, &range, &index,
	    &skipped) || reported != emu_reported(&t->pci,
	    t->counting.bar_base, range.bar, range.offset))
		return DENIED;
	emu_fw_validate(t, &range);
	return SUCCESS;
}

static int
map_mmio(struct emu_fw_call *call)
{
	uint64_t fid = da_le64(&call->c), id = da_le64(&call->c);
	uint64_t address = da_le64(&call->c), reported = da_le64(&call->c);
	uint64_t size = da_le64(&call->c);

	if (!emu_fw_call_is_whole(call) || fid != MAP_MMIO)
		return EINVAL;
	emu_put_le(call->out, id == interface_id(call->tdi) ?
	    do_map(call->tdi, address, reported, size) : INVALID_PARAM, 8);
	return 0;
}

static int
start(struct emu_fw_call *call)
{
	uint64_t fid = da_le64(&call->c), id = da_le64(&call->c);
	uint64_t error = INVALID_PARAM;

	if (!emu_fw_call_is_whole(call) || fid != START)
		return EINVAL;
	if (id == interface_id(call->tdi))
		error = emu_fw_start(call->tdi) == 0 ? SUCCESS : FAILED;
	emu_put_le(call->out, error, 8);
	return 0;
}

/*
 * Measured for this nonce already, where the host has asked with it: the device
 * would only sign the same again, and the host's copy would be an old one.
 */
static int
nonce(struct emu_fw_call *call)
{
	struct da_slice bytes = da_take(&call->c, TSM_NONCE);
	struct emu_fw_tdi *t = call->tdi;
	struct emu_bytes exchange;

	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (!emu_fw_is_bound(t))
		return EIO;
	if (emu_fw_measured(t, bytes.p))
		return 0;
	if (!emu_device_measure(t->device, bytes.p, &exchange))
		return EIO;
	emu_fw_saw(t, TSM_DIGEST_MEASUREMENTS, emu_slice(&exchange));
	return 0;
}

const struct emu_platform emu_cove_io_1 = {
	.name = "cove-io", .abi_name = "1", .platform = TSM_COVE_IO, .abi = 1,
	.id = interface_id, .info = state, .validate = map_mmio, .run = start,
	.nonce = nonce, .keeps_measurements = true,
	.unknowns = "\"revocation\", \"session-key\", \"slot\", "
	    "\"tsm-tokens\"",
};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AMD SEV-TIO's guest messages: TDI_INFO (192 bytes), MMIO_VALIDATE (48),
 * SDTE_WRITE (80, answered by 16).  All begin with the TDI's id and leave room
 * for a status: version 1 has a routing id of 16 bits and the status at 2,
 * version 2 an id of 64 bits, which the firmware makes at bind, and it at 8.
 */
#include <errno.h>

#include "platform.h"

#define HEAD	16u
#define PAGE	UINT64_C(4096)

enum status {
	SUCCESS, INVALID_TDI, UNBOUND,
	NOT_MAPPED_THERE = 7, NO_SUCH_RANGE = 8, OUT_OF_RANGE = 9,
	RESERVED_BIT = 3	/* SDTE_WRITE's */
};

#define MEAS_DIGEST_VALID	0x1u
#define MEAS_DIGEST_FRESH	0x2u
#define LOCK_NO_FW_UPDATE	0x01u
#define LOCK_MSIX		0x04u
#define VALIDATED		0x1u
#define FORCE			0x2u

/* Bits of the secure device-table entry that a guest may set, by quadword. */
#define SDTE_VALID	UINT64_C(1)
#define SDTE_0		(SDTE_VALID | UINT64_C(3) << 61)
#define SDTE_3		(UINT64_C(3) << 49)	/* VMPL */
#define SDTE_5		UINT64_C(0xffffffff)	/* vTOM and its enable */

static uint64_t
routing_id(const struct emu_fw_tdi *t)
{
	return t->function & 0xffff;
}

/* None before the bind. */
static uint64_t
tdi_id(const struct emu_fw_tdi *t)
{
	return t->state == TSM_STATE_UNLOCKED ? 0 : t->token[TSM_TOKEN_LOCK];
}

static bool
is_first(const struct emu_fw_tdi *t)
{
	return t->platform->abi == 1;
}

static uint64_t
read_id(struct emu_fw_call *call)
{
	uint64_t id = is_first(call->tdi) ? da_le16(&call->c) :
	    da_le64(&call->c);

	da_take(&call->c, HEAD - (is_first(call->tdi) ? 2 : 8));
	return id;
}

/* An id that an unlock ended was this TDI's: it is not bound any more. */
static enum status
status_of(const struct emu_fw_tdi *t, uint64_t id)
{
	if (emu_fw_is_bound(t))
		return id == t->platform->id(t) ? SUCCESS : INVALID_TDI;
	if (is_first(t))
		return id == routing_id(t) ? UNBOUND : INVALID_TDI;
	return id != 0 && id == t->last_lock ? UNBOUND : INVALID_TDI;
}

static void
put_head(struct emu_fw_call *call, uint64_t id, enum status status)
{
	size_t width = is_first(call->tdi) ? 2 : 8;

	emu_put_le(call->out, id, width);
	emu_put_le(call->out, status, 2);
	emu_put_zero(call->out, HEAD - width - 2);
}

/* -- TDI_INFO -- */

/* secp384r1, AES-256-GCM, ECDSA P-384, SHA-384, the SPDM key schedule. */
static const uint8_t algorithms[8] = { 1, 1, 2, 1, 0 };

/* The log that the firmware hands out: the VCA, then what was exchanged. */
static bool
log_digest(const struct emu_fw_tdi *t, uint8_t ret[48])
{
	const struct da_slice log[2] = {
		emu_fw_seen(t, TSM_DIGEST_VCA),
		emu_fw_seen(t, TSM_DIGEST_MEASUREMENTS),
	};

	return emu_fw_digest(t, TSM_DIGEST_MEASUREMENTS, log,
	    log[1].n != 0 ? 2 : 0, ret);
}

static void
put_facts(struct emu_fw_call *call)
{
	const struct emu_fw_tdi *t = call->tdi;
	uint8_t chain[48], log[48], report[48];
	uint32_t bits = 0;

	emu_fw_digest_seen(t, TSM_DIGEST_CHAIN, chain);
	emu_fw_digest_seen(t, TSM_DIGEST_REPORT, report);
	if (log_digest(t, log))
		bits = MEAS_DIGEST_VALID | (t->is_fresh ? MEAS_DIGEST_FRESH :
		    0);
	emu_put_le(call->out, bits, 4);
	emu_put_le(call->out, LOCK_NO_FW_UPDATE | LOCK_MSIX, 4);
	emu_put(call->out, algorithms, sizeof(algorithms));
	emu_put(call->out, chain, sizeof(chain));
	emu_put(call->out, log, sizeof(log));
	emu_put(call->out, report, sizeof(report));
	emu_put_le(call->out, emu_fw_token(t, TSM_TOKEN_REPORT), 8);
	emu_put_zero(call->out, 8);
}

static int
tdi_info(struct emu_fw_call *call)
{
	const struct emu_fw_tdi *t = call->tdi;
	uint64_t id = read_id(call);
	enum status status = status_of(t, id);

	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (status == SUCCESS && !is_first(t))
		id = emu_fw_token(t, TSM_TOKEN_LOCK);
	put_head(call, id, status);
	if (status == SUCCESS)
		put_facts(call);
	else
		emu_put_zero(call->out, 192 - HEAD);
	return 0;
}

/* -- MMIO_VALIDATE -- */

struct pages {
	uint64_t base;		/* as told */
	uint32_t count, offset;
	uint16_t flags, range_id;
};

/* Version 2 tells a page number. */
static uint64_t
address_of(const struct emu_fw_tdi *t, const struct pages *p)
{
	return is_first(t) ? p->base : p->base * PAGE;
}

static enum status
do_validate(struct emu_fw_tdi *t, const struct pages *p, bool *ret_changed)
{
	struct emu_range range;
	uint64_t skipped;
	uint32_t index;

	if (emu_fw_seen(t, TSM_DIGEST_REPORT).n == 0 ||
	    p->range_id >= DA_MAX_BARS || t->pci.bar[p->range_id].size == 0)
		return NO_SUCH_RANGE;
	if (!emu_fw_private_at(t, address_of(t, p), p->count, &range, &index,
	    &skipped) || range.bar != p->range_id)
		return emu_fw_private_at(t, address_of(t, p), 1, &range,
		    &index, &skipped) ? OUT_OF_RANGE : NOT_MAPPED_THERE;
	if (skipped != p->offset * PAGE)
		return NOT_MAPPED_THERE;
	*ret_changed = (p->flags & VALIDATED) != 0 ?
	    emu_fw_validate(t, &range) : emu_fw_invalidate(t, &range);
	return SUCCESS;
}

static int
mmio_validate(struct emu_fw_call *call)
{
	uint64_t id = read_id(call);
	enum status status = status_of(call->tdi, id);
	bool changed = false;
	struct pages p;

	p.base = da_le64(&call->c);
	p.count = da_le32(&call->c);
	p.offset = da_le32(&call->c);
	p.flags = da_le16(&call->c);
	p.range_id = da_le16(&call->c);
	if (!da_slice_is_zero(da_take(&call->c, 12)) ||
	    !emu_fw_call_is_whole(call) ||
	    (p.flags & ~(VALIDATED | FORCE)) != 0)
		return EINVAL;
	if (status == SUCCESS)
		status = do_validate(call->tdi, &p, &changed);
	put_head(call, id, status);
	emu_put_le(call->out, p.base, 8);
	emu_put_le(call->out, p.count, 4);
	emu_put_le(call->out, p.offset, 4);
	emu_put_le(call->out, changed, 2);
	emu_put_le(call->out, p.range_id, 2);
	emu_put_zero(call->out, 12);
	return 0;
}

/* -- SDTE_WRITE -- */

static bool
sets_reserved(struct da_cur *c)
{
	static const uint64_t allowed[8] = { SDTE_0, 0, 0, SDTE_3, 0, SDTE_5 };
	bool sets = false;

	for (size_t i = 0; i < 8; i++)
		sets = (da_le64(c) & ~allowed[i]) != 0 || sets;
	return sets;
}

static int
sdte_write(struct emu_fw_call *call)
{
	uint64_t id = read_id(call);
	enum status status = status_of(call->tdi, id);
	bool reserved = sets_reserved(&call->c);

	if (!emu_fw_call_is_whole(call))
		return EINVAL;
	if (status == SUCCESS && reserved)
		status = RESERVED_BIT;
	put_head(call, id, status);
	return 0;
}

/* The host's own call, and so without a message. */
static int
op_run(struct emu_fw_call *call)
{
	return emu_fw_call_is_whole(call) ? emu_fw_start(call->tdi) : EINVAL;
}

/* The state is the hypervisor's word only; the TSM says "bound". */
#define UNKNOWNS	"\"revocation\", \"session-key\", \"slot\", " \
			"\"tsm-state\""

const struct emu_platform emu_sev_tio_1 = {
	.name = "sev-tio", .abi_name = "1", .platform = TSM_SEV_TIO, .abi = 1,
	.id = routing_id, .info = tdi_info, .validate = mmio_validate,
	.run = op_run, .dma = sdte_write, .tells_lock_flags = true,
	.unknowns = UNKNOWNS ", \"tsm-tokens\"",	/* no lock's */
	.measures_device = true, .has_log = true, .counts_reports = true,
};

const struct emu_platform emu_sev_tio_2 = {
	.name = "sev-tio", .abi_name = "2", .platform = TSM_SEV_TIO, .abi = 2,
	.id = tdi_id, .lock_tells_id = true, .info = tdi_info,
	.validate = mmio_validate, .run = op_run, .dma = sdte_write,
	.tells_lock_flags = true, .unknowns = UNKNOWNS,
	.measures_device = true, .has_log = true, .counts_reports = true,
};

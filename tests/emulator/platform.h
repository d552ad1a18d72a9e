/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each platform's firmware answers, byte by byte, written from the public
 * descriptions of the layouts and by nothing of kernel-uapi/.  One row an ABI;
 * who asks has found the row and never compares a platform.
 */
#ifndef EMU_PLATFORM_H
#define EMU_PLATFORM_H

#include "firmware.h"

/* A request in a platform's own bytes, and the answer that is being built. */
struct emu_fw_call {
	struct emu_fw_tdi *tdi;
	struct da_cur c;	/* over the request */
	struct emu_bytes *out;
};

/* 0, or the errno value by which the request was not taken at all. */
typedef int emu_fw_step(struct emu_fw_call *call);

struct emu_platform {
	const char *name, *abi_name;
	uint8_t platform, abi;	/* enum tsm_platform, and its number */
	/* By which the platform asks for the TDI now. */
	uint64_t (*id)(const struct emu_fw_tdi *t);
	bool lock_tells_id;
	emu_fw_step *info, *validate, *run, *dma, *nonce;	/* NULL: none */
	bool tells_lock_flags;
	/* Checks of which it can say nothing, as a policy lists them. */
	const char *unknowns;
	/* How the host's answer to the guest is cut. */
	bool measures_device;	/* one collection is of all its functions */
	bool has_log;		/* measurements are a log, VCA in front */
	bool has_device_info;
	bool counts_reports;	/* the report's token is a number */
	bool keeps_measurements;	/* the host has a copy of the TSM's */
};

extern const struct emu_platform emu_sev_tio_1, emu_sev_tio_2,
    emu_arm_cca_alp20, emu_arm_cca_bet0, emu_tdx_1, emu_cove_io_1;

/* The i-th row; NULL past the last. */
const struct emu_platform *emu_platform(size_t i);

/* -- requests that are the channel's own -- */

emu_fw_step emu_fw_describe, emu_fw_lock, emu_fw_unlock;

/* -- what the rows share -- */

/* The whole body was read, and not past its end. */
bool	emu_fw_call_is_whole(const struct emu_fw_call *call);
bool	emu_fw_is_bound(const struct emu_fw_tdi *t);	/* LOCKED or RUN */
/* The token as the TSM says it. */
uint64_t emu_fw_token(const struct emu_fw_tdi *t, enum tsm_token_of of);
/*
 * SHA-384 over the slices, as the TSM says it; false: it says none, and ret is
 * all zero.
 */
bool	emu_fw_digest(const struct emu_fw_tdi *t, enum tsm_digest_of of,
	    const struct da_slice *slices, size_t n, uint8_t ret[48]);
/* The same over what was seen of that kind, whole. */
bool	emu_fw_digest_seen(const struct emu_fw_tdi *t, enum tsm_digest_of of,
	    uint8_t ret[48]);
/* TDISP's number: 0 unlocked, 1 locked, 2 run, 3 error. */
uint8_t	emu_fw_tdisp_state(const struct emu_fw_tdi *t);
/* To RUN, from LOCKED only. */
int	emu_fw_start(struct emu_fw_tdi *t);
/*
 * The private range, or the part of one, that the guest has mapped at this
 * address; false: there is none.  *ret_index is the range's in the report.
 */
bool	emu_fw_private_at(const struct emu_fw_tdi *t, uint64_t guest_address,
	    uint64_t pages, struct emu_range *ret, uint32_t *ret_index,
	    uint64_t *ret_skipped);	/* bytes from the range's start */
/* True: that was new. */
bool	emu_fw_validate(struct emu_fw_tdi *t, const struct emu_range *range);
bool	emu_fw_invalidate(struct emu_fw_tdi *t, const struct emu_range *range);
/* What passed of that kind. */
struct da_slice emu_fw_seen(const struct emu_fw_tdi *t, enum tsm_digest_of of);

#endif

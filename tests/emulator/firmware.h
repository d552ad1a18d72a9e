/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device's and firmware's end of the emulated TSM's channel
 * (kernel-uapi/module/tsm_channel.h), without a socket: a frame goes in, a
 * frame comes out.  For a real guest kernel it is what tsm.h is for the
 * software kernel: states, tokens, and digests of the bytes that passed.
 *
 * Its platforms' messages (platform.h) are written apart from kernel-uapi/, so
 * that a mistake on either side shows.
 */
#ifndef EMU_FIRMWARE_H
#define EMU_FIRMWARE_H

#include "device.h"
#include "kernel-uapi/module/tsm_channel.h"
#include "kernel-uapi/tsm_message.h"
#include "ranges.h"

#define EMU_MAX_FUNCTIONS	32
#define EMU_MAX_VALIDATED	64

/* What a test makes of a digest in the TSM's answers. */
enum emu_digest_lie {
	EMU_DIGEST_RIGHT,
	EMU_DIGEST_WRONG,
	EMU_DIGEST_ABSENT
};

struct emu_firmware;
struct emu_platform;

/* A function, as the firmware knows it. */
struct emu_fw_tdi {
	struct emu_firmware *firmware;
	const struct emu_device *device;
	uint32_t function;	/* of the channel's head */
	bool is_described;	/* by a guest; the next are set */
	const struct emu_platform *platform;
	struct emu_counting counting;
	struct da_pci pci;
	uint8_t state;		/* enum tsm_state */
	bool is_fresh;		/* measured since the lock */
	/*
	 * New with each lock, collection and report, and kept over a lock.  The
	 * lock's is AMD's tdi_id and TDX's session; AMD counts the reports.
	 */
	uint64_t token[TSM_TOKENS];
	uint64_t last_lock;	/* the one that an unlock ended */
	/* What passed, as it passed; n is 0 where nothing did. */
	struct emu_bytes seen[TSM_DIGESTS];
	/* Private pages that the guest validated. */
	uint32_t n_validated;
	struct emu_range validated[EMU_MAX_VALIDATED];
	/* What a test arranged. */
	uint8_t digest_lie[TSM_DIGESTS];
	bool is_stale[TSM_TOKENS];
	uint64_t stale[TSM_TOKENS];	/* what it is said to be then */
	enum emu_lie lie;		/* of the report */
	uint8_t fell;		/* enum tsm_state to be told; 0: nothing */
};

/* A frame's head. */
struct emu_frame {
	uint32_t size, serial;
	uint16_t op, status;
	uint8_t platform, abi;
	uint16_t version;
	uint64_t function;
};

/* Which requests have no reply. */
enum emu_fw_stall { EMU_FW_ANSWERS, EMU_FW_BEFORE, EMU_FW_AFTER };

struct emu_firmware {
	const struct emu_platform *platform;	/* of the next DESCRIBE */
	struct emu_counting counting;
	uint8_t stall[TSM_CHANNEL_OPS];
	uint32_t n;
	struct emu_fw_tdi tdi[EMU_MAX_FUNCTIONS];
};

void	emu_firmware_start(struct emu_firmware *f);
/* A function that is a TDI; NULL: no room. */
struct emu_fw_tdi *emu_firmware_add(struct emu_firmware *f, uint32_t function,
	    const struct emu_device *device);
/*
 * The guest was switched on, or off: nothing is described or locked.  What the
 * host's connection to a device has shown stays.
 */
void	emu_firmware_boot(struct emu_firmware *f);
/* "sev-tio:2", "arm-cca:bet0" or "arm-cca:2". */
bool	emu_firmware_speak(struct emu_firmware *f, const char *name);
bool	emu_firmware_count(struct emu_firmware *f, const char *page_unit,
	    const char *bar_base);	/* NULL: as it is */

/* -- the channel's side -- */

/* Reads a head; NULL, or why it is none. */
const char *emu_frame_read(struct da_slice head, struct emu_frame *ret);
/*
 * Appends the whole reply; false: there is none.  A request that is not
 * understood has a status and no body.
 */
bool	emu_firmware_answer(struct emu_firmware *f, const struct emu_frame *q,
	    struct da_slice body, struct emu_bytes *out);
/* Appends the next event; false: nothing has happened. */
bool	emu_firmware_event(struct emu_firmware *f, struct emu_bytes *out);
bool	emu_firmware_has_event(const struct emu_firmware *f);
/* "info"; TSM_CHANNEL_NONE for no request's name. */
enum tsm_channel_op emu_fw_op_named(const char *name);

/* -- the device's side -- */

/* These bytes passed on the link. */
void	emu_fw_saw(struct emu_fw_tdi *t, enum tsm_digest_of of,
	    struct da_slice bytes);
/* The report, while the interface is locked or runs. */
bool	emu_fw_report(const struct emu_fw_tdi *t, struct emu_bytes *ret);
/*
 * CoVE-IO's TSM measures by itself for the guest's nonce: the host has a copy
 * of that, where it asks with the same one.
 */
bool	emu_fw_measured(const struct emu_fw_tdi *t, const uint8_t nonce[32]);
/* TDX: all that the module has of the device, in one object. */
void	emu_fw_device_info(const struct emu_fw_tdi *t, struct emu_bytes *ret);
/* LOCKED or RUN is lost; loudly: and the guest is told. */
void	emu_fw_fall(struct emu_fw_tdi *t, enum tsm_state state, bool loudly);
/* As if the host had done again what gives a new one. */
void	emu_fw_move_token(struct emu_fw_tdi *t, enum tsm_token_of of);
/* The TSM goes on saying the token that it has now, or no longer does. */
void	emu_fw_stick_token(struct emu_fw_tdi *t, enum tsm_token_of of,
	    bool sticks);
bool	emu_fw_is_validated(const struct emu_fw_tdi *t, uint32_t range);
/* No more of what a test arranged. */
void	emu_fw_honest(struct emu_fw_tdi *t);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The software device as an SPDM 1.2 and 1.3 responder (DSP0274): answers one
 * requester's messages, signs what passed between the two, and tells whoever
 * listens which bytes passed.  The requester is a kernel in a virtual machine:
 * its bytes are read through a cursor only.  Knows no transport.
 *
 * There is no SPDM session here, so that the interface report is given in the
 * clear; a real device gives it inside the TSM's session only.
 */
#ifndef EMU_RESPONDER_H
#define EMU_RESPONDER_H

#include "device.h"
#include "verifier/ticket.h"

/* A DOE object of QEMU has 4608 bytes, 8 of them a head. */
#define EMU_TRANSFER	4600u
#define EMU_TRANSFER_MIN 42u	/* DSP0274 MinDataTransferSize */

/* What the device's surroundings hear of it, and what they know. */
struct emu_ear {
	void *context;
	/*
	 * These bytes passed, whole: VCA; certificate chain; requests and
	 * responses of a signed series; interface report.
	 */
	void (*saw)(void *context, enum da_digest_of of,
	    struct da_slice bytes);
	/* The interface report; false: not locked, or no such function. */
	bool (*report)(void *context, uint32_t function,
	    struct emu_bytes *ret);
};

/* How far the requester has come. */
enum emu_stage {
	EMU_STAGE_START,
	EMU_STAGE_VERSION,
	EMU_STAGE_CAPABILITIES,
	EMU_STAGE_ALGORITHMS
};

/* A message too large for one transfer, on its way in or out. */
struct emu_large {
	bool open;
	uint8_t handle;
	uint16_t next;		/* sequence number that must come */
	size_t at;
	size_t size;
	struct emu_bytes bytes;
};

struct emu_responder {
	const struct emu_device *device;
	struct emu_ear ear;
	enum emu_stage stage;
	uint8_t version;	/* negotiated; 0: not yet */
	bool chunks;		/* both ends */
	uint32_t transfer;	/* the requester's DataTransferSize */
	uint8_t last_handle;
	struct emu_bytes vca;
	struct emu_bytes between;	/* B of M1/M2 */
	struct emu_bytes series;	/* L1/L2 without the VCA */
	struct emu_bytes report;	/* while its portions are read */
	struct emu_large out, in;
};

void	emu_responder_start(struct emu_responder *r,
	    const struct emu_device *device, const struct emu_ear *ear);
/*
 * One message in, one out: there is always an answer, if only ERROR.  Up to
 * three bytes may follow the request, as DOE pads.
 */
void	emu_responder_answer(struct emu_responder *r, struct da_slice request,
	    struct emu_bytes *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated device behind QEMU's nvme: a TCP server on 127.0.0.1 that speaks
 * QEMU's `spdm_port=`, DOE objects in frames, to one QEMU at a time.  What the
 * requester in that virtual machine collects, the emulated TSM sees.
 */
#ifndef EMU_DOE_H
#define EMU_DOE_H

#include <poll.h>

#include "machine.h"
#include "responder.h"

#define EMU_DOE_POLLS	2

struct emu_doe;

/*
 * For the guest's function `bdf`; port 0: any free one.  The port's number is
 * written to DIR/host/spdm.port.  NULL and errno on failure.
 */
struct emu_doe *emu_doe_open(struct emu_machine *machine, const char *bdf,
	    uint16_t port, const char *dir);
/* Removes the file; NULL is none. */
void	emu_doe_close(struct emu_doe *d);
/* NULL: nothing to wait for. */
void	emu_doe_polls(const struct emu_doe *d, struct pollfd p[EMU_DOE_POLLS]);
void	emu_doe_serve(struct emu_doe *d,
	    const struct pollfd p[EMU_DOE_POLLS]);

/* One DOE object in, one out; an empty answer: it is none that is known. */
void	emu_doe_answer(struct emu_responder *r, struct da_slice object,
	    struct emu_bytes *ret);

#endif

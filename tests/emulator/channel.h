/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket of the emulated TSM's channel: DIR/guest/tsm.sock, to which QEMU
 * connects a virtio-serial port that only the guest's kernel has.  A connection
 * is one run of a machine: its beginning is a boot, its end is the power cut.
 * Bytes that are no frame end it, and a line on standard error says which.
 */
#ifndef EMU_CHANNEL_H
#define EMU_CHANNEL_H

#include <poll.h>

#include "firmware.h"

#define EMU_CHANNEL_POLLS	2	/* listening, and the connection */

struct emu_channel;

/* NULL and errno on failure. */
struct emu_channel *emu_channel_open(struct emu_firmware *f, const char *dir);
/* Unused places get a negative descriptor; c may be NULL. */
void	emu_channel_polls(const struct emu_channel *c,
	    struct pollfd p[EMU_CHANNEL_POLLS]);
void	emu_channel_serve(struct emu_channel *c,
	    const struct pollfd p[EMU_CHANNEL_POLLS]);
void	emu_channel_close(struct emu_channel *c);

#endif

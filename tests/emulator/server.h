/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sockets of the emulated machine in one poll loop: the guest kernel's, the
 * host's way to the device, and the test control; and beside them the TSM's
 * channel of a real guest, and the way to QEMU.
 */
#ifndef EMU_SERVER_H
#define EMU_SERVER_H

#include "doe.h"

struct emu_server;

/*
 * Makes folders and sockets below `dir`; NULL and errno on failure.  From here
 * on SIGTERM and SIGINT only end emu_server_run().
 */
struct emu_server *emu_server_open(struct emu_machine *machine,
	    const char *dir);
/* The device answers QEMU, too; the server closes it. */
void	emu_server_add_doe(struct emu_server *s, struct emu_doe *doe);
/* Until SIGTERM or SIGINT; false when it cannot go on. */
bool	emu_server_run(struct emu_server *s);
/* Removes the sockets. */
void	emu_server_close(struct emu_server *s);

#endif

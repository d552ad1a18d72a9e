/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the emulated machine listens: a socket in a folder of its own, each
 * with its mode.  Knows nothing of what is said there.
 */
#ifndef EMU_PORT_H
#define EMU_PORT_H

#include <sys/types.h>

struct emu_port {
	const char *folder, *name;
	mode_t folder_mode, mode;
	int type;		/* of the socket */
};

/* A listening socket below `dir`, or -1 and errno. */
int	emu_port_listen(const char *dir, const struct emu_port *port);
void	emu_port_remove(const char *dir, const struct emu_port *port);

#endif

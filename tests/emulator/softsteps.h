/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each step of the software kernel does, once state, owner and driver
 * allow it.  Knows nothing of who may call it.
 */
#ifndef EMU_SOFTSTEPS_H
#define EMU_SOFTSTEPS_H

#include "softkernel.h"

struct emu_call {
	struct emu_kernel *kernel;
	struct emu_tdi *tdi;	/* NULL: a step of the kernel's own */
	uint32_t caller;
	const struct da_soft_request *q;
	struct da_slice report;
	struct da_soft_reply *reply;
};

/* Writes the text and gives back the errno. */
int	emu_because(const struct emu_call *c, int error, const char *text);

/* Each 0, or an errno. */
int	emu_do_lock(const struct emu_call *c);
int	emu_do_unlock(const struct emu_call *c);
int	emu_do_ticket(const struct emu_call *c);
int	emu_do_push(const struct emu_call *c);
int	emu_do_validate(const struct emu_call *c);
int	emu_do_accept(const struct emu_call *c);
int	emu_do_map(const struct emu_call *c);
int	emu_do_bind(const struct emu_call *c);
int	emu_do_leave(const struct emu_call *c);
int	emu_do_hold(const struct emu_call *c);
int	emu_do_list(const struct emu_call *c);
int	emu_do_boot_id(const struct emu_call *c);

#endif

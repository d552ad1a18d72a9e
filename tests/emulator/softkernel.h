/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The software kernel (emulated): what kernel-uapi/kernel.h promises, as a
 * state machine without a socket.  A request goes in, a reply comes out; which
 * state allows which step is the table in softkernel.c.
 *
 * A connection that locked a device owns it until it runs.  Commits take no
 * token back (as on AMD SEV-TIO and CoVE-IO), so that only the caller's own
 * second look finds tokens that moved after the push.
 */
#ifndef EMU_SOFTKERNEL_H
#define EMU_SOFTKERNEL_H

#include "kernel-uapi/softproto.h"
#include "tsm.h"

#define EMU_MAX_TDI	16

/* What a test arranges for one step of one device. */
struct emu_inject {
	int error;		/* errno the step fails with; 0: none */
	bool move_tokens;	/* once the step has succeeded */
	bool to_error;		/* likewise: the interface falls to ERROR */
	uint32_t nth;		/* only the n-th since the lock; 0: all */
	uint32_t times;		/* so far */
};

struct emu_tdi {
	char name[DA_BDF_SIZE];
	uint8_t path[8];
	struct da_pci pci;
	struct emu_tsm tsm;
	bool driver_bound;
	bool pushed, validated;
	uint32_t owner;		/* connection; 0: nobody */
	struct da_map map;
	bool map_lies;
	struct emu_inject inject[DA_SOFT_OPS];
};

struct emu_kernel {
	uint32_t n;
	struct emu_tdi tdi[EMU_MAX_TDI];
};

/* False: not a name, or no room. */
bool	emu_kernel_add(struct emu_kernel *k, const char *name);
struct emu_tdi *emu_kernel_find(struct emu_kernel *k, const char *name);
void	emu_kernel_call(struct emu_kernel *k, uint32_t caller,
	    const struct da_soft_request *q, struct da_slice report,
	    struct da_soft_reply *ret);
/* The caller's connection has ended. */
void	emu_kernel_closed(struct emu_kernel *k, uint32_t caller);
/* LOCKED or RUN is lost: report and map go with it. */
void	emu_tdi_fall(struct emu_tdi *t, enum da_tdi_state state);
/* "push" to DA_SOFT_PUSH; DA_SOFT_NONE for no step's name. */
enum da_soft_op emu_step_named(const char *name);

#endif

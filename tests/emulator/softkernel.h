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

/* A step that is not answered until somebody says "go". */
enum emu_stall {
	EMU_NO_STALL,
	EMU_STALL_BEFORE,	/* it is not done yet */
	EMU_STALL_AFTER		/* it is done; only the reply is missing */
};

/* What a test arranges for one step of one device. */
struct emu_inject {
	int error;		/* errno the step fails with; 0: none */
	bool move_tokens;	/* once the step has succeeded */
	bool move_lock;		/* likewise, the lock's token */
	bool to_error;		/* likewise: the interface falls to ERROR */
	uint8_t stall;		/* enum emu_stall; once */
	uint32_t nth;		/* only the n-th since the lock; 0: all */
	uint32_t times;		/* so far */
};

/* One function; without TEE capability the TSM knows nothing of it. */
struct emu_tdi {
	char name[DA_BDF_SIZE];
	uint8_t path[8];
	struct da_pci pci;
	struct emu_tsm tsm;
	bool is_plain;		/* never had TEE capability */
	bool is_builtin;	/* its driver is part of the kernel */
	bool driver_bound;
	bool pushed, validated;
	uint32_t owner;		/* connection; 0: nobody */
	struct da_map map;
	bool map_lies;
	bool unlock_sticks;	/* an unlock says yes and does nothing */
	struct da_digest session;	/* key that the TSM's session ends in,
					 * where that is not the device's */
	struct emu_inject inject[DA_SOFT_OPS];
};

struct emu_kernel {
	char boot_id[DA_BOOT_ID_SIZE];
	bool is_held;		/* no driver binds of its own accord */
	bool probes_early;	/* drivers are there before anybody holds */
	bool keeps_locks;	/* a connection's end unlocks nothing */
	uint32_t n;
	struct emu_tdi tdi[EMU_MAX_TDI];
	struct emu_inject inject[DA_SOFT_OPS];	/* steps of no device */
};

void	emu_kernel_start(struct emu_kernel *k);
/* A new boot: another id, nothing locked, nothing held back. */
void	emu_kernel_reboot(struct emu_kernel *k);
/* NULL: not a name, or no room. */
struct emu_tdi *emu_kernel_add(struct emu_kernel *k, const char *name);
/* One without TEE capability. */
struct emu_tdi *emu_kernel_add_plain(struct emu_kernel *k, const char *name,
	    uint16_t vendor, uint16_t device);
/* As the driver core does with a function that appears. */
void	emu_kernel_probe(const struct emu_kernel *k, struct emu_tdi *t);
struct emu_tdi *emu_kernel_find(struct emu_kernel *k, const char *name);
void	emu_kernel_call(struct emu_kernel *k, uint32_t caller,
	    const struct da_soft_request *q, struct da_slice report,
	    struct da_soft_reply *ret);
/* Is this call to stall?  Each stall is for one call. */
bool	emu_kernel_stalls(struct emu_kernel *k,
	    const struct da_soft_request *q, enum emu_stall when);
/* The caller's connection has ended. */
void	emu_kernel_closed(struct emu_kernel *k, uint32_t caller);
/* LOCKED or RUN is lost: report and map go with it. */
void	emu_tdi_fall(struct emu_tdi *t, enum da_tdi_state state);
/* "push" to DA_SOFT_PUSH; DA_SOFT_NONE for no step's name. */
enum da_soft_op emu_step_named(const char *name);
/* Is it a step of the kernel's own, of no device? */
bool	emu_step_is_kernels(enum da_soft_op op);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest kernel as the pusher sees it: one small table of functions, so that
 * the real uAPI and its software stand-in are driven by the same code.
 *
 * Every function answers whether the kernel did it; on "no" the error has an
 * errno value and, where the kernel gave one, a text.  Nothing here reads a
 * byte of the host's: a report goes through as bytes.
 *
 * A call may take as long as kernel and TSM do, and bounds that itself
 * (ETIMEDOUT: nobody knows whether it was done).  Any may be made again.
 */
#ifndef DA_KERNEL_H
#define DA_KERNEL_H

#include "verifier/mmio_map.h"
#include "verifier/ticket.h"

#define DA_MAX_DEVICES	512
#define DA_BOOT_ID_SIZE	37	/* a UUID's text and a NUL */

struct da_kernel_error {
	int error;		/* errno value, never 0 on failure */
	char text[120];		/* for people; may be empty */
};

/*
 * One PCI function.  All but the name comes from config space and is the
 * host's to write.
 */
struct da_kernel_device {
	char name[DA_BDF_SIZE];		/* "0000:01:00.0" */
	uint8_t path[8];		/* hops, as the wire's request has them */
	uint8_t tee;			/* enum da_tri: claims TEE capability */
	uint8_t driver_bound;
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem_device;
	uint32_t class_code;
};

/* What the push says the report was judged with. */
struct da_push {
	struct da_token token[DA_TOKEN_COUNT];
	uint8_t page_unit;	/* enum da_page_unit */
	uint8_t bar_base;	/* enum da_bar_base */
};

struct da_kernel;

struct da_kernel_ops {
	const char *name;	/* for people: "soft (emulated)" */
	/* Differs after every start of the kernel. */
	bool (*boot_id)(struct da_kernel *k, char ret[DA_BOOT_ID_SIZE],
	    struct da_kernel_error *reterr);
	/*
	 * From now on no driver binds to any function of its own accord.  On
	 * Linux: drivers_autoprobe of the PCI bus is 0, so that neither a
	 * driver that loads nor a function that appears is bound; and each
	 * function's driver_override names a driver that does not exist, so
	 * that a driver's own `bind` is refused as well.  It outlives the
	 * caller and ends with the boot.
	 *
	 * Drivers that are bound already stay: those built into the kernel
	 * bind before the first process runs, and a module of the initial file
	 * system may be quicker than the caller.  `list` says where: such a
	 * function was in use before anybody judged it.
	 */
	bool (*hold)(struct da_kernel *k, struct da_kernel_error *reterr);
	/* Every PCI function, with or without TEE capability. */
	bool (*list)(struct da_kernel *k, struct da_kernel_device *ret,
	    size_t max, size_t *ret_n, struct da_kernel_error *reterr);
	/* UNLOCKED -> LOCKED; EBUSY while a driver is bound. */
	bool (*lock)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/*
	 * LOCKED, RUN or ERROR -> UNLOCKED; drops report and map.  EOPNOTSUPP:
	 * it has no lock and can have none, as the kernel itself knows it,
	 * whatever config space says by now.
	 */
	bool (*unlock)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/*
	 * A fresh TSM query.  `nonce` (DA_NONCE bytes, or NULL before one was
	 * drawn) is noted in the ticket; it is the guest's own.  EOPNOTSUPP as
	 * with `unlock`.
	 */
	bool (*ticket)(struct da_kernel *k, const char *device,
	    const uint8_t *nonce, struct da_ticket *ret,
	    struct da_kernel_error *reterr);
	/* The whole report, once, while LOCKED: EBADMSG, ESTALE, EBUSY, EIO. */
	bool (*push)(struct da_kernel *k, const char *device,
	    const struct da_push *how, struct da_slice report,
	    struct da_kernel_error *reterr);
	/* Has the TSM validate the pushed ranges' pages; ENODATA before push. */
	bool (*validate)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/* LOCKED -> RUN. */
	bool (*accept)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/* The private/shared map in force. */
	bool (*map)(struct da_kernel *k, const char *device,
	    struct da_map *ret, struct da_kernel_error *reterr);
	/*
	 * RUN: lets the driver core bind a driver (Linux: takes the override
	 * back and has this one function probed).
	 */
	bool (*bind)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/*
	 * UNLOCKED: gives a function that nobody judged back to the driver
	 * core, to be used through shared memory only.
	 */
	bool (*leave)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	void (*close)(struct da_kernel *k);
};

struct da_kernel {
	const struct da_kernel_ops *ops;
	bool emulated;		/* its TSM is: nothing here protects anything */
};

/*
 * The software kernel over its Unix socket: emulated, and every ticket of it
 * says so (platform "emulated").
 */
struct da_kernel *da_kernel_soft_open(const char *socket_path,
	    struct da_kernel_error *reterr);

#endif

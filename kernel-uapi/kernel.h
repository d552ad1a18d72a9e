/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest kernel as the pusher sees it: one small table of functions, so that
 * the real uAPI and its software stand-in are driven by the same code.
 *
 * Every function answers whether the kernel did it; on "no" the error has an
 * errno value and, where the kernel gave one, a text.  Nothing here reads a
 * byte of the host's: a report goes through as bytes.
 */
#ifndef DA_KERNEL_H
#define DA_KERNEL_H

#include "verifier/mmio_map.h"
#include "verifier/ticket.h"

#define DA_MAX_DEVICES	512

struct da_kernel_error {
	int error;		/* errno value, never 0 on failure */
	char text[120];		/* for people; may be empty */
};

struct da_kernel_device {
	char name[DA_BDF_SIZE];		/* "0000:01:00.0" */
	uint8_t path[8];		/* hops, as the wire's request has them */
	uint8_t tee;			/* enum da_tri: claims TEE capability */
	uint8_t driver_bound;
	uint16_t vendor, device;
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
	const char *name;	/* "soft (emulated)" */
	bool (*list)(struct da_kernel *k, struct da_kernel_device *ret,
	    size_t max, size_t *ret_n, struct da_kernel_error *reterr);
	/* UNLOCKED -> LOCKED; EBUSY while a driver is bound. */
	bool (*lock)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/* LOCKED, RUN or ERROR -> UNLOCKED; drops report and map. */
	bool (*unlock)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	/*
	 * A fresh TSM query.  `nonce` (DA_NONCE bytes, or NULL before one was
	 * drawn) is noted in the ticket; it is the guest's own.
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
	/* Lets the driver core bind a driver. */
	bool (*bind)(struct da_kernel *k, const char *device,
	    struct da_kernel_error *reterr);
	void (*close)(struct da_kernel *k);
};

struct da_kernel {
	const struct da_kernel_ops *ops;
};

/*
 * The software kernel over its Unix socket: emulated, and every ticket of it
 * says so (platform "emulated").
 */
struct da_kernel *da_kernel_soft_open(const char *socket_path,
	    struct da_kernel_error *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of a real kernel: generic netlink family "devattest", the proposed
 * "device-evidence" beside it, and sysfs.  The only file family of this tree
 * that includes <libmnl/libmnl.h>.
 *
 * It reads the kernel's answers, which are trusted, and passes the host's bytes
 * through unread.  The socket that locked a device owns it until it runs.
 */
#ifndef DA_EVIDENCE_NL_H
#define DA_EVIDENCE_NL_H

#include "kernel.h"

/*
 * `sysfs` is a descriptor of /sys, which the caller keeps open.  NULL: no family
 * (ENOENT), or no right to it (EPERM).
 */
struct da_kernel *da_kernel_nl_open(int sysfs, struct da_kernel_error *reterr);
/* Over one end of a pair, which it owns then: a test plays the kernel. */
struct da_kernel *da_kernel_nl_over(int fd, uint16_t family, int sysfs,
	    struct da_kernel_error *reterr);

/*
 * One object out of "device-evidence": a certificate chain, the VCA, the
 * measurements or the report, or the TSM's digest of it.  `nonce` (DA_NONCE
 * bytes, or NULL) has the device measured anew.  For `collect --netlink` and
 * the host's relay.
 */
struct da_object_reader;
struct da_object_reader *da_objects_open(struct da_kernel_error *reterr);
void	da_objects_close(struct da_object_reader *r);
/*
 * Reads what `type_mask` names (1 << type) in one dump; `take` is called once
 * for each object that is not empty, in ascending order of type; false ends it.
 * EAGAIN: the generation changed in between, and nothing may be used.
 */
typedef bool da_objects_take_fn(void *context, uint32_t type,
	    uint32_t generation, struct da_slice object);
bool	da_objects_read(struct da_object_reader *r, const char *device,
	    uint32_t type_mask, uint32_t flags, const uint8_t *nonce,
	    da_objects_take_fn *take, void *context,
	    struct da_kernel_error *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between the pusher and the software kernel, one request and one
 * reply a datagram over an AF_UNIX SOCK_SEQPACKET socket.  Both ends are built
 * from this tree and are trusted; no byte of the host's stands in a message but
 * a report, and that is opaque here.  The connection that locked a device owns
 * it until it runs: its end unlocks a locked device.
 */
#ifndef DA_SOFTPROTO_H
#define DA_SOFTPROTO_H

#include "kernel.h"

#define DA_SOFT_VERSION		3
#define DA_SOFT_MAX_REPORT	DA_MAX_REPORT
#define DA_SOFT_TIMEOUT_MS	10000	/* a call; a TSM may be slow */

enum da_soft_op {
	DA_SOFT_NONE,
	DA_SOFT_LIST,
	DA_SOFT_LOCK,
	DA_SOFT_UNLOCK,
	DA_SOFT_TICKET,
	DA_SOFT_PUSH,
	DA_SOFT_VALIDATE,
	DA_SOFT_ACCEPT,
	DA_SOFT_MAP,
	DA_SOFT_BIND,
	DA_SOFT_LEAVE,
	DA_SOFT_HOLD,		/* no device */
	DA_SOFT_BOOT_ID,	/* no device */
	DA_SOFT_OPS
};

struct da_soft_request {
	uint32_t version;	/* DA_SOFT_VERSION */
	uint32_t op;		/* enum da_soft_op */
	uint32_t serial;	/* echoed */
	uint32_t report_size;	/* bytes behind this struct; 0 but for PUSH */
	char device[DA_BDF_SIZE];
	uint8_t has_nonce;
	uint8_t page_unit, bar_base;	/* of struct da_push */
	uint8_t reserved[5];		/* 0 */
	uint8_t nonce[DA_NONCE];
	struct da_token token[DA_TOKEN_COUNT];
	uint8_t reserved_too[5];	/* 0 */
};
_Static_assert(sizeof(struct da_soft_request) == 176, "crosses a process");

struct da_soft_reply {
	uint32_t version;
	uint32_t op;
	uint32_t serial;
	uint32_t error;		/* errno value; 0: done */
	char text[120];
	uint32_t n;		/* devices of a LIST */
	uint32_t reserved;	/* 0 */
	union {
		struct da_kernel_device device[DA_MAX_DEVICES];
		struct da_ticket ticket;
		struct da_map map;
		char boot_id[DA_BOOT_ID_SIZE];
	} body;
};
_Static_assert(sizeof(struct da_kernel_device) == 40, "crosses a process");
_Static_assert(sizeof(struct da_soft_reply) == 144 + 40 * DA_MAX_DEVICES,
    "crosses a process");

#endif

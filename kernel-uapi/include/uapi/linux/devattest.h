/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * devattest: generic netlink between the guest kernel and the process that
 * judges a device before it is let into the TCB.
 *
 * Commands 1 and 2, attributes 1 to 10, evidence types and flags are those of
 * the proposed family "device-evidence" and mean the same here.  All others are
 * this family's.  See Documentation/netlink/specs/devattest.yaml beside it, and
 * devattest-uapi(7).
 */
#ifndef _UAPI_LINUX_DEVATTEST_H
#define _UAPI_LINUX_DEVATTEST_H

#include <linux/types.h>

#define DEVATTEST_GENL_NAME		"devattest"
#define DEVATTEST_GENL_VERSION		1
#define DEVATTEST_GENL_GROUP_EVENTS	"events"	/* CAP_NET_ADMIN */

#define DEVATTEST_NAME_MAX		31	/* subsys, dev-name */
#define DEVATTEST_NONCE_MAX		32
#define DEVATTEST_REPORT_MAX		65535	/* TDISP: 16-bit length */
#define DEVATTEST_VAL_MAX		65531	/* of one netlink attribute */
#define DEVATTEST_TOKEN_MAX		32
#define DEVATTEST_DIGEST_MAX		64
#define DEVATTEST_MESSAGE_MAX		4096

/*
 * Requests marked (work) are answered at once by DEVATTEST_A_REQUEST, or by an
 * error; their end comes as one DEVATTEST_CMD_DONE to the socket that asked.
 * A device works on one request at a time: EBUSY.  (admin): CAP_SYS_ADMIN in
 * the initial user namespace; the family exists in the initial network
 * namespace only.
 */
enum devattest_cmd {
	DEVATTEST_CMD_UNSPEC,
	DEVATTEST_CMD_READ,		/* dump: type-mask, flags, dev-name */
	DEVATTEST_CMD_VALIDATE,		/* (admin, work) generation */

	DEVATTEST_CMD_STATE_GET = 16,	/* do: one device; dump: all */
	DEVATTEST_CMD_TSM_INFO,		/* (admin, work) nonce where it has one */
	DEVATTEST_CMD_LOCK,		/* (admin, work) UNLOCKED -> LOCKED */
	DEVATTEST_CMD_REPORT_WRITE,	/* (admin, work) the whole report */
	DEVATTEST_CMD_ACCEPT,		/* (admin, work) LOCKED -> RUN */
	DEVATTEST_CMD_UNLOCK,		/* (admin, work) -> UNLOCKED */
	DEVATTEST_CMD_MAP_GET,		/* do: the map in force */
	DEVATTEST_CMD_DONE,		/* to the asking socket */
	DEVATTEST_CMD_EVENT,		/* to the group */

	__DEVATTEST_CMD_MAX,
	DEVATTEST_CMD_MAX = __DEVATTEST_CMD_MAX - 1
};

enum devattest_attr {
	DEVATTEST_A_UNSPEC,
	DEVATTEST_A_TYPE,		/* u32, enum devattest_type */
	DEVATTEST_A_TYPE_MASK,		/* u32, 1 << type */
	DEVATTEST_A_FLAGS,		/* u32, DEVATTEST_FLAG_* */
	DEVATTEST_A_SUBSYS,		/* string, "pci" */
	DEVATTEST_A_DEV_NAME,		/* string, "0000:01:00.0" */
	DEVATTEST_A_NONCE,		/* binary, 32 bytes: SPDM */
	DEVATTEST_A_GENERATION,		/* u32, never 0 */
	DEVATTEST_A_COUNT,		/* u64 */
	DEVATTEST_A_LENGTH,		/* u32, of the whole object */
	DEVATTEST_A_VAL,		/* binary, repeated: chunks in order */

	DEVATTEST_A_PAD = 32,
	DEVATTEST_A_REQUEST,		/* u64: which (work) request */
	DEVATTEST_A_ERROR,		/* u32: 0 or an errno value */
	DEVATTEST_A_TEXT,		/* string: why, for people */
	DEVATTEST_A_STATE,		/* u32, enum devattest_state */
	DEVATTEST_A_DRIVER,		/* string: bound driver; absent: none */
	DEVATTEST_A_OWNED,		/* flag: by the socket that asks */
	DEVATTEST_A_PUSHED,		/* flag: there is a report */
	DEVATTEST_A_VALIDATED,		/* flag: this generation was validated */
	DEVATTEST_A_PLATFORM,		/* u32, enum devattest_platform */
	DEVATTEST_A_ABI,		/* u32, the message layout's version */
	DEVATTEST_A_EMULATED,		/* flag: nothing here protects anything */
	DEVATTEST_A_MESSAGE,		/* binary: the TSM's raw answer */
	DEVATTEST_A_TSM_STATE,		/* u32, enum devattest_state */
	DEVATTEST_A_TSM_STATE_TRUSTED,	/* flag: the TSM said so itself */
	DEVATTEST_A_BOUND,		/* flag */
	DEVATTEST_A_HASH,		/* u32, enum devattest_hash */
	DEVATTEST_A_SLOT,		/* u32; absent: unknown */
	DEVATTEST_A_TOKEN,		/* nest, repeated: kind, bytes */
	DEVATTEST_A_DIGEST,		/* nest, repeated: kind, bytes */
	DEVATTEST_A_LOCK_FLAGS,		/* bitfield32: value, known-mask */
	DEVATTEST_A_LINK_FLAGS,		/* bitfield32: DEVATTEST_LINK_* */
	DEVATTEST_A_PAGE_UNIT,		/* u32, enum devattest_page_unit */
	DEVATTEST_A_BAR_BASE,		/* u32, enum devattest_bar_base */
	DEVATTEST_A_RANGE,		/* nest, repeated, the report's order */
	DEVATTEST_A_EVENT,		/* u32, enum devattest_event */

	__DEVATTEST_A_MAX,
	DEVATTEST_A_MAX = __DEVATTEST_A_MAX - 1
};

/* Of DEVATTEST_A_TOKEN and DEVATTEST_A_DIGEST. */
enum devattest_value_attr {
	DEVATTEST_VALUE_UNSPEC,
	DEVATTEST_VALUE_KIND,		/* u32, enum devattest_token or _digest */
	DEVATTEST_VALUE_BYTES,		/* binary */
	__DEVATTEST_VALUE_MAX,
	DEVATTEST_VALUE_MAX = __DEVATTEST_VALUE_MAX - 1
};

/* Of DEVATTEST_A_RANGE; offset and size in bytes, multiples of 4096. */
enum devattest_range_attr {
	DEVATTEST_RANGE_UNSPEC,
	DEVATTEST_RANGE_BAR,		/* u32, 0 to 5 */
	DEVATTEST_RANGE_OFFSET,		/* u64, into the BAR */
	DEVATTEST_RANGE_SIZE,		/* u64 */
	DEVATTEST_RANGE_KIND,		/* u32, enum devattest_kind */
	DEVATTEST_RANGE_ATTRIBUTES,	/* u32, bits 3:0 as in the report */
	DEVATTEST_RANGE_PAD,
	__DEVATTEST_RANGE_MAX,
	DEVATTEST_RANGE_MAX = __DEVATTEST_RANGE_MAX - 1
};

enum devattest_type {
	DEVATTEST_TYPE_CERT0,		/* to 7: certificate chain of the slot */
	DEVATTEST_TYPE_VCA = 8,
	DEVATTEST_TYPE_MEASUREMENTS,
	DEVATTEST_TYPE_REPORT,
	DEVATTEST_TYPE_MAX = DEVATTEST_TYPE_REPORT
};
#define DEVATTEST_TYPE_ALL	2047

#define DEVATTEST_FLAG_DIGEST	(1 << 0)	/* the TSM's, not the object */

enum devattest_state {
	DEVATTEST_STATE_UNKNOWN,
	DEVATTEST_STATE_UNLOCKED,
	DEVATTEST_STATE_LOCKED,
	DEVATTEST_STATE_RUN,
	DEVATTEST_STATE_ERROR
};

enum devattest_platform {
	DEVATTEST_PLATFORM_UNSPEC,
	DEVATTEST_PLATFORM_SEV_TIO,	/* abi 1, 2: guest message version */
	DEVATTEST_PLATFORM_ARM_CCA,	/* abi 1: to 2.0-alp20, 2: 2.0-bet0 */
	DEVATTEST_PLATFORM_TDX,		/* abi 1 */
	DEVATTEST_PLATFORM_COVE_IO	/* abi 1 */
};

enum devattest_hash {
	DEVATTEST_HASH_NONE,
	DEVATTEST_HASH_SHA256,
	DEVATTEST_HASH_SHA384,
	DEVATTEST_HASH_SHA512
};

enum devattest_token {
	DEVATTEST_TOKEN_LOCK,
	DEVATTEST_TOKEN_MEASUREMENTS,
	DEVATTEST_TOKEN_REPORT
};

enum devattest_digest {
	DEVATTEST_DIGEST_VCA,
	DEVATTEST_DIGEST_CHAIN,
	DEVATTEST_DIGEST_PUBLIC_KEY,
	DEVATTEST_DIGEST_MEASUREMENTS,
	DEVATTEST_DIGEST_REPORT,
	DEVATTEST_DIGEST_DEVICE_INFO
};

/* TDISP LOCK_INTERFACE_REQUEST, of DEVATTEST_A_LOCK_FLAGS. */
#define DEVATTEST_LOCK_NO_FW_UPDATE	(1 << 0)
#define DEVATTEST_LOCK_CACHE_LINE_128	(1 << 1)
#define DEVATTEST_LOCK_MSIX		(1 << 2)
#define DEVATTEST_LOCK_P2P		(1 << 3)
#define DEVATTEST_LOCK_ALL_REDIRECT	(1 << 4)

#define DEVATTEST_LINK_SPDM	(1 << 0)
#define DEVATTEST_LINK_IDE	(1 << 1)
#define DEVATTEST_LINK_FRESH	(1 << 2)	/* measurements, where told */

/* What "first 4K page" of a report's range counts; readers disagree. */
enum devattest_page_unit {
	DEVATTEST_UNIT_UNKNOWN,
	DEVATTEST_UNIT_PAGE,		/* a page number */
	DEVATTEST_UNIT_BYTE		/* a byte address */
};

/* Where in its BAR a range begins. */
enum devattest_bar_base {
	DEVATTEST_BASE_UNKNOWN,
	DEVATTEST_BASE_RELATIVE,	/* the BAR's first range is its start */
	DEVATTEST_BASE_ALIGNED,		/* the start modulo the BAR's size */
	DEVATTEST_BASE_ZERO		/* the start, less the BAR's address */
};

enum devattest_kind {
	DEVATTEST_KIND_NONE,
	DEVATTEST_KIND_PRIVATE,
	DEVATTEST_KIND_SHARED
};

/* A hint: clients resync by STATE_GET on ENOBUFS, and poll with a bound. */
enum devattest_event {
	DEVATTEST_EVENT_NONE,
	DEVATTEST_EVENT_LOCKED,
	DEVATTEST_EVENT_RUN,
	DEVATTEST_EVENT_UNLOCKED,
	DEVATTEST_EVENT_ERROR,
	DEVATTEST_EVENT_GENERATION,
	DEVATTEST_EVENT_GONE		/* the device or its TSM went away */
};

#endif /* _UAPI_LINUX_DEVATTEST_H */

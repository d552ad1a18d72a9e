/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What a guest and its TSM say to each other about one TDI, byte by byte: the
 * requests that are sent, and the answers decoded into one common model.
 *
 * Compiled twice from the same text: into the kernel modules, whose TSM drivers
 * send these messages, and into the tools, which decode the raw answer that the
 * kernel hands on.  So it has no allocation, no library and no state.  It must
 * never see a byte of the host's: all messages here come over the platform's
 * private channel.
 *
 * The layout's version (abi) comes from the driver that made the call.  Nothing
 * in an answer says which it is, and nothing here guesses it.
 *
 * All integers of the wire are little-endian.  Zero means absent or unknown in
 * every field of the model.
 */
#ifndef DA_TSM_MESSAGE_H
#define DA_TSM_MESSAGE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#endif

/* Order and values of the uAPI's DEVATTEST_PLATFORM_*. */
enum tsm_platform {
	TSM_PLATFORM_NONE,
	TSM_SEV_TIO,		/* abi 1 or 2: the guest message's version */
	TSM_ARM_CCA,		/* abi TSM_ARM_ALP20 or TSM_ARM_BET0 */
	TSM_TDX,		/* abi 1 */
	TSM_COVE_IO,		/* abi 1 */
	TSM_PLATFORMS
};

#define TSM_ARM_ALP20	1	/* VDEV_GET_INFO up to RMM 2.0-alp20 */
#define TSM_ARM_BET0	2	/* since RMM 2.0-bet0 */

enum tsm_state {
	TSM_STATE_UNKNOWN,
	TSM_STATE_UNLOCKED,
	TSM_STATE_LOCKED,
	TSM_STATE_RUN,
	TSM_STATE_ERROR
};

enum tsm_tri { TSM_UNKNOWN, TSM_FALSE, TSM_TRUE };

enum tsm_hash { TSM_HASH_NONE, TSM_SHA256, TSM_SHA384, TSM_SHA512 };

enum tsm_digest_of {
	TSM_DIGEST_VCA,
	TSM_DIGEST_CHAIN,
	TSM_DIGEST_PUBLIC_KEY,
	TSM_DIGEST_MEASUREMENTS,
	TSM_DIGEST_REPORT,
	TSM_DIGEST_DEVICE_INFO,
	TSM_DIGESTS
};

enum tsm_token_of {
	TSM_TOKEN_LOCK,
	TSM_TOKEN_MEASUREMENTS,
	TSM_TOKEN_REPORT,
	TSM_TOKENS
};

/* TDISP LOCK_INTERFACE_REQUEST flags, as bits of lock_flags. */
#define TSM_LOCK_NO_FW_UPDATE	(1u << 0)
#define TSM_LOCK_CACHE_LINE_128	(1u << 1)
#define TSM_LOCK_MSIX		(1u << 2)
#define TSM_LOCK_P2P		(1u << 3)
#define TSM_LOCK_ALL_REDIRECT	(1u << 4)

#define TSM_MAX_TOKEN	32
#define TSM_MAX_DIGEST	64
#define TSM_NONCE	32	/* SPDM */

struct tsm_token {
	__u8 len;		/* 0: the platform has none, or it is unset */
	__u8 bytes[TSM_MAX_TOKEN];
};

struct tsm_digest {
	__u8 len;		/* 0: absent */
	__u8 bytes[TSM_MAX_DIGEST];
};

/* The common model of an answer. */
struct tsm_info {
	__u8 platform;		/* enum tsm_platform */
	__u8 abi;
	__u8 bound;		/* 1: the TSM knows the TDI and has it bound */
	__u8 state;		/* enum tsm_state */
	__u8 state_trusted;	/* 1: the TSM said it, not the hypervisor */
	__u8 measurements_fresh, link_spdm, link_ide;	/* enum tsm_tri */
	__u8 objects_from_tsm;	/* 1: the objects are the TSM's own answers */
	__u8 hash;		/* enum tsm_hash; of all digests */
	__u8 slot_known, slot;	/* SPDM slot of the certificate chain */
	__u32 lock_flags;	/* TSM_LOCK_*; 0 where it is not known */
	__u32 lock_flags_known;	/* which of them the platform tells */
	__u64 device_id;	/* by the platform's own naming */
	struct tsm_token token[TSM_TOKENS];
	struct tsm_digest digest[TSM_DIGESTS];
};

enum tsm_why {
	TSM_OK,
	TSM_ABI,		/* no such platform, or layout version */
	TSM_SIZE,		/* another size than the layout's */
	TSM_FIELD		/* a value that the layout does not have */
};

/*
 * The answer to the platform's question "what of this TDI?".  TSM_OK: *ret is
 * whole.  Else *ret is untouched and *reterr_at is the byte's offset.
 *
 * TDX and CoVE-IO answer in registers: there the message is the record that
 * tsm_tdx.c and tsm_cove_io.c define, written by the driver that made the calls.
 */
enum tsm_why	tsm_decode(enum tsm_platform platform, __u8 abi,
		    const __u8 *message, size_t size, struct tsm_info *ret,
		    size_t *reterr_at);
const char	*tsm_why_text(enum tsm_why why);

/* "sev-tio", "1"; NULL for what is none. */
const char	*tsm_platform_name(enum tsm_platform platform);
const char	*tsm_abi_name(enum tsm_platform platform, __u8 abi);
enum tsm_platform tsm_platform_named(const char *name);
__u8		tsm_abi_named(enum tsm_platform platform, const char *name);

/*
 * What the platform's messages cover and can say, one row an ABI: a table, and
 * no code path asks the platform for it.
 */
struct tsm_row {
	enum tsm_platform platform;
	__u8 abi;
	const char *abi_name;
	size_t answer_size;	/* of the message; 0: it varies */
	__u8 state_trusted;
	__u8 own_token[TSM_TOKENS];	/* 1: a lock or a collection of this
					 * very TDI changes it, and no other's */
	__u8 run_takes_tokens;	/* the commit refuses stale ones */
	__u8 validates_before_run;	/* else after (AMD) */
	__u8 nonce_reaches_device;	/* enum tsm_tri; Arm bet0, TDX: FALSE */
};
const struct tsm_row *tsm_row(enum tsm_platform platform, __u8 abi);

/* -- requests; each returns the bytes written, 0 for what cannot be said -- */

#define TSM_MAX_MESSAGE	512	/* Arm's answer, the longest */

/* Which TDI, as the platform names it. */
struct tsm_subject {
	enum tsm_platform platform;
	__u8 abi;
	__u64 device_id;
};

/* One range of the report, where the guest has mapped it. */
struct tsm_range {
	__u64 guest_address;	/* GPA or IPA of its first page; bytes */
	__u64 reported;		/* the report's start in bytes: scaled by the
				 * platform's page unit */
	__u32 pages;		/* 4 KiB each */
	__u32 index;		/* in the report */
	__u16 range_id;		/* the report's */
	__u8 page_offset_known;
	__u32 page_offset;	/* of the sub-range in the range; pages */
};

size_t	tsm_put_info_request(const struct tsm_subject *s, __u8 *out,
	    size_t max);
/*
 * MMIO_VALIDATE, VALIDATE_MAPPING, MMIO.ACCEPT, map MMIO.  To take it back
 * (validate false) has a message on AMD only, else 0.
 *
 * Where a platform is called by registers, a request is a row of u64: the
 * call's number, then its arguments in order; an answer is a row of u64, the
 * status first.
 */
size_t	tsm_put_validate_request(const struct tsm_subject *s,
	    const struct tsm_range *range, bool validate,
	    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max);
/*
 * SDTE_WRITE, VDEV_DMA_ENABLE.  0 on CoVE-IO, which has none, and on TDX:
 * DMAR.ACCEPT's arguments were not found but for one.
 */
size_t	tsm_put_dma_request(const struct tsm_subject *s,
	    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max);
/*
 * TDI.START with the session's id, CoVE-IO's start.  0 on AMD and Arm, where the
 * host is asked by its own, untrusted, call.
 */
size_t	tsm_put_run_request(const struct tsm_subject *s,
	    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max);

/* On Arm: VALIDATE_MAPPING took the call, and answered "rejected". */
#define TSM_STATUS_REJECTED	(1ull << 32)

/* What became of a request: 0, or the platform's own status number. */
enum tsm_why	tsm_decode_status(const struct tsm_subject *s,
		    const __u8 *message, size_t size, __u64 *ret_status,
		    size_t *reterr_at);
/* The platform's words for it, NULL for a number that it has not. */
const char	*tsm_status_text(enum tsm_platform platform, __u64 status);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kernel and TSM say of one device: the trusted half of the question.
 *
 * Plain data of fixed size, because it crosses from the pusher to the judges.
 * Zero means absent or unknown everywhere: an absent digest has len 0, a flag
 * that the platform does not tell has DA_TRI_UNKNOWN.  What stands under `pci`
 * is config space, the host's to write: it serves to catch contradictions.
 */
#ifndef DA_TICKET_H
#define DA_TICKET_H

#include "algs.h"
#include "caps.h"

#define DA_TICKET_VERSION	1
#define DA_BDF_SIZE		16	/* "0000:01:00.0" and a NUL */
#define DA_MAX_BARS		6

enum da_platform {
	DA_PLATFORM_NONE,
	DA_PLATFORM_SEV_TIO,
	DA_PLATFORM_ARM_CCA,
	DA_PLATFORM_TDX,
	DA_PLATFORM_COVE_IO,
	DA_PLATFORM_EMULATED,
	DA_PLATFORM_COUNT
};

enum da_tri { DA_TRI_UNKNOWN, DA_TRI_FALSE, DA_TRI_TRUE };

enum da_tdi_state {
	DA_STATE_UNKNOWN,
	DA_STATE_UNLOCKED,
	DA_STATE_LOCKED,
	DA_STATE_RUN,
	DA_STATE_ERROR
};

enum da_page_unit { DA_UNIT_UNKNOWN, DA_UNIT_PAGE, DA_UNIT_BYTE };

/* Where in its BAR a reported range begins. */
enum da_bar_base {
	DA_BASE_UNKNOWN,
	DA_BASE_RELATIVE,	/* the BAR's first range is its start */
	DA_BASE_ALIGNED,	/* the start modulo the BAR's size */
	DA_BASE_ZERO		/* the start is an address; less the BAR's */
};

enum da_digest_of {
	DA_DIGEST_VCA,
	DA_DIGEST_CHAIN,
	DA_DIGEST_PUBLIC_KEY,
	DA_DIGEST_MEASUREMENTS,
	DA_DIGEST_REPORT,
	DA_DIGEST_DEVICE_INFO,
	DA_DIGEST_COUNT
};

enum da_token_of {
	DA_TOKEN_LOCK,
	DA_TOKEN_MEASUREMENTS,
	DA_TOKEN_REPORT,
	DA_TOKEN_COUNT
};

enum da_lock_flag {
	DA_LOCK_NO_FW_UPDATE,
	DA_LOCK_CACHE_LINE_128,
	DA_LOCK_MSIX,
	DA_LOCK_P2P,
	DA_LOCK_ALL_REDIRECT,
	DA_LOCK_FLAGS
};

struct da_digest {
	uint8_t len;		/* 0: absent */
	uint8_t bytes[DA_MAX_HASH];
};

struct da_token {
	uint8_t len;		/* 0: the platform has none */
	uint8_t bytes[32];
};

struct da_bar {
	uint64_t address;
	uint64_t size;		/* 0: no memory BAR here */
};

struct da_pci {
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint32_t class_code;	/* 24 bits */
	uint8_t tee;		/* enum da_tri */
	uint8_t msix;		/* 1: the MSI-X fields are set */
	uint8_t msix_bir;	/* the BAR that holds the table */
	uint8_t msix_pba_bir;	/* and the one of the pending bits */
	uint8_t has_revision, revision;
	uint8_t has_serial;	/* 1: Device Serial Number capability */
	uint64_t serial;
	uint32_t msix_table, msix_pba;	/* byte offsets in the BAR */
	uint16_t msix_entries;
	struct da_bar bar[DA_MAX_BARS];
};

struct da_ticket {
	uint32_t version;	/* DA_TICKET_VERSION */
	uint8_t platform;	/* enum da_platform */
	char abi[8];
	char device[DA_BDF_SIZE];
	uint8_t bound;
	uint8_t state;		/* enum da_tdi_state */
	uint8_t state_trusted;
	uint8_t has_tokens_at_lock;
	struct da_token token[DA_TOKEN_COUNT];
	struct da_token token_at_lock[DA_TOKEN_COUNT];
	uint8_t has_nonce;
	uint8_t nonce[DA_NONCE];
	uint8_t measurements_fresh, link_spdm, link_ide;	/* da_tri */
	uint8_t objects_from_tsm;	/* 1: "tsm"; 0: "host" */
	uint8_t hash;		/* enum da_hash; of all digests */
	uint8_t slot_known, slot;
	uint8_t page_unit;	/* enum da_page_unit */
	uint8_t bar_base;	/* enum da_bar_base */
	uint8_t lock_flag[DA_LOCK_FLAGS];	/* da_tri each */
	struct da_pci pci;
	struct da_digest digest[DA_DIGEST_COUNT];
};

const char	*da_platform_name(enum da_platform platform);	/* "sev-tio" */
enum da_platform da_platform_named(struct da_slice name);
const char	*da_state_name(enum da_tdi_state state);	/* "locked" */
/*
 * Sets a digest; all zero bytes, the digest of the empty string and a length
 * that is not the hash's count as absent (a field that was never filled).
 */
void		da_digest_set(struct da_digest *digest, enum da_hash hash,
		    struct da_slice bytes);
struct da_slice	da_digest_bytes(const struct da_digest *digest);
bool		da_token_equal(const struct da_token *a,
		    const struct da_token *b);
/*
 * The tokens of measurements and report are there, and are not what they were at
 * the lock (where there may have been none): the TSM collected anew, and says so
 * (contract, section 3).
 */
bool		da_tokens_changed(const struct da_ticket *ticket);

#endif

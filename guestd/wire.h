/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devattest-wire(7): one request of 64 bytes from the guest, one answer of
 * parts, each with a head of 16 bytes.  Little-endian.  This header stands
 * alone: the host side includes it and nothing else of the guest's.
 */
#ifndef DA_WIRE_H
#define DA_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define DA_WIRE_PORT		5467	/* AF_VSOCK */
#define DA_WIRE_VERSION		1
#define DA_WIRE_REQUEST_SIZE	64
#define DA_WIRE_HEAD_SIZE	16
#define DA_WIRE_IDLE_MS		5000	/* between two reads */
#define DA_WIRE_ANSWER_MS	30000	/* a whole answer */
#define DA_WIRE_MAX_ANSWER	(2u * 1024u * 1024u)	/* heads included */

/* The kernel's proposed evidence types where it has them. */
#define DA_WIRE_CHAIN_FIRST	0u	/* 0 to 7: chain of that slot */
#define DA_WIRE_CHAIN_LAST	7u
#define DA_WIRE_VCA		8u
#define DA_WIRE_MEASUREMENTS	9u
#define DA_WIRE_REPORT		10u
#define DA_WIRE_DEVICE_INFO	0x100u
#define DA_WIRE_CHALLENGE	0x101u
#define DA_WIRE_DIGESTS_CERTS	0x102u
#define DA_WIRE_MEL		0x103u
#define DA_WIRE_COLLATERAL	0x7f00u	/* and up to 0xFFFD: skipped if unknown */
#define DA_WIRE_FAILURE		0xfffeu
#define DA_WIRE_END		0xffffu

/* What the daemon asks for: every chain slot, VCA, measurements, report. */
#define DA_WIRE_WANT_ALL	0x7ffu
/* And this, on TDX: types 0x100 to 0x7EFF; a digest is of device-info only. */
#define DA_WIRE_WANT_MORE	(UINT32_C(1) << 31)

enum da_wire_failure {
	DA_WIRE_NO_DEVICE = 1,
	DA_WIRE_BUSY = 2,
	DA_WIRE_DEVICE_ERROR = 3,
	DA_WIRE_NOT_SUPPORTED = 4,
	DA_WIRE_HOST_ERROR = 5
};

struct da_wire_request {
	uint32_t wanted;	/* 1 << type; bit 31: types 0x100 to 0x7EFF */
	uint32_t device;	/* segment << 16 | bus << 8 | dev << 3 | fn */
	uint8_t nonce[32];
	uint64_t id;		/* random */
	uint8_t path[8];	/* dev << 3 | fn a hop, then 0xFF */
};

struct da_wire_head {
	uint16_t type;
	uint16_t shape;		/* of DA_WIRE_MEASUREMENTS; else 0 */
	uint32_t length;	/* bytes that follow */
	uint64_t id;
};

void	da_wire_put_request(const struct da_wire_request *request,
	    uint8_t out[DA_WIRE_REQUEST_SIZE]);
/* False: magic, version or a reserved field is not as it must be. */
bool	da_wire_get_request(const uint8_t in[DA_WIRE_REQUEST_SIZE],
	    struct da_wire_request *ret);
void	da_wire_put_head(const struct da_wire_head *head,
	    uint8_t out[DA_WIRE_HEAD_SIZE]);
void	da_wire_get_head(const uint8_t in[DA_WIRE_HEAD_SIZE],
	    struct da_wire_head *ret);
/*
 * Does `wanted` ask for this type?  Collateral, failure and end need no bit:
 * they may always come.
 */
bool	da_wire_wants(uint32_t wanted, uint16_t type);
/* Cap of a part in bytes; 0 for a type that no answer may carry. */
uint32_t da_wire_cap(uint16_t type);

/* "0000:01:00.0" to the request's number, and back. */
bool	da_wire_parse_bdf(const char *text, uint32_t *ret);
void	da_wire_format_bdf(uint32_t device, char out[16]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opaque data of NVIDIA's GPUs and switches: types, lengths, values.
 *
 * Below SPDM 1.2 opaque data is the vendor's own, and nothing in it says whose:
 * that these bytes are NVIDIA's is the leaf's word or the policy's.  A type
 * that is not known is carried along.
 */
#ifndef DA_NVIDIA_H
#define DA_NVIDIA_H

#include "checks.h"
#include "x509.h"

#define DA_NV_TEXT	64	/* the longest value that is shown as text, and
				 * a NUL; real ones have 4 to 14 bytes */

enum da_nv_type {
	DA_NV_ISSUER = 1,
	DA_NV_AUTHORITY_KEY,
	DA_NV_DRIVER,
	DA_NV_GPU_INFO,
	DA_NV_SKU,
	DA_NV_VBIOS,
	DA_NV_MANUFACTURER,
	DA_NV_TAMPER,
	DA_NV_SMC,
	DA_NV_VPR,
	DA_NV_NVDEC0,
	DA_NV_COUNTS,		/* a u32 a block: how often it was extended */
	DA_NV_CPR,
	DA_NV_BOARD_ID,
	DA_NV_CHIP_SKU,
	DA_NV_CHIP_SKU_MOD,
	DA_NV_PROJECT,
	DA_NV_PROJECT_SKU,
	DA_NV_PROJECT_SKU_MOD,
	DA_NV_FWID,
	DA_NV_PROTECTED_PCIE,
	DA_NV_PDI,		/* 8 bytes each */
	DA_NV_PORTS_OFF,
	DA_NV_POSITION,
	DA_NV_LOCK,
	DA_NV_SWITCH_PDI,	/* 8 bytes each */
	DA_NV_PORTS,
	DA_NV_LINK = 32,
	DA_NV_SYSTEM_ENABLE,
	DA_NV_VERSION,
	DA_NV_CHIP_INFO,
	DA_NV_FEATURES,
	DA_NV_TYPES
};

/* How a value is to be read. */
enum da_nv_form {
	DA_NV_BYTES,		/* nothing more is known of it */
	DA_NV_STRING,		/* printable, then NULs only; may be empty */
	DA_NV_BIOS,		/* 8 bytes on GPUs, text on switches */
	DA_NV_SWITCHED,		/* 0x55 off, 0xAA on */
	DA_NV_U32S,
	DA_NV_IDS		/* 8 bytes each */
};

struct da_nvidia {
	struct da_slice raw;
	uint16_t n;			/* values, of known types or not */
	struct da_slice value[DA_NV_TYPES];	/* by type; p NULL: absent */
};

struct da_nv_value {
	uint16_t type;
	struct da_slice value;
};

/*
 * Faults are the reader's own (part measurements, offsets into the opaque
 * data): a device that writes other bytes there breaks no rule of SPDM.
 */
bool	da_nvidia_read(struct da_slice opaque, struct da_nvidia *ret,
	    struct da_fault *reterr);
/* The next value; `c` begins over `raw`. */
bool	da_nvidia_next(struct da_cur *c, struct da_nv_value *ret);
bool	da_nvidia_has(const struct da_nvidia *nvidia, enum da_nv_type type);
/*
 * A value as text, as a policy names it: strings as they are, the VBIOS version
 * as NVIDIA's tools print it ("96.00.74.00.20"), the board's id as hex.  False
 * where it is absent or not of its form.
 */
bool	da_nvidia_text(const struct da_nvidia *nvidia, enum da_nv_type type,
	    char ret[DA_NV_TEXT]);
/*
 * The firmware id equals the one that the leaf was made for (its DICE
 * extension); unknown where either is missing.
 */
enum da_result da_nvidia_fwid(const struct da_nvidia *nvidia,
	    const struct da_cert *leaf);
/* The leaf's device-info names NVIDIA as the manufacturer. */
bool	da_nvidia_made(const struct da_cert *leaf);
/* "vbios", ...; NULL for types that are not known. */
const char *da_nvidia_name(uint16_t type);
enum da_nv_form da_nvidia_form(uint16_t type);

#endif

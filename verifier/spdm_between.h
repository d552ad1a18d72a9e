/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages between VCA and CHALLENGE (B of M1/M2): GET_DIGESTS / DIGESTS,
 * once and in front, then GET_CERTIFICATE / CERTIFICATE until each chain that
 * was begun is whole.  Nothing of it is known before M1/M2 is verified.
 */
#ifndef DA_SPDM_BETWEEN_H
#define DA_SPDM_BETWEEN_H

#include "spdm_vca.h"

#define DA_SLOTS	8

/* KeyUsageMask of DIGESTS, in multi-key connections. */
#define DA_USE_CHALLENGE	0x0002
#define DA_USE_MEASUREMENTS	0x0004

struct da_slot {
	struct da_slice digest;	/* of its chain; n 0: no DIGESTS, or no slot */
	uint8_t key_pair;	/* the rest: multi-key connections only */
	uint8_t model;		/* CertificateInfo: 1 to 3; 0: not told */
	uint16_t usage;
};

/* Zero-filled: no message at all, which is what a cached chain needs. */
struct da_between {
	struct da_slice raw;
	bool has_digests;
	uint8_t supported;	/* SupportedSlotMask; 0 below SPDM 1.3 */
	struct da_slot slot[DA_SLOTS];
};

bool	da_between_read(struct da_slice raw, const struct da_vca *vca,
	    enum da_hash hash, struct da_between *ret,
	    struct da_fault *reterr);
/*
 * The chain of a slot is this one, as far as the messages say: its digest is
 * DIGESTS' one, and the portions that were read are its bytes.
 */
bool	da_between_is_of(const struct da_between *between,
	    const struct da_vca *vca, enum da_hash hash, uint8_t slot,
	    struct da_slice chain, struct da_fault *reterr);

#endif

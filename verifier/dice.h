/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a DICE layer says of the layer that it started: the extensions of TCG's
 * arc 2.23.133.5.4, as views.  Claims of the certificate's signer, no more:
 * nothing here compares them with anything.
 */
#ifndef DA_DICE_H
#define DA_DICE_H

#include "x509.h"

#define DA_MAX_PURPOSES	7	/* TCG has so many */

struct da_fwid {
	struct da_slice alg;	/* contents of the hash's OID */
	struct da_slice digest;
};

/* DiceTcbInfo.  A slice with n 0, a has_ that is false: absent. */
struct da_tcb_info {
	struct da_slice vendor, model, version;
	bool has_svn, has_layer, has_index;
	uint64_t svn, layer, index;
	uint16_t n_fwids;
	struct da_fwid fwid[DA_MAX_FWIDS];
	struct da_slice flags, flags_mask;	/* octets of the BIT STRING */
	struct da_slice vendor_info, type;
	struct da_slice registers;	/* integrityRegisters, undecoded */
};

/* Of one certificate. */
struct da_dice {
	struct da_slice ueid;
	struct da_slice freshness;	/* TcbFreshness' nonce */
	uint16_t n_tcb;
	struct da_tcb_info tcb[DA_MAX_TCB_INFOS];
	bool has_composite;	/* the older shape, of Hopper and LS10 */
	struct da_slice composite_key;	/* its SubjectPublicKeyInfo */
	struct da_fwid composite;
	uint16_t n_purposes;		/* of extKeyUsage, DICE's own */
	const char *purpose[DA_MAX_PURPOSES];	/* "attestLoc" */
};

/*
 * What the certificate's DICE extensions say; one that does not decode says
 * nothing, and is a refusal where it is critical.
 */
bool	da_dice_read(const struct da_cert *cert, struct da_dice *ret,
	    struct da_fault *reterr);
/* It is one of those that are decoded. */
bool	da_dice_knows(struct da_slice oid);
/* And its value is of its form. */
bool	da_dice_decodes(const struct da_extension *ext);
/*
 * The digest of the firmware that this certificate is for: the composite
 * device id's, or the first of the first TcbInfo's.  n 0: it has none.
 */
struct da_slice	da_dice_fwid(const struct da_dice *dice);
/* "sha384", or the OID in digits where it is none of ours; cut to size. */
void	da_fwid_hash_text(const struct da_fwid *fwid, char *buf, size_t size);

#endif

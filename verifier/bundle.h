/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host says, part by part.  Believed by nobody: a bundle holds views
 * into bytes that were received, and nothing that was read out of them.
 */
#ifndef DA_BUNDLE_H
#define DA_BUNDLE_H

#include "slice.h"

/* The parts that a fault can point into.  Names: da_part_name(). */
enum da_part {
	DA_PART_NONE,
	DA_PART_CHAIN,		/* certificate chain of one slot */
	DA_PART_VCA,		/* GET_VERSION ... ALGORITHMS */
	DA_PART_MEASUREMENTS,	/* GET_MEASUREMENTS / MEASUREMENTS in order */
	DA_PART_REPORT,		/* TDISP interface report */
	DA_PART_ANSWER,		/* the heads between the parts */
	DA_PART_TICKET,
	DA_PART_NONCE,
	DA_PART_ROOT,		/* a trust anchor's file */
	DA_PART_POLICY,
	DA_PART_CHALLENGE,	/* CHALLENGE and CHALLENGE_AUTH */
	DA_PART_BETWEEN,	/* the messages between VCA and CHALLENGE */
	DA_PART_LOG,		/* measurement extension log */
	DA_PART_CRL,		/* an owner's revocation list */
	DA_PART_KEY,		/* a provisioned key's file */
	DA_PART_DEVICE_INFO,	/* TDX: one blob of an unpublished form */
	DA_PART_COUNT
};

enum da_chain_form {
	DA_CHAIN_SPDM,	/* DSP0274 certificate chain structure */
	DA_CHAIN_DER,	/* the certificates alone, root side first: a file's */
	DA_CHAIN_COVERED /* the same: exactly what a digest that holds is of */
};

/* The wire's `shape` of a measurements part. */
enum da_meas_shape {
	DA_SHAPE_PAIRS = 0,	/* request and response, in order */
	DA_SHAPE_LOG = 1,	/* the same with the VCA in front */
	DA_SHAPE_RESPONSE = 2	/* one response alone */
};

struct da_bundle {
	bool given[DA_PART_COUNT];	/* an empty part is given, too */
	struct da_slice part[DA_PART_COUNT];
	enum da_chain_form chain_form;
	enum da_meas_shape shape;
	uint8_t meas_tail;	/* bytes behind the last signature that are
				 * covered by a digest that holds; not read */
	bool slot_known;	/* the part's type or file named the slot */
	uint8_t slot;
};

const char *da_part_name(enum da_part part);

#endif

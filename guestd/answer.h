/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules for an answer, head by head: the receiver applies them to a socket,
 * the reader of bundle files to a file.  Knows heads and lengths, never what a
 * part says.
 */
#ifndef DA_ANSWER_H
#define DA_ANSWER_H

#include "verifier/faults.h"
#include "verifier/slice.h"
#include "wire.h"

#define DA_MAX_PARTS	16	/* 8 chains, VCA, measurements, report, more */

struct da_answer_part {
	uint16_t type;
	uint16_t shape;
	uint32_t length;
	uint64_t offset;	/* in the bundle file: request, then answer */
};

struct da_answer {
	struct da_wire_request request;
	uint64_t at;		/* bundle bytes so far, the request's included */
	bool ended;
	uint32_t failure;	/* the host's word, 0: none */
	int32_t last_type;	/* -1 before the first */
	uint32_t n;
	struct da_answer_part part[DA_MAX_PARTS];
};

void	da_answer_start(const struct da_wire_request *request,
	    struct da_answer *ret);
/* May this head follow?  On yes its bytes are counted as arrived. */
bool	da_answer_head(struct da_answer *a,
	    const uint8_t head[DA_WIRE_HEAD_SIZE], uint32_t *ret_length,
	    struct da_fault *reterr);
/* What a part's type holds; NONE for types that this version cannot use. */
enum da_part da_answer_part_of(uint16_t type);
/* The four bytes of a failure part. */
bool	da_answer_failed(struct da_answer *a, const uint8_t code[4],
	    struct da_fault *reterr);
/* A bundle file: the request as sent, then the answer as received. */
bool	da_bundle_file_read(struct da_slice file, struct da_answer *ret,
	    struct da_fault *reterr);
/*
 * The parts as a bundle's views into `file`.  Of several chains the one of
 * `slot` (or, when it is not known, the only one) is taken.
 */
struct da_bundle da_answer_bundle(const struct da_answer *a,
	    struct da_slice file, bool slot_known, uint8_t slot);

#endif

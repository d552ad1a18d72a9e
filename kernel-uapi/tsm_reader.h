/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The one reader and the one writer of TSM messages: bounded, little-endian,
 * and the first step past the end latches.  Private to tsm_*.c.
 */
#ifndef DA_TSM_READER_H
#define DA_TSM_READER_H

#include "tsm_message.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

struct tsm_reader {
	const __u8 *bytes;
	size_t size;
	bool bad;		/* something lay outside */
	size_t bad_at;		/* where; of the first */
};

struct tsm_writer {
	__u8 *bytes;
	size_t max, size;
	bool bad;
};

/* An integer of `width` bytes, at most 8, at an offset of the layout. */
__u64	tsm_le(struct tsm_reader *r, size_t offset, size_t width);
/* n bytes; all zero where they lie outside. */
void	tsm_bytes(struct tsm_reader *r, size_t offset, __u8 *ret, size_t n);
/* A token of `width` bytes: a zero is none, since nobody filled the field. */
void	tsm_read_token(struct tsm_reader *r, size_t offset, size_t width,
	    struct tsm_token *ret);
/* A digest field; all zero bytes are no digest. */
void	tsm_read_digest(struct tsm_reader *r, size_t offset, size_t n,
	    struct tsm_digest *ret);

void	tsm_put_le(struct tsm_writer *w, __u64 value, size_t width);
void	tsm_put_zeros(struct tsm_writer *w, size_t n);
/* A token as the integer that it was read from. */
__u64	tsm_token_value(const struct tsm_token *token);

size_t	tsm_hash_size(enum tsm_hash hash);

/* Each platform's part. */
typedef enum tsm_why tsm_decode_fn(__u8 abi, struct tsm_reader *r,
	    struct tsm_info *ret);
tsm_decode_fn tsm_decode_sev_tio, tsm_decode_arm_cca, tsm_decode_tdx,
    tsm_decode_cove_io;

enum tsm_why	tsm_refuse_field(struct tsm_reader *r, size_t offset);

#endif

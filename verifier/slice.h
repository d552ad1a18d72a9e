/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bounded reading of bytes that somebody else wrote.
 *
 * A slice is a view; it owns nothing.  A cursor walks a slice and latches: the
 * first read past the end sets `bad`, every later read gives zero or an empty
 * slice, and `at` stays at the field that was cut off.  So a parser is a
 * straight list of reads and asks once.  All pointer arithmetic of the project
 * is in slice.c; lengths are compared with what is left, never added.
 */
#ifndef DA_SLICE_H
#define DA_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct da_slice {
	const uint8_t *p;
	size_t n;
};

struct da_cur {
	const uint8_t *base;	/* the part that offsets are counted from */
	size_t at;		/* next byte to read */
	size_t end;		/* one past the last byte that may be read */
	bool bad;		/* a read went past the end */
};

struct da_slice	da_slice_of(const void *p, size_t n);
struct da_slice	da_slice_str(const char *text);
bool		da_slice_eq(struct da_slice a, struct da_slice b);
/* Equal in time that depends on the lengths only. */
bool		da_slice_eq_ct(struct da_slice a, struct da_slice b);
bool		da_slice_is_zero(struct da_slice s);
/* The n bytes at offset `at`; false when they are not all there. */
bool		da_slice_cut(struct da_slice s, size_t at, size_t n,
		    struct da_slice *ret);
/* Where `inner`, a view into `whole`, begins; whole.n when it is no view. */
size_t		da_slice_offset(struct da_slice whole, struct da_slice inner);

struct da_cur	da_cur_of(struct da_slice s);
/* A cursor over `inner`, a view into the part of `c`; offsets stay so. */
struct da_cur	da_cur_over(const struct da_cur *c, struct da_slice inner);
uint8_t		da_u8(struct da_cur *c);
uint16_t	da_le16(struct da_cur *c);
uint32_t	da_le24(struct da_cur *c);
uint32_t	da_le32(struct da_cur *c);
uint64_t	da_le64(struct da_cur *c);
struct da_slice	da_take(struct da_cur *c, size_t n);
struct da_slice	da_rest(struct da_cur *c);
size_t		da_left(const struct da_cur *c);
/* Everything was read, and nothing past it was asked for. */
bool		da_all_read(const struct da_cur *c);
/* What was read since `from`, an earlier value of c->at. */
struct da_slice	da_since(const struct da_cur *c, size_t from);

#endif

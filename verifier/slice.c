/* SPDX-License-Identifier: Apache-2.0 */
#include "slice.h"

#include <string.h>

struct da_slice
da_slice_of(const void *p, size_t n)
{
	return (struct da_slice){ p, n };
}

struct da_slice
da_slice_str(const char *text)
{
	return da_slice_of(text, strlen(text));
}

bool
da_slice_eq(struct da_slice a, struct da_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
da_slice_eq_ct(struct da_slice a, struct da_slice b)
{
	volatile uint8_t differs = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differs = (uint8_t)(differs | (a.p[i] ^ b.p[i]));
	return differs == 0;
}

bool
da_slice_is_zero(struct da_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != 0)
			return false;
	return true;
}

bool
da_slice_cut(struct da_slice s, size_t at, size_t n, struct da_slice *ret)
{
	if (at > s.n || n > s.n - at)
		return false;
	*ret = (struct da_slice){ at == 0 ? s.p : s.p + at, n };
	return true;
}

size_t
da_slice_offset(struct da_slice whole, struct da_slice inner)
{
	uintptr_t from = (uintptr_t)whole.p;
	uintptr_t at = (uintptr_t)inner.p;

	if (inner.p == NULL || at < from || at - from > whole.n)
		return whole.n;
	return at - from;
}

struct da_cur
da_cur_of(struct da_slice s)
{
	return (struct da_cur){ s.p, 0, s.n, false };
}

struct da_cur
da_cur_over(const struct da_cur *c, struct da_slice inner)
{
	struct da_slice whole = { c->base, c->end };
	size_t at = da_slice_offset(whole, inner);

	if (inner.n > c->end - at)
		return (struct da_cur){ c->base, at, at, true };
	return (struct da_cur){ c->base, at, at + inner.n, c->bad };
}

struct da_slice
da_take(struct da_cur *c, size_t n)
{
	struct da_slice got = { NULL, 0 };

	if (c->bad || n > c->end - c->at) {
		c->bad = true;
		return got;
	}
	got.p = c->at == 0 ? c->base : c->base + c->at;
	got.n = n;
	c->at += n;
	return got;
}

static uint64_t
little_endian(struct da_cur *c, size_t n)
{
	struct da_slice s = da_take(c, n);
	uint64_t v = 0;

	for (size_t i = s.n; i > 0; i--)
		v = v << 8 | s.p[i - 1];
	return v;
}

uint8_t
da_u8(struct da_cur *c)
{
	return (uint8_t)little_endian(c, 1);
}

uint16_t
da_le16(struct da_cur *c)
{
	return (uint16_t)little_endian(c, 2);
}

uint32_t
da_le24(struct da_cur *c)
{
	return (uint32_t)little_endian(c, 3);
}

uint32_t
da_le32(struct da_cur *c)
{
	return (uint32_t)little_endian(c, 4);
}

uint64_t
da_le64(struct da_cur *c)
{
	return little_endian(c, 8);
}

size_t
da_left(const struct da_cur *c)
{
	return c->bad ? 0 : c->end - c->at;
}

struct da_slice
da_rest(struct da_cur *c)
{
	return da_take(c, da_left(c));
}

bool
da_all_read(const struct da_cur *c)
{
	return !c->bad && c->at == c->end;
}

struct da_slice
da_since(const struct da_cur *c, size_t from)
{
	if (c->bad || from > c->at)
		return (struct da_slice){ NULL, 0 };
	return (struct da_slice){ from == 0 ? c->base : c->base + from,
	    c->at - from };
}

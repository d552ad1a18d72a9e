/* SPDX-License-Identifier: Apache-2.0 */
#include "derwalk.h"

#include <stdio.h>

struct da_der
da_der_over(struct da_cur c, enum da_part part)
{
	return (struct da_der){ .c = c, .part = part };
}

bool
da_der_ok(const struct da_der *d)
{
	return d->fault.why == DA_F_NONE;
}

void
da_der_refuse(struct da_der *d, enum da_why why)
{
	if (da_der_ok(d))
		da_refuse(&d->fault, why, d->part, d->c.at);
}

uint8_t
da_der_peek(const struct da_der *d)
{
	struct da_cur c = d->c;

	return da_der_ok(d) && da_left(&c) > 0 ? da_u8(&c) : 0;
}

/*
 * X.690 10.1: definite, in as few octets as can be.  Three length octets reach
 * past the cap of a chain; what claims more cannot be there.
 */
static size_t
read_length(struct da_der *d)
{
	uint8_t first = da_u8(&d->c);
	size_t octets = first & 0x7f, n = 0;

	if (first < 0x80)
		return first;
	if (octets >= 1 && octets <= 3) {
		for (size_t i = 0; i < octets; i++)
			n = n << 8 | da_u8(&d->c);
		if (n >= (octets == 1 ? 0x80 : (size_t)1 << 8 * (octets - 1)))
			return n;
	}
	da_der_refuse(d, d->c.bad ? DA_F_SHORT : DA_F_DER_LENGTH);
	return 0;
}

/* Contents of the next element, whatever its tag; low tag numbers only. */
static struct da_slice
read_contents(struct da_der *d)
{
	struct da_slice contents = { NULL, 0 };
	size_t n;

	if ((da_u8(&d->c) & 0x1f) == 0x1f)
		da_der_refuse(d, DA_F_DER_TAG);
	n = read_length(d);
	if (da_der_ok(d))
		contents = da_take(&d->c, n);
	if (d->c.bad)
		da_der_refuse(d, DA_F_SHORT);
	return contents;
}

struct da_slice
da_der_take(struct da_der *d, uint8_t tag)
{
	struct da_slice none = { NULL, 0 };

	if (!da_der_ok(d))
		return none;
	if (da_left(&d->c) == 0)
		da_der_refuse(d, DA_F_SHORT);
	else if (da_der_peek(d) != tag)
		da_der_refuse(d, DA_F_DER_TAG);
	return da_der_ok(d) ? read_contents(d) : none;
}

struct da_slice
da_der_element(struct da_der *d)
{
	size_t from = d->c.at;
	struct da_slice none = { NULL, 0 };

	if (!da_der_ok(d))
		return none;
	read_contents(d);
	return da_der_ok(d) ? da_since(&d->c, from) : none;
}

struct da_der
da_der_enter(struct da_der *d, uint8_t tag)
{
	struct da_slice contents = da_der_take(d, tag);
	struct da_der inner = { .c = d->c, .part = d->part,
	    .fault = d->fault };

	if (da_der_ok(d))
		inner.c = da_cur_over(&d->c, contents);
	return inner;
}

void
da_der_leave(struct da_der *outer, const struct da_der *inner)
{
	if (!da_der_ok(outer))
		return;
	if (!da_der_ok(inner))
		outer->fault = inner->fault;
	else if (!da_all_read(&inner->c))
		da_refuse_end(&outer->fault, &inner->c, outer->part);
}

bool
da_der_boolean(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_BOOLEAN);

	if (da_der_ok(d) && (v.n != 1 || (v.p[0] != 0 && v.p[0] != 0xff)))
		da_der_refuse(d, DA_F_DER_VALUE);
	return da_der_ok(d) && v.p[0] == 0xff;
}

bool
da_is_uint(struct da_slice v, uint64_t *ret)
{
	uint64_t value = 0;

	if (v.n == 0 || v.p[0] >= 0x80 || v.n > (v.p[0] == 0 ? 9u : 8u) ||
	    (v.n > 1 && v.p[0] == 0 && v.p[1] < 0x80))
		return false;
	for (size_t i = 0; i < v.n; i++)
		value = value << 8 | v.p[i];
	*ret = value;
	return true;
}

uint32_t
da_der_small_int(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_INTEGER);
	uint64_t value = 0;

	if (!da_der_ok(d))
		return 0;
	if (v.n > 4 || !da_is_uint(v, &value)) {
		da_der_refuse(d, DA_F_DER_VALUE);
		return 0;
	}
	return (uint32_t)value;
}

bool
da_is_oid(struct da_slice v)
{
	bool begins = true;

	for (size_t i = 0; i < v.n; i++) {
		if (begins && v.p[i] == 0x80)
			return false;
		begins = v.p[i] < 0x80;
	}
	return v.n > 0 && begins;
}

struct da_slice
da_der_oid(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_OID);

	if (da_der_ok(d) && !da_is_oid(v))
		da_der_refuse(d, DA_F_DER_VALUE);
	return v;
}

struct da_slice
da_der_octet_bits(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_BIT_STRING);
	struct da_slice bits = { NULL, 0 };

	if (!da_der_ok(d))
		return bits;
	if (v.n < 1 || v.p[0] != 0 || !da_slice_cut(v, 1, v.n - 1, &bits))
		da_der_refuse(d, DA_F_DER_VALUE);
	return bits;
}

/* X.690 8.6 and 11.2.1: at most seven bits are unused, and they are zero. */
bool
da_is_bits(struct da_slice v)
{
	if (v.n == 0 || v.p[0] > 7)
		return false;
	return v.n == 1 ? v.p[0] == 0 :
	    (v.p[v.n - 1] & ((1u << v.p[0]) - 1)) == 0;
}

/*
 * X.690 11.2.2: a string of named bits has no trailing zero bits either, so the
 * last octet's lowest used bit is one.
 */
static bool
is_named_bits(struct da_slice v)
{
	if (!da_is_bits(v) || v.n > 5)
		return false;
	return v.n == 1 || (v.p[v.n - 1] >> v.p[0] & 1) == 1;
}

uint32_t
da_der_flags(struct da_der *d)
{
	struct da_slice v = da_der_take(d, DA_DER_BIT_STRING);
	uint32_t flags = 0;

	if (!da_der_ok(d))
		return 0;
	if (!is_named_bits(v)) {
		da_der_refuse(d, DA_F_DER_VALUE);
		return 0;
	}
	for (size_t bit = 0; bit < (v.n - 1) * 8; bit++)
		if (v.p[1 + bit / 8] & (0x80u >> bit % 8))
			flags |= UINT32_C(1) << bit;
	return flags;
}

bool
da_oid_text(struct da_slice oid, char *buf, size_t size)
{
	uint64_t arc = 0;
	size_t used = 0;
	bool first = true;
	int n;

	for (size_t i = 0; i < oid.n; i++) {
		if (arc > UINT64_MAX >> 7)
			return false;
		arc = arc << 7 | (oid.p[i] & 0x7f);
		if (oid.p[i] & 0x80)
			continue;
		if (first) {
			uint64_t top = arc < 80 ? arc / 40 : 2;

			n = snprintf(buf, size, "%llu.%llu",
			    (unsigned long long)top,
			    (unsigned long long)(arc - top * 40));
		} else
			n = snprintf(&buf[used], size - used, ".%llu",
			    (unsigned long long)arc);
		if (n < 0 || (size_t)n >= size - used)
			return false;
		used += (size_t)n;
		first = false;
		arc = 0;
	}
	return !first && (oid.p[oid.n - 1] & 0x80) == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "oid.h"

/* A decimal without a leading zero, up to the next dot or the end. */
static bool
read_arc(struct da_cur *c, uint64_t *ret, bool *ret_more)
{
	size_t digits = 0;
	uint64_t v = 0;

	for (*ret_more = false; da_left(c) > 0; digits++) {
		uint8_t b = da_u8(c);

		*ret_more = b == '.';
		if (*ret_more)
			break;
		if (b < '0' || b > '9' || (digits > 0 && v == 0))
			return false;
		v = v * 10 + b - '0';
		if (v > UINT32_MAX)
			return false;
	}
	*ret = v;
	return digits > 0;
}

struct out {
	uint8_t *buf;
	size_t max, n;
};

/* Seven bits a byte, highest first; all but the last have the top bit set. */
static bool
put_arc(struct out *o, uint64_t v)
{
	unsigned int more = 0;

	while (v >> (7 * more) > 0x7f)
		more++;
	if (o->max - o->n < more + 1)
		return false;
	for (; more > 0; more--)
		o->buf[o->n++] = (uint8_t)(0x80 | (v >> (7 * more) & 0x7f));
	o->buf[o->n++] = (uint8_t)(v & 0x7f);
	return true;
}

/* The first two arcs share a number: below 0 and 1 there are only 40. */
bool
da_oid_read(struct da_slice text, uint8_t *buf, size_t max, size_t *ret_n)
{
	struct da_cur c = da_cur_of(text);
	struct out o = { buf, max, 0 };
	uint64_t first, v;
	bool more;

	if (!read_arc(&c, &first, &more) || !more || first > 2 ||
	    !read_arc(&c, &v, &more) || (first < 2 && v > 39))
		return false;
	if (!put_arc(&o, first * 40 + v))
		return false;
	while (more)
		if (!read_arc(&c, &v, &more) || !put_arc(&o, v))
			return false;
	*ret_n = o.n;
	return true;
}

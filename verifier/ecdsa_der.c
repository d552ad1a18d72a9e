/* SPDX-License-Identifier: Apache-2.0 */
#include "ecdsa_der.h"

#include <string.h>

#define SEQUENCE	0x30
#define INTEGER		0x02
#define LONG_1		0x81	/* one octet of length follows */
#define MAX_NUMBER	66	/* P-521 */
#define MAX_BODY	(2 * (2 + 1 + MAX_NUMBER))

_Static_assert(3 + MAX_BODY <= DA_MAX_ECDSA_DER, "three octets of head");

/* X.690 8.3.2: in as few octets as can be, and zero in one. */
static struct da_slice
without_zeros(struct da_slice number)
{
	while (number.n > 1 && number.p[0] == 0)
		da_slice_cut(number, 1, number.n - 1, &number);
	return number;
}

/* A zero goes in front of what would read as negative; how far we are. */
static size_t
put_integer(uint8_t body[MAX_BODY], size_t at, struct da_slice number)
{
	struct da_slice n = without_zeros(number);
	size_t zero = n.p[0] >= 0x80 ? 1 : 0;

	body[at++] = INTEGER;
	body[at++] = (uint8_t)(n.n + zero);
	if (zero == 1)
		body[at++] = 0;
	memcpy(&body[at], n.p, n.n);
	return at + n.n;
}

bool
da_ecdsa_der(struct da_slice raw, size_t size, uint8_t buf[DA_MAX_ECDSA_DER],
    struct da_slice *ret)
{
	uint8_t body[MAX_BODY];
	struct da_slice r, s;
	size_t n, at = 0;

	if (size == 0 || size > MAX_NUMBER || raw.n != 2 * size ||
	    !da_slice_cut(raw, 0, size, &r) ||
	    !da_slice_cut(raw, size, size, &s))
		return false;
	n = put_integer(body, put_integer(body, 0, r), s);
	buf[at++] = SEQUENCE;
	if (n >= 0x80)
		buf[at++] = LONG_1;
	buf[at++] = (uint8_t)n;
	memcpy(&buf[at], body, n);
	*ret = da_slice_of(buf, at + n);
	return true;
}

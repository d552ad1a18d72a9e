/* SPDX-License-Identifier: Apache-2.0 */
#include "rfc3339.h"

#include <string.h>

#include "policy/utctime.h"

#define CLOCK	19	/* "2026-11-23T00:00:00" */

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Two digits up to `max`, as at every place of an offset. */
static int
two_digits(struct da_cur *c, int max)
{
	uint8_t tens = da_u8(c), units = da_u8(c);
	int v = (tens - '0') * 10 + (units - '0');

	if (!is_digit(tens) || !is_digit(units) || v > max)
		c->bad = true;
	return v;
}

/* Drops ".123"; returns the byte behind it. */
static uint8_t
after_fraction(struct da_cur *c)
{
	uint8_t b = da_u8(c);

	if (b != '.')
		return b;
	if (!is_digit(b = da_u8(c)))
		c->bad = true;
	while (is_digit(b))
		b = da_u8(c);
	return b;
}

/* Seconds that the text's clock is ahead of UTC (RFC 3339 5.6 time-offset). */
static int
utc_offset(struct da_cur *c)
{
	uint8_t sign = after_fraction(c);
	int hours, minutes;

	if (sign == 'Z' || sign == 'z')
		return 0;
	if (sign != '+' && sign != '-')
		c->bad = true;
	hours = two_digits(c, 23);
	if (da_u8(c) != ':')
		c->bad = true;
	minutes = two_digits(c, 59);
	return (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
}

bool
da_rfc3339_parse(const char *text, int64_t *ret)
{
	struct da_cur c = da_cur_of(da_slice_str(text));
	struct da_slice clock = da_take(&c, CLOCK);
	char utc[CLOCK + 1];
	int64_t local;
	int offset = utc_offset(&c);

	if (!da_all_read(&c))
		return false;
	memcpy(utc, clock.p, CLOCK);
	utc[CLOCK] = 'Z';
	if (utc[10] == 't')
		utc[10] = 'T';
	if (!da_time_read(da_slice_of(utc, sizeof(utc)), &local))
		return false;
	*ret = local - offset;
	return true;
}

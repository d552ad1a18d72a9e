/* SPDX-License-Identifier: Apache-2.0 */
#include "utctime.h"

#include <stdio.h>

#include "verifier/civil.h"

#define DAY		86400
#define DAYS_400_YEARS	146097
#define FIRST		INT64_C(-62167219200)	/* 0000-01-01T00:00:00Z */
#define LAST		INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */

static int64_t
digits(struct da_cur *c, size_t n)
{
	int64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t b = da_u8(c);

		if (b < '0' || b > '9')
			c->bad = true;
		v = v * 10 + (b - '0');
	}
	return v;
}

static void
mark(struct da_cur *c, uint8_t wanted)
{
	if (da_u8(c) != wanted)
		c->bad = true;
}

bool
da_time_read(struct da_slice text, int64_t *ret)
{
	struct da_cur c = da_cur_of(text);
	struct da_civil t;

	t.year = digits(&c, 4);
	mark(&c, '-');
	t.month = digits(&c, 2);
	mark(&c, '-');
	t.day = digits(&c, 2);
	mark(&c, 'T');
	t.hour = digits(&c, 2);
	mark(&c, ':');
	t.minute = digits(&c, 2);
	mark(&c, ':');
	t.second = digits(&c, 2);
	mark(&c, 'Z');
	return da_all_read(&c) && da_civil_seconds(&t, ret);
}

void
da_time_text(int64_t at, char out[DA_TIME_TEXT])
{
	int64_t t = at < FIRST ? FIRST : at > LAST ? LAST : at;
	int64_t day = (t - FIRST) / DAY, second = (t - FIRST) % DAY;
	/* Days since March 1st of the year -400, in 400 years, then years. */
	int64_t days = day - 60 + DAYS_400_YEARS;
	int64_t in_400 = days % DAYS_400_YEARS;
	int64_t year = (in_400 - in_400 / 1460 + in_400 / 36524 -
	    in_400 / 146096) / 365;
	int64_t in_year = in_400 - (365 * year + year / 4 - year / 100);
	int64_t m = (5 * in_year + 2) / 153;
	int64_t month = m < 10 ? m + 3 : m - 9;

	year += (days / DAYS_400_YEARS - 1) * 400 + (month <= 2 ? 1 : 0);
	snprintf(out, DA_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
	    (unsigned int)year % 10000, (unsigned int)month % 100,
	    (unsigned int)(in_year - (153 * m + 2) / 5 + 1) % 100,
	    (unsigned int)(second / 3600) % 100,
	    (unsigned int)(second / 60 % 60), (unsigned int)(second % 60));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "civil.h"

#define DAY		86400
#define DAYS_400_YEARS	146097
#define DAYS_TO_1970	719468	/* from March 1st of year 0 */

static bool
is_between(int64_t v, int64_t min, int64_t max)
{
	return v >= min && v <= max;
}

static int64_t
days_in(int64_t year, int64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
	    31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* A year that begins in March has its leap day at its end. */
static int64_t
day_number(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;

	y += 400;	/* January of year 0 would else be in a year -1 */
	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	    1 - DAYS_TO_1970 - DAYS_400_YEARS;
}

bool
da_civil_seconds(const struct da_civil *t, int64_t *ret)
{
	if (!is_between(t->year, 0, 9999) || !is_between(t->month, 1, 12) ||
	    !is_between(t->day, 1, days_in(t->year, t->month)) ||
	    !is_between(t->hour, 0, 23) || !is_between(t->minute, 0, 59) ||
	    !is_between(t->second, 0, 59))
		return false;
	*ret = day_number(t->year, t->month, t->day) * DAY + t->hour * 3600 +
	    t->minute * 60 + t->second;
	return true;
}

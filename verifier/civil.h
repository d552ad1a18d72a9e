/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendar to seconds: no C library, no time zone, no locale, so the same
 * second everywhere.
 */
#ifndef DA_CIVIL_H
#define DA_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct da_civil {
	int64_t year;		/* 0 to 9999 */
	int64_t month, day;	/* from 1 */
	int64_t hour, minute, second;	/* no second 60 */
};

/* Seconds since 1970, UTC; false for a time that no calendar has. */
bool	da_civil_seconds(const struct da_civil *t, int64_t *ret);

#endif

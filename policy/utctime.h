/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as RFC 3339 text.  No calendar of the C library, no time zone, no
 * locale: the same text and the same second everywhere.
 */
#ifndef DA_UTCTIME_H
#define DA_UTCTIME_H

#include "verifier/slice.h"

#define DA_TIME_TEXT	21	/* "2026-11-01T00:00:00Z" and a NUL */

/*
 * Seconds since 1970.  UTC only ("...Z"), whole seconds, no second 60: one
 * way to write a time.
 */
bool	da_time_read(struct da_slice text, int64_t *ret);
/* Years 0 to 9999; a time outside of them becomes the nearest inside. */
void	da_time_text(int64_t at, char out[DA_TIME_TEXT]);

#endif

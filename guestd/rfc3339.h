/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 3339 date-times as a person writes them after --at: with any offset and
 * a fraction.  Files of ours have one form only: policy/utctime.h.
 */
#ifndef DA_RFC3339_H
#define DA_RFC3339_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Seconds since 1970, UTC.  Date, time and an offset are all mandatory; a
 * fraction of a second is dropped; second 60 is refused.
 */
bool	da_rfc3339_parse(const char *text, int64_t *ret);

#endif

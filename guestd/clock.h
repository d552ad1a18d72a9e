/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock that deadlines go by.  It only ever goes on, and no host or owner
 * sets it; what time of day it is, it does not know.
 */
#ifndef DA_CLOCK_H
#define DA_CLOCK_H

#include <stdint.h>

int64_t	da_now_ms(void);	/* CLOCK_MONOTONIC */

#endif

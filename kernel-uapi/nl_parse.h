/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the attributes of family "devattest" mean.  A field that is malformed
 * makes the whole answer none: the kernel does not err by halves.
 */
#ifndef DA_NL_PARSE_H
#define DA_NL_PARSE_H

#include <linux/devattest.h>

#include "nl_door.h"
#include "tsm_message.h"

/* A STATE_GET, or what a DONE says besides. */
struct da_nl_state {
	char name[DA_BDF_SIZE];
	uint32_t state;			/* enum devattest_state */
	uint32_t generation;
	bool has_request;
	uint64_t request;		/* the last one that ended, */
	uint32_t error;			/* and how */
	bool driver_bound, pushed, validated, owned, emulated;
	uint32_t page_unit, bar_base;
};

bool	da_nl_read_state(const struct da_nl_message *m,
	    struct da_nl_state *ret);
/* The kernel's own reading of the TSM's answer. */
bool	da_nl_read_info(const struct da_nl_message *m, struct tsm_info *ret);
bool	da_nl_read_map(const struct da_nl_message *m, struct da_map *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The private/shared map that a report means for given BARs: what the appraiser
 * judges, what the kernel must answer after accept, and what is shown.
 */
#ifndef DA_MMIO_MAP_H
#define DA_MMIO_MAP_H

#include "tdisp_report.h"
#include "ticket.h"

enum da_mmio_kind { DA_MMIO_NONE, DA_MMIO_PRIVATE, DA_MMIO_SHARED };

struct da_map_range {
	uint64_t offset;	/* bytes into the BAR */
	uint64_t size;		/* bytes */
	uint8_t bar;
	uint8_t kind;		/* enum da_mmio_kind */
	uint16_t attributes;	/* DA_RANGE_* of the report */
	uint32_t reserved;	/* 0 */
};
_Static_assert(sizeof(struct da_map_range) == 24, "crosses a process");

struct da_map {
	uint32_t n;
	uint32_t reserved;	/* 0 */
	struct da_map_range range[DA_MAX_RANGES];	/* the report's order */
};

/*
 * Fits the report's ranges into the ticket's BARs: BAR present, 64-bit
 * arithmetic, inside the BAR, MSI-X marks where the table is.  `raw` is the
 * report's bytes, for offsets.
 */
bool	da_map_fit(struct da_slice raw, const struct da_report *report,
	    const struct da_ticket *ticket, struct da_map *ret,
	    struct da_fault *reterr);
bool	da_map_equal(const struct da_map *a, const struct da_map *b);

#endif

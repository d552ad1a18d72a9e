/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TDISP DEVICE_INTERFACE_REPORT: which pages of a device are private.
 *
 * A report is not signed.  Nothing here vouches for it; the TSM's digest does.
 * Ranges are kept as slices of the record and read one by one, so that a
 * report costs no memory of its own.
 */
#ifndef DA_TDISP_REPORT_H
#define DA_TDISP_REPORT_H

#include "faults.h"
#include "slice.h"

#define DA_RANGE_MSIX_TABLE	0x0001u
#define DA_RANGE_MSIX_PBA	0x0002u
#define DA_RANGE_NON_TEE	0x0004u	/* 1: shared memory */
#define DA_RANGE_UPDATABLE	0x0008u
#define DA_RANGE_KNOWN		0x000fu

#define DA_INFO_NO_FW_UPDATE	0x0001u
#define DA_INFO_KNOWN		0x001fu

#define DA_RANGE_BYTES		16u	/* a range in the report */

struct da_range {
	uint64_t first_page;	/* page number, or byte address: a platform's
				 * page unit says which */
	uint32_t pages;		/* 4 KiB each, never 0 */
	uint16_t attributes;	/* DA_RANGE_* */
	uint16_t id;		/* the BAR that it belongs to */
};

struct da_report {
	uint16_t info;		/* DA_INFO_* */
	uint16_t msix_control;
	uint16_t lnr_control;
	uint32_t tph_control;
	uint32_t n_ranges;
	struct da_slice ranges;	/* DA_RANGE_BYTES each */
	struct da_slice device_specific;
};

/* Lengths and counts only: what the ranges say is da_report_shape()'s. */
bool	da_report_parse(struct da_slice raw, struct da_report *ret,
	    struct da_fault *reterr);
/* Range i of a parsed report; i < n_ranges. */
struct da_range da_report_range(const struct da_report *report, uint32_t i);
/*
 * The rules that need no BAR: reserved bits zero, no empty range, no wrap, no
 * overlap inside a BAR, range ids ascending.  `raw` is only for offsets.
 */
bool	da_report_shape(struct da_slice raw, const struct da_report *report,
	    struct da_fault *reterr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* TDISP interface reports for tests. */
#ifndef DA_TEST_BUILD_REPORT_H
#define DA_TEST_BUILD_REPORT_H

#include "build.h"
#include "verifier/tdisp_report.h"

#define RANGES_AT 16

/* Header, the ranges, and eight bytes of the device's own. */
static inline struct buf
build_report(const struct da_range *ranges, uint32_t n)
{
	struct buf b = { 0 };

	put16(&b, DA_INFO_NO_FW_UPDATE | 4);
	put16(&b, 0);
	put16(&b, 0x8003);	/* MSI-X message control */
	put16(&b, 0x22);	/* LNR control */
	put32(&b, 0x33445566);	/* TPH control */
	put32(&b, n);
	for (uint32_t i = 0; i < n; i++) {
		put64(&b, ranges[i].first_page);
		put32(&b, ranges[i].pages);
		put16(&b, ranges[i].attributes);
		put16(&b, ranges[i].id);
	}
	put32(&b, 8);
	put_fill(&b, 0xdd, 8);
	return b;
}

#endif

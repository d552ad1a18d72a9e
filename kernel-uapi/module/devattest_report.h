/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a TDISP DEVICE_INTERFACE_REPORT, and says which bytes of which BAR it
 * makes private.  The report is the host's bytes; the caller has compared them
 * with the TSM's digest before, and that is no reason to trust their shape.
 *
 * Knows no device: BARs are numbers here, so that every case runs in a test.
 * The same bytes must mean the same as in verifier/mmio_map.c, which judged
 * them in user space.
 */
#ifndef DEVATTEST_REPORT_H
#define DEVATTEST_REPORT_H

#include <linux/types.h>

#include "devattest_tsm.h"

#define DEVATTEST_BARS		6
#define DEVATTEST_RANGES_MAX	256
#define DEVATTEST_WHY		96	/* bytes of a refusal's text, with its end */

struct devattest_bar {
	u64 address;
	u64 size;		/* 0: absent, or no memory */
};

struct devattest_bars {
	struct devattest_bar bar[DEVATTEST_BARS];
	bool msix;		/* the next six are set */
	bool msix_unlocked;	/* the TSM says that it was not locked */
	u8 msix_bir;
	u8 msix_pba_bir;
	u16 msix_entries;
	u32 msix_table;		/* bytes into its BAR */
	u32 msix_pba;
};

/* What a report means for some BARs; ranges in the report's order. */
struct devattest_map_plan {
	u32 n;
	struct devattest_range range[];
};

/*
 * The BARs and the MSI-X capability as the kernel and config space have them.
 * info is the TSM's answer, for the lock flags; NULL: none are known.
 */
void devattest_bars_of(struct pci_dev *pdev, const struct tsm_info *info,
		       struct devattest_bars *ret);

/*
 * 0: *ret is a plan, kfree()d by devattest_plan_free().  -EINVAL: the report
 * does not parse, does not fit, or unit or base are none; *ret is NULL and why
 * has the text, "range 3: leaves its BAR".  -ENOMEM.
 */
int devattest_report_fit(const u8 *raw, size_t size,
			 const struct devattest_bars *bars, u8 page_unit,
			 u8 bar_base, struct devattest_map_plan **ret,
			 char why[DEVATTEST_WHY]);
void devattest_plan_free(struct devattest_map_plan *plan);
bool devattest_plan_equal(const struct devattest_map_plan *a,
			  const struct devattest_map_plan *b);

#endif

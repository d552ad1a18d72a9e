/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MMIO ranges of a function that a real kernel described: which pages of
 * its own BARs are private, and the TDISP interface report that says so, in
 * the unit and by the base rule that the platform counts with.  And reports
 * that lie, which a device may serve as well as any other.
 */
#ifndef EMU_RANGES_H
#define EMU_RANGES_H

#include "bytes.h"
#include "verifier/ticket.h"

#define EMU_MAX_RANGES	48	/* 6 BARs, 7 pieces each */

struct emu_range {
	uint8_t bar;
	uint16_t attributes;	/* DA_RANGE_* */
	uint64_t offset;	/* bytes into the BAR */
	uint32_t pages;
};

struct emu_ranges {
	uint32_t n;
	struct emu_range range[EMU_MAX_RANGES];
};

/* How the platform's reports count. */
struct emu_counting {
	uint8_t page_unit;	/* enum da_page_unit */
	uint8_t bar_base;	/* enum da_bar_base */
};

enum emu_lie {
	EMU_HONEST,
	EMU_OVERLAP,		/* a range stands twice */
	EMU_LEAVES_BAR,		/* one lies behind its BAR */
	EMU_STRADDLE,		/* one begins in its BAR and ends behind it */
	EMU_WRAP,		/* its size is right modulo 4 GiB */
	EMU_WRAP_ADDRESS,	/* its end is past 64 bits */
	EMU_RESERVED,		/* an attribute that no version has */
	EMU_MSIX_CONTRADICTION,	/* a table where config space has none */
	EMU_OTHER_DEVICE,	/* ranges of a BAR that is not there */
	EMU_ZERO_PAGES,
	EMU_LIES
};

/* "overlap"; EMU_LIES for no lie's name. */
enum emu_lie emu_lie_named(const char *name);
const char *emu_lie_name(enum emu_lie lie);

/* In the report's order: BARs ascend, and pieces in a BAR. */
void	emu_ranges_of(const struct da_pci *pci, struct emu_ranges *ret);
/* A byte of a BAR as the report counts, in bytes. */
uint64_t emu_reported(const struct da_pci *pci, uint8_t bar_base, uint8_t bar,
	    uint64_t offset);
void	emu_ranges_report(const struct da_pci *pci,
	    const struct emu_counting *counting, enum emu_lie lie,
	    struct emu_bytes *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kernel does with a pushed report: its own strict reading, into a map
 * of the device's BARs.  Written apart from verifier/mmio_map.c on purpose, so
 * that the comparison of the two maps can find a mistake in either.
 */
#ifndef EMU_SOFTMAP_H
#define EMU_SOFTMAP_H

#include "verifier/mmio_map.h"

/*
 * Page numbers, and starts modulo the BAR's size.  0, or EINVAL and in `why`
 * the range that is at fault.
 */
int	emu_map_make(struct da_slice report, const struct da_pci *pci,
	    struct da_map *ret, char *why, size_t size);

#endif

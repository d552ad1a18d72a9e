/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the emulated device measures of itself: its firmware, its mode, its
 * security version.  Knows what it says, never whether anybody believes it.
 */
#ifndef EMU_BLOCKS_H
#define EMU_BLOCKS_H

#include "device.h"

#define EMU_FIRMWARE	2u	/* the last number of 1.4.2 */
#define EMU_SVN		7u
#define EMU_SVN_INDEX	6u	/* of its block */

/* Appends all blocks; *ret_n of them. */
bool	emu_put_blocks(const struct emu_device *device, struct emu_bytes *b,
	    uint8_t *ret_n);
/*
 * The i-th block that has a digest as the owner knows it, for the policy;
 * false past the last.
 */
bool	emu_digest_block(size_t i, uint8_t *ret_index, uint8_t ret[48]);

#endif

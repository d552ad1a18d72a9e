/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message being built: bytes of a fixed room, little-endian, latching when
 * the room is full.  For the emulated side only.
 */
#ifndef EMU_BYTES_H
#define EMU_BYTES_H

#include "verifier/slice.h"

#define EMU_ROOM	16384u	/* the emulated device's whole answer: 2,800 */

struct emu_bytes {
	size_t n;
	bool full;		/* something did not fit and was left out */
	uint8_t p[EMU_ROOM];
};

void	emu_put(struct emu_bytes *b, const void *bytes, size_t n);
void	emu_put_zero(struct emu_bytes *b, size_t n);
void	emu_put_u8(struct emu_bytes *b, uint8_t v);
void	emu_put_le(struct emu_bytes *b, uint64_t v, size_t n);
struct da_slice	emu_slice(const struct emu_bytes *b);
/* SHA-384 of all slices one after another. */
bool	emu_sha384(const struct da_slice *slices, size_t n, uint8_t ret[48]);
/* From the kernel; ends the program when there is none to be had. */
void	emu_random(void *buf, size_t n);
/* Hex digits to exactly n bytes; false for anything else. */
bool	emu_from_hex(const char *text, uint8_t *buf, size_t n);
void	emu_to_hex(const uint8_t *bytes, size_t n, char *buf);

#endif

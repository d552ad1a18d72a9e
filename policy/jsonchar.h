/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters: UTF-8 (RFC 3629), the escapes of JSON strings (RFC 8259 7), hex.
 * Knows single characters and runs of them, never a document.
 */
#ifndef DA_JSONCHAR_H
#define DA_JSONCHAR_H

#include "verifier/slice.h"

enum { DA_CHAR_END = -1, DA_CHAR_BAD = -2 };

/* The next code point of UTF-8; BAD: none, and the cursor stays. */
int32_t	da_utf8_next(struct da_cur *c);
/*
 * The next character of a JSON string, whichever way it is written; END at the
 * closing quote.  NUL and control characters are BAD.
 */
int32_t	da_json_char(struct da_cur *c);
/* Hex of either case and of any even length up to `max` bytes. */
bool	da_hex_read(struct da_slice text, uint8_t *buf, size_t max,
	    size_t *ret_n);
/* A number of `min` to `max` hex digits; max is at most 16. */
bool	da_hex_number(struct da_slice text, size_t min, size_t max,
	    uint64_t *ret);
/*
 * Bytes that are not UTF-8, and control characters, as \xNN: what a terminal
 * or a log may show.  At most four characters a byte; no NUL is put.
 */
size_t	da_text_escaped(struct da_slice text, char *out);
/* Lower-case hex, two characters a byte; no NUL is put. */
size_t	da_text_hex(struct da_slice bytes, char *out);

#endif

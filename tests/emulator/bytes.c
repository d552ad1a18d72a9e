/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/evp.h>

void
emu_put(struct emu_bytes *b, const void *bytes, size_t n)
{
	if (b->full || n > EMU_ROOM - b->n) {
		b->full = true;
		return;
	}
	if (n > 0)
		memcpy(b->p + b->n, bytes, n);
	b->n += n;
}

void
emu_put_zero(struct emu_bytes *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		emu_put_u8(b, 0);
}

void
emu_put_u8(struct emu_bytes *b, uint8_t v)
{
	emu_put(b, &v, 1);
}

void
emu_put_le(struct emu_bytes *b, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		emu_put_u8(b, (uint8_t)(v >> (8 * i)));
}

struct da_slice
emu_slice(const struct emu_bytes *b)
{
	return da_slice_of(b->p, b->full ? 0 : b->n);
}

bool
emu_sha384(const struct da_slice *slices, size_t n, uint8_t ret[48])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md != NULL &&
	    EVP_DigestInit_ex(md, EVP_sha384(), NULL) == 1;

	for (size_t i = 0; i < n && ok; i++)
		ok = EVP_DigestUpdate(md, slices[i].p, slices[i].n) == 1;
	ok = ok && EVP_DigestFinal_ex(md, ret, NULL) == 1;
	EVP_MD_CTX_free(md);
	return ok;
}

void
emu_random(void *buf, size_t n)
{
	if (getrandom(buf, n, 0) == (ssize_t)n)
		return;
	fputs("no random bytes are to be had\n", stderr);
	exit(1);
}

static int
nibble(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)((at - digits) & 15);
}

bool
emu_from_hex(const char *text, uint8_t *buf, size_t n)
{
	if (strlen(text) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		buf[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

void
emu_to_hex(const uint8_t *bytes, size_t n, char *buf)
{
	for (size_t i = 0; i < n; i++)
		snprintf(buf + 2 * i, 3, "%02x", bytes[i]);
	buf[2 * n] = '\0';
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"

#include <stdio.h>
#include <string.h>

/* DSP0274 DMTF measurement: value type, bit 7 for a raw value. */
enum { RAW = 0x80 };

/* What a block says. */
struct value {
	size_t n;
	uint8_t p[64];
};

static void
say(struct value *ret, const char *text)
{
	ret->n = strlen(text);
	memcpy(ret->p, text, ret->n);
}

static void
say_rom(const struct emu_device *d, struct value *ret)
{
	(void)d;
	say(ret, "emulated immutable ROM");
}

static void
say_firmware(const struct emu_device *d, struct value *ret)
{
	char text[64];

	snprintf(text, sizeof(text), "emulated mutable firmware 1.4.%u",
	    d->firmware);
	say(ret, text);
}

static void
say_hardware(const struct emu_device *d, struct value *ret)
{
	(void)d;
	say(ret, "emulated hardware configuration");
}

static void
say_configuration(const struct emu_device *d, struct value *ret)
{
	(void)d;
	say(ret, "emulated firmware configuration");
}

static void
say_version(const struct emu_device *d, struct value *ret)
{
	char text[64];

	snprintf(text, sizeof(text), "1.4.%u-emulated", d->firmware);
	say(ret, text);
}

/* DSP0274 kind 7: an unsigned number of eight bytes. */
static void
say_svn(const struct emu_device *d, struct value *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->n = 8;
	ret->p[0] = d->svn;
}

/*
 * DSP0274 kind 5: operational modes supported and in force (normal), then
 * device modes supported and in force; of the latter bit 0 is debug.
 */
static void
say_mode(const struct emu_device *d, struct value *ret)
{
	static const uint8_t normal[16] = { 4, 0, 0, 0, 4, 0, 0, 0, 0x1f };

	ret->n = sizeof(normal);
	memcpy(ret->p, normal, sizeof(normal));
	ret->p[12] = d->debugs ? 1 : 0;
}

static const struct block {
	uint8_t index;
	uint8_t type;
	void (*say)(const struct emu_device *d, struct value *ret);
} blocks[] = {
	{ 0x01, 0, say_rom },
	{ 0x02, 1, say_firmware },
	{ 0x03, 2, say_hardware },
	{ 0x04, 3, say_configuration },
	{ 0x05, RAW | 6, say_version },
	{ EMU_SVN_INDEX, RAW | 7, say_svn },
	{ 0xfe, RAW | 5, say_mode },
};

enum { N_BLOCKS = sizeof(blocks) / sizeof(blocks[0]) };

/* A digest where the type has no RAW bit. */
static bool
block_value(const struct emu_device *d, const struct block *b,
    struct value *ret)
{
	struct value said;
	struct da_slice text;

	b->say(d, &said);
	if ((b->type & RAW) != 0) {
		*ret = said;
		return true;
	}
	text = da_slice_of(said.p, said.n);
	ret->n = 48;
	return emu_sha384(&text, 1, ret->p);
}

bool
emu_digest_block(size_t i, uint8_t *ret_index, uint8_t ret[48])
{
	static const struct emu_device known = { .firmware = EMU_FIRMWARE };
	struct value v;

	for (size_t k = 0; k < N_BLOCKS; k++) {
		if ((blocks[k].type & RAW) != 0 || i-- != 0)
			continue;
		*ret_index = blocks[k].index;
		if (!block_value(&known, &blocks[k], &v))
			return false;
		memcpy(ret, v.p, 48);
		return true;
	}
	return false;
}

/* DMTF measurement: MeasurementSize is the value's size and its own head. */
static bool
put_block(const struct emu_device *d, const struct block *block,
    struct emu_bytes *b)
{
	struct value v;

	if (!block_value(d, block, &v))
		return false;
	emu_put_u8(b, block->index);
	emu_put_u8(b, 0x01);
	emu_put_le(b, v.n + 3, 2);
	emu_put_u8(b, block->type);
	emu_put_le(b, v.n, 2);
	emu_put(b, v.p, v.n);
	return true;
}

bool
emu_put_blocks(const struct emu_device *d, struct emu_bytes *b,
    uint8_t *ret_n)
{
	for (size_t i = 0; i < N_BLOCKS; i++)
		if (!put_block(d, &blocks[i], b))
			return false;
	*ret_n = N_BLOCKS;
	return !b->full;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "nvidia.h"

#include <string.h>

#include "dice.h"
#include "names.h"

#define BIOS_SIZE	8u	/* of a GPU's VBIOS version */
#define BIOS_PAIRS	5u	/* of hex digits, as it is printed */
#define BOARD_SIZE	4u
#define ID_SIZE		8u
#define COUNT_SIZE	4u

static const struct {
	const char *name;
	enum da_nv_form form;
} types[DA_NV_TYPES] = {
	[DA_NV_ISSUER] = { "issuer", DA_NV_BYTES },
	[DA_NV_AUTHORITY_KEY] = { "authority-key", DA_NV_BYTES },
	[DA_NV_DRIVER] = { "driver", DA_NV_STRING },
	[DA_NV_GPU_INFO] = { "gpu-info", DA_NV_BYTES },
	[DA_NV_SKU] = { "sku", DA_NV_STRING },
	[DA_NV_VBIOS] = { "vbios", DA_NV_BIOS },
	[DA_NV_MANUFACTURER] = { "manufacturer", DA_NV_STRING },
	[DA_NV_TAMPER] = { "tamper", DA_NV_BYTES },
	[DA_NV_SMC] = { "smc", DA_NV_BYTES },
	[DA_NV_VPR] = { "vpr", DA_NV_BYTES },
	[DA_NV_NVDEC0] = { "nvdec0", DA_NV_SWITCHED },
	[DA_NV_COUNTS] = { "counts", DA_NV_U32S },
	[DA_NV_CPR] = { "cpr", DA_NV_BYTES },
	[DA_NV_BOARD_ID] = { "board-id", DA_NV_BYTES },
	[DA_NV_CHIP_SKU] = { "chip-sku", DA_NV_STRING },
	[DA_NV_CHIP_SKU_MOD] = { "chip-sku-mod", DA_NV_STRING },
	[DA_NV_PROJECT] = { "project", DA_NV_STRING },
	[DA_NV_PROJECT_SKU] = { "project-sku", DA_NV_STRING },
	[DA_NV_PROJECT_SKU_MOD] = { "project-sku-mod", DA_NV_STRING },
	[DA_NV_FWID] = { "fwid", DA_NV_BYTES },
	[DA_NV_PROTECTED_PCIE] = { "protected-pcie", DA_NV_BYTES },
	[DA_NV_PDI] = { "pdis", DA_NV_IDS },
	[DA_NV_PORTS_OFF] = { "ports-off", DA_NV_BYTES },
	[DA_NV_POSITION] = { "position", DA_NV_BYTES },
	[DA_NV_LOCK] = { "lock", DA_NV_BYTES },
	[DA_NV_SWITCH_PDI] = { "switch-gpu-pdis", DA_NV_IDS },
	[DA_NV_PORTS] = { "ports", DA_NV_BYTES },
	[DA_NV_LINK] = { "link", DA_NV_BYTES },
	[DA_NV_SYSTEM_ENABLE] = { "system-enable", DA_NV_BYTES },
	[DA_NV_VERSION] = { "opaque-version", DA_NV_BYTES },
	[DA_NV_CHIP_INFO] = { "chip-info", DA_NV_BYTES },
	[DA_NV_FEATURES] = { "features", DA_NV_BYTES },
};

const char *
da_nvidia_name(uint16_t type)
{
	return type < DA_NV_TYPES ? types[type].name : NULL;
}

enum da_nv_form
da_nvidia_form(uint16_t type)
{
	return type < DA_NV_TYPES ? types[type].form : DA_NV_BYTES;
}

/* -- reading -- */

bool
da_nvidia_next(struct da_cur *c, struct da_nv_value *ret)
{
	struct da_nv_value v = { .type = da_le16(c) };

	v.value = da_take(c, da_le16(c));
	if (c->bad)
		return false;
	*ret = v;
	return true;
}

static bool
size_fits(const struct da_nv_value *v)
{
	switch (da_nvidia_form(v->type)) {
	case DA_NV_U32S:
		return v->value.n % COUNT_SIZE == 0;
	case DA_NV_IDS:
		return v->value.n % ID_SIZE == 0;
	default:
		return true;
	}
}

/* Of two values of one type nobody could say which one is meant. */
static bool
keep(struct da_nvidia *nvidia, const struct da_nv_value *v)
{
	nvidia->n++;
	if (da_nvidia_name(v->type) == NULL)
		return true;
	if (nvidia->value[v->type].p != NULL || !size_fits(v))
		return false;
	nvidia->value[v->type] = v->value;
	return true;
}

bool
da_nvidia_read(struct da_slice opaque, struct da_nvidia *ret,
    struct da_fault *reterr)
{
	struct da_cur c = da_cur_of(opaque);
	struct da_nvidia nvidia = { .raw = opaque };
	struct da_nv_value v;

	if (opaque.n == 0)
		return da_refuse(reterr, DA_F_EMPTY, DA_PART_MEASUREMENTS, 0);
	while (da_left(&c) > 0) {
		size_t at = c.at;

		if (!da_nvidia_next(&c, &v))
			return da_refuse(reterr, DA_F_SHORT,
			    DA_PART_MEASUREMENTS, c.at);
		if (!keep(&nvidia, &v))
			return da_refuse(reterr, DA_F_OPAQUE_FORM,
			    DA_PART_MEASUREMENTS, at);
	}
	*ret = nvidia;
	return true;
}

bool
da_nvidia_has(const struct da_nvidia *nvidia, enum da_nv_type type)
{
	return (unsigned int)type < DA_NV_TYPES &&
	    nvidia->value[type].p != NULL;
}

/* -- as text -- */

static bool
string(struct da_slice value, char ret[DA_NV_TEXT])
{
	size_t n = 0;

	if (value.n >= DA_NV_TEXT)
		return false;
	while (n < value.n && value.p[n] >= 0x20 && value.p[n] < 0x7f)
		n++;
	for (size_t i = n; i < value.n; i++)
		if (value.p[i] != 0)
			return false;
	if (n > 0)
		memcpy(ret, value.p, n);
	ret[n] = '\0';
	return true;
}

/* Two hex digits a byte, `between` after each but the last. */
static void
hex(const uint8_t *bytes, size_t n, const char *between, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 0xf];
		if (i + 1 < n && *between != '\0')
			*out++ = *between;
	}
	*out = '\0';
}

/*
 * GPUs: 64 bits whose lower half is the version from its high byte on, followed
 * by the lowest byte of the upper half; the other three say nothing.
 */
static bool
bios(struct da_slice value, char ret[DA_NV_TEXT])
{
	uint8_t order[BIOS_PAIRS];
	struct da_cur c = da_cur_of(value);
	uint32_t low;

	if (value.n != BIOS_SIZE)
		return string(value, ret);
	low = da_le32(&c);
	for (unsigned int i = 0; i < 4; i++)
		order[i] = (uint8_t)(low >> (24 - 8 * i));
	order[4] = da_u8(&c);
	hex(order, BIOS_PAIRS, ".", ret);
	return true;
}

static bool
board(struct da_slice value, char ret[DA_NV_TEXT])
{
	if (value.n != BOARD_SIZE)
		return false;
	hex(value.p, value.n, "", ret);
	return true;
}

bool
da_nvidia_text(const struct da_nvidia *nvidia, enum da_nv_type type,
    char ret[DA_NV_TEXT])
{
	if (!da_nvidia_has(nvidia, type))
		return false;
	if (type == DA_NV_BOARD_ID)
		return board(nvidia->value[type], ret);
	switch (da_nvidia_form((uint16_t)type)) {
	case DA_NV_STRING:
		return string(nvidia->value[type], ret);
	case DA_NV_BIOS:
		return bios(nvidia->value[type], ret);
	default:
		return false;
	}
}

/* -- and the leaf -- */

enum da_result
da_nvidia_fwid(const struct da_nvidia *nvidia, const struct da_cert *leaf)
{
	struct da_slice fwid = nvidia->value[DA_NV_FWID];
	struct da_slice expected;
	struct da_fault ignored;
	struct da_dice dice;

	if (fwid.n == 0 || !da_dice_read(leaf, &dice, &ignored))
		return DA_UNKNOWN;
	expected = da_dice_fwid(&dice);
	if (expected.n == 0 || da_slice_is_zero(expected))
		return DA_UNKNOWN;
	return da_slice_eq_ct(fwid, expected) ? DA_HOLDS : DA_BROKEN;
}

bool
da_nvidia_made(const struct da_cert *leaf)
{
	static const char maker[] = "NVIDIA:";
	struct da_slice found;
	struct da_names names;
	struct da_fault ignored;

	return da_names_read(leaf, &names, &ignored) &&
	    da_slice_cut(names.device_info, 0, sizeof(maker) - 1, &found) &&
	    da_slice_eq(found, da_slice_str(maker));
}

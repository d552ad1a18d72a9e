/* SPDX-License-Identifier: Apache-2.0 */
#include "nl_parse.h"

#include <linux/netlink.h>
#include <string.h>

/* Absent is 0; there, it must be four bytes. */
static bool
opt_u32(const struct da_nl_message *m, uint16_t attr, uint32_t *ret)
{
	*ret = 0;
	return !m->has[attr] || da_nl_u32(m->of[attr], ret);
}

/* The same, of a number that the model keeps in a byte. */
static bool
opt_u8(const struct da_nl_message *m, uint16_t attr, uint8_t *ret)
{
	uint32_t value;

	if (!opt_u32(m, attr, &value) || value > UINT8_MAX)
		return false;
	*ret = (uint8_t)value;
	return true;
}

bool
da_nl_read_state(const struct da_nl_message *m, struct da_nl_state *ret)
{
	struct da_nl_state s = { .request = 0 };

	if (!m->has[DEVATTEST_A_DEV_NAME] ||
	    m->of[DEVATTEST_A_DEV_NAME].n > sizeof(s.name) ||
	    !da_nl_text(m->of[DEVATTEST_A_DEV_NAME], s.name,
	    sizeof(s.name)) ||
	    !opt_u32(m, DEVATTEST_A_STATE, &s.state) ||
	    !opt_u32(m, DEVATTEST_A_GENERATION, &s.generation) ||
	    !opt_u32(m, DEVATTEST_A_ERROR, &s.error) ||
	    !opt_u32(m, DEVATTEST_A_PAGE_UNIT, &s.page_unit) ||
	    !opt_u32(m, DEVATTEST_A_BAR_BASE, &s.bar_base))
		return false;
	s.has_request = m->has[DEVATTEST_A_REQUEST];
	if (s.has_request &&
	    !da_nl_u64(m->of[DEVATTEST_A_REQUEST], &s.request))
		return false;
	s.driver_bound = m->has[DEVATTEST_A_DRIVER];
	s.pushed = m->has[DEVATTEST_A_PUSHED];
	s.validated = m->has[DEVATTEST_A_VALIDATED];
	s.owned = m->has[DEVATTEST_A_OWNED];
	s.emulated = m->has[DEVATTEST_A_EMULATED];
	*ret = s;
	return true;
}

/* -- the TSM's answer, as the kernel read it -- */

static bool
read_pair(struct da_slice attr, uint32_t *ret_kind, struct da_slice *ret)
{
	struct da_slice of[DEVATTEST_VALUE_MAX + 1];

	if (!da_nl_nest(attr, of, DEVATTEST_VALUE_MAX + 1) ||
	    !da_nl_u32(of[DEVATTEST_VALUE_KIND], ret_kind))
		return false;
	*ret = of[DEVATTEST_VALUE_BYTES];
	return true;
}

static bool
take_token(void *context, struct da_slice attr)
{
	struct tsm_info *info = context;
	struct da_slice bytes;
	uint32_t kind;

	if (!read_pair(attr, &kind, &bytes) || kind >= TSM_TOKENS ||
	    bytes.n > TSM_MAX_TOKEN || bytes.n == 0)
		return false;
	info->token[kind].len = (uint8_t)bytes.n;
	memcpy(info->token[kind].bytes, bytes.p, bytes.n);
	return true;
}

static bool
take_digest(void *context, struct da_slice attr)
{
	struct tsm_info *info = context;
	struct da_slice bytes;
	uint32_t kind;

	if (!read_pair(attr, &kind, &bytes) || kind >= TSM_DIGESTS ||
	    bytes.n > TSM_MAX_DIGEST || bytes.n == 0)
		return false;
	info->digest[kind].len = (uint8_t)bytes.n;
	memcpy(info->digest[kind].bytes, bytes.p, bytes.n);
	return true;
}

/* struct nla_bitfield32: value, then which of its bits are told. */
static bool
opt_bits(const struct da_nl_message *m, uint16_t attr, uint32_t *ret_value,
    uint32_t *ret_known)
{
	struct da_cur c = da_cur_of(m->of[attr]);

	*ret_value = *ret_known = 0;
	if (!m->has[attr])
		return true;
	return m->of[attr].n == sizeof(struct nla_bitfield32) &&
	    da_nl_u32(da_take(&c, 4), ret_value) &&
	    da_nl_u32(da_take(&c, 4), ret_known);
}

static uint8_t
tri_of(uint32_t value, uint32_t known, uint32_t bit)
{
	if ((known & bit) == 0)
		return TSM_UNKNOWN;
	return (value & bit) != 0 ? TSM_TRUE : TSM_FALSE;
}

static bool
read_links(const struct da_nl_message *m, struct tsm_info *info)
{
	uint32_t value, known;

	if (!opt_bits(m, DEVATTEST_A_LINK_FLAGS, &value, &known))
		return false;
	info->link_spdm = tri_of(value, known, DEVATTEST_LINK_SPDM);
	info->link_ide = tri_of(value, known, DEVATTEST_LINK_IDE);
	info->measurements_fresh = tri_of(value, known,
	    DEVATTEST_LINK_FRESH);
	return true;
}

bool
da_nl_read_info(const struct da_nl_message *m, struct tsm_info *ret)
{
	struct tsm_info info;

	memset(&info, 0, sizeof(info));
	if (!opt_u8(m, DEVATTEST_A_PLATFORM, &info.platform) ||
	    !opt_u8(m, DEVATTEST_A_ABI, &info.abi) ||
	    !opt_u8(m, DEVATTEST_A_TSM_STATE, &info.state) ||
	    !opt_u8(m, DEVATTEST_A_HASH, &info.hash) ||
	    !opt_u8(m, DEVATTEST_A_SLOT, &info.slot) ||
	    !opt_bits(m, DEVATTEST_A_LOCK_FLAGS, &info.lock_flags,
	    &info.lock_flags_known) || !read_links(m, &info) ||
	    !da_nl_each(m->attrs, DEVATTEST_A_TOKEN, take_token, &info) ||
	    !da_nl_each(m->attrs, DEVATTEST_A_DIGEST, take_digest, &info))
		return false;
	info.bound = m->has[DEVATTEST_A_BOUND];
	info.state_trusted = m->has[DEVATTEST_A_TSM_STATE_TRUSTED];
	info.slot_known = m->has[DEVATTEST_A_SLOT];
	*ret = info;
	return true;
}

/* -- the map -- */

static bool
take_range(void *context, struct da_slice attr)
{
	struct da_map *map = context;
	struct da_slice of[DEVATTEST_RANGE_MAX + 1];
	struct da_map_range r = { .reserved = 0 };
	uint32_t bar, kind, attributes;

	if (map->n == DA_MAX_RANGES ||
	    !da_nl_nest(attr, of, DEVATTEST_RANGE_MAX + 1) ||
	    !da_nl_u32(of[DEVATTEST_RANGE_BAR], &bar) ||
	    !da_nl_u64(of[DEVATTEST_RANGE_OFFSET], &r.offset) ||
	    !da_nl_u64(of[DEVATTEST_RANGE_SIZE], &r.size) ||
	    !da_nl_u32(of[DEVATTEST_RANGE_KIND], &kind) ||
	    !da_nl_u32(of[DEVATTEST_RANGE_ATTRIBUTES], &attributes) ||
	    bar >= DA_MAX_BARS || attributes > DA_RANGE_KNOWN)
		return false;
	if (kind != DEVATTEST_KIND_PRIVATE && kind != DEVATTEST_KIND_SHARED)
		return false;
	r.bar = (uint8_t)bar;
	r.kind = kind == DEVATTEST_KIND_PRIVATE ? DA_MMIO_PRIVATE :
	    DA_MMIO_SHARED;
	r.attributes = (uint16_t)attributes;
	map->range[map->n++] = r;
	return true;
}

bool
da_nl_read_map(const struct da_nl_message *m, struct da_map *ret)
{
	struct da_map map;

	memset(&map, 0, sizeof(map));
	if (!da_nl_each(m->attrs, DEVATTEST_A_RANGE, take_range, &map))
		return false;
	*ret = map;
	return true;
}

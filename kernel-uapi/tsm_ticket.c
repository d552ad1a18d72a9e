/* SPDX-License-Identifier: Apache-2.0 */
#include "tsm_ticket.h"

#include <stdio.h>
#include <string.h>

static const uint8_t platforms[TSM_PLATFORMS] = {
	[TSM_SEV_TIO] = DA_PLATFORM_SEV_TIO,
	[TSM_ARM_CCA] = DA_PLATFORM_ARM_CCA,
	[TSM_TDX] = DA_PLATFORM_TDX,
	[TSM_COVE_IO] = DA_PLATFORM_COVE_IO,
};

static const uint8_t states[] = {
	[TSM_STATE_UNKNOWN] = DA_STATE_UNKNOWN,
	[TSM_STATE_UNLOCKED] = DA_STATE_UNLOCKED,
	[TSM_STATE_LOCKED] = DA_STATE_LOCKED,
	[TSM_STATE_RUN] = DA_STATE_RUN,
	[TSM_STATE_ERROR] = DA_STATE_ERROR,
};

static const uint8_t hashes[] = {
	[TSM_HASH_NONE] = DA_HASH_NONE,
	[TSM_SHA256] = DA_HASH_SHA256,
	[TSM_SHA384] = DA_HASH_SHA384,
	[TSM_SHA512] = DA_HASH_SHA512,
};

static const uint8_t tris[] = {
	[TSM_UNKNOWN] = DA_TRI_UNKNOWN,
	[TSM_FALSE] = DA_TRI_FALSE,
	[TSM_TRUE] = DA_TRI_TRUE,
};

static const uint8_t digests[TSM_DIGESTS] = {
	[TSM_DIGEST_VCA] = DA_DIGEST_VCA,
	[TSM_DIGEST_CHAIN] = DA_DIGEST_CHAIN,
	[TSM_DIGEST_PUBLIC_KEY] = DA_DIGEST_PUBLIC_KEY,
	[TSM_DIGEST_MEASUREMENTS] = DA_DIGEST_MEASUREMENTS,
	[TSM_DIGEST_REPORT] = DA_DIGEST_REPORT,
	[TSM_DIGEST_DEVICE_INFO] = DA_DIGEST_DEVICE_INFO,
};

static const uint8_t tokens[TSM_TOKENS] = {
	[TSM_TOKEN_LOCK] = DA_TOKEN_LOCK,
	[TSM_TOKEN_MEASUREMENTS] = DA_TOKEN_MEASUREMENTS,
	[TSM_TOKEN_REPORT] = DA_TOKEN_REPORT,
};

/* Both in TDISP's order. */
static const struct {
	uint32_t bit;
	enum da_lock_flag flag;
} lock_flags[] = {
	{ TSM_LOCK_NO_FW_UPDATE, DA_LOCK_NO_FW_UPDATE },
	{ TSM_LOCK_CACHE_LINE_128, DA_LOCK_CACHE_LINE_128 },
	{ TSM_LOCK_MSIX, DA_LOCK_MSIX },
	{ TSM_LOCK_P2P, DA_LOCK_P2P },
	{ TSM_LOCK_ALL_REDIRECT, DA_LOCK_ALL_REDIRECT },
};

/* A number of the other side's that no row has is unknown. */
#define OF(table, i) ((i) < sizeof(table) ? (table)[i] : (uint8_t)0)

static void
set_lock_flags(const struct tsm_info *info, struct da_ticket *t)
{
	for (size_t i = 0; i < sizeof(lock_flags) / sizeof(lock_flags[0]); i++)
		if ((info->lock_flags_known & lock_flags[i].bit) != 0)
			t->lock_flag[lock_flags[i].flag] =
			    (info->lock_flags & lock_flags[i].bit) != 0 ?
			    DA_TRI_TRUE : DA_TRI_FALSE;
}

static void
set_tokens(const struct tsm_info *info, struct da_ticket *t)
{
	for (size_t i = 0; i < TSM_TOKENS; i++) {
		struct da_token *to = &t->token[tokens[i]];

		if (info->token[i].len > sizeof(to->bytes))
			continue;
		to->len = info->token[i].len;
		memcpy(to->bytes, info->token[i].bytes, to->len);
	}
}

static void
set_digests(const struct tsm_info *info, struct da_ticket *t)
{
	for (size_t i = 0; i < TSM_DIGESTS; i++)
		if (info->digest[i].len <= sizeof(info->digest[i].bytes))
			da_digest_set(&t->digest[digests[i]],
			    (enum da_hash)t->hash,
			    da_slice_of(info->digest[i].bytes,
			    info->digest[i].len));
}

bool
da_tsm_ticket(const struct tsm_info *info, struct da_ticket *ret)
{
	const char *abi = tsm_abi_name((enum tsm_platform)info->platform,
	    info->abi);
	struct da_ticket t = { .version = DA_TICKET_VERSION };

	if (abi == NULL)
		return false;
	t.platform = OF(platforms, info->platform);
	snprintf(t.abi, sizeof(t.abi), "%s", abi);
	t.bound = info->bound == 1;
	t.state = OF(states, info->state);
	t.state_trusted = info->state_trusted == 1;
	t.measurements_fresh = OF(tris, info->measurements_fresh);
	t.link_spdm = OF(tris, info->link_spdm);
	t.link_ide = OF(tris, info->link_ide);
	t.objects_from_tsm = info->objects_from_tsm == 1;
	t.hash = OF(hashes, info->hash);
	t.slot_known = info->slot_known == 1;
	t.slot = info->slot;
	set_lock_flags(info, &t);
	set_tokens(info, &t);
	set_digests(info, &t);
	*ret = t;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "ticket.h"

#include <string.h>

#include "hash.h"

static const char *const platforms[DA_PLATFORM_COUNT] = {
	[DA_PLATFORM_NONE] = "none",
	[DA_PLATFORM_SEV_TIO] = "sev-tio",
	[DA_PLATFORM_ARM_CCA] = "arm-cca",
	[DA_PLATFORM_TDX] = "tdx",
	[DA_PLATFORM_COVE_IO] = "cove-io",
	[DA_PLATFORM_EMULATED] = "emulated",
};

static const char *const states[] = {
	[DA_STATE_UNKNOWN] = "unknown",
	[DA_STATE_UNLOCKED] = "unlocked",
	[DA_STATE_LOCKED] = "locked",
	[DA_STATE_RUN] = "run",
	[DA_STATE_ERROR] = "error",
};

const char *
da_platform_name(enum da_platform platform)
{
	return platforms[(unsigned int)platform < DA_PLATFORM_COUNT ?
	    platform : DA_PLATFORM_NONE];
}

enum da_platform
da_platform_named(struct da_slice name)
{
	for (unsigned int i = DA_PLATFORM_NONE + 1; i < DA_PLATFORM_COUNT; i++)
		if (da_slice_eq(name, da_slice_str(platforms[i])))
			return (enum da_platform)i;
	return DA_PLATFORM_NONE;
}

const char *
da_state_name(enum da_tdi_state state)
{
	return states[(unsigned int)state <= DA_STATE_ERROR ? state :
	    DA_STATE_UNKNOWN];
}

/* Nobody saw a part whose digest is that of no bytes. */
static bool
is_of_nothing(enum da_hash hash, struct da_slice bytes)
{
	struct da_hash_value none = da_hash_of(hash, da_slice_of("", 0));

	return none.n == 0 || da_hash_equal(&none, bytes);
}

void
da_digest_set(struct da_digest *digest, enum da_hash hash,
    struct da_slice bytes)
{
	size_t size = da_hash_alg(hash)->size;

	*digest = (struct da_digest){ 0 };
	if (bytes.n == 0 || bytes.n != size || da_slice_is_zero(bytes) ||
	    is_of_nothing(hash, bytes))
		return;
	memcpy(digest->bytes, bytes.p, size);
	digest->len = (uint8_t)size;
}

struct da_slice
da_digest_bytes(const struct da_digest *digest)
{
	if (digest->len > sizeof(digest->bytes))
		return da_slice_of(NULL, 0);
	return da_slice_of(digest->bytes, digest->len);
}

bool
da_token_equal(const struct da_token *a, const struct da_token *b)
{
	if (a->len > sizeof(a->bytes) || b->len > sizeof(b->bytes))
		return false;
	return da_slice_eq_ct(da_slice_of(a->bytes, a->len),
	    da_slice_of(b->bytes, b->len));
}

static bool
has_changed(const struct da_ticket *ticket, enum da_token_of of)
{
	return ticket->token[of].len != 0 && !da_token_equal(
	    &ticket->token[of], &ticket->token_at_lock[of]);
}

bool
da_tokens_changed(const struct da_ticket *ticket)
{
	return ticket->has_tokens_at_lock == 1 &&
	    has_changed(ticket, DA_TOKEN_MEASUREMENTS) &&
	    has_changed(ticket, DA_TOKEN_REPORT);
}

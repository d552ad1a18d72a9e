/* SPDX-License-Identifier: Apache-2.0 */
#include "tsm.h"

#include <stdio.h>
#include <string.h>

static void
draw(struct da_token *token)
{
	token->len = 8;
	emu_random(token->bytes, token->len);
}

void
emu_tsm_start(struct emu_tsm *tsm)
{
	memset(tsm, 0, sizeof(*tsm));
	tsm->state = DA_STATE_UNLOCKED;
	for (size_t i = 0; i < DA_TOKEN_COUNT; i++)
		draw(&tsm->token[i]);
}

/* TDISP: a lock makes a new start nonce; collections are not its business. */
void
emu_tsm_lock(struct emu_tsm *tsm)
{
	draw(&tsm->token[DA_TOKEN_LOCK]);
	tsm->measured = false;
	tsm->state = DA_STATE_LOCKED;
}

void
emu_tsm_set(struct emu_tsm *tsm, enum da_tdi_state state)
{
	tsm->state = (uint8_t)state;
}

void
emu_tsm_agree(struct emu_tsm *tsm, enum da_digest_of of,
    const uint8_t digest[48])
{
	memset(&tsm->digest[of], 0, sizeof(tsm->digest[of]));
	tsm->digest[of].len = 48;
	memcpy(tsm->digest[of].bytes, digest, 48);
}

void
emu_tsm_saw(struct emu_tsm *tsm, enum da_digest_of of, struct da_slice bytes)
{
	uint8_t digest[48];

	/* Without a digest the field is absent, which vouches for nothing. */
	if (emu_sha384(&bytes, 1, digest))
		emu_tsm_agree(tsm, of, digest);
	else
		memset(&tsm->digest[of], 0, sizeof(tsm->digest[of]));
	if (of == DA_DIGEST_MEASUREMENTS) {
		draw(&tsm->token[DA_TOKEN_MEASUREMENTS]);
		tsm->measured = true;
	}
	if (of == DA_DIGEST_REPORT)
		draw(&tsm->token[DA_TOKEN_REPORT]);
}

void
emu_tsm_move_tokens(struct emu_tsm *tsm)
{
	draw(&tsm->token[DA_TOKEN_MEASUREMENTS]);
	draw(&tsm->token[DA_TOKEN_REPORT]);
}

void
emu_tsm_move_lock(struct emu_tsm *tsm)
{
	draw(&tsm->token[DA_TOKEN_LOCK]);
}

/* LOCK_INTERFACE_REQUEST: NO_FW_UPDATE and LOCK_MSIX set, the rest clear. */
static void
set_lock_flags(struct da_ticket *t)
{
	for (size_t i = 0; i < DA_LOCK_FLAGS; i++)
		t->lock_flag[i] = DA_TRI_FALSE;
	t->lock_flag[DA_LOCK_NO_FW_UPDATE] = DA_TRI_TRUE;
	t->lock_flag[DA_LOCK_MSIX] = DA_TRI_TRUE;
}

void
emu_tsm_ticket(const struct emu_tsm *tsm, struct da_ticket *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->version = DA_TICKET_VERSION;
	ret->platform = DA_PLATFORM_EMULATED;
	snprintf(ret->abi, sizeof(ret->abi), "1");
	ret->bound = 1;
	ret->state = tsm->state;
	ret->state_trusted = 1;
	memcpy(ret->token, tsm->token, sizeof(ret->token));
	ret->measurements_fresh = tsm->measured ? DA_TRI_TRUE : DA_TRI_FALSE;
	ret->link_spdm = DA_TRI_TRUE;
	ret->link_ide = DA_TRI_TRUE;
	ret->hash = DA_HASH_SHA384;
	ret->slot_known = 1;
	ret->page_unit = DA_UNIT_PAGE;
	ret->bar_base = DA_BASE_ALIGNED;
	set_lock_flags(ret);
	memcpy(ret->digest, tsm->digest, sizeof(ret->digest));
}

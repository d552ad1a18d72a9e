/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated TEE security manager of one device interface: the state, the
 * digests of the true bytes, and tokens that change with each lock and each
 * collection.  Digests and tokens of a collection stay over a new lock, as one
 * real firmware keeps them: only a changed token says that they are new.
 */
#ifndef EMU_TSM_H
#define EMU_TSM_H

#include "bytes.h"
#include "verifier/ticket.h"

struct emu_tsm {
	uint8_t state;		/* enum da_tdi_state */
	bool measured;		/* since the lock */
	struct da_token token[DA_TOKEN_COUNT];
	struct da_digest digest[DA_DIGEST_COUNT];
};

void	emu_tsm_start(struct emu_tsm *tsm);
void	emu_tsm_lock(struct emu_tsm *tsm);
void	emu_tsm_set(struct emu_tsm *tsm, enum da_tdi_state state);
/* The TSM saw these bytes pass: their digest, and a token where it has one. */
void	emu_tsm_saw(struct emu_tsm *tsm, enum da_digest_of of,
	    struct da_slice bytes);
/* As if the host had collected again. */
void	emu_tsm_move_tokens(struct emu_tsm *tsm);
/* As if somebody had unlocked it and locked it again. */
void	emu_tsm_move_lock(struct emu_tsm *tsm);
/* For tests: the TSM agrees with bytes that somebody forged. */
void	emu_tsm_agree(struct emu_tsm *tsm, enum da_digest_of of,
	    const uint8_t digest[48]);
/* What the TSM itself answers; the kernel adds what it knows. */
void	emu_tsm_ticket(const struct emu_tsm *tsm, struct da_ticket *ret);

#endif

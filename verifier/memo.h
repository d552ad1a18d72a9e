/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found of a chain, kept for the next function of the same device.
 * Remembers, never decides: an answer goes in and comes out as it was given.
 */
#ifndef DA_MEMO_H
#define DA_MEMO_H

#include "prove.h"

/* The checks whose answers are kept; rows of da_chain_memo.found. */
enum da_memo_of {
	DA_MEMO_CHAIN,
	DA_MEMO_VALIDITY,
	DA_MEMO_LEAF_PROFILE,
	DA_MEMO_REVOCATION,
	DA_MEMO_ROWS
};

/* Once a bundle: another chain than the kept one empties the memo. */
void	da_memo_begin(struct da_chain_memo *memo,
	    const struct da_evidence *evidence);
/* False: nothing is kept, and it has to be asked. */
bool	da_memo_recall(const struct da_chain_memo *memo, enum da_memo_of of,
	    enum da_result *ret, struct da_fault *reterr);
void	da_memo_keep(struct da_chain_memo *memo, enum da_memo_of of,
	    enum da_result result, const struct da_fault *fault);
/* Who made the leaf, and who says so, are not in the chain: its row goes. */
void	da_memo_model(struct da_chain_memo *memo, uint8_t model,
	    bool is_signed);

/* Asks once for a chain; a case without one is not asked at all. */
struct da_case;
enum da_result da_ask_once(const struct da_case *the, enum da_memo_of of,
	    struct da_fault *reterr,
	    enum da_result (*ask)(const struct da_case *, struct da_fault *));

#endif

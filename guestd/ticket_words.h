/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files that read and write a ticket's JSON: the words, once for
 * both, and the reader of config space, which has a file of its own.
 */
#ifndef DA_TICKET_WORDS_H
#define DA_TICKET_WORDS_H

#include "policy/jsonform.h"
#include "verifier/ticket.h"

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))
#define DA_UNIT_WORDS	3
#define DA_BASE_WORDS	4

/* Rows are the enums of ticket.h; an unknown unit or base is null. */
extern const char *const da_token_words[DA_TOKEN_COUNT];
extern const char *const da_digest_words[DA_DIGEST_COUNT];
extern const char *const da_lock_words[DA_LOCK_FLAGS];
extern const char *const da_unit_words[DA_UNIT_WORDS];
extern const char *const da_base_words[DA_BASE_WORDS];
extern const char *const da_link_words[2];
extern const char *const da_from_words[2];

/* true, false, or null for what the platform does not tell. */
bool	da_ticket_read_tri(struct da_form *f, const struct da_json *v,
	    uint8_t *ret);
/* A row of da_token_words; `into` is the tokens' array. */
bool	da_ticket_read_token(struct da_form *f, const struct da_json *v,
	    size_t row, void *into);
struct da_json *da_tokens_to_json(const struct da_token *token);
/* `into` is the ticket. */
bool	da_ticket_read_pci(struct da_form *f, const struct da_json *v,
	    void *into);

#endif

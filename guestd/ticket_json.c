/* SPDX-License-Identifier: Apache-2.0 */
#include "ticket_json.h"

#include <string.h>

#include "policy/jsonchar.h"
#include "ticket_words.h"
#include "wire.h"

/* -- kinds of values -- */

static bool
read_flag(struct da_form *f, const struct da_json *v, uint8_t *ret)
{
	bool b = false;

	if (!da_form_bool(f, v, &b))
		return false;
	*ret = b ? 1 : 0;
	return true;
}

/* -- the fields -- */

static bool
version(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	int64_t got;

	if (!da_form_int(f, v, DA_TICKET_VERSION, DA_TICKET_VERSION, &got))
		return false;
	ticket->version = DA_TICKET_VERSION;
	return true;
}

static bool
platform(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	struct da_slice name;

	if (!da_form_text(f, v, &name))
		return false;
	ticket->platform = (uint8_t)da_platform_named(name);
	return ticket->platform != DA_PLATFORM_NONE ||
	    da_form_refuse_value(f, v, "no such platform");
}

static bool
is_abi(struct da_slice text)
{
	struct da_cur c = da_cur_of(text);
	bool ok = text.n > 0;

	while (ok && da_left(&c) > 0) {
		uint8_t b = da_u8(&c);

		ok = b > ' ' && b < 0x7f;
	}
	return ok;
}

static bool
abi(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	if (!is_abi(text) || text.n >= sizeof(ticket->abi))
		return da_form_refuse_value(f, v, "not an ABI's name");
	memcpy(ticket->abi, text.p, text.n);
	return true;
}

static bool
device(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	char name[sizeof(ticket->device)] = { 0 };
	struct da_slice text;
	uint32_t number;

	if (!da_form_text(f, v, &text))
		return false;
	if (text.n < sizeof(name))
		memcpy(name, text.p, text.n);
	/* A zero byte inside would end the name early. */
	if (strlen(name) != text.n || !da_wire_parse_bdf(name, &number))
		return da_form_refuse_value(f, v,
		    "not a device like \"0000:01:00.0\"");
	memcpy(ticket->device, name, sizeof(name));
	return true;
}

static bool
bound(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return read_flag(f, v, &ticket->bound);
}

static bool
state_value(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	struct da_slice text;

	if (da_form_is_null(v))
		return true;
	if (!da_form_text(f, v, &text))
		return false;
	for (uint8_t s = DA_STATE_UNLOCKED; s <= DA_STATE_ERROR; s++)
		if (da_slice_eq(text,
		    da_slice_str(da_state_name((enum da_tdi_state)s)))) {
			ticket->state = s;
			return true;
		}
	return da_form_refuse_value(f, v, "no such state");
}

static bool
state_trusted(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return read_flag(f, v, &ticket->state_trusted);
}

static const struct da_form_field state_fields[] = {
	{ "value", DA_MUST, state_value },
	{ "trusted", DA_MUST, state_trusted },
};

static bool
state(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_object(f, v, state_fields, COUNT(state_fields), into);
}

bool
da_ticket_read_token(struct da_form *f, const struct da_json *v, size_t row,
    void *into)
{
	struct da_token *token = into;
	size_t n = 0;

	if (da_form_is_null(v))
		return true;
	if (!da_json_hex(v, token[row].bytes, sizeof(token[row].bytes), &n) ||
	    n == 0)
		return da_form_refuse_value(f, v,
		    "not the hex digits of 1 to 32 bytes");
	token[row].len = (uint8_t)n;
	return true;
}

static bool
tokens(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return da_form_rows(f, v, da_token_words, DA_TOKEN_COUNT,
	    da_ticket_read_token, ticket->token);
}

static bool
tokens_at_lock(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	if (da_form_is_null(v))
		return true;
	ticket->has_tokens_at_lock = 1;
	return da_form_rows(f, v, da_token_words, DA_TOKEN_COUNT,
	    da_ticket_read_token, ticket->token_at_lock);
}

static bool
nonce(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	size_t n = 0;

	if (da_form_is_null(v))
		return true;
	ticket->has_nonce = 1;
	return (da_json_hex(v, ticket->nonce, DA_NONCE, &n) && n == DA_NONCE) ||
	    da_form_refuse_value(f, v, "not 64 hex digits");
}

static bool
measurements_fresh(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return da_ticket_read_tri(f, v, &ticket->measurements_fresh);
}

static bool
read_link(struct da_form *f, const struct da_json *v, size_t row, void *into)
{
	struct da_ticket *ticket = into;

	return da_ticket_read_tri(f, v, row == 0 ? &ticket->link_spdm :
	    &ticket->link_ide);
}

static bool
link_flags(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_rows(f, v, da_link_words, 2, read_link, into);
}

static bool
objects_from(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	size_t row = da_form_named(f, v, da_from_words, 2);

	ticket->objects_from_tsm = row == 1 ? 1 : 0;
	return row < 2;
}

static bool
hash(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	struct da_slice name;

	if (da_form_is_null(v))
		return true;
	if (!da_form_text(f, v, &name))
		return false;
	ticket->hash = (uint8_t)da_hash_named(name);
	return ticket->hash != DA_HASH_NONE ||
	    da_form_refuse_value(f, v, "no such hash algorithm");
}

static bool
slot(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;
	int64_t number = 0;

	if (da_form_is_null(v))
		return true;
	ticket->slot_known = 1;
	if (!da_form_int(f, v, 0, 15, &number))
		return false;
	ticket->slot = (uint8_t)number;
	return true;
}

static bool
page_unit(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return da_form_word_or_null(f, v, da_unit_words, DA_UNIT_WORDS,
	    &ticket->page_unit);
}

static bool
bar_base(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_ticket *ticket = into;

	return da_form_word_or_null(f, v, da_base_words, DA_BASE_WORDS,
	    &ticket->bar_base);
}

static bool
read_digest(struct da_form *f, const struct da_json *v, size_t row, void *into)
{
	struct da_ticket *ticket = into;
	enum da_hash alg = (enum da_hash)ticket->hash;
	uint8_t bytes[DA_MAX_HASH];
	size_t n = 0;

	if (da_form_is_null(v))
		return true;
	if (alg == DA_HASH_NONE)
		return da_form_refuse_value(f, v,
		    "a digest without \"hash\"");
	if (!da_json_hex(v, bytes, sizeof(bytes), &n) ||
	    n != da_hash_alg(alg)->size)
		return da_form_refuse_value(f, v,
		    "not the hex digits of one digest of \"hash\"");
	da_digest_set(&ticket->digest[row], alg, da_slice_of(bytes, n));
	return true;
}

static bool
digests(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_rows(f, v, da_digest_words, DA_DIGEST_COUNT, read_digest,
	    into);
}

static bool
read_lock(struct da_form *f, const struct da_json *v, size_t row, void *into)
{
	struct da_ticket *ticket = into;

	return da_ticket_read_tri(f, v, &ticket->lock_flag[row]);
}

static bool
lock_flags(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_rows(f, v, da_lock_words, DA_LOCK_FLAGS, read_lock,
	    into);
}

/* Any hex: what the TSM said is decoded elsewhere, from the TSM. */
static bool
message(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_slice text;
	struct da_cur c;
	uint64_t byte;

	(void)into;
	if (!da_form_text(f, v, &text))
		return false;
	for (c = da_cur_of(text); da_left(&c) > 0;)
		if (!da_hex_number(da_take(&c, 2), 2, 2, &byte))
			return da_form_refuse(f, v, "not hex digits",
			    da_slice_of(NULL, 0));
	return true;
}

/* "hash" before "digests", whose lengths it decides. */
static const struct da_form_field fields[] = {
	{ "version", DA_MUST, version },
	{ "platform", DA_MUST, platform },
	{ "abi", DA_MAY, abi },
	{ "device", DA_MAY, device },
	{ "bound", DA_MUST, bound },
	{ "state", DA_MAY, state },
	{ "tokens", DA_MAY, tokens },
	{ "tokens-at-lock", DA_MAY, tokens_at_lock },
	{ "nonce", DA_MAY, nonce },
	{ "measurements-fresh", DA_MAY, measurements_fresh },
	{ "link", DA_MAY, link_flags },
	{ "objects-from", DA_MAY, objects_from },
	{ "hash", DA_MAY, hash },
	{ "slot", DA_MAY, slot },
	{ "page-unit", DA_MAY, page_unit },
	{ "bar-base", DA_MAY, bar_base },
	{ "pci", DA_MAY, da_ticket_read_pci },
	{ "digests", DA_MAY, digests },
	{ "lock-flags", DA_MAY, lock_flags },
	{ "message", DA_MAY, message },
};

bool
da_ticket_from_json(struct da_slice text, struct da_ticket *ret,
    struct da_json_error *reterr)
{
	struct da_json *root = da_json_parse(text, reterr);
	struct da_form f = { .text = text };
	struct da_ticket ticket;

	if (root == NULL)
		return false;
	memset(&ticket, 0, sizeof(ticket));
	if (da_form_object(&f, root, fields, COUNT(fields), &ticket))
		*ret = ticket;
	else
		*reterr = (struct da_json_error){ f.why, f.line, f.column };
	da_json_free(root);
	return f.why == NULL;
}

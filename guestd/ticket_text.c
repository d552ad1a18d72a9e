/* SPDX-License-Identifier: Apache-2.0 */
#include "ticket_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ticket_words.h"

/* -- words, for reading and writing -- */

const char *const da_token_words[DA_TOKEN_COUNT] = {
	[DA_TOKEN_LOCK] = "lock",
	[DA_TOKEN_MEASUREMENTS] = "measurements",
	[DA_TOKEN_REPORT] = "report",
};

const char *const da_digest_words[DA_DIGEST_COUNT] = {
	[DA_DIGEST_VCA] = "vca",
	[DA_DIGEST_CHAIN] = "chain",
	[DA_DIGEST_PUBLIC_KEY] = "public-key",
	[DA_DIGEST_MEASUREMENTS] = "measurements",
	[DA_DIGEST_REPORT] = "report",
	[DA_DIGEST_DEVICE_INFO] = "device-info",
};

const char *const da_lock_words[DA_LOCK_FLAGS] = {
	[DA_LOCK_NO_FW_UPDATE] = "no-fw-update",
	[DA_LOCK_CACHE_LINE_128] = "cache-line-128",
	[DA_LOCK_MSIX] = "lock-msix",
	[DA_LOCK_P2P] = "bind-p2p",
	[DA_LOCK_ALL_REDIRECT] = "all-request-redirect",
};

const char *const da_link_words[2] = { "spdm", "ide" };
const char *const da_from_words[2] = { "host", "tsm" };

const char *const da_unit_words[DA_UNIT_WORDS] = {
	[DA_UNIT_PAGE] = "page",
	[DA_UNIT_BYTE] = "byte",
};

const char *const da_base_words[DA_BASE_WORDS] = {
	[DA_BASE_RELATIVE] = "relative",
	[DA_BASE_ALIGNED] = "aligned",
	[DA_BASE_ZERO] = "zero",
};

/* -- kinds of values -- */

static struct da_json *
text(const char *s)
{
	return da_json_new_string(da_slice_str(s));
}

static struct da_json *
word(const char *const *words, size_t n, uint8_t row)
{
	return row == 0 || row >= n ? da_json_new_null() : text(words[row]);
}

static struct da_json *
flag(uint8_t v)
{
	return da_json_new_bool(v == 1);
}

static struct da_json *
tri(uint8_t v)
{
	if (v == DA_TRI_TRUE || v == DA_TRI_FALSE)
		return da_json_new_bool(v == DA_TRI_TRUE);
	return da_json_new_null();
}

static struct da_json *
hex_digits(uint64_t v, int digits)
{
	char buf[17];

	snprintf(buf, sizeof(buf), "%0*" PRIx64, digits, v);
	return text(buf);
}

static struct da_json *
number_0x(uint64_t v)
{
	char buf[19];

	snprintf(buf, sizeof(buf), "0x%" PRIx64, v);
	return text(buf);
}

/* The bytes of a text field that may fill it to the end. */
static struct da_slice
field(const char *s, size_t size)
{
	return da_slice_of(s, strnlen(s, size));
}

/* -- the objects -- */

static struct da_json *
state(const struct da_ticket *ticket)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "value", ticket->state == DA_STATE_UNKNOWN ?
	    da_json_new_null() :
	    text(da_state_name((enum da_tdi_state)ticket->state)));
	da_json_set(o, "trusted", flag(ticket->state_trusted));
	return o;
}

struct da_json *
da_tokens_to_json(const struct da_token *token)
{
	struct da_json *o = da_json_new_object();

	for (size_t i = 0; i < DA_TOKEN_COUNT; i++)
		if (token[i].len != 0 &&
		    token[i].len <= sizeof(token[i].bytes))
			da_json_set(o, da_token_words[i], da_json_new_hex(
			    da_slice_of(token[i].bytes, token[i].len)));
	return o;
}

static struct da_json *
link_flags(const struct da_ticket *ticket)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, da_link_words[0], tri(ticket->link_spdm));
	da_json_set(o, da_link_words[1], tri(ticket->link_ide));
	return o;
}

static struct da_json *
bars(const struct da_pci *pci)
{
	struct da_json *list = da_json_new_array();

	for (int i = 0; i < DA_MAX_BARS; i++) {
		struct da_json *o;

		if (pci->bar[i].size == 0)
			continue;
		o = da_json_new_object();
		da_json_set(o, "index", da_json_new_int(i));
		da_json_set(o, "address", number_0x(pci->bar[i].address));
		da_json_set(o, "size", number_0x(pci->bar[i].size));
		da_json_append(list, o);
	}
	return list;
}

static struct da_json *
msix(const struct da_pci *pci)
{
	struct da_json *o;

	if (pci->msix != 1)
		return da_json_new_null();
	o = da_json_new_object();
	da_json_set(o, "bir", da_json_new_int(pci->msix_bir));
	if (pci->msix_pba_bir != pci->msix_bir)
		da_json_set(o, "pba-bir", da_json_new_int(pci->msix_pba_bir));
	da_json_set(o, "table", number_0x(pci->msix_table));
	da_json_set(o, "pba", number_0x(pci->msix_pba));
	da_json_set(o, "entries", da_json_new_int(pci->msix_entries));
	return o;
}

static struct da_json *
pci_facts(const struct da_pci *pci)
{
	struct da_json *o = da_json_new_object();
	char subsystem[10];

	snprintf(subsystem, sizeof(subsystem), "%04x:%04x",
	    pci->subsystem_vendor, pci->subsystem_device);
	da_json_set(o, "vendor", hex_digits(pci->vendor, 4));
	da_json_set(o, "device", hex_digits(pci->device, 4));
	da_json_set(o, "class", hex_digits(pci->class_code & 0xffffff, 6));
	da_json_set(o, "subsystem", text(subsystem));
	if (pci->has_revision == 1)
		da_json_set(o, "revision", hex_digits(pci->revision, 2));
	if (pci->has_serial == 1)
		da_json_set(o, "serial", hex_digits(pci->serial, 16));
	da_json_set(o, "tee", tri(pci->tee));
	da_json_set(o, "bars", bars(pci));
	da_json_set(o, "msix", msix(pci));
	return o;
}

static struct da_json *
digests(const struct da_ticket *ticket)
{
	struct da_json *o = da_json_new_object();

	for (size_t i = 0; i < DA_DIGEST_COUNT; i++) {
		struct da_slice bytes = da_digest_bytes(&ticket->digest[i]);

		if (bytes.n != 0)
			da_json_set(o, da_digest_words[i],
			    da_json_new_hex(bytes));
	}
	return o;
}

static struct da_json *
lock_flags(const struct da_ticket *ticket)
{
	struct da_json *o = da_json_new_object();

	for (size_t i = 0; i < DA_LOCK_FLAGS; i++)
		da_json_set(o, da_lock_words[i], tri(ticket->lock_flag[i]));
	return o;
}

/* -- the whole, in the contract's order -- */

static void
set_identity(struct da_json *o, const struct da_ticket *ticket)
{
	struct da_slice abi = field(ticket->abi, sizeof(ticket->abi));
	struct da_slice device = field(ticket->device, sizeof(ticket->device));

	da_json_set(o, "version", da_json_new_int(DA_TICKET_VERSION));
	da_json_set(o, "platform",
	    text(da_platform_name((enum da_platform)ticket->platform)));
	if (abi.n != 0)
		da_json_set(o, "abi", da_json_new_string(abi));
	if (device.n != 0)
		da_json_set(o, "device", da_json_new_string(device));
}

static void
set_freshness(struct da_json *o, const struct da_ticket *ticket)
{
	da_json_set(o, "bound", flag(ticket->bound));
	da_json_set(o, "state", state(ticket));
	da_json_set(o, "tokens", da_tokens_to_json(ticket->token));
	da_json_set(o, "tokens-at-lock", ticket->has_tokens_at_lock == 1 ?
	    da_tokens_to_json(ticket->token_at_lock) : da_json_new_null());
	da_json_set(o, "nonce", ticket->has_nonce == 1 ?
	    da_json_new_hex(da_slice_of(ticket->nonce, DA_NONCE)) :
	    da_json_new_null());
	da_json_set(o, "measurements-fresh", tri(ticket->measurements_fresh));
}

static void
set_objects(struct da_json *o, const struct da_ticket *ticket)
{
	da_json_set(o, "link", link_flags(ticket));
	da_json_set(o, "objects-from",
	    text(da_from_words[ticket->objects_from_tsm == 1 ? 1 : 0]));
	da_json_set(o, "hash", ticket->hash == DA_HASH_NONE ||
	    ticket->hash >= DA_HASH_COUNT ? da_json_new_null() :
	    text(da_hash_alg((enum da_hash)ticket->hash)->name));
	da_json_set(o, "slot", ticket->slot_known == 1 ?
	    da_json_new_int(ticket->slot) : da_json_new_null());
	da_json_set(o, "page-unit",
	    word(da_unit_words, DA_UNIT_WORDS, ticket->page_unit));
	da_json_set(o, "bar-base",
	    word(da_base_words, DA_BASE_WORDS, ticket->bar_base));
}

struct da_json *
da_ticket_to_json(const struct da_ticket *ticket)
{
	struct da_json *o = da_json_new_object();

	set_identity(o, ticket);
	set_freshness(o, ticket);
	set_objects(o, ticket);
	da_json_set(o, "pci", pci_facts(&ticket->pci));
	da_json_set(o, "digests", digests(ticket));
	da_json_set(o, "lock-flags", lock_flags(ticket));
	return o;
}

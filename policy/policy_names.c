/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says of the leaf's names, of lists, keys and NVIDIA's data. */
#include "policy_rule.h"

#include <string.h>

/* An object that asks for nothing would read like a rule, and be none. */
static bool
asks_for_nothing(struct da_form *f, const struct da_json *v)
{
	return da_form_refuse_value(f, v, "it asks for nothing");
}

/* -- "identity" -- */

/* A star inside would look like a pattern, and policies have none. */
static bool
is_plain(struct da_slice field)
{
	struct da_cur c = da_cur_of(field);
	bool ok = field.n > 0;

	while (ok && da_left(&c) > 0) {
		uint8_t b = da_u8(&c);

		ok = b >= 0x20 && b != 0x7f && b != '*';
	}
	return ok;
}

static bool
is_info(struct da_slice text)
{
	struct da_slice maker, product, serial, more;

	return da_policy_cut_colon(text, &maker, &more) && is_plain(maker) &&
	    da_policy_cut_colon(more, &product, &serial) &&
	    is_plain(product) &&
	    (da_slice_eq(serial, da_slice_str("*")) || is_plain(serial)) &&
	    !da_policy_cut_colon(serial, &more, &more);
}

static bool
read_info(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_identity *identity = into;
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	if (text.n >= DA_POLICY_MAX_INFO)
		return da_form_refuse_value(f, v, "longer than 159 bytes");
	if (!is_info(text))
		return da_form_refuse_value(f, v,
		    "not \"Manufacturer:Product:Serial\", or * as the serial");
	memcpy(identity->info[identity->n_info], text.p, text.n);
	identity->info[identity->n_info++][text.n] = '\0';
	return true;
}

static bool
pci_name(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_identity *identity = into;

	return da_form_bool(f, v, &identity->pci_name);
}

static bool
device_info(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_info, into);
}

static const struct da_form_field identity_fields[] = {
	{ "pci-name", DA_MAY, pci_name },
	{ "device-info", DA_MAY, device_info },
};

bool
da_policy_read_identity(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	if (!da_form_object(f, v, DA_FIELDS(identity_fields), &rule->identity))
		return false;
	return rule->identity.pci_name || rule->identity.n_info > 0 ||
	    asks_for_nothing(f, v);
}

/* -- "nvidia" -- */

/* As the device spells it: printable ASCII, spaces inside too. */
static bool
read_value(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_names *names = into;
	struct da_slice text;
	struct da_cur c;
	bool ok;

	if (!da_form_text(f, v, &text))
		return false;
	c = da_cur_of(text);
	ok = text.n > 0 && text.n < DA_POLICY_MAX_NAME;
	while (ok && da_left(&c) > 0) {
		uint8_t b = da_u8(&c);

		ok = b >= 0x20 && b < 0x7f;
	}
	if (!ok)
		return da_form_refuse_value(f, v,
		    "not 1 to 63 printable ASCII characters");
	memcpy(names->name[names->n], text.p, text.n);
	names->name[names->n++][text.n] = '\0';
	return true;
}

static bool
read_values(struct da_form *f, const struct da_json *v,
    struct da_policy_names *names)
{
	return da_form_list(f, v, DA_POLICY_MAX_LIST, read_value, names);
}

static bool
vbios(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_nvidia *nvidia = into;

	return read_values(f, v, &nvidia->vbios);
}

static bool
driver(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_nvidia *nvidia = into;

	return read_values(f, v, &nvidia->driver);
}

static bool
board(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_nvidia *nvidia = into;

	return read_values(f, v, &nvidia->board);
}

static bool
chip(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_nvidia *nvidia = into;

	return read_values(f, v, &nvidia->chip);
}

static bool
fwid(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "leaf" };
	struct da_policy_nvidia *nvidia = into;

	nvidia->fwid_is_leafs = da_form_named(f, v, words, 1) == 0;
	return nvidia->fwid_is_leafs;
}

static const struct da_form_field nvidia_fields[] = {
	{ "vbios", DA_MAY, vbios },
	{ "driver", DA_MAY, driver },
	{ "board-id", DA_MAY, board },
	{ "chip-sku", DA_MAY, chip },
	{ "fwid", DA_MAY, fwid },
};

bool
da_policy_read_nvidia(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	struct da_policy_nvidia *nvidia = &rule->nvidia;

	nvidia->set = true;
	if (!da_form_object(f, v, DA_FIELDS(nvidia_fields), nvidia))
		return false;
	return nvidia->vbios.n > 0 || nvidia->driver.n > 0 ||
	    nvidia->board.n > 0 || nvidia->chip.n > 0 ||
	    nvidia->fwid_is_leafs || asks_for_nothing(f, v);
}

/* -- "revocation" -- */

#define MAX_AGE_DAYS	3650	/* ten years: what is older revokes nothing */

static bool
mode(struct da_form *f, const struct da_json *v, void *into)
{
	static const char *const words[] = { "crl", "pack" };
	struct da_policy_rule *rule = into;
	size_t word = da_form_named(f, v, words, 2);

	if (word == 1)
		return da_form_refuse_value(f, v, "this mode is known, but "
		    "this version does not support it");
	rule->revocation = word == 0 ? DA_REVOCATION_CRL :
	    DA_REVOCATION_NO_RULE;
	return word == 0;
}

static bool
max_age(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;
	int64_t days;

	if (!da_form_int(f, v, 1, MAX_AGE_DAYS, &days))
		return false;
	rule->max_age_days = (uint32_t)days;
	return true;
}

static const struct da_form_field revocation_fields[] = {
	{ "mode", DA_MUST, mode },
	{ "max-age-days", DA_MAY, max_age },
};

bool
da_policy_read_revocation(struct da_form *f, const struct da_json *v,
    void *into)
{
	return da_form_object(f, v, DA_FIELDS(revocation_fields), into);
}

/* -- "provisioned-keys" -- */

static bool
read_key(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_policy_rule *rule = into;

	if (!da_policy_read_name(f, v, rule->keys.name[rule->keys.n]))
		return false;
	rule->keys.n++;
	return true;
}

/* One: slot 0xF does not say which of several it would be. */
bool
da_policy_read_keys(struct da_form *f, const struct da_json *v, void *into)
{
	return da_form_list(f, v, 1, read_key, into);
}

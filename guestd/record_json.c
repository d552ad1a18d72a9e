/* SPDX-License-Identifier: Apache-2.0 */
#include "record_json.h"

#include <string.h>

#include "ticket_words.h"
#include "wire.h"

/* -- reading -- */

static bool
version(struct da_form *f, const struct da_json *v, void *into)
{
	int64_t got;

	(void)into;
	return da_form_int(f, v, DA_RECORD_VERSION, DA_RECORD_VERSION, &got);
}

/* A text that fits its field with a NUL, and has none inside. */
static bool
read_text(struct da_form *f, const struct da_json *v, char *ret, size_t size)
{
	struct da_slice text;

	if (!da_form_text(f, v, &text))
		return false;
	if (text.n >= size)
		return da_form_refuse_value(f, v, "too long");
	if (text.n > 0)
		memcpy(ret, text.p, text.n);
	return strlen(ret) == text.n ||
	    da_form_refuse_value(f, v, "has a zero byte");
}

static bool
boot_id(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return read_text(f, v, record->boot_id, sizeof(record->boot_id)) &&
	    (record->boot_id[0] != '\0' ||
	    da_form_refuse_value(f, v, "no boot's id"));
}

static bool
device(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;
	uint32_t number;

	return read_text(f, v, record->device, sizeof(record->device)) &&
	    (da_wire_parse_bdf(record->device, &number) ||
	    da_form_refuse_value(f, v,
	    "not a device like \"0000:01:00.0\""));
}

static bool
tokens(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return da_form_rows(f, v, da_token_words, DA_TOKEN_COUNT,
	    da_ticket_read_token, record->token);
}

static bool
read_digest(struct da_form *f, const struct da_json *v, uint8_t ret[48])
{
	size_t n = 0;

	return (da_json_hex(v, ret, 48, &n) && n == 48) ||
	    da_form_refuse_value(f, v, "not 96 hex digits");
}

static bool
policy_id(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return read_digest(f, v, record->policy_id);
}

static bool
device_key(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return read_digest(f, v, record->device_key);
}

static bool
class_name(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return read_text(f, v, record->class_name,
	    sizeof(record->class_name));
}

static bool
subject(struct da_form *f, const struct da_json *v, void *into)
{
	struct da_record *record = into;

	return read_text(f, v, record->subject, sizeof(record->subject));
}

static const struct da_form_field fields[] = {
	{ "version", DA_MUST, version },
	{ "boot-id", DA_MUST, boot_id },
	{ "device", DA_MUST, device },
	{ "tokens", DA_MUST, tokens },
	{ "policy-id", DA_MUST, policy_id },
	{ "device-key", DA_MUST, device_key },
	{ "class", DA_MUST, class_name },
	{ "subject", DA_MUST, subject },
};

bool
da_record_from_json(struct da_slice text, struct da_record *ret,
    struct da_json_error *reterr)
{
	struct da_json *root = da_json_parse(text, reterr);
	struct da_form f = { .text = text };
	struct da_record record;

	if (root == NULL)
		return false;
	memset(&record, 0, sizeof(record));
	if (da_form_object(&f, root, fields, COUNT(fields), &record))
		*ret = record;
	else
		*reterr = (struct da_json_error){ f.why, f.line, f.column };
	da_json_free(root);
	return f.why == NULL;
}

/* -- writing -- */

static void
set_text(struct da_json *o, const char *key, const char *s, size_t size)
{
	da_json_set(o, key, da_json_new_string(da_slice_of(s,
	    strnlen(s, size))));
}

static void
set_digest(struct da_json *o, const char *key, const uint8_t bytes[48])
{
	da_json_set(o, key, da_json_new_hex(da_slice_of(bytes, 48)));
}

struct da_json *
da_record_to_json(const struct da_record *record)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "version", da_json_new_int(DA_RECORD_VERSION));
	set_text(o, "boot-id", record->boot_id, sizeof(record->boot_id));
	set_text(o, "device", record->device, sizeof(record->device));
	da_json_set(o, "tokens", da_tokens_to_json(record->token));
	set_digest(o, "policy-id", record->policy_id);
	set_digest(o, "device-key", record->device_key);
	set_text(o, "class", record->class_name, sizeof(record->class_name));
	set_text(o, "subject", record->subject, sizeof(record->subject));
	return o;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "jsonform.h"

#include <string.h>

#include "jsonchar.h"

/* Shown to a person: escaped, and cut where it is long. */
static void
note_what(struct da_form *f, struct da_slice what)
{
	char escaped[4 * 16];
	struct da_cur c = da_cur_of(what);
	size_t n = 0;

	while (da_left(&c) > 0) {
		size_t more = da_left(&c) < 16 ? da_left(&c) : 16;
		size_t put = da_text_escaped(da_take(&c, more), escaped);

		if (put > sizeof(f->what) - 1 - n)
			put = sizeof(f->what) - 1 - n;
		memcpy(f->what + n, escaped, put);
		n += put;
	}
	f->what[n] = '\0';
}

bool
da_form_refuse(struct da_form *f, const struct da_json *v, const char *why,
    struct da_slice what)
{
	if (f->why != NULL)
		return false;
	f->why = why;
	note_what(f, what);
	da_json_where(f->text, v, &f->line, &f->column);
	return false;
}

bool
da_form_refuse_value(struct da_form *f, const struct da_json *v,
    const char *why)
{
	struct da_slice text = da_slice_of(NULL, 0);

	da_json_string(v, &text);
	return da_form_refuse(f, v, why, text);
}

/* A null has no place of its own: then it is that of what holds it. */
static bool
refused_in(struct da_form *f, const struct da_json *holder)
{
	if (f->line == 0)
		da_json_where(f->text, holder, &f->line, &f->column);
	return false;
}

/* -- objects -- */

struct known {
	struct da_form *f;
	const struct da_form_field *fields;
	size_t n;
};

static bool
key_is_known(const char *key, const struct da_json *v, void *arg)
{
	struct known *k = arg;

	for (size_t i = 0; i < k->n; i++) {
		if (strcmp(key, k->fields[i].key) != 0)
			continue;
		return k->fields[i].need != DA_LATER ||
		    da_form_refuse(k->f, v, "this key is known, but this "
		    "version does not support it", da_slice_str(key));
	}
	return da_form_refuse(k->f, v, "unknown key", da_slice_str(key));
}

bool
da_form_object(struct da_form *f, const struct da_json *v,
    const struct da_form_field *fields, size_t n, void *into)
{
	struct known known = { f, fields, n };

	if (da_json_kind(v) != DA_JSON_OBJECT)
		return da_form_refuse_value(f, v, "an object must stand here");
	if (!da_json_each(v, key_is_known, &known))
		return refused_in(f, v);
	for (size_t i = 0; i < n; i++) {
		const struct da_json *member = da_json_get(v, fields[i].key);

		if (member == NULL && fields[i].need == DA_MUST)
			return da_form_refuse(f, v, "a key is missing",
			    da_slice_str(fields[i].key));
		if (member != NULL && !fields[i].read(f, member, into))
			return refused_in(f, v);
	}
	return true;
}

struct rows {
	struct da_form *f;
	const char *const *words;
	size_t n;
	da_form_row_reader read;
	void *into;
};

static bool
each_row(const char *key, const struct da_json *v, void *arg)
{
	const struct rows *r = arg;

	for (size_t i = 0; i < r->n; i++)
		if (strcmp(key, r->words[i]) == 0)
			return r->read(r->f, v, i, r->into);
	return da_form_refuse(r->f, v, "unknown key", da_slice_str(key));
}

bool
da_form_rows(struct da_form *f, const struct da_json *v,
    const char *const *words, size_t n, da_form_row_reader read, void *into)
{
	struct rows rows = { f, words, n, read, into };

	if (da_json_kind(v) != DA_JSON_OBJECT)
		return da_form_refuse_value(f, v, "an object must stand here");
	return da_json_each(v, each_row, &rows) || refused_in(f, v);
}

/* -- lists -- */

static bool
same(const struct da_json *a, const struct da_json *b)
{
	struct da_slice s, t;
	uint64_t u, w;
	int64_t i, j;

	if (da_json_string(a, &s) && da_json_string(b, &t))
		return da_slice_eq(s, t);
	if (da_json_uint(a, &u) && da_json_uint(b, &w))
		return u == w;
	return da_json_int(a, &i) && da_json_int(b, &j) && i == j;
}

static bool
stands_before(const struct da_json *list, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (same(da_json_at(list, k), da_json_at(list, i)))
			return true;
	return false;
}

bool
da_form_any_list(struct da_form *f, const struct da_json *v, uint32_t max,
    da_form_reader read, void *into)
{
	if (da_json_kind(v) != DA_JSON_ARRAY)
		return da_form_refuse_value(f, v, "a list must stand here");
	if (da_json_length(v) > max)
		return da_form_refuse_value(f, v, "more items than the cap");
	for (uint32_t i = 0; i < da_json_length(v); i++) {
		const struct da_json *item = da_json_at(v, i);

		if (stands_before(v, i))
			return da_form_refuse_value(f, item,
			    "an item stands twice in a list");
		if (!read(f, item, into))
			return refused_in(f, v);
	}
	return true;
}

bool
da_form_list(struct da_form *f, const struct da_json *v, uint32_t max,
    da_form_reader read, void *into)
{
	if (da_json_kind(v) == DA_JSON_ARRAY && da_json_length(v) == 0)
		return da_form_refuse_value(f, v, "a list is empty");
	return da_form_any_list(f, v, max, read, into);
}

/* -- values -- */

bool
da_form_text(struct da_form *f, const struct da_json *v, struct da_slice *ret)
{
	return da_json_string(v, ret) ||
	    da_form_refuse_value(f, v, "a string must stand here");
}

bool
da_form_bool(struct da_form *f, const struct da_json *v, bool *ret)
{
	return da_json_bool(v, ret) ||
	    da_form_refuse_value(f, v, "true or false must stand here");
}

bool
da_form_int(struct da_form *f, const struct da_json *v, int64_t min,
    int64_t max, int64_t *ret)
{
	int64_t got;

	if (da_json_kind(v) != DA_JSON_INT)
		return da_form_refuse_value(f, v, "an integer must stand here");
	if (!da_json_int(v, &got) || got < min || got > max)
		return da_form_refuse_value(f, v, "an integer out of range");
	*ret = got;
	return true;
}

bool
da_form_uint(struct da_form *f, const struct da_json *v, uint64_t *ret)
{
	if (da_json_kind(v) != DA_JSON_INT)
		return da_form_refuse_value(f, v, "an integer must stand here");
	return da_json_uint(v, ret) ||
	    da_form_refuse_value(f, v, "an integer out of range");
}

bool
da_form_hex(struct da_form *f, const struct da_json *v, size_t digits,
    uint64_t *ret)
{
	struct da_slice text;

	return da_form_text(f, v, &text) &&
	    (da_hex_number(text, digits, digits, ret) ||
	    da_form_refuse_value(f, v, "hex digits, or not as many as asked"));
}

bool
da_form_is_null(const struct da_json *v)
{
	return v != NULL && da_json_kind(v) == DA_JSON_NULL;
}

size_t
da_form_named(struct da_form *f, const struct da_json *v,
    const char *const *names, size_t n)
{
	struct da_slice text;
	size_t i;

	if (!da_form_text(f, v, &text))
		return n;
	for (i = 0; i < n; i++)
		if (da_slice_eq(text, da_slice_str(names[i])))
			return i;
	da_form_refuse_value(f, v, "none of the words that may stand here");
	return n;
}

bool
da_form_word_or_null(struct da_form *f, const struct da_json *v,
    const char *const *names, size_t n, uint8_t *ret)
{
	size_t row;

	*ret = 0;
	if (da_form_is_null(v))
		return true;
	row = da_form_named(f, v, names + 1, n - 1);
	*ret = (uint8_t)(row + 1);
	return row < n - 1;
}

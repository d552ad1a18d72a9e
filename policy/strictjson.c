/* SPDX-License-Identifier: Apache-2.0 */
#include "strictjson.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "jsonchar.h"
#include "jsongate.h"

/*
 * json-c's null is a NULL pointer, and so is its "no such member".  Here null
 * is the address of this mark.  A tree's user data is 1 + the place of a value
 * that was read, or SPOILED for one that could not be written.
 */
static const uint64_t null_mark;
#define SPOILED UINTPTR_MAX

static struct da_json *
as_value(json_object *o)
{
	const void *mark = &null_mark;

	return o == NULL ? (struct da_json *)(uintptr_t)mark :
	    (struct da_json *)o;
}

/* json-c takes no const where it changes nothing. */
static json_object *
as_tree(const struct da_json *v)
{
	const void *mark = &null_mark;

	return v == mark ? NULL : (json_object *)(uintptr_t)v;
}

static uintptr_t
mark_of(json_object *o)
{
	return o == NULL ? 0 : (uintptr_t)json_object_get_userdata(o);
}

static void
set_mark(json_object *o, uintptr_t mark)
{
	if (o != NULL)
		json_object_set_userdata(o, (void *)mark, NULL);
}

/* -- reading -- */

/* Gives each value its place, in the gate's order. */
static size_t
place(json_object *o, const struct da_json_places *places, size_t next)
{
	if (next < places->n)
		set_mark(o, (uintptr_t)places->at[next++] + 1);
	if (json_object_is_type(o, json_type_array))
		for (size_t i = 0; i < json_object_array_length(o); i++)
			next = place(json_object_array_get_idx(o, i), places,
			    next);
	if (json_object_is_type(o, json_type_object)) {
		struct json_object_iterator at = json_object_iter_begin(o);
		struct json_object_iterator end = json_object_iter_end(o);

		for (; !json_object_iter_equal(&at, &end);
		    json_object_iter_next(&at))
			next = place(json_object_iter_peek_value(&at), places,
			    next);
	}
	return next;
}

/* A number has no end of its own, so json-c waits for one more byte. */
static bool
feed(json_tokener *tokener, struct da_slice text, json_object **ret)
{
	*ret = json_tokener_parse_ex(tokener, (const char *)text.p,
	    (int)text.n);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		*ret = json_tokener_parse_ex(tokener, "\n", 1);
	return json_tokener_get_error(tokener) == json_tokener_success;
}

static bool
build(struct da_slice text, json_object **ret)
{
	json_tokener *tokener = json_tokener_new_ex(DA_JSON_MAX_DEPTH + 1);
	bool ok;

	if (tokener == NULL)
		return false;
	json_tokener_set_flags(tokener,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	ok = feed(tokener, text, ret);
	json_tokener_free(tokener);
	return ok;
}

struct da_json *
da_json_parse(struct da_slice text, struct da_json_error *reterr)
{
	struct da_json_places places = { NULL, 0, 0 };
	json_object *root = NULL;
	bool ok;

	if (!da_json_gate(text, &places, reterr))
		return NULL;
	ok = build(text, &root);
	if (ok)
		place(root, &places, 0);
	else
		*reterr = (struct da_json_error){ "out of memory", 0, 0 };
	free(places.at);
	return ok ? as_value(root) : NULL;
}

void
da_json_free(struct da_json *root)
{
	json_object_put(as_tree(root));
}

enum da_json_kind
da_json_kind(const struct da_json *v)
{
	switch (json_object_get_type(as_tree(v))) {
	case json_type_boolean:
		return DA_JSON_BOOL;
	case json_type_int:
		return DA_JSON_INT;
	case json_type_string:
		return DA_JSON_STRING;
	case json_type_array:
		return DA_JSON_ARRAY;
	case json_type_object:
		return DA_JSON_OBJECT;
	default:
		return DA_JSON_NULL;
	}
}

const struct da_json *
da_json_get(const struct da_json *object, const char *key)
{
	json_object *member;

	if (!json_object_object_get_ex(as_tree(object), key, &member))
		return NULL;
	return as_value(member);
}

bool
da_json_each(const struct da_json *object,
    bool (*each)(const char *key, const struct da_json *value, void *arg),
    void *arg)
{
	struct json_object_iterator at, end;

	if (da_json_kind(object) != DA_JSON_OBJECT)
		return false;
	at = json_object_iter_begin(as_tree(object));
	end = json_object_iter_end(as_tree(object));
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (!each(json_object_iter_peek_name(&at),
		    as_value(json_object_iter_peek_value(&at)), arg))
			return false;
	return true;
}

uint32_t
da_json_length(const struct da_json *array)
{
	if (da_json_kind(array) != DA_JSON_ARRAY)
		return 0;
	return (uint32_t)json_object_array_length(as_tree(array));
}

const struct da_json *
da_json_at(const struct da_json *array, uint32_t i)
{
	if (i >= da_json_length(array))
		return NULL;
	return as_value(json_object_array_get_idx(as_tree(array), i));
}

bool
da_json_bool(const struct da_json *v, bool *ret)
{
	if (da_json_kind(v) != DA_JSON_BOOL)
		return false;
	*ret = json_object_get_boolean(as_tree(v)) != 0;
	return true;
}

bool
da_json_int(const struct da_json *v, int64_t *ret)
{
	json_object *o = as_tree(v);

	/* json-c makes what does not fit the nearest that does: 0 here... */
	if (da_json_kind(v) != DA_JSON_INT ||
	    json_object_get_uint64(o) > INT64_MAX)
		return false;
	*ret = json_object_get_int64(o);
	return true;
}

bool
da_json_uint(const struct da_json *v, uint64_t *ret)
{
	json_object *o = as_tree(v);

	/* ... and INT64_MAX here, which is not negative. */
	if (da_json_kind(v) != DA_JSON_INT || json_object_get_int64(o) < 0)
		return false;
	*ret = json_object_get_uint64(o);
	return true;
}

bool
da_json_string(const struct da_json *v, struct da_slice *ret)
{
	json_object *o = as_tree(v);

	if (da_json_kind(v) != DA_JSON_STRING)
		return false;
	*ret = da_slice_of(json_object_get_string(o),
	    (size_t)json_object_get_string_len(o));
	return true;
}

bool
da_json_hex(const struct da_json *v, uint8_t *buf, size_t max, size_t *ret_n)
{
	struct da_slice text;

	return da_json_string(v, &text) && da_hex_read(text, buf, max, ret_n);
}

void
da_json_where(struct da_slice text, const struct da_json *v,
    uint32_t *ret_line, uint32_t *ret_column)
{
	uintptr_t mark = mark_of(as_tree(v));

	*ret_line = *ret_column = 0;
	if (mark != 0 && mark != SPOILED)
		da_json_line_of(text, mark - 1, ret_line, ret_column);
}

/* -- writing -- */

struct da_json *
da_json_new_object(void)
{
	return (struct da_json *)json_object_new_object();
}

struct da_json *
da_json_new_array(void)
{
	return (struct da_json *)json_object_new_array();
}

struct da_json *
da_json_new_int(int64_t v)
{
	return (struct da_json *)json_object_new_int64(v);
}

struct da_json *
da_json_new_uint(uint64_t v)
{
	return (struct da_json *)json_object_new_uint64(v);
}

struct da_json *
da_json_new_bool(bool v)
{
	return (struct da_json *)json_object_new_boolean(v);
}

struct da_json *
da_json_new_null(void)
{
	return as_value(NULL);
}

/* Room for `times` characters a byte, and never more than json-c can hold. */
static char *
room_for(struct da_slice bytes, size_t times)
{
	return bytes.n > INT32_MAX / times - 1 ? NULL :
	    malloc((bytes.n + 1) * times);
}

static struct da_json *
new_text(char *owned, size_t n)
{
	json_object *o = json_object_new_string_len(owned, (int)n);

	free(owned);
	return (struct da_json *)o;
}

struct da_json *
da_json_new_string(struct da_slice text)
{
	char *out = room_for(text, 4);

	return out == NULL ? NULL : new_text(out, da_text_escaped(text, out));
}

struct da_json *
da_json_new_text(const char *text)
{
	return da_json_new_string(da_slice_str(text));
}

struct da_json *
da_json_new_hex(struct da_slice bytes)
{
	char *out = room_for(bytes, 2);

	return out == NULL ? NULL : new_text(out, da_text_hex(bytes, out));
}

void
da_json_set(struct da_json *object, const char *key, struct da_json *value)
{
	if (object != NULL && value != NULL &&
	    json_object_object_add(as_tree(object), key, as_tree(value)) == 0)
		return;
	da_json_free(value);
	set_mark(as_tree(object), SPOILED);
}

void
da_json_append(struct da_json *array, struct da_json *value)
{
	if (array != NULL && value != NULL &&
	    json_object_array_add(as_tree(array), as_tree(value)) == 0)
		return;
	da_json_free(value);
	set_mark(as_tree(array), SPOILED);
}

static bool
each_is_whole(const char *key, const struct da_json *value, void *arg)
{
	(void)key;
	(void)arg;
	if (mark_of(as_tree(value)) == SPOILED)
		return false;
	for (uint32_t i = 0; i < da_json_length(value); i++)
		if (!each_is_whole(NULL, da_json_at(value, i), NULL))
			return false;
	return da_json_kind(value) != DA_JSON_OBJECT ||
	    da_json_each(value, each_is_whole, NULL);
}

const char *
da_json_text(struct da_json *root)
{
	if (root == NULL || !each_is_whole(NULL, root, NULL))
		return NULL;
	return json_object_to_json_string_ext(as_tree(root),
	    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE);
}

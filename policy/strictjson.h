/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON behind one door.  json-c takes duplicate keys, NaN, single quotes and
 * keys cut at a NUL; the gate in front of it does not, and caps depth and
 * size.  Values are views into a document that the caller frees.
 */
#ifndef DA_STRICTJSON_H
#define DA_STRICTJSON_H

#include <stdbool.h>
#include <stdint.h>

#include "verifier/slice.h"

#define DA_JSON_MAX_BYTES	(16u * 1024u * 1024u)
#define DA_JSON_MAX_DEPTH	16

struct da_json;			/* a value; the root owns all below it */

struct da_json_error {
	const char *text;	/* static; not NULL after a refusal */
	uint32_t line, column;	/* of the offending byte, from 1 */
};

enum da_json_kind {
	DA_JSON_NULL,
	DA_JSON_BOOL,
	DA_JSON_INT,
	DA_JSON_STRING,
	DA_JSON_ARRAY,
	DA_JSON_OBJECT
};

/* -- reading -- */
struct da_json	*da_json_parse(struct da_slice text,
		    struct da_json_error *reterr);
void		 da_json_free(struct da_json *root);
enum da_json_kind da_json_kind(const struct da_json *v);
/* Member of an object, or NULL. */
const struct da_json *da_json_get(const struct da_json *object,
		    const char *key);
/* Calls `each` for every member in order until it returns false. */
bool		 da_json_each(const struct da_json *object,
		    bool (*each)(const char *key, const struct da_json *value,
		    void *arg), void *arg);
uint32_t	 da_json_length(const struct da_json *array);
const struct da_json *da_json_at(const struct da_json *array, uint32_t i);
bool		 da_json_bool(const struct da_json *v, bool *ret);
/*
 * A document may have integers from -2^63 to 2^64 - 1; false for one that the
 * type asked for does not hold.
 */
bool		 da_json_int(const struct da_json *v, int64_t *ret);
bool		 da_json_uint(const struct da_json *v, uint64_t *ret);
bool		 da_json_string(const struct da_json *v, struct da_slice *ret);
/* Lower- or upper-case hex of any even length up to `max` bytes. */
bool		 da_json_hex(const struct da_json *v, uint8_t *buf, size_t max,
		    size_t *ret_n);
/*
 * Where a value of the document parsed from `text` begins, or, of a member,
 * its key; 0 and 0 where nobody knows (of null).
 */
void		 da_json_where(struct da_slice text, const struct da_json *v,
		    uint32_t *ret_line, uint32_t *ret_column);

/*
 * -- writing: adding a value hands it over --
 * Nothing here fails on its own: where memory runs out the document is spoiled,
 * and its text is NULL.
 */
struct da_json	*da_json_new_object(void);
struct da_json	*da_json_new_array(void);
struct da_json	*da_json_new_int(int64_t v);
struct da_json	*da_json_new_uint(uint64_t v);
struct da_json	*da_json_new_bool(bool v);
struct da_json	*da_json_new_null(void);
/* Bytes that are not UTF-8, and control characters, are escaped as \\xNN. */
struct da_json	*da_json_new_string(struct da_slice text);
struct da_json	*da_json_new_text(const char *text);
struct da_json	*da_json_new_hex(struct da_slice bytes);
void		 da_json_set(struct da_json *object, const char *key,
		    struct da_json *value);
void		 da_json_append(struct da_json *array, struct da_json *value);
/* Pretty text, keys in the order they were set; lives as long as `root`. */
const char	*da_json_text(struct da_json *root);

#endif

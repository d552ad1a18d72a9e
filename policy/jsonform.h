/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Closed-world reading: the members of an object stand in a table, and what
 * stands in no table is an error.  Knows no document; a document's tables know
 * nothing of lines and columns.  The first problem wins.
 */
#ifndef DA_JSONFORM_H
#define DA_JSONFORM_H

#include "strictjson.h"

/* A document under a reader's eyes. */
struct da_form {
	struct da_slice text;	/* for lines and columns */
	const char *why;	/* static; NULL while all is well */
	char what[80];		/* the key or value in question, or "" */
	uint32_t line, column;
};

enum da_need {
	DA_MAY,
	DA_MUST,
	DA_LATER	/* a key of the contract that this version cannot do */
};

typedef bool (*da_form_reader)(struct da_form *f, const struct da_json *v,
	    void *into);

struct da_form_field {
	const char *key;
	enum da_need need;
	da_form_reader read;
};

/* Always false, so that a refusal is one line.  `what` may be empty. */
bool	da_form_refuse(struct da_form *f, const struct da_json *v,
	    const char *why, struct da_slice what);
/* The same; the value itself, where it is a string, is what is in question. */
bool	da_form_refuse_value(struct da_form *f, const struct da_json *v,
	    const char *why);

/* Reads each field into `into`, in the table's order. */
bool	da_form_object(struct da_form *f, const struct da_json *v,
	    const struct da_form_field *fields, size_t n, void *into);
/*
 * An object whose keys are all words of a list, and whose values are all of one
 * kind: each goes to `read` with the row of its word.
 */
typedef bool (*da_form_row_reader)(struct da_form *f, const struct da_json *v,
	    size_t row, void *into);
bool	da_form_rows(struct da_form *f, const struct da_json *v,
	    const char *const *words, size_t n, da_form_row_reader read,
	    void *into);
/* One to `max` items that all differ, each handed to `read`. */
bool	da_form_list(struct da_form *f, const struct da_json *v, uint32_t max,
	    da_form_reader read, void *into);
/* The same, but it may be empty. */
bool	da_form_any_list(struct da_form *f, const struct da_json *v,
	    uint32_t max, da_form_reader read, void *into);
bool	da_form_text(struct da_form *f, const struct da_json *v,
	    struct da_slice *ret);
bool	da_form_bool(struct da_form *f, const struct da_json *v, bool *ret);
bool	da_form_int(struct da_form *f, const struct da_json *v, int64_t min,
	    int64_t max, int64_t *ret);
bool	da_form_uint(struct da_form *f, const struct da_json *v, uint64_t *ret);
/* A string of exactly so many hex digits. */
bool	da_form_hex(struct da_form *f, const struct da_json *v, size_t digits,
	    uint64_t *ret);
bool	da_form_is_null(const struct da_json *v);
/* The row of `names` that the string is; `n`, refused: none of them. */
size_t	da_form_named(struct da_form *f, const struct da_json *v,
	    const char *const *names, size_t n);
/* The same, where row 0 has no name: null stands for it. */
bool	da_form_word_or_null(struct da_form *f, const struct da_json *v,
	    const char *const *names, size_t n, uint8_t *ret);

#endif

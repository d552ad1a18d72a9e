/* SPDX-License-Identifier: Apache-2.0 */
#include "jsongate.h"

#include <stdlib.h>

#include "jsonchar.h"

struct key {
	struct da_slice text;	/* between the quotes, escapes and all */
	uint32_t at;
	uint32_t hash;		/* of its characters: most keys differ here */
};

struct gate {
	struct da_cur c;
	const char *why;	/* the first problem, and where */
	size_t at;
	struct key *keys;	/* of the objects that are still open */
	size_t n_keys, room;
	struct da_json_places places;
};

typedef bool (*reader)(struct gate *g, unsigned int depth);

static bool	value(struct gate *g, unsigned int depth);

static bool
refuse_at(struct gate *g, const char *why, size_t at)
{
	if (g->why == NULL) {
		g->why = why;
		g->at = at;
	}
	return false;
}

static bool
refuse(struct gate *g, const char *why)
{
	return refuse_at(g, why, g->c.at);
}

/* The next byte, not eaten; -1 at the end. */
static int
peek(const struct da_cur *c)
{
	struct da_cur ahead = *c;
	uint8_t b = da_u8(&ahead);

	return ahead.bad ? -1 : b;
}

static bool
eat(struct da_cur *c, int wanted)
{
	if (peek(c) != wanted)
		return false;
	da_u8(c);
	return true;
}

static void
skip_space(struct da_cur *c)
{
	while (eat(c, ' ') || eat(c, '\n') || eat(c, '\t') || eat(c, '\r'))
		continue;
}

static const char *
string_problem(const struct da_cur *at_char)
{
	struct da_cur c = *at_char;
	int32_t point = da_utf8_next(&c);

	if (da_left(at_char) == 0)
		return "the text ends inside a string";
	if (point < 0)
		return "bytes that are not UTF-8";
	if (point == '\\')
		return "an escape that is none, NUL, or half of a pair";
	return "a control character inside a string";
}

static bool
string(struct gate *g, struct da_slice *ret)
{
	struct da_cur before;
	size_t from;
	int32_t point;

	if (!eat(&g->c, '"'))
		return refuse(g, "a key in double quotes must stand here");
	from = g->c.at;
	do {
		before = g->c;
		point = da_json_char(&g->c);
	} while (point >= 0);
	if (point == DA_CHAR_BAD)
		return refuse_at(g, string_problem(&before), before.at);
	*ret = da_since(&before, from);
	return true;
}

/* -- keys -- */

/* FNV-1a over characters; a collision costs time and decides nothing. */
static uint32_t
hash_of(struct da_slice text)
{
	uint32_t hash = 2166136261u;

	for (struct da_cur c = da_cur_of(text); da_left(&c) > 0;)
		hash = (hash ^ (uint32_t)da_json_char(&c)) * 16777619u;
	return hash;
}

/* As the characters that are meant: "a" and "\u0061" are one key. */
static int
by_characters(struct da_slice a, struct da_slice b)
{
	struct da_cur x = da_cur_of(a), y = da_cur_of(b);
	int32_t p, q;

	do {
		p = da_left(&x) == 0 ? DA_CHAR_END : da_json_char(&x);
		q = da_left(&y) == 0 ? DA_CHAR_END : da_json_char(&y);
	} while (p == q && p != DA_CHAR_END);
	return (p > q) - (p < q);
}

/* Equal keys stand by their places, so that the later one is refused. */
static bool
is_less(const struct key *a, const struct key *b)
{
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash;
	order = by_characters(a->text, b->text);
	return order != 0 ? order < 0 : a->at < b->at;
}

/* Lets the key at `i` sink to where both keys below it are less. */
static void
sink(struct key *keys, size_t i, size_t n)
{
	for (size_t child; i < n / 2; i = child) {
		struct key key = keys[i];

		child = 2 * i + 1;
		if (child + 1 < n && is_less(&keys[child], &keys[child + 1]))
			child++;
		if (!is_less(&key, &keys[child]))
			return;
		keys[i] = keys[child];
		keys[child] = key;
	}
}

/* Heapsort: qsort of the C library allocates and asks the system for more. */
static void
sort(struct key *keys, size_t n)
{
	for (size_t i = n / 2; i > 0; i--)
		sink(keys, i - 1, n);
	for (size_t end = n; end > 1; end--) {
		struct key last = keys[end - 1];

		keys[end - 1] = keys[0];
		keys[0] = last;
		sink(keys, 0, end - 1);
	}
}

static bool
keys_differ(struct gate *g, size_t first)
{
	struct key *keys = g->keys + first;
	size_t n = g->n_keys - first, twice = SIZE_MAX;

	if (n < 2)
		return true;
	sort(keys, n);
	for (size_t i = 1; i < n; i++)
		if (keys[i - 1].hash == keys[i].hash &&
		    by_characters(keys[i - 1].text, keys[i].text) == 0 &&
		    keys[i].at < twice)
			twice = keys[i].at;
	return twice == SIZE_MAX || refuse_at(g, "a key stands twice", twice);
}

/* No size wraps: a key or value costs a byte of a text that has a cap. */
static bool
note_key(struct gate *g, struct da_slice text, size_t at)
{
	if (g->n_keys == g->room) {
		size_t room = g->room * 2 + 16;
		struct key *keys = realloc(g->keys, room * sizeof(*keys));

		if (keys == NULL)
			return refuse(g, "out of memory");
		g->keys = keys;
		g->room = room;
	}
	g->keys[g->n_keys++] = (struct key){ text, (uint32_t)at,
	    hash_of(text) };
	return true;
}

/* json-c's tree knows no places; its order is the text's, so a list will do. */
static bool
note_place(struct gate *g, size_t at)
{
	struct da_json_places *p = &g->places;

	if (p->n == p->room) {
		size_t room = p->room * 2 + 64;
		uint32_t *places = realloc(p->at, room * sizeof(*places));

		if (places == NULL)
			return refuse(g, "out of memory");
		p->at = places;
		p->room = room;
	}
	p->at[p->n++] = (uint32_t)at;
	return true;
}

/* -- values -- */

static bool
digits(struct gate *g, uint64_t limit)
{
	uint64_t v = 0;

	for (int b = peek(&g->c); b >= '0' && b <= '9'; b = peek(&g->c)) {
		uint64_t digit = (uint64_t)b - '0';

		if (v > (limit - digit) / 10)
			return refuse(g, "an integer that 64 bits do not hold");
		v = v * 10 + digit;
		da_u8(&g->c);
	}
	return true;
}

static bool
number(struct gate *g)
{
	bool negative = eat(&g->c, '-');
	bool zero = peek(&g->c) == '0';
	size_t first = g->c.at;
	int next;

	/* Down to INT64_MIN; upward there is an unsigned type, too. */
	if (!digits(g, negative ? UINT64_C(1) << 63 : UINT64_MAX))
		return false;
	next = peek(&g->c);
	if (g->c.at == first)
		return refuse(g, "a digit must stand here");
	if (zero && g->c.at - first > 1)
		return refuse_at(g, "a leading zero", first);
	if (next == '.' || next == 'e' || next == 'E')
		return refuse(g, "a fraction or exponent; integers only");
	return true;
}

static bool
word(struct gate *g, const char *wanted)
{
	struct da_slice w = da_slice_str(wanted);
	struct da_cur ahead = g->c;

	if (!da_slice_eq(da_take(&ahead, w.n), w))
		return refuse(g, "no JSON value begins here");
	g->c = ahead;
	return true;
}

static bool
item(struct gate *g, unsigned int depth)
{
	return note_place(g, g->c.at) && value(g, depth);
}

static bool
member(struct gate *g, unsigned int depth)
{
	size_t at = g->c.at;
	struct da_slice key;

	if (!string(g, &key) || !note_key(g, key, at) || !note_place(g, at))
		return false;
	skip_space(&g->c);
	if (!eat(&g->c, ':'))
		return refuse(g, "a colon must stand here");
	skip_space(&g->c);
	return value(g, depth);
}

static bool
listed(struct gate *g, unsigned int depth, int close, reader each)
{
	da_u8(&g->c);
	skip_space(&g->c);
	if (eat(&g->c, close))
		return true;
	do {
		skip_space(&g->c);
		if (!each(g, depth))
			return false;
		skip_space(&g->c);
	} while (eat(&g->c, ','));
	return eat(&g->c, close) ||
	    refuse(g, "a comma or the closing bracket must stand here");
}

static bool
object(struct gate *g, unsigned int depth)
{
	size_t first = g->n_keys;

	if (!listed(g, depth, '}', member) || !keys_differ(g, first))
		return false;
	g->n_keys = first;
	return true;
}

static bool
value(struct gate *g, unsigned int depth)
{
	struct da_slice text;
	int b = peek(&g->c);

	if ((b == '{' || b == '[') && depth == DA_JSON_MAX_DEPTH)
		return refuse(g, "nested deeper than the cap");
	if (b == '{')
		return object(g, depth + 1);
	if (b == '[')
		return listed(g, depth + 1, ']', item);
	if (b == '"')
		return string(g, &text);
	if (b == '-' || (b >= '0' && b <= '9'))
		return number(g);
	return word(g, b == 't' ? "true" : b == 'f' ? "false" : "null");
}

static bool
document(struct gate *g)
{
	if (g->c.end > DA_JSON_MAX_BYTES)
		return refuse_at(g, "longer than the cap", DA_JSON_MAX_BYTES);
	skip_space(&g->c);
	if (!item(g, 0))
		return false;
	skip_space(&g->c);
	return da_all_read(&g->c) ||
	    refuse(g, "something stands after the one value");
}

void
da_json_line_of(struct da_slice text, size_t at, uint32_t *ret_line,
    uint32_t *ret_column)
{
	struct da_cur c = da_cur_of(text);
	uint32_t line = 1, column = 1;

	while (c.at < at && da_left(&c) > 0) {
		column++;
		if (da_u8(&c) == '\n') {
			line++;
			column = 1;
		}
	}
	*ret_line = line;
	*ret_column = column;
}

bool
da_json_gate(struct da_slice text, struct da_json_places *ret,
    struct da_json_error *reterr)
{
	struct gate g = { .c = da_cur_of(text) };
	bool ok = document(&g);

	free(g.keys);
	if (ok) {
		*ret = g.places;
		return true;
	}
	free(g.places.at);
	reterr->text = g.why;
	da_json_line_of(text, g.at, &reterr->line, &reterr->column);
	return false;
}

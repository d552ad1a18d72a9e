/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/jsonchar.h"
#include "policy/strictjson.h"
#include "replace.h"

#define BYTES(s) (s), sizeof(s) - 1

struct refused {
	const char *text;
	size_t n;
	const char *why;	/* begins so */
	uint32_t line, column;
};

static const struct refused refused[] = {
	/* no value, or more than one */
	{ BYTES(""), "no JSON value", 1, 1 },
	{ BYTES(" \n\t"), "no JSON value", 2, 2 },
	{ BYTES("{} {}"), "something stands after", 1, 4 },
	{ BYTES("1 2"), "something stands after", 1, 3 },
	{ BYTES("{}\0"), "something stands after", 1, 3 },
	{ BYTES("\0{}"), "no JSON value", 1, 1 },
	{ BYTES("{}x"), "something stands after", 1, 3 },
	{ BYTES("\xef\xbb\xbf{}"), "no JSON value", 1, 1 },
	/* what json-c takes and we do not */
	{ BYTES("{\"a\":1,\"a\":2}"), "a key stands twice", 1, 8 },
	{ BYTES("{\"a\":1,\"\\u0061\":2}"), "a key stands twice", 1, 8 },
	{ BYTES("{\"\\u00e4\":1,\"\xc3\xa4\":2}"), "a key stands twice", 1,
	    13 },
	{ BYTES("[{\"b\":1,\"a\":2,\n\"c\":3,\"a\":4,\"b\":5}]"),
	    "a key stands twice", 2, 7 },
	{ BYTES("NaN"), "no JSON value", 1, 1 },
	{ BYTES("[Infinity]"), "no JSON value", 1, 2 },
	{ BYTES("-Infinity"), "a digit", 1, 2 },
	{ BYTES("{'a':1}"), "a key in double quotes", 1, 2 },
	{ BYTES("['a']"), "no JSON value", 1, 2 },
	{ BYTES("\"a\\u0000b\""), "an escape that is none", 1, 3 },
	{ BYTES("{\"a\\u0000b\":1}"), "an escape that is none", 1, 4 },
	{ BYTES("\"a\0b\""), "a control character", 1, 3 },
	{ BYTES("\"a\nb\""), "a control character", 1, 3 },
	{ BYTES("\"\\ud800\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\udc00\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\ud800x\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\ud800\\u0041\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\ud800\\ud800\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\x41\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\u12g4\""), "an escape that is none", 1, 2 },
	{ BYTES("\"\\u123\""), "an escape that is none", 1, 2 },
	/* numbers */
	{ BYTES("01"), "a leading zero", 1, 1 },
	{ BYTES("-01"), "a leading zero", 1, 2 },
	{ BYTES("00"), "a leading zero", 1, 1 },
	{ BYTES("+1"), "no JSON value", 1, 1 },
	{ BYTES("-"), "a digit", 1, 2 },
	{ BYTES("- 1"), "a digit", 1, 2 },
	{ BYTES(".5"), "no JSON value", 1, 1 },
	{ BYTES("1."), "a fraction", 1, 2 },
	{ BYTES("1.0"), "a fraction", 1, 2 },
	{ BYTES("1e2"), "a fraction", 1, 2 },
	{ BYTES("1E2"), "a fraction", 1, 2 },
	{ BYTES("0x10"), "something stands after", 1, 2 },
	{ BYTES("-9223372036854775809"), "an integer that 64", 1, 20 },
	{ BYTES("18446744073709551616"), "an integer that 64", 1, 20 },
	{ BYTES("99999999999999999999999"), "an integer that 64", 1, 20 },
	/* structure */
	{ BYTES("[1,]"), "no JSON value", 1, 4 },
	{ BYTES("[,1]"), "no JSON value", 1, 2 },
	{ BYTES("[1 2]"), "a comma or", 1, 4 },
	{ BYTES("[1"), "a comma or", 1, 3 },
	{ BYTES("[1}"), "a comma or", 1, 3 },
	{ BYTES("{\"a\":1,}"), "a key in double", 1, 8 },
	{ BYTES("{\"a\" 1}"), "a colon", 1, 6 },
	{ BYTES("{\"a\":}"), "no JSON value", 1, 6 },
	{ BYTES("{a:1}"), "a key in double", 1, 2 },
	{ BYTES("{\"a\":1"), "a comma or", 1, 7 },
	{ BYTES("{\"a\":1]"), "a comma or", 1, 7 },
	{ BYTES("\"abc"), "the text ends inside", 1, 5 },
	{ BYTES("\"abc\\\""), "the text ends inside", 1, 7 },
	{ BYTES("// c\n1"), "no JSON value", 1, 1 },
	{ BYTES("[1/*c*/]"), "a comma or", 1, 3 },
	{ BYTES("TRUE"), "no JSON value", 1, 1 },
	{ BYTES("tru"), "no JSON value", 1, 1 },
	{ BYTES("nul"), "no JSON value", 1, 1 },
	{ BYTES("truex"), "something stands after", 1, 5 },
	{ BYTES("\v1"), "no JSON value", 1, 1 },
	/* UTF-8 */
	{ BYTES("\"\xff\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xc0\xaf\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xc1\xbf\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xe0\x80\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xed\xa0\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xf0\x80\x80\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xf4\x90\x80\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xf5\x80\x80\x80\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"\xc3\""), "bytes that are not UTF-8", 1, 2 },
	{ BYTES("\"ab\n"), "a control character", 1, 4 },
	{ BYTES("{\n  \"a\": 1,\n  \"b\": x\n}"), "no JSON value", 3, 8 },
};

START_TEST(refuses)
{
	const struct refused *r = &refused[_i];
	struct da_slice text = exactly(r->text, r->n);
	struct da_json_error error = { "", 0, 0 };

	ck_assert_ptr_null(da_json_parse(text, &error));
	ck_assert_msg(strncmp(error.text, r->why, strlen(r->why)) == 0,
	    "%s: %s", r->text, error.text);
	ck_assert_uint_eq(error.line, r->line);
	ck_assert_uint_eq(error.column, r->column);
	free((void *)(uintptr_t)text.p);
}
END_TEST

static struct da_json *
parsed(const char *text)
{
	struct da_slice exact = exactly(text, strlen(text));
	struct da_json_error error = { "", 0, 0 };
	struct da_json *root = da_json_parse(exact, &error);

	ck_assert_msg(root != NULL, "%s: %s at %u:%u", text, error.text,
	    error.line, error.column);
	free((void *)(uintptr_t)exact.p);
	return root;
}

static void
is_int(const char *text, int64_t wanted)
{
	struct da_json *v = parsed(text);
	int64_t got = -77;

	ck_assert(da_json_int(v, &got));
	ck_assert_int_eq(got, wanted);
	da_json_free(v);
}

START_TEST(integers)
{
	is_int("0", 0);
	is_int("-0", 0);
	is_int(" 7\r\n", 7);
	is_int("9223372036854775807", INT64_MAX);
	is_int("-9223372036854775808", INT64_MIN);
}
END_TEST

static void
is_uint(const char *text, bool is_signed, uint64_t wanted)
{
	struct da_json *v = parsed(text);
	uint64_t got = 77;
	int64_t ignored = 77;

	ck_assert_int_eq(da_json_kind(v), DA_JSON_INT);
	ck_assert(da_json_uint(v, &got));
	ck_assert_uint_eq(got, wanted);
	ck_assert(da_json_int(v, &ignored) == is_signed);
	ck_assert(is_signed || ignored == 77);
	da_json_free(v);
}

/* Each type takes what it holds, and never the nearest that it holds. */
START_TEST(unsigned_integers)
{
	struct da_json *v = parsed("[-1, -9223372036854775808, \"1\", true]");
	uint64_t got = 77;

	for (uint32_t i = 0; i < da_json_length(v); i++)
		ck_assert(!da_json_uint(da_json_at(v, i), &got));
	ck_assert_uint_eq(got, 77);
	da_json_free(v);
	is_uint("0", true, 0);
	is_uint("-0", true, 0);
	is_uint("9223372036854775807", true, INT64_MAX);
	is_uint("9223372036854775808", false, UINT64_C(1) << 63);
	is_uint("18446744073709551615", false, UINT64_MAX);
}
END_TEST

/* What our own writer wrote. */
START_TEST(the_largest_goes_around)
{
	struct da_json *v = da_json_new_uint(UINT64_MAX);
	struct da_json *again = parsed(da_json_text(v));
	uint64_t got;

	ck_assert(da_json_uint(again, &got) && got == UINT64_MAX);
	ck_assert_str_eq(da_json_text(again), "18446744073709551615");
	da_json_free(again);
	da_json_free(v);
}
END_TEST

START_TEST(strings)
{
	struct da_json *v = parsed("\"\\u00e4\\ud83d\\ude00\\n\\/\xc3\xa4\"");
	struct da_slice s;

	ck_assert(da_json_string(v, &s));
	ck_assert(da_slice_eq(s, da_slice_str(
	    "\xc3\xa4\xf0\x9f\x98\x80\n/\xc3\xa4")));
	da_json_free(v);
}
END_TEST

static bool
join(const char *key, const struct da_json *value, void *arg)
{
	char *out = arg;

	(void)value;
	strcat(out, key);
	return strcmp(key, "stop") != 0;
}

START_TEST(objects)
{
	struct da_json *v = parsed("{\"z\":null,\"a\":true,\"l\":[1,\"x\"],"
	    "\"stop\":{},\"never\":false}");
	const struct da_json *list = da_json_get(v, "l");
	char keys[80] = "";
	bool b = false;

	ck_assert_int_eq(da_json_kind(v), DA_JSON_OBJECT);
	ck_assert(!da_json_each(v, join, keys));
	ck_assert_str_eq(keys, "zalstop");
	/* null is there, "nothing" is not. */
	ck_assert_ptr_nonnull(da_json_get(v, "z"));
	ck_assert_int_eq(da_json_kind(da_json_get(v, "z")), DA_JSON_NULL);
	ck_assert_ptr_null(da_json_get(v, "nothing"));
	ck_assert(da_json_bool(da_json_get(v, "a"), &b) && b);
	ck_assert_uint_eq(da_json_length(list), 2);
	ck_assert_int_eq(da_json_kind(da_json_at(list, 1)), DA_JSON_STRING);
	ck_assert_ptr_null(da_json_at(list, 2));
	da_json_free(v);
}
END_TEST

/* json-c would make a number of a string, and of true. */
START_TEST(kinds_are_not_converted)
{
	struct da_json *v = parsed("[\"12\", true, 12, null, {}, []]");
	struct da_slice s;
	int64_t i;
	bool b;

	ck_assert(!da_json_int(da_json_at(v, 0), &i));
	ck_assert(!da_json_int(da_json_at(v, 1), &i));
	ck_assert(!da_json_bool(da_json_at(v, 2), &b));
	ck_assert(!da_json_string(da_json_at(v, 2), &s));
	ck_assert(!da_json_string(da_json_at(v, 3), &s));
	ck_assert_uint_eq(da_json_length(da_json_at(v, 4)), 0);
	ck_assert(!da_json_each(da_json_at(v, 5), join, NULL));
	ck_assert_ptr_null(da_json_get(da_json_at(v, 5), "a"));
	ck_assert(!da_json_bool(NULL, &b));
	da_json_free(v);
}
END_TEST

static bool
hex_of(const char *text, size_t max, size_t *ret_n)
{
	struct da_json *v = parsed(text);
	uint8_t buf[4];
	bool ok = da_json_hex(v, buf, max, ret_n);

	da_json_free(v);
	return ok;
}

START_TEST(hex)
{
	size_t n = 77;

	ck_assert(hex_of("\"00fFA9\"", 4, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert(hex_of("\"\"", 4, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(hex_of("\"01020304\"", 4, &n));
	ck_assert(!hex_of("\"0102030405\"", 4, &n));
	ck_assert(!hex_of("\"010\"", 4, &n));
	ck_assert(!hex_of("\"0g\"", 4, &n));
	ck_assert(!hex_of("\" 01 \"", 4, &n));
	ck_assert(!hex_of("12", 4, &n));
}
END_TEST

START_TEST(places)
{
	const char *text = "{ \"a\": [\n  1, null,\n\t\"x\" ],\n \"b\" : {} }";
	struct da_json *v = parsed(text);
	struct da_slice whole = da_slice_str(text);
	uint32_t line, column;

	da_json_where(whole, v, &line, &column);
	ck_assert_uint_eq(line, 1);
	ck_assert_uint_eq(column, 1);
	da_json_where(whole, da_json_get(v, "a"), &line, &column);
	ck_assert_uint_eq(column, 3);
	da_json_where(whole, da_json_at(da_json_get(v, "a"), 2), &line,
	    &column);
	ck_assert_uint_eq(line, 3);
	ck_assert_uint_eq(column, 2);
	da_json_where(whole, da_json_get(v, "b"), &line, &column);
	ck_assert_uint_eq(line, 4);
	ck_assert_uint_eq(column, 2);
	da_json_where(whole, da_json_at(da_json_get(v, "a"), 1), &line,
	    &column);
	ck_assert_uint_eq(line, 0);
	da_json_free(v);
}
END_TEST

static char *
nested(size_t depth)
{
	char *text = calloc(1, 2 * depth + 2);

	ck_assert_ptr_nonnull(text);
	memset(text, '[', depth);
	text[depth] = '1';
	memset(text + depth + 1, ']', depth);
	return text;
}

START_TEST(depth_has_a_cap)
{
	char *deep = nested(DA_JSON_MAX_DEPTH);
	char *deeper = nested(DA_JSON_MAX_DEPTH + 1);
	char *far = nested(1000000);
	struct da_json_error error = { "", 0, 0 };

	da_json_free(parsed(deep));
	ck_assert_ptr_null(da_json_parse(da_slice_str(deeper), &error));
	ck_assert_str_eq(error.text, "nested deeper than the cap");
	ck_assert_uint_eq(error.column, DA_JSON_MAX_DEPTH + 1);
	ck_assert_ptr_null(da_json_parse(da_slice_str(far), &error));
	free(deep);
	free(deeper);
	free(far);
}
END_TEST

START_TEST(size_has_a_cap)
{
	size_t n = DA_JSON_MAX_BYTES + 1;
	uint8_t *spaces = malloc(n);
	struct da_json_error error = { "", 0, 0 };
	struct da_json *v;

	ck_assert_ptr_nonnull(spaces);
	memset(spaces, ' ', n);
	spaces[0] = '1';
	ck_assert_ptr_null(da_json_parse(da_slice_of(spaces, n), &error));
	ck_assert_str_eq(error.text, "longer than the cap");
	v = da_json_parse(da_slice_of(spaces, n - 1), &error);
	ck_assert_ptr_nonnull(v);
	da_json_free(v);
	free(spaces);
}
END_TEST

/* Many keys cost n log n: a list of them must not stop the reader. */
START_TEST(many_keys)
{
	enum { KEYS = 50000 };
	char *text = malloc(KEYS * 12 + 32), *at = text;
	struct da_json_error error = { "", 0, 0 };
	struct da_json *v;

	ck_assert_ptr_nonnull(text);
	for (int i = 0; i < KEYS; i++)
		at += sprintf(at, "%c\"%d\":1", i == 0 ? '{' : ',', i);
	strcpy(at, "}");
	v = da_json_parse(da_slice_str(text), &error);
	ck_assert_ptr_nonnull(v);
	da_json_free(v);
	strcpy(at, ",\"31337\":2}");
	ck_assert_ptr_null(da_json_parse(da_slice_str(text), &error));
	ck_assert_str_eq(error.text, "a key stands twice");
	ck_assert_int_eq(error.column, at - text + 2);
	free(text);
}
END_TEST

static const char whole[] = "{\"a\":[-12,\"\\u00e4\\ud83d\\ude00\",null,{}],"
    "\"\xc3\xa4\":{\"b\":true,\"c\":false}}";

START_TEST(no_prefix_passes)
{
	struct da_json_error error = { "", 0, 0 };
	size_t n = sizeof(whole) - 1;

	da_json_free(parsed(whole));
	for (size_t i = 0; i < n; i++) {
		struct da_slice text = exactly(whole, i);

		ck_assert_ptr_null(da_json_parse(text, &error));
		free((void *)(uintptr_t)text.p);
	}
}
END_TEST

/* Whatever a byte becomes: read or refused, and the gate is json-c's better. */
START_TEST(any_byte_is_survived)
{
	struct da_json_error error = { "", 0, 0 };
	size_t n = sizeof(whole) - 1;

	for (size_t i = 0; i < n; i++)
		for (unsigned int b = 0; b < 256; b++) {
			struct da_slice text = exactly(whole, n);
			struct da_json *v;

			((uint8_t *)(uintptr_t)text.p)[i] = (uint8_t)b;
			error.text = "";
			v = da_json_parse(text, &error);
			ck_assert_str_ne(v == NULL ? error.text : "",
			    "out of memory");
			da_json_free(v);
			free((void *)(uintptr_t)text.p);
		}
}
END_TEST

/* -- writing -- */

static const char written[] =
"{\n"
"  \"z\": -1,\n"
"  \"a\": {\n"
"    \"hex\": \"00ff\",\n"
"    \"big\": 18446744073709551615\n"
"  },\n"
"  \"list\": [\n"
"    true,\n"
"    null,\n"
"    \"a/b\\\"\"\n"
"  ]\n"
"}";

static struct da_json *
document(void)
{
	struct da_json *root = da_json_new_object();
	struct da_json *inner = da_json_new_object();
	struct da_json *list = da_json_new_array();

	da_json_set(root, "z", da_json_new_int(-1));
	da_json_set(root, "a", inner);
	da_json_set(inner, "hex", da_json_new_hex(da_slice_of("\0\xff", 2)));
	da_json_set(inner, "big", da_json_new_uint(UINT64_MAX));
	da_json_append(list, da_json_new_bool(true));
	da_json_append(list, da_json_new_null());
	da_json_append(list, da_json_new_string(da_slice_str("a/b\"")));
	da_json_set(root, "list", list);
	return root;
}

START_TEST(writes_in_order)
{
	struct da_json *root = document(), *again = document();

	ck_assert_str_eq(da_json_text(root), written);
	ck_assert_str_eq(da_json_text(root), da_json_text(again));
	da_json_free(root);
	da_json_free(again);
}
END_TEST

static void
escapes_to(const char *text, size_t n, const char *wanted)
{
	struct da_json *v = da_json_new_string(da_slice_of(text, n));

	ck_assert_str_eq(da_json_text(v), wanted);
	da_json_free(v);
}

START_TEST(hostile_text_is_escaped)
{
	escapes_to(BYTES("plain \xc3\xa4"), "\"plain \xc3\xa4\"");
	escapes_to(BYTES("\x1b[31m\n\0"), "\"\\\\x1b[31m\\\\x0a\\\\x00\"");
	escapes_to(BYTES("\x7f\xc2\x9b"), "\"\\\\x7f\\\\xc2\\\\x9b\"");
	escapes_to(BYTES("\xff\xc3"), "\"\\\\xff\\\\xc3\"");
	escapes_to(BYTES("\xed\xa0\x80"), "\"\\\\xed\\\\xa0\\\\x80\"");
	escapes_to(BYTES(""), "\"\"");
}
END_TEST

/* Where memory ran out, no document is written, however deep it happened. */
START_TEST(spoiled_is_spoiled)
{
	struct da_json *root = document();
	struct da_json *list = da_json_new_array();

	da_json_append(list, NULL);
	ck_assert_ptr_null(da_json_text(list));
	da_json_set(root, "lost", list);
	ck_assert_ptr_null(da_json_text(root));
	da_json_free(root);
	root = document();
	da_json_set(root, "lost", NULL);
	ck_assert_ptr_null(da_json_text(root));
	da_json_free(root);
	da_json_set(NULL, "nowhere", document());
	da_json_append(NULL, document());
	ck_assert_ptr_null(da_json_text(NULL));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("strictjson");
	TCase *t = tcase_create("read");

	tcase_add_loop_test(t, refuses, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, integers);
	tcase_add_test(t, unsigned_integers);
	tcase_add_test(t, the_largest_goes_around);
	tcase_add_test(t, strings);
	tcase_add_test(t, objects);
	tcase_add_test(t, kinds_are_not_converted);
	tcase_add_test(t, hex);
	tcase_add_test(t, places);
	tcase_add_test(t, depth_has_a_cap);
	tcase_add_test(t, size_has_a_cap);
	tcase_add_test(t, many_keys);
	tcase_add_test(t, no_prefix_passes);
	tcase_add_test(t, any_byte_is_survived);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	t = tcase_create("write");
	tcase_add_test(t, writes_in_order);
	tcase_add_test(t, hostile_text_is_escaped);
	tcase_add_test(t, spoiled_is_spoiled);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

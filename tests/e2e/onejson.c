/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is standard input exactly one JSON object, by our own strict reader, and does
 * it say what the arguments say?  `key=value` is a member that is a string or
 * an integer, `check:result` an entry of "checks", `+key` a member that stands.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/strictjson.h"

static char text[4 * 1024 * 1024];

static bool
is_value(const struct da_json *v, const char *expected)
{
	struct da_slice s;
	char number[24];
	int64_t n;

	if (v == NULL)
		return false;
	if (da_json_string(v, &s))
		return da_slice_eq(s, da_slice_str(expected));
	if (!da_json_int(v, &n))
		return false;
	snprintf(number, sizeof(number), "%" PRId64, n);
	return strcmp(number, expected) == 0;
}

static bool
has_check(const struct da_json *root, const char *name, const char *result)
{
	const struct da_json *checks = da_json_get(root, "checks");

	if (checks == NULL)
		return false;
	for (uint32_t i = 0; i < da_json_length(checks); i++) {
		const struct da_json *c = da_json_at(checks, i);

		if (is_value(da_json_get(c, "check"), name))
			return is_value(da_json_get(c, "result"), result);
	}
	return false;
}

static bool
says(const struct da_json *root, char *word)
{
	char *mark = strpbrk(word, "=:");
	char kind;

	if (*word == '+')
		return da_json_get(root, word + 1) != NULL;
	if (mark == NULL)
		return false;
	kind = *mark;
	*mark = '\0';
	return kind == '=' ? is_value(da_json_get(root, word), mark + 1) :
	    has_check(root, word, mark + 1);
}

int
main(int argc, char **argv)
{
	size_t n = fread(text, 1, sizeof(text), stdin);
	struct da_json_error error = { "", 0, 0 };
	struct da_json *root = da_json_parse(da_slice_of(text, n), &error);
	int bad = 0;

	if (root == NULL || da_json_kind(root) != DA_JSON_OBJECT) {
		fprintf(stderr, "not one JSON object: %s (line %u)\n",
		    error.text, (unsigned int)error.line);
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		char *word = strdup(argv[i]);

		if (word == NULL || !says(root, word)) {
			fprintf(stderr, "it does not say %s\n", argv[i]);
			bad = 1;
		}
		free(word);
	}
	da_json_free(root);
	return bad;
}

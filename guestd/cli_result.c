/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Result objects as they come back from a file or from the daemon: read by the
 * strict reader, and refused where they are not of a result's form.
 */
#include "cli.h"

bool
cli_is_borne(const struct da_json *check, const char *mark)
{
	const struct da_json *v = da_json_get(check, mark);
	bool borne;

	return v != NULL && da_json_bool(v, &borne) && borne;
}

static bool
is_one_of(const struct da_json *object, const char *key,
    const char *const *words, size_t n)
{
	struct da_slice text = cli_text_of(object, key);

	for (size_t i = 0; i < n; i++)
		if (da_slice_eq(text, da_slice_str(words[i])))
			return true;
	return false;
}

static bool
is_check(const struct da_json *v)
{
	static const char *const results[] = { "holds", "broken", "unknown" };

	return v != NULL && da_json_kind(v) == DA_JSON_OBJECT &&
	    cli_text_of(v, "check").n > 0 && is_one_of(v, "result", results,
	    sizeof(results) / sizeof(results[0]));
}

/* A list that is not there has no members that are wrong. */
static bool
all_are(const struct da_json *object, const char *key,
    bool (*is_so)(const struct da_json *))
{
	const struct da_json *list = da_json_get(object, key);

	if (list == NULL)
		return true;
	if (da_json_kind(list) != DA_JSON_ARRAY)
		return false;
	for (uint32_t i = 0; i < da_json_length(list); i++)
		if (!is_so(da_json_at(list, i)))
			return false;
	return true;
}

/* What is not decided yet has no exit class. */
static bool
has_class(const struct da_json *object)
{
	const struct da_json *v = da_json_get(object, "exit");
	int64_t n;

	if (v == NULL || da_json_kind(v) == DA_JSON_NULL)
		return da_slice_eq(cli_text_of(object, "result"),
		    da_slice_str("judging"));
	return da_json_int(v, &n) && n >= 0 && n <= 10;
}

static bool
is_answer(const struct da_json *v, const char *key)
{
	static const char *const words[] = { "accepted", "refused",
		"untrusted", "verified", "shown", "judging", "collected",
		"explained", "clean" };

	return v != NULL && da_json_kind(v) == DA_JSON_OBJECT &&
	    is_one_of(v, key, words, sizeof(words) / sizeof(words[0])) &&
	    has_class(v) && all_are(v, "checks", is_check);
}

/* What nobody of devattest's writes: a yes over a check that is broken. */
static bool
is_no_obstacle(const struct da_json *check)
{
	return !da_slice_eq(cli_text_of(check, "result"),
	    da_slice_str("broken")) || cli_is_borne(check, "warned");
}

static bool
is_consistent(const struct da_json *v, const char *key)
{
	static const char *const yes[] = { "accepted", "verified" };

	return !is_one_of(v, key, yes, sizeof(yes) / sizeof(yes[0])) ||
	    (cli_int_of(v, "exit") == 0 &&
	    all_are(v, "checks", is_no_obstacle));
}

/* A device of the daemon's. */
static bool
is_device(const struct da_json *v)
{
	return is_answer(v, "verdict") && cli_text_of(v, "device").n > 0 &&
	    is_consistent(v, "verdict");
}

bool
cli_is_result(const struct da_json *v)
{
	return is_device(v) || (is_answer(v, "result") &&
	    is_consistent(v, "result") && all_are(v, "devices", is_device));
}

struct da_json *
cli_result_read(struct da_slice text, struct cli_refusal *reterr)
{
	struct da_json_error error;
	struct da_json *root = da_json_parse(text, &error);

	if (root != NULL && cli_is_result(root))
		return root;
	*reterr = (struct cli_refusal){ .exit_class = 8 };
	if (root == NULL)
		da_misused(&reterr->misuse, "not JSON, line %u, column %u: %s",
		    (unsigned int)error.line, (unsigned int)error.column,
		    error.text);
	else
		da_misused(&reterr->misuse, "JSON, and no result of "
		    "devattest's: it lacks \"result\", \"exit\" or the form "
		    "of \"checks\", or contradicts itself");
	da_json_free(root);
	return NULL;
}

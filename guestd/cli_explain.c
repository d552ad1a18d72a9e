/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result in words.  Nothing is verified or judged anew: the file says what
 * was found, and the tables say what that means.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "advice.h"
#include "files.h"
#include "verifier/table.h"

static void
set_text(struct da_json *o, const char *key, const char *text)
{
	da_json_set(o, key, da_json_new_string(da_slice_str(text)));
}

/* As the file has it, where it has it. */
static void
copy_text(struct da_json *o, const struct da_json *from, const char *key)
{
	struct da_slice text = cli_text_of(from, key);

	if (text.n > 0)
		da_json_set(o, key, da_json_new_string(text));
}

static void
copy_int(struct da_json *o, const struct da_json *from, const char *key)
{
	const struct da_json *v = da_json_get(from, key);
	int64_t n;

	if (v != NULL && da_json_int(v, &n))
		da_json_set(o, key, da_json_new_int(n));
}

static enum da_why
fault_named(struct da_slice name)
{
	for (enum da_why why = DA_F_NONE + 1; why < DA_F_COUNT; why++)
		if (da_slice_eq(name, da_slice_str(da_fault_text(why)->name)))
			return why;
	return DA_F_NONE;
}

/* -- one check -- */

static const char *
advice_for(const struct da_json *check, enum da_check id)
{
	struct da_slice result = cli_text_of(check, "result");
	enum da_why why = fault_named(cli_text_of(check, "fault"));

	if (da_slice_eq(result, da_slice_str("holds")))
		return NULL;
	if (cli_is_borne(check, "tolerated"))
		return "Nothing: the policy tolerates this unknown by name.";
	if (cli_is_borne(check, "warned"))
		return "Nothing: the policy only wants to be warned of it.";
	if (da_slice_eq(result, da_slice_str("unknown")))
		return da_advice_unknown(id);
	return why != DA_F_NONE ? da_advice_broken(why) : da_advice_class(1);
}

static struct da_json *
check_in_words(const struct da_json *check)
{
	enum da_check id = da_check_named(cli_text_of(check, "check"));
	const char *advice = advice_for(check, id);
	struct da_json *o = da_json_new_object();

	copy_text(o, check, "check");
	copy_text(o, check, "result");
	set_text(o, "asks", id == DA_CHK_COUNT ? "(a check that this version "
	    "does not know)" : da_check_question(id));
	copy_text(o, check, "fault");
	copy_text(o, check, "text");
	copy_text(o, check, "paragraph");
	copy_text(o, check, "part");
	copy_int(o, check, "offset");
	set_text(o, "rule", da_advice_rule(id));
	if (advice != NULL)
		set_text(o, "advice", advice);
	return o;
}

/* -- one answer: a verb's, or a device's of the daemon -- */

/* A device's own reason, where it has no list of checks to say it. */
static struct da_json *
reason_in_words(const struct da_json *subject)
{
	enum da_why why = fault_named(cli_text_of(subject, "fault"));
	enum da_check id = da_check_named(cli_text_of(subject, "check"));
	struct da_json *o = da_json_new_object();

	copy_text(o, subject, "check");
	copy_text(o, subject, "fault");
	copy_text(o, subject, "text");
	copy_text(o, subject, "paragraph");
	copy_text(o, subject, "part");
	copy_int(o, subject, "offset");
	set_text(o, "rule", da_advice_rule(id));
	set_text(o, "advice", why == DA_F_POLICY_UNKNOWN &&
	    id != DA_CHK_COUNT ? da_advice_unknown(id) : why != DA_F_NONE ?
	    da_advice_broken(why) : da_advice_class(1));
	return o;
}

static void
set_device(struct da_json *o, const struct da_json *subject)
{
	const struct da_json *device = da_json_get(subject, "device");

	if (device != NULL && da_json_kind(device) == DA_JSON_OBJECT) {
		struct da_slice id = cli_text_of(device, "id");

		da_json_set(o, "device", da_json_new_string(id));
		return;
	}
	copy_text(o, subject, "device");
}

static void
set_meaning(struct da_json *o, const struct da_json *subject)
{
	const struct da_json *v = da_json_get(subject, "exit");
	int64_t class;

	if (v == NULL || !da_json_int(v, &class))
		return;
	da_json_set(o, "exit", da_json_new_int(class));
	set_text(o, "meaning", cli_class_text((int)class));
	set_text(o, "advice", da_advice_class((int)class));
}

static struct da_json *
subject_in_words(const struct da_json *subject)
{
	const struct da_json *checks = da_json_get(subject, "checks");
	bool is_device = da_json_get(subject, "verdict") != NULL;
	struct da_json *o = da_json_new_object(), *list = da_json_new_array();
	struct da_slice word = cli_text_of(subject, is_device ? "verdict" :
	    "result");

	set_device(o, subject);
	da_json_set(o, "verdict", da_json_new_string(word));
	set_meaning(o, subject);
	copy_text(o, subject, "since");
	copy_text(o, subject, "subject");
	copy_text(o, subject, "error");
	if (is_device && cli_text_of(subject, "text").n > 0)
		da_json_set(o, "reason", reason_in_words(subject));
	for (uint32_t i = 0; checks != NULL && i < da_json_length(checks); i++)
		da_json_append(list, check_in_words(da_json_at(checks, i)));
	da_json_set(o, "checks", list);
	return o;
}

static struct da_json *
in_words(const struct da_json *result)
{
	const struct da_json *devices = da_json_get(result, "devices");
	struct da_json *o = cli_head("explain", "explained", 0);
	struct da_json *list = da_json_new_array();

	if (cli_text_of(result, "verb").n > 0)
		da_json_set(o, "of", da_json_new_string(
		    cli_text_of(result, "verb")));
	da_json_append(list, subject_in_words(result));
	for (uint32_t i = 0; devices != NULL && i < da_json_length(devices);
	    i++)
		da_json_append(list, subject_in_words(da_json_at(devices, i)));
	da_json_set(o, "subjects", list);
	return o;
}

/* -- for people: lines of that object -- */

static void
print_line(const char *before, const struct da_json *o, const char *key)
{
	struct da_slice text = cli_text_of(o, key);

	if (text.n == 0 || da_slice_eq(text, da_slice_str("-")))
		return;
	printf("%s", before);
	cli_print_escaped(text);
	printf("\n");
}

static void
print_fault(const struct da_json *o)
{
	int64_t offset = cli_int_of(o, "offset");

	print_line("      fault      ", o, "fault");
	print_line("      found      ", o, "text");
	print_line("      asked by   ", o, "paragraph");
	if (cli_text_of(o, "part").n > 0 &&
	    !da_slice_eq(cli_text_of(o, "part"), da_slice_str("none"))) {
		printf("      where      ");
		cli_print_escaped(cli_text_of(o, "part"));
		if (offset >= 0)
			printf(", byte %lld", (long long)offset);
		printf("\n");
	}
	print_line("      policy key ", o, "rule");
	print_line("      to do      ", o, "advice");
}

static void
print_check(const struct da_json *o)
{
	struct da_slice result = cli_text_of(o, "result");

	printf("  %-7.*s  ", (int)result.n, (const char *)result.p);
	cli_print_escaped(cli_text_of(o, "check"));
	printf(": ");
	cli_print_escaped(cli_text_of(o, "asks"));
	printf("\n");
	if (!da_slice_eq(result, da_slice_str("holds")))
		print_fault(o);
}

static void
print_subject(const struct da_json *o)
{
	const struct da_json *reason = da_json_get(o, "reason");
	const struct da_json *checks = da_json_get(o, "checks");
	int64_t class = cli_int_of(o, "exit");

	if (cli_text_of(o, "device").n > 0) {
		cli_print_escaped(cli_text_of(o, "device"));
		printf(": ");
	}
	cli_print_escaped(cli_text_of(o, "verdict"));
	if (class > 0)
		printf(", exit %d: %s", (int)class, cli_class_text((int)class));
	printf("\n");
	print_line("  key of     ", o, "subject");
	print_line("  since      ", o, "since");
	print_line("  error      ", o, "error");
	if (reason != NULL) {
		print_line("  because of ", reason, "check");
		print_fault(reason);
	} else if (class > 0)
		print_line("  to do      ", o, "advice");
	for (uint32_t i = 0; i < da_json_length(checks); i++)
		print_check(da_json_at(checks, i));
}

static int
tell(const struct da_options *options, const struct da_json *result)
{
	struct da_json *o = in_words(result);
	const struct da_json *list = da_json_get(o, "subjects");

	if (options->json)
		return cli_put_json(o) ? 0 : 1;
	for (uint32_t i = 0; list != NULL && i < da_json_length(list); i++) {
		if (i > 0)
			printf("\n");
		print_subject(da_json_at(list, i));
	}
	da_json_free(o);
	return list == NULL ? 1 : 0;
}

static bool
load(const char *path, struct da_slice *ret, struct cli_refusal *reterr)
{
	struct da_file_error error;

	if (da_file_read(path, DA_PART_NONE, CLI_MAX_RESULT, ret, &error))
		return true;
	*reterr = (struct cli_refusal){ .exit_class = error.unusable ? 1 :
	    da_fault_text(error.fault.why)->exit_class };
	reterr->fault = error.fault;
	return da_misused(&reterr->misuse, "%s: %s", strcmp(path, "-") == 0 ?
	    "standard input" : path, error.unusable ? error.text :
	    da_fault_text(error.fault.why)->text);
}

int
cli_explain(const struct da_options *options)
{
	const char *path = options->operand != NULL ? options->operand : "-";
	struct cli_refusal refusal = { 0 };
	struct da_json *result;
	struct da_slice text;
	int class;

	if (options->operand == NULL && isatty(STDIN_FILENO) == 1)
		return cli_tell_misuse("explain", options->json, "nothing to "
		    "explain: give a result's file, or pipe one in");
	if (!load(path, &text, &refusal))
		return cli_tell_refusal(options, &refusal);
	result = cli_result_read(text, &refusal);
	da_file_free(text);
	if (result == NULL)
		return cli_tell_refusal(options, &refusal);
	class = tell(options, result);
	da_json_free(result);
	return class;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "demo_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "policy/strictjson.h"

#define MAX_JSON	65536

/* -- colour -- */

static const char green[] = "32", red[] = "31", bold[] = "1";

static bool
is_coloured(void)
{
	const char *never = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) == 1 &&
	    (never == NULL || never[0] == '\0');
}

static void
paint(const char *colour, const char *text, size_t n)
{
	if (is_coloured())
		printf("\033[%sm%.*s\033[0m", colour, (int)n, text);
	else
		printf("%.*s", (int)n, text);
}

static void
heading(const char *text)
{
	putchar('\n');
	paint(bold, text, strlen(text));
	putchar('\n');
}

/* -- the story -- */

void
demo_tell_start(void)
{
	heading("devattest: a guest looks at a device before it lets it in");
	fputs(
"A virtual machine, the guest, is handed a device by a host that it must not\n"
"trust.  See how it finds out whether the device is the one its owner wants,\n"
"how it lets it in, and how it catches the host cheating, in eight ways.\n"
"\n"
"  host     carries the bytes between device and guest; nobody believes it\n"
"  TSM      the platform's trusted manager of devices: tells the guest, past\n"
"           the host, the digests (hashes) of the true bytes\n"
"  ticket   what TSM and kernel say of a device: its state, those digests\n"
"  nonce    random bytes that an answer must hold, so that it is no old one\n"
"  report   which parts of the device's memory are private, which are shared\n"
"  policy   the owner's file: whose devices, with which firmware, and what of\n"
"           their memory may be shared\n", stdout);
}

void
demo_tell_cast(uid_t host, uid_t own)
{
	heading("Running on this machine, as processes of their own");
	fputs(
"  devattest-emulator  device, TSM and guest kernel; all three are EMULATED\n"
"  devattest-relay     the host", stdout);
	if (host != own)
		printf(", user %u: the guest's folder is closed to it\n", host);
	else
		puts("; runs as the same user as all others here");
	fputs(
"  devattestd          the guest's daemon: one process talks to the host, two\n"
"                      read and judge and can do nothing else, one holds the\n"
"                      kernel, one watches over them\n", stdout);
	heading("1. An honest host");
}

/* "  12 yes  ..." and "  12 NO   ...": the answer in colour. */
void
demo_tell_line(const char *line)
{
	fputs("   ", stdout);
	if (strlen(line) > 8 && strncmp(line + 5, "yes", 3) == 0) {
		printf("%.5s", line);
		paint(green, "yes", 3);
		line += 8;
	} else if (strlen(line) > 8 && strncmp(line + 5, "NO ", 3) == 0) {
		printf("%.5s", line);
		paint(red, "NO ", 3);
		line += 8;
	}
	puts(line);
	fflush(stdout);
}

/* In lines that a terminal has room for, broken at spaces. */
static void
print_wrapped(size_t indent, const char *text)
{
	while (text[0] != '\0') {
		size_t n = strlen(text), room = 76 - indent;

		while (n > room && room > 0 && text[room] != ' ')
			room--;
		if (n > room && room > 0)
			n = room;
		printf("%*s%.*s\n", (int)indent, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}

static void
print_file(const char *path)
{
	struct da_file_error error;
	struct da_slice text;
	char lines[1024], *save = NULL;

	if (!da_file_read(path, DA_PART_NONE, MAX_JSON, &text, &error))
		return;
	snprintf(lines, sizeof(lines), "%.*s", (int)text.n,
	    (const char *)text.p);
	da_file_free(text);
	for (char *line = strtok_r(lines, "\n", &save); line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		print_wrapped(3, line);
}

bool
demo_tell_accepted(int exit_class, const char *out_path)
{
	if (exit_class != 0)
		printf("   devattestd ended with %d\n", exit_class);
	print_file(out_path);
	return exit_class == 0;
}

/* -- the attacks -- */

void
demo_tell_second(void)
{
	heading("2. A host that cheats");
	fputs(
"   Most attacks are shown twice.  First as they would happen: the TSM's\n"
"   digest gives them away before anything parses a byte.  Then with a TSM\n"
"   that was made to agree with the forgery, which no host can do: to show\n"
"   what else stands in the way.  Two of them forge no byte, and are shown\n"
"   once.  \"byte\" is where it was noticed.  All is EMULATED, as before.\n",
	    stdout);
}

void
demo_tell_attack(char letter, const char *text, const char *why)
{
	printf("\n   %c. ", letter);
	paint(bold, text, strlen(text));
	printf("\n      %s\n", why);
	fflush(stdout);
}

void
demo_tell_agreeing(void)
{
	puts("      With a TSM that agrees:");
}

static const char *
text_of(const struct da_json *object, const char *key, char *buf, size_t size)
{
	const struct da_json *value = da_json_get(object, key);
	struct da_slice s = { NULL, 0 };

	if (value == NULL || !da_json_string(value, &s))
		s = da_slice_of("", 0);
	snprintf(buf, size, "%.*s", (int)s.n, (const char *)s.p);
	return buf;
}

static int64_t
number_of(const struct da_json *object, const char *key)
{
	const struct da_json *value = da_json_get(object, key);
	int64_t number = -1;

	if (value != NULL && da_json_int(value, &number))
		return number;
	return -1;
}

/* One broken check; true when it is the expected one. */
static bool
print_broken(const struct da_json *check, const struct demo_expected *expected)
{
	char name[64], fault[64], part[64], text[160];

	text_of(check, "check", name, sizeof(name));
	text_of(check, "fault", fault, sizeof(fault));
	printf("         %s: %s\n", name,
	    text_of(check, "text", text, sizeof(text)));
	printf("         %s, %s byte %lld\n", fault,
	    text_of(check, "part", part, sizeof(part)),
	    (long long)number_of(check, "offset"));
	return expected->check != NULL && strcmp(name, expected->check) == 0 &&
	    strcmp(fault, expected->fault) == 0;
}

/* Nothing was asked of the device: it was refused before any check. */
static bool
print_own_fault(const struct da_json *device,
    const struct demo_expected *expected)
{
	char fault[64], text[320];

	if (expected->check != NULL)
		return false;
	print_wrapped(9, text_of(device, "text", text, sizeof(text)));
	print_wrapped(9, text_of(device, "fault", fault, sizeof(fault)));
	return strcmp(fault, expected->fault) == 0;
}

static bool
print_checks(const struct da_json *device, const struct demo_expected *expected)
{
	const struct da_json *checks = da_json_get(device, "checks");
	bool found = false;
	char result[16];

	for (uint32_t i = 0; checks != NULL && i < da_json_length(checks);
	    i++) {
		const struct da_json *check = da_json_at(checks, i);

		if (strcmp(text_of(check, "result", result, sizeof(result)),
		    "broken") == 0 && print_broken(check, expected))
			found = true;
	}
	return found;
}

/* True when the refusal is the expected one. */
static bool
print_refusal(const char *catcher, const struct da_json *root,
    const struct demo_expected *expected)
{
	const struct da_json *devices = da_json_get(root, "devices");
	const struct da_json *device = devices == NULL ? NULL :
	    da_json_at(devices, 0);
	int64_t class = number_of(root, "exit");
	char verdict[16], text[320];

	if (device == NULL)
		return false;
	text_of(device, "verdict", verdict, sizeof(verdict));
	fputs("      ", stdout);
	paint(strcmp(verdict, "refused") == 0 ? green : red, verdict,
	    strlen(verdict));
	printf(" (%lld), by %s\n", (long long)class, catcher);
	if ((print_checks(device, expected) ||
	    print_own_fault(device, expected)) &&
	    class == expected->exit_class)
		return true;
	print_wrapped(9, text_of(device, "text", text, sizeof(text)));
	return false;
}

bool
demo_tell_refused(const char *catcher, const char *json_path,
    const struct demo_expected *expected)
{
	struct da_file_error file_error;
	struct da_json_error json_error;
	struct da_json *root = NULL;
	struct da_slice text;
	bool right = false;

	if (da_file_read(json_path, DA_PART_NONE, MAX_JSON, &text,
	    &file_error)) {
		root = da_json_parse(text, &json_error);
		da_file_free(text);
	}
	if (root != NULL) {
		right = print_refusal(catcher, root, expected);
		da_json_free(root);
	}
	if (!right)
		printf("      NOT AS EXPECTED: %s, %s, exit %d\n",
		    expected->check == NULL ? "no check" : expected->check,
		    expected->fault, expected->exit_class);
	fflush(stdout);
	return right;
}

/* -- the end -- */

void
demo_tell_result(bool accepted, const struct demo_count *count)
{
	const char *word = accepted ? "accepted" : "NOT accepted";

	heading("3. What happened");
	fputs("   the honest host's device: ", stdout);
	paint(accepted ? green : red, word, strlen(word));
	printf("\n   %d attacks in %d tries; refused, for the right reason: "
	    "%d of %d\n", count->attacks, count->tries, count->caught,
	    count->tries);
	if (accepted && count->caught == count->tries)
		puts("   (The README goes on with a real GPU's evidence.)");
}

bool
demo_tell_failure(const char *why)
{
	printf("   the demo cannot go on: %s\n", why);
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "identity.h"
#include "wire.h"

#define POLICY_PATH	"/etc/devattest/policy.json"
#define ROOTS_FOLDER	"/etc/devattest/roots"

/* Where a line of why-not goes. */
struct misuse {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3)))
static bool
misused(const struct misuse *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(m->text, m->size, format, args);
	va_end(args);
	return false;
}

/* -- what each option takes -- */

static bool
take_kernel(struct da_settings *s, const char *value, const struct misuse *m)
{
	if (strncmp(value, "soft:", 5) != 0 || value[5] == '\0')
		return misused(m, "--kernel %s: this version drives only the "
		    "software kernel, soft:PATH", value);
	s->kernel_socket = value + 5;
	return true;
}

static bool
take_host(struct da_settings *s, const char *value, const struct misuse *m)
{
	return da_target_parse(value, &s->host) ||
	    misused(m, "--connect %s: neither unix:PATH nor vsock:CID:PORT",
	    value);
}

static bool
take_policy(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)m;
	s->policy_path = value;
	return true;
}

static bool
take_roots(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)m;
	s->roots_folder = value;
	return true;
}

static bool
take_device(struct da_settings *s, const char *value, const struct misuse *m)
{
	uint32_t number;

	if (!da_wire_parse_bdf(value, &number))
		return misused(m, "--device %s: not like 0000:01:00.0", value);
	if (s->n_devices == DA_MAX_DEVICES)
		return misused(m, "more devices than a kernel lists");
	for (size_t i = 0; i < s->n_devices; i++)
		if (strcmp(s->device[i], value) == 0)
			return misused(m, "--device %s: named twice", value);
	s->device[s->n_devices++] = value;
	return true;
}

static bool
take_receiver_user(struct da_settings *s, const char *value,
    const struct misuse *m)
{
	(void)m;
	s->receiver_user = value;
	return true;
}

static bool
take_judge_user(struct da_settings *s, const char *value,
    const struct misuse *m)
{
	(void)m;
	s->judge_user = value;
	return true;
}

static bool
take_flag(bool *flag)
{
	*flag = true;
	return true;
}

static bool
take_once(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->once);
}

static bool
take_json(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->json);
}

static bool
take_verbose(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->verbose);
}

static bool
take_help(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->help);
}

static bool
take_version(struct da_settings *s, const char *value, const struct misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->version);
}

static const struct {
	const char *name;
	const char *argument;	/* NULL: a flag */
	bool (*take)(struct da_settings *, const char *,
	    const struct misuse *);
	const char *text;
} options[] = {
	{ "--kernel", "soft:PATH", take_kernel,
	    "the software kernel's socket (no real kernel yet)" },
	{ "--connect", "ADDRESS", take_host,
	    "the host's side: unix:PATH or vsock:CID:PORT [vsock:2:5467]" },
	{ "--policy", "FILE", take_policy,
	    "the owner's policy [" POLICY_PATH "]" },
	{ "--roots", "DIR", take_roots,
	    "its trust anchors, NAME.pem or NAME.der [" ROOTS_FOLDER "]" },
	{ "--device", "BDF", take_device,
	    "judge this function; may be repeated [every one there is]" },
	{ "--receiver-user", "USER", take_receiver_user,
	    "who talks to the host [" DA_RECEIVER_USER "]" },
	{ "--judge-user", "USER", take_judge_user,
	    "who parses and judges [" DA_JUDGE_USER "]" },
	{ "--once", NULL, take_once,
	    "judge, print, end with the exit class" },
	{ "--json", NULL, take_json, "print one JSON object (with --once)" },
	{ "--verbose", NULL, take_verbose,
	    "tell each step in plain words, on standard error" },
	{ "--help", NULL, take_help, "print this" },
	{ "--version", NULL, take_version, "print the version" },
};

#define N_OPTIONS	(sizeof(options) / sizeof(options[0]))

/* "--name", "--name=value": the row, and the value that came with it. */
static size_t
find_option(const char *word, const char **ret_value)
{
	size_t length = strcspn(word, "="), i;

	for (i = 0; i < N_OPTIONS; i++)
		if (strlen(options[i].name) == length &&
		    strncmp(options[i].name, word, length) == 0)
			break;
	*ret_value = word[length] == '=' ? word + length + 1 : NULL;
	return i;
}

/* Takes one option; *at moves past what it used. */
static bool
take_one(struct da_settings *s, int argc, char *const *argv, int *at,
    const struct misuse *m)
{
	const char *word = argv[(*at)++], *value;
	size_t i = find_option(word, &value);

	if (i == N_OPTIONS)
		return misused(m, "%s: no such option (see --help)", word);
	if (options[i].argument == NULL && value != NULL)
		return misused(m, "%s takes no value", options[i].name);
	if (options[i].argument != NULL && value == NULL) {
		if (*at >= argc)
			return misused(m, "%s needs a value", word);
		value = argv[(*at)++];
	}
	return options[i].take(s, value, m);
}

static bool
is_whole(const struct da_settings *s, const struct misuse *m)
{
	if (s->help || s->version)
		return true;
	if (s->kernel_socket == NULL)
		return misused(m, "--kernel soft:PATH is needed: this version "
		    "drives no real kernel yet");
	if (s->json && !s->once)
		return misused(m, "--json goes with --once");
	return true;
}

bool
da_settings_parse(int argc, char *const *argv, struct da_settings *ret,
    char *reterr, size_t size)
{
	struct da_settings s = { .policy_path = POLICY_PATH,
		.roots_folder = ROOTS_FOLDER,
		.host = { .kind = DA_TARGET_VSOCK, .cid = DA_CID_HOST,
		.port = DA_WIRE_PORT } };
	const struct misuse m = { reterr, size };
	int at = 1;

	while (at < argc)
		if (!take_one(&s, argc, argv, &at, &m))
			return false;
	if (!is_whole(&s, &m))
		return false;
	*ret = s;
	return true;
}

void
da_settings_help(void)
{
	puts("usage: devattestd --kernel soft:PATH [OPTIONS]\n"
	    "Proves and judges a confidential guest's devices, and pushes what"
	    " was judged\ninto its kernel.\n");
	for (size_t i = 0; i < N_OPTIONS; i++)
		printf("  %-15s %-9s  %s\n", options[i].name,
		    options[i].argument != NULL ? options[i].argument : "",
		    options[i].text);
	puts("\nEnds with 0 when every device was accepted; else the number"
	    " says why.");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "runfolder.h"
#include "wire.h"

#define POLICY_PATH	"/etc/devattest/policy.json"
#define ROOTS_FOLDER	"/etc/devattest/roots"
#define TRIES		3
#define MAX_TRIES	10

/* -- what each option takes -- */

static bool
take_kernel(struct da_settings *s, const char *value, struct da_misuse *m)
{
	s->kernel_socket = NULL;
	if (strcmp(value, "linux") == 0)
		return true;
	if (strncmp(value, "soft:", 5) != 0 || value[5] == '\0')
		return da_misused(m, "--kernel %s: neither linux nor "
		    "soft:PATH", value);
	s->kernel_socket = value + 5;
	return true;
}

static bool
take_host(struct da_settings *s, const char *value, struct da_misuse *m)
{
	if (!da_target_parse(value, &s->host))
		return da_misused(m, "--connect %s: neither unix:PATH nor "
		    "vsock:CID:PORT", value);
	s->host_named = true;
	return s->host.kind != DA_TARGET_VSOCK ||
	    s->host.cid == DA_CID_HOST || da_misused(m, "--connect %s: only "
	    "the host, CID %u, is served", value, DA_CID_HOST);
}

static bool
take_policy(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)m;
	s->policy_path = value;
	return true;
}

static bool
take_roots(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)m;
	s->roots_folder = value;
	return true;
}

static bool
take_device(struct da_settings *s, const char *value, struct da_misuse *m)
{
	uint32_t number;

	if (!da_wire_parse_bdf(value, &number))
		return da_misused(m, "--device %s: not like 0000:01:00.0",
		    value);
	if (s->n_devices == DA_MAX_DEVICES)
		return da_misused(m, "more devices than a kernel lists");
	for (size_t i = 0; i < s->n_devices; i++)
		if (strcmp(s->device[i], value) == 0)
			return da_misused(m, "--device %s: named twice", value);
	s->device[s->n_devices++] = value;
	return true;
}

/* A socket's address has room for so much (unix(7)). */
static bool
take_run(struct da_settings *s, const char *value, struct da_misuse *m)
{
	if (strlen(value) > DA_RUN_MAX_PATH)
		return da_misused(m, "--run: a path of more than %zu bytes",
		    DA_RUN_MAX_PATH);
	s->run_folder = value;
	return true;
}

static bool
take_tries(struct da_settings *s, const char *value, struct da_misuse *m)
{
	size_t n = strlen(value);

	if (strspn(value, "0123456789") == n && n <= 2 &&
	    (s->tries = (uint8_t)atoi(value)) >= 1 && s->tries <= MAX_TRIES)
		return true;
	return da_misused(m, "--tries %s: not a number from 1 to %d", value,
	    MAX_TRIES);
}

static bool
take_receiver_user(struct da_settings *s, const char *value,
    struct da_misuse *m)
{
	(void)m;
	s->receiver_user = value;
	return true;
}

static bool
take_judge_user(struct da_settings *s, const char *value,
    struct da_misuse *m)
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
take_once(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->once);
}

static bool
take_json(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->json);
}

static bool
take_verbose(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->verbose);
}

static bool
take_help(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->help);
}

static bool
take_version(struct da_settings *s, const char *value, struct da_misuse *m)
{
	(void)value;
	(void)m;
	return take_flag(&s->version);
}

static const struct {
	const char *name;
	const char *argument;	/* NULL: a flag */
	bool (*take)(struct da_settings *, const char *,
	    struct da_misuse *);
	const char *text;
	bool repeats;
} options[] = {
	{ "kernel", "WHICH", take_kernel,
	    "linux (default), or soft:PATH, the software kernel's socket" },
	{ "connect", "ADDRESS", take_host,
	    "the host's side: unix:PATH or vsock:CID:PORT [vsock:2:5467]" },
	{ "policy", "FILE", take_policy,
	    "the owner's policy [" POLICY_PATH "]" },
	{ "roots", "DIR", take_roots,
	    "its trust anchors, NAME.pem or NAME.der [" ROOTS_FOLDER "]" },
	{ "device", "BDF", take_device,
	    "judge this function; may be repeated [as the policy says]",
	    .repeats = true },
	{ "tries", "N", take_tries,
	    "nonces that a device may use up, 1 to 10 [3]" },
	{ "run", "DIR", take_run,
	    "results, bundles, records, status socket [" DA_RUN_FOLDER "]" },
	{ "receiver-user", "USER", take_receiver_user,
	    "who talks to the host [" DA_RECEIVER_USER "]" },
	{ "judge-user", "USER", take_judge_user,
	    "who parses and judges [" DA_JUDGE_USER "]" },
	{ "once", NULL, take_once,
	    "judge, print, end with the exit class" },
	{ "json", NULL, take_json, "print one JSON object (with --once)" },
	{ "verbose", NULL, take_verbose,
	    "tell each step in plain words, on standard error" },
	{ "help", NULL, take_help, "print this" },
	{ "version", NULL, take_version, "print the version" },
};

#define N_OPTIONS	(sizeof(options) / sizeof(options[0]))

/* Takes the option at argv[*i]; *i moves on to its value's word. */
static bool
take_one(struct da_settings *s, bool *seen, int argc, char *const *argv,
    int *i, struct da_misuse *m)
{
	const char *word = argv[*i], *value;
	size_t o = 0;

	if (strncmp(word, "--", 2) != 0)
		return da_misused(m, "`%s` is no option", word);
	while (o < N_OPTIONS && !da_option_is(word, options[o].name))
		o++;
	if (o == N_OPTIONS)
		return da_misused(m, "unknown option `%s`", word);
	if (seen[o] && !options[o].repeats)
		return da_misused(m, "--%s stands twice", options[o].name);
	seen[o] = true;
	return da_option_value(options[o].name, options[o].argument, argc,
	    argv, i, &value, m) && options[o].take(s, value, m);
}

static bool
is_whole(const struct da_settings *s, struct da_misuse *m)
{
	if (s->help || s->version)
		return true;
	if (s->json && !s->once)
		return da_misused(m, "--json goes with --once");
	return true;
}

bool
da_settings_parse(int argc, char *const *argv, struct da_settings *ret,
    struct da_misuse *reterr)
{
	struct da_settings s = { .policy_path = POLICY_PATH,
		.roots_folder = ROOTS_FOLDER, .tries = TRIES,
		.host = { .kind = DA_TARGET_VSOCK, .cid = DA_CID_HOST,
		.port = DA_WIRE_PORT } };
	bool seen[N_OPTIONS] = { false };

	for (int i = 1; i < argc; i++)
		if (!take_one(&s, seen, argc, argv, &i, reterr))
			return false;
	if (!is_whole(&s, reterr))
		return false;
	*ret = s;
	return true;
}

void
da_settings_help(void)
{
	puts("usage: devattestd [OPTIONS]\n"
	    "Proves and judges a confidential guest's devices, and pushes what"
	    " was judged\ninto its kernel.\n");
	for (size_t i = 0; i < N_OPTIONS; i++)
		printf("  --%-13s %-9s  %s\n", options[i].name,
		    options[i].argument != NULL ? options[i].argument : "",
		    options[i].text);
	puts("\nEnds with 0 when every device was accepted; else the number"
	    " says why.\nSIGHUP: judges by the policy as it is then.");
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test control: what no host can do, but a test arranges.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define MAX_WORDS	4

struct control {
	struct emu_tdi *tdi;
	char **word;		/* first the command, last the device */
};

static const char *const kinds[DA_DIGEST_COUNT] = {
	[DA_DIGEST_VCA] = "vca",
	[DA_DIGEST_CHAIN] = "chain",
	[DA_DIGEST_PUBLIC_KEY] = "public-key",
	[DA_DIGEST_MEASUREMENTS] = "measurements",
	[DA_DIGEST_REPORT] = "report",
	[DA_DIGEST_DEVICE_INFO] = "device-info",
};

static const struct {
	const char *name;
	int error;
} errors[] = {
	{ "EBADMSG", EBADMSG }, { "EBUSY", EBUSY }, { "EINVAL", EINVAL },
	{ "EIO", EIO }, { "ENODATA", ENODATA }, { "ENODEV", ENODEV },
	{ "ENOMEM", ENOMEM }, { "EPERM", EPERM }, { "ESTALE", ESTALE },
	{ "ETIMEDOUT", ETIMEDOUT },
};

static const char *
set_digest(const struct control *c)
{
	uint8_t digest[48];

	if (!emu_from_hex(c->word[2], digest, sizeof(digest)))
		return "a digest has 96 hex digits";
	for (unsigned int i = 0; i < DA_DIGEST_COUNT; i++) {
		if (strcmp(kinds[i], c->word[1]) != 0)
			continue;
		emu_tsm_agree(&c->tdi->tsm, (enum da_digest_of)i, digest);
		return NULL;
	}
	return "no such digest";
}

/* "push" or "ticket:2": the second since the lock. */
static struct emu_inject *
injection_at(const struct control *c)
{
	char *colon = strchr(c->word[1], ':');
	struct emu_inject *i;
	enum da_soft_op op;

	if (colon != NULL)
		*colon = '\0';
	op = emu_step_named(c->word[1]);
	if (op == DA_SOFT_NONE)
		return NULL;
	i = &c->tdi->inject[op];
	i->nth = colon == NULL ? 0 : (uint32_t)strtoul(colon + 1, NULL, 10);
	return i;
}

static int
error_named(const char *text)
{
	int n = atoi(text);

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, text) == 0)
			return errors[i].error;
	return n > 0 && n < 4096 ? n : 0;
}

static const char *
set_fail(const struct control *c)
{
	struct emu_inject *i = injection_at(c);
	int error = error_named(c->word[2]);

	if (i == NULL)
		return "no such step";
	if (error == 0)
		return "no such errno";
	i->error = error;
	return NULL;
}

static const char *
set_move_tokens(const struct control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL)
		return "no such step";
	i->move_tokens = true;
	return NULL;
}

static const char *
set_error_after(const struct control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL)
		return "no such step";
	i->to_error = true;
	return NULL;
}

static const char *
set_map_lies(const struct control *c)
{
	c->tdi->map_lies = true;
	return NULL;
}

static const char *
set_state(const struct control *c)
{
	if (strcmp(c->word[1], "error") == 0)
		emu_tdi_fall(c->tdi, DA_STATE_ERROR);
	else if (strcmp(c->word[1], "unlocked") == 0)
		emu_tdi_fall(c->tdi, DA_STATE_UNLOCKED);
	else
		return "a state is error or unlocked";
	return NULL;
}

static const char *
set_driver(const struct control *c)
{
	if (strcmp(c->word[1], "bound") != 0 &&
	    strcmp(c->word[1], "free") != 0)
		return "a driver is bound or free";
	c->tdi->driver_bound = strcmp(c->word[1], "bound") == 0;
	return NULL;
}

static const char *
clear(const struct control *c)
{
	memset(c->tdi->inject, 0, sizeof(c->tdi->inject));
	c->tdi->map_lies = false;
	return NULL;
}

static const struct {
	const char *name;
	int words;		/* device included */
	const char *(*run)(const struct control *c);	/* NULL, or why not */
} commands[] = {
	{ "digest", 4, set_digest },
	{ "fail", 4, set_fail },
	{ "move-tokens", 3, set_move_tokens },
	{ "error-after", 3, set_error_after },
	{ "map-lies", 2, set_map_lies },
	{ "state", 3, set_state },
	{ "driver", 3, set_driver },
	{ "clear", 2, clear },
};

/* One more than there can be, so that a word too many is seen. */
static int
split(char *line, char *word[MAX_WORDS + 1])
{
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(line, " \t\r", &save); w != NULL &&
	    n <= MAX_WORDS; w = strtok_r(NULL, " \t\r", &save))
		word[n++] = w;
	return n;
}

static const char *
obey(struct emu_machine *m, char *line)
{
	char *word[MAX_WORDS + 1];
	struct control c = { .word = word };
	int n = split(line, word);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (n == 0 || strcmp(commands[i].name, word[0]) != 0)
			continue;
		if (n != commands[i].words)
			return "too many or too few words";
		c.tdi = emu_kernel_find(&m->kernel, word[n - 1]);
		if (c.tdi == NULL)
			return "no such device";
		return commands[i].run(&c);
	}
	return "no such command";
}

void
emu_machine_control(struct emu_machine *m, char *line, char *reply,
    size_t size)
{
	const char *why = obey(m, line);

	if (why == NULL)
		snprintf(reply, size, "ok\n");
	else
		snprintf(reply, size, "no: %s\n", why);
}

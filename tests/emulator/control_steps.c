/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

static const struct {
	const char *name;
	int error;
} errors[] = {
	{ "EBADMSG", EBADMSG }, { "EBUSY", EBUSY }, { "EINVAL", EINVAL },
	{ "EIO", EIO }, { "ENODATA", ENODATA }, { "ENODEV", ENODEV },
	{ "ENOMEM", ENOMEM }, { "EPERM", EPERM }, { "ESTALE", ESTALE },
	{ "ETIMEDOUT", ETIMEDOUT },
};

bool
emu_number(const char *word, uint32_t max, uint32_t *ret)
{
	char *end;
	unsigned long v;

	if (word[0] < '0' || word[0] > '9')
		return false;
	errno = 0;
	v = strtoul(word, &end, 10);
	*ret = (uint32_t)v;
	return *end == '\0' && errno == 0 && v <= max;
}

/* "push" or "ticket:2": the second since the lock. */
static struct emu_inject *
injection_at(struct emu_control *c)
{
	char *colon = strchr(c->word[1], ':');
	struct emu_inject *all = c->tdi != NULL ? c->tdi->inject :
	    c->machine->kernel.inject;
	uint32_t nth = 0;
	enum da_soft_op op;

	if (colon != NULL) {
		if (!emu_number(colon + 1, UINT32_MAX, &nth))
			return NULL;
		*colon = '\0';
	}
	op = emu_step_named(c->word[1]);
	if (op == DA_SOFT_NONE || emu_step_is_kernels(op) != (c->tdi == NULL))
		return NULL;
	all[op].nth = nth;
	return &all[op];
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

static const char no_step[] = "no such step";

const char *
emu_set_fail(struct emu_control *c)
{
	struct emu_inject *i = injection_at(c);
	int error = error_named(c->word[2]);

	if (i == NULL)
		return no_step;
	if (error == 0)
		return "no such errno";
	i->error = error;
	return NULL;
}

const char *
emu_set_move_tokens(struct emu_control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL || c->tdi == NULL)
		return no_step;
	i->move_tokens = true;
	return NULL;
}

const char *
emu_set_move_lock(struct emu_control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL || c->tdi == NULL)
		return no_step;
	i->move_lock = true;
	return NULL;
}

const char *
emu_set_error_after(struct emu_control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL || c->tdi == NULL)
		return no_step;
	i->to_error = true;
	return NULL;
}

const char *
emu_set_stall(struct emu_control *c)
{
	struct emu_inject *i = injection_at(c);

	if (i == NULL)
		return no_step;
	i->stall = strcmp(c->word[0], "stall-after") == 0 ?
	    EMU_STALL_AFTER : EMU_STALL_BEFORE;
	return NULL;
}

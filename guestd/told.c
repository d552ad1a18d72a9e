/* SPDX-License-Identifier: Apache-2.0 */
#include "told.h"

#include <stdlib.h>
#include <string.h>

bool
da_told_new(struct da_told *ret)
{
	struct da_told told = {
		.one = calloc(DA_MAX_DEVICES, sizeof(*told.one)) };

	if (told.one == NULL)
		return false;
	*ret = told;
	return true;
}

void
da_told_free(struct da_told *told)
{
	free(told->one);
	*told = (struct da_told){ .one = NULL };
}

void
da_told_begin(struct da_told *told)
{
	for (size_t i = 0; i < told->n; i++)
		told->one[i].now = false;
}

static struct da_told_one *
find(const struct da_told *told, const char *device)
{
	for (size_t i = 0; i < told->n; i++)
		if (strcmp(told->one[i].outcome.device, device) == 0)
			return &told->one[i];
	return NULL;
}

bool
da_told_add(struct da_told *told, const struct da_outcome *outcome, int64_t at)
{
	struct da_told_one *one = find(told, outcome->device);
	struct da_told_one new = { *outcome, at, true };

	if (one == NULL) {
		if (told->n == DA_MAX_DEVICES)
			return false;
		one = &told->one[told->n++];
	} else if (outcome->accepted && outcome->kept &&
	    one->outcome.accepted)
		new.since = one->since;
	*one = new;
	return true;
}

void
da_told_end(struct da_told *told)
{
	size_t left = 0;

	for (size_t i = 0; i < told->n; i++)
		if (told->one[i].now)
			told->one[left++] = told->one[i];
	told->n = left;
}

size_t
da_told_accepted(const struct da_told *told)
{
	size_t n = 0;

	for (size_t i = 0; i < told->n; i++)
		n += told->one[i].now && told->one[i].outcome.accepted;
	return n;
}

static bool
print_json(const struct da_told *told, FILE *out, int exit_class)
{
	struct da_outcome *all = calloc(told->n + 1, sizeof(*all));
	bool printed;

	for (size_t i = 0; all != NULL && i < told->n; i++)
		all[i] = told->one[i].outcome;
	printed = all != NULL &&
	    da_outcomes_json(out, all, told->n, exit_class);
	free(all);
	return printed;
}

static void
print_lines(const struct da_told *told, FILE *out)
{
	for (size_t i = 0; i < told->n; i++)
		da_outcome_print(out, &told->one[i].outcome);
	if (told->n == 0)
		fputs("no device: nothing was judged, nothing is accepted\n",
		    out);
}

bool
da_told_print(const struct da_told *told, FILE *out, bool json, int exit_class)
{
	bool printed = true;

	if (json)
		printed = print_json(told, out, exit_class);
	else
		print_lines(told, out);
	return fflush(out) == 0 && ferror(out) == 0 && printed;
}

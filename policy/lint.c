/* SPDX-License-Identifier: Apache-2.0 */
#include "lint_note.h"

#include <stdio.h>

#define ANSWER_S	30	/* that a host has for one (the wire's rule) */

static const struct {
	const char *name;
	enum da_lint_level level;
	const char *text;
} notes[DA_L_COUNT] = {
#define X(name, level, text) { #name, DA_LINT_##level, text },
	DA_LINT_NOTES(X)
#undef X
};

static struct da_lint_note *
next_note(struct da_lint *out, enum da_lint_name name)
{
	struct da_lint_note *note;

	if (out->n == DA_LINT_MAX)
		return NULL;
	note = &out->note[out->n++];
	*note = (struct da_lint_note){ .level = notes[name].level,
	    .name = notes[name].name };
	return note;
}

void
da_lint_say(struct da_lint_work *w, enum da_lint_name name,
    const struct da_json *at, const char *more, const char *what)
{
	struct da_lint_note *note;

	if (notes[name].level != w->pass ||
	    (note = next_note(w->out, name)) == NULL)
		return;
	snprintf(note->text, sizeof(note->text), "%s%s%s%s%s",
	    notes[name].text, more == NULL ? "" : more,
	    what == NULL ? "" : ": \"", what == NULL ? "" : what,
	    what == NULL ? "" : "\"");
	if (at != NULL)
		da_json_where(w->text, at, &note->line, &note->column);
}

const struct da_json *
da_lint_get(const struct da_json *object, const char *key, const char *inner)
{
	const struct da_json *member = da_json_get(object, key);

	return member == NULL ? NULL : da_json_get(member, inner);
}

/* -- the whole -- */

static void
look_at_clock(struct da_lint_work *w)
{
	if (w->policy->clock == DA_CLOCK_NONE && w->policy->n_rules > 0)
		da_lint_say(w, DA_L_CLOCK_NONE, da_json_get(w->root, "clock"),
		    NULL, NULL);
}

static void
look_at_platforms(struct da_lint_work *w)
{
	const struct da_json *list = da_json_get(w->root, "platforms");

	for (uint16_t i = 0; i < w->policy->n_platforms; i++) {
		enum da_platform platform = w->policy->platform[i].platform;
		const char *abi = w->policy->platform[i].abi;
		const struct da_json *at = da_json_at(list, i);

		if (platform == DA_PLATFORM_EMULATED)
			da_lint_say(w, DA_L_EMULATED, at, NULL, NULL);
		else if (abi[0] == '\0')
			da_lint_say(w, DA_L_ANY_ABI, at, NULL,
			    da_platform_name(platform));
		else if (platform == DA_PLATFORM_SEV_TIO && abi[0] == '1')
			da_lint_say(w, DA_L_DEVICE_ID_CHOSEN, at, NULL, NULL);
	}
}

static void
look_at_others(struct da_lint_work *w)
{
	if (w->policy->n_rules == 0)
		da_lint_say(w, DA_L_ACCEPTS_NOTHING, NULL, NULL, NULL);
	if (w->policy->others == DA_OTHERS_UNTRUSTED)
		da_lint_say(w, DA_L_OTHERS_UNTRUSTED,
		    da_json_get(w->root, "others"), NULL, NULL);
	if (w->policy->deadline_s < ANSWER_S)
		da_lint_say(w, DA_L_DEADLINE_SHORT,
		    da_json_get(w->root, "boot-deadline-seconds"), NULL, NULL);
}

static void
look_at_rules(struct da_lint_work *w)
{
	const struct da_json *list = da_json_get(w->root, "devices");

	for (uint16_t i = 0; i < w->policy->n_rules; i++) {
		struct da_lint_rule r = { w, i, &w->policy->rule[i],
		    da_json_at(list, i) };

		da_lint_matching(&r);
		da_lint_checks(&r);
	}
}

static void
look_at(struct da_lint_work *w, enum da_lint_level level)
{
	w->pass = level;
	look_at_clock(w);
	look_at_platforms(w);
	look_at_rules(w);
	look_at_others(w);
}

static void
say_unreadable(struct da_lint *out, const char *text, uint32_t line,
    uint32_t column)
{
	struct da_lint_note *note = next_note(out, DA_L_FORM);

	if (note == NULL)
		return;
	snprintf(note->text, sizeof(note->text), "%s", text);
	note->line = line;
	note->column = column;
}

/* Errors first, so that no number of warnings leaves one out. */
static void
look_through(struct da_slice text, const struct da_policy *policy,
    struct da_lint *out)
{
	struct da_lint_work w = { .text = text, .policy = policy, .out = out };
	struct da_json_error error = { "", 0, 0 };
	struct da_json *root = da_json_parse(text, &error);

	if (root == NULL) {
		say_unreadable(out, error.text, error.line, error.column);
		return;
	}
	w.root = root;
	look_at(&w, DA_LINT_ERROR);
	look_at(&w, DA_LINT_WARNING);
	da_json_free(root);
}

bool
da_lint_policy(struct da_slice text, struct da_lint *ret)
{
	struct da_policy_error error = { "", 0, 0 };
	struct da_policy *policy = da_policy_parse(text, &error);

	*ret = (struct da_lint){ 0 };
	if (policy == NULL)
		say_unreadable(ret, error.text, error.line, error.column);
	else
		look_through(text, policy, ret);
	da_policy_free(policy);
	return ret->n == 0 || ret->note[0].level != DA_LINT_ERROR;
}

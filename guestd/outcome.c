/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include <stdarg.h>
#include <string.h>

static const struct da_refusal no_device = {
	.exit_class = 5, .check = DA_CHK_COMPOSITION,
	.text = "no device: nothing was judged, so nothing is accepted" };

bool
da_refused_fault(struct da_refusal *reterr, enum da_check check,
    const struct da_fault *fault)
{
	*reterr = (struct da_refusal){
		.exit_class = da_fault_text(fault->why)->exit_class,
		.check = check, .fault = *fault };
	if (reterr->exit_class == 0)
		reterr->exit_class = 1;
	return false;
}

bool
da_refused(struct da_refusal *reterr, enum da_check check, enum da_why why,
    enum da_part part, const char *format, ...)
{
	struct da_fault fault = { why, part, 0 };
	va_list args;

	da_refused_fault(reterr, check, &fault);
	va_start(args, format);
	vsnprintf(reterr->text, sizeof(reterr->text), format, args);
	va_end(args);
	return false;
}

bool
da_own_fault(struct da_refusal *reterr, const char *format, ...)
{
	va_list args;

	*reterr = (struct da_refusal){ .exit_class = 1, .check = DA_CHK_COUNT };
	va_start(args, format);
	vsnprintf(reterr->text, sizeof(reterr->text), format, args);
	va_end(args);
	return false;
}

bool
da_findings_worst(const struct da_findings *findings, struct da_refusal *ret)
{
	struct da_refusal worst = { .exit_class = 0 }, one;

	for (int i = 0; i < DA_CHK_COUNT; i++) {
		const struct da_finding *f = &findings->of[i];
		struct da_fault fault = { (enum da_why)f->why,
			(enum da_part)f->part, f->offset };

		if (f->result != DA_BROKEN)
			continue;
		da_refused_fault(&one, (enum da_check)i, &fault);
		if (worst.exit_class == 0 || (one.exit_class !=
		    worst.exit_class && da_class_worse(one.exit_class,
		    worst.exit_class) == one.exit_class))
			worst = one;
	}
	if (worst.exit_class == 0)
		return false;
	*ret = worst;
	return true;
}

int
da_outcome_class(const struct da_outcome *outcome)
{
	int class = outcome->accepted ? 0 : outcome->refusal.exit_class;

	/* A state that we could not take back is the kernel's matter, too. */
	return outcome->left_locked ? da_class_worse(class, 9) : class;
}

int
da_outcomes_class(const struct da_outcome *all, size_t n)
{
	int worst = n == 0 ? no_device.exit_class : 0;

	for (size_t i = 0; i < n; i++)
		worst = da_class_worse(worst, da_outcome_class(&all[i]));
	return worst;
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

void
da_print_escaped(FILE *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		fprintf(out, is_plain((unsigned char)*p) ? "%c" : "\\x%02x",
		    (unsigned char)*p);
}

static void
print_json(FILE *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		fprintf(out, is_plain((unsigned char)*p) && *p != '"' &&
		    *p != '\\' ? "%c" : "\\u%04x", (unsigned char)*p);
}

/* The fault's text, then what is known beyond it. */
static void
print_text(FILE *out, const struct da_refusal *why,
    void (*print)(FILE *out, const char *text))
{
	const char *known = why->fault.why == DA_F_NONE ? "" :
	    da_fault_text(why->fault.why)->text;

	print(out, known);
	if (known[0] != '\0' && why->text[0] != '\0')
		fputs(": ", out);
	print(out, why->text);
}

static void
print_refusal(FILE *out, const struct da_refusal *why)
{
	if (why->check != DA_CHK_COUNT)
		fprintf(out, "%s: ", da_check_name(why->check));
	if (why->fault.why != DA_F_NONE)
		fprintf(out, "%s: ", da_fault_text(why->fault.why)->name);
	print_text(out, why, da_print_escaped);
	if (why->fault.part != DA_PART_NONE)
		fprintf(out, " (%s, byte %zu)", da_part_name(why->fault.part),
		    why->fault.offset);
}

/* What is broken beside the check that decided. */
static void
print_others(FILE *out, const struct da_outcome *outcome)
{
	const struct da_findings *f = &outcome->findings;
	struct da_refusal other;

	for (int i = 0; outcome->has_findings && i < DA_CHK_COUNT; i++) {
		struct da_fault fault = { (enum da_why)f->of[i].why,
			(enum da_part)f->of[i].part, f->of[i].offset };

		if (f->of[i].result != DA_BROKEN ||
		    i == (int)outcome->refusal.check)
			continue;
		da_refused_fault(&other, (enum da_check)i, &fault);
		fputs("; also ", out);
		print_refusal(out, &other);
	}
}

void
da_outcome_why(FILE *out, const struct da_outcome *outcome)
{
	print_refusal(out, &outcome->refusal);
	print_others(out, outcome);
}

void
da_outcome_print(FILE *out, const struct da_outcome *outcome)
{
	da_print_escaped(out, outcome->device);
	if (outcome->accepted) {
		fputs(" accepted: class \"", out);
		da_print_escaped(out, outcome->class_name);
		fputs("\"\n", out);
		return;
	}
	fprintf(out, " refused (%d): ", da_outcome_class(outcome));
	da_outcome_why(out, outcome);
	if (outcome->left_locked) {
		fputs("; and the unlock failed, too: ", out);
		da_print_escaped(out, outcome->unlock_text);
	}
	fputc('\n', out);
}

static void
put_string(FILE *out, const char *key, const char *value)
{
	fprintf(out, ", \"%s\": \"", key);
	print_json(out, value);
	fputc('"', out);
}

/* As in the command line's JSON, what is not there has no key. */
static void
put_refusal(FILE *out, const struct da_refusal *why)
{
	const struct da_fault_text *text = da_fault_text(why->fault.why);

	if (why->check != DA_CHK_COUNT)
		put_string(out, "check", da_check_name(why->check));
	if (why->fault.why != DA_F_NONE)
		put_string(out, "fault", text->name);
	fputs(", \"text\": \"", out);
	print_text(out, why, print_json);
	fputc('"', out);
	if (why->fault.why != DA_F_NONE)
		put_string(out, "paragraph", text->paragraph);
	if (why->fault.part != DA_PART_NONE) {
		put_string(out, "part", da_part_name(why->fault.part));
		fprintf(out, ", \"offset\": %zu", why->fault.offset);
	}
}

static void
put_finding(FILE *out, enum da_check check, const struct da_finding *f)
{
	const struct da_fault_text *text = da_fault_text((enum da_why)f->why);

	fprintf(out, "      { \"check\": \"%s\"", da_check_name(check));
	put_string(out, "result", da_result_name((enum da_result)f->result));
	if (f->result == DA_BROKEN) {
		put_string(out, "fault", text->name);
		put_string(out, "text", text->text);
		put_string(out, "paragraph", text->paragraph);
		put_string(out, "part", da_part_name((enum da_part)f->part));
		fprintf(out, ", \"offset\": %u", f->offset);
	}
	fputs(" }", out);
}

static void
put_findings(FILE *out, const struct da_findings *findings)
{
	const char *between = "\n";

	fputs(", \"checks\": [", out);
	for (int i = 0; i < DA_CHK_COUNT; i++) {
		if (findings->of[i].result == DA_NOT_ASKED)
			continue;
		fputs(between, out);
		put_finding(out, (enum da_check)i, &findings->of[i]);
		between = ",\n";
	}
	fputs(" ]", out);
}

static void
put_outcome(FILE *out, const struct da_outcome *outcome)
{
	fputs("    { \"device\": \"", out);
	print_json(out, outcome->device);
	fputc('"', out);
	put_string(out, "verdict", outcome->accepted ? "accepted" : "refused");
	fprintf(out, ", \"exit\": %d", da_outcome_class(outcome));
	if (outcome->accepted)
		put_string(out, "class", outcome->class_name);
	else
		put_refusal(out, &outcome->refusal);
	if (outcome->left_locked)
		put_string(out, "unlock", outcome->unlock_text);
	if (outcome->has_findings)
		put_findings(out, &outcome->findings);
	fputs(" }", out);
}

void
da_outcomes_json(FILE *out, const struct da_outcome *all, size_t n,
    int exit_class)
{
	fprintf(out, "{ \"version\": 1, \"verb\": \"devattestd\", "
	    "\"result\": \"%s\", \"exit\": %d,\n  \"devices\": [",
	    exit_class == 0 ? "accepted" : "refused", exit_class);
	for (size_t i = 0; i < n; i++) {
		fputs(i == 0 ? "\n" : ",\n", out);
		put_outcome(out, &all[i]);
	}
	fputs(n == 0 ? "] }\n" : "\n  ] }\n", out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include <stdarg.h>
#include <string.h>

#include "policy/result.h"

#define MAX_TEXT	512	/* a fault's text and a refusal's own */

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
	int class = outcome->accepted || outcome->untrusted ? 0 :
	    outcome->refusal.exit_class;

	/* A state that we could not take back is the kernel's matter, too. */
	return outcome->left_locked ? da_class_worse(class, 9) : class;
}

int
da_outcomes_class(const struct da_outcome *all, size_t n)
{
	int worst = 0;
	size_t judged = 0;

	for (size_t i = 0; i < n; i++) {
		judged += !all[i].untrusted;
		worst = da_class_worse(worst, da_outcome_class(&all[i]));
	}
	return judged == 0 ? da_class_worse(worst, no_device.exit_class) :
	    worst;
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

/* The fault's text, then what is known beyond it; returns `buf`. */
static const char *
refusal_text(const struct da_refusal *why, char buf[MAX_TEXT])
{
	const char *known = why->fault.why == DA_F_NONE ? "" :
	    da_fault_text(why->fault.why)->text;

	snprintf(buf, MAX_TEXT, "%s%s%s", known,
	    known[0] != '\0' && why->text[0] != '\0' ? ": " : "", why->text);
	return buf;
}

static void
print_refusal(FILE *out, const struct da_refusal *why)
{
	char text[MAX_TEXT];

	if (why->check != DA_CHK_COUNT)
		fprintf(out, "%s: ", da_check_name(why->check));
	if (why->fault.why != DA_F_NONE)
		fprintf(out, "%s: ", da_fault_text(why->fault.why)->name);
	da_print_escaped(out, refusal_text(why, text));
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

static void
print_accepted(FILE *out, const struct da_outcome *outcome)
{
	fprintf(out, " accepted%s: class \"", outcome->kept ?
	    " before, and unchanged" : "");
	da_print_escaped(out, outcome->class_name);
	fputc('"', out);
	if (outcome->subject[0] == '\0')
		return;
	fputs(", ", out);
	da_print_escaped(out, outcome->subject);
}

/* A platform that does not tell the state is said so, not believed. */
static void
print_unlock(FILE *out, const struct da_outcome *outcome)
{
	if (outcome->unlock_text[0] == '\0' ||
	    outcome->refusal.fault.why == DA_F_KERNEL_LEFT_LOCKED)
		return;
	if (outcome->state_unknown)
		fputs("; and ", out);
	else
		fputs(outcome->left_locked ? "; and the unlock failed, too: " :
		    "; unlocked: ", out);
	da_print_escaped(out, outcome->unlock_text);
}

void
da_outcome_print(FILE *out, const struct da_outcome *outcome)
{
	da_print_escaped(out, outcome->device);
	if (outcome->accepted)
		print_accepted(out, outcome);
	else if (outcome->untrusted)
		fprintf(out, " untrusted: not judged, %s",
		    outcome->had_driver ? "a driver uses it already" :
		    "left to ordinary drivers");
	else {
		fprintf(out, " refused (%d): ", da_outcome_class(outcome));
		da_outcome_why(out, outcome);
		print_unlock(out, outcome);
	}
	fputc('\n', out);
}

/* -- as JSON -- */

static void
set_text(struct da_json *object, const char *key, const char *value)
{
	da_json_set(object, key, da_json_new_string(da_slice_str(value)));
}

/* As in the command line's JSON, what is not there has no key. */
static void
set_refusal(struct da_json *entry, const struct da_refusal *why)
{
	const struct da_fault_text *fault = da_fault_text(why->fault.why);
	char text[MAX_TEXT];

	if (why->check != DA_CHK_COUNT)
		set_text(entry, "check", da_check_name(why->check));
	if (why->fault.why != DA_F_NONE)
		set_text(entry, "fault", fault->name);
	set_text(entry, "text", refusal_text(why, text));
	if (why->fault.why != DA_F_NONE)
		set_text(entry, "paragraph", fault->paragraph);
	if (why->fault.part != DA_PART_NONE) {
		set_text(entry, "part", da_part_name(why->fault.part));
		da_json_set(entry, "offset",
		    da_json_new_uint(why->fault.offset));
	}
}

static const char *
verdict_text(const struct da_outcome *outcome)
{
	if (outcome->accepted)
		return "accepted";
	return outcome->untrusted ? "untrusted" : "refused";
}

/* Who judged it, and how often the host was asked. */
static void
set_judgement(struct da_json *entry, const struct da_outcome *outcome)
{
	const struct da_slice id = da_slice_of(outcome->policy_id,
	    sizeof(outcome->policy_id));

	if (outcome->kept)
		da_json_set(entry, "kept", da_json_new_bool(true));
	if (outcome->tries != 0)
		da_json_set(entry, "tries",
		    da_json_new_uint(outcome->tries));
	if (!da_slice_is_zero(id))
		da_json_set(entry, "policy", da_json_new_hex(id));
	if (outcome->subject[0] != '\0')
		set_text(entry, "subject", outcome->subject);
}

struct da_json *
da_outcome_as_json(const struct da_outcome *outcome)
{
	struct da_json *entry = da_json_new_object();

	set_text(entry, "device", outcome->device);
	set_text(entry, "verdict", verdict_text(outcome));
	da_json_set(entry, "exit", da_json_new_int(da_outcome_class(outcome)));
	if (outcome->accepted)
		set_text(entry, "class", outcome->class_name);
	else if (!outcome->untrusted)
		set_refusal(entry, &outcome->refusal);
	if (!outcome->accepted && outcome->had_driver)
		set_text(entry, "driver", "bound-before");
	set_judgement(entry, outcome);
	if (outcome->unlock_text[0] != '\0')
		set_text(entry, "unlock", outcome->unlock_text);
	if (outcome->has_findings) {
		da_json_set(entry, "checks",
		    da_result_checks(&outcome->findings));
		da_result_device_info(entry, &outcome->findings);
	}
	return entry;
}

bool
da_outcomes_json(FILE *out, const struct da_outcome *all, size_t n,
    int exit_class)
{
	struct da_json *root = da_json_new_object();
	struct da_json *devices = da_json_new_array();
	const char *text;
	bool whole;

	da_json_set(root, "version", da_json_new_int(1));
	set_text(root, "verb", "devattestd");
	set_text(root, "result", exit_class == 0 ? "accepted" : "refused");
	da_json_set(root, "exit", da_json_new_int(exit_class));
	for (size_t i = 0; i < n; i++)
		da_json_append(devices, da_outcome_as_json(&all[i]));
	da_json_set(root, "devices", devices);
	text = da_json_text(root);
	whole = text != NULL;
	if (whole)
		fprintf(out, "%s\n", text);
	da_json_free(root);
	return whole;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAIN	"\033[0m"

/* no-color.org: set and not empty, whatever it says. */
static bool
may_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return (no == NULL || *no == '\0') && isatty(STDOUT_FILENO) == 1 &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

static void
print_coloured(enum da_result result, const char *text)
{
	static const char *const colours[] = {
		[DA_BROKEN] = "\033[1;31m",
		[DA_UNKNOWN] = "\033[33m",
		[DA_HOLDS] = "\033[32m",
		[DA_NOT_ASKED] = "",
	};

	if (may_colour())
		printf("%s%s" PLAIN, colours[result], text);
	else
		printf("%s", text);
}

void
cli_print_escaped(struct da_slice text)
{
	for (size_t i = 0; i < text.n; i++)
		printf(text.p[i] >= 0x20 && text.p[i] < 0x7f ? "%c" :
		    "\\x%02x", text.p[i]);
}

/* Why an answer is not known: where no ticket was given, and else. */
static const struct {
	enum da_check check;
	const char *without_ticket, *otherwise;
} hints[] = {
	{ DA_CHK_TSM_DIGEST_CHAIN, "no --ticket",
	    "no known digest in the ticket" },
	{ DA_CHK_TSM_DIGEST_VCA, "no --ticket",
	    "no known digest in the ticket" },
	{ DA_CHK_TSM_DIGEST_MEASUREMENTS, "no --ticket",
	    "no known digest in the ticket" },
	{ DA_CHK_TSM_DIGEST_REPORT, "no --ticket",
	    "no known digest in the ticket" },
	{ DA_CHK_TSM_STATE, "no --ticket", "not trusted on this platform" },
	{ DA_CHK_TSM_TOKENS, "no --ticket", "nothing to compare" },
	{ DA_CHK_SESSION_KEY, "no --ticket", "the ticket does not say" },
	{ DA_CHK_VALIDITY, "no --at", "no --at" },
	{ DA_CHK_ALGORITHMS, "no signature covers them",
	    "no signature covers them" },
	{ DA_CHK_NONCE, "no --nonce", "the ticket has none; no --nonce" },
	{ DA_CHK_CONTENT_CHANGED, "the device saw a change, or does not look",
	    "the device saw a change, or does not look" },
	{ DA_CHK_CHALLENGE, "no --challenge-nonce", "no --challenge-nonce" },
	{ DA_CHK_MEASUREMENT_LOG, "no signed block has all that it extends",
	    "no signed block has all that it extends" },
	{ DA_CHK_DEVICE_IDENTITY, "no --ticket",
	    "the ticket does not tell all that the name has" },
	{ DA_CHK_REVOCATION, "no list of each issuer, or no --at",
	    "no list of each issuer, or no time" },
	{ DA_CHK_REPORT_SHAPE, "no --ticket", "the ticket has no BARs" },
};

static void
print_hint(enum da_check check, bool has_ticket)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].check == check)
			printf(" (%s)", has_ticket ? hints[i].otherwise :
			    hints[i].without_ticket);
}

static void
print_finding(enum da_check check, enum da_result result, bool has_ticket)
{
	char cell[16];

	snprintf(cell, sizeof(cell), "%-7s", da_result_name(result));
	printf("  ");
	print_coloured(result, cell);
	printf("  %-23s  %s", da_check_name(check), da_check_question(check));
	if (result == DA_UNKNOWN)
		print_hint(check, has_ticket);
	printf("\n");
}

/* No check: beside the digests that it may stand in for. */
static void
print_device_info(enum da_result result)
{
	char cell[16];

	if (result == DA_NOT_ASKED)
		return;
	snprintf(cell, sizeof(cell), "%-7s", da_result_name(result));
	printf("  ");
	print_coloured(result, cell);
	printf("  (device-info)            "
	    "Is it the blob that the TSM saw?  Nobody reads it.\n");
}

void
cli_print_findings(const struct da_findings *findings, bool has_ticket)
{
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (findings->of[c].result != DA_NOT_ASKED)
			print_finding(c,
			    (enum da_result)findings->of[c].result,
			    has_ticket);
	print_device_info((enum da_result)findings->device_info);
}

static void
print_fault(enum da_check check, const struct da_finding *finding)
{
	const struct da_fault_text *fault =
	    da_fault_text((enum da_why)finding->why);

	printf("\n%s is broken: %s\n  %s\n", da_check_name(check), fault->name,
	    fault->text);
	if (*fault->paragraph != '\0')
		printf("  asked for by: %s\n", fault->paragraph);
	if (finding->part != DA_PART_NONE)
		printf("  where: %s, byte %u\n",
		    da_part_name((enum da_part)finding->part),
		    (unsigned int)finding->offset);
}

void
cli_print_faults(const struct da_findings *findings)
{
	for (enum da_check c = 0; c < DA_CHK_COUNT; c++)
		if (findings->of[c].result == DA_BROKEN)
			print_fault(c, &findings->of[c]);
}

const char *
cli_class_text(int exit_class)
{
	static const char *const texts[] = {
		"yes", "misuse, or the program's own fault",
		"signature or chain broken",
		"trust material or reference value missing",
		"revoked, or revocation data stale", "policy",
		"not fresh: nonce, generation or age",
		"bytes differ from the TSM's digest", "malformed evidence",
		"kernel refused, or state moved", "transport or time-out",
	};
	size_t n = sizeof(texts) / sizeof(texts[0]);

	return texts[exit_class >= 0 && (size_t)exit_class < n ?
	    exit_class : 1];
}

void
cli_print_verdict(const char *yes, int exit_class)
{
	char line[80];

	if (exit_class == 0)
		snprintf(line, sizeof(line), "%s", yes);
	else
		snprintf(line, sizeof(line), "REFUSED (exit %d: %s)",
		    exit_class, cli_class_text(exit_class));
	printf("\n");
	print_coloured(exit_class == 0 ? DA_HOLDS : DA_BROKEN, line);
	printf("\n");
}

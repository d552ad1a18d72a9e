/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines for people are made from the very object that --json prints, so that
 * the two cannot tell different things.
 */
#include "cli_facts.h"

#include <inttypes.h>
#include <stdio.h>

#define SHOWN_DIGITS	64	/* of a long value; --json has it whole */

struct da_slice
cli_text_of(const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	struct da_slice text;

	if (v == NULL || !da_json_string(v, &text))
		return da_slice_str("");
	return text;
}

int64_t
cli_int_of(const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	int64_t n;

	return v != NULL && da_json_int(v, &n) ? n : -1;
}

bool
cli_bool_of(const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	bool b;

	return v != NULL && da_json_bool(v, &b) && b;
}

void
cli_print_text(const char *name, const struct da_json *object, const char *key)
{
	struct da_slice text = cli_text_of(object, key);

	if (da_json_get(object, key) != NULL)
		printf("%s%.*s", name, (int)text.n, (const char *)text.p);
}

void
cli_print_int(const char *name, const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	int64_t n;

	if (v != NULL && da_json_int(v, &n))
		printf("%s%" PRId64, name, n);
}

void
cli_print_hex(struct da_slice hex)
{
	int n = hex.n < SHOWN_DIGITS ? (int)hex.n : SHOWN_DIGITS;

	printf("%.*s%s", n, (const char *)hex.p,
	    hex.n > SHOWN_DIGITS ? "..." : "");
}

void
cli_print_algorithms(const struct da_json *spdm)
{
	cli_print_text("SPDM ", spdm, "version");
	cli_print_text(", ", spdm, "asym");
	cli_print_text(" with ", spdm, "hash");
	cli_print_text(", measurements ", spdm, "measurement-hash");
	cli_print_int(", slot ", spdm, "slot");
}

void
cli_print_challenge(const struct da_json *challenge)
{
	cli_print_int("slot ", challenge, "slot");
	cli_print_text(", summary of measurements: ", challenge, "summary");
	if (cli_text_of(challenge, "summary-hash").n > 0) {
		printf(" ");
		cli_print_hex(cli_text_of(challenge, "summary-hash"));
	}
}

/* -- a few lines of what was proved -- */

/* The firmware that the certificate is for, by its DICE extension. */
static void
print_firmware_id(const struct da_json *dice)
{
	const struct da_json *one = da_json_get(dice, "composite");
	const struct da_json *tcbs = da_json_get(dice, "tcb"), *fwids = NULL;

	if (one == NULL && tcbs != NULL)
		fwids = da_json_get(da_json_at(tcbs, 0), "fwids");
	if (fwids != NULL)
		one = da_json_at(fwids, 0);
	if (one == NULL)
		return;
	cli_print_text("  firmware id   ", one, "hash");
	printf(" ");
	cli_print_hex(cli_text_of(one, "digest"));
	printf("\n");
}

static void
print_device(const struct da_json *chain)
{
	const struct da_json *leaf = da_json_at(chain,
	    da_json_length(chain) - 1);
	const struct da_json *names = da_json_get(leaf, "names");
	const struct da_json *dice = da_json_get(leaf, "dice");

	cli_print_text("  device key    ", leaf, "subject");
	if (names != NULL) {
		cli_print_text("\n  device name   ", names, "device-info");
		cli_print_text("\n  PCI name      ", names, "pci");
	}
	printf("\n");
	if (dice != NULL)
		print_firmware_id(dice);
}

static void
print_nvidia(const struct da_json *nvidia)
{
	printf("  NVIDIA        ");
	cli_print_text("VBIOS ", nvidia, "vbios");
	cli_print_text(", driver ", nvidia, "driver");
	if (da_json_get(nvidia, "fwid-is-leafs") != NULL)
		printf(", firmware id %s the certificate's",
		    cli_bool_of(nvidia, "fwid-is-leafs") ? "is" : "IS NOT");
	printf("\n");
}

void
cli_print_summary(const struct da_json *result)
{
	const struct da_json *spdm = da_json_get(result, "spdm");
	const struct da_json *chain = da_json_get(result, "chain");
	const struct da_json *meas = da_json_get(result, "measurements");
	const struct da_json *report = da_json_get(result, "report");
	const struct da_json *challenge = da_json_get(result, "challenge");
	const struct da_json *nvidia = da_json_get(result, "nvidia");
	const struct da_json *log = da_json_get(result, "measurement-log");

	printf("\n");
	if (spdm != NULL) {
		printf("  session       ");
		cli_print_algorithms(spdm);
		printf("\n");
	}
	if (chain != NULL && da_json_length(chain) > 0)
		print_device(chain);
	if (challenge != NULL) {
		printf("  CHALLENGE     ");
		cli_print_challenge(challenge);
		printf("\n");
	}
	if (meas != NULL)
		printf("  measurements  %" PRIu32 "\n", da_json_length(meas));
	if (log != NULL)
		printf("  extended by   %" PRIu32 " entries of the log\n",
		    da_json_length(log));
	if (nvidia != NULL)
		print_nvidia(nvidia);
	if (report != NULL)
		printf("  MMIO ranges   %" PRIu32 "\n",
		    da_json_length(da_json_get(report, "ranges")));
}

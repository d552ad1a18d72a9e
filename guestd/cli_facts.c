/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines for people are made from the very object that --json prints, so that
 * the two cannot tell different things.
 */
#include "cli.h"

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

static bool
bool_of(const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	bool b;

	return v != NULL && da_json_bool(v, &b) && b;
}

/* "name value", where the object has it. */
static void
print_text(const char *name, const struct da_json *object, const char *key)
{
	struct da_slice text = cli_text_of(object, key);

	if (da_json_get(object, key) != NULL)
		printf("%s%.*s", name, (int)text.n, (const char *)text.p);
}

static void
print_int(const char *name, const struct da_json *object, const char *key)
{
	const struct da_json *v = da_json_get(object, key);
	int64_t n;

	if (v != NULL && da_json_int(v, &n))
		printf("%s%" PRId64, name, n);
}

static void
print_hex(struct da_slice hex)
{
	int n = hex.n < SHOWN_DIGITS ? (int)hex.n : SHOWN_DIGITS;

	printf("%.*s%s", n, (const char *)hex.p,
	    hex.n > SHOWN_DIGITS ? "..." : "");
}

static void
print_algorithms(const struct da_json *spdm)
{
	print_text("SPDM ", spdm, "version");
	print_text(", ", spdm, "asym");
	print_text(" with ", spdm, "hash");
	print_text(", measurements ", spdm, "measurement-hash");
	print_int(", slot ", spdm, "slot");
}

void
cli_print_summary(const struct da_json *result)
{
	const struct da_json *spdm = da_json_get(result, "spdm");
	const struct da_json *chain = da_json_get(result, "chain");
	const struct da_json *meas = da_json_get(result, "measurements");
	const struct da_json *report = da_json_get(result, "report");

	printf("\n");
	if (spdm != NULL) {
		printf("  session       ");
		print_algorithms(spdm);
		printf("\n");
	}
	if (chain != NULL && da_json_length(chain) > 0) {
		print_text("  device key    ", da_json_at(chain,
		    da_json_length(chain) - 1), "subject");
		printf("\n");
	}
	if (meas != NULL)
		printf("  measurements  %" PRIu32 "\n", da_json_length(meas));
	if (report != NULL)
		printf("  MMIO ranges   %" PRIu32 "\n",
		    da_json_length(da_json_get(report, "ranges")));
}

/* -- one section each, for `show` -- */

static void
print_spdm(const struct da_json *spdm)
{
	printf("  ");
	print_algorithms(spdm);
	printf("\n");
}

static void
print_chain(const struct da_json *chain)
{
	for (uint32_t i = 0; i < da_json_length(chain); i++) {
		const struct da_json *cert = da_json_at(chain, i);

		printf("  %" PRIu32, i + 1);
		print_text("  ", cert, "subject");
		print_text("\n     valid until ", cert, "not-after");
		print_text("\n     sha384 ", cert, "sha384");
		printf("\n");
	}
}

static void
print_measurements(const struct da_json *blocks)
{
	for (uint32_t i = 0; i < da_json_length(blocks); i++) {
		const struct da_json *block = da_json_at(blocks, i);
		struct da_slice kind = cli_text_of(block, "kind");

		printf("  %3" PRId64 "  %-20.*s  %-6s  ",
		    cli_int_of(block, "index"), (int)kind.n,
		    (const char *)kind.p,
		    bool_of(block, "raw") ? "raw" : "digest");
		print_hex(cli_text_of(block, "value"));
		printf("\n");
	}
}

/* A page number has 64 bits, of which a reader of ours takes 63. */
static void
print_page(const struct da_json *range)
{
	int64_t page = cli_int_of(range, "first-page");

	if (page < 0)
		printf(", first page past 2^63");
	else
		printf(", first page 0x%" PRIx64, (uint64_t)page);
}

static void
print_report(const struct da_json *report)
{
	const struct da_json *ranges = da_json_get(report, "ranges");

	print_int("  interface-info ", report, "interface-info");
	print_int(", msix-control ", report, "msix-control");
	print_int(", lnr-control ", report, "lnr-control");
	print_int(", tph-control ", report, "tph-control");
	print_text("\n  device-specific ", report, "device-specific");
	printf("\n");
	for (uint32_t i = 0; i < da_json_length(ranges); i++) {
		const struct da_json *r = da_json_at(ranges, i);

		printf("  range");
		print_int(" id ", r, "range-id");
		print_page(r);
		print_int(", pages ", r, "pages");
		print_int(", attributes ", r, "attributes");
		print_text(": ", r, "kind");
		printf("\n");
	}
}

static void
print_bundle(const struct da_json *bundle)
{
	const struct da_json *parts = da_json_get(bundle, "parts");

	print_text("  asked for device ", bundle, "device");
	print_text("\n  nonce ", bundle, "nonce");
	print_int("\n  the host says: failure ", bundle, "failure");
	printf("\n");
	for (uint32_t i = 0; i < da_json_length(parts); i++) {
		const struct da_json *p = da_json_at(parts, i);

		print_int("  part type ", p, "type");
		print_text(" ", p, "name");
		print_int(", bytes ", p, "length");
		printf("\n");
	}
}

/* A member of the ticket that is a string, or an object of such. */
static bool
print_member(const char *key, const struct da_json *value, void *arg)
{
	struct da_slice text;

	if (da_json_kind(value) == DA_JSON_OBJECT)
		return da_json_each(value, print_member, arg);
	if (da_json_string(value, &text)) {
		printf("  %-16s ", key);
		print_hex(text);
		printf("\n");
	}
	return true;
}

static void
print_ticket(const struct da_json *ticket)
{
	da_json_each(ticket, print_member, NULL);
}

static const struct {
	const char *key, *heading;
	void (*print)(const struct da_json *value);
} sections[] = {
	{ "bundle", "recorded exchange", print_bundle },
	{ "spdm", "what the messages say was used", print_spdm },
	{ "chain", "certificate chain, root side first", print_chain },
	{ "measurements", "measurements", print_measurements },
	{ "report", "interface report", print_report },
	{ "ticket", "ticket (trusted only if you got it from the TSM)",
	    print_ticket },
};

void
cli_print_facts(const struct da_json *result)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct da_json *v =
		    da_json_get(result, sections[i].key);

		if (v == NULL)
			continue;
		printf("UNVERIFIED %s\n", sections[i].heading);
		sections[i].print(v);
	}
}

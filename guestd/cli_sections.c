/* SPDX-License-Identifier: Apache-2.0 */
/* One section each of what `show` decoded, for people. */
#include "cli_facts.h"

#include <inttypes.h>
#include <stdio.h>

static void
print_spdm(const struct da_json *spdm)
{
	printf("  ");
	cli_print_algorithms(spdm);
	printf("\n");
}

/* -- certificates -- */

static void
print_names(const struct da_json *names)
{
	if (names == NULL)
		return;
	cli_print_text("\n     device ", names, "device-info");
	cli_print_text("\n     PCI function ", names, "pci");
}

static void
print_fwid(const char *name, const struct da_json *fwid)
{
	cli_print_text(name, fwid, "hash");
	printf(" ");
	cli_print_hex(cli_text_of(fwid, "digest"));
	printf("\n");
}

static void
print_tcb(const struct da_json *tcb)
{
	const struct da_json *fwids = da_json_get(tcb, "fwids");

	printf("     DICE TCB");
	cli_print_text(" vendor ", tcb, "vendor");
	cli_print_text(" model ", tcb, "model");
	cli_print_text(" version ", tcb, "version");
	cli_print_int(" svn ", tcb, "svn");
	cli_print_int(" layer ", tcb, "layer");
	cli_print_int(" index ", tcb, "index");
	cli_print_text(" flags ", tcb, "flags");
	cli_print_text(" type ", tcb, "type");
	printf("\n");
	for (uint32_t i = 0; fwids != NULL && i < da_json_length(fwids); i++)
		print_fwid("       firmware ", da_json_at(fwids, i));
}

static void
print_dice(const struct da_json *dice)
{
	const struct da_json *tcbs, *composite, *purposes;

	if (dice == NULL)
		return;
	tcbs = da_json_get(dice, "tcb");
	composite = da_json_get(dice, "composite");
	purposes = da_json_get(dice, "key-purposes");
	if (da_json_get(dice, "ueid") != NULL) {
		cli_print_text("     DICE UEID ", dice, "ueid");
		printf("\n");
	}
	if (composite != NULL)
		print_fwid("     DICE composite ", composite);
	for (uint32_t i = 0; tcbs != NULL && i < da_json_length(tcbs); i++)
		print_tcb(da_json_at(tcbs, i));
	for (uint32_t i = 0; purposes != NULL && i < da_json_length(purposes);
	    i++) {
		struct da_slice text;

		if (da_json_string(da_json_at(purposes, i), &text))
			printf("     DICE key purpose %.*s\n", (int)text.n,
			    (const char *)text.p);
	}
}

static void
print_chain(const struct da_json *chain)
{
	for (uint32_t i = 0; i < da_json_length(chain); i++) {
		const struct da_json *cert = da_json_at(chain, i);

		printf("  %" PRIu32, i + 1);
		cli_print_text("  ", cert, "subject");
		cli_print_text("\n     valid until ", cert, "not-after");
		cli_print_text("\n     sha384 ", cert, "sha384");
		cli_print_text("\n     key ", cert, "key");
		print_names(da_json_get(cert, "names"));
		printf("\n");
		print_dice(da_json_get(cert, "dice"));
	}
}

/* -- measurements -- */

static void
print_bits(const char *name, const struct da_json *bits)
{
	const char *between = name;

	for (uint32_t i = 0; bits != NULL && i < da_json_length(bits); i++) {
		struct da_slice text = da_slice_str("a bit that has no name");

		da_json_string(da_json_at(bits, i), &text);
		printf("%s%.*s", between, (int)text.n, (const char *)text.p);
		between = ", ";
	}
}

static void
print_mode(const struct da_json *mode)
{
	printf("       mode");
	print_bits(" operation: ", da_json_get(mode, "operation"));
	print_bits("; device: ", da_json_get(mode, "device"));
	printf("\n");
}

static void
print_measurements(const struct da_json *blocks)
{
	for (uint32_t i = 0; i < da_json_length(blocks); i++) {
		const struct da_json *block = da_json_at(blocks, i);
		struct da_slice kind = cli_text_of(block, "kind");

		printf("  %3" PRId64 "  %-22.*s  %-6s  ",
		    cli_int_of(block, "index"), (int)kind.n,
		    (const char *)kind.p,
		    cli_bool_of(block, "raw") ? "raw" : "digest");
		cli_print_hex(cli_text_of(block, "value"));
		cli_print_int("  svn ", block, "svn");
		cli_print_int("  bytes ", block, "size");
		printf("\n");
		if (da_json_get(block, "mode") != NULL)
			print_mode(da_json_get(block, "mode"));
	}
}

static void
print_log(const struct da_json *log)
{
	for (uint32_t i = 0; i < da_json_length(log); i++) {
		const struct da_json *entry = da_json_at(log, i);
		struct da_slice kind = cli_text_of(entry, "kind");

		printf("  %3" PRId64, cli_int_of(entry, "index"));
		cli_print_int(" extends ", entry, "block");
		printf("  %-22.*s  %-6s  ", (int)kind.n, (const char *)kind.p,
		    cli_bool_of(entry, "raw") ? "raw" : "digest");
		cli_print_hex(cli_text_of(entry, "value"));
		printf("\n");
	}
}

static void
print_challenge(const struct da_json *challenge)
{
	printf("  ");
	cli_print_challenge(challenge);
	cli_print_int("\n  slots that hold a chain: mask ", challenge,
	    "slot-mask");
	printf("\n");
}

/* -- opaque data -- */

static void
print_opaque(const struct da_json *opaque)
{
	const struct da_json *elements = da_json_get(opaque, "elements");

	cli_print_text("  format ", opaque, "format");
	printf(", bytes %zu\n", cli_text_of(opaque, "value").n / 2);
	for (uint32_t i = 0; elements != NULL && i < da_json_length(elements);
	    i++) {
		const struct da_json *e = da_json_at(elements, i);

		cli_print_text("  element of ", e, "registry");
		cli_print_text(" vendor ", e, "vendor-id");
		printf("  ");
		cli_print_hex(cli_text_of(e, "data"));
		printf("\n");
	}
}

/* A value of any kind in a line: of a list, how many there are. */
static bool
print_value(const char *key, const struct da_json *value, void *arg)
{
	struct da_slice text;
	int64_t n;
	bool b;

	(void)arg;
	printf("  %-24s ", key);
	if (da_json_kind(value) == DA_JSON_ARRAY)
		printf("%" PRIu32 " values", da_json_length(value));
	else if (da_json_string(value, &text))
		cli_print_hex(text);
	else if (da_json_int(value, &n))
		printf("%" PRId64, n);
	else if (da_json_bool(value, &b))
		printf("%s", b ? "yes" : "no");
	printf("\n");
	return true;
}

static void
print_values(const struct da_json *object)
{
	da_json_each(object, print_value, NULL);
}

/* -- what the one who asks brought -- */

static void
print_lists(const struct da_json *lists)
{
	for (uint32_t i = 0; i < da_json_length(lists); i++) {
		const struct da_json *l = da_json_at(lists, i);

		printf("  %" PRIu32, i + 1);
		cli_print_text("  ", l, "issuer");
		cli_print_text("\n     of ", l, "this-update");
		cli_print_text(", next ", l, "next-update");
		cli_print_int("\n     revoked certificates ", l, "entries");
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

	cli_print_int("  interface-info ", report, "interface-info");
	cli_print_int(", msix-control ", report, "msix-control");
	cli_print_int(", lnr-control ", report, "lnr-control");
	cli_print_int(", tph-control ", report, "tph-control");
	cli_print_text("\n  device-specific ", report, "device-specific");
	printf("\n");
	for (uint32_t i = 0; i < da_json_length(ranges); i++) {
		const struct da_json *r = da_json_at(ranges, i);

		printf("  range");
		cli_print_int(" id ", r, "range-id");
		print_page(r);
		cli_print_int(", pages ", r, "pages");
		cli_print_int(", attributes ", r, "attributes");
		cli_print_text(": ", r, "kind");
		printf("\n");
	}
}

static void
print_bundle(const struct da_json *bundle)
{
	const struct da_json *parts = da_json_get(bundle, "parts");

	cli_print_text("  asked for device ", bundle, "device");
	cli_print_text("\n  nonce ", bundle, "nonce");
	cli_print_int("\n  the host says: failure ", bundle, "failure");
	printf("\n");
	for (uint32_t i = 0; i < da_json_length(parts); i++) {
		const struct da_json *p = da_json_at(parts, i);

		cli_print_int("  part type ", p, "type");
		cli_print_text(" ", p, "name");
		cli_print_int(", bytes ", p, "length");
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
		cli_print_hex(text);
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
	{ "challenge", "CHALLENGE", print_challenge },
	{ "measurements", "measurements", print_measurements },
	{ "opaque", "opaque data of the last response", print_opaque },
	{ "nvidia", "that opaque data, as NVIDIA writes it", print_values },
	{ "measurement-log", "measurement extension log", print_log },
	{ "report", "interface report", print_report },
	{ "revocation-lists", "revocation lists", print_lists },
	{ "provisioned-key", "provisioned key", print_values },
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "anchors.h"
#include "files.h"
#include "policy/jsonchar.h"
#include "rfc3339.h"
#include "ticket_json.h"
#include "verifier/gate.h"
#include "verifier/pem.h"

#define MAX_TICKET	65536u	/* JSON; six digests and a TSM's raw answer */
#define MAX_PEM		(2u * DA_MAX_CHAIN)	/* base64 takes 4 for 3 */

/* Bytes that live as long as the inputs; NULL when memory is out. */
static uint8_t *
own_buffer(struct cli_input *in, size_t size)
{
	uint8_t *buf = calloc(1, size);

	if (buf != NULL)
		in->owned[in->n_owned++] = da_slice_of(buf, size);
	return buf;
}

static bool
refuse_misuse(struct cli_refusal *reterr)
{
	reterr->exit_class = 1;
	return false;
}

static bool
refuse_no_memory(struct cli_refusal *reterr)
{
	da_misused(&reterr->misuse, "out of memory");
	return refuse_misuse(reterr);
}

static bool
refuse_fault(struct cli_refusal *reterr, const struct da_fault *fault)
{
	reterr->exit_class = da_fault_text(fault->why)->exit_class;
	reterr->fault = *fault;
	return false;
}

static bool
load(struct cli_input *in, enum da_option option, const char *path,
    enum da_part part, size_t cap, struct da_slice *ret,
    struct cli_refusal *reterr)
{
	struct da_file_error error;

	if (da_file_read(path, part, cap, ret, &error)) {
		in->owned[in->n_owned++] = *ret;
		return true;
	}
	if (!error.unusable)
		return refuse_fault(reterr, &error.fault);
	da_misused(&reterr->misuse, "--%s %s: %s",
	    da_option_row(option)->name, path, error.text);
	return refuse_misuse(reterr);
}

/* -- what each file is taken for -- */

static bool
take_part(struct cli_input *in, enum da_part part, struct da_slice bytes,
    struct cli_refusal *reterr)
{
	(void)reterr;
	in->bundle.given[part] = true;
	in->bundle.part[part] = bytes;
	return true;
}

static bool
take_chain_pem(struct cli_input *in, enum da_part part, struct da_slice text,
    struct cli_refusal *reterr)
{
	uint8_t *der = own_buffer(in, DA_MAX_CHAIN);
	uint8_t *turned = own_buffer(in, DA_MAX_CHAIN);
	struct da_slice chain;
	struct da_fault fault;

	if (der == NULL || turned == NULL)
		return refuse_no_memory(reterr);
	if (!da_pem_read(text, part, der, DA_MAX_CHAIN, &chain, &fault) ||
	    !da_chain_root_first(chain, turned, &chain, &fault))
		return refuse_fault(reterr, &fault);
	in->bundle.chain_form = DA_CHAIN_DER;
	return take_part(in, part, chain, reterr);
}

/* Byte of a line and column, both from 1; 0, 0 is the start. */
static size_t
byte_at(struct da_slice text, const struct da_json_error *error)
{
	struct da_cur c = da_cur_of(text);
	uint32_t line = 1;

	while (line < error->line && da_left(&c) > 0)
		line += da_u8(&c) == '\n';
	return c.at + (error->column > 0 ? error->column - 1 : 0);
}

static bool
take_ticket(struct cli_input *in, enum da_part part, struct da_slice text,
    struct cli_refusal *reterr)
{
	struct da_json_error error;
	struct da_fault fault;

	if (da_ticket_from_json(text, &in->ticket, &error)) {
		in->ask.ticket = &in->ticket;
		return true;
	}
	da_refuse(&fault, DA_F_TICKET_FORM, part, byte_at(text, &error));
	da_misused(&reterr->misuse, "ticket, line %u, column %u: %s",
	    (unsigned int)error.line, (unsigned int)error.column, error.text);
	return refuse_fault(reterr, &fault);
}

/*
 * Of the chains of a bundle, the slot whose chain is the one that the TSM saw.
 * The host put the others beside it; they cannot vouch for anything.
 */
static bool
slot_by_digest(const struct cli_input *in, struct da_slice file, uint8_t *ret)
{
	struct da_fault fault;

	for (uint32_t i = 0; i < in->answer.n; i++) {
		const struct da_answer_part *p = &in->answer.part[i];
		struct da_slice chain;

		if (p->type <= DA_WIRE_CHAIN_LAST && da_slice_cut(file,
		    (size_t)p->offset, p->length, &chain) &&
		    da_gate_part(in->ask.ticket, DA_PART_CHAIN, chain,
		    &fault) == DA_HOLDS) {
			*ret = (uint8_t)p->type;
			return true;
		}
	}
	return false;
}

static bool
take_bundle(struct cli_input *in, enum da_part part, struct da_slice file,
    struct cli_refusal *reterr)
{
	bool slot_known = false;
	uint8_t slot = 0;
	struct da_fault fault;

	(void)part;
	if (!da_bundle_file_read(file, &in->answer, &fault))
		return refuse_fault(reterr, &fault);
	in->has_answer = true;
	if (in->ask.ticket != NULL && in->ticket.slot_known != 0) {
		slot_known = true;
		slot = in->ticket.slot;
	} else if (in->ask.ticket != NULL) {
		slot_known = slot_by_digest(in, file, &slot);
	}
	in->bundle = da_answer_bundle(&in->answer, file, slot_known, slot);
	return true;
}

/* In this order: a bundle's chain is chosen by the ticket. */
static const struct source {
	enum da_option option;
	enum da_part part;
	size_t cap;
	bool (*take)(struct cli_input *in, enum da_part part,
	    struct da_slice bytes, struct cli_refusal *reterr);
} sources[] = {
	{ DA_OPT_TICKET, DA_PART_TICKET, MAX_TICKET, take_ticket },
	{ DA_OPT_BUNDLE, DA_PART_ANSWER,
	    DA_WIRE_REQUEST_SIZE + DA_MAX_ANSWER, take_bundle },
	{ DA_OPT_CHAIN, DA_PART_CHAIN, DA_MAX_CHAIN, take_part },
	{ DA_OPT_CHAIN_PEM, DA_PART_CHAIN, MAX_PEM, take_chain_pem },
	{ DA_OPT_VCA, DA_PART_VCA, DA_MAX_VCA, take_part },
	{ DA_OPT_MEASUREMENTS, DA_PART_MEASUREMENTS, DA_MAX_MEAS, take_part },
	{ DA_OPT_REPORT, DA_PART_REPORT, DA_MAX_REPORT, take_part },
};

static bool
load_source(struct cli_input *in, const struct da_options *o,
    const struct source *source, struct cli_refusal *reterr)
{
	const char *path = o->value[source->option];
	struct da_slice bytes;

	if (path == NULL)
		return true;
	return load(in, source->option, path, source->part, source->cap,
	    &bytes, reterr) && source->take(in, source->part, bytes, reterr);
}

/* -- trust anchors -- */

static bool
load_root(struct cli_input *in, const char *path, struct cli_refusal *reterr)
{
	struct da_slice bytes, *owned = &in->owned[in->n_owned];
	struct da_fault fault;

	if (!load(in, DA_OPT_ROOT, path, DA_PART_ROOT, MAX_PEM, &bytes,
	    reterr))
		return false;
	if (da_anchors_decode(owned, &fault) &&
	    da_anchors_add(*owned, &in->ask.anchors, &fault))
		return true;
	return fault.why == DA_F_NONE ? refuse_no_memory(reterr) :
	    refuse_fault(reterr, &fault);
}

/* -- values that are no files, or not always -- */

/* What somebody typed who meant hex, if not well: no such file is there. */
static bool
is_bad_hex(const char *text)
{
	size_t n = strlen(text);

	if (access(text, F_OK) == 0)
		return false;
	return strspn(text, "0123456789abcdefABCDEF") == n ||
	    (n >= DA_NONCE && strpbrk(text, "/.") == NULL);
}

static bool
load_nonce(struct cli_input *in, const char *text, struct cli_refusal *reterr)
{
	struct da_slice bytes, hex = da_slice_str(text);
	struct da_fault fault;
	size_t n;

	/* Exactly 64 hex digits; anything else names a file, or is too much. */
	if (hex.n == 2 * DA_NONCE &&
	    da_hex_read(hex, in->nonce, DA_NONCE, &n)) {
		in->ask.nonce = da_slice_of(in->nonce, DA_NONCE);
		return true;
	}
	if (is_bad_hex(text)) {
		da_misused(&reterr->misuse, "--nonce: %zu characters, and no "
		    "file; a nonce has %d hex digits, or is a file of %d bytes",
		    hex.n, 2 * DA_NONCE, DA_NONCE);
		return refuse_misuse(reterr);
	}
	if (!load(in, DA_OPT_NONCE, text, DA_PART_NONCE, DA_NONCE, &bytes,
	    reterr))
		return false;
	if (bytes.n != DA_NONCE) {	/* longer ones end at their cap */
		da_refuse(&fault, DA_F_SHORT, DA_PART_NONCE, bytes.n);
		return refuse_fault(reterr, &fault);
	}
	in->ask.nonce = bytes;
	return true;
}

static bool
take_words(struct cli_input *in, const struct da_options *o,
    struct da_misuse *reterr)
{
	const char *algorithms = o->value[DA_OPT_ALGORITHMS];
	const char *at = o->value[DA_OPT_AT];
	const char *device = o->value[DA_OPT_DEVICE];
	uint32_t bdf;

	if (at != NULL && !da_rfc3339_parse(at, &in->ask.at))
		return da_misused(reterr, "--at %s: not a time of RFC 3339, "
		    "such as 2026-11-23T00:00:00Z", at);
	in->ask.has_time = at != NULL;
	if (algorithms != NULL && !da_algs_named(da_slice_str(algorithms),
	    &in->assumed))
		return da_misused(reterr, "--algorithms %s: not ASYM,HASH or "
		    "ASYM,HASH,MEASHASH, such as ecdsa-p384,sha384",
		    algorithms);
	in->ask.assumed = algorithms != NULL ? &in->assumed : NULL;
	if (device != NULL && !da_wire_parse_bdf(device, &bdf))
		return da_misused(reterr,
		    "--device %s: not of the form 0000:01:00.0", device);
	if (device != NULL)
		da_wire_format_bdf(bdf, in->device);
	return true;
}

/* The ticket speaks of one device and one nonce: so must the options. */
static bool
agrees_with_ticket(const struct cli_input *in, struct da_misuse *reterr)
{
	const struct da_ticket *t = in->ask.ticket;

	if (t == NULL)
		return true;
	if (t->has_nonce != 0 && in->ask.nonce.n != 0 && !da_slice_eq_ct(
	    in->ask.nonce, da_slice_of(t->nonce, DA_NONCE)))
		return da_misused(reterr,
		    "--nonce and the ticket's nonce differ");
	if (t->device[0] != '\0' && in->device[0] != '\0' &&
	    strcmp(t->device, in->device) != 0)
		return da_misused(reterr,
		    "--device and the ticket's device differ");
	return true;
}

/* Of several refusals the one whose class decides; the first of a class. */
static void
note(struct cli_refusal *worst, bool good, struct cli_refusal *one)
{
	if (!good && (worst->exit_class == 0 ||
	    (one->exit_class != worst->exit_class && da_class_worse(
	    one->exit_class, worst->exit_class) == one->exit_class)))
		*worst = *one;
	*one = (struct cli_refusal){ 0 };
}

static void
load_all(struct cli_input *in, const struct da_options *o,
    struct cli_refusal *worst)
{
	struct cli_refusal one = { 0 };

	note(worst, take_words(in, o, &one.misuse) || refuse_misuse(&one),
	    &one);
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		note(worst, load_source(in, o, &sources[i], &one), &one);
	for (uint16_t i = 0; i < o->n_roots; i++)
		note(worst, load_root(in, o->root[i], &one), &one);
	if (o->value[DA_OPT_NONCE] != NULL)
		note(worst, load_nonce(in, o->value[DA_OPT_NONCE], &one),
		    &one);
	note(worst, agrees_with_ticket(in, &one.misuse) || refuse_misuse(&one),
	    &one);
}

struct cli_input *
cli_input_load(const struct da_options *options, struct cli_refusal *reterr)
{
	struct cli_input *in = calloc(1, sizeof(*in));
	struct cli_refusal worst = { 0 };

	if (in == NULL) {
		*reterr = (struct cli_refusal){ 0 };
		refuse_no_memory(reterr);
		return NULL;
	}
	load_all(in, options, &worst);
	if (worst.exit_class == 0)
		return in;
	cli_input_free(in);
	*reterr = worst;
	return NULL;
}

void
cli_input_free(struct cli_input *in)
{
	if (in == NULL)
		return;
	for (uint16_t i = 0; i < in->n_owned; i++)
		da_file_free(in->owned[i]);
	free(in);
}

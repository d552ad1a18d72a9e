/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "cli_load.h"
#include "files.h"
#include "rfc3339.h"
#include "ticket_json.h"
#include "verifier/gate.h"
#include "verifier/pem.h"

#define MAX_TICKET	65536u	/* JSON; six digests and a TSM's raw answer */

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
	uint8_t *der = cli_own_buffer(in, DA_MAX_CHAIN);
	uint8_t *turned = cli_own_buffer(in, DA_MAX_CHAIN);
	struct da_slice chain;
	struct da_fault fault;

	if (der == NULL || turned == NULL)
		return cli_refuse_no_memory(reterr);
	if (!da_pem_read(text, part, der, DA_MAX_CHAIN, &chain, &fault) ||
	    !da_chain_root_first(chain, turned, &chain, &fault))
		return cli_refuse_fault(reterr, &fault);
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
	return cli_refuse_fault(reterr, &fault);
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
		struct da_slice chain, covered;

		if (p->type <= DA_WIRE_CHAIN_LAST && da_slice_cut(file,
		    (size_t)p->offset, p->length, &chain) &&
		    da_gate_part(in->ask.ticket, DA_PART_CHAIN, chain,
		    &covered, &fault) == DA_HOLDS) {
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
		return cli_refuse_fault(reterr, &fault);
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
	{ DA_OPT_CHAIN_PEM, DA_PART_CHAIN, CLI_MAX_PEM, take_chain_pem },
	{ DA_OPT_VCA, DA_PART_VCA, DA_MAX_VCA, take_part },
	{ DA_OPT_MEASUREMENTS, DA_PART_MEASUREMENTS, DA_MAX_MEAS, take_part },
	{ DA_OPT_CHALLENGE, DA_PART_CHALLENGE, DA_MAX_CHALLENGE, take_part },
	{ DA_OPT_DIGESTS_CERTS, DA_PART_BETWEEN, DA_MAX_BETWEEN, take_part },
	{ DA_OPT_MEL, DA_PART_LOG, DA_MAX_LOG, take_part },
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
	return cli_load(in, source->option, path, source->part, source->cap,
	    &bytes, reterr) && source->take(in, source->part, bytes, reterr);
}

/* -- values that are no files -- */

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

/* A bundle may have no CHALLENGE for a nonce to be answered in. */
static bool
challenge_is_there(const struct cli_input *in, struct da_misuse *reterr)
{
	return in->ask.challenge_nonce.n == 0 ||
	    in->bundle.given[DA_PART_CHALLENGE] ||
	    da_misused(reterr, "--challenge-nonce is given, and no CHALLENGE "
	    "is in the bundle");
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

/* What the one who asks trusts, and asked with. */
static void
load_own(struct cli_input *in, const struct da_options *o,
    struct cli_refusal *worst)
{
	const char *key = o->value[DA_OPT_PROVISIONED_KEY];
	const char *nonce = o->value[DA_OPT_NONCE];
	const char *challenge_nonce = o->value[DA_OPT_CHALLENGE_NONCE];
	struct cli_refusal one = { 0 };

	for (uint16_t i = 0; i < o->n_repeated; i++)
		note(worst, cli_load_trust(in, &o->repeated[i], &one), &one);
	note(worst, key == NULL || cli_load_key(in, key, &one), &one);
	note(worst, nonce == NULL || cli_load_nonce(in, DA_OPT_NONCE, nonce,
	    in->nonce, &in->ask.nonce, &one), &one);
	note(worst, challenge_nonce == NULL || cli_load_nonce(in,
	    DA_OPT_CHALLENGE_NONCE, challenge_nonce, in->challenge_nonce,
	    &in->ask.challenge_nonce, &one), &one);
}

static void
load_all(struct cli_input *in, const struct da_options *o,
    struct cli_refusal *worst)
{
	struct cli_refusal one = { 0 };

	note(worst, take_words(in, o, &one.misuse) ||
	    cli_refuse_misuse(&one), &one);
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		note(worst, load_source(in, o, &sources[i], &one), &one);
	load_own(in, o, worst);
	note(worst, (agrees_with_ticket(in, &one.misuse) &&
	    (worst->exit_class != 0 || challenge_is_there(in, &one.misuse))) ||
	    cli_refuse_misuse(&one), &one);
}

struct cli_input *
cli_input_load(const struct da_options *options, struct cli_refusal *reterr)
{
	struct cli_input *in = calloc(1, sizeof(*in));
	struct cli_refusal worst = { 0 };

	if (in == NULL) {
		*reterr = (struct cli_refusal){ 0 };
		cli_refuse_no_memory(reterr);
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

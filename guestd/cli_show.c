/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes without proving: the one place that reads blocks and reports that
 * nothing vouches for, and says so of each.  Nothing is made from it but lines.
 */
#include "cli_show.h"

#include <stdlib.h>

#include "policy/result.h"
#include "ticket_json.h"

/* -- the object -- */

const char *
cli_type_name(uint16_t type)
{
	enum da_part part = da_answer_part_of(type);

	return part == DA_PART_NONE ? "not in this version" :
	    da_part_name(part);
}

static struct da_json *
part_json(const struct da_answer_part *part)
{
	struct da_json *o = da_json_new_object();

	da_json_set(o, "type", da_json_new_int(part->type));
	da_json_set(o, "name",
	    da_json_new_string(da_slice_str(cli_type_name(part->type))));
	da_json_set(o, "length", da_json_new_int(part->length));
	return o;
}

struct da_json *
cli_parts_json(const struct da_answer *a)
{
	struct da_json *parts = da_json_new_array();

	for (uint32_t i = 0; i < a->n; i++)
		da_json_append(parts, part_json(&a->part[i]));
	return parts;
}

static struct da_json *
bundle_json(const struct da_answer *a)
{
	struct da_json *o = da_json_new_object();
	char device[16];

	da_wire_format_bdf(a->request.device, device);
	da_json_set(o, "device", da_json_new_string(da_slice_str(device)));
	da_json_set(o, "nonce", da_json_new_hex(da_slice_of(a->request.nonce,
	    sizeof(a->request.nonce))));
	if (a->failure != 0)
		da_json_set(o, "failure", da_json_new_int(a->failure));
	da_json_set(o, "parts", cli_parts_json(a));
	return o;
}

/* Beside a chain its leaf says whose the opaque data is; else it may be. */
static void
add_opaque(struct da_json *o, const struct cli_shown *s)
{
	da_result_set_opaque(o, &s->claims);
	if (s->claims.has_nvidia && !s->evidence.has_chain)
		da_json_set(o, "nvidia",
		    da_result_nvidia(&s->claims.nvidia));
}

static void
add_evidence(struct da_json *o, const struct cli_shown *s)
{
	const struct da_evidence *e = &s->evidence;

	if (s->has_spdm)
		da_json_set(o, "spdm", da_result_spdm(e));
	if (e->has_chain)
		da_json_set(o, "chain", da_result_chain(&e->chain));
	if (e->has_challenge)
		da_json_set(o, "challenge",
		    da_result_challenge(&e->challenge));
	if (s->claims.has_blocks)
		da_json_set(o, "measurements",
		    da_result_measurements(&s->claims.blocks));
	add_opaque(o, s);
	if (s->claims.has_log)
		da_json_set(o, "measurement-log",
		    da_result_log(&s->claims.log));
	if (s->has_report)
		da_json_set(o, "report", da_result_report(&s->report));
}

static void
add_sections(struct da_json *o, const struct cli_input *in,
    const struct cli_shown *s)
{
	if (in->has_answer)
		da_json_set(o, "bundle", bundle_json(&in->answer));
	add_evidence(o, s);
	if (in->ask.crls.n > 0)
		da_json_set(o, "revocation-lists",
		    cli_lists_json(&in->ask.crls));
	if (in->ask.provisioned.n > 0)
		da_json_set(o, "provisioned-key",
		    cli_key_json(in->ask.provisioned));
	if (in->ask.ticket != NULL)
		da_json_set(o, "ticket", da_ticket_to_json(&in->ticket));
}

static int
tell(const struct da_options *options, const struct cli_input *in,
    const struct cli_shown *s)
{
	struct da_result_head head = {
		"show", s->exit_class == 0 ? "shown" : "refused",
		s->exit_class, in->device[0] == '\0' ? NULL : in->device,
	};
	struct da_json *o = da_result_json(&head, &s->findings, NULL, NULL);

	if (o == NULL)
		return cli_tell_misuse("show", options->json, "out of memory");
	add_sections(o, in, s);
	if (options->json)
		return cli_put_json(o) ? s->exit_class : 1;
	cli_print_facts(o);
	cli_print_faults(&s->findings);
	if (s->exit_class != 0)
		cli_print_verdict("", s->exit_class);
	da_json_free(o);
	return s->exit_class;
}

static bool
has_something(const struct cli_input *in)
{
	for (enum da_part p = DA_PART_CHAIN; p < DA_PART_COUNT; p++)
		if (in->bundle.given[p])
			return true;
	return in->has_answer || in->ask.ticket != NULL ||
	    in->ask.crls.n > 0 || in->ask.provisioned.n > 0;
}

int
cli_show(const struct da_options *options)
{
	struct cli_refusal refusal;
	struct cli_input *in = cli_input_load(options, &refusal);
	struct cli_shown *s = NULL;
	int class;

	if (in == NULL)
		return cli_tell_refusal(options, &refusal);
	if (!has_something(in))
		class = cli_tell_misuse("show", options->json, "nothing to "
		    "show: give a chain, a report, a ticket, a bundle, ...");
	else if ((s = cli_show_read(in)) == NULL)
		class = cli_tell_misuse("show", options->json,
		    "out of memory");
	else
		class = tell(options, in, s);
	free(s);
	cli_input_free(in);
	return class;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes without proving: the one place that reads blocks and reports that
 * nothing vouches for, and says so of each.  Nothing is made from it but lines.
 */
#include "cli.h"

#include <stdlib.h>

#include "policy/result.h"
#include "ticket_json.h"

/* What could be read, and the first fault of each kind. */
struct shown {
	struct da_evidence evidence;	/* messages; the chain stands apart */
	struct da_chain chain;
	struct da_blocks blocks;
	struct da_report report;
	bool has_spdm, has_chain, has_blocks, has_report;
	struct da_findings findings;
	int exit_class;
};

static void
refuse(struct shown *s, enum da_check check, const struct da_fault *fault)
{
	da_found_broken(&s->findings, check, fault);
	s->exit_class = da_class_worse(s->exit_class,
	    da_fault_text(fault->why)->exit_class);
}

/* Measurements without a chain are no evidence, and can be shown. */
static bool
read_exchanges(struct shown *s, struct da_fault *reterr)
{
	struct da_evidence *e = &s->evidence;

	if (!da_meas_read(e->exchanges, e->has_vca ? e->version : 0,
	    da_asym_alg(e->algs.asym)->sig_size, &e->meas, reterr))
		return false;
	e->has_meas = true;
	s->has_spdm = true;
	s->has_blocks = da_blocks_read(e->exchanges, &e->meas,
	    e->algs.meas_hash, &s->blocks, reterr);
	return s->has_blocks;
}

/* Each part is read for itself, so that no part's fault hides another. */
static void
read_messages(struct shown *s, const struct cli_input *in)
{
	struct da_bundle messages = in->bundle;
	struct da_fault fault;

	messages.given[DA_PART_CHAIN] = false;
	messages.given[DA_PART_REPORT] = false;
	s->has_spdm = da_evidence_read(&messages, in->ask.assumed,
	    &s->evidence, &fault);
	if (s->has_spdm)
		return;
	if (fault.why != DA_F_CHAIN_ABSENT || !read_exchanges(s, &fault))
		refuse(s, DA_CHK_WELL_FORMED, &fault);
}

static void
read_chain(struct shown *s, const struct cli_input *in)
{
	struct da_fault fault;

	s->has_chain = da_chain_parse(in->bundle.part[DA_PART_CHAIN],
	    in->bundle.chain_form, s->evidence.algs.hash, &s->chain, &fault);
	if (!s->has_chain)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
}

static void
read_report(struct shown *s, struct da_slice raw)
{
	struct da_fault fault;

	s->has_report = da_report_parse(raw, &s->report, &fault);
	if (!s->has_report)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	else if (!da_report_shape(raw, &s->report, &fault))
		refuse(s, DA_CHK_REPORT_SHAPE, &fault);
}

static struct shown *
read_all(const struct cli_input *in)
{
	const bool *given = in->bundle.given;
	struct shown *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	da_findings_start(&s->findings);
	if (given[DA_PART_VCA] || given[DA_PART_MEASUREMENTS])
		read_messages(s, in);
	if (given[DA_PART_CHAIN])
		read_chain(s, in);
	if (given[DA_PART_REPORT])
		read_report(s, in->bundle.part[DA_PART_REPORT]);
	return s;
}

/* -- the object -- */

const char *
cli_type_name(uint16_t type)
{
	static const char *const names[] = {
		[DA_WIRE_VCA] = "vca",
		[DA_WIRE_MEASUREMENTS] = "measurements",
		[DA_WIRE_REPORT] = "report",
	};

	if (type <= DA_WIRE_CHAIN_LAST)
		return "chain";
	return type <= DA_WIRE_REPORT ? names[type] : "not in this version";
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

static void
add_sections(struct da_json *o, const struct cli_input *in,
    const struct shown *s)
{
	if (in->has_answer)
		da_json_set(o, "bundle", bundle_json(&in->answer));
	if (s->has_spdm)
		da_json_set(o, "spdm", da_result_spdm(&s->evidence));
	if (s->has_chain)
		da_json_set(o, "chain", da_result_chain(&s->chain));
	if (s->has_blocks)
		da_json_set(o, "measurements",
		    da_result_measurements(&s->blocks));
	if (s->has_report)
		da_json_set(o, "report", da_result_report(&s->report));
	if (in->ask.ticket != NULL)
		da_json_set(o, "ticket", da_ticket_to_json(&in->ticket));
}

static int
tell(const struct da_options *options, const struct cli_input *in,
    const struct shown *s)
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
	for (enum da_part p = DA_PART_CHAIN; p <= DA_PART_REPORT; p++)
		if (in->bundle.given[p])
			return true;
	return in->has_answer || in->ask.ticket != NULL;
}

int
cli_show(const struct da_options *options)
{
	struct cli_refusal refusal;
	struct cli_input *in = cli_input_load(options, &refusal);
	struct shown *s = NULL;
	int class;

	if (in == NULL)
		return cli_tell_refusal(options, &refusal);
	if (!has_something(in))
		class = cli_tell_misuse("show", options->json, "nothing to "
		    "show: give a chain, a report, a ticket, a bundle, ...");
	else if ((s = read_all(in)) == NULL)
		class = cli_tell_misuse("show", options->json,
		    "out of memory");
	else
		class = tell(options, in, s);
	free(s);
	cli_input_free(in);
	return class;
}

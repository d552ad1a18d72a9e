/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_show.h"

#include <stdlib.h>

static void
refuse(struct cli_shown *s, enum da_check check, const struct da_fault *fault)
{
	da_found_broken(&s->findings, check, fault);
	s->exit_class = da_class_worse(s->exit_class,
	    da_fault_text(fault->why)->exit_class);
}

/*
 * The messages of some of the parts.  That no chain stands beside them is a
 * fault of evidence, and none of what is only shown.
 */
static bool
read_evidence(const struct cli_input *in, const enum da_part *parts, size_t n,
    struct da_evidence *ret, struct da_fault *reterr)
{
	struct da_bundle some = in->bundle;

	for (int p = 0; p < DA_PART_COUNT; p++)
		some.given[p] = false;
	for (size_t i = 0; i < n; i++)
		some.given[parts[i]] = in->bundle.given[parts[i]];
	return da_evidence_read(&some, in->ask.assumed, ret, reterr) ||
	    reterr->why == DA_F_CHAIN_ABSENT;
}

/* Of the last exchange: what the earlier ones had is not shown. */
static bool
read_opaque(struct cli_shown *s, struct da_slice part, struct da_fault *reterr)
{
	const struct da_evidence *e = &s->evidence;
	struct da_cur whole = da_cur_of(part);
	struct da_claims *c = &s->claims;

	return e->meas.n == 0 || da_opaque_read(da_cur_over(&whole,
	    e->meas.exchange[e->meas.n - 1].opaque), DA_PART_MEASUREMENTS,
	    da_opaque_format(e->version, e->vca.other_sel), &c->opaque,
	    reterr);
}

static void
read_measured(struct cli_shown *s, const struct cli_input *in)
{
	struct da_slice part = in->bundle.part[DA_PART_MEASUREMENTS];
	struct da_evidence *e = &s->evidence;
	struct da_claims *c = &s->claims;
	struct da_fault fault;

	c->has_blocks = da_blocks_read(part, &e->meas, e->algs.meas_hash,
	    &c->blocks, &fault);
	if (!c->has_blocks)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	if (!read_opaque(s, part, &fault))
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	c->has_nvidia = c->opaque.format == DA_OPAQUE_VENDOR &&
	    c->opaque.raw.n > 0 &&
	    da_nvidia_read(c->opaque.raw, &c->nvidia, &fault);
}

static void
read_messages(struct cli_shown *s, const struct cli_input *in)
{
	static const enum da_part parts[] = { DA_PART_VCA,
		DA_PART_MEASUREMENTS };
	struct da_fault fault;

	s->has_spdm = read_evidence(in, parts, 2, &s->evidence, &fault);
	if (!s->has_spdm)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	else if (s->evidence.has_meas)
		read_measured(s, in);
}

static void
read_challenge(struct cli_shown *s, const struct cli_input *in)
{
	static const enum da_part parts[] = { DA_PART_VCA, DA_PART_CHALLENGE,
		DA_PART_BETWEEN };
	struct da_evidence *e = malloc(sizeof(*e));
	struct da_fault fault = { DA_F_NONE, DA_PART_NONE, 0 };

	if (e != NULL && read_evidence(in, parts, 3, e, &fault)) {
		s->evidence.has_challenge = e->has_challenge;
		s->evidence.challenge = e->challenge;
	} else if (e != NULL) {
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	}
	free(e);
}

static void
read_chain(struct cli_shown *s, const struct cli_input *in)
{
	struct da_evidence *e = &s->evidence;
	struct da_fault fault;

	e->has_chain = da_chain_parse(in->bundle.part[DA_PART_CHAIN],
	    in->bundle.chain_form, e->algs.hash, &e->chain, &fault);
	if (!e->has_chain)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
}

static void
read_log(struct cli_shown *s, const struct cli_input *in)
{
	struct da_fault fault;

	s->claims.has_log = da_log_read(in->bundle.part[DA_PART_LOG],
	    &s->claims.log, &fault);
	if (!s->claims.has_log)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
}

static void
read_report(struct cli_shown *s, const struct cli_input *in)
{
	struct da_slice raw = in->bundle.part[DA_PART_REPORT];
	struct da_fault fault;

	s->has_report = da_report_parse(raw, &s->report, &fault);
	if (!s->has_report)
		refuse(s, DA_CHK_WELL_FORMED, &fault);
	else if (!da_report_shape(raw, &s->report, &fault))
		refuse(s, DA_CHK_REPORT_SHAPE, &fault);
}

struct cli_shown *
cli_show_read(const struct cli_input *in)
{
	const bool *given = in->bundle.given;
	struct cli_shown *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	da_findings_start(&s->findings);
	if (given[DA_PART_VCA] || given[DA_PART_MEASUREMENTS])
		read_messages(s, in);
	if (given[DA_PART_CHALLENGE] || given[DA_PART_BETWEEN])
		read_challenge(s, in);
	if (given[DA_PART_CHAIN])
		read_chain(s, in);
	if (given[DA_PART_LOG])
		read_log(s, in);
	if (given[DA_PART_REPORT])
		read_report(s, in);
	s->claims.evidence = &s->evidence;
	return s;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge.h"
#include "steps.h"
#include "verifier/gate.h"
#include "verifier/table.h"

static bool
part_bytes(const struct da_candidate *c, const struct da_msg_part *part,
    struct da_slice *ret)
{
	return da_slice_cut(c->file, (size_t)part->offset, part->length, ret);
}

/*
 * From here on the part is the slice that the digest is of, and no byte more.
 * One that differs stays as it came: the stage below says so of it.
 */
static void
cut_part(const struct da_candidate *c, struct da_msg_part *part)
{
	struct da_slice bytes, covered;
	struct da_fault unused;

	part->gate = DA_UNKNOWN;
	if (!part_bytes(c, part, &bytes) || da_gate_part(&c->ticket,
	    da_answer_part_of(part->type), bytes, &covered, &unused) !=
	    DA_HOLDS)
		return;
	part->gate = DA_HOLDS;
	part->offset = da_slice_offset(c->file, covered);
	part->length = (uint32_t)covered.n;
}

static bool
is_chain(const struct da_msg_part *part)
{
	return da_answer_part_of(part->type) == DA_PART_CHAIN;
}

/*
 * Of several chains the one that the TSM saw stays; without one all stay, and
 * the bundle's own rule decides.
 */
static void
drop_other_chains(struct da_candidate *c)
{
	struct da_msg_part *part = c->bundle.part;
	bool one_holds = false;

	for (uint32_t i = 0; i < c->bundle.n; i++)
		one_holds = one_holds || (is_chain(&part[i]) &&
		    part[i].gate == DA_HOLDS);
	for (uint32_t i = 0; i < c->bundle.n && one_holds; i++)
		if (is_chain(&part[i]) && part[i].gate != DA_HOLDS)
			part[i].gate = DA_BROKEN;
}

/* For this role's own look only: it goes to no judge. */
static void
show_device_info(const struct da_candidate *c, struct da_bundle *bundle)
{
	for (uint32_t i = 0; i < c->bundle.n; i++)
		if (da_answer_part_of(c->bundle.part[i].type) ==
		    DA_PART_DEVICE_INFO)
			bundle->given[DA_PART_DEVICE_INFO] = part_bytes(c,
			    &c->bundle.part[i],
			    &bundle->part[DA_PART_DEVICE_INFO]);
}

/* Without a report there is nothing to push. */
static void
look_for_report(const struct da_bundle *bundle, struct da_findings *found)
{
	const struct da_fault none = { DA_F_EMPTY, DA_PART_REPORT, 0 };

	if (!bundle->given[DA_PART_REPORT] ||
	    bundle->part[DA_PART_REPORT].n == 0)
		da_found_broken(found, DA_CHK_WELL_FORMED, &none);
}

/* Kept for the second look before the push, with hashes of our own. */
static bool
take_report(struct da_candidate *c, const struct da_bundle *bundle,
    struct da_refusal *reterr)
{
	c->report = bundle->part[DA_PART_REPORT];
	c->report_hash = da_hash_of(DA_HASH_SHA384, c->report);
	return (c->report_hash.n != 0 &&
	    da_seal_of(c->file, &c->ticket, &c->seal)) ||
	    da_own_fault(reterr, "SHA-384 is not to be had");
}

/* "the TSM's digest: chain, vca; no digest: report". */
static void
note_gate(struct da_candidate *c, const struct da_bundle *bundle,
    const struct da_findings *found, enum da_result result, const char *what)
{
	const char *between = what;

	for (int i = DA_PART_CHAIN; i <= DA_PART_REPORT; i++) {
		enum da_check check = da_gate_check((enum da_part)i);

		if (!bundle->given[i] || check == DA_CHK_COUNT ||
		    found->of[check].result != result)
			continue;
		note(c, "%s%s", between, da_part_name((enum da_part)i));
		between = ", ";
	}
	if (bundle->given[DA_PART_DEVICE_INFO] &&
	    found->device_info == result)
		note(c, "%s%s", between, da_part_name(DA_PART_DEVICE_INFO));
}

bool
bytes_are_the_tsms(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_ask ask = { .ticket = &c->ticket };
	struct da_findings found;
	struct da_bundle bundle;
	struct da_case the = { .bundle = &bundle, .ask = &ask };

	(void)p;
	for (uint32_t i = 0; i < c->bundle.n; i++)
		cut_part(c, &c->bundle.part[i]);
	drop_other_chains(c);
	bundle = da_msg_bundle(c->bundle.part, c->bundle.n, &c->ticket,
	    c->file);
	show_device_info(c, &bundle);
	da_findings_start(&found);
	da_stage_run(DA_STAGE_GATE, &the, &found);
	look_for_report(&bundle, &found);
	c->gate = c->outcome.findings = found;
	c->outcome.has_findings = true;
	if (da_findings_worst(&found, reterr))
		return false;
	note_gate(c, &bundle, &found, DA_HOLDS, "the TSM's digest: ");
	note_gate(c, &bundle, &found, DA_UNKNOWN, "; no digest: ");
	return take_report(c, &bundle, reterr);
}

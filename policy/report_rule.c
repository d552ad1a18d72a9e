/* SPDX-License-Identifier: Apache-2.0 */
#include "report_rule.h"

#define MSIX_MARKS	(DA_RANGE_MSIX_TABLE | DA_RANGE_MSIX_PBA)

struct reading {
	const struct da_policy_rule *rule;
	const struct da_ticket *ticket;
	const struct da_report *report;
	struct da_slice raw;
};

/* Of what is no single range's, the report's first byte is the place. */
static bool
breaks(struct da_fault *reterr)
{
	return da_refuse(reterr, DA_F_POLICY_REPORT, DA_PART_REPORT, 0);
}

static bool
range_breaks(const struct reading *r, uint32_t i, enum da_why why,
    struct da_fault *reterr)
{
	struct da_slice where = { NULL, 0 };

	da_slice_cut(r->report->ranges, (size_t)i * DA_RANGE_BYTES,
	    DA_RANGE_BYTES, &where);
	return da_refuse(reterr, why, DA_PART_REPORT,
	    da_slice_offset(r->raw, where));
}

/* The device says so, and the TSM does not say that it locked it otherwise. */
static bool
firmware_stays(const struct reading *r, struct da_fault *reterr)
{
	return !r->rule->no_fw_update ||
	    ((r->report->info & DA_INFO_NO_FW_UPDATE) != 0 &&
	    r->ticket->lock_flag[DA_LOCK_NO_FW_UPDATE] != DA_TRI_FALSE) ||
	    breaks(reterr);
}

/* The ticket's unit is known, and it is the one that the rule names. */
static bool
unit_is_named(const struct reading *r, struct da_fault *reterr)
{
	enum da_policy_unit rule = r->rule->unit;
	uint8_t unit = r->ticket->page_unit;

	if (unit == DA_UNIT_PAGE && (rule == DA_UNIT_PLATFORM ||
	    rule == DA_UNIT_PAGES))
		return true;
	if (unit == DA_UNIT_BYTE && (rule == DA_UNIT_PLATFORM ||
	    rule == DA_UNIT_BYTES))
		return true;
	return breaks(reterr);
}

static bool
is_listed(const struct da_policy_ranges *ranges, uint16_t id)
{
	for (uint16_t i = 0; i < ranges->n; i++)
		if (ranges->id[i] == id)
			return true;
	return false;
}

/* Every range with this mark is one that the policy lists. */
static bool
marked_are_listed(const struct reading *r, uint16_t mark,
    const struct da_policy_ranges *listed, struct da_fault *reterr)
{
	for (uint32_t i = 0; i < r->report->n_ranges; i++) {
		struct da_range range = da_report_range(r->report, i);

		if ((range.attributes & mark) != 0 &&
		    !is_listed(listed, range.id))
			return range_breaks(r, i, DA_F_POLICY_REPORT, reterr);
	}
	return true;
}

static bool
shared_are_listed(const struct reading *r, struct da_fault *reterr)
{
	return marked_are_listed(r, DA_RANGE_NON_TEE, &r->rule->shared,
	    reterr);
}

static bool
updatable_are_listed(const struct reading *r, struct da_fault *reterr)
{
	return marked_are_listed(r, DA_RANGE_UPDATABLE, &r->rule->updatable,
	    reterr);
}

/* A range of this id is there, and none of them is shared. */
static bool
is_private(const struct reading *r, uint16_t id, struct da_fault *reterr)
{
	bool there = false;

	for (uint32_t i = 0; i < r->report->n_ranges; i++) {
		struct da_range range = da_report_range(r->report, i);
		bool shared = (range.attributes & DA_RANGE_NON_TEE) != 0;

		if (range.id == id && shared)
			return range_breaks(r, i, DA_F_POLICY_RANGE_ABSENT,
			    reterr);
		there = there || range.id == id;
	}
	return there || da_refuse(reterr, DA_F_POLICY_RANGE_ABSENT,
	    DA_PART_REPORT, 0);
}

static bool
private_are_there(const struct reading *r, struct da_fault *reterr)
{
	for (uint16_t i = 0; i < r->rule->private_ranges.n; i++)
		if (!is_private(r, r->rule->private_ranges.id[i], reterr))
			return false;
	return true;
}

/*
 * Config space may hide MSI-X and a report may mark what is not there, so both
 * must say that there is none.
 */
static bool
has_no_msix(const struct reading *r, struct da_fault *reterr)
{
	static const struct da_policy_ranges none = { 0 };

	if (r->ticket->pci.msix != 0)
		return breaks(reterr);
	return marked_are_listed(r, MSIX_MARKS, &none, reterr);
}

static bool
msix_is_held(const struct reading *r, struct da_fault *reterr)
{
	if (r->rule->msix == DA_MSIX_ANY)
		return true;
	if (r->rule->msix == DA_MSIX_LOCKED_OR_ABSENT &&
	    r->ticket->lock_flag[DA_LOCK_MSIX] == DA_TRI_TRUE)
		return true;
	return has_no_msix(r, reterr);
}

static bool (*const rules[])(const struct reading *, struct da_fault *) = {
	firmware_stays,
	unit_is_named,
	msix_is_held,
	shared_are_listed,
	updatable_are_listed,
	private_are_there,
};

bool
da_report_keeps(const struct da_policy_rule *rule,
    const struct da_ticket *ticket, const struct da_report *report,
    struct da_slice raw, struct da_fault *reterr)
{
	struct reading r = { rule, ticket, report, raw };

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!rules[i](&r, reterr))
			return false;
	return true;
}

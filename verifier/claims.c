/* SPDX-License-Identifier: Apache-2.0 */
#include "claims.h"

#include "table.h"

/* -- the answers of stage APPRAISE; their order is in table.c -- */

/* In each exchange; what is told is what the last one says. */
static bool
read_opaque(const struct da_case *the, struct da_opaque *ret,
    struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_cur whole = da_cur_of(
	    the->bundle->part[DA_PART_MEASUREMENTS]);

	for (uint16_t i = 0; i < e->meas.n; i++)
		if (!da_opaque_read(da_cur_over(&whole,
		    e->meas.exchange[i].opaque), DA_PART_MEASUREMENTS,
		    da_opaque_format(e->version, e->vca.other_sel), ret,
		    reterr))
			return false;
	return true;
}

/* A vendor may write there what it likes: what is not NVIDIA's is no fault. */
static void
try_nvidia(struct da_claims *claims)
{
	struct da_fault ignored;

	claims->has_nvidia = claims->opaque.format == DA_OPAQUE_VENDOR &&
	    da_nvidia_read(claims->opaque.raw, &claims->nvidia, &ignored);
}

static bool
read_measured(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;
	struct da_claims *claims = the->claims;

	if (!da_blocks_read(the->bundle->part[DA_PART_MEASUREMENTS], &e->meas,
	    e->algs.meas_hash, &claims->blocks, reterr) ||
	    !read_opaque(the, &claims->opaque, reterr))
		return false;
	claims->has_blocks = true;
	try_nvidia(claims);
	return true;
}

enum da_result
da_ask_well_formed(const struct da_case *the, struct da_fault *reterr)
{
	struct da_claims *claims = the->claims;

	if (the->evidence->has_meas && !read_measured(the, reterr))
		return DA_BROKEN;
	if (the->bundle->given[DA_PART_LOG]) {
		if (!da_log_read(the->bundle->part[DA_PART_LOG], &claims->log,
		    reterr))
			return DA_BROKEN;
		claims->has_log = true;
	}
	if (the->bundle->given[DA_PART_REPORT]) {
		if (!da_report_parse(the->bundle->part[DA_PART_REPORT],
		    &claims->report, reterr))
			return DA_BROKEN;
		claims->has_report = true;
	}
	return DA_HOLDS;
}

/*
 * 2: no change.  1: the device saw one, and earlier blocks may be stale.  0: it
 * does not look, and what nobody looked at is not known to hold.
 */
enum da_result
da_ask_content_changed(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_evidence *e = the->evidence;

	(void)reterr;
	if (!the->claims->has_blocks || e->version < DA_SPDM_12)
		return DA_NOT_ASKED;
	return e->meas.content_changed == 2 ? DA_HOLDS : DA_UNKNOWN;
}

/*
 * Without an extended hash there is nothing to hold the log against; and of one
 * that has a value and no entry nothing is known.
 */
static bool
has_extended(const struct da_claims *claims)
{
	for (uint16_t i = 0; claims->has_blocks && i < claims->blocks.n; i++)
		if (claims->blocks.block[i].kind == DA_MEAS_HEM)
			return true;
	return false;
}

enum da_result
da_ask_measurement_log(const struct da_case *the, struct da_fault *reterr)
{
	const struct da_claims *claims = the->claims;
	bool all = false;

	if (!claims->has_log)
		return DA_NOT_ASKED;
	if (!has_extended(claims))
		return DA_UNKNOWN;
	if (!da_log_gives(the->bundle->part[DA_PART_LOG], &claims->log,
	    &claims->blocks, the->evidence->algs.meas_hash, &all, reterr))
		return DA_BROKEN;
	return all ? DA_HOLDS : DA_UNKNOWN;
}

static bool
has_bars(const struct da_ticket *ticket)
{
	for (size_t i = 0; i < DA_MAX_BARS; i++)
		if (ticket->pci.bar[i].size != 0)
			return true;
	return false;
}

/* Without BARs, page unit and base rule nothing can be said about fit. */
static bool
fit_can_be_judged(const struct da_ticket *ticket)
{
	return ticket != NULL && has_bars(ticket) &&
	    ticket->page_unit != DA_UNIT_UNKNOWN &&
	    ticket->bar_base != DA_BASE_UNKNOWN;
}

enum da_result
da_ask_report_shape(const struct da_case *the, struct da_fault *reterr)
{
	struct da_claims *claims = the->claims;
	struct da_slice raw = the->bundle->part[DA_PART_REPORT];

	if (!claims->has_report)
		return DA_NOT_ASKED;
	if (!da_report_shape(raw, &claims->report, reterr))
		return DA_BROKEN;
	if (!fit_can_be_judged(the->ask->ticket))
		return DA_UNKNOWN;
	if (!da_map_fit(raw, &claims->report, the->ask->ticket, &claims->map,
	    reterr))
		return DA_BROKEN;
	claims->has_map = true;
	return DA_HOLDS;
}

/* -- the stage -- */

bool
da_claims_make(const struct da_evidence *evidence, const struct da_proof *proof,
    const struct da_ask *ask, struct da_claims *ret)
{
	struct da_case the = { .bundle = &evidence->bundle, .ask = ask,
	    .evidence = evidence, .claims = ret };

	*ret = (struct da_claims){ .findings = proof->findings };
	if (proof->version != DA_PROOF_VERSION || proof->proved != 1)
		return false;
	ret->evidence = evidence;
	ret->ticket = ask->ticket;
	da_stage_run(DA_STAGE_APPRAISE, &the, &ret->findings);
	return true;
}

/* -- the exit class of `verify` -- */

#define NOTHING_GIVEN	3	/* trust material is what is missing */

/* Of the checks that the inputs call for, these must hold (contract 1). */
static const struct {
	enum da_part for_part;
	enum da_check check;
} must_hold[] = {
	{ DA_PART_NONE, DA_CHK_WELL_FORMED },
	{ DA_PART_CHAIN, DA_CHK_CHAIN },
	{ DA_PART_CHAIN, DA_CHK_LEAF_PROFILE },
	{ DA_PART_MEASUREMENTS, DA_CHK_SIGNATURE },
	{ DA_PART_MEASUREMENTS, DA_CHK_SLOT },
	{ DA_PART_MEASUREMENTS, DA_CHK_NONCE },
};

static int
class_of(const struct da_finding *finding, enum da_check check)
{
	int class;

	switch ((enum da_result)finding->result) {
	case DA_HOLDS:
	case DA_NOT_ASKED:
		return 0;
	case DA_UNKNOWN:
		return da_check_unknown_class(check, false);
	case DA_BROKEN:
		break;
	}
	/* Broken without a reason is the word of nobody: our own fault. */
	class = da_fault_text((enum da_why)finding->why)->exit_class;
	return class != 0 ? class : 1;
}

/* Where nothing is signed only a digest of the TSM's can vouch; COUNT: none. */
static enum da_check
digest_that_vouches(const struct da_bundle *bundle)
{
	if (bundle->given[DA_PART_CHAIN] ||
	    bundle->given[DA_PART_MEASUREMENTS] ||
	    bundle->given[DA_PART_CHALLENGE])
		return DA_CHK_COUNT;
	if (bundle->given[DA_PART_REPORT])
		return DA_CHK_TSM_DIGEST_REPORT;
	return bundle->given[DA_PART_VCA] ? DA_CHK_TSM_DIGEST_VCA :
	    DA_CHK_COUNT;
}

/*
 * A host that sends an empty answer has broken nothing, and proved nothing; nor
 * does a log alone, which only signed blocks can prove, or a device-info, which
 * nobody reads.
 */
static bool
anything_is_given(const struct da_bundle *bundle)
{
	for (size_t i = 0; i < DA_PART_COUNT; i++)
		if (bundle->given[i] && i != DA_PART_LOG &&
		    i != DA_PART_DEVICE_INFO)
			return true;
	return false;
}

static int
class_of_missing(const struct da_findings *findings, enum da_check check)
{
	int class = da_check_unknown_class(check, false);

	if (findings->of[check].result == DA_HOLDS)
		return 0;
	return class != 0 ? class : da_check_unknown_class(check, true);
}

int
da_verify_class(const struct da_bundle *bundle,
    const struct da_findings *findings)
{
	enum da_check digest = digest_that_vouches(bundle);
	int class = anything_is_given(bundle) ? 0 : NOTHING_GIVEN;

	for (size_t i = 0; i < DA_CHK_COUNT; i++)
		class = da_class_worse(class, class_of(&findings->of[i],
		    (enum da_check)i));
	if (class != 0)
		return class;
	for (size_t i = 0; i < sizeof(must_hold) / sizeof(must_hold[0]); i++)
		if (must_hold[i].for_part == DA_PART_NONE ||
		    bundle->given[must_hold[i].for_part])
			class = da_class_worse(class, class_of_missing(findings,
			    must_hold[i].check));
	if (digest != DA_CHK_COUNT)
		class = da_class_worse(class, class_of_missing(findings,
		    digest));
	return class;
}

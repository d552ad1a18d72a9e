/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

/* -- what each check found -- */

static void
set_fault(struct da_json *entry, const struct da_finding *finding)
{
	const struct da_fault_text *fault =
	    da_fault_text((enum da_why)finding->why);

	da_json_set(entry, "fault", da_json_new_text(fault->name));
	da_json_set(entry, "text", da_json_new_text(fault->text));
	da_json_set(entry, "paragraph", da_json_new_text(fault->paragraph));
	da_json_set(entry, "part",
	    da_json_new_text(da_part_name((enum da_part)finding->part)));
	da_json_set(entry, "offset", da_json_new_int(finding->offset));
}

static struct da_json *
check(enum da_check id, const struct da_finding *finding)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "check", da_json_new_text(da_check_name(id)));
	da_json_set(entry, "result",
	    da_json_new_text(da_result_name((enum da_result)finding->result)));
	/* Broken by nobody's word has no fault to tell. */
	if (finding->result == DA_BROKEN && finding->why != DA_F_NONE)
		set_fault(entry, finding);
	if (finding->word == DA_WORD_TOLERATED)
		da_json_set(entry, "tolerated", da_json_new_bool(true));
	if (finding->word == DA_WORD_WARNED)
		da_json_set(entry, "warned", da_json_new_bool(true));
	return entry;
}

struct da_json *
da_result_checks(const struct da_findings *findings)
{
	struct da_json *list = da_json_new_array();

	for (unsigned int i = 0; i < DA_CHK_COUNT; i++)
		if (findings->of[i].result != DA_NOT_ASKED)
			da_json_append(list, check((enum da_check)i,
			    &findings->of[i]));
	return list;
}

void
da_result_device_info(struct da_json *object,
    const struct da_findings *findings)
{
	enum da_result result = (enum da_result)findings->device_info;

	if (result != DA_NOT_ASKED)
		da_json_set(object, "device-info",
		    da_json_new_text(da_result_name(result)));
}

/* -- facts -- */

static struct da_json *
hash_name(enum da_hash hash)
{
	if (hash == DA_HASH_NONE)
		return da_json_new_null();
	return da_json_new_text(da_hash_alg(hash)->name);
}

static struct da_json *
asym_name(enum da_asym asym)
{
	if (asym == DA_ASYM_NONE)
		return da_json_new_null();
	return da_json_new_text(da_asym_alg(asym)->name);
}

static struct da_json *
slot(const struct da_evidence *e)
{
	if (e->has_meas && e->meas.is_signed)
		return da_json_new_int(e->meas.slot_answered);
	if (!e->has_meas && e->has_challenge)
		return da_json_new_int(e->challenge.slot_answered);
	if (e->bundle.slot_known)
		return da_json_new_int(e->bundle.slot);
	return da_json_new_null();
}

struct da_json *
da_result_spdm(const struct da_evidence *evidence)
{
	char version[] = { (char)('0' + (evidence->version >> 4) % 10), '.',
	    (char)('0' + (evidence->version & 0xf) % 10), '\0' };
	struct da_json *spdm = da_json_new_object();

	da_json_set(spdm, "version", da_json_new_text(version));
	da_json_set(spdm, "asym", asym_name(evidence->algs.asym));
	da_json_set(spdm, "hash", hash_name(evidence->algs.hash));
	da_json_set(spdm, "measurement-hash",
	    hash_name(evidence->algs.meas_hash));
	da_json_set(spdm, "slot", slot(evidence));
	return spdm;
}

struct da_json *
da_result_challenge(const struct da_challenge *challenge)
{
	struct da_json *entry = da_json_new_object();
	const char *summary = da_summary_name(challenge->summary_of);

	da_json_set(entry, "slot", da_json_new_int(challenge->slot_answered));
	da_json_set(entry, "slot-mask",
	    da_json_new_int(challenge->slot_mask));
	da_json_set(entry, "summary", da_json_new_text(summary));
	if (challenge->summary.n > 0)
		da_json_set(entry, "summary-hash",
		    da_json_new_hex(challenge->summary));
	return entry;
}

static struct da_json *
range(const struct da_range *r)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "first-page", da_json_new_uint(r->first_page));
	da_json_set(entry, "pages", da_json_new_int(r->pages));
	da_json_set(entry, "attributes", da_json_new_int(r->attributes));
	da_json_set(entry, "range-id", da_json_new_int(r->id));
	da_json_set(entry, "kind", da_json_new_text(
	    (r->attributes & DA_RANGE_NON_TEE) != 0 ? "shared" : "private"));
	return entry;
}

struct da_json *
da_result_report(const struct da_report *report)
{
	struct da_json *entry = da_json_new_object();
	struct da_json *ranges = da_json_new_array();

	da_json_set(entry, "interface-info", da_json_new_int(report->info));
	da_json_set(entry, "msix-control",
	    da_json_new_int(report->msix_control));
	da_json_set(entry, "lnr-control", da_json_new_int(report->lnr_control));
	da_json_set(entry, "tph-control", da_json_new_int(report->tph_control));
	da_json_set(entry, "device-specific",
	    da_json_new_hex(report->device_specific));
	for (uint32_t i = 0; i < report->n_ranges; i++) {
		struct da_range r = da_report_range(report, i);

		da_json_append(ranges, range(&r));
	}
	da_json_set(entry, "ranges", ranges);
	return entry;
}

/* -- the whole -- */

static bool
is_broken(const struct da_findings *findings, enum da_check id)
{
	return findings->of[id].result == DA_BROKEN;
}

static void
set_evidence(struct da_json *root, const struct da_findings *findings,
    const struct da_evidence *evidence)
{
	if (evidence->version != 0 &&
	    !is_broken(findings, DA_CHK_SIGNATURE) &&
	    !is_broken(findings, DA_CHK_ALGORITHMS))
		da_json_set(root, "spdm", da_result_spdm(evidence));
	if (evidence->has_chain && !is_broken(findings, DA_CHK_CHAIN))
		da_json_set(root, "chain", da_result_chain(&evidence->chain));
}

static void
set_claims(struct da_json *root, const struct da_findings *findings,
    const struct da_claims *claims)
{
	if (claims->has_blocks && !is_broken(findings, DA_CHK_SIGNATURE)) {
		da_json_set(root, "measurements",
		    da_result_measurements(&claims->blocks));
		da_result_set_opaque(root, claims);
	}
	/* Unknown: its signature was right, and its freshness nobody knows. */
	if (claims->evidence != NULL && claims->evidence->has_challenge &&
	    !is_broken(findings, DA_CHK_CHALLENGE))
		da_json_set(root, "challenge",
		    da_result_challenge(&claims->evidence->challenge));
	/* Nobody signed a log: only the blocks that it gives prove one. */
	if (claims->has_log &&
	    findings->of[DA_CHK_MEASUREMENT_LOG].result == DA_HOLDS)
		da_json_set(root, "measurement-log",
		    da_result_log(&claims->log));
	/* No signature covers a report: only the TSM's digest proves one. */
	if (claims->has_report &&
	    findings->of[DA_CHK_TSM_DIGEST_REPORT].result == DA_HOLDS)
		da_json_set(root, "report", da_result_report(&claims->report));
}

static struct da_json *
device(const char *id)
{
	struct da_json *entry = da_json_new_object();

	da_json_set(entry, "id", da_json_new_text(id));
	return entry;
}

struct da_json *
da_result_json(const struct da_result_head *head,
    const struct da_findings *findings, const struct da_evidence *evidence,
    const struct da_claims *claims)
{
	struct da_json *root = da_json_new_object();

	da_json_set(root, "version", da_json_new_int(1));
	da_json_set(root, "verb", da_json_new_text(head->verb));
	da_json_set(root, "result", da_json_new_text(head->result));
	da_json_set(root, "exit", da_json_new_int(head->exit_class));
	da_json_set(root, "checks", da_result_checks(findings));
	da_result_device_info(root, findings);
	if (evidence != NULL)
		set_evidence(root, findings, evidence);
	if (claims != NULL)
		set_claims(root, findings, claims);
	if (head->device != NULL)
		da_json_set(root, "device", device(head->device));
	return root;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "decide.h"

/*
 * Whatever a policy tolerates or only warns of: without these there is no
 * device, no measurement and no map that anybody has proved.  Of the last four
 * the contract lets an unknown be borne; that nobody asked is never borne, but
 * for a chain where the owner's own key stands in its place.
 */
static const struct {
	enum da_check check;
	bool may_be_unknown, is_chains;
} needed[] = {
	{ DA_CHK_WELL_FORMED, false, false },
	{ DA_CHK_CHAIN, false, true },
	{ DA_CHK_LEAF_PROFILE, false, true },
	{ DA_CHK_SIGNATURE, false, false },
	{ DA_CHK_PLATFORM, false, false },
	{ DA_CHK_REFERENCE_VALUES, false, false },
	{ DA_CHK_REPORT_POLICY, false, false },
	{ DA_CHK_SLOT, true, false },
	{ DA_CHK_NONCE, true, false },
	{ DA_CHK_TSM_DIGEST_REPORT, true, false },
	{ DA_CHK_REPORT_SHAPE, true, false },
};

bool
da_signed_by_key(const struct da_judge *j)
{
	const struct da_evidence *e = j->claims->evidence;

	return j->rule != NULL && j->rule->provisioned.n > 0 && e != NULL &&
	    e->has_meas && da_signing_slot(e) == DA_SLOT_RAW_KEY;
}

/* The contract, section 3: what stands in for a nonce that nobody kept. */
static bool
tokens_have_changed(const struct da_judge *j)
{
	const struct da_ticket *ticket = j->claims->ticket;

	return ticket != NULL && da_tokens_changed(ticket) &&
	    j->claims->findings.of[DA_CHK_TSM_TOKENS].result == DA_HOLDS;
}

/*
 * Where the TSM vouches for neither, the host could choose which device it is
 * that signed.  A device-info digest vouches for both, where it holds; whether
 * they are the ones in that blob nobody looks, since its form is not public.
 */
static bool
other_digest_holds(const struct da_judge *j, enum da_check check)
{
	const struct da_finding *of = j->claims->findings.of;

	if (j->claims->findings.device_info == DA_HOLDS)
		return true;
	if (check == DA_CHK_TSM_DIGEST_CHAIN)
		return of[DA_CHK_TSM_DIGEST_MEASUREMENTS].result == DA_HOLDS;
	if (check == DA_CHK_TSM_DIGEST_MEASUREMENTS)
		return of[DA_CHK_TSM_DIGEST_CHAIN].result == DA_HOLDS;
	return true;
}

static bool
is_tolerated(const struct da_judge *j, enum da_check check)
{
	return j->rule != NULL && j->rule->tolerate[check] &&
	    other_digest_holds(j, check) &&
	    (check != DA_CHK_NONCE || tokens_have_changed(j));
}

static int
class_of_broken(const struct da_judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_fault_text((enum da_why)finding->why)->exit_class;

	if (finding->result == DA_HOLDS || finding->result == DA_NOT_ASKED ||
	    finding->result == DA_UNKNOWN)
		return 0;
	/* Broken without a reason is nobody's word: our own fault. */
	if (class == 0 || finding->result != DA_BROKEN)
		return 1;
	return j->rule != NULL && j->rule->warn_only[check] ? 0 : class;
}

static int
class_of_unknown(const struct da_judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_check_unknown_class(check, true);

	if (finding->result != DA_UNKNOWN || is_tolerated(j, check))
		return 0;
	return class != 0 ? class : 1;
}

/* Row i of `needed`, and its finding: is it there as it must be? */
static bool
is_there(const struct da_judge *j, size_t i, const struct da_finding *finding)
{
	if (finding->result == DA_HOLDS)
		return true;
	if (finding->result == DA_UNKNOWN)
		return needed[i].may_be_unknown;
	return finding->result == DA_NOT_ASKED && needed[i].is_chains &&
	    da_signed_by_key(j);
}

static int
class_of_missing(const struct da_judge *j, enum da_check check,
    const struct da_finding *finding)
{
	int class = da_check_unknown_class(check, true);

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (needed[i].check == check && !is_there(j, i, finding))
			return class != 0 ? class : 1;
	return 0;
}

typedef int (*classifier)(const struct da_judge *, enum da_check,
	    const struct da_finding *);

/* The worst class decides, and of that class the first check. */
static void
weigh(const struct da_judge *j, classifier class_of, struct da_verdict *verdict)
{
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++) {
		int class = class_of(j, (enum da_check)i,
		    &verdict->findings.of[i]);

		if (da_class_worse(verdict->exit_class, class) ==
		    verdict->exit_class)
			continue;
		verdict->exit_class = class;
		verdict->decided_by = i;
	}
}

/*
 * Where the proof did not hold, or no rule is for the device, what is broken
 * decides: nobody was there to tolerate an unknown.
 */
static void
choose(const struct da_judge *j, struct da_verdict *verdict)
{
	verdict->exit_class = 0;
	verdict->decided_by = DA_CHK_COUNT;
	weigh(j, class_of_broken, verdict);
	if (verdict->exit_class == 0 || j->rule != NULL)
		weigh(j, class_of_unknown, verdict);
	if (verdict->exit_class == 0)
		weigh(j, class_of_missing, verdict);
	verdict->accepted = verdict->exit_class == 0 ? 1 : 0;
}

/* What the policy made of each: told beside it, so that nobody must guess. */
static void
give_reasons(const struct da_judge *j, struct da_findings *findings)
{
	for (unsigned int i = 0; i < DA_CHK_COUNT; i++) {
		enum da_check check = (enum da_check)i;
		struct da_finding *f = &findings->of[i];

		f->word = DA_WORD_NONE;	/* an earlier stage has no say */
		if (class_of_unknown(j, check, f) != 0)
			f->why = DA_F_POLICY_UNKNOWN;
		else if (f->result == DA_UNKNOWN)
			f->word = DA_WORD_TOLERATED;
		else if (f->result == DA_BROKEN &&
		    class_of_broken(j, check, f) == 0)
			f->word = DA_WORD_WARNED;
	}
}

void
da_decide(const struct da_judge *judge, struct da_verdict *verdict)
{
	choose(judge, verdict);
	give_reasons(judge, &verdict->findings);
}

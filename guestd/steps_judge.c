/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "steps.h"
#include "verifier/table.h"

/* -- asking: one job for all functions of a device -- */

/* What crosses to a judge; by position, and by nothing else. */
struct question {
	struct da_msg_job job;
	int memfd[DA_MAX_FUNCTIONS];
	struct da_seal seal[DA_MAX_FUNCTIONS];
};

static void
make_question(const struct da_group *g, struct question *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->job.n = (uint32_t)g->n;
	for (size_t k = 0; k < g->n; k++) {
		const struct da_candidate *c = g->of[k];
		struct da_msg_function *f = &ret->job.function[k];

		f->size = c->bundle.size;
		f->n = c->bundle.n;
		memcpy(f->part, c->bundle.part, sizeof(f->part));
		/* Byte by byte: the seal is of these bytes. */
		memcpy(&f->ticket, &c->ticket, sizeof(f->ticket));
		f->proof = c->proof;
		ret->memfd[k] = c->bundle.memfd;
		ret->seal[k] = c->seal;
	}
}

bool
ask_authenticator(struct da_pusher *p, struct da_group *g,
    struct da_refusal *reterr)
{
	struct da_proofs proofs = { .walks = 0 };
	struct question q;

	make_question(g, &q);
	if (!p->roles->ops->authenticate(p->roles, &q.job, q.memfd, q.seal,
	    &proofs, reterr))
		return false;
	for (size_t k = 0; k < g->n; k++) {
		g->of[k]->proof = proofs.of[k];
		g->of[k]->walks = proofs.walks;
	}
	return true;
}

bool
ask_appraiser(struct da_pusher *p, struct da_group *g,
    struct da_refusal *reterr)
{
	struct da_verdicts verdicts;
	struct question q;

	memset(&verdicts, 0, sizeof(verdicts));
	make_question(g, &q);
	if (!p->roles->ops->appraise(p->roles, &q.job, q.memfd, q.seal,
	    &verdicts, reterr))
		return false;
	for (size_t k = 0; k < g->n; k++)
		g->of[k]->verdict = verdicts.of[k];
	return true;
}

/* -- what the authenticator said -- */

/* Not proved and nothing broken: an unknown that the policy minds. */
static bool
unknown_decided(const struct da_findings *found, struct da_refusal *reterr)
{
	struct da_refusal worst = { .exit_class = 1, .check = DA_CHK_COUNT };
	int class = 0;

	for (int i = 0; i < DA_CHK_COUNT; i++) {
		int one = da_check_unknown_class((enum da_check)i, true);

		if (found->of[i].result != DA_UNKNOWN ||
		    da_class_worse(class, one) == class)
			continue;
		class = one;
		da_refused(&worst, (enum da_check)i, DA_F_POLICY_UNKNOWN,
		    DA_PART_NONE, "%s", da_check_question((enum da_check)i));
		worst.exit_class = class;
	}
	*reterr = worst;
	return class != 0 ||
	    da_own_fault(reterr, "the authenticator proved nothing");
}

/* What the gate found is this role's own: no judge may say it anew. */
static void
keep_own_gate(struct da_findings *found, const struct da_findings *own)
{
	static const enum da_check gate[] = { DA_CHK_TSM_DIGEST_CHAIN,
	    DA_CHK_TSM_DIGEST_VCA, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_CHK_TSM_DIGEST_REPORT, DA_CHK_TSM_STATE, DA_CHK_TSM_TOKENS };

	for (size_t i = 0; i < sizeof(gate) / sizeof(gate[0]); i++)
		found->of[gate[i]] = own->of[gate[i]];
	found->device_info = own->device_info;
}

static bool
is_missing(enum da_check check, enum da_why why, struct da_refusal *reterr)
{
	da_refused(reterr, check, why, DA_PART_NONE, "%s",
	    da_check_question(check));
	reterr->exit_class = da_check_unknown_class(check, true);
	return false;
}

/*
 * The owner's own key needs no chain.  That the rule names one is the warden's
 * word, and that no chain came this role's own: not the authenticator's.
 */
static bool
needs_no_chain(const struct da_candidate *c)
{
	return c->what == DA_SORT_JUDGE_BY_KEY &&
	    c->gate.of[DA_CHK_TSM_DIGEST_CHAIN].result == DA_NOT_ASKED;
}

/*
 * Without these nobody signed anything, whatever the authenticator says of it:
 * an answer that leaves the measurements out is no evidence.  No policy
 * tolerates one of the first four as unknown; the other two one may.
 */
static bool
device_is_proved(const struct da_candidate *c, const struct da_findings *found,
    struct da_refusal *reterr)
{
	static const struct {
		enum da_check check;
		enum da_why missing;
		bool may_be_unknown, of_chain;
	} must[] = {
		{ DA_CHK_WELL_FORMED, DA_F_POLICY_UNKNOWN, false, false },
		{ DA_CHK_CHAIN, DA_F_CHAIN_ABSENT, false, true },
		{ DA_CHK_LEAF_PROFILE, DA_F_POLICY_UNKNOWN, false, true },
		{ DA_CHK_SIGNATURE, DA_F_SIGNATURE_ABSENT, false, false },
		{ DA_CHK_SLOT, DA_F_POLICY_UNKNOWN, true, false },
		{ DA_CHK_NONCE, DA_F_POLICY_UNKNOWN, true, false },
	};
	bool by_key = needs_no_chain(c);

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++) {
		uint8_t result = found->of[must[i].check].result;

		if (result != DA_HOLDS &&
		    !(result == DA_UNKNOWN && must[i].may_be_unknown) &&
		    !(result == DA_NOT_ASKED && must[i].of_chain && by_key))
			return is_missing(must[i].check, must[i].missing,
			    reterr);
	}
	return true;
}

/*
 * A nonce that nobody can tell is the policy's to tolerate, and only where the
 * tokens show that the evidence is of this lock.
 */
static bool
is_fresh(const struct da_candidate *c, const struct da_findings *found,
    struct da_refusal *reterr)
{
	return found->of[DA_CHK_NONCE].result == DA_HOLDS ||
	    da_tokens_changed(&c->ticket) ||
	    is_missing(DA_CHK_NONCE, DA_F_POLICY_UNKNOWN, reterr);
}

/* Why there is no yes: the gate stayed shut, nobody signed, or an unknown. */
static bool
proof_holds(const struct da_candidate *c, struct da_refusal *reterr)
{
	const struct da_findings *found = &c->proof.findings;
	bool was_read = found->of[DA_CHK_WELL_FORMED].result != DA_NOT_ASKED;
	struct da_findings proved = *found;

	/* A policy may only want to be told: the appraiser has it and decides. */
	if (c->proof.proved == 1)
		proved.of[DA_CHK_REVOCATION].result = DA_NOT_ASKED;
	if (da_findings_worst(&proved, reterr) || (was_read &&
	    (!device_is_proved(c, found, reterr) ||
	    !is_fresh(c, found, reterr))))
		return false;
	if (c->proof.proved == 1 && was_read)
		return true;
	unknown_decided(found, reterr);
	return false;
}

bool
device_signed_them(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	(void)p;
	if (c->proof.version != DA_PROOF_VERSION)
		return da_own_fault(reterr, "the authenticator gave no proof");
	keep_own_gate(&c->proof.findings, &c->gate);
	c->outcome.findings = c->proof.findings;
	if (!proof_holds(c, reterr))
		return false;
	note(c, "chain and signature hold, nonce %s; chains walked for the "
	    "device: %u", c->proof.findings.of[DA_CHK_NONCE].result ==
	    DA_HOLDS ? "holds" : "unknown", c->walks);
	return true;
}

/* -- what the appraiser said -- */

static bool
is_class(int32_t class)
{
	return class >= 1 && class <= 10;
}

/* Zero-filled, cut short or contradicting itself: no verdict. */
static bool
verdict_refuses(const struct da_verdict *v, struct da_refusal *reterr)
{
	const struct da_finding *f;
	struct da_fault fault;

	if (v->version != DA_VERDICT_VERSION || v->accepted != 0 ||
	    !is_class(v->exit_class) || v->decided_by >= DA_CHK_COUNT)
		return da_own_fault(reterr, "the appraiser gave no verdict");
	f = &v->findings.of[v->decided_by];
	fault = (struct da_fault){ (enum da_why)f->why, (enum da_part)f->part,
		f->offset };
	if (f->result != DA_BROKEN)
		fault = (struct da_fault){ DA_F_POLICY_UNKNOWN, DA_PART_NONE,
			0 };
	da_refused_fault(reterr, (enum da_check)v->decided_by, &fault);
	reterr->exit_class = v->exit_class;
	return false;
}

static bool
verdict_accepts(const struct da_verdict *v)
{
	return v->version == DA_VERDICT_VERSION && v->accepted == 1 &&
	    v->exit_class == 0 && v->decided_by == DA_CHK_COUNT &&
	    v->map.n <= DA_MAX_RANGES;
}

bool
policy_wants_it(struct da_pusher *p, struct da_candidate *c,
    struct da_refusal *reterr)
{
	struct da_verdict *v = &c->verdict;
	struct da_outcome *o = &c->outcome;

	v->class_name[sizeof(v->class_name) - 1] = '\0';
	v->subject[sizeof(v->subject) - 1] = '\0';
	if (v->version == DA_VERDICT_VERSION) {
		o->findings = v->findings;
		memcpy(o->policy_id, v->policy_id, sizeof(o->policy_id));
		memcpy(o->subject, v->subject, sizeof(o->subject));
	}
	if (!verdict_accepts(v))
		return verdict_refuses(v, reterr);
	if (memcmp(v->policy_id, p->policy_id, sizeof(v->policy_id)) != 0)
		return da_own_fault(reterr, "judged by another policy");
	memcpy(o->class_name, v->class_name, sizeof(o->class_name));
	note(c, "class \"%s\"", v->class_name);
	return true;
}

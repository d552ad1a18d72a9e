/* SPDX-License-Identifier: Apache-2.0 */
#include "pusher.h"

#include <poll.h>
#include <string.h>

#include "narrate.h"
#include "steps.h"

/* The order.  A row that does not hold: unlock, refuse, say why. */
static const struct da_step steps[] = {
	{ DA_PHASE_COLLECT, "no driver uses the device", no_driver_is_bound },
	{ DA_PHASE_COLLECT, "it shows TEE capability", shows_tee },
	{ DA_PHASE_COLLECT, "locked: nobody can change its set-up unseen",
	    device_is_locked },
	{ DA_PHASE_COLLECT, "first ticket of the TSM, right after the lock",
	    first_ticket_is_read },
	{ DA_PHASE_COLLECT, "drew a nonce: random bytes, never used before",
	    nonce_is_drawn },
	{ DA_PHASE_COLLECT,
	    "the host brought evidence; nobody believes it yet",
	    host_answered },
	{ DA_PHASE_COLLECT, "second ticket: what the TSM saw of that evidence",
	    second_ticket_is_read },
	{ DA_PHASE_COLLECT, "the host may go on", host_is_released },
	{ DA_PHASE_COLLECT, "gate: the bytes are the ones that the TSM saw",
	    bytes_are_the_tsms },
	{ DA_PHASE_JUDGE,
	    "authenticator: the device signed them for our nonce",
	    device_signed_them, ask_authenticator },
	{ DA_PHASE_JUDGE, "appraiser: the owner's policy wants this device",
	    policy_wants_it, ask_appraiser },
	{ DA_PHASE_PUSH, "nothing moved: same tokens, same digests, locked",
	    nothing_moved },
	{ DA_PHASE_PUSH, "the report is still the one that was judged",
	    report_is_the_same },
	{ DA_PHASE_PUSH, "pushed the report into the guest kernel",
	    report_is_pushed },
	{ DA_PHASE_PUSH, "the TSM validated the pages that it names",
	    pages_are_validated },
	{ DA_PHASE_PUSH, "accepted: the device may run", device_is_accepted },
	{ DA_PHASE_PUSH, "read back: it runs, tokens unchanged",
	    interface_runs },
	{ DA_PHASE_PUSH, "read back: the map in force is the one judged",
	    map_is_the_judged_one },
	{ DA_PHASE_BIND, "once more: the tokens are still the same",
	    tokens_are_the_same },
	{ DA_PHASE_BIND, "recorded: a later start will know it again",
	    device_is_recorded },
	{ DA_PHASE_BIND, "a driver may bind", driver_may_bind },
};

#define N_STEPS	(sizeof(steps) / sizeof(steps[0]))

const struct da_step *
da_steps(size_t *ret_n)
{
	*ret_n = N_STEPS;
	return steps;
}

static const char *const titles[] = {
	[DA_PHASE_COLLECT] = "is it the device that the owner wants?",
	[DA_PHASE_JUDGE] = "together with its device's other functions",
	[DA_PHASE_PUSH] = "judged; now into the kernel",
	[DA_PHASE_BIND] = "it runs; now for a driver",
};

/* -- one step -- */

/* Asked before each step, so that none is cut in half. */
static bool
may_go_on(const struct da_pusher *p, struct da_refusal *reterr)
{
	static const struct da_fault over = { DA_F_TRANSPORT_DEADLINE,
		DA_PART_NONE, 0 };

	if (told_to_stop(p))
		return da_own_fault(reterr, "told to stop");
	return time_left(p) > 0 ||
	    da_refused_fault(reterr, DA_CHK_COUNT, &over);
}

static bool
step_holds(struct da_pusher *p, struct da_candidate *c, size_t i,
    struct da_refusal *reterr)
{
	c->note[0] = '\0';
	tend_story(p);
	if (!may_go_on(p, reterr) || !steps[i].holds(p, c, reterr))
		return false;
	da_narrate_step(p->story, i + 1, steps[i].words, c->note);
	return true;
}

static bool
take_step(struct da_pusher *p, struct da_candidate *c, size_t i)
{
	struct da_refusal why = { .exit_class = 1 };

	if (step_holds(p, c, i, &why))
		return true;
	refuse(p, c, i + 1, steps[i].words, &why);
	return false;
}

/* -- collecting, function by function -- */

static bool
collect_once(struct da_pusher *p, struct da_candidate *c, size_t *ret_at,
    struct da_refusal *reterr)
{
	for (size_t i = 0; i < N_STEPS; i++)
		if (steps[i].phase == DA_PHASE_COLLECT &&
		    !step_holds(p, c, i, reterr)) {
			*ret_at = i;
			return false;
		}
	return true;
}

/* A host that was busy or slow may do better; nothing else becomes true. */
static bool
may_try_again(const struct da_pusher *p, const struct da_candidate *c,
    const struct da_refusal *why)
{
	return why->exit_class == 10 && c->tries > 0 &&
	    c->tries < p->max_tries && !told_to_stop(p) &&
	    time_left(p) > p->pause_ms;
}

/* A signal that is let through ends it. */
static void
pause_a_moment(const struct da_pusher *p)
{
	const struct timespec ts = { p->pause_ms / 1000,
		p->pause_ms % 1000 * 1000000L };

	if (p->pause_ms > 0)
		ppoll(NULL, 0, &ts, p->waiting);
}

/* Nothing of a try is left to the next one. */
static bool
is_clean_again(struct da_pusher *p, struct da_candidate *c)
{
	unlock(p, c);
	if (c->outcome.left_locked)
		return false;
	let_go(p, c);
	c->has_ticket = false;
	c->outcome.has_findings = false;
	return true;
}

static void
collect(struct da_pusher *p, struct da_candidate *c)
{
	struct da_refusal why = { .exit_class = 1 };
	size_t at;

	tell_phase(p, c->device.name, titles[DA_PHASE_COLLECT]);
	while (!collect_once(p, c, &at, &why)) {
		if (!may_try_again(p, c, &why) || !is_clean_again(p, c)) {
			refuse(p, c, at + 1, steps[at].words, &why);
			return;
		}
		da_narrate_again(p->story, at + 1, steps[at].words, &why);
		pause_a_moment(p);
	}
}

/* -- judging: one job for all functions of a physical device -- */

static void
drop_finished(struct da_group *g)
{
	size_t n = 0;

	for (size_t k = 0; k < g->n; k++)
		if (!g->of[k]->finished)
			g->of[n++] = g->of[k];
	g->n = n;
}

/* Each function reads its own answer; without one, all are refused. */
static void
judge_step(struct da_pusher *p, struct da_group *g, size_t i)
{
	struct da_refusal why = { .exit_class = 1 };
	bool asked = may_go_on(p, &why) &&
	    (steps[i].asks == NULL || steps[i].asks(p, g, &why));

	for (size_t k = 0; k < g->n; k++) {
		if (g->n > 1)
			tell_phase(p, g->of[k]->device.name,
			    titles[DA_PHASE_JUDGE]);
		if (asked)
			take_step(p, g->of[k], i);
		else
			refuse(p, g->of[k], i + 1, steps[i].words, &why);
	}
}

/*
 * Some TSMs keep the digests of a device's latest retrieval only: then each
 * function's next ticket has those of the one that was collected last.
 */
static void
tell_latest(struct da_group *g)
{
	const struct da_candidate *last = NULL;

	for (size_t k = 0; k < g->n; k++)
		if (!g->of[k]->finished)
			last = g->of[k];
	for (size_t k = 0; k < g->n && last != NULL; k++)
		memcpy(g->of[k]->latest, last->ticket.digest,
		    sizeof(g->of[k]->latest));
}

void
judge_device(struct da_pusher *p, struct da_group g)
{
	for (size_t k = 0; k < g.n; k++)
		collect(p, g.of[k]);
	tell_latest(&g);
	for (size_t i = 0; i < N_STEPS; i++) {
		drop_finished(&g);
		if (steps[i].phase == DA_PHASE_JUDGE && g.n > 0)
			judge_step(p, &g, i);
	}
}

/* -- pushing and binding, function by function -- */

bool
walk_phase(struct da_pusher *p, struct da_candidate *c, enum da_phase phase)
{
	tell_phase(p, c->device.name, titles[phase]);
	for (size_t i = 0; i < N_STEPS; i++)
		if (steps[i].phase == phase && !take_step(p, c, i))
			return false;
	return true;
}

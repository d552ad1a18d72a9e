/* SPDX-License-Identifier: Apache-2.0 */
#include "pusher.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "narrate.h"
#include "sealed.h"
#include "steps.h"

/* The order.  A row that does not hold: unlock, refuse, say why. */
static const struct da_step steps[] = {
	{ DA_PHASE_JUDGE, "no driver uses the device", no_driver_is_bound },
	{ DA_PHASE_JUDGE, "locked: nobody can change its set-up unseen",
	    device_is_locked },
	{ DA_PHASE_JUDGE, "first ticket of the TSM, right after the lock",
	    first_ticket_is_read },
	{ DA_PHASE_JUDGE, "drew a nonce: random bytes, never used before",
	    nonce_is_drawn },
	{ DA_PHASE_JUDGE, "the host brought evidence; nobody believes it yet",
	    host_answered },
	{ DA_PHASE_JUDGE, "second ticket: what the TSM saw of that evidence",
	    second_ticket_is_read },
	{ DA_PHASE_JUDGE, "the host may go on", host_is_released },
	{ DA_PHASE_JUDGE, "gate: the bytes are the ones that the TSM saw",
	    bytes_are_the_tsms },
	{ DA_PHASE_JUDGE, "authenticator: the device signed them for our nonce",
	    device_signed_them },
	{ DA_PHASE_JUDGE, "appraiser: the owner's policy wants this device",
	    policy_wants_it },
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
	{ DA_PHASE_BIND, "a driver may bind", driver_may_bind },
};

#define N_STEPS	(sizeof(steps) / sizeof(steps[0]))

const struct da_step *
da_steps(size_t *ret_n)
{
	*ret_n = N_STEPS;
	return steps;
}

/* -- backing out -- */

static void
unlock(struct da_pusher *p, struct da_candidate *c)
{
	struct da_kernel_error error = { .error = 0 };

	if (!c->locked)
		return;
	c->locked = false;
	if (p->kernel->ops->unlock(p->kernel, c->device.name, &error))
		return;
	c->outcome.left_locked = true;
	snprintf(c->outcome.unlock_text, sizeof(c->outcome.unlock_text),
	    "%.60s%s%.50s", strerror(error.error),
	    error.text[0] != '\0' ? ": " : "", error.text);
}

/* What a device holds of ours, whatever became of it. */
static void
let_go(struct da_pusher *p, struct da_candidate *c)
{
	if (c->host_waits)
		p->roles->ops->release(p->roles);
	c->host_waits = false;
	da_sealed_unmap(c->file);
	c->file = c->report = da_slice_of(NULL, 0);
	if (c->has_bundle)
		close(c->bundle.memfd);
	c->has_bundle = false;
	explicit_bzero(c->nonce, sizeof(c->nonce));
}

static void
back_out(struct da_pusher *p, struct da_candidate *c,
    const struct da_refusal *why)
{
	c->outcome.accepted = false;
	c->outcome.refusal = *why;
	unlock(p, c);
	let_go(p, c);
}

/* -- the order -- */

static bool
told_to_stop(const struct da_pusher *p, struct da_refusal *reterr)
{
	if (p->stop == NULL || *p->stop == 0)
		return false;
	da_own_fault(reterr, "told to stop");
	return true;
}

static bool
take_step(struct da_pusher *p, struct da_candidate *c, size_t i)
{
	struct da_refusal why = { .exit_class = 1 };
	bool was_locked;

	c->note[0] = '\0';
	if (!told_to_stop(p, &why) && steps[i].holds(p, c, &why)) {
		da_narrate_step(p->story, i + 1, steps[i].words, c->note);
		return true;
	}
	was_locked = c->locked;
	back_out(p, c, &why);
	da_narrate_refusal(p->story, i + 1, steps[i].words, &c->outcome,
	    was_locked);
	return false;
}

static const char *const titles[] = {
	[DA_PHASE_JUDGE] = "is it the device that the owner wants?",
	[DA_PHASE_PUSH] = "judged; now into the kernel",
	[DA_PHASE_BIND] = "it runs; now for a driver",
};

bool
da_push_phase(struct da_pusher *p, struct da_candidate *c, enum da_phase phase)
{
	if (phase == DA_PHASE_JUDGE)
		memcpy(c->outcome.device, c->device.name,
		    sizeof(c->outcome.device));
	da_narrate_phase(p->story, c->device.name, titles[phase]);
	for (size_t i = 0; i < N_STEPS; i++)
		if (steps[i].phase == phase && !take_step(p, c, i))
			return false;
	if (phase != DA_PHASE_BIND)
		return true;
	c->outcome.accepted = true;
	let_go(p, c);
	da_narrate_map(p->story, c->device.name, &c->map);
	return true;
}

/* -- all devices -- */

static void
count_held(const struct da_candidate *all, size_t n,
    struct da_msg_count *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < n && ret->n < DA_MAX_DEVICES; i++) {
		const struct da_verdict *v = &all[i].verdict;
		struct da_msg_counted_one *one = &ret->one[ret->n];

		if (!all[i].locked)
			continue;
		memcpy(one->class_name, v->class_name,
		    sizeof(one->class_name));
		memcpy(one->device_key, v->device_key,
		    sizeof(one->device_key));
		ret->n++;
	}
}

/*
 * Too many or too few: none of them is wanted.  One that a driver uses by now
 * is not given back by the kernel, and its outcome says so.
 */
static void
number_is_wanted(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	struct da_msg_count question;
	struct da_refusal why = { .exit_class = 1 };

	count_held(all, n, &question);
	if (question.n == 0 ||
	    p->roles->ops->count(p->roles, &question, &why))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!all[i].locked)
			continue;
		back_out(p, &all[i], &why);
		da_narrate_refusal(p->story, 0, "", &all[i].outcome, true);
	}
}

/* Walks a phase with all that are held; true: none was refused. */
static bool
walk(struct da_pusher *p, struct da_candidate *all, size_t n,
    enum da_phase phase)
{
	bool all_hold = true;

	for (size_t i = 0; i < n; i++)
		if (all[i].locked && !da_push_phase(p, &all[i], phase))
			all_hold = false;
	return all_hold;
}

int
da_push_all(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	int class = n == 0 ? 5 : 0;

	for (size_t i = 0; i < n; i++)
		da_push_phase(p, &all[i], DA_PHASE_JUDGE);
	number_is_wanted(p, all, n);
	if (!walk(p, all, n, DA_PHASE_PUSH))
		number_is_wanted(p, all, n);
	if (!walk(p, all, n, DA_PHASE_BIND))
		number_is_wanted(p, all, n);
	for (size_t i = 0; i < n; i++) {
		all[i].locked = false;	/* what was accepted stays so */
		class = da_class_worse(class, da_outcome_class(
		    &all[i].outcome));
	}
	return class;
}

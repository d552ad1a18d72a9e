/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "narrate.h"
#include "steps.h"

/* -- the functions of one physical device -- */

static bool
is_up(const struct da_candidate *c)
{
	return da_is_judged(c->what) && !c->finished && !c->untouched &&
	    !c->outcome.kept;
}

/*
 * "0000:01:00." is the device, what follows its function.  Functions that lie
 * elsewhere (ARI, SR-IOV) are judged one by one; their common key counts them.
 */
static bool
is_same_device(const struct da_candidate *a, const struct da_candidate *b)
{
	size_t n = strnlen(a->device.name, sizeof(a->device.name));

	return n > 0 && strnlen(b->device.name, sizeof(b->device.name)) == n &&
	    memcmp(a->device.name, b->device.name, n - 1) == 0;
}

static struct da_group
group_of(struct da_candidate *first, struct da_candidate *end)
{
	struct da_group g = { .n = 0 };

	for (struct da_candidate *c = first; c < end; c++)
		if (g.n < DA_MAX_FUNCTIONS && is_up(c) && !c->locked &&
		    is_same_device(first, c))
			g.of[g.n++] = c;
	return g;
}

/* -- the composition -- */

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
 * is not given back by the kernel, and its outcome says so.  Who is told to
 * stop takes nothing back that was accepted; the rest is refused step by step.
 */
static void
number_is_wanted(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	struct da_msg_count question;
	struct da_refusal why = { .exit_class = 1 };

	count_held(all, n, &question);
	if (question.n == 0 ||
	    p->roles->ops->count(p->roles, &question, &why) ||
	    told_to_stop(p))
		return;
	for (size_t i = 0; i < n; i++)
		if (all[i].locked)
			refuse(p, &all[i], 0, "", &why);
}

/* -- pushing and binding -- */

/* Walks the phase with all that are held; true: none was refused. */
static bool
push_each(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	bool all_hold = true;

	for (size_t i = 0; i < n; i++)
		if (all[i].locked && !all[i].outcome.kept &&
		    !walk_phase(p, &all[i], DA_PHASE_PUSH))
			all_hold = false;
	return all_hold;
}

static void
tell_map(struct da_pusher *p, const struct da_candidate *c)
{
	tend_story(p);
	da_narrate_map(p->story, c->device.name, &c->map);
}

static bool
bind_each(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	bool all_hold = true;

	for (size_t i = 0; i < n; i++) {
		if (!all[i].locked || all[i].outcome.accepted)
			continue;
		all[i].outcome.accepted = walk_phase(p, &all[i], DA_PHASE_BIND);
		all_hold = all_hold && all[i].outcome.accepted;
		if (all[i].outcome.accepted && !all[i].outcome.kept)
			tell_map(p, &all[i]);
	}
	return all_hold;
}

/* -- those that are not judged -- */

/* Also where only some were named: the policy speaks of every function. */
static void
refuse_others(struct da_pusher *p, struct da_candidate *c)
{
	struct da_refusal why;

	if (c->finished || da_is_judged(c->what) ||
	    c->what == DA_SORT_UNTRUSTED)
		return;
	da_refused(&why, DA_CHK_COMPOSITION, c->what == DA_SORT_NO_TEE ?
	    DA_F_POLICY_NO_TEE : DA_F_POLICY_OTHER, DA_PART_NONE,
	    "vendor %04x, device %04x: %s", c->device.vendor,
	    c->device.device, c->outcome.had_driver ?
	    "a driver uses it already" : "no driver gets it");
	refuse(p, c, 0, "", &why);
}

/* The ordinary devices of the guest; none of them was judged. */
static void
leave_untrusted(struct da_pusher *p, struct da_candidate *c)
{
	struct da_kernel_error error = { .error = 0 };
	struct da_refusal why;

	if (c->finished || c->untouched || c->what != DA_SORT_UNTRUSTED)
		return;
	if (told_to_stop(p))
		da_own_fault(&why, "told to stop");
	else if (c->device.driver_bound != 0 ||
	    p->kernel->ops->leave(p->kernel, c->device.name, &error)) {
		c->outcome.untrusted = true;
		tell_phase(p, c->device.name,
		    c->outcome.had_driver ?
		    "not judged: a driver uses it already, untrusted" :
		    "not judged: left to ordinary drivers, untrusted");
		finish(p, c);
		return;
	} else
		kernel_refused(&why, "leave", &error);
	refuse(p, c, 0, "", &why);
}

/* One that was named and is not there; or nobody could say what is wanted. */
static void
refuse_unsortable(struct da_pusher *p, struct da_candidate *c,
    const struct da_refusal *unsorted)
{
	struct da_refusal why;

	if (c->finished || (c->untouched && !c->missing))
		return;
	if (c->missing)
		da_refused(&why, DA_CHK_COUNT, DA_F_KERNEL_REFUSED,
		    DA_PART_NONE, "no such function in this guest");
	else if (unsorted != NULL)
		why = *unsorted;
	else
		return;
	refuse(p, c, 0, "", &why);
}

/* -- all of them -- */

/* Up to here nothing is asked of the host. */
static void
look_around(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	struct da_refusal why = { .exit_class = 1 };
	bool sorted = sort_all(p, all, n, &why);

	tell_phase(p, p->kernel->ops->name, "drivers are held back, every PCI "
	    "function is listed");
	if (!sorted)
		snprintf(p->text, sizeof(p->text), "%.199s", why.text);
	for (size_t i = 0; i < n; i++) {
		memcpy(all[i].outcome.device, all[i].device.name,
		    sizeof(all[i].outcome.device));
		all[i].outcome.had_driver = all[i].device.driver_bound != 0;
		if (!all[i].untouched && !all[i].missing)
			find_truth(p, &all[i], sorted);
		refuse_unsortable(p, &all[i], sorted ? NULL : &why);
		if (sorted)
			refuse_others(p, &all[i]);
	}
}

static int
class_of_all(const struct da_candidate *all, size_t n)
{
	int class = 0;
	size_t judged = 0;

	for (size_t i = 0; i < n; i++) {
		if (!all[i].finished || all[i].outcome.untrusted)
			continue;
		judged++;
		class = da_class_worse(class, da_outcome_class(
		    &all[i].outcome));
	}
	return judged == 0 ? da_outcomes_class(NULL, 0) : class;
}

int
da_push_all(struct da_pusher *p, struct da_candidate *all, size_t n)
{
	look_around(p, all, n);
	for (size_t i = 0; i < n; i++) {
		struct da_group g = group_of(&all[i], all + n);

		if (is_up(&all[i]) && !all[i].locked)
			judge_device(p, g);
	}
	number_is_wanted(p, all, n);
	if (!push_each(p, all, n))
		number_is_wanted(p, all, n);
	if (!bind_each(p, all, n))
		number_is_wanted(p, all, n);
	for (size_t i = 0; i < n; i++) {
		if (all[i].locked)
			finish(p, &all[i]);
		all[i].locked = false;	/* what was accepted stays so */
	}
	for (size_t i = 0; i < n; i++)
		leave_untrusted(p, &all[i]);
	return class_of_all(all, n);
}

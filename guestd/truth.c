/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "steps.h"

bool
sort_all(struct da_pusher *p, struct da_candidate *all, size_t n,
    struct da_refusal *reterr)
{
	struct da_kernel_device list[DA_MAX_DEVICES];
	uint8_t what[DA_MAX_DEVICES] = { DA_SORT_REFUSED };
	size_t m = 0;

	for (size_t i = 0; i < n && m < DA_MAX_DEVICES; i++)
		if (!all[i].missing)
			list[m++] = all[i].device;
	if (m > 0 && !p->roles->ops->sort(p->roles, list, m, what, reterr))
		return false;
	m = 0;
	for (size_t i = 0; i < n && m < DA_MAX_DEVICES; i++)
		if (!all[i].missing)
			all[i].what = (enum da_disposition)what[m++];
	return true;
}

/* -- is it the one that was accepted? -- */

/*
 * Without a lock token nothing tells one lock from the next, and a record of
 * another boot is of another kernel.
 */
static bool
record_fits(const struct da_pusher *p, const struct da_record *r,
    const struct da_ticket *now)
{
	if (strncmp(r->boot_id, p->boot_id, sizeof(r->boot_id)) != 0 ||
	    strncmp(r->device, now->device, sizeof(r->device)) != 0 ||
	    p->boot_id[0] == '\0' || now->token[DA_TOKEN_LOCK].len == 0)
		return false;
	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		if (!da_token_equal(&r->token[i], &now->token[i]))
			return false;
	return true;
}

static const struct da_record *
record_of(const struct da_pusher *p, const struct da_ticket *now)
{
	for (size_t i = 0; i < p->n_records; i++)
		if (record_fits(p, &p->record[i], now))
			return &p->record[i];
	return NULL;
}

static void
copy_text(char *to, const char *from, size_t size)
{
	memcpy(to, from, size);
	to[size - 1] = '\0';
}

/* It counts as what it was accepted as; a driver that has it keeps it. */
static void
keep(struct da_pusher *p, struct da_candidate *c, const struct da_record *r,
    const struct da_ticket *now)
{
	struct da_outcome *o = &c->outcome;

	c->ticket = *now;
	c->has_ticket = c->locked = c->recorded = o->kept = true;
	c->record = *r;
	copy_text(c->verdict.class_name, r->class_name, sizeof(r->class_name));
	memcpy(c->verdict.device_key, r->device_key, sizeof(r->device_key));
	copy_text(c->verdict.subject, r->subject, sizeof(r->subject));
	memcpy(c->verdict.policy_id, r->policy_id, sizeof(r->policy_id));
	memcpy(o->class_name, c->verdict.class_name, sizeof(o->class_name));
	memcpy(o->subject, c->verdict.subject, sizeof(o->subject));
	memcpy(o->policy_id, r->policy_id, sizeof(o->policy_id));
	o->accepted = c->device.driver_bound != 0;
	tell_phase(p, c->device.name, "accepted by an earlier "
	    "start, same boot, same tokens: kept");
}

/* A driver's device stays what it was; else today's policy is asked anew. */
static bool
is_kept(const struct da_pusher *p, const struct da_candidate *c,
    const struct da_record *r)
{
	return r != NULL && da_is_judged(c->what) &&
	    (c->device.driver_bound != 0 ||
	    memcmp(r->policy_id, p->policy_id, sizeof(r->policy_id)) == 0);
}

/* -- what is not kept -- */

/*
 * A record of what runs no longer says nothing any more.  One of a device that
 * cannot be taken back stays: tokens and boot id decide, and a policy that was
 * wrong for a while is no reason to forget what was proved.
 */
static void
void_others(struct da_pusher *p, const struct da_candidate *c)
{
	struct da_refusal why;

	if (c->outcome.left_locked || c->in_doubt)
		return;
	for (size_t i = 0; i < p->n_records; i++)
		if (strncmp(p->record[i].device, c->device.name,
		    sizeof(p->record[i].device)) == 0)
			p->roles->ops->record(p->roles, &p->record[i], false,
			    &why);
}

static void
refuse_held(struct da_pusher *p, struct da_candidate *c, enum da_why why_not)
{
	struct da_refusal why;

	da_refused(&why, DA_CHK_COUNT, why_not, DA_PART_NONE, "%s",
	    why_not == DA_F_KERNEL_LEFT_LOCKED ? c->outcome.unlock_text : "");
	refuse(p, c, 0, "", &why);
}

static void
take_back(struct da_pusher *p, struct da_candidate *c, enum da_why why_not)
{
	tell_phase(p, c->device.name,
	    "an earlier start left it locked: unlocking");
	c->locked = true;
	unlock(p, c);
	if (c->outcome.left_locked)
		refuse_held(p, c, why_not);
}

/* It stays in doubt until the lock that comes next says more. */
static void
leave_to_the_lock(struct da_candidate *c)
{
	struct da_outcome *o = &c->outcome;

	c->in_doubt = o->left_locked;
	o->left_locked = o->state_unknown = false;
	o->unlock_text[0] = '\0';
}

/*
 * Nobody who is trusted says whether it is locked.  What config space shows is
 * the host's: also one without TEE capability may be, and is unlocked.
 */
static void
take_back_untold(struct da_pusher *p, struct da_candidate *c)
{
	c->in_doubt = true;
	unlock(p, c);
	if (da_is_judged(c->what))
		leave_to_the_lock(c);
	else if (c->outcome.left_locked && c->what == DA_SORT_UNTRUSTED)
		refuse_held(p, c, DA_F_KERNEL_LEFT_LOCKED);
}

static bool
may_run(const struct da_ticket *now)
{
	return now->state == DA_STATE_RUN ||
	    (now->state == DA_STATE_UNKNOWN && now->state_trusted != 1);
}

static void
not_kept(struct da_pusher *p, struct da_candidate *c,
    const struct da_ticket *now, bool has_record)
{
	switch (now->state) {
	case DA_STATE_UNLOCKED:
		if (now->state_trusted != 1)
			take_back_untold(p, c);
		break;
	case DA_STATE_UNKNOWN:
		take_back_untold(p, c);
		break;
	case DA_STATE_RUN:
		take_back(p, c, has_record ? DA_F_KERNEL_LEFT_LOCKED :
		    DA_F_KERNEL_STRANGER);
		break;
	default:
		take_back(p, c, DA_F_KERNEL_LEFT_LOCKED);
	}
	void_others(p, c);
}

void
find_truth(struct da_pusher *p, struct da_candidate *c, bool sorted)
{
	const struct da_record *record;
	struct da_refusal why;
	struct da_ticket now;

	if (!read_ticket(p, c, NULL, &now, &why)) {
		take_back_untold(p, c);
		return;
	}
	record = may_run(&now) ? record_of(p, &now) : NULL;
	if (!sorted && may_run(&now))
		return;
	if (is_kept(p, c, record))
		keep(p, c, record, &now);
	else
		not_kept(p, c, &now, record != NULL);
}

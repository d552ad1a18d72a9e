/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "narrate.h"
#include "sealed.h"
#include "steps.h"

#define STORY_MS	1000	/* for a reader to catch up */

bool
told_to_stop(const struct da_pusher *p)
{
	return p->stop != NULL && *p->stop != 0;
}

void
tend_story(struct da_pusher *p)
{
	if (p->story != NULL && !da_story_is_heard(p->story, STORY_MS))
		p->story = NULL;
}

void
tell_phase(struct da_pusher *p, const char *device, const char *title)
{
	tend_story(p);
	da_narrate_phase(p->story, device, title);
}

int
time_left(const struct da_pusher *p)
{
	int64_t left;

	if (p->deadline_ms == 0)
		return INT_MAX;
	left = p->deadline_ms - da_now_ms();
	if (left <= 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* -- unlocking -- */

__attribute__((format(printf, 2, 3)))
static void
stays_locked(struct da_candidate *c, const char *format, ...)
{
	va_list args;

	c->outcome.left_locked = true;
	va_start(args, format);
	vsnprintf(c->outcome.unlock_text, sizeof(c->outcome.unlock_text),
	    format, args);
	va_end(args);
}

/* By the kernel's own word, which is not config space's. */
static bool
can_have_no_lock(struct da_pusher *p, struct da_candidate *c)
{
	struct da_kernel_error error = { .error = 0 };
	struct da_ticket now;

	return !p->kernel->ops->ticket(p->kernel, c->device.name, NULL, &now,
	    &error) && error.error == EOPNOTSUPP;
}

/* A kernel may say yes and have done nothing: its ticket has the last word. */
static void
read_unlock_back(struct da_pusher *p, struct da_candidate *c)
{
	struct da_refusal why;
	struct da_ticket now;

	if (!read_ticket(p, c, NULL, &now, &why)) {
		if (can_have_no_lock(p, c))
			return;
		c->outcome.state_unknown = true;
		stays_locked(c, "its state is not known: it cannot be read "
		    "back: %.60s", why.text);
	} else if (now.state == DA_STATE_UNKNOWN && now.state_trusted != 1)
		snprintf(c->outcome.unlock_text,
		    sizeof(c->outcome.unlock_text), "the kernel said yes, "
		    "and this platform does not tell the state");
	else if (now.state != DA_STATE_UNLOCKED)
		stays_locked(c, "the kernel said yes, and the state is %s",
		    da_state_name((enum da_tdi_state)now.state));
}

/* After an unlock that failed, of what perhaps never was locked. */
static enum da_tri
is_unlocked(struct da_pusher *p, struct da_candidate *c, int error)
{
	struct da_refusal why;
	struct da_ticket now;

	if (error == EOPNOTSUPP)
		return DA_TRI_TRUE;
	if (!read_ticket(p, c, NULL, &now, &why) ||
	    now.state == DA_STATE_UNKNOWN)
		return DA_TRI_UNKNOWN;
	if (now.state != DA_STATE_UNLOCKED)
		return DA_TRI_FALSE;
	return now.state_trusted == 1 ? DA_TRI_TRUE : DA_TRI_UNKNOWN;
}

void
unlock(struct da_pusher *p, struct da_candidate *c)
{
	struct da_kernel_error error = { .error = 0 };
	enum da_tri is_free = DA_TRI_FALSE;
	bool in_doubt = c->in_doubt;

	if (!c->locked && !in_doubt)
		return;
	c->locked = c->in_doubt = false;
	if (p->kernel->ops->unlock(p->kernel, c->device.name, &error)) {
		read_unlock_back(p, c);
		return;
	}
	if (in_doubt)
		is_free = is_unlocked(p, c, error.error);
	if (is_free == DA_TRI_TRUE)
		return;
	c->outcome.state_unknown = is_free == DA_TRI_UNKNOWN;
	stays_locked(c, "%s%.40s%s%.50s", is_free == DA_TRI_UNKNOWN ?
	    "its state is not known: " : "", strerror(error.error),
	    error.text[0] != '\0' ? ": " : "", error.text);
}

/* -- the end of a function's way -- */

void
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

void
finish(struct da_pusher *p, struct da_candidate *c)
{
	c->outcome.tries = c->tries;
	p->roles->ops->tell(p->roles, &c->outcome,
	    c->has_ticket ? &c->ticket : NULL,
	    c->has_bundle ? &c->bundle : NULL);
	p->n_told++;
	c->finished = true;
	let_go(p, c);
}

static void
void_record(struct da_pusher *p, struct da_candidate *c)
{
	struct da_refusal why;

	if (c->recorded)
		p->roles->ops->record(p->roles, &c->record, false, &why);
	c->recorded = false;
}

void
refuse(struct da_pusher *p, struct da_candidate *c, size_t number,
    const char *words, const struct da_refusal *why)
{
	bool was_locked = c->locked || c->in_doubt, was_kept = c->outcome.kept;

	tend_story(p);
	c->outcome.accepted = c->outcome.kept = false;
	c->outcome.refusal = *why;
	/* Void first: between the two nobody may take it for an accepted one. */
	if (!was_kept)
		void_record(p, c);
	unlock(p, c);
	/* What an earlier start proved stays true while it cannot be undone. */
	if (!c->outcome.left_locked)
		void_record(p, c);
	da_narrate_refusal(p->story, number, words, &c->outcome, was_locked);
	finish(p, c);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "narrate.h"
#include "sealed.h"
#include "steps.h"

bool
told_to_stop(const struct da_pusher *p)
{
	return p->stop != NULL && *p->stop != 0;
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

/* A kernel may say yes and have done nothing: its ticket has the last word. */
static void
read_unlock_back(struct da_pusher *p, struct da_candidate *c)
{
	struct da_refusal why;
	struct da_ticket now;

	if (!read_ticket(p, c, NULL, &now, &why))
		stays_locked(c, "it cannot be read back: %.80s", why.text);
	else if (now.state == DA_STATE_UNKNOWN && now.state_trusted != 1)
		snprintf(c->outcome.unlock_text,
		    sizeof(c->outcome.unlock_text), "the kernel said yes, "
		    "and this platform does not tell the state");
	else if (now.state != DA_STATE_UNLOCKED)
		stays_locked(c, "the kernel said yes, and the state is %s",
		    da_state_name((enum da_tdi_state)now.state));
}

void
unlock(struct da_pusher *p, struct da_candidate *c)
{
	struct da_kernel_error error = { .error = 0 };

	if (!c->locked)
		return;
	c->locked = false;
	if (p->kernel->ops->unlock(p->kernel, c->device.name, &error))
		read_unlock_back(p, c);
	else
		stays_locked(c, "%.60s%s%.50s", strerror(error.error),
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

/* Void first: between the two nobody may take it for an accepted one. */
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
	bool was_locked = c->locked;

	c->outcome.accepted = c->outcome.kept = false;
	c->outcome.refusal = *why;
	void_record(p, c);
	unlock(p, c);
	da_narrate_refusal(p->story, number, words, &c->outcome, was_locked);
	finish(p, c);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "steward_parts.h"

#define READY_MS	30000	/* reading policy and roots */

/* -- a crew and its policy -- */

static bool
take_ready(int sock, struct da_msg_ready *ret, char *reterr, size_t size)
{
	struct da_msg_got got;
	enum da_msg_error error = DA_MSG_GARBAGE;

	if (!da_msg_recv(sock, ret, sizeof(*ret), 0, NULL, &got, &error)) {
		snprintf(reterr, size, "the warden %s",
		    da_msg_error_text(error));
		return false;
	}
	if (!da_msg_is(ret, &got, DA_MSG_READY, sizeof(*ret), 0)) {
		da_msg_close_fds(&got);
		snprintf(reterr, size, "the warden answered garbage");
		return false;
	}
	ret->text[sizeof(ret->text) - 1] = '\0';
	ret->policy_name[sizeof(ret->policy_name) - 1] = '\0';
	snprintf(reterr, size, "%s", ret->text);
	return ret->ready == 1;
}

/* A pusher that cannot be told has ended, and we hear of that. */
static void
send_go(const struct steward *s)
{
	struct da_msg_ready go = s->policy;

	go.head = da_msg_head(DA_MSG_GO, 0);
	da_msg_send(s->crew.pusher_sock, &go, sizeof(go), NULL, 0);
}

static void
begin_judging(struct steward *s)
{
	s->stage = DA_STAGE_JUDGING;
	s->status = 1;
	s->since = da_steward_wall_clock();
	da_told_begin(&s->told);
	da_steward_say(s);
	send_go(s);
}

static bool
start_pusher(struct steward *s)
{
	const struct da_steward_setup *setup = s->setup;
	struct da_record *records;
	size_t n;
	bool started;

	if (!da_run_records(&setup->run, stderr, &records, &n)) {
		da_complain("%s: the records cannot be read: %s",
		    setup->run.path, strerror(errno));
		return false;
	}
	started = da_crew_start_pusher(&setup->plan, records, n, &s->crew);
	if (!started)
		da_complain("the pusher cannot be started: %s",
		    strerror(errno));
	free(records);
	return started;
}

/* The pusher does not wait for READY: it holds the drivers back. */
bool
da_steward_start(struct steward *s)
{
	if (!da_crew_start(&s->setup->plan, &s->crew)) {
		da_complain("a role cannot be started: %s", strerror(errno));
		return false;
	}
	s->until_ms = da_now_ms() + READY_MS;
	return start_pusher(s);
}

/* -- SIGHUP: a new crew, and then a new pusher -- */

void
da_steward_reload(struct steward *s)
{
	s->again = s->stage == DA_STAGE_READING || s->has_next;
	if (s->again || s->ending)
		return;
	da_notify_reloading(&s->setup->notify);
	if (!da_crew_start(&s->setup->plan, &s->next)) {
		da_complain("a role cannot be started: %s; the policy and "
		    "roots of before stay", strerror(errno));
		da_steward_say(s);
		return;
	}
	s->has_next = true;
	s->until_ms = da_now_ms() + READY_MS;
}

static void
reload_again(struct steward *s)
{
	if (s->again)
		da_steward_reload(s);
}

void
da_steward_reload_failed(struct steward *s, const char *why)
{
	da_complain("%s; the policy and roots of before stay", why);
	da_crew_end(&s->next);
	s->has_next = false;
	s->until_ms = 0;
	da_steward_say(s);
	reload_again(s);
}

void
da_steward_replace(struct steward *s)
{
	da_crew_end(&s->crew);
	s->crew = s->next;
	s->policy = s->next_policy;
	s->next = DA_CREW_NONE;
	s->has_next = s->replacing = false;
	s->orphan = NULL;
	s->until_ms = 0;
	if (!start_pusher(s)) {
		da_steward_give_up(s);
		return;
	}
	begin_judging(s);
	reload_again(s);
}

void
da_steward_on_next_ready(struct steward *s)
{
	char why[sizeof(s->next_policy.text)];
	bool ready = take_ready(s->next.warden_sock, &s->next_policy, why,
	    sizeof(why));

	da_steward_hang_up(&s->next.warden_sock);
	/* The old pusher's patience is counted already. */
	if (s->ending)
		return;
	if (!ready) {
		da_steward_reload_failed(s, why);
		return;
	}
	s->replacing = true;
	da_steward_stop_pusher(s);
}

void
da_steward_on_ready(struct steward *s)
{
	char why[sizeof(s->policy.text)];
	bool ready = take_ready(s->crew.warden_sock, &s->policy, why,
	    sizeof(why));

	da_steward_hang_up(&s->crew.warden_sock);
	if (s->ending)
		return;
	s->until_ms = 0;
	if (!ready) {
		da_complain("%s", why);
		da_steward_give_up(s);
	} else if (s->nothing)
		da_steward_begin_end(s);
	else {
		begin_judging(s);
		reload_again(s);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "journal.h"
#include "steward_parts.h"

union message {
	struct da_msg_head head;
	struct da_msg_record record;
	struct da_msg_outcome outcome;
	struct da_msg_done done;
};

static void
on_record(struct steward *s, struct da_msg_record *msg)
{
	const struct da_run *run = &s->setup->run;
	struct da_msg_recorded answer = {
		.head = da_msg_head(DA_MSG_RECORDED, msg->head.serial) };

	msg->record.device[sizeof(msg->record.device) - 1] = '\0';
	answer.done = (msg->keep == 1 ? da_run_keep(run, &msg->record) :
	    da_run_void(run, msg->record.device)) ? 1 : 0;
	if (answer.done != 1)
		answer.error = errno;
	da_msg_send(s->crew.pusher_sock, &answer, sizeof(answer), NULL, 0);
}

/* With --once standard output tells; a line of ours would be one too many. */
static void
tell(const struct steward *s, const struct da_outcome *outcome)
{
	if (s->setup->journal != NULL || !s->setup->once)
		da_journal_verdict(s->setup->journal, stderr, outcome);
}

/* Where our own folder fails, what was decided stays so, and is told. */
static void
on_outcome(struct steward *s, const struct da_msg_outcome *msg, int memfd)
{
	const struct da_outcome *outcome = &msg->outcome;

	if (!da_told_add(&s->told, outcome, da_steward_wall_clock()))
		da_complain("more devices than a guest can have");
	if (!da_run_tell(&s->setup->run, outcome,
	    msg->has_ticket == 1 ? &msg->ticket : NULL, memfd, msg->size))
		da_complain("%s: the result of %s cannot be written whole: %s",
		    s->setup->run.path, outcome->device, strerror(errno));
	tell(s, outcome);
}

static void
print(struct steward *s)
{
	if (!da_told_print(&s->told, stdout, s->setup->json, s->status))
		s->status = da_complain("what was decided cannot be written: "
		    "standard output fails");
}

/*
 * Nothing could be judged: the pusher says why, and its class.  What is wrong
 * with the policy, too, the owner shall hear in one go.
 */
static void
on_nothing_judged(struct steward *s, const char *why, int exit_class)
{
	da_complain("%s", why);
	s->status = exit_class != 0 ? exit_class : 1;
	s->nothing = true;
	if (s->crew.warden_sock < 0)
		da_steward_begin_end(s);
}

static void
on_done(struct steward *s, struct da_msg_done *msg)
{
	msg->text[sizeof(msg->text) - 1] = '\0';
	/* A pusher that is being replaced decides nothing any more. */
	if (s->replacing)
		return;
	da_told_end(&s->told);
	s->stage = DA_STAGE_DECIDED;
	s->since = da_steward_wall_clock();
	s->status = s->failed ? 1 : msg->exit_class;
	if (msg->text[0] != '\0')
		on_nothing_judged(s, msg->text, msg->exit_class);
	else if (s->setup->once) {
		print(s);
		da_steward_begin_end(s);
	} else if (!s->has_next && !s->ending)
		da_steward_say(s);
}

static bool
take_message(struct steward *s, union message *msg,
    const struct da_msg_got *got)
{
	uint32_t fds = msg->head.kind == DA_MSG_OUTCOME &&
	    msg->outcome.has_bundle == 1 ? 1 : 0;

	if (da_msg_is(msg, got, DA_MSG_RECORD, sizeof(msg->record), 0))
		on_record(s, &msg->record);
	else if (da_msg_is(msg, got, DA_MSG_OUTCOME, sizeof(msg->outcome),
	    fds))
		on_outcome(s, &msg->outcome, fds == 1 ? got->fd[0] : -1);
	else if (da_msg_is(msg, got, DA_MSG_DONE, sizeof(msg->done), 0))
		on_done(s, &msg->done);
	else
		return false;
	return true;
}

bool
da_steward_hear(struct steward *s)
{
	union message msg;
	struct da_msg_got got;
	enum da_msg_error error;
	bool known;

	if (s->crew.pusher_sock < 0)
		return false;
	if (!da_msg_recv(s->crew.pusher_sock, &msg, sizeof(msg), 0, NULL,
	    &got, &error)) {
		if (error != DA_MSG_TIMEOUT)
			da_steward_hang_up(&s->crew.pusher_sock);
		return false;
	}
	known = take_message(s, &msg, &got);
	da_msg_close_fds(&got);
	if (!known) {
		/* Without us it ends; what it held is found next time. */
		da_complain("the pusher said something that is no message");
		da_steward_hang_up(&s->crew.pusher_sock);
		da_steward_give_up(s);
	}
	return known;
}

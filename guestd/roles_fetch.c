/* SPDX-License-Identifier: Apache-2.0 */
#include "roles_parts.h"

#include <string.h>

#include "sealed.h"

static uint32_t
at_most(int ms, uint32_t most)
{
	return (uint32_t)ms > most ? most : (uint32_t)ms;
}

static bool
send_fetch(struct da_live_roles *roles, const uint8_t *request, int whole_ms)
{
	struct da_msg_fetch msg = {
		.head = da_msg_head(DA_MSG_FETCH, ++roles->serial),
		.target = roles->target,
		.idle_ms = at_most(whole_ms, DA_WIRE_IDLE_MS),
		.whole_ms = at_most(whole_ms, DA_WIRE_ANSWER_MS) };

	memcpy(msg.request, request, sizeof(msg.request));
	return da_msg_send(roles->receiver, &msg, sizeof(msg), NULL, 0);
}

static const char *
host_word(uint32_t failure)
{
	static const char *const words[] = {
		[0] = "",
		[DA_WIRE_NO_DEVICE] = "no such device",
		[DA_WIRE_BUSY] = "busy",
		[DA_WIRE_DEVICE_ERROR] = "device error",
		[DA_WIRE_NOT_SUPPORTED] = "not supported",
		[DA_WIRE_HOST_ERROR] = "host error",
	};

	return failure < sizeof(words) / sizeof(words[0]) ? words[failure] :
	    "a code that is not known";
}

/* What the receiver says went wrong, in the faults' list or not at all. */
static bool
fetch_refused(const struct da_msg_fetched *msg, struct da_refusal *reterr)
{
	struct da_fault fault = { (enum da_why)msg->fault.why,
		(enum da_part)msg->fault.part, (size_t)msg->fault.offset };

	if (msg->fault.why == DA_F_NONE || msg->fault.why >= DA_F_COUNT)
		return da_own_fault(reterr, "the receiver has no bundle%s%s",
		    msg->error != 0 ? ": " : "",
		    msg->error != 0 ? strerror(msg->error) : "");
	da_refused_fault(reterr, da_fault_text(fault.why)->exit_class == 8 ?
	    DA_CHK_WELL_FORMED : DA_CHK_COUNT, &fault);
	snprintf(reterr->text, sizeof(reterr->text), "%s",
	    msg->error != 0 ? strerror(msg->error) :
	    host_word(msg->host_failure));
	return false;
}

/* A table that points outside the bundle is no table. */
static bool
parts_fit(const struct da_msg_fetched *msg)
{
	int32_t last = -1;

	if (msg->n > DA_MAX_PARTS || msg->size > DA_BUNDLE_MAX)
		return false;
	for (uint32_t i = 0; i < msg->n; i++) {
		const struct da_msg_part *p = &msg->part[i];

		if (p->type <= last || p->offset > msg->size ||
		    p->length > msg->size - p->offset ||
		    p->length > da_wire_cap(p->type))
			return false;
		last = p->type;
	}
	return true;
}

static bool
take_bundle(const struct da_msg_fetched *msg, struct da_msg_got *got,
    struct da_fetched *ret, struct da_refusal *reterr)
{
	if (!parts_fit(msg))
		return da_own_fault(reterr, "the receiver's table is false");
	if (!da_sealed_check(got->fd[0], msg->size))
		return da_own_fault(reterr, "the receiver's bundle is not "
		    "sealed, or of another size");
	*ret = (struct da_fetched){ got->fd[0], msg->size, msg->n, { { 0 } } };
	memcpy(ret->part, msg->part, sizeof(ret->part));
	return true;
}

bool
live_fetch(struct da_roles *r, const uint8_t request[DA_WIRE_REQUEST_SIZE],
    int whole_ms, struct da_fetched *ret, struct da_refusal *reterr)
{
	struct da_live_roles *roles = live(r);
	struct da_msg_fetched msg;
	struct da_msg_got got;

	if (!send_fetch(roles, request, whole_ms))
		return send_fault(reterr, "receiver");
	if (!hear(roles, roles->receiver, "receiver", &msg, sizeof(msg),
	    (int)at_most(whole_ms, DA_WIRE_ANSWER_MS) + roles->grace_ms, &got,
	    reterr))
		return false;
	if (da_msg_is(&msg, &got, DA_MSG_FETCHED, sizeof(msg),
	    msg.fetched == 1 ? 1 : 0) && msg.head.serial == roles->serial) {
		if (msg.fetched != 1)
			return fetch_refused(&msg, reterr);
		if (take_bundle(&msg, &got, ret, reterr))
			return true;
	} else
		role_fault(reterr, "receiver", DA_MSG_GARBAGE);
	da_msg_close_fds(&got);
	return false;
}

void
live_release(struct da_roles *r)
{
	struct da_msg_release msg = {
		.head = da_msg_head(DA_MSG_RELEASE, live(r)->serial) };

	/* A receiver that is gone has let go of the host, too. */
	da_msg_send(live(r)->receiver, &msg, sizeof(msg), NULL, 0);
}

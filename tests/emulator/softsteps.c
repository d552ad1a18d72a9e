/* SPDX-License-Identifier: Apache-2.0 */
#include "softsteps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "softmap.h"

int
emu_because(const struct emu_call *c, int error, const char *text)
{
	snprintf(c->reply->text, sizeof(c->reply->text), "%s", text);
	return error;
}

void
emu_tdi_fall(struct emu_tdi *t, enum da_tdi_state state)
{
	emu_tsm_set(&t->tsm, state);
	t->pushed = false;
	t->validated = false;
	memset(&t->map, 0, sizeof(t->map));
}

int
emu_do_lock(const struct emu_call *c)
{
	emu_tsm_lock(&c->tdi->tsm);
	c->tdi->owner = c->kernel->keeps_locks ? 0 : c->caller;
	for (size_t i = 0; i < DA_SOFT_OPS; i++)
		c->tdi->inject[i].times = 0;
	return 0;
}

int
emu_do_unlock(const struct emu_call *c)
{
	if (!c->tdi->unlock_sticks)
		emu_tdi_fall(c->tdi, DA_STATE_UNLOCKED);
	c->tdi->owner = 0;
	return 0;
}

int
emu_do_ticket(const struct emu_call *c)
{
	struct da_ticket *t = &c->reply->body.ticket;

	emu_tsm_ticket(&c->tdi->tsm, t);
	memcpy(t->device, c->tdi->name, sizeof(t->device));
	t->pci = c->tdi->pci;
	if (c->tdi->session.len != 0)
		t->digest[DA_DIGEST_PUBLIC_KEY] = c->tdi->session;
	if (c->q->has_nonce != 0) {
		t->has_nonce = 1;
		memcpy(t->nonce, c->q->nonce, sizeof(t->nonce));
	}
	return 0;
}

static bool
token_is(const struct da_token *a, const struct da_token *b)
{
	return a->len == b->len && a->len <= sizeof(a->bytes) &&
	    memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool
tokens_are_current(const struct emu_call *c)
{
	for (size_t i = 0; i < DA_TOKEN_COUNT; i++)
		if (!token_is(&c->q->token[i], &c->tdi->tsm.token[i]))
			return false;
	return true;
}

/* Nothing that was never digested matches: an absent digest has no length. */
static bool
tsm_saw(const struct emu_tdi *t, struct da_slice report)
{
	const struct da_digest *d = &t->tsm.digest[DA_DIGEST_REPORT];
	uint8_t own[48];

	return d->len == sizeof(own) && emu_sha384(&report, 1, own) &&
	    memcmp(own, d->bytes, sizeof(own)) == 0;
}

/* The kernel hashes its own copy, and stores nothing that does not match. */
int
emu_do_push(const struct emu_call *c)
{
	struct emu_tdi *t = c->tdi;
	int error;

	if (t->pushed)
		return emu_because(c, EBUSY, "a report was pushed already");
	if (c->q->page_unit != DA_UNIT_PAGE ||
	    c->q->bar_base != DA_BASE_ALIGNED)
		return emu_because(c, EINVAL, "judged with another page unit "
		    "or base rule than this platform's");
	if (!tokens_are_current(c))
		return emu_because(c, ESTALE, "the tokens are old");
	if (!tsm_saw(t, c->report))
		return emu_because(c, EBADMSG, "not the report the TSM saw");
	error = emu_map_make(c->report, &t->pci, &t->map, c->reply->text,
	    sizeof(c->reply->text));
	t->pushed = error == 0;
	return error;
}

int
emu_do_validate(const struct emu_call *c)
{
	if (!c->tdi->pushed)
		return emu_because(c, ENODATA, "no report was pushed");
	c->tdi->validated = true;
	return 0;
}

/* From here on the lock's owner may go: RUN outlives its connection. */
int
emu_do_accept(const struct emu_call *c)
{
	if (!c->tdi->validated)
		return emu_because(c, ENODATA, "no report was validated");
	emu_tsm_set(&c->tdi->tsm, DA_STATE_RUN);
	c->tdi->owner = 0;
	return 0;
}

int
emu_do_map(const struct emu_call *c)
{
	struct da_map *map = &c->reply->body.map;

	*map = c->tdi->map;
	if (c->tdi->map_lies && map->n > 0)
		map->range[0].kind = map->range[0].kind == DA_MMIO_SHARED ?
		    DA_MMIO_PRIVATE : DA_MMIO_SHARED;
	return 0;
}

int
emu_do_bind(const struct emu_call *c)
{
	c->tdi->driver_bound = true;
	return 0;
}

/* drivers_probe of a function that has its driver already is no error. */
int
emu_do_leave(const struct emu_call *c)
{
	c->tdi->driver_bound = true;
	return 0;
}

int
emu_do_hold(const struct emu_call *c)
{
	c->kernel->is_held = true;
	return 0;
}

int
emu_do_boot_id(const struct emu_call *c)
{
	memcpy(c->reply->body.boot_id, c->kernel->boot_id, DA_BOOT_ID_SIZE);
	return 0;
}

static void
describe(const struct emu_tdi *t, struct da_kernel_device *ret)
{
	memcpy(ret->name, t->name, sizeof(ret->name));
	memcpy(ret->path, t->path, sizeof(ret->path));
	ret->tee = t->pci.tee;
	ret->driver_bound = t->driver_bound;
	ret->vendor = t->pci.vendor;
	ret->device = t->pci.device;
	ret->subsystem_vendor = t->pci.subsystem_vendor;
	ret->subsystem_device = t->pci.subsystem_device;
	ret->class_code = t->pci.class_code;
}

int
emu_do_list(const struct emu_call *c)
{
	for (uint32_t i = 0; i < c->kernel->n; i++)
		describe(&c->kernel->tdi[i], &c->reply->body.device[i]);
	c->reply->n = c->kernel->n;
	return 0;
}

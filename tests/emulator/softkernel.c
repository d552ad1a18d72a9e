/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guestd/wire.h"
#include "interface.h"
#include "softmap.h"

struct call {
	struct emu_kernel *kernel;
	struct emu_tdi *tdi;
	uint32_t caller;
	const struct da_soft_request *q;
	struct da_slice report;
	struct da_soft_reply *reply;
};

static int
because(const struct call *c, int error, const char *text)
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

/* -- the steps: called only where state, owner and driver allow it -- */

static int
do_lock(const struct call *c)
{
	emu_tsm_lock(&c->tdi->tsm);
	c->tdi->owner = c->caller;
	for (size_t i = 0; i < DA_SOFT_OPS; i++)
		c->tdi->inject[i].times = 0;
	return 0;
}

static int
do_unlock(const struct call *c)
{
	emu_tdi_fall(c->tdi, DA_STATE_UNLOCKED);
	c->tdi->owner = 0;
	return 0;
}

static int
do_ticket(const struct call *c)
{
	struct da_ticket *t = &c->reply->body.ticket;

	emu_tsm_ticket(&c->tdi->tsm, t);
	memcpy(t->device, c->tdi->name, sizeof(t->device));
	t->pci = c->tdi->pci;
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
tokens_are_current(const struct call *c)
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
static int
do_push(const struct call *c)
{
	struct emu_tdi *t = c->tdi;
	int error;

	if (t->pushed)
		return because(c, EBUSY, "a report was pushed already");
	if (c->q->page_unit != DA_UNIT_PAGE ||
	    c->q->bar_base != DA_BASE_ALIGNED)
		return because(c, EINVAL, "judged with another page unit or "
		    "base rule than this platform's");
	if (!tokens_are_current(c))
		return because(c, ESTALE, "the tokens are old");
	if (!tsm_saw(t, c->report))
		return because(c, EBADMSG, "not the report the TSM saw");
	error = emu_map_make(c->report, &t->pci, &t->map, c->reply->text,
	    sizeof(c->reply->text));
	t->pushed = error == 0;
	return error;
}

static int
do_validate(const struct call *c)
{
	if (!c->tdi->pushed)
		return because(c, ENODATA, "no report was pushed");
	c->tdi->validated = true;
	return 0;
}

/* From here on the lock's owner may go: RUN outlives its connection. */
static int
do_accept(const struct call *c)
{
	if (!c->tdi->validated)
		return because(c, ENODATA, "no report was validated");
	emu_tsm_set(&c->tdi->tsm, DA_STATE_RUN);
	c->tdi->owner = 0;
	return 0;
}

static int
do_map(const struct call *c)
{
	struct da_map *map = &c->reply->body.map;

	*map = c->tdi->map;
	if (c->tdi->map_lies && map->n > 0)
		map->range[0].kind = map->range[0].kind == DA_MMIO_SHARED ?
		    DA_MMIO_PRIVATE : DA_MMIO_SHARED;
	return 0;
}

static int
do_bind(const struct call *c)
{
	c->tdi->driver_bound = true;
	return 0;
}

/* Which state allows a step; otherwise the errno that it gives. */
static const struct step {
	const char *name;
	int (*run)(const struct call *c);
	bool is_owners;		/* nobody else's while the device is owned */
	bool needs_no_driver;
	int unlocked, locked, running, error;
} steps[DA_SOFT_OPS] = {
	[DA_SOFT_LOCK] = { "lock", do_lock, true, true,
	    0, EBUSY, EBUSY, EIO },
	[DA_SOFT_UNLOCK] = { "unlock", do_unlock, true, true,
	    EINVAL, 0, 0, 0 },
	[DA_SOFT_TICKET] = { "ticket", do_ticket, false, false,
	    0, 0, 0, 0 },
	[DA_SOFT_PUSH] = { "push", do_push, true, true,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_VALIDATE] = { "validate", do_validate, true, true,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_ACCEPT] = { "accept", do_accept, true, true,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_MAP] = { "map", do_map, false, false,
	    EINVAL, ENODATA, 0, EIO },
	[DA_SOFT_BIND] = { "bind", do_bind, false, true,
	    EINVAL, EINVAL, 0, EIO },
};

enum da_soft_op
emu_step_named(const char *name)
{
	for (unsigned int i = 0; i < DA_SOFT_OPS; i++)
		if (steps[i].name != NULL && strcmp(steps[i].name, name) == 0)
			return (enum da_soft_op)i;
	return DA_SOFT_NONE;
}

static int
state_allows(const struct step *s, uint8_t state)
{
	switch (state) {
	case DA_STATE_UNLOCKED:
		return s->unlocked;
	case DA_STATE_LOCKED:
		return s->locked;
	case DA_STATE_RUN:
		return s->running;
	default:
		return s->error;
	}
}

/* A stranger is told so before the state is: it is none of its business. */
static int
may_run(const struct call *c, const struct step *s)
{
	const struct emu_tdi *t = c->tdi;
	int error = state_allows(s, t->tsm.state);

	if (s->is_owners && t->owner != 0 && t->owner != c->caller)
		return because(c, EBUSY, "another connection locked it");
	if (s->needs_no_driver && t->driver_bound)
		return because(c, EBUSY, "a driver is bound");
	if (error != 0)
		return because(c, error, "the state does not allow it");
	return 0;
}

static bool
is_due(struct emu_inject *i)
{
	i->times++;
	return i->nth == 0 || i->nth == i->times;
}

static int
run_step(const struct call *c, const struct step *s)
{
	struct emu_inject *i = &c->tdi->inject[c->q->op];
	bool due = is_due(i);
	int error = may_run(c, s);

	if (error == 0 && due && i->error != 0)
		return because(c, i->error, "injected");
	if (error == 0)
		error = s->run(c);
	if (error == 0 && due && i->move_tokens)
		emu_tsm_move_tokens(&c->tdi->tsm);
	if (error == 0 && due && i->to_error)
		emu_tdi_fall(c->tdi, DA_STATE_ERROR);
	return error;
}

static int
list(const struct call *c)
{
	for (uint32_t i = 0; i < c->kernel->n; i++) {
		const struct emu_tdi *t = &c->kernel->tdi[i];
		struct da_kernel_device *d = &c->reply->body.device[i];

		memcpy(d->name, t->name, sizeof(d->name));
		memcpy(d->path, t->path, sizeof(d->path));
		d->tee = t->pci.tee;
		d->driver_bound = t->driver_bound;
		d->vendor = t->pci.vendor;
		d->device = t->pci.device;
		d->class_code = t->pci.class_code;
	}
	c->reply->n = c->kernel->n;
	return 0;
}

static int
dispatch(struct call *c)
{
	if (c->q->version != DA_SOFT_VERSION || c->q->op >= DA_SOFT_OPS ||
	    c->q->report_size != c->report.n)
		return because(c, EPROTO, "not a request of this version");
	if (c->q->op == DA_SOFT_LIST)
		return list(c);
	if (steps[c->q->op].run == NULL)
		return because(c, EOPNOTSUPP, "no such step");
	c->tdi = emu_kernel_find(c->kernel, c->q->device);
	if (c->tdi == NULL)
		return because(c, ENODEV, "no such device");
	return run_step(c, &steps[c->q->op]);
}

void
emu_kernel_call(struct emu_kernel *k, uint32_t caller,
    const struct da_soft_request *q, struct da_slice report,
    struct da_soft_reply *ret)
{
	struct call c = { k, NULL, caller, q, report, ret };

	memset(ret, 0, sizeof(*ret));
	ret->version = DA_SOFT_VERSION;
	ret->op = q->op;
	ret->serial = q->serial;
	ret->error = (uint32_t)dispatch(&c);
}

void
emu_kernel_closed(struct emu_kernel *k, uint32_t caller)
{
	for (uint32_t i = 0; i < k->n; i++) {
		struct emu_tdi *t = &k->tdi[i];

		if (t->owner != caller)
			continue;
		emu_tdi_fall(t, DA_STATE_UNLOCKED);
		t->owner = 0;
	}
}

bool
emu_kernel_add(struct emu_kernel *k, const char *name)
{
	struct emu_tdi *t = &k->tdi[k->n];
	uint32_t bdf;

	if (k->n == EMU_MAX_TDI || !da_wire_parse_bdf(name, &bdf) ||
	    emu_kernel_find(k, name) != NULL)
		return false;
	memset(t, 0, sizeof(*t));
	da_wire_format_bdf(bdf, t->name);
	emu_interface_path(bdf, t->path);
	emu_interface_pci(k->n, &t->pci);
	emu_tsm_start(&t->tsm);
	k->n++;
	return true;
}

struct emu_tdi *
emu_kernel_find(struct emu_kernel *k, const char *name)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (strncmp(k->tdi[i].name, name, sizeof(k->tdi[i].name)) == 0)
			return &k->tdi[i];
	return NULL;
}

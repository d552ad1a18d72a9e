/* SPDX-License-Identifier: Apache-2.0 */
#include "softkernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guestd/wire.h"
#include "interface.h"
#include "softsteps.h"

/* Which state allows a step; otherwise the errno that it gives. */
static const struct step {
	const char *name;
	int (*run)(const struct emu_call *c);
	bool is_owners;		/* nobody else's while the device is owned */
	bool needs_no_driver;
	bool is_drivers;	/* of the driver core: no TSM takes part */
	int unlocked, locked, running, error;
} steps[DA_SOFT_OPS] = {
	[DA_SOFT_LOCK] = { "lock", emu_do_lock, true, true, false,
	    0, EBUSY, EBUSY, EIO },
	[DA_SOFT_UNLOCK] = { "unlock", emu_do_unlock, true, true, false,
	    EINVAL, 0, 0, 0 },
	[DA_SOFT_TICKET] = { "ticket", emu_do_ticket, false, false, false,
	    0, 0, 0, 0 },
	[DA_SOFT_PUSH] = { "push", emu_do_push, true, true, false,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_VALIDATE] = { "validate", emu_do_validate, true, true, false,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_ACCEPT] = { "accept", emu_do_accept, true, true, false,
	    EINVAL, 0, EBUSY, EIO },
	[DA_SOFT_MAP] = { "map", emu_do_map, false, false, false,
	    EINVAL, ENODATA, 0, EIO },
	[DA_SOFT_BIND] = { "bind", emu_do_bind, false, true, true,
	    EINVAL, EINVAL, 0, EIO },
	[DA_SOFT_LEAVE] = { "leave", emu_do_leave, true, false, true,
	    0, EBUSY, EBUSY, EIO },
};

/* Those of the kernel itself: no state stands in their way. */
static const struct {
	const char *name;
	int (*run)(const struct emu_call *c);
} own_steps[DA_SOFT_OPS] = {
	[DA_SOFT_HOLD] = { "hold", emu_do_hold },
	[DA_SOFT_LIST] = { "list", emu_do_list },
	[DA_SOFT_BOOT_ID] = { "boot-id", emu_do_boot_id },
};

bool
emu_step_is_kernels(enum da_soft_op op)
{
	return op < DA_SOFT_OPS && own_steps[op].run != NULL;
}

enum da_soft_op
emu_step_named(const char *name)
{
	for (unsigned int i = 0; i < DA_SOFT_OPS; i++) {
		const char *of = own_steps[i].name != NULL ?
		    own_steps[i].name : steps[i].name;

		if (of != NULL && strcmp(of, name) == 0)
			return (enum da_soft_op)i;
	}
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

/* What was locked before its capability was hidden can still be unlocked. */
static bool
tsm_knows(const struct emu_tdi *t)
{
	return t->pci.tee == DA_TRI_TRUE || t->tsm.state != DA_STATE_UNLOCKED;
}

/* A stranger is told so before the state is: it is none of its business. */
static int
may_run(const struct emu_call *c, const struct step *s)
{
	const struct emu_tdi *t = c->tdi;
	int error = state_allows(s, t->tsm.state);

	if (!s->is_drivers && !tsm_knows(t))
		return emu_because(c, EOPNOTSUPP, "it has no TEE capability");
	if (s->is_owners && t->owner != 0 && t->owner != c->caller)
		return emu_because(c, EBUSY, "another connection locked it");
	if (s->needs_no_driver && t->driver_bound)
		return emu_because(c, EBUSY, "a driver is bound");
	if (error != 0)
		return emu_because(c, error, "the state does not allow it");
	return 0;
}

static bool
is_due(struct emu_inject *i)
{
	i->times++;
	return i->nth == 0 || i->nth == i->times;
}

static void
follow(const struct emu_call *c, const struct emu_inject *i)
{
	if (i->move_tokens)
		emu_tsm_move_tokens(&c->tdi->tsm);
	if (i->move_lock)
		emu_tsm_move_lock(&c->tdi->tsm);
	if (i->to_error)
		emu_tdi_fall(c->tdi, DA_STATE_ERROR);
}

static int
run_step(const struct emu_call *c, const struct step *s)
{
	struct emu_inject *i = &c->tdi->inject[c->q->op];
	bool due = is_due(i);
	int error = may_run(c, s);

	if (error == 0 && due && i->error != 0)
		return emu_because(c, i->error, "injected");
	if (error == 0)
		error = s->run(c);
	if (error == 0 && due)
		follow(c, i);
	return error;
}

static int
run_own_step(const struct emu_call *c)
{
	struct emu_inject *i = &c->kernel->inject[c->q->op];

	if (is_due(i) && i->error != 0)
		return emu_because(c, i->error, "injected");
	return own_steps[c->q->op].run(c);
}

static int
dispatch(struct emu_call *c)
{
	if (c->q->version != DA_SOFT_VERSION || c->q->op >= DA_SOFT_OPS ||
	    c->q->report_size != c->report.n)
		return emu_because(c, EPROTO, "not a request of this version");
	if (emu_step_is_kernels((enum da_soft_op)c->q->op))
		return run_own_step(c);
	if (steps[c->q->op].run == NULL)
		return emu_because(c, EOPNOTSUPP, "no such step");
	c->tdi = emu_kernel_find(c->kernel, c->q->device);
	if (c->tdi == NULL)
		return emu_because(c, ENODEV, "no such device");
	return run_step(c, &steps[c->q->op]);
}

void
emu_kernel_call(struct emu_kernel *k, uint32_t caller,
    const struct da_soft_request *q, struct da_slice report,
    struct da_soft_reply *ret)
{
	struct emu_call c = { k, NULL, caller, q, report, ret };

	memset(ret, 0, sizeof(*ret));
	ret->version = DA_SOFT_VERSION;
	ret->op = q->op;
	ret->serial = q->serial;
	ret->error = (uint32_t)dispatch(&c);
}

static struct emu_inject *
injection_of(struct emu_kernel *k, const struct da_soft_request *q)
{
	struct emu_tdi *t;

	if (q->version != DA_SOFT_VERSION || q->op >= DA_SOFT_OPS)
		return NULL;
	if (emu_step_is_kernels((enum da_soft_op)q->op))
		return &k->inject[q->op];
	t = emu_kernel_find(k, q->device);
	return t == NULL ? NULL : &t->inject[q->op];
}

/* Before the call it is not counted yet. */
bool
emu_kernel_stalls(struct emu_kernel *k, const struct da_soft_request *q,
    enum emu_stall when)
{
	struct emu_inject *i = injection_of(k, q);
	uint32_t now;

	if (i == NULL || i->stall != when)
		return false;
	now = i->times + (when == EMU_STALL_BEFORE);
	if (i->nth != 0 && i->nth != now)
		return false;
	i->stall = EMU_NO_STALL;
	return true;
}

/* Whoever locked without owning it leaves it locked. */
void
emu_kernel_closed(struct emu_kernel *k, uint32_t caller)
{
	for (uint32_t i = 0; i < k->n; i++) {
		struct emu_tdi *t = &k->tdi[i];

		if (t->owner != caller)
			continue;
		if (!k->keeps_locks && !t->unlock_sticks)
			emu_tdi_fall(t, DA_STATE_UNLOCKED);
		t->owner = 0;
	}
}

/* -- boots -- */

/* A random UUID's text (RFC 9562 version 4), as Linux writes it. */
static void
draw_boot_id(struct emu_kernel *k)
{
	char hex[33];
	uint8_t raw[16];

	emu_random(raw, sizeof(raw));
	raw[6] = (uint8_t)((raw[6] & 0x0f) | 0x40);
	raw[8] = (uint8_t)((raw[8] & 0x3f) | 0x80);
	emu_to_hex(raw, sizeof(raw), hex);
	snprintf(k->boot_id, sizeof(k->boot_id), "%.8s-%.4s-%.4s-%.4s-%.12s",
	    hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void
emu_kernel_start(struct emu_kernel *k)
{
	memset(k, 0, sizeof(*k));
	draw_boot_id(k);
}

void
emu_kernel_reboot(struct emu_kernel *k)
{
	draw_boot_id(k);
	k->is_held = false;
	for (uint32_t i = 0; i < k->n; i++) {
		struct emu_tdi *t = &k->tdi[i];

		emu_tsm_start(&t->tsm);
		emu_tdi_fall(t, DA_STATE_UNLOCKED);
		t->owner = 0;
		t->driver_bound = t->is_builtin || k->probes_early;
	}
}

/* -- functions -- */

struct emu_tdi *
emu_kernel_add(struct emu_kernel *k, const char *name)
{
	struct emu_tdi *t = &k->tdi[k->n];
	uint32_t bdf;

	if (k->n == EMU_MAX_TDI || !da_wire_parse_bdf(name, &bdf) ||
	    emu_kernel_find(k, name) != NULL)
		return NULL;
	memset(t, 0, sizeof(*t));
	da_wire_format_bdf(bdf, t->name);
	emu_interface_path(bdf, t->path);
	emu_interface_pci(k->n, &t->pci);
	emu_tsm_start(&t->tsm);
	k->n++;
	return t;
}

struct emu_tdi *
emu_kernel_add_plain(struct emu_kernel *k, const char *name, uint16_t vendor,
    uint16_t device)
{
	struct emu_tdi *t = emu_kernel_add(k, name);

	if (t == NULL)
		return NULL;
	t->is_plain = true;
	t->pci.tee = DA_TRI_FALSE;
	t->pci.vendor = t->pci.subsystem_vendor = vendor;
	t->pci.device = t->pci.subsystem_device = device;
	return t;
}

void
emu_kernel_probe(const struct emu_kernel *k, struct emu_tdi *t)
{
	t->driver_bound = t->is_builtin || !k->is_held;
}

struct emu_tdi *
emu_kernel_find(struct emu_kernel *k, const char *name)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (strncmp(k->tdi[i].name, name, sizeof(k->tdi[i].name)) == 0)
			return &k->tdi[i];
	return NULL;
}

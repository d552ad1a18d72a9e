/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device as the host reaches it, devattest-wire(7): collected anew for each
 * request, seen by the TSM, and cut as the platform's host gives it.
 */
#include <string.h>

#include "machine.h"
#include "platform.h"

#define SHAPE_LOG	1u	/* measurements with the VCA in front */

struct collecting {
	const struct da_wire_request *q;
	struct emu_slot *slot;
	const struct emu_platform *platform;	/* NULL: a software kernel */
	struct emu_bytes *out;
};

/* The host goes by the path; without one, by the guest's own number. */
static bool
is_asked_for(const struct da_wire_request *q, const struct emu_tdi *t)
{
	char name[16];

	if (q->path[0] != 0xff)
		return memcmp(q->path, t->path, sizeof(t->path)) == 0;
	da_wire_format_bdf(q->device, name);
	return strcmp(name, t->name) == 0;
}

static void
put_shaped(struct collecting *c, uint16_t type, uint16_t shape,
    const void *bytes, size_t n)
{
	struct da_wire_head h = { type, shape, (uint32_t)n, c->q->id };
	uint8_t head[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, head);
	emu_put(c->out, head, sizeof(head));
	emu_put(c->out, bytes, n);
}

static void
put_part(struct collecting *c, uint16_t type, const void *bytes, size_t n)
{
	put_shaped(c, type, 0, bytes, n);
}

static void
put_wanted(struct collecting *c, uint16_t type, const struct emu_bytes *b)
{
	if (da_wire_wants(c->q->wanted, type))
		put_part(c, type, b->p, b->n);
}

static void
put_failure(struct collecting *c, enum da_wire_failure failure)
{
	const uint8_t code[4] = { (uint8_t)failure };

	c->out->n = 0;
	c->out->full = false;
	put_part(c, DA_WIRE_FAILURE, code, sizeof(code));
	put_part(c, DA_WIRE_END, NULL, 0);
}

static bool
has_log(const struct collecting *c)
{
	return c->platform != NULL && c->platform->has_log;
}

/* The firmware's log holds the VCA, which nobody gives apart then. */
static void
put_log(struct collecting *c, const struct emu_bytes *exchange)
{
	struct emu_bytes log = c->slot->device->vca;

	emu_put(&log, exchange->p, exchange->n);
	put_shaped(c, DA_WIRE_MEASUREMENTS, SHAPE_LOG, log.p, log.n);
}

static bool
collect_measurements(struct collecting *c)
{
	struct emu_bytes exchange;

	if (!da_wire_wants(c->q->wanted, DA_WIRE_MEASUREMENTS))
		return true;
	if (!emu_slot_measure(c->slot, c->q->nonce, &exchange))
		return false;
	if (has_log(c))
		put_log(c, &exchange);
	else
		put_wanted(c, DA_WIRE_MEASUREMENTS, &exchange);
	return true;
}

static void
collect_report(struct collecting *c)
{
	struct emu_bytes report;

	if (!da_wire_wants(c->q->wanted, DA_WIRE_REPORT) ||
	    !emu_slot_report(c->slot, &report))
		return;
	emu_slot_saw(c->slot, DA_DIGEST_REPORT, emu_slice(&report));
	put_wanted(c, DA_WIRE_REPORT, &report);
}

static void
collect_device_info(struct collecting *c)
{
	struct emu_bytes info;

	if (c->platform == NULL || !c->platform->has_device_info)
		return;
	emu_fw_device_info(c->slot->firmware, &info);
	put_wanted(c, DA_WIRE_DEVICE_INFO, &info);
}

static bool
collect_all(struct collecting *c)
{
	emu_slot_saw_device(c->slot);
	put_wanted(c, DA_WIRE_CHAIN_FIRST, &c->slot->device->chain);
	if (!has_log(c))
		put_wanted(c, DA_WIRE_VCA, &c->slot->device->vca);
	if (!collect_measurements(c))
		return false;
	collect_report(c);
	collect_device_info(c);
	put_part(c, DA_WIRE_END, NULL, 0);
	return !c->out->full;
}

static struct emu_slot *
find(struct emu_machine *m, const struct da_wire_request *q)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (is_asked_for(q, m->slot[i].tdi))
			return &m->slot[i];
	return NULL;
}

uint32_t
emu_machine_device(struct emu_machine *m, const struct da_wire_request *q)
{
	struct emu_slot *s = find(m, q);
	uint32_t first = 0;

	if (s == NULL || s->device == NULL)
		return 0;
	while (m->slot[first].device != s->device)
		first++;
	return UINT32_C(1) << first;
}

void
emu_machine_busy(const struct da_wire_request *q, struct emu_bytes *ret)
{
	struct collecting c = { .q = q, .out = ret };

	put_failure(&c, DA_WIRE_BUSY);
}

size_t
emu_machine_hold_at(struct emu_machine *m, const struct da_wire_request *q)
{
	struct emu_slot *s = find(m, q);
	size_t at = s == NULL ? SIZE_MAX : s->hold_at;

	if (s != NULL)
		s->hold_at = SIZE_MAX;
	return at;
}

void
emu_machine_answer(struct emu_machine *m, const struct da_wire_request *q,
    struct emu_bytes *ret)
{
	struct collecting c = { .q = q, .out = ret };
	struct emu_slot *s = find(m, q);

	ret->n = 0;
	ret->full = false;
	if (s == NULL) {
		put_failure(&c, DA_WIRE_NO_DEVICE);
		return;
	}
	if (s->device == NULL) {
		put_failure(&c, DA_WIRE_NOT_SUPPORTED);
		return;
	}
	c.slot = s;
	if (emu_slot_is_described(s))
		c.platform = s->firmware->platform;
	if (!collect_all(&c))
		put_failure(&c, DA_WIRE_DEVICE_ERROR);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface.h"

_Static_assert(EMU_MAX_TDI <= 32, "a device a bit");

bool
emu_machine_start(struct emu_machine *m, const char *vendor_name,
    uint8_t version)
{
	memset(m, 0, sizeof(*m));
	m->version = version;
	return emu_vendor_make(vendor_name, &m->vendor);
}

static struct emu_device *
new_device(const struct emu_machine *m, uint32_t n)
{
	struct emu_device *d = malloc(sizeof(*d));
	char serial[16];

	snprintf(serial, sizeof(serial), "%04u", n + 1);
	if (d != NULL && !emu_device_make(&m->vendor, m->version, serial, d)) {
		free(d);
		return NULL;
	}
	return d;
}

/* "0000:01:00.0": all but the function's digit. */
static struct emu_device *
device_in_slot(const struct emu_machine *m, const char *name)
{
	for (uint32_t i = 0; i < m->kernel.n; i++)
		if (strncmp(m->kernel.tdi[i].name, name, 11) == 0)
			return m->device[i];
	return NULL;
}

/* What the TSM has of the physical device, at each collection again. */
static void
tsm_saw_device(struct emu_tsm *tsm, const struct emu_device *d)
{
	emu_tsm_saw(tsm, DA_DIGEST_VCA, emu_slice(&d->vca));
	emu_tsm_saw(tsm, DA_DIGEST_CHAIN, emu_slice(&d->chain));
	emu_tsm_agree(tsm, DA_DIGEST_PUBLIC_KEY, d->key_digest);
}

bool
emu_machine_add(struct emu_machine *m, const char *bdf)
{
	uint32_t n = m->kernel.n;
	struct emu_device *d = device_in_slot(m, bdf);

	if (!emu_kernel_add(&m->kernel, bdf))
		return false;
	m->device[n] = d != NULL ? d : new_device(m, n);
	if (m->device[n] == NULL)
		return false;
	tsm_saw_device(&m->kernel.tdi[n].tsm, m->device[n]);
	return true;
}

void
emu_machine_free(struct emu_machine *m)
{
	for (uint32_t i = 0; i < m->kernel.n; i++) {
		struct emu_device *d = m->device[i];

		for (uint32_t k = i; k < m->kernel.n; k++)
			if (m->device[k] == d)
				m->device[k] = NULL;
		if (d != NULL)
			emu_device_free(d);
		free(d);
	}
	emu_vendor_free(&m->vendor);
}

/* -- the device as the host reaches it -- */

struct collecting {
	const struct da_wire_request *q;
	struct emu_tsm *tsm;
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
put_part(struct collecting *c, uint16_t type, const void *bytes, size_t n)
{
	struct da_wire_head h = { type, 0, (uint32_t)n, c->q->id };
	uint8_t head[DA_WIRE_HEAD_SIZE];

	da_wire_put_head(&h, head);
	emu_put(c->out, head, sizeof(head));
	emu_put(c->out, bytes, n);
}

static void
put_wanted(struct collecting *c, uint16_t type, const struct emu_bytes *b)
{
	if ((c->q->wanted >> type & 1) != 0)
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
collect_measurements(struct collecting *c, const struct emu_device *d)
{
	struct emu_bytes exchange;

	if ((c->q->wanted >> DA_WIRE_MEASUREMENTS & 1) == 0)
		return true;
	if (!emu_device_measure(d, c->q->nonce, &exchange))
		return false;
	emu_tsm_saw(c->tsm, DA_DIGEST_MEASUREMENTS, emu_slice(&exchange));
	put_wanted(c, DA_WIRE_MEASUREMENTS, &exchange);
	return true;
}

/* GET_DEVICE_INTERFACE_REPORT is legal in LOCKED and RUN only (TDISP). */
static void
collect_report(struct collecting *c, const struct emu_tdi *t)
{
	struct emu_bytes report;

	if ((c->q->wanted >> DA_WIRE_REPORT & 1) == 0 ||
	    (t->tsm.state != DA_STATE_LOCKED && t->tsm.state != DA_STATE_RUN))
		return;
	emu_interface_report(&t->pci, &report);
	emu_tsm_saw(c->tsm, DA_DIGEST_REPORT, emu_slice(&report));
	put_wanted(c, DA_WIRE_REPORT, &report);
}

static bool
collect_all(struct collecting *c, const struct emu_device *d,
    const struct emu_tdi *t)
{
	tsm_saw_device(c->tsm, d);
	put_wanted(c, DA_WIRE_CHAIN_FIRST, &d->chain);
	put_wanted(c, DA_WIRE_VCA, &d->vca);
	if (!collect_measurements(c, d))
		return false;
	collect_report(c, t);
	put_part(c, DA_WIRE_END, NULL, 0);
	return !c->out->full;
}

/* The function's number; the count of all where there is none. */
static uint32_t
find(const struct emu_machine *m, const struct da_wire_request *q)
{
	uint32_t i = 0;

	while (i < m->kernel.n && !is_asked_for(q, &m->kernel.tdi[i]))
		i++;
	return i;
}

uint32_t
emu_machine_device(const struct emu_machine *m,
    const struct da_wire_request *q)
{
	uint32_t n = find(m, q), first = 0;

	if (n == m->kernel.n)
		return 0;
	while (m->device[first] != m->device[n])
		first++;
	return UINT32_C(1) << first;
}

void
emu_machine_busy(const struct da_wire_request *q, struct emu_bytes *ret)
{
	struct collecting c = { .q = q, .out = ret };

	put_failure(&c, DA_WIRE_BUSY);
}

void
emu_machine_answer(struct emu_machine *m, const struct da_wire_request *q,
    struct emu_bytes *ret)
{
	struct collecting c = { .q = q, .out = ret };
	uint32_t n = find(m, q);

	ret->n = 0;
	ret->full = false;
	if (n == m->kernel.n) {
		put_failure(&c, DA_WIRE_NO_DEVICE);
		return;
	}
	c.tsm = &m->kernel.tdi[n].tsm;
	if (!collect_all(&c, m->device[n], &m->kernel.tdi[n]))
		put_failure(&c, DA_WIRE_DEVICE_ERROR);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface.h"

#define BDF_CHARS	12u	/* "0000:01:00.0" */
#define SLOT_CHARS	11u	/* all but the function's digit */

_Static_assert(2 * EMU_MAX_TDI <= 32, "a device a bit");

bool
emu_machine_start(struct emu_machine *m, const char *vendor_name,
    uint8_t version)
{
	memset(m, 0, sizeof(*m));
	m->version = version;
	emu_kernel_start(&m->kernel);
	emu_kernel_start(&m->elsewhere);
	return emu_vendor_make(vendor_name, &m->vendor);
}

static struct emu_device *
new_device(const struct emu_machine *m)
{
	struct emu_device *d = malloc(sizeof(*d));

	if (d != NULL && !emu_device_make(&m->vendor, m->version,
	    (uint16_t)(m->n + 1), d)) {
		free(d);
		return NULL;
	}
	return d;
}

static struct emu_device *
device_in_slot(const struct emu_machine *m, const char *name)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (m->slot[i].device != NULL &&
		    strncmp(m->slot[i].tdi->name, name, SLOT_CHARS) == 0)
			return m->slot[i].device;
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

static bool
put_in_slot(struct emu_machine *m, struct emu_tdi *t, struct emu_device *d)
{
	if (t == NULL)
		return false;
	m->slot[m->n++] = (struct emu_slot){ t, d, false, SIZE_MAX };
	return true;
}

static bool
add_device(struct emu_machine *m, struct emu_kernel *k, const char *bdf)
{
	struct emu_device *d = device_in_slot(m, bdf);
	struct emu_tdi *t = emu_kernel_add(k, bdf);

	if (t == NULL)
		return false;
	if (d == NULL)
		d = new_device(m);
	put_in_slot(m, t, d);
	if (d == NULL)
		return false;
	emu_interface_serial(d->number, &t->pci);
	tsm_saw_device(&t->tsm, d);
	return true;
}

bool
emu_machine_add(struct emu_machine *m, const char *bdf)
{
	return emu_kernel_find(&m->elsewhere, bdf) == NULL &&
	    add_device(m, &m->kernel, bdf);
}

bool
emu_machine_add_elsewhere(struct emu_machine *m, const char *bdf)
{
	struct emu_slot *s;

	if (device_in_slot(m, bdf) != NULL ||
	    !add_device(m, &m->elsewhere, bdf))
		return false;
	s = &m->slot[m->n - 1];
	s->is_elsewhere = true;
	emu_interface_large_pci(m->n, &s->tdi->pci);
	emu_interface_serial(s->device->number, &s->tdi->pci);
	emu_tsm_lock(&s->tdi->tsm);
	return true;
}

/* ":1af4:1041", all of it. */
static bool
read_ids(const char *text, uint16_t ret[2])
{
	uint8_t raw[2];

	for (size_t i = 0; i < 2; i++, text += 5) {
		char four[5];

		if (text[0] != ':')
			return false;
		snprintf(four, sizeof(four), "%s", text + 1);
		if (!emu_from_hex(four, raw, sizeof(raw)))
			return false;
		ret[i] = (uint16_t)(raw[0] << 8 | raw[1]);
	}
	return text[0] == '\0';
}

bool
emu_machine_add_plain(struct emu_machine *m, const char *text)
{
	uint16_t id[2] = { EMU_PLAIN_VENDOR, EMU_PLAIN_DEVICE };
	char bdf[BDF_CHARS + 1];

	snprintf(bdf, sizeof(bdf), "%s", text);
	if (strlen(text) > BDF_CHARS && !read_ids(text + BDF_CHARS, id))
		return false;
	return put_in_slot(m, emu_kernel_add_plain(&m->kernel, bdf, id[0],
	    id[1]), NULL);
}

void
emu_machine_free(struct emu_machine *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct emu_device *d = m->slot[i].device;

		for (uint32_t k = i; k < m->n; k++)
			if (m->slot[k].device == d)
				m->slot[k].device = NULL;
		if (d != NULL)
			emu_device_free(d);
		free(d);
	}
	emu_vendor_free(&m->vendor);
}

struct emu_slot *
emu_machine_slot(struct emu_machine *m, const char *bdf)
{
	struct emu_tdi *t = emu_kernel_find(&m->kernel, bdf);

	for (uint32_t i = 0; i < m->n; i++)
		if (t != NULL && m->slot[i].tdi == t)
			return &m->slot[i];
	return NULL;
}

/* Distinct slots are distinct devices. */
uint32_t
emu_machine_devices(const struct emu_machine *m)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t k = 0;

		while (m->slot[k].device != m->slot[i].device)
			k++;
		n += k == i && m->slot[i].device != NULL &&
		    !m->slot[i].is_elsewhere;
	}
	return n;
}

/* -- one function, however it is reached -- */

void
emu_slot_saw(struct emu_slot *s, enum da_digest_of of, struct da_slice bytes)
{
	emu_tsm_saw(&s->tdi->tsm, of, bytes);
	if (of == DA_DIGEST_CHAIN)
		emu_tsm_agree(&s->tdi->tsm, DA_DIGEST_PUBLIC_KEY,
		    s->device->key_digest);
}

/* GET_DEVICE_INTERFACE_REPORT is legal in LOCKED and RUN only (TDISP). */
bool
emu_slot_report(const struct emu_slot *s, struct emu_bytes *ret)
{
	uint8_t state = s->tdi->tsm.state;

	if (state != DA_STATE_LOCKED && state != DA_STATE_RUN)
		return false;
	emu_interface_report(&s->tdi->pci, ret);
	return !ret->full;
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

static void
collect_report(struct collecting *c, const struct emu_slot *s)
{
	struct emu_bytes report;

	if ((c->q->wanted >> DA_WIRE_REPORT & 1) == 0 ||
	    !emu_slot_report(s, &report))
		return;
	emu_tsm_saw(c->tsm, DA_DIGEST_REPORT, emu_slice(&report));
	put_wanted(c, DA_WIRE_REPORT, &report);
}

static bool
collect_all(struct collecting *c, const struct emu_slot *s)
{
	tsm_saw_device(c->tsm, s->device);
	put_wanted(c, DA_WIRE_CHAIN_FIRST, &s->device->chain);
	put_wanted(c, DA_WIRE_VCA, &s->device->vca);
	if (!collect_measurements(c, s->device))
		return false;
	collect_report(c, s);
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
	c.tsm = &s->tdi->tsm;
	if (!collect_all(&c, s))
		put_failure(&c, DA_WIRE_DEVICE_ERROR);
}

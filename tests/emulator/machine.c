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
	emu_firmware_start(&m->firmware);
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

static bool
put_in_slot(struct emu_machine *m, struct emu_tdi *t, struct emu_device *d)
{
	if (t == NULL)
		return false;
	m->slot[m->n++] = (struct emu_slot){ .tdi = t, .device = d,
		.hold_at = SIZE_MAX };
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
	emu_slot_saw_device(&m->slot[m->n - 1]);
	return true;
}

bool
emu_machine_add(struct emu_machine *m, const char *bdf)
{
	struct emu_slot *s;
	uint32_t function;

	if (emu_kernel_find(&m->elsewhere, bdf) != NULL ||
	    !add_device(m, &m->kernel, bdf) ||
	    !da_wire_parse_bdf(bdf, &function))
		return false;
	s = &m->slot[m->n - 1];
	s->firmware = emu_firmware_add(&m->firmware, function, s->device);
	emu_slot_saw_device(s);
	return s->firmware != NULL;
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

/* Each side has numbers of its own. */
static const enum tsm_digest_of firmwares[DA_DIGEST_COUNT] = {
	[DA_DIGEST_VCA] = TSM_DIGEST_VCA,
	[DA_DIGEST_CHAIN] = TSM_DIGEST_CHAIN,
	[DA_DIGEST_PUBLIC_KEY] = TSM_DIGEST_PUBLIC_KEY,
	[DA_DIGEST_MEASUREMENTS] = TSM_DIGEST_MEASUREMENTS,
	[DA_DIGEST_REPORT] = TSM_DIGEST_REPORT,
	[DA_DIGEST_DEVICE_INFO] = TSM_DIGEST_DEVICE_INFO,
};

void
emu_slot_saw(struct emu_slot *s, enum da_digest_of of, struct da_slice bytes)
{
	emu_tsm_saw(&s->tdi->tsm, of, bytes);
	if (s->firmware != NULL)
		emu_fw_saw(s->firmware, firmwares[of], bytes);
	if (of == DA_DIGEST_CHAIN)
		emu_tsm_agree(&s->tdi->tsm, DA_DIGEST_PUBLIC_KEY,
		    s->device->key_digest);
}

/* What the TSM has of the physical device, at each collection again. */
void
emu_slot_saw_device(struct emu_slot *s)
{
	emu_slot_saw(s, DA_DIGEST_VCA, emu_slice(&s->device->vca));
	emu_slot_saw(s, DA_DIGEST_CHAIN, emu_slice(&s->device->chain));
}

bool
emu_slot_is_described(const struct emu_slot *s)
{
	return s->firmware != NULL && s->firmware->is_described;
}

/* GET_DEVICE_INTERFACE_REPORT is legal in LOCKED and RUN only (TDISP). */
bool
emu_slot_report(const struct emu_slot *s, struct emu_bytes *ret)
{
	uint8_t state = s->tdi->tsm.state;

	if (emu_slot_is_described(s))
		return emu_fw_report(s->firmware, ret);
	if (state != DA_STATE_LOCKED && state != DA_STATE_RUN)
		return false;
	emu_interface_report(&s->tdi->pci, ret);
	return !ret->full;
}

bool
emu_slot_measure(struct emu_slot *s, const uint8_t nonce[32],
    struct emu_bytes *ret)
{
	if (emu_slot_is_described(s) && emu_fw_measured(s->firmware, nonce)) {
		*ret = s->firmware->seen[TSM_DIGEST_MEASUREMENTS];
		return true;
	}
	if (!emu_device_measure(s->device, nonce, ret))
		return false;
	emu_slot_saw(s, DA_DIGEST_MEASUREMENTS, emu_slice(ret));
	return true;
}

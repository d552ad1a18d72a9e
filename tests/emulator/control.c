/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test control: what no host can do, but a test arranges.
 */
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "interface.h"

#define KERNELS_OWN	"-"	/* in a device's place: steps of no device */

static const char *const kinds[DA_DIGEST_COUNT] = {
	[DA_DIGEST_VCA] = "vca",
	[DA_DIGEST_CHAIN] = "chain",
	[DA_DIGEST_PUBLIC_KEY] = "public-key",
	[DA_DIGEST_MEASUREMENTS] = "measurements",
	[DA_DIGEST_REPORT] = "report",
	[DA_DIGEST_DEVICE_INFO] = "device-info",
};

/* False: it is neither of the two words. */
static bool
either(const char *word, const char *no, const char *yes, bool *ret)
{
	*ret = strcmp(word, yes) == 0;
	return *ret || strcmp(word, no) == 0;
}

/* -- what the TSM says -- */

static const char *
set_digest(struct emu_control *c)
{
	uint8_t digest[48];

	if (strlen(c->word[2]) != 2 * sizeof(digest))
		return emu_set_fw_digest(c);
	if (!emu_from_hex(c->word[2], digest, sizeof(digest)))
		return "no hex digits";
	for (unsigned int i = 0; i < DA_DIGEST_COUNT; i++) {
		if (strcmp(kinds[i], c->word[1]) != 0)
			continue;
		emu_tsm_agree(&c->tdi->tsm, (enum da_digest_of)i, digest);
		return NULL;
	}
	return "no such digest";
}

/* A digest of a key, or a device that has one. */
static const char *
set_session_key(struct emu_control *c)
{
	struct emu_slot *other = emu_machine_slot(c->machine, c->word[1]);
	struct da_digest *d = &c->tdi->session;

	if (other != NULL && other->device != NULL)
		memcpy(d->bytes, other->device->key_digest, 48);
	else if (!emu_from_hex(c->word[1], d->bytes, 48))
		return "neither a device nor 96 hex digits";
	d->len = 48;
	return NULL;
}

static const char *
set_state(struct emu_control *c)
{
	if (strcmp(c->word[1], "error") == 0)
		emu_tdi_fall(c->tdi, DA_STATE_ERROR);
	else if (strcmp(c->word[1], "unlocked") == 0)
		emu_tdi_fall(c->tdi, DA_STATE_UNLOCKED);
	else
		return "a state is error or unlocked";
	return NULL;
}

/* -- the kernel -- */

static const char *
set_map_lies(struct emu_control *c)
{
	c->tdi->map_lies = true;
	return NULL;
}

static const char *
set_unlock_sticks(struct emu_control *c)
{
	c->tdi->unlock_sticks = true;
	return NULL;
}

static const char *
clear(struct emu_control *c)
{
	struct emu_tdi *t = c->tdi;

	if (t == NULL) {
		memset(c->machine->kernel.inject, 0,
		    sizeof(c->machine->kernel.inject));
		return NULL;
	}
	memset(t->inject, 0, sizeof(t->inject));
	memset(&t->session, 0, sizeof(t->session));
	t->map_lies = t->unlock_sticks = false;
	t->pci.tee = t->is_plain ? DA_TRI_FALSE : DA_TRI_TRUE;
	c->slot->hold_at = SIZE_MAX;
	if (c->slot->firmware != NULL)
		emu_fw_honest(c->slot->firmware);
	return NULL;
}

/* -- the driver core -- */

static const char *
set_driver(struct emu_control *c)
{
	return either(c->word[1], "free", "bound", &c->tdi->driver_bound) ?
	    NULL : "a driver is bound or free";
}

static const char *
set_builtin(struct emu_control *c)
{
	c->tdi->is_builtin = c->tdi->driver_bound = true;
	return NULL;
}

/* Its name is a device's only from here on. */
static const char *
plug(struct emu_control *c)
{
	struct emu_machine *m = c->machine;
	bool ok = strcmp(c->word[0], "plug-plain") == 0 ?
	    emu_machine_add_plain(m, c->word[1]) :
	    emu_machine_add(m, c->word[1]);

	if (!ok)
		return "not a device's name, or there already";
	emu_kernel_probe(&m->kernel, m->slot[m->n - 1].tdi);
	return NULL;
}

static const char *
set_keep_locks(struct emu_control *c)
{
	return either(c->word[1], "off", "on",
	    &c->machine->kernel.keeps_locks) ? NULL : "on or off";
}

static const char *
reboot(struct emu_control *c)
{
	emu_kernel_reboot(&c->machine->kernel);
	return NULL;
}

/* -- the device and its host -- */

static const char *
hide_tee(struct emu_control *c)
{
	c->tdi->pci.tee = DA_TRI_FALSE;
	return NULL;
}

static const char *
set_firmware(struct emu_control *c)
{
	return c->slot->device != NULL &&
	    emu_number(c->word[1], 999, &c->slot->device->firmware) ? NULL :
	    "a number up to 999, of a device that measures";
}

static const char *
set_svn(struct emu_control *c)
{
	uint32_t n;

	if (c->slot->device == NULL || !emu_number(c->word[1], 255, &n))
		return "a number up to 255, of a device that measures";
	c->slot->device->svn = (uint8_t)n;
	return NULL;
}

static const char *
set_debug(struct emu_control *c)
{
	return c->slot->device != NULL && either(c->word[1], "off", "on",
	    &c->slot->device->debugs) ? NULL :
	    "on or off, of a device that measures";
}

/* Of this function, of another one, or none at all. */
static const char *
set_pci_name(struct emu_control *c)
{
	struct da_pci pci = c->tdi->pci;
	char name[EMU_PCI_NAME_SIZE];
	bool other, named = strcmp(c->word[1], "none") != 0;

	if (c->slot->device == NULL ||
	    (named && !either(c->word[1], "own", "other", &other)))
		return "own, other or none, of a device that has a key";
	if (named && other)
		pci.device ^= 1;
	emu_interface_pci_name(&pci, name);
	return emu_device_rename(c->slot->device, &c->machine->vendor,
	    named ? name : NULL) ? NULL : "no certificate can be made";
}

static const char *
hold_answer(struct emu_control *c)
{
	uint32_t at;

	if (!emu_number(c->word[1], UINT32_MAX, &at))
		return "a number of bytes";
	c->slot->hold_at = at;
	return NULL;
}

enum whose { A_DEVICES, A_STEPS, NOBODYS };

static const struct {
	const char *name;
	int words;		/* device included */
	enum whose whose;	/* a step's may be the kernel's own */
	const char *(*run)(struct emu_control *c);	/* NULL, or why not */
} commands[] = {
	{ "digest", 4, A_DEVICES, set_digest },
	{ "session-key", 3, A_DEVICES, set_session_key },
	{ "state", 3, A_DEVICES, set_state },
	{ "fail", 4, A_STEPS, emu_set_fail },
	{ "stall", 3, A_STEPS, emu_set_stall },
	{ "stall-after", 3, A_STEPS, emu_set_stall },
	{ "move-tokens", 3, A_DEVICES, emu_set_move_tokens },
	{ "move-lock", 3, A_DEVICES, emu_set_move_lock },
	{ "error-after", 3, A_DEVICES, emu_set_error_after },
	{ "map-lies", 2, A_DEVICES, set_map_lies },
	{ "unlock-sticks", 2, A_DEVICES, set_unlock_sticks },
	{ "clear", 2, A_STEPS, clear },
	{ "driver", 3, A_DEVICES, set_driver },
	{ "builtin", 2, A_DEVICES, set_builtin },
	{ "plug", 2, NOBODYS, plug },
	{ "plug-plain", 2, NOBODYS, plug },
	{ "keep-locks", 2, NOBODYS, set_keep_locks },
	{ "reboot", 1, NOBODYS, reboot },
	{ "hide-tee", 2, A_DEVICES, hide_tee },
	{ "firmware", 3, A_DEVICES, set_firmware },
	{ "svn", 3, A_DEVICES, set_svn },
	{ "debug", 3, A_DEVICES, set_debug },
	{ "pci-name", 3, A_DEVICES, set_pci_name },
	{ "hold-answer", 3, A_DEVICES, hold_answer },
	/* Of the firmware; without a device: of all. */
	{ "platform", 2, NOBODYS, emu_set_platform },
	{ "page-unit", 2, NOBODYS, emu_set_page_unit },
	{ "bar-base", 2, NOBODYS, emu_set_bar_base },
	{ "stall", 2, NOBODYS, emu_set_fw_stall },
	{ "stall-after", 2, NOBODYS, emu_set_fw_stall },
	{ "digest", 3, NOBODYS, emu_set_fw_digest },
	{ "token", 3, NOBODYS, emu_set_fw_token },
	{ "token", 4, A_DEVICES, emu_set_fw_token },
	{ "fall", 3, A_DEVICES, emu_set_fall },
	{ "fall", 4, A_DEVICES, emu_set_fall },
	{ "report", 3, A_DEVICES, emu_set_report },
	{ "is-state", 3, A_DEVICES, emu_ask_state },
	{ "is-validated", 3, A_DEVICES, emu_ask_validated },
};

/* One more than there can be, so that a word too many is seen. */
static void
split(char *line, struct emu_control *c)
{
	char *save = NULL;

	for (char *w = strtok_r(line, " \t\r", &save); w != NULL &&
	    c->n <= EMU_CONTROL_WORDS; w = strtok_r(NULL, " \t\r", &save))
		c->word[c->n++] = w;
}

/* "stall DEVICE STEP" is "stall STEP DEVICE". */
static void
put_device_last(struct emu_control *c)
{
	char *first = c->word[1];

	if (c->n < 3 || emu_machine_slot(c->machine, first) == NULL ||
	    emu_machine_slot(c->machine, c->word[c->n - 1]) != NULL)
		return;
	memmove(&c->word[1], &c->word[2], (size_t)(c->n - 2) *
	    sizeof(c->word[0]));
	c->word[c->n - 1] = first;
}

static bool
find_device(struct emu_control *c, enum whose whose)
{
	if (whose == NOBODYS)
		return true;
	put_device_last(c);
	if (whose == A_STEPS && strcmp(c->word[c->n - 1], KERNELS_OWN) == 0)
		return true;
	c->slot = emu_machine_slot(c->machine, c->word[c->n - 1]);
	c->tdi = c->slot == NULL ? NULL : c->slot->tdi;
	return c->slot != NULL;
}

static const char *
obey(struct emu_machine *m, char *line)
{
	struct emu_control c = { .machine = m };
	const char *why = "no such command";

	split(line, &c);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (c.n == 0 || strcmp(commands[i].name, c.word[0]) != 0)
			continue;
		why = "too many or too few words";
		if (c.n != commands[i].words)
			continue;
		if (!find_device(&c, commands[i].whose))
			return "no such device";
		return commands[i].run(&c);
	}
	return why;
}

void
emu_machine_control(struct emu_machine *m, char *line, char *reply,
    size_t size)
{
	const char *why = obey(m, line);

	if (why == NULL)
		snprintf(reply, size, "ok\n");
	else
		snprintf(reply, size, "no: %s\n", why);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test arranges at the firmware's end of the TSM's channel: for one
 * device, or, where the line names none, for all.
 */
#include <string.h>

#include "control.h"

static const char *const digests[TSM_DIGESTS] = {
	[TSM_DIGEST_VCA] = "vca",
	[TSM_DIGEST_CHAIN] = "chain",
	[TSM_DIGEST_PUBLIC_KEY] = "public-key",
	[TSM_DIGEST_MEASUREMENTS] = "measurements",
	[TSM_DIGEST_REPORT] = "report",
	[TSM_DIGEST_DEVICE_INFO] = "device-info",
};

static const char *const lies[] = {
	[EMU_DIGEST_RIGHT] = "right",
	[EMU_DIGEST_WRONG] = "wrong",
	[EMU_DIGEST_ABSENT] = "absent",
};

static const char *const tokens[TSM_TOKENS] = {
	[TSM_TOKEN_LOCK] = "lock",
	[TSM_TOKEN_MEASUREMENTS] = "measurements",
	[TSM_TOKEN_REPORT] = "report",
};

enum { FRESH, STALE, MOVED };

static const char *const deeds[] = {
	[FRESH] = "fresh",
	[STALE] = "stale",
	[MOVED] = "moved",
};

static const char *const states[] = {
	[TSM_STATE_UNKNOWN] = "-",
	[TSM_STATE_UNLOCKED] = "unlocked",
	[TSM_STATE_LOCKED] = "locked",
	[TSM_STATE_RUN] = "run",
	[TSM_STATE_ERROR] = "error",
};

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

/* n: it is none of them. */
static size_t
place_of(const char *word, const char *const *names, size_t n)
{
	size_t i = 0;

	while (i < n && strcmp(names[i], word) != 0)
		i++;
	return i;
}

/* -- how the channel speaks -- */

const char *
emu_set_platform(struct emu_control *c)
{
	return emu_firmware_speak(&c->machine->firmware, c->word[1]) ? NULL :
	    "sev-tio:1 or 2, arm-cca:alp20 or bet0, tdx:1 or cove-io:1";
}

const char *
emu_set_page_unit(struct emu_control *c)
{
	return emu_firmware_count(&c->machine->firmware, c->word[1], NULL) ?
	    NULL : "page or byte";
}

const char *
emu_set_bar_base(struct emu_control *c)
{
	return emu_firmware_count(&c->machine->firmware, NULL, c->word[1]) ?
	    NULL : "relative, aligned or zero";
}

const char *
emu_set_fw_stall(struct emu_control *c)
{
	struct emu_firmware *f = &c->machine->firmware;
	enum tsm_channel_op op = emu_fw_op_named(c->word[1]);

	if (strcmp(c->word[1], "none") == 0)
		memset(f->stall, EMU_FW_ANSWERS, sizeof(f->stall));
	else if (op == TSM_CHANNEL_NONE)
		return "describe, lock, unlock, info, validate, run, dma, "
		    "nonce or none";
	else
		f->stall[op] = strcmp(c->word[0], "stall-after") == 0 ?
		    EMU_FW_AFTER : EMU_FW_BEFORE;
	return NULL;
}

/* -- what it says of a TDI -- */

static const char no_tdi[] = "not a TDI of this guest's";

/* Each that is meant: the one that the line names, or all. */
static bool
is_meant(const struct emu_control *c, const struct emu_fw_tdi *t)
{
	return c->slot == NULL || c->slot->firmware == t;
}

const char *
emu_set_fw_digest(struct emu_control *c)
{
	struct emu_firmware *f = &c->machine->firmware;
	size_t of = place_of(c->word[1], digests, TSM_DIGESTS);
	size_t lie = place_of(c->word[2], lies, COUNT(lies));

	if (of == TSM_DIGESTS)
		return "no such digest";
	if (lie == COUNT(lies))
		return "a digest has 96 hex digits, or is right, wrong or "
		    "absent";
	for (uint32_t i = 0; i < f->n; i++)
		if (is_meant(c, &f->tdi[i]))
			f->tdi[i].digest_lie[of] = (uint8_t)lie;
	return NULL;
}

const char *
emu_set_fw_token(struct emu_control *c)
{
	struct emu_firmware *f = &c->machine->firmware;
	size_t of = place_of(c->word[1], tokens, TSM_TOKENS);
	size_t deed = place_of(c->word[2], deeds, COUNT(deeds));

	if (of == TSM_TOKENS || deed == COUNT(deeds))
		return "lock, measurements or report; stale, fresh or moved";
	for (uint32_t i = 0; i < f->n; i++) {
		if (!is_meant(c, &f->tdi[i]))
			continue;
		if (deed == MOVED)
			emu_fw_move_token(&f->tdi[i], (enum tsm_token_of)of);
		else
			emu_fw_stick_token(&f->tdi[i], (enum tsm_token_of)of,
			    deed == STALE);
	}
	return NULL;
}

/* -- what becomes of it -- */

const char *
emu_set_fall(struct emu_control *c)
{
	struct emu_fw_tdi *t = c->slot->firmware;
	size_t to = place_of(c->word[1], states, COUNT(states));

	if (t == NULL)
		return no_tdi;
	if (to != TSM_STATE_ERROR && to != TSM_STATE_UNLOCKED)
		return "a state is error or unlocked";
	if (c->n == 4 && strcmp(c->word[2], "quietly") != 0)
		return "quietly, or nothing";
	emu_fw_fall(t, (enum tsm_state)to, c->n == 3);
	return NULL;
}

const char *
emu_set_report(struct emu_control *c)
{
	enum emu_lie lie = emu_lie_named(c->word[1]);

	if (c->slot->firmware == NULL)
		return no_tdi;
	if (lie == EMU_LIES)
		return "no such report";
	c->slot->firmware->lie = lie;
	return NULL;
}

/* -- what has become of it -- */

const char *
emu_ask_state(struct emu_control *c)
{
	const struct emu_fw_tdi *t = c->slot->firmware;

	if (t == NULL)
		return no_tdi;
	return strcmp(states[t->state], c->word[1]) == 0 ? NULL :
	    states[t->state];
}

const char *
emu_ask_validated(struct emu_control *c)
{
	const struct emu_fw_tdi *t = c->slot->firmware;
	uint32_t range;

	if (t == NULL)
		return no_tdi;
	if (strcmp(c->word[1], "none") == 0)
		return t->n_validated == 0 ? NULL : "some are";
	if (!emu_number(c->word[1], EMU_MAX_RANGES, &range))
		return "a range's number in the report, or none";
	return emu_fw_is_validated(t, range) ? NULL : "it is not";
}

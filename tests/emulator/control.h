/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of the test control, taken apart; and the commands that arrange what
 * becomes of a step.  Each command gives NULL, or why not.
 */
#ifndef EMU_CONTROL_H
#define EMU_CONTROL_H

#include "machine.h"

#define EMU_CONTROL_WORDS	4

struct emu_control {
	struct emu_machine *machine;
	struct emu_tdi *tdi;		/* NULL: a step of no device */
	struct emu_slot *slot;
	char *word[EMU_CONTROL_WORDS + 1];	/* the device is last */
	int n;
};

/* A decimal number of at most `max`, and nothing behind it. */
bool	emu_number(const char *word, uint32_t max, uint32_t *ret);

/* What the firmware of the TSM's channel does: control_firmware.c. */
const char *emu_set_platform(struct emu_control *c);
const char *emu_set_page_unit(struct emu_control *c);
const char *emu_set_bar_base(struct emu_control *c);
const char *emu_set_fw_stall(struct emu_control *c);
const char *emu_set_fw_digest(struct emu_control *c);
const char *emu_set_fw_token(struct emu_control *c);
const char *emu_set_fall(struct emu_control *c);
const char *emu_set_report(struct emu_control *c);
const char *emu_ask_state(struct emu_control *c);
const char *emu_ask_validated(struct emu_control *c);

const char *emu_set_fail(struct emu_control *c);
const char *emu_set_stall(struct emu_control *c);
const char *emu_set_move_tokens(struct emu_control *c);
const char *emu_set_move_lock(struct emu_control *c);
const char *emu_set_error_after(struct emu_control *c);

#endif

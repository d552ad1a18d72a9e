/* SPDX-License-Identifier: Apache-2.0 */
/* What --help says: the options, and the lines of the test control. */
#ifndef EMU_HELP_H
#define EMU_HELP_H

#define EMU_DEFAULT_DEVICE	"0000:01:00.0"

extern const char emu_help[], emu_control_help[];

#endif

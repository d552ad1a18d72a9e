/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said on the emulated machine's three sockets: the guest kernel's
 * calls, the host's requests for evidence, the lines of the test control.
 * Knows one connection and the others beside it, nothing of poll().
 *
 * A call that stalls and an answer that is held stay with their connection
 * until the test control says "go"; the loop goes on for everybody else.
 */
#ifndef EMU_TALK_H
#define EMU_TALK_H

#include "machine.h"

#define EMU_MAX_TALKS	64
#define EMU_MAX_LINE	512

struct emu_talk {
	int fd;			/* -1: free */
	uint32_t id;		/* never 0 */
	size_t port;
	uint32_t collected;	/* devices, until it is closed */
	size_t in_n;
	uint8_t in[EMU_MAX_LINE];
	size_t out_at;
	struct emu_bytes out;
	size_t hold_at;		/* of `out`; SIZE_MAX: not held */
	uint8_t *stalled;	/* a call, or its reply; NULL: none */
	size_t stalled_n;
	bool is_done;		/* it is the reply */
	bool awaits;		/* the next thing that stalls */
};

struct emu_talks {
	struct emu_machine *machine;
	bool go;		/* somebody said so */
	struct emu_talk talk[EMU_MAX_TALKS];
};

void	emu_talk_start(struct emu_talk *c, int fd, uint32_t id, size_t port);
void	emu_talk_end(struct emu_talks *s, struct emu_talk *c);
/* What each port does with readable input; false: close. */
bool	emu_kernel_talks(struct emu_talks *s, struct emu_talk *c);
bool	emu_host_talks(struct emu_talks *s, struct emu_talk *c);
bool	emu_control_talks(struct emu_talks *s, struct emu_talk *c);
/* Something is left to be sent now. */
bool	emu_talk_is_sending(const struct emu_talk *c);
/* It waits for "go"; all that may come is its end. */
bool	emu_talk_is_stalled(const struct emu_talk *c);
bool	emu_talk_flush(struct emu_talk *c);
/* After each round: lets go where that was said, tells those who await. */
void	emu_talks_settle(struct emu_talks *s);

#endif

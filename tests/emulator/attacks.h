/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host as attacker (emulated): a table of what it does to an honest answer
 * before the guest gets it.  A new attack is a new row and its function.
 */
#ifndef EMU_ATTACKS_H
#define EMU_ATTACKS_H

#include <stddef.h>

#include "hostrelay/source.h"

struct attacker {
	struct relay_source source;	/* first: collect() casts */
	const struct attack *attack;
	struct relay_upstream upstream;
	struct relay_upstream other;	/* another device's evidence */
	const char *control;		/* NULL: the TSM stays honest */
	uint32_t device;		/* for what is collected beforehand */
	uint32_t elsewhere;		/* genuine, and not the guest's */
	struct relay_answer recorded;
};

struct attack {
	const char *name;
	const char *text;
	bool needs_other;
	bool from_elsewhere;	/* asks the same answerer for that device */
	/*
	 * Even an agreeing TSM's session stays with the device that the guest
	 * has: the device that answers is not at the other end of it.
	 */
	bool keeps_session;
	/* Before the first guest comes; NULL: nothing to do. */
	bool (*prepare)(struct attacker *a);
	/* Changes the honest answer; false: it cannot. */
	bool (*forge)(struct attacker *a, const struct da_wire_request *q,
	    struct relay_answer *answer);
};

/* NULL past the last row. */
const struct attack *emu_attack(size_t i);
const struct attack *emu_attack_named(const char *name);
/* Fills the source; everything else of `a` is set already. */
void	emu_attacker_start(struct attacker *a);
/*
 * Has the emulated TSM vouch for every part of the answer; with `session`, for
 * the leaf's key as its session's end as well.
 */
bool	emu_make_tsm_agree(const char *control, const char *device,
	    const struct relay_answer *answer, bool session);

#endif

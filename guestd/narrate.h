/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's steps in plain words, for people who watch.  A NULL stream is
 * silent.  Prints what the pusher found out, and no byte of the host's.
 */
#ifndef DA_NARRATE_H
#define DA_NARRATE_H

#include "outcome.h"
#include "verifier/mmio_map.h"

/*
 * Can it be told more within that time?  A reader who does not read must not
 * keep a device locked: he is told no more.
 */
bool	da_story_is_heard(FILE *out, int patience_ms);
void	da_narrate_phase(FILE *out, const char *device, const char *title);
void	da_narrate_step(FILE *out, size_t number, const char *words,
	    const char *note);
/* The step that did not hold (number 0: none did), and what became of it. */
void	da_narrate_refusal(FILE *out, size_t number, const char *words,
	    const struct da_outcome *outcome, bool was_locked);
/* The step that did not hold, before another try. */
void	da_narrate_again(FILE *out, size_t number, const char *words,
	    const struct da_refusal *why);
void	da_narrate_map(FILE *out, const char *device,
	    const struct da_map *map);

#endif

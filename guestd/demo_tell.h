/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the demo says: plain words for somebody who has read nothing yet.
 * Colour on a terminal only, and never with NO_COLOR.
 */
#ifndef DA_DEMO_TELL_H
#define DA_DEMO_TELL_H

#include <stdbool.h>
#include <sys/types.h>

/* Which refusal is the right one. */
struct demo_expected {
	int exit_class;
	/* Among the broken checks; no check: the device's own fault. */
	const char *check, *fault;
};

struct demo_count {
	int attacks, tries, caught;	/* caught for the right reason */
};

void	demo_tell_start(void);
void	demo_tell_cast(uid_t host, uid_t own);
/* A line of the daemon's story. */
void	demo_tell_line(const char *line);
/* The daemon's last word; true when the device was accepted. */
bool	demo_tell_accepted(int exit_class, const char *out_path);
void	demo_tell_second(void);
void	demo_tell_attack(char letter, const char *text, const char *why);
void	demo_tell_agreeing(void);
/* Reads the daemon's JSON; true when it refused as expected. */
bool	demo_tell_refused(const char *catcher, const char *json_path,
	    const struct demo_expected *expected);
void	demo_tell_result(bool accepted, const struct demo_count *count);
/* Always false. */
bool	demo_tell_failure(const char *why);

#endif

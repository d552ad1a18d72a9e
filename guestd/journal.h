/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One record a verdict: to the journal in its native protocol, with fields to
 * search by, or as a line on standard error.
 *
 * The protocol is a datagram of NAME=VALUE lines.  It is written here and not
 * by libsystemd, which would bring its decompressors into the role that
 * everything hangs on.  Knows outcomes; every value is
 * escaped, so that none can begin another field.
 */
#ifndef DA_JOURNAL_H
#define DA_JOURNAL_H

#include <stdio.h>

#include "outcome.h"

#define DA_JOURNAL_SOCKET	"/run/systemd/journal/socket"

/*
 * systemd.exec(5): JOURNAL_STREAM names the device and the inode that standard
 * error has where it leads to the journal.
 */
bool	da_journal_is_stderr(void);
/* `socket_path` NULL, or where it cannot be told: a line on `lines`. */
void	da_journal_verdict(const char *socket_path, FILE *lines,
	    const struct da_outcome *outcome);

#endif

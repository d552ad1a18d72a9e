/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which extensions a path processes, and what becomes of the others.  Knows one
 * certificate at a time, never who signed it.
 */
#ifndef DA_PATH_EXT_H
#define DA_PATH_EXT_H

#include "path.h"

/*
 * Critical ones are known, those that are processed are of their form, and what
 * they say is allowed.  `critical`: OIDs that the asker takes upon himself.
 */
bool	da_extensions_hold(const struct da_cert *cert,
	    const struct da_oids *critical, enum da_part part,
	    struct da_fault *reterr);

#endif

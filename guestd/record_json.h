/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a later start must find again, as JSON in a file.  A closed world: a
 * record that is not whole, or has one key more, is none.  Knows the record's
 * fields, never what they are worth.
 */
#ifndef DA_RECORD_JSON_H
#define DA_RECORD_JSON_H

#include "rolemsg.h"

#define DA_RECORD_VERSION	1
#define DA_RECORD_MAX_BYTES	4096	/* the longest has about 1,500 */

bool	da_record_from_json(struct da_slice text, struct da_record *ret,
	    struct da_json_error *reterr);
/* The caller frees. */
struct da_json *da_record_to_json(const struct da_record *record);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Object identifiers as people write them.  Knows dots and arcs, never what an
 * identifier stands for.
 */
#ifndef DA_OID_H
#define DA_OID_H

#include "verifier/slice.h"

/*
 * "2.23.133.5.4.5" as the contents of a DER OBJECT IDENTIFIER (X.690 8.19): one
 * spelling each, arcs of at most 32 bits.
 */
bool	da_oid_read(struct da_slice text, uint8_t *buf, size_t max,
	    size_t *ret_n);

#endif

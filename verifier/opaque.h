/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opaque data of a response: in the format that ALGORITHMS selected, or the
 * vendor's own bytes.
 *
 * Knows the table of elements and its lengths; what stands in an element is its
 * vendor's, and nothing here looks at it.  Elements are views, read one by one.
 */
#ifndef DA_OPAQUE_H
#define DA_OPAQUE_H

#include "faults.h"
#include "slice.h"

enum da_opaque_format {
	DA_OPAQUE_NONE,		/* from SPDM 1.2 on: none was selected */
	DA_OPAQUE_VENDOR,	/* below 1.2: no format is negotiated */
	DA_OPAQUE_FMT0,
	DA_OPAQUE_FMT1
};

struct da_opaque {
	enum da_opaque_format format;
	struct da_slice raw;		/* n 0: the response had none */
	uint8_t n;			/* elements; 0 but for format 1 */
	struct da_slice elements;	/* as they stand, padding included */
};

struct da_opaque_element {
	uint8_t registry;		/* whose the vendor's id is */
	struct da_slice vendor;
	struct da_slice data;
};

/* By ALGORITHMS' OtherParamsSel; two bits at once select none. */
enum da_opaque_format da_opaque_format(uint8_t version, uint8_t other_sel);
/*
 * `c` is over the opaque data and nothing else, inside `part`.  No data is fine
 * in every format.
 */
bool	da_opaque_read(struct da_cur c, enum da_part part,
	    enum da_opaque_format format, struct da_opaque *ret,
	    struct da_fault *reterr);
/* The next element of what was read; `c` begins over `elements`. */
bool	da_opaque_next(struct da_cur *c, struct da_opaque_element *ret);
/* "dmtf", ...; NULL past the table. */
const char *da_registry_name(uint8_t registry);

#endif

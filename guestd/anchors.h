/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of trust anchors, PEM or DER, as both programs read one.  Knows which
 * certificates stand in it; never what they vouch for.
 */
#ifndef DA_ANCHORS_H
#define DA_ANCHORS_H

#include "verifier/prove.h"

/*
 * What da_file_read read becomes DER, in a buffer that takes the place of a PEM
 * text's.  On failure the text is still there; DA_F_NONE: memory is out.
 */
bool	da_anchors_decode(struct da_slice *file, struct da_fault *reterr);
/* Every certificate of the DER becomes an anchor, which points into it. */
bool	da_anchors_add(struct da_slice der, struct da_anchors *anchors,
	    struct da_fault *reterr);

#endif

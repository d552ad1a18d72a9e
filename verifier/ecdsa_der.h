/* SPDX-License-Identifier: Apache-2.0 */
/*
 * r || s, as SPDM sends it, written as the DER that OpenSSL reads.  Numbers
 * only: which curve or which key they are for stands elsewhere.
 */
#ifndef DA_ECDSA_DER_H
#define DA_ECDSA_DER_H

#include "caps.h"
#include "slice.h"

/* Two numbers of one size, big-endian; false for any other size of `raw`. */
bool	da_ecdsa_der(struct da_slice raw, size_t size,
	    uint8_t buf[DA_MAX_ECDSA_DER], struct da_slice *ret);

#endif

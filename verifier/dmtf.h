/* SPDX-License-Identifier: Apache-2.0 */
/* DMTF's object identifiers, 1.3.6.1.4.1.412.274.arc (DSP0274 certificates). */
#ifndef DA_DMTF_H
#define DA_DMTF_H

#include "slice.h"

#define DMTF_HARDWARE_IDENTITY	2
#define DMTF_RESPONDER_AUTH	3
#define DMTF_REQUESTER_AUTH	4
#define DMTF_SPDM_EXTENSION	6

bool	da_oid_is_dmtf(struct da_slice oid, uint8_t arc);

#endif

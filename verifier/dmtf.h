/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DMTF's object identifiers, 1.3.6.1.4.1.412.274.arc, and the extension that
 * holds them (DSP0274 certificates).
 */
#ifndef DA_DMTF_H
#define DA_DMTF_H

#include "x509.h"

#define DMTF_DEVICE_INFO	1
#define DMTF_HARDWARE_IDENTITY	2
#define DMTF_RESPONDER_AUTH	3
#define DMTF_REQUESTER_AUTH	4
#define DMTF_MUTABLE_CERTIFICATE 5
#define DMTF_SPDM_EXTENSION	6

/* What the SPDM extension says of its certificate. */
struct da_spdm_ids {
	bool hardware_identity;	/* made with the device, and stays */
	bool mutable_certificate;	/* may be made anew */
};

bool	da_oid_is_dmtf(struct da_slice oid, uint8_t arc);
/* False: not SEQUENCE OF SEQUENCE { OID, ... }. */
bool	da_spdm_ids_read(struct da_slice value, struct da_spdm_ids *ret);
/* Of the certificate's SPDM extension; all false where it has none. */
struct da_spdm_ids da_spdm_ids_of(const struct da_cert *cert);

#endif

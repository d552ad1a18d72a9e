/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's files of trust, PEM or DER, as both programs read them: anchors,
 * revocation lists, a provisioned key.  Knows which objects stand in a file;
 * never what they vouch for.  Whoever read the file owns its bytes.
 */
#ifndef DA_TRUSTFILE_H
#define DA_TRUSTFILE_H

#include "verifier/prove.h"

/* Of a file: base64 takes 4 bytes for 3, and lines end. */
#define DA_CRL_FILE_MAX		(2u * DA_MAX_CRL)
#define DA_KEY_FILE_MAX		65536u	/* RSA 4096 has 550, ML-DSA-87 2,614 */

/*
 * What da_file_read read becomes DER, in a buffer that takes the place of a PEM
 * text's; `part` says of what.  On failure the text is still there; DA_F_NONE:
 * memory is out.
 */
bool	da_trust_decode(struct da_slice *file, enum da_part part,
	    struct da_fault *reterr);
/* Every certificate of the DER becomes an anchor, which points into it. */
bool	da_trust_anchors(struct da_slice der, struct da_anchors *anchors,
	    struct da_fault *reterr);
/* Every list of the DER, each of the profile's form. */
bool	da_trust_crls(struct da_slice der, struct da_crls *crls,
	    struct da_fault *reterr);
/*
 * Exactly one SubjectPublicKeyInfo.  Whether the key is of the negotiated kind
 * is found where it verifies.
 */
bool	da_trust_key(struct da_slice der, struct da_slice *ret,
	    struct da_fault *reterr);

#endif

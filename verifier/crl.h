/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate revocation lists (RFC 5280 section 5): the owner's files, read by
 * the strict walk all the same.  Complete lists by the certificates' own issuer
 * only; a delta or an indirect list is refused, never half understood.  Whose
 * list counts, and when, is revoke.c's to say.
 */
#ifndef DA_CRL_H
#define DA_CRL_H

#include "caps.h"
#include "x509.h"

struct da_crls {
	uint16_t n;
	struct da_slice der[DA_MAX_CRLS];
	uint32_t max_age_s;	/* since thisUpdate; 0: nextUpdate alone says */
	bool at_is_floor;	/* the asker's time is the earliest that it can
				 * be: a list of a later one is none too early */
};

struct da_crl {
	struct da_signed what;
	struct da_slice issuer;		/* Name, with its header */
	int64_t this_update, next_update;
	struct da_slice raw;		/* the whole list */
	struct da_slice entries;	/* back to back; n 0: none */
	/*
	 * The first extension that would have to be processed and is not; why
	 * NONE: there is none.  RFC 5280 5.2: such a list may not be used.
	 */
	struct da_fault unknown;
};

bool	da_crl_read(struct da_slice der, struct da_crl *ret,
	    struct da_fault *reterr);
/* `serial`: contents of the INTEGER, as da_cert has it. */
bool	da_crl_lists(const struct da_crl *crl, struct da_slice serial);

#endif

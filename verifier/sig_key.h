/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two files behind sig.h share: a key as OpenSSL has it, and which
 * algorithms the OpenSSL that is linked can verify.  Knows no signature.
 */
#ifndef DA_SIG_KEY_H
#define DA_SIG_KEY_H

#include <openssl/params.h>

#include "sig.h"

struct da_key {
	enum da_asym asym;
	EVP_PKEY *pkey;		/* NULL: the linked OpenSSL lacks its kind */
};

/* OpenSSL 3.2's name; before it Ed448 verifies with an empty context only. */
#define DA_CONTEXT_PARAM	"context-string"

/* Looked for at the first use, one algorithm at a time. */
struct da_sig_row {
	bool x509, spdm;	/* signatures of that form can be verified */
	EVP_PKEY *curve;	/* a key that lacks its point; NULL: no curve */
};

/* Never NULL: of what is not to be had, nothing can be verified. */
const struct da_sig_row *da_sig_row(enum da_asym asym);
/* DSP0274 signing: the context's text stands in the message, and here, too. */
bool	da_takes_context(enum da_scheme scheme);

/* OpenSSL reads it only, and asks for a pointer to what may be written. */
static inline OSSL_PARAM
da_text_param(const char *key, const char *value)
{
	return OSSL_PARAM_construct_utf8_string(key, (char *)(uintptr_t)value,
	    0);
}

static inline OSSL_PARAM
da_bytes_param(const char *key, struct da_slice value)
{
	return OSSL_PARAM_construct_octet_string(key,
	    (void *)(uintptr_t)value.p, value.n);
}

#endif

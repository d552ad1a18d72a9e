/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An anchor and a chain made by the bytes of a fuzzer.  A byte of zero, and one
 * that is not there, means the ordinary thing, so that no bytes make a chain
 * that holds; each other byte turns one knob.  Whatever it turns, all is signed
 * afterwards, so that the change and not its signature is what gets judged.
 */
#ifndef DA_FUZZ_RECIPE_H
#define DA_FUZZ_RECIPE_H

#include "verifier/path.h"

#define RECIPE_MAX_CERTS	6
/* As the first byte: certificates follow as they are, the anchor first. */
#define RECIPE_IS_DER		0xff

struct recipe {
	struct da_slice anchor;
	struct da_slice chain;
	enum da_chain_form form;
	enum da_hash hash;
	int64_t at;
	unsigned int n;			/* certificates, the anchor among them */
	struct da_slice cert[RECIPE_MAX_CERTS];
};

/* Lives until the next call. */
void	recipe_make(const uint8_t *data, size_t n, struct recipe *ret);

#endif

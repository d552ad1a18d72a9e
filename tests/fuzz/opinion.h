/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What OpenSSL's own path check says of a chain.  Where it is known to ask for
 * something that our profile does not, it is told so by name, with the reason;
 * everything else that it refuses is refused.
 */
#ifndef DA_FUZZ_OPINION_H
#define DA_FUZZ_OPINION_H

#include <stdbool.h>

#include "recipe.h"

enum opinion_says {
	OPINION_HOLDS,
	OPINION_REFUSES,
	OPINION_NONE		/* not asked: see opinion.c for when */
};

struct opinion {
	enum opinion_says says;
	const char *text;	/* the refusal, or why it was not asked */
	int depth;
};

struct opinion opinion_of(const struct recipe *r);

#endif

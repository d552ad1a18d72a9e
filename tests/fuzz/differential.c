/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing that we accept does OpenSSL's path check refuse.  The input is a
 * recipe (recipe.h), so that chains that hold, and chains that nearly do, are
 * what most inputs make.
 */
#include "targets.h"

#include "opinion.h"
#include "recipe.h"
#include "verifier/sig.h"

#include <stdio.h>
#include <stdlib.h>

/* Of the leaf's profile too: the path does not look at the leaf's own key. */
static bool
leaf_fits(const struct da_chain *chain)
{
	const struct da_cert *leaf = &chain->cert[chain->n - 1];
	enum da_asym asym = da_cert_key_kind(leaf, DA_SCHEME_NONE);
	struct da_fault fault;

	return asym != DA_ASYM_NONE && da_leaf_fits(chain, asym, 0x12,
	    DA_MODEL_DEVICE, &fault);
}

static bool
we_accept(const struct recipe *r)
{
	static struct da_chain chain;
	struct da_anchors anchors = { .n = 1, .der = { r->anchor } };
	struct da_oids critical = { 0 };
	struct da_fault fault;

	return da_chain_parse(r->chain, r->form, r->hash, &chain, &fault) &&
	    da_path_holds(&chain, &anchors, &critical, &fault) &&
	    da_path_valid_at(&chain, &anchors, r->at, &fault) &&
	    leaf_fits(&chain);
}

static void
dump(const char *what, struct da_slice der)
{
	fprintf(stderr, "%s ", what);
	for (size_t i = 0; i < der.n; i++)
		fprintf(stderr, "%02x", der.p[i]);
	fprintf(stderr, "\n");
}

int
fuzz_differential(const uint8_t *data, size_t n)
{
	struct recipe r;
	struct opinion o;

	recipe_make(data, n, &r);
	if (!we_accept(&r))
		return 0;
	o = opinion_of(&r);
	if (o.says != OPINION_REFUSES)
		return o.says == OPINION_HOLDS;
	fprintf(stderr, "accepted by us, refused by OpenSSL at depth %d: %s\n",
	    o.depth, o.text);
	dump("recipe", da_slice_of(data, n));
	for (unsigned int i = 0; i < r.n; i++)
		dump("certificate", r.cert[i]);
	abort();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "memo.h"

/* All that the answers depend on, but for what the asker brings. */
static struct da_chain_memo
key_of(const struct da_evidence *e)
{
	return (struct da_chain_memo){
		.chain = da_hash_of(DA_HASH_SHA384, e->chain.raw),
		.asym = e->algs.asym, .hash = e->algs.hash,
		.version = e->version, .form = (uint8_t)e->bundle.chain_form,
		.alias = da_is_alias_chain(e)
	};
}

static bool
is_same(const struct da_chain_memo *a, const struct da_chain_memo *b)
{
	return da_hash_equal(&a->chain, da_hash_bytes(&b->chain)) &&
	    a->asym == b->asym && a->hash == b->hash &&
	    a->version == b->version && a->form == b->form &&
	    a->alias == b->alias;
}

void
da_memo_begin(struct da_chain_memo *memo, const struct da_evidence *evidence)
{
	struct da_chain_memo key;

	if (memo == NULL || !evidence->has_chain)
		return;
	key = key_of(evidence);
	if (is_same(memo, &key))
		return;
	key.walks = memo->walks;
	/* Zero would be an answer: broken. */
	for (size_t i = 0; i < sizeof(key.found) / sizeof(key.found[0]); i++)
		key.found[i].result = DA_NOT_ASKED;
	*memo = key;
}

bool
da_memo_recall(const struct da_chain_memo *memo, enum da_memo_of of,
    enum da_result *ret, struct da_fault *reterr)
{
	const struct da_finding *f;

	/* A digest that could not be made is nobody's. */
	if (memo == NULL || memo->chain.n == 0 ||
	    memo->found[of].result == DA_NOT_ASKED)
		return false;
	f = &memo->found[of];
	*ret = (enum da_result)f->result;
	if (f->result == DA_BROKEN)
		da_refuse(reterr, (enum da_why)f->why, (enum da_part)f->part,
		    f->offset);
	return true;
}

void
da_memo_keep(struct da_chain_memo *memo, enum da_memo_of of,
    enum da_result result, const struct da_fault *fault)
{
	struct da_findings one;

	if (memo == NULL)
		return;
	if (of == DA_MEMO_CHAIN)
		memo->walks++;
	da_findings_start(&one);
	if (result == DA_BROKEN)
		da_found_broken(&one, DA_CHK_CHAIN, fault);
	else
		da_found(&one, DA_CHK_CHAIN, result);
	memo->found[of] = one.of[DA_CHK_CHAIN];
}

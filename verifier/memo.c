/* SPDX-License-Identifier: Apache-2.0 */
#include "memo.h"

#include "table.h"

_Static_assert(sizeof(((struct da_chain_memo *)0)->found) ==
    DA_MEMO_ROWS * sizeof(struct da_finding), "one row a check that is kept");

/* All that the answers depend on, but for what the asker brings. */
static struct da_chain_memo
key_of(const struct da_evidence *e)
{
	return (struct da_chain_memo){
		.chain = da_hash_of(DA_HASH_SHA384, e->chain.raw),
		.asym = e->algs.asym, .hash = e->algs.hash,
		.version = e->version, .form = (uint8_t)e->bundle.chain_form,
		.multi_key = da_vca_is_multi_key(&e->vca)
	};
}

static bool
is_same(const struct da_chain_memo *a, const struct da_chain_memo *b)
{
	return da_hash_equal(&a->chain, da_hash_bytes(&b->chain)) &&
	    a->asym == b->asym && a->hash == b->hash &&
	    a->version == b->version && a->form == b->form &&
	    a->multi_key == b->multi_key;
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
	for (size_t i = 0; i < DA_MEMO_ROWS; i++)
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

void
da_memo_model(struct da_chain_memo *memo, uint8_t model, bool is_signed)
{
	if (memo == NULL || (memo->model == model &&
	    memo->model_is_signed == is_signed))
		return;
	memo->model = model;
	memo->model_is_signed = is_signed;
	memo->found[DA_MEMO_LEAF_PROFILE].result = DA_NOT_ASKED;
}

enum da_result
da_ask_once(const struct da_case *the, enum da_memo_of of,
    struct da_fault *reterr,
    enum da_result (*ask)(const struct da_case *, struct da_fault *))
{
	enum da_result result;

	if (!the->evidence->has_chain)
		return DA_NOT_ASKED;
	if (da_memo_recall(the->ask->memo, of, &result, reterr))
		return result;
	result = ask(the, reterr);
	da_memo_keep(the->ask->memo, of, result, reterr);
	return result;
}

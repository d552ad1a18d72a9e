/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_challenge.h"

#define CHALLENGE	0x83
#define CHALLENGE_AUTH	0x03

#define SLOT_BITS	0x0f	/* of response Param1, from SPDM 1.1 on */
#define LAST_SLOT	7
#define RAW_KEY_ASKED	0xff	/* request Param1: a provisioned key */
#define CONTEXT		8	/* RequesterContext, SPDM 1.3 */

struct walk {
	struct da_cur c;
	const struct da_vca *vca;
	struct da_challenge ch;
	struct da_slice context;	/* n 0 below SPDM 1.3 */
	size_t hash_size, sig_size;
	struct da_fault fault;
};

static bool
refuse(struct walk *w, enum da_why why, size_t at)
{
	return da_refuse(&w->fault, why, DA_PART_CHALLENGE, at);
}

static bool
was_read(struct walk *w)
{
	return !w->c.bad || refuse(w, DA_F_SHORT, w->c.at);
}

static bool
read_head(struct walk *w, uint8_t code, uint8_t *ret_param1,
    uint8_t *ret_param2)
{
	size_t at = w->c.at;
	uint8_t version = da_u8(&w->c), found = da_u8(&w->c);

	*ret_param1 = da_u8(&w->c);
	*ret_param2 = da_u8(&w->c);
	if (!was_read(w))
		return false;
	if (found != code)
		return refuse(w, DA_F_CHALLENGE_CODE, at + 1);
	if (version != w->vca->version)
		return refuse(w, at == 0 ? DA_F_VCA_OTHER : DA_F_MEAS_VERSION,
		    at);
	return true;
}

/* 0 to 7; 0xFF stands for a key without a chain, which came with SPDM 1.1. */
static bool
take_slot(struct walk *w, uint8_t param1, size_t at)
{
	if (param1 > LAST_SLOT && (param1 != RAW_KEY_ASKED ||
	    w->vca->version < DA_SPDM_11))
		return refuse(w, DA_F_SLOT_RESERVED, at);
	w->ch.slot_asked = param1 == RAW_KEY_ASKED ? DA_SLOT_RAW_KEY : param1;
	return true;
}

static bool
read_request(struct walk *w)
{
	uint8_t slot;

	if (!read_head(w, CHALLENGE, &slot, &w->ch.summary_of) ||
	    !take_slot(w, slot, 2))
		return false;
	if (da_summary_name(w->ch.summary_of) == NULL)
		return refuse(w, DA_F_CHALLENGE_SUMMARY, 3);
	w->ch.nonce = da_take(&w->c, DA_NONCE);
	if (w->vca->version >= DA_SPDM_13)
		w->context = da_take(&w->c, CONTEXT);
	return was_read(w);
}

/* A responder that does not measure has no summary to give. */
static size_t
summary_size(const struct walk *w)
{
	return w->ch.summary_of == DA_SUMMARY_NONE ||
	    (w->vca->responder_caps & DA_CAP_MEAS) == 0 ? 0 : w->hash_size;
}

static bool
read_opaque(struct walk *w)
{
	size_t at = w->c.at;
	uint16_t size = da_le16(&w->c);

	if (!was_read(w))
		return false;
	if (size > DA_MAX_OPAQUE)
		return refuse(w, DA_F_MEAS_OPAQUE, at);
	w->ch.opaque = da_take(&w->c, size);
	return was_read(w);
}

static bool
context_is_echoed(struct walk *w)
{
	size_t at = w->c.at;

	if (w->context.n == 0)
		return true;
	if (!da_slice_eq(da_take(&w->c, w->context.n), w->context))
		return was_read(w) && refuse(w, DA_F_MEAS_CONTEXT, at);
	return true;
}

/*
 * Param1's upper half is reserved, or asks for mutual authentication, which is
 * the requester's own affair; in SPDM 1.0 the slot was the whole byte.
 */
static bool
read_response(struct walk *w)
{
	uint8_t param1;

	if (!read_head(w, CHALLENGE_AUTH, &param1, &w->ch.slot_mask))
		return false;
	w->ch.slot_answered = w->vca->version < DA_SPDM_11 ? param1 :
	    param1 & SLOT_BITS;
	w->ch.chain_hash = da_take(&w->c, w->hash_size);
	da_take(&w->c, DA_NONCE);
	w->ch.summary = da_take(&w->c, summary_size(w));
	if (!was_read(w) || !read_opaque(w) || !context_is_echoed(w))
		return false;
	w->ch.exchange = da_since(&w->c, 0);
	w->ch.signature = da_take(&w->c, w->sig_size);
	return was_read(w) && (da_all_read(&w->c) ||
	    refuse(w, DA_F_TRAILING, w->c.at));
}

bool
da_challenge_read(struct da_slice raw, const struct da_vca *vca,
    const struct da_algs *algs, struct da_challenge *ret,
    struct da_fault *reterr)
{
	struct walk w = { .c = da_cur_of(raw), .vca = vca,
	    .hash_size = da_hash_alg(algs->hash)->size,
	    .sig_size = da_asym_alg(algs->asym)->sig_size };

	if (!da_vca_has(vca, DA_CAP_CHAL))
		return da_refuse(reterr, DA_F_CAPABILITY, DA_PART_CHALLENGE,
		    0);
	if (!read_request(&w) || !read_response(&w)) {
		*reterr = w.fault;
		return false;
	}
	*ret = w.ch;
	return true;
}

const char *
da_summary_name(uint8_t summary_of)
{
	switch (summary_of) {
	case DA_SUMMARY_NONE:
		return "none";
	case DA_SUMMARY_TCB:
		return "tcb";
	case DA_SUMMARY_ALL:
		return "all";
	default:
		return NULL;
	}
}

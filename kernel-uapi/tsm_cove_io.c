// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * RISC-V CoVE-IO (draft): the TSM answers COVG calls in registers, and is itself
 * the source of the objects.  It gives no digest: the guest's driver hashes what
 * the TSM returned.  The driver keeps all as one record, this project's own:
 *
 *	u64	link status: bit 0 secured SPDM session, bit 1 PCIe IDE
 *	u64	state: 0 unlocked, 1 locked, 2 running, 3 error
 *	4 times	u8 n, n bytes: SHA-384 of VCA, certificate chain,
 *		measurements and report; n is 48, or 0 where there is none
 *
 * There is no lock nonce, bind id or count: nothing tells two locks apart.
 */
#include "tsm_reader.h"

enum { LINK = 0, STATE = 8, DIGESTS = 16, SHA384_SIZE = 48 };

#define LINK_SPDM	0x1u
#define LINK_IDE	0x2u

static __u8
told(__u64 bits, __u64 bit)
{
	return (bits & bit) != 0 ? TSM_TRUE : TSM_FALSE;
}

static enum tsm_why
read_digests(struct tsm_reader *r, struct tsm_info *ret)
{
	static const __u8 order[] = { TSM_DIGEST_VCA, TSM_DIGEST_CHAIN,
		TSM_DIGEST_MEASUREMENTS, TSM_DIGEST_REPORT };
	size_t at = DIGESTS, i;

	for (i = 0; i < sizeof(order); i++) {
		__u64 n = tsm_le(r, at, 1);

		if (n != 0 && n != SHA384_SIZE)
			return tsm_refuse_field(r, at);
		at++;
		if (n != 0)
			tsm_read_digest(r, at, SHA384_SIZE,
			    &ret->digest[order[i]]);
		at += (size_t)n;
	}
	if (!r->bad && at != r->size) {
		r->bad = true;
		r->bad_at = at;
	}
	return r->bad ? TSM_SIZE : TSM_OK;
}

enum tsm_why
tsm_decode_cove_io(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	__u64 link = tsm_le(r, LINK, 8), state = tsm_le(r, STATE, 8);

	(void)abi;
	if (state > 3)
		return tsm_refuse_field(r, STATE);
	ret->bound = 1;
	ret->state = (__u8)(TSM_STATE_UNLOCKED + state);
	ret->link_spdm = told(link, LINK_SPDM);
	ret->link_ide = told(link, LINK_IDE);
	ret->objects_from_tsm = 1;
	ret->hash = TSM_SHA384;
	return read_digests(r, ret);
}

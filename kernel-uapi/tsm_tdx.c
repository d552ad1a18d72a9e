// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Intel TDX Connect: TDG.TDI.RD answers in registers, and writes hashes into a
 * private page.  The driver that made the calls keeps them as one record, this
 * project's own, fields 1 to 5 in order:
 *
 *	u64	field
 *	u64	RCX on return: the value (1, 2, 5), or n, the bytes in the page
 *	n bytes	of fields 3 and 4
 *
 * 1 TDISP version (its encoding was not found: not used), 2 state, 3 hash of
 * the report, 4 hash of the device attestation information, 5 bind session id.
 * A length of 0 is a hash that does not exist; 48 bytes are SHA-384, by their
 * length (no statement in a text that could be read).  A TDI that is not bound
 * makes the call fail, so that there is no record of it.
 */
#include "tsm_reader.h"

enum { VERSION = 1, STATE, REPORT_HASH, INFO_HASH, SESSION, FIELDS = SESSION };

#define SHA384_SIZE	48

static bool
read_state(__u64 number, struct tsm_info *ret)
{
	if (number > 3)
		return false;
	ret->state = (__u8)(TSM_STATE_UNLOCKED + number);
	return true;
}

/* The hash behind the head at *at, if it is of a length that is known. */
static bool
read_hash(struct tsm_reader *r, size_t *at, __u64 n, enum tsm_digest_of of,
    struct tsm_info *ret)
{
	if (n == 0)
		return true;
	if (n != SHA384_SIZE)
		return false;
	ret->hash = TSM_SHA384;
	tsm_read_digest(r, *at, SHA384_SIZE, &ret->digest[of]);
	*at += SHA384_SIZE;
	return true;
}

/* One field, its head at *at; moves it on. */
static bool
read_field(struct tsm_reader *r, __u64 field, size_t *at,
    struct tsm_info *ret)
{
	__u64 value = tsm_le(r, *at + 8, 8);

	if (tsm_le(r, *at, 8) != field)
		return false;
	if (field == SESSION)
		tsm_read_token(r, *at + 8, 8, &ret->token[TSM_TOKEN_LOCK]);
	*at += 16;
	switch (field) {
	case STATE:
		return read_state(value, ret);
	case REPORT_HASH:
		return read_hash(r, at, value, TSM_DIGEST_REPORT, ret);
	case INFO_HASH:
		return read_hash(r, at, value, TSM_DIGEST_DEVICE_INFO, ret);
	default:
		return true;
	}
}

enum tsm_why
tsm_decode_tdx(__u8 abi, struct tsm_reader *r, struct tsm_info *ret)
{
	size_t at = 0, head;
	__u64 field;

	(void)abi;
	for (field = VERSION; field <= FIELDS; field++) {
		head = at;
		if (!read_field(r, field, &at, ret))
			return r->bad ? TSM_SIZE : tsm_refuse_field(r, head);
	}
	if (r->bad || at != r->size) {
		if (!r->bad)
			r->bad_at = at;
		return TSM_SIZE;
	}
	ret->bound = 1;
	return TSM_OK;
}

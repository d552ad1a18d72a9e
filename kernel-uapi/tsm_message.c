// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
#include "tsm_reader.h"

/* -- the reader and the writer -- */

static bool
lies_inside(struct tsm_reader *r, size_t offset, size_t n)
{
	if (offset <= r->size && n <= r->size - offset)
		return true;
	if (!r->bad)
		r->bad_at = offset;
	r->bad = true;
	return false;
}

__u64
tsm_le(struct tsm_reader *r, size_t offset, size_t width)
{
	__u64 value = 0;
	size_t i;

	if (width > 8 || !lies_inside(r, offset, width))
		return 0;
	for (i = width; i > 0; i--)
		value = value << 8 | r->bytes[offset + i - 1];
	return value;
}

void
tsm_bytes(struct tsm_reader *r, size_t offset, __u8 *ret, size_t n)
{
	memset(ret, 0, n);
	if (lies_inside(r, offset, n))
		memcpy(ret, r->bytes + offset, n);
}

static bool
is_zero(const __u8 *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

void
tsm_read_token(struct tsm_reader *r, size_t offset, size_t width,
    struct tsm_token *ret)
{
	if (width > sizeof(ret->bytes))
		return;
	tsm_bytes(r, offset, ret->bytes, width);
	ret->len = is_zero(ret->bytes, width) ? 0 : (__u8)width;
}

void
tsm_read_digest(struct tsm_reader *r, size_t offset, size_t n,
    struct tsm_digest *ret)
{
	if (n > sizeof(ret->bytes))
		return;
	tsm_bytes(r, offset, ret->bytes, n);
	ret->len = is_zero(ret->bytes, n) ? 0 : (__u8)n;
}

void
tsm_put_le(struct tsm_writer *w, __u64 value, size_t width)
{
	size_t i;

	if (w->bad || width > w->max - w->size) {
		w->bad = true;
		return;
	}
	for (i = 0; i < width; i++) {
		w->bytes[w->size++] = (__u8)(value & 0xff);
		value >>= 8;
	}
}

void
tsm_put_zeros(struct tsm_writer *w, size_t n)
{
	for (; n > 0 && !w->bad; n--)
		tsm_put_le(w, 0, 1);
}

__u64
tsm_token_value(const struct tsm_token *token)
{
	struct tsm_reader r = { .bytes = token->bytes,
		.size = sizeof(token->bytes) };

	return token->len <= 8 ? tsm_le(&r, 0, token->len) : 0;
}

size_t
tsm_hash_size(enum tsm_hash hash)
{
	static const size_t size[] = { [TSM_SHA256] = 32, [TSM_SHA384] = 48,
		[TSM_SHA512] = 64 };

	return (size_t)hash < sizeof(size) / sizeof(size[0]) ? size[hash] : 0;
}

enum tsm_why
tsm_refuse_field(struct tsm_reader *r, size_t offset)
{
	if (!r->bad)
		r->bad_at = offset;
	return TSM_FIELD;
}

/* -- the platforms: one row an ABI -- */

struct row {
	struct tsm_row public;
	tsm_decode_fn *decode;
};

static const struct row rows[] = {
	/*
	 * Version 1 names the TDI by a number that the hypervisor chose: no
	 * token of the firmware's.  The report count is kept for the TDI; which
	 * event moves it was not found.
	 */
	{ { .platform = TSM_SEV_TIO, .abi = 1, .abi_name = "1",
	    .answer_size = 192, .own_token = { 0, 0, 1 },
	    .nonce_reaches_device = TSM_TRUE }, tsm_decode_sev_tio },
	{ { .platform = TSM_SEV_TIO, .abi = 2, .abi_name = "2",
	    .answer_size = 192, .own_token = { 1, 0, 1 },
	    .nonce_reaches_device = TSM_TRUE }, tsm_decode_sev_tio },
	/* What the host passes on is the RMM's revision's; alp20 not read. */
	{ { .platform = TSM_ARM_CCA, .abi = TSM_ARM_ALP20,
	    .abi_name = "alp20", .answer_size = 512, .state_trusted = 1,
	    .own_token = { 1, 1, 1 }, .run_takes_tokens = 1,
	    .validates_before_run = 1 }, tsm_decode_arm_cca },
	{ { .platform = TSM_ARM_CCA, .abi = TSM_ARM_BET0, .abi_name = "bet0",
	    .answer_size = 512, .state_trusted = 1,
	    .own_token = { 1, 1, 1 }, .run_takes_tokens = 1,
	    .validates_before_run = 1, .nonce_reaches_device = TSM_FALSE },
	    tsm_decode_arm_cca },
	{ { .platform = TSM_TDX, .abi = 1, .abi_name = "1",
	    .state_trusted = 1, .own_token = { 1, 0, 0 },
	    .run_takes_tokens = 1, .validates_before_run = 1,
	    .nonce_reaches_device = TSM_FALSE }, tsm_decode_tdx },
	{ { .platform = TSM_COVE_IO, .abi = 1, .abi_name = "1",
	    .state_trusted = 1, .validates_before_run = 1,
	    .nonce_reaches_device = TSM_TRUE }, tsm_decode_cove_io },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *const platform_names[TSM_PLATFORMS] = {
	[TSM_SEV_TIO] = "sev-tio",
	[TSM_ARM_CCA] = "arm-cca",
	[TSM_TDX] = "tdx",
	[TSM_COVE_IO] = "cove-io",
};

static const struct row *
row_of(enum tsm_platform platform, __u8 abi)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		if (rows[i].public.platform == platform &&
		    rows[i].public.abi == abi)
			return &rows[i];
	return NULL;
}

const struct tsm_row *
tsm_row(enum tsm_platform platform, __u8 abi)
{
	const struct row *row = row_of(platform, abi);

	return row != NULL ? &row->public : NULL;
}

const char *
tsm_platform_name(enum tsm_platform platform)
{
	return (size_t)platform < TSM_PLATFORMS ? platform_names[platform] :
	    NULL;
}

const char *
tsm_abi_name(enum tsm_platform platform, __u8 abi)
{
	const struct row *row = row_of(platform, abi);

	return row != NULL ? row->public.abi_name : NULL;
}

enum tsm_platform
tsm_platform_named(const char *name)
{
	size_t i;

	for (i = 1; i < TSM_PLATFORMS; i++)
		if (strcmp(platform_names[i], name) == 0)
			return (enum tsm_platform)i;
	return TSM_PLATFORM_NONE;
}

__u8
tsm_abi_named(enum tsm_platform platform, const char *name)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		if (rows[i].public.platform == platform &&
		    strcmp(rows[i].public.abi_name, name) == 0)
			return rows[i].public.abi;
	return 0;
}

const char *
tsm_why_text(enum tsm_why why)
{
	static const char *const text[] = {
		[TSM_OK] = "it is whole",
		[TSM_ABI] = "no such platform or layout version",
		[TSM_SIZE] = "the TSM's answer has not its layout's size",
		[TSM_FIELD] = "a field has a value that the layout has not",
	};

	return (size_t)why < sizeof(text) / sizeof(text[0]) ? text[why] : "";
}

enum tsm_why
tsm_decode(enum tsm_platform platform, __u8 abi, const __u8 *message,
    size_t size, struct tsm_info *ret, size_t *reterr_at)
{
	const struct row *row = row_of(platform, abi);
	struct tsm_reader r = { .bytes = message, .size = size };
	struct tsm_info info;
	enum tsm_why why;

	*reterr_at = 0;
	if (row == NULL)
		return TSM_ABI;
	if (row->public.answer_size != 0 && size != row->public.answer_size) {
		*reterr_at = size;
		return TSM_SIZE;
	}
	memset(&info, 0, sizeof(info));
	info.platform = (__u8)platform;
	info.abi = abi;
	info.state_trusted = row->public.state_trusted;
	why = row->decode(abi, &r, &info);
	if (why == TSM_OK && r.bad)
		why = TSM_SIZE;
	if (why == TSM_OK)
		*ret = info;
	else
		*reterr_at = r.bad_at;
	return why;
}

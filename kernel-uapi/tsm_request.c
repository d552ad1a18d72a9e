// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
#include "tsm_reader.h"

#define PAGE	4096u

/* AMD: the head that each message has; 16 bytes. */
enum { AMD_HEAD = 16, AMD_VALIDATE_SIZE = 48, AMD_SDTE_SIZE = 80 };

#define AMD_VALIDATED	0x1u
/* Secure device-table entry, first quadword: valid, I/O read and write. */
#define AMD_SDTE	(1ull | 1ull << 61 | 1ull << 62)

/* Arm: RSI function ids. */
#define RSI_VDEV_DMA_ENABLE		0xc400019cull
#define RSI_VDEV_GET_INFO		0xc400019dull
#define RSI_VDEV_VALIDATE_MAPPING	0xc400019full

/* TDX: leaves of TDCALL. */
enum { TDG_TDI_RD = 67, TDG_TDI_START = 68, TDG_MMIO_ACCEPT = 71 };

/* CoVE-IO: functions of extension COVG. */
enum { COVG_STATE = 1028, COVG_MAP_MMIO = 1029, COVG_START = 1030 };

static void
put_amd_subject(struct tsm_writer *w, const struct tsm_subject *s)
{
	size_t width = s->abi == 1 ? 2 : 8;

	tsm_put_le(w, s->device_id, width);
	tsm_put_zeros(w, AMD_HEAD - width);
}

static void
put_tokens(struct tsm_writer *w, const struct tsm_token token[TSM_TOKENS])
{
	int i;

	for (i = 0; i < TSM_TOKENS; i++)
		tsm_put_le(w, tsm_token_value(&token[i]), 8);
}

static size_t
written(const struct tsm_writer *w)
{
	return w->bad ? 0 : w->size;
}

/* A range whose end wraps is none. */
static bool
is_a_range(const struct tsm_range *range)
{
	__u64 size = (__u64)range->pages * PAGE;

	return range->pages != 0 && range->guest_address % PAGE == 0 &&
	    range->guest_address <= ~0ull - size &&
	    range->reported <= ~0ull - size;
}

size_t
tsm_put_info_request(const struct tsm_subject *s, __u8 *out, size_t max)
{
	struct tsm_writer w = { .bytes = out, .max = max };

	switch (s->platform) {
	case TSM_SEV_TIO:
		put_amd_subject(&w, s);
		break;
	case TSM_ARM_CCA:
		tsm_put_le(&w, RSI_VDEV_GET_INFO, 8);
		tsm_put_le(&w, s->device_id, 8);
		break;		/* X2, the buffer, is the transport's */
	case TSM_TDX:
		tsm_put_le(&w, TDG_TDI_RD, 8);
		tsm_put_le(&w, s->device_id, 8);
		break;		/* and so on for each field */
	case TSM_COVE_IO:
		tsm_put_le(&w, COVG_STATE, 8);
		tsm_put_le(&w, s->device_id, 8);
		break;
	default:
		break;
	}
	return written(&w);
}

static void
put_amd_validate(struct tsm_writer *w, const struct tsm_subject *s,
    const struct tsm_range *range, bool validate)
{
	put_amd_subject(w, s);
	/* Version 2's code passes a page number, version 1's an address. */
	tsm_put_le(w, s->abi == 1 ? range->guest_address :
	    range->guest_address / PAGE, 8);
	tsm_put_le(w, range->pages, 4);
	tsm_put_le(w, range->page_offset_known ? range->page_offset : 0, 4);
	tsm_put_le(w, validate ? AMD_VALIDATED : 0, 2);
	tsm_put_le(w, range->range_id, 2);
	tsm_put_zeros(w, AMD_VALIDATE_SIZE - w->size);
}

static void
put_arm_validate(struct tsm_writer *w, const struct tsm_subject *s,
    const struct tsm_range *range, const struct tsm_token token[TSM_TOKENS])
{
	tsm_put_le(w, RSI_VDEV_VALIDATE_MAPPING, 8);
	tsm_put_le(w, s->device_id, 8);
	tsm_put_le(w, range->guest_address, 8);
	tsm_put_le(w, range->guest_address + (__u64)range->pages * PAGE, 8);
	tsm_put_le(w, range->reported, 8);
	tsm_put_le(w, 0, 8);	/* neither coherent nor limited order */
	put_tokens(w, token);
}

static void
put_tdx_validate(struct tsm_writer *w, const struct tsm_subject *s,
    const struct tsm_range *range)
{
	__u64 offset = range->page_offset_known ? range->page_offset : 0;

	tsm_put_le(w, TDG_MMIO_ACCEPT, 8);
	tsm_put_le(w, range->guest_address, 8);	/* level 0: 4 KiB */
	tsm_put_le(w, range->index, 8);
	tsm_put_le(w, s->device_id, 8);
	tsm_put_le(w, offset << 32 | range->pages, 8);
}

static void
put_cove_validate(struct tsm_writer *w, const struct tsm_subject *s,
    const struct tsm_range *range)
{
	tsm_put_le(w, COVG_MAP_MMIO, 8);
	tsm_put_le(w, s->device_id, 8);
	tsm_put_le(w, range->guest_address, 8);
	tsm_put_le(w, range->reported, 8);
	tsm_put_le(w, (__u64)range->pages * PAGE, 8);
}

size_t
tsm_put_validate_request(const struct tsm_subject *s,
    const struct tsm_range *range, bool validate,
    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max)
{
	struct tsm_writer w = { .bytes = out, .max = max };

	if (!is_a_range(range) || (!validate && s->platform != TSM_SEV_TIO))
		return 0;
	switch (s->platform) {
	case TSM_SEV_TIO:
		put_amd_validate(&w, s, range, validate);
		break;
	case TSM_ARM_CCA:
		put_arm_validate(&w, s, range, token);
		break;
	case TSM_TDX:
		put_tdx_validate(&w, s, range);
		break;
	case TSM_COVE_IO:
		put_cove_validate(&w, s, range);
		break;
	default:
		break;
	}
	return written(&w);
}

/* Guest-owned bits only; vTOM and VMPL stay 0. */
static void
put_amd_sdte(struct tsm_writer *w, const struct tsm_subject *s)
{
	put_amd_subject(w, s);
	tsm_put_le(w, AMD_SDTE, 8);
	tsm_put_zeros(w, AMD_SDTE_SIZE - w->size);
}

size_t
tsm_put_dma_request(const struct tsm_subject *s,
    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max)
{
	struct tsm_writer w = { .bytes = out, .max = max };

	switch (s->platform) {
	case TSM_SEV_TIO:
		put_amd_sdte(&w, s);
		break;
	case TSM_ARM_CCA:
		tsm_put_le(&w, RSI_VDEV_DMA_ENABLE, 8);
		tsm_put_le(&w, s->device_id, 8);
		tsm_put_le(&w, 0, 8);	/* no ATS */
		tsm_put_le(&w, 0, 8);	/* plane 0 */
		put_tokens(&w, token);
		break;
	default:
		break;
	}
	return written(&w);
}

size_t
tsm_put_run_request(const struct tsm_subject *s,
    const struct tsm_token token[TSM_TOKENS], __u8 *out, size_t max)
{
	struct tsm_writer w = { .bytes = out, .max = max };

	switch (s->platform) {
	case TSM_TDX:
		tsm_put_le(&w, TDG_TDI_START, 8);
		tsm_put_le(&w, s->device_id, 8);
		tsm_put_le(&w, tsm_token_value(&token[TSM_TOKEN_LOCK]), 8);
		break;
	case TSM_COVE_IO:
		tsm_put_le(&w, COVG_START, 8);
		tsm_put_le(&w, s->device_id, 8);
		break;
	default:
		break;
	}
	return written(&w);
}

/* -- answers -- */

static enum tsm_why
amd_status(const struct tsm_subject *s, struct tsm_reader *r, __u64 *ret)
{
	/* An answer about another TDI is none. */
	if (tsm_le(r, 0, s->abi == 1 ? 2 : 8) != s->device_id)
		return tsm_refuse_field(r, 0);
	*ret = tsm_le(r, s->abi == 1 ? 2 : 8, 2);
	return r->size < AMD_HEAD ? TSM_SIZE : TSM_OK;
}

/* X0; of VALIDATE_MAPPING also X2: 0 accepted, 1 rejected. */
static enum tsm_why
arm_status(struct tsm_reader *r, __u64 *ret)
{
	*ret = tsm_le(r, 0, 8);
	if (*ret == 0 && r->size == 24 && tsm_le(r, 16, 8) != 0)
		*ret = TSM_STATUS_REJECTED;
	return TSM_OK;
}

enum tsm_why
tsm_decode_status(const struct tsm_subject *s, const __u8 *message,
    size_t size, __u64 *ret_status, size_t *reterr_at)
{
	struct tsm_reader r = { .bytes = message, .size = size };
	enum tsm_why why = TSM_OK;
	__u64 status = 0;

	switch (s->platform) {
	case TSM_SEV_TIO:
		why = amd_status(s, &r, &status);
		break;
	case TSM_ARM_CCA:
		why = arm_status(&r, &status);
		break;
	case TSM_TDX:
		/* RAX: the upper half is the error, the lower its detail. */
		status = tsm_le(&r, 0, 8) >> 32;
		break;
	case TSM_COVE_IO:
		status = tsm_le(&r, 0, 8);
		break;
	default:
		why = TSM_ABI;
		break;
	}
	if (r.bad && why == TSM_OK)
		why = TSM_SIZE;
	if (why == TSM_OK)
		*ret_status = status;
	*reterr_at = r.bad_at;
	return why;
}

static const struct {
	enum tsm_platform platform;
	__u64 status;
	const char *text;
} texts[] = {
	/* Of MMIO_VALIDATE; TDI_INFO and SDTE_WRITE have the first three. */
	{ TSM_SEV_TIO, 1, "invalid TDI" },
	{ TSM_SEV_TIO, 2, "the TDI is not bound" },
	{ TSM_SEV_TIO, 3, "a page is not assigned, or a reserved bit is set" },
	{ TSM_SEV_TIO, 4, "not an I/O page" },
	{ TSM_SEV_TIO, 5, "the validated bit is not uniform" },
	{ TSM_SEV_TIO, 6, "a page is not immutable" },
	{ TSM_SEV_TIO, 7, "not mapped where the report says" },
	{ TSM_SEV_TIO, 8, "the range id is not in the report" },
	{ TSM_SEV_TIO, 9, "outside the reported range" },
	{ TSM_SEV_TIO, 10, "not 4 KiB pages" },
	{ TSM_ARM_CCA, 1, "bad input" },
	{ TSM_ARM_CCA, 2, "wrong state" },
	{ TSM_ARM_CCA, 3, "incomplete" },
	{ TSM_ARM_CCA, 4, "unknown" },
	{ TSM_ARM_CCA, 5, "device error, or a nonce is stale" },
	{ TSM_ARM_CCA, TSM_STATUS_REJECTED, "the mapping is rejected" },
	{ TSM_TDX, 0xc0000f40, "the TDI is not present" },
	{ TSM_TDX, 0xc0000f41, "the TDI's metadata is invalid" },
	{ TSM_TDX, 0xc0000100, "bad operand" },
	{ TSM_TDX, 0x80000200, "busy" },
};

const char *
tsm_status_text(enum tsm_platform platform, __u64 status)
{
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].platform == platform &&
		    texts[i].status == status)
			return texts[i].text;
	return NULL;
}

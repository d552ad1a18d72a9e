/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the firmware saw pass, what it says of it, and which pages the guest had
 * validated.
 */
#include <errno.h>
#include <string.h>

#include "platform.h"
#include "verifier/tdisp_report.h"

/* -- objects -- */

static void
keep(struct emu_fw_tdi *t, enum tsm_digest_of of, struct da_slice bytes)
{
	struct emu_bytes *b = &t->seen[of];

	b->n = 0;
	b->full = false;
	emu_put(b, bytes.p, bytes.n);
	if (b->full)
		b->n = 0;
}

static void
draw(uint64_t *token)
{
	uint64_t before = *token;

	while (*token == before || *token == 0)
		emu_random(token, sizeof(*token));
}

void
emu_fw_move_token(struct emu_fw_tdi *t, enum tsm_token_of of)
{
	if (of == TSM_TOKEN_REPORT && t->platform->counts_reports)
		t->token[of]++;
	else
		draw(&t->token[of]);
}

/* Chain and VCA are of the device that all its functions share. */
static bool
is_of_device(const struct emu_fw_tdi *t, enum tsm_digest_of of)
{
	return of == TSM_DIGEST_VCA || of == TSM_DIGEST_CHAIN ||
	    (of == TSM_DIGEST_MEASUREMENTS && t->platform->measures_device);
}

static void
see(struct emu_fw_tdi *t, enum tsm_digest_of of, struct da_slice bytes)
{
	keep(t, of, bytes);
	if (of == TSM_DIGEST_MEASUREMENTS) {
		emu_fw_move_token(t, TSM_TOKEN_MEASUREMENTS);
		t->is_fresh = true;
	}
	if (of == TSM_DIGEST_REPORT)
		emu_fw_move_token(t, TSM_TOKEN_REPORT);
}

void
emu_fw_saw(struct emu_fw_tdi *t, enum tsm_digest_of of, struct da_slice bytes)
{
	struct emu_firmware *f = t->firmware;

	for (uint32_t i = 0; i < f->n; i++)
		if (&f->tdi[i] == t || (f->tdi[i].device == t->device &&
		    is_of_device(t, of)))
			see(&f->tdi[i], of, bytes);
}

struct da_slice
emu_fw_seen(const struct emu_fw_tdi *t, enum tsm_digest_of of)
{
	return emu_slice(&t->seen[of]);
}

/* GET_DEVICE_INTERFACE_REPORT is legal in LOCKED and RUN only (TDISP). */
bool
emu_fw_report(const struct emu_fw_tdi *t, struct emu_bytes *ret)
{
	if (!emu_fw_is_bound(t))
		return false;
	emu_ranges_report(&t->pci, &t->counting, t->lie, ret);
	return !ret->full;
}

/* GET_MEASUREMENTS: four bytes, then the nonce. */
bool
emu_fw_measured(const struct emu_fw_tdi *t, const uint8_t nonce[32])
{
	struct da_slice of;

	return t->platform->keeps_measurements && da_slice_cut(
	    emu_fw_seen(t, TSM_DIGEST_MEASUREMENTS), 4, 32, &of) &&
	    da_slice_eq(of, da_slice_of(nonce, 32));
}

/* The real one's format was not found; this one says what it is. */
void
emu_fw_device_info(const struct emu_fw_tdi *t, struct emu_bytes *ret)
{
	static const enum tsm_digest_of of[] = { TSM_DIGEST_CHAIN,
		TSM_DIGEST_VCA, TSM_DIGEST_MEASUREMENTS };

	ret->n = 0;
	ret->full = false;
	emu_put(ret, "emulated", 8);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		struct da_slice part = emu_fw_seen(t, of[i]);

		emu_put_le(ret, part.n, 4);
		emu_put(ret, part.p, part.n);
	}
}

void
emu_fw_stick_token(struct emu_fw_tdi *t, enum tsm_token_of of, bool sticks)
{
	t->stale[of] = t->token[of];
	t->is_stale[of] = sticks;
}

void
emu_fw_honest(struct emu_fw_tdi *t)
{
	memset(t->digest_lie, 0, sizeof(t->digest_lie));
	memset(t->is_stale, 0, sizeof(t->is_stale));
	t->lie = EMU_HONEST;
}

/* -- what is said of them -- */

uint64_t
emu_fw_token(const struct emu_fw_tdi *t, enum tsm_token_of of)
{
	return t->is_stale[of] ? t->stale[of] : t->token[of];
}

bool
emu_fw_digest(const struct emu_fw_tdi *t, enum tsm_digest_of of,
    const struct da_slice *slices, size_t n, uint8_t ret[48])
{
	size_t bytes = 0;

	memset(ret, 0, 48);
	for (size_t i = 0; i < n; i++)
		bytes += slices[i].n;
	if (bytes == 0 || t->digest_lie[of] == EMU_DIGEST_ABSENT)
		return false;
	if (!emu_sha384(slices, n, ret)) {
		memset(ret, 0, 48);
		return false;
	}
	if (t->digest_lie[of] == EMU_DIGEST_WRONG)
		ret[0] ^= 0x01;
	return true;
}

bool
emu_fw_digest_seen(const struct emu_fw_tdi *t, enum tsm_digest_of of,
    uint8_t ret[48])
{
	struct da_slice seen = emu_fw_seen(t, of);

	return emu_fw_digest(t, of, &seen, 1, ret);
}

/* -- states -- */

bool
emu_fw_call_is_whole(const struct emu_fw_call *call)
{
	return da_all_read(&call->c);
}

bool
emu_fw_is_bound(const struct emu_fw_tdi *t)
{
	return t->state == TSM_STATE_LOCKED || t->state == TSM_STATE_RUN;
}

uint8_t
emu_fw_tdisp_state(const struct emu_fw_tdi *t)
{
	static const uint8_t number[] = { [TSM_STATE_UNLOCKED] = 0,
		[TSM_STATE_LOCKED] = 1, [TSM_STATE_RUN] = 2,
		[TSM_STATE_ERROR] = 3 };

	return number[t->state];
}

/* TDISP START_INTERFACE is legal in CONFIG_LOCKED only. */
int
emu_fw_start(struct emu_fw_tdi *t)
{
	if (t->state != TSM_STATE_LOCKED)
		return t->state == TSM_STATE_RUN ? EBUSY : EIO;
	t->state = TSM_STATE_RUN;
	return 0;
}

/* -- pages -- */

#define PAGE	UINT64_C(4096)

static bool
holds(const struct emu_range *outer, uint64_t offset, uint64_t size)
{
	uint64_t end = outer->offset + outer->pages * PAGE;

	return offset >= outer->offset && offset < end &&
	    size <= end - offset;
}

bool
emu_fw_private_at(const struct emu_fw_tdi *t, uint64_t guest_address,
    uint64_t pages, struct emu_range *ret, uint32_t *ret_index,
    uint64_t *ret_skipped)
{
	struct emu_ranges ranges;

	emu_ranges_of(&t->pci, &ranges);
	for (uint32_t i = 0; i < ranges.n; i++) {
		const struct emu_range *r = &ranges.range[i];
		uint64_t base = t->pci.bar[r->bar].address;

		if (guest_address < base || pages == 0 ||
		    pages > r->pages ||
		    (r->attributes & DA_RANGE_NON_TEE) != 0 ||
		    !holds(r, guest_address - base, pages * PAGE))
			continue;
		*ret = *r;
		ret->offset = guest_address - base;
		ret->pages = (uint32_t)pages;
		*ret_index = i;
		*ret_skipped = ret->offset - r->offset;
		return true;
	}
	return false;
}

static uint32_t
find_validated(const struct emu_fw_tdi *t, const struct emu_range *range)
{
	uint32_t i = 0;

	while (i < t->n_validated && (t->validated[i].bar != range->bar ||
	    t->validated[i].offset != range->offset ||
	    t->validated[i].pages != range->pages))
		i++;
	return i;
}

bool
emu_fw_validate(struct emu_fw_tdi *t, const struct emu_range *range)
{
	if (find_validated(t, range) != t->n_validated ||
	    t->n_validated == EMU_MAX_VALIDATED)
		return false;
	t->validated[t->n_validated++] = *range;
	return true;
}

bool
emu_fw_invalidate(struct emu_fw_tdi *t, const struct emu_range *range)
{
	uint32_t i = find_validated(t, range);

	if (i == t->n_validated)
		return false;
	t->validated[i] = t->validated[--t->n_validated];
	return true;
}

/* Whole, by one request. */
bool
emu_fw_is_validated(const struct emu_fw_tdi *t, uint32_t range)
{
	struct emu_ranges ranges;

	emu_ranges_of(&t->pci, &ranges);
	return range < ranges.n &&
	    find_validated(t, &ranges.range[range]) != t->n_validated;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs as the pusher makes them: bundles in sealed memfds, and tickets whose
 * digests are those of the parts.
 */
#ifndef DA_TEST_JOB_H
#define DA_TEST_JOB_H

#include "guestd/judge.h"
#include "guestd/sealed.h"
#include "unit.h"

struct job {
	struct da_msg_job msg;
	int memfd[DA_MAX_FUNCTIONS];
	uint8_t *file[DA_MAX_FUNCTIONS];	/* what is in the memfds */
};

static const struct {
	enum da_part part;
	uint16_t type;
	enum da_digest_of digest;
} job_parts[] = {
	{ DA_PART_CHAIN, 0, DA_DIGEST_CHAIN },
	{ DA_PART_VCA, DA_WIRE_VCA, DA_DIGEST_VCA },
	{ DA_PART_MEASUREMENTS, DA_WIRE_MEASUREMENTS, DA_DIGEST_MEASUREMENTS },
	{ DA_PART_REPORT, DA_WIRE_REPORT, DA_DIGEST_REPORT },
};

/* Locked, told so by the TSM, tokens as they must move, one BAR of 64 KiB. */
static inline struct da_ticket
job_ticket(uint16_t pci_device)
{
	struct da_ticket t = { .version = DA_TICKET_VERSION,
		.platform = DA_PLATFORM_EMULATED, .device = "0000:01:00.0",
		.bound = 1, .state = DA_STATE_LOCKED, .state_trusted = 1,
		.has_tokens_at_lock = 1, .hash = DA_HASH_SHA384,
		.page_unit = DA_UNIT_PAGE, .bar_base = DA_BASE_ALIGNED,
		.pci = { .vendor = 0x1b36, .device = pci_device,
		    .tee = DA_TRI_TRUE } };

	for (int i = 0; i < DA_TOKEN_COUNT; i++)
		t.token[i] = t.token_at_lock[i] = (struct da_token){ 8, { 7 } };
	t.token[DA_TOKEN_MEASUREMENTS].bytes[0] = 8;
	t.token[DA_TOKEN_REPORT].bytes[0] = 8;
	t.pci.bar[0] = (struct da_bar){ 0x80000000, 0x10000 };
	return t;
}

static inline int
sealed_file(const uint8_t *bytes, size_t n)
{
	int fd;

	ck_assert(da_sealed_new(&fd));
	ck_assert(da_sealed_append(fd, bytes, n));
	ck_assert(da_sealed_seal(fd));
	return fd;
}

static inline void
job_start(struct job *j, enum da_msg_kind kind)
{
	memset(j, 0, sizeof(*j));
	j->msg.head = da_msg_head(kind, 7);
}

/* The next function; its index. */
static inline uint32_t
job_add(struct job *j, const struct da_bundle *bundle,
    const struct da_ticket *ticket)
{
	uint32_t i = j->msg.n++;
	struct da_msg_function *f = &j->msg.function[i];

	ck_assert_uint_lt(i, DA_MAX_FUNCTIONS);
	j->file[i] = calloc(1, DA_BUNDLE_MAX);
	ck_assert_ptr_nonnull(j->file[i]);
	f->ticket = *ticket;
	f->size = DA_WIRE_REQUEST_SIZE;	/* the request itself is not judged */
	for (size_t p = 0; p < sizeof(job_parts) / sizeof(job_parts[0]); p++) {
		struct da_slice bytes = bundle->part[job_parts[p].part];
		struct da_hash_value digest = da_hash_of(DA_HASH_SHA384, bytes);

		if (!bundle->given[job_parts[p].part])
			continue;
		ck_assert_uint_le(f->size + bytes.n, DA_BUNDLE_MAX);
		f->part[f->n++] = (struct da_msg_part){
			.type = job_parts[p].type,
			.shape = job_parts[p].part == DA_PART_MEASUREMENTS ?
			    (uint16_t)bundle->shape : 0,
			.length = (uint32_t)bytes.n, .offset = f->size,
			.gate = DA_HOLDS };
		if (bytes.n > 0)
			memcpy(j->file[i] + f->size, bytes.p, bytes.n);
		f->size += bytes.n;
		da_digest_set(&f->ticket.digest[job_parts[p].digest],
		    DA_HASH_SHA384, da_hash_bytes(&digest));
	}
	j->memfd[i] = sealed_file(j->file[i], (size_t)f->size);
	return i;
}

static inline struct da_slice
job_file(const struct job *j, uint32_t i)
{
	return da_slice_of(j->file[i], (size_t)j->msg.function[i].size);
}

/* The second question, with what was answered to the first. */
static inline void
job_goes_on(struct job *j, const struct da_msg_proof *answer)
{
	j->msg.head = da_msg_head(DA_MSG_APPRAISE, 8);
	for (uint32_t i = 0; i < j->msg.n; i++)
		j->msg.function[i].proof = answer->proof[i];
}

static inline void
job_end(struct job *j)
{
	for (uint32_t i = 0; i < j->msg.n; i++) {
		close(j->memfd[i]);
		free(j->file[i]);
	}
	j->msg.n = 0;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "flips.h"

static struct vec_answer answer;

/*
 * What nothing authenticates, each with its reason.  Of all samples it is this
 * one part: every other byte is signed, compared with an anchor, or bound by a
 * length.  It may verify when changed, but never so that the negotiation is
 * said to hold, or that something else than before was negotiated.
 */
static const struct free_part {
	uint8_t last_version;
	enum da_part part;
	const char *reason;
} free_parts[] = {
	{ DA_SPDM_11, DA_PART_VCA,
	    "no signature of SPDM 1.0 and 1.1 covers the negotiation" },
};

static const char *
why_free(uint8_t version, enum da_part part)
{
	for (size_t i = 0; i < sizeof(free_parts) / sizeof(free_parts[0]); i++)
		if (free_parts[i].part == part &&
		    version <= free_parts[i].last_version)
			return free_parts[i].reason;
	return NULL;
}

static void
expect_refusal(const char *sample, enum da_part part, const char *what,
    size_t at)
{
	ck_assert_msg(answer.exit_class >= 2 && answer.exit_class <= 10,
	    "%s, %s, %s %zu: class %d", sample, da_part_name(part), what, at,
	    answer.exit_class);
	ck_assert_msg(vec_fault(&answer) != DA_F_NONE ||
	    answer.exit_class == 6, "%s, %s, %s %zu: no fault", sample,
	    da_part_name(part), what, at);
}

uint8_t *
vec_give_copy(struct vec_question *q, enum da_part part, size_t n)
{
	uint8_t *copy = malloc(n == 0 ? 1 : n);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, q->bundle.part[part].p, n);
	vec_give(q, part, da_slice_of(copy, n));
	return copy;
}

#define QUICK_STEP	16

static size_t every = 1;

void
vec_flip_every(size_t n)
{
	every = n;
}

static size_t
step(void)
{
	size_t by = every;

	if (getenv("DEVATTEST_QUICK") != NULL) {
		by *= QUICK_STEP;
		printf("SKIPPED by DEVATTEST_QUICK: flips of %zu of %zu "
		    "bytes\n", by - 1, by);
	}
	return by;
}

/* It verifies all the same: then by what was negotiated before, and unknown. */
static void
expect_unknown(const char *sample, const struct da_algs *algs, uint8_t version,
    size_t at)
{
	const struct da_evidence *e = &answer.evidence;

	ck_assert_msg(e->version == version && e->algs.asym == algs->asym &&
	    e->algs.hash == algs->hash && e->algs.meas_hash ==
	    algs->meas_hash, "%s, byte %zu: another negotiation", sample, at);
	ck_finding(answer.claims.findings, DA_CHK_ALGORITHMS, DA_UNKNOWN);
}

void
vec_flip_bit(const char *sample, struct vec_question q, enum da_part part,
    uint8_t bit)
{
	size_t n = q.bundle.part[part].n, refused = 0, unknown = 0, by = step();
	const char *reason;
	struct da_algs algs;
	uint8_t *copy, version;

	ck_assert_uint_gt(n, 0);
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	algs = answer.evidence.algs;
	version = answer.evidence.version;
	reason = why_free(version, part);
	copy = vec_give_copy(&q, part, n);
	for (size_t i = 0; i < n; i += by) {
		copy[i] = (uint8_t)(copy[i] ^ bit);
		vec_ask(&q, &answer);
		copy[i] = (uint8_t)(copy[i] ^ bit);
		if (reason != NULL && answer.exit_class == 0) {
			expect_unknown(sample, &algs, version, i);
			unknown++;
			continue;
		}
		expect_refusal(sample, part, "flip of byte", i);
		refused++;
	}
	printf("%s, %s: bit %#x of %zu of %zu bytes flipped, all refused\n",
	    sample, da_part_name(part), bit, refused, n);
	if (unknown > 0)
		printf("%s, %s: %zu more verify, the negotiation unknown: %s\n",
		    sample, da_part_name(part), unknown, reason);
	fflush(stdout);
	free(copy);
}

void
vec_flip_part(const char *sample, struct vec_question q, enum da_part part)
{
	vec_flip_bit(sample, q, part, 0x01);
	vec_flip_bit(sample, q, part, 0x80);
}

/* Where one exchange ends and the next begins. */
static bool
is_boundary(const struct da_meas *meas, struct da_slice part, size_t n)
{
	for (uint16_t i = 1; i < meas->n; i++)
		if (da_slice_offset(part, meas->exchange[i].request) == n)
			return true;
	return false;
}

void
vec_cut_part(const char *sample, struct vec_question q, enum da_part part)
{
	struct da_slice whole = q.bundle.part[part];
	struct da_meas meas;
	size_t boundaries = 0;

	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	meas = answer.evidence.meas;
	for (size_t n = 0; n < whole.n; n++) {
		bool at_boundary = part == DA_PART_MEASUREMENTS &&
		    is_boundary(&meas, whole, n);
		uint8_t *copy;

		q.bundle.part[part] = whole;
		copy = vec_give_copy(&q, part, n);
		vec_ask(&q, &answer);
		free(copy);
		expect_refusal(sample, part, "prefix of", n);
		ck_assert_msg(at_boundary || answer.exit_class == 8,
		    "%s, %s, prefix of %zu: class %d", sample,
		    da_part_name(part), n, answer.exit_class);
		boundaries += at_boundary;
	}
	printf("%s, %s: %zu prefixes, none verifies; %zu end at a boundary "
	    "between exchanges, the rest is malformed\n", sample,
	    da_part_name(part), whole.n, boundaries);
	fflush(stdout);
}

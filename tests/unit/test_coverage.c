/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate by coverage: of each platform's parts exactly the slice that the
 * digest is of comes through, and of no other length.
 */
#include "build.h"
#include "verifier/coverage.h"
#include "verifier/gate.h"
#include "verifier/hash.h"
#include "verifier/table.h"

#define CORE	200	/* bytes that the digest is of */
#define LONGEST	33	/* one more than any row lets it leave out */

static struct da_ticket ticket;
static struct da_fault fault;
static uint8_t bytes[512];

static const struct {
	enum da_part part;
	enum da_digest_of digest;
} kinds[] = {
	{ DA_PART_CHAIN, DA_DIGEST_CHAIN },
	{ DA_PART_VCA, DA_DIGEST_VCA },
	{ DA_PART_MEASUREMENTS, DA_DIGEST_MEASUREMENTS },
	{ DA_PART_REPORT, DA_DIGEST_REPORT },
	{ DA_PART_DEVICE_INFO, DA_DIGEST_DEVICE_INFO },
};

#define N_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

/* What each platform's digest may leave out, written a second time. */
static const struct {
	enum da_platform platform;
	const char *abi;
	enum da_part part;
	bool heads;		/* 36, 52 or 68; else none */
	size_t tail;
} rows[] = {
	{ DA_PLATFORM_SEV_TIO, "1", DA_PART_CHAIN, false, 32 },
	{ DA_PLATFORM_SEV_TIO, "1", DA_PART_MEASUREMENTS, false, 32 },
	{ DA_PLATFORM_SEV_TIO, "1", DA_PART_REPORT, false, 32 },
	{ DA_PLATFORM_SEV_TIO, "2", DA_PART_CHAIN, false, 32 },
	{ DA_PLATFORM_SEV_TIO, "2", DA_PART_MEASUREMENTS, false, 32 },
	{ DA_PLATFORM_SEV_TIO, "2", DA_PART_REPORT, false, 32 },
	{ DA_PLATFORM_ARM_CCA, "alp20", DA_PART_CHAIN, true, 0 },
	{ DA_PLATFORM_ARM_CCA, "alp20", DA_PART_VCA, false, 0 },
	{ DA_PLATFORM_ARM_CCA, "alp20", DA_PART_MEASUREMENTS, false, 0 },
	{ DA_PLATFORM_ARM_CCA, "alp20", DA_PART_REPORT, false, 0 },
	{ DA_PLATFORM_ARM_CCA, "bet0", DA_PART_CHAIN, true, 0 },
	{ DA_PLATFORM_ARM_CCA, "bet0", DA_PART_VCA, false, 0 },
	{ DA_PLATFORM_ARM_CCA, "bet0", DA_PART_MEASUREMENTS, false, 0 },
	{ DA_PLATFORM_ARM_CCA, "bet0", DA_PART_REPORT, false, 0 },
	{ DA_PLATFORM_TDX, "1", DA_PART_REPORT, false, 0 },
	{ DA_PLATFORM_TDX, "1", DA_PART_DEVICE_INFO, false, 0 },
	{ DA_PLATFORM_COVE_IO, "1", DA_PART_CHAIN, false, 0 },
	{ DA_PLATFORM_COVE_IO, "1", DA_PART_VCA, false, 0 },
	{ DA_PLATFORM_COVE_IO, "1", DA_PART_MEASUREMENTS, false, 0 },
	{ DA_PLATFORM_COVE_IO, "1", DA_PART_REPORT, false, 0 },
	{ DA_PLATFORM_EMULATED, "1", DA_PART_CHAIN, false, 0 },
	{ DA_PLATFORM_EMULATED, "", DA_PART_VCA, false, 0 },
	{ DA_PLATFORM_EMULATED, "9", DA_PART_MEASUREMENTS, false, 0 },
	{ DA_PLATFORM_EMULATED, "1", DA_PART_REPORT, false, 0 },
};

#define N_ROWS	(sizeof(rows) / sizeof(rows[0]))

static void
ticket_of(enum da_platform platform, const char *abi)
{
	ticket = (struct da_ticket){ .version = DA_TICKET_VERSION,
	    .platform = (uint8_t)platform, .hash = DA_HASH_SHA384 };
	snprintf(ticket.abi, sizeof(ticket.abi), "%s", abi);
}

static void
put_digest(enum da_part part, struct da_slice of)
{
	struct da_hash_value h = da_hash_of((enum da_hash)ticket.hash, of);

	for (size_t i = 0; i < N_KINDS; i++)
		if (kinds[i].part == part)
			da_digest_set(&ticket.digest[kinds[i].digest],
			    (enum da_hash)ticket.hash, da_hash_bytes(&h));
}

/* No two slices are the same. */
static void
fill(void)
{
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256 + 3);
}

/* Head, what the digest is of, tail: does it come through, and as what? */
static enum da_result
gate(enum da_part part, size_t head, size_t core, size_t tail)
{
	/* A copy of its own, so that a sanitizer sees a byte too many. */
	struct da_slice part_bytes = prefix(da_slice_of(bytes,
	    sizeof(bytes)), head + core + tail);
	struct da_slice covered = { 0 };
	enum da_result result;

	put_digest(part, da_slice_of(bytes + head, core));
	result = da_gate_part(&ticket, part, part_bytes, &covered, &fault);
	if (result == DA_HOLDS) {
		ck_assert_ptr_eq(covered.p, part_bytes.p + head);
		ck_assert_uint_eq(covered.n, core);
	} else if (result == DA_BROKEN) {
		ck_assert_uint_eq(covered.n, 0);
		ck_fault(fault, DA_F_DIGEST_DIFFERS);
		ck_assert_int_eq(fault.part, part);
	} else {
		ck_assert_uint_eq(covered.n, part_bytes.n);
	}
	return result;
}

static bool
head_is_right(size_t row, size_t head)
{
	if (rows[row].heads)
		return head == 36 || head == 52 || head == 68;
	return head == 0;
}

START_TEST(each_row_and_every_head_and_tail)
{
	fill();
	for (size_t i = 0; i < N_ROWS; i++) {
		ticket_of(rows[i].platform, rows[i].abi);
		for (size_t head = 0; head <= 72; head++)
			for (size_t tail = 0; tail <= LONGEST; tail++)
				ck_assert_int_eq(gate(rows[i].part, head, CORE,
				    tail), head_is_right(i, head) &&
				    tail <= rows[i].tail ? DA_HOLDS :
				    DA_BROKEN);
	}
}
END_TEST

static bool
is_a_row(enum da_platform platform, const char *abi, enum da_part part)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].platform == platform && rows[i].part == part &&
		    (platform == DA_PLATFORM_EMULATED ||
		    strcmp(rows[i].abi, abi) == 0))
			return true;
	return false;
}

/* A digest where the platform has none says nothing, whoever wrote it. */
START_TEST(what_is_no_row_is_unknown)
{
	static const char *const abis[] = { "1", "2", "3", "alp20", "bet0",
	    "bet1", "BET0", "" };

	fill();
	for (unsigned int p = DA_PLATFORM_NONE; p <= DA_PLATFORM_COUNT; p++)
		for (size_t a = 0; a < sizeof(abis) / sizeof(abis[0]); a++)
			for (size_t i = 0; i < N_KINDS; i++) {
				ticket_of((enum da_platform)p, abis[a]);
				ck_assert(is_a_row((enum da_platform)p,
				    abis[a], kinds[i].part) ||
				    gate(kinds[i].part, 0, CORE, 0) ==
				    DA_UNKNOWN);
			}
	ck_assert(da_platform_covers(DA_PLATFORM_TDX, DA_PART_DEVICE_INFO));
	ck_assert(!da_platform_covers(DA_PLATFORM_TDX, DA_PART_CHAIN));
	ck_assert(!da_platform_covers(DA_PLATFORM_EMULATED,
	    DA_PART_DEVICE_INFO));
}
END_TEST

/* Every byte that is covered counts, and none of those that are not. */
START_TEST(wrong_bytes_at_each_place)
{
	static const struct {
		enum da_platform platform;
		const char *abi;
		size_t head, tail;
	} cases[] = {
		{ DA_PLATFORM_SEV_TIO, "2", 0, 32 },
		{ DA_PLATFORM_SEV_TIO, "1", 0, 7 },
		{ DA_PLATFORM_ARM_CCA, "bet0", 52, 0 },
		{ DA_PLATFORM_ARM_CCA, "alp20", 68, 0 },
		{ DA_PLATFORM_COVE_IO, "1", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t head = cases[i].head, n = head + CORE + cases[i].tail;
		struct da_slice covered;

		fill();
		ticket_of(cases[i].platform, cases[i].abi);
		put_digest(DA_PART_CHAIN, da_slice_of(bytes + head, CORE));
		for (size_t at = 0; at < n; at++) {
			bool inside = at >= head && at < head + CORE;

			bytes[at] ^= 0x40;
			ck_assert_int_eq(da_gate_part(&ticket, DA_PART_CHAIN,
			    da_slice_of(bytes, n), &covered, &fault),
			    inside ? DA_BROKEN : DA_HOLDS);
			bytes[at] ^= 0x40;
		}
	}
}
END_TEST

/* An empty part, or what a head leaves of one: the digest of nothing. */
START_TEST(nothing_is_no_candidate)
{
	struct da_hash_value none = da_hash_of(DA_HASH_SHA384,
	    da_slice_of("", 0));
	struct da_digest *d;

	fill();
	for (size_t i = 0; i < N_ROWS; i++) {
		ticket_of(rows[i].platform, rows[i].abi);
		for (size_t k = 0; k < N_KINDS; k++) {
			/* Past da_digest_set, which takes no such digest. */
			d = &ticket.digest[kinds[k].digest];
			d->len = none.n;
			memcpy(d->bytes, none.bytes, none.n);
		}
		for (size_t n = 0; n <= 68; n++) {
			struct da_slice covered;

			ck_assert_int_eq(da_gate_part(&ticket, rows[i].part,
			    da_slice_of(bytes, n), &covered, &fault),
			    DA_BROKEN);
		}
	}
	/* The shortest that is one: a single byte behind head and tail. */
	ticket_of(DA_PLATFORM_SEV_TIO, "2");
	ck_assert_int_eq(gate(DA_PART_REPORT, 0, 1, 32), DA_HOLDS);
	ck_assert_int_eq(gate(DA_PART_REPORT, 0, 1, 33), DA_BROKEN);
	ck_assert_int_eq(gate(DA_PART_REPORT, 0, 1, 0), DA_HOLDS);
	ticket_of(DA_PLATFORM_ARM_CCA, "bet0");
	ck_assert_int_eq(gate(DA_PART_CHAIN, 68, 1, 0), DA_HOLDS);
}
END_TEST

/* Each hash that a ticket may name; and one that is not to be had. */
START_TEST(each_hash)
{
	fill();
	for (unsigned int h = DA_HASH_NONE; h <= DA_HASH_COUNT; h++) {
		bool can = h < DA_HASH_COUNT && da_hash_can((enum da_hash)h);

		ticket_of(DA_PLATFORM_SEV_TIO, "2");
		ticket.hash = DA_HASH_SHA384;
		put_digest(DA_PART_CHAIN, da_slice_of(bytes, CORE));
		ticket.hash = (uint8_t)h;
		if (can) {
			ck_assert_int_eq(gate(DA_PART_CHAIN, 0, CORE, 5),
			    DA_HOLDS);
			ck_assert_int_eq(gate(DA_PART_CHAIN, 1, CORE, 5),
			    DA_BROKEN);
		} else {
			struct da_slice covered;

			ck_assert_int_eq(da_gate_part(&ticket, DA_PART_CHAIN,
			    da_slice_of(bytes, CORE), &covered, &fault),
			    DA_BROKEN);
		}
	}
}
END_TEST

/* A tail in which another object begins is a tail: the first one stays. */
START_TEST(a_tail_with_an_object_in_it)
{
	struct da_slice covered;

	fill();
	ticket_of(DA_PLATFORM_SEV_TIO, "2");
	memcpy(bytes + 20, bytes, 20);
	put_digest(DA_PART_REPORT, da_slice_of(bytes, 20));
	ck_assert_int_eq(da_gate_part(&ticket, DA_PART_REPORT,
	    da_slice_of(bytes, 40), &covered, &fault), DA_HOLDS);
	ck_assert_ptr_eq(covered.p, bytes);
	ck_assert_uint_eq(covered.n, 20);
	/* In front of it would be a head, and there is none. */
	bytes[0] ^= 1;
	ck_assert_int_eq(da_gate_part(&ticket, DA_PART_REPORT,
	    da_slice_of(bytes, 40), &covered, &fault), DA_BROKEN);
}
END_TEST

/* -- the bundle as it goes on -- */

static struct da_bundle
given(enum da_part part, size_t head, size_t core, size_t tail)
{
	struct da_bundle b = { .chain_form = DA_CHAIN_SPDM };

	b.given[part] = true;
	b.part[part] = da_slice_of(bytes, head + core + tail);
	put_digest(part, da_slice_of(bytes + head, core));
	return b;
}

static struct da_findings
findings_of(const struct da_bundle *b)
{
	struct da_ask ask = { .ticket = &ticket };
	struct da_case the = { .bundle = b, .ask = &ask };
	struct da_findings f;

	da_findings_start(&f);
	da_stage_run(DA_STAGE_GATE, &the, &f);
	return f;
}

START_TEST(a_bundle_is_cut_once_and_for_all)
{
	struct da_bundle b, once, twice;

	fill();
	ticket_of(DA_PLATFORM_ARM_CCA, "bet0");
	b = given(DA_PART_CHAIN, 52, CORE, 0);
	once = da_gate_bundle(&ticket, &b);
	twice = da_gate_bundle(&ticket, &once);
	ck_assert_int_eq(once.chain_form, DA_CHAIN_COVERED);
	ck_assert_ptr_eq(once.part[DA_PART_CHAIN].p, bytes + 52);
	ck_assert_uint_eq(once.part[DA_PART_CHAIN].n, CORE);
	ck_assert_int_eq(twice.chain_form, DA_CHAIN_COVERED);
	ck_assert_ptr_eq(twice.part[DA_PART_CHAIN].p, bytes + 52);
	ck_assert_uint_eq(twice.part[DA_PART_CHAIN].n, CORE);
	ck_finding(findings_of(&b), DA_CHK_TSM_DIGEST_CHAIN, DA_HOLDS);
	ck_finding(findings_of(&once), DA_CHK_TSM_DIGEST_CHAIN, DA_HOLDS);
	/* Said to be cut already, and is not: there is no second head. */
	b.chain_form = DA_CHAIN_COVERED;
	ck_finding_fault(findings_of(&b), DA_CHK_TSM_DIGEST_CHAIN,
	    DA_F_DIGEST_DIFFERS);
	/* Nothing to cut by. */
	b.chain_form = DA_CHAIN_SPDM;
	once = da_gate_bundle(NULL, &b);
	ck_assert_int_eq(once.chain_form, DA_CHAIN_SPDM);
	ck_assert_uint_eq(once.part[DA_PART_CHAIN].n, 52 + CORE);
	ticket.digest[DA_DIGEST_CHAIN].bytes[3] ^= 1;
	once = da_gate_bundle(&ticket, &b);
	ck_assert_int_eq(once.chain_form, DA_CHAIN_SPDM);
	ck_assert_uint_eq(once.part[DA_PART_CHAIN].n, 52 + CORE);
	/* A file's certificates are not the bytes of the wire. */
	b = given(DA_PART_CHAIN, 52, CORE, 0);
	b.chain_form = DA_CHAIN_DER;
	once = da_gate_bundle(&ticket, &b);
	ck_assert_int_eq(once.chain_form, DA_CHAIN_DER);
	ck_assert_uint_eq(once.part[DA_PART_CHAIN].n, 52 + CORE);
	ck_finding(findings_of(&b), DA_CHK_TSM_DIGEST_CHAIN, DA_UNKNOWN);
}
END_TEST

START_TEST(what_may_stand_behind_the_signature)
{
	struct da_bundle b, cut;

	fill();
	ticket_of(DA_PLATFORM_ARM_CCA, "bet0");
	b = given(DA_PART_MEASUREMENTS, 0, CORE, 0);
	cut = da_gate_bundle(&ticket, &b);
	ck_assert_uint_eq(cut.meas_tail, DA_MAX_MEAS_TAIL);
	ticket.digest[DA_DIGEST_MEASUREMENTS].bytes[0] ^= 1;
	cut = da_gate_bundle(&ticket, &b);
	ck_assert_uint_eq(cut.meas_tail, 0);
	ticket.digest[DA_DIGEST_MEASUREMENTS].len = 0;
	cut = da_gate_bundle(&ticket, &b);
	ck_assert_uint_eq(cut.meas_tail, 0);
	ticket_of(DA_PLATFORM_SEV_TIO, "2");
	b = given(DA_PART_MEASUREMENTS, 0, CORE, 9);
	cut = da_gate_bundle(&ticket, &b);
	ck_assert_uint_eq(cut.meas_tail, 0);
	ck_assert_uint_eq(cut.part[DA_PART_MEASUREMENTS].n, CORE);
}
END_TEST

/* -- device-info -- */

START_TEST(device_info)
{
	struct da_findings f;
	struct da_bundle b;

	fill();
	ticket_of(DA_PLATFORM_TDX, "1");
	b = given(DA_PART_DEVICE_INFO, 0, CORE, 0);
	b.given[DA_PART_MEASUREMENTS] = true;
	f = findings_of(&b);
	ck_assert_int_eq(f.device_info, DA_HOLDS);
	ck_finding(f, DA_CHK_TSM_DIGEST_MEASUREMENTS, DA_UNKNOWN);
	ck_finding(f, DA_CHK_TSM_DIGEST_CHAIN, DA_NOT_ASKED);
	/* Other bytes: the measurements' check says so, of that part. */
	bytes[CORE - 1] ^= 1;
	f = findings_of(&b);
	ck_assert_int_eq(f.device_info, DA_BROKEN);
	ck_finding_fault(f, DA_CHK_TSM_DIGEST_MEASUREMENTS,
	    DA_F_DIGEST_DIFFERS);
	ck_assert_uint_eq(f.of[DA_CHK_TSM_DIGEST_MEASUREMENTS].part,
	    DA_PART_DEVICE_INFO);
	ticket.digest[DA_DIGEST_DEVICE_INFO].len = 0;
	ck_assert_int_eq(findings_of(&b).device_info, DA_UNKNOWN);
	b.given[DA_PART_DEVICE_INFO] = false;
	ck_assert_int_eq(findings_of(&b).device_info, DA_NOT_ASKED);
	/* It goes to no parser. */
	ck_assert_int_eq(da_gate_check(DA_PART_DEVICE_INFO), DA_CHK_COUNT);
	ck_assert_str_eq(da_part_name(DA_PART_DEVICE_INFO), "device-info");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("coverage");
	TCase *t = tcase_create("coverage");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, each_row_and_every_head_and_tail);
	tcase_add_test(t, what_is_no_row_is_unknown);
	tcase_add_test(t, wrong_bytes_at_each_place);
	tcase_add_test(t, nothing_is_no_candidate);
	tcase_add_test(t, each_hash);
	tcase_add_test(t, a_tail_with_an_object_in_it);
	tcase_add_test(t, a_bundle_is_cut_once_and_for_all);
	tcase_add_test(t, what_may_stand_behind_the_signature);
	tcase_add_test(t, device_info);
	suite_add_tcase(s, t);
	return run_suite(s);
}

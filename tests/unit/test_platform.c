/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence in each platform's shape, under a ticket of that platform: what its
 * digest does not cover is cut off or passed over, and never read.
 */
#include "build_report.h"
#include "kit.h"

#define HEAD	(4 + 48)	/* of the kit's chain: SHA-384 */

static struct kit k;
static struct da_ticket ticket;

static void
start(enum da_platform platform, const char *abi)
{
	kit_start(&k, 0x12, &kit_p384);
	kit_make(&k);
	ticket = (struct da_ticket){ .version = DA_TICKET_VERSION,
	    .platform = (uint8_t)platform, .bound = 1,
	    .state = DA_STATE_LOCKED, .state_trusted = 1,
	    .hash = DA_HASH_SHA384 };
	snprintf(ticket.abi, sizeof(ticket.abi), "%s", abi);
	k.ask.ticket = &ticket;
}

static void
tsm_saw(enum da_digest_of of, struct da_slice bytes)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384, bytes);

	da_digest_set(&ticket.digest[of], DA_HASH_SHA384, da_hash_bytes(&h));
}

static struct da_slice
two_ranges(void)
{
	static const struct da_range ranges[] = {
		{ .first_page = 0x100, .pages = 4 },
		{ .first_page = 0x104, .pages = 4 },
	};
	struct buf b = build_report(ranges, 2);

	return exact(buf_slice(&b), b.n);
}

static struct da_slice
after(struct da_slice s, size_t n)
{
	struct da_slice rest;

	ck_assert(da_slice_cut(s, n, s.n - n, &rest));
	return rest;
}

/* `n` bytes of 0x12 0xe0 0x12 0xe0...: each pair begins a request. */
static struct da_slice
with_tail(struct da_slice s, size_t n)
{
	struct buf b = buf_copy(s);

	for (size_t i = 0; i < n; i++)
		put8(&b, i % 2 == 0 ? 0x12 : 0xe0);
	return exact(buf_slice(&b), b.n);
}

static void
verifies(void)
{
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert_uint_eq(k.proof.proved, 1);
	ck_kit(k, WELL_FORMED, DA_HOLDS);
	ck_kit(k, CHAIN, DA_HOLDS);
	ck_kit(k, VALIDITY, DA_HOLDS);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_kit(k, NONCE, DA_HOLDS);
	ck_assert(k.claims.has_blocks);
}

/* -- CCA: the chain's header and RootHash are nobody's word -- */

START_TEST(a_head_is_never_read)
{
	struct da_slice chain, der;
	struct buf b;

	start(DA_PLATFORM_ARM_CCA, "bet0");
	chain = k.bundle.part[DA_PART_CHAIN];
	der = after(chain, HEAD);
	/* Without a digest it is, and must be right. */
	verifies();
	ck_kit(k, TSM_DIGEST_CHAIN, DA_UNKNOWN);
	tsm_saw(DA_DIGEST_CHAIN, der);
	verifies();
	ck_kit(k, TSM_DIGEST_CHAIN, DA_HOLDS);
	ck_assert_uint_eq(k.evidence.chain.n, 2);
	ck_assert_uint_eq(k.evidence.chain.root_hash.n, 0);
	for (size_t at = 0; at < HEAD; at++) {
		b = buf_copy(chain);
		b.p[at] ^= 0xff;
		give(&k, DA_PART_CHAIN, exact(buf_slice(&b), b.n));
		verifies();
	}
	/* A header for another hash, of nothing but zeros. */
	for (size_t n = 36; n <= 68; n += 16) {
		b = (struct buf){ 0 };
		put_fill(&b, 0, n);
		put_slice(&b, der);
		give(&k, DA_PART_CHAIN, exact(buf_slice(&b), b.n));
		verifies();
	}
	ticket.digest[DA_DIGEST_CHAIN].len = 0;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_CHAIN_LENGTH);
}
END_TEST

START_TEST(the_anchor_decides_without_a_root_hash)
{
	EVP_PKEY *other = new_key("P-384");
	struct cert_plan same_name;

	start(DA_PLATFORM_ARM_CCA, "alp20");
	tsm_saw(DA_DIGEST_CHAIN, after(k.bundle.part[DA_PART_CHAIN], HEAD));
	verifies();
	/* Another root, of the same name: nobody's anchor. */
	same_name = ca_plan("root", other, "root", other);
	k.ask.anchors.der[0] = make_cert(&same_name);
	ck_assert_int_ne(kit_ask(&k), 0);
	ck_kit(k, CHAIN, DA_BROKEN);
	ck_kit(k, TSM_DIGEST_CHAIN, DA_HOLDS);
	ck_assert_uint_eq(k.proof.proved, 0);
	k.ask.anchors.n = 0;
	ck_assert_int_eq(kit_ask(&k), 3);
}
END_TEST

/* -- CCA: the measurements' digest covers what was left of the message -- */

START_TEST(a_tail_that_is_covered_is_passed_over)
{
	struct da_slice whole;

	start(DA_PLATFORM_ARM_CCA, "bet0");
	whole = k.bundle.part[DA_PART_MEASUREMENTS];
	for (size_t n = 0; n <= DA_MAX_MEAS_TAIL + 1; n++) {
		struct da_slice tailed = with_tail(whole, n);

		give(&k, DA_PART_MEASUREMENTS, tailed);
		tsm_saw(DA_DIGEST_MEASUREMENTS, tailed);
		if (n > DA_MAX_MEAS_TAIL) {
			ck_assert_int_eq(kit_ask(&k), 8);
			ck_kit(k, WELL_FORMED, DA_BROKEN);
			continue;
		}
		verifies();
		ck_kit(k, TSM_DIGEST_MEASUREMENTS, DA_HOLDS);
		ck_assert_uint_eq(k.evidence.meas.n_before, 0);
		/* Each byte of it is covered all the same. */
		ticket.digest[DA_DIGEST_MEASUREMENTS].bytes[0] ^= 1;
		ck_assert_int_eq(kit_ask(&k), 7);
	}
	/* Nobody covers it, or not on this platform. */
	give(&k, DA_PART_MEASUREMENTS, with_tail(whole, 1));
	ticket.digest[DA_DIGEST_MEASUREMENTS].len = 0;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_TRAILING);
	tsm_saw(DA_DIGEST_MEASUREMENTS, with_tail(whole, 1));
	ticket.platform = DA_PLATFORM_EMULATED;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_TRAILING);
	ck_kit(k, TSM_DIGEST_MEASUREMENTS, DA_HOLDS);
}
END_TEST

/* -- SEV-TIO: a log, and up to 32 bytes too many behind each object -- */

START_TEST(what_the_host_counted_too_many)
{
	struct buf log = { 0 };
	struct da_slice chain, report;

	start(DA_PLATFORM_SEV_TIO, "2");
	chain = k.bundle.part[DA_PART_CHAIN];
	put_slice(&log, k.vca_raw);
	put_slice(&log, k.bundle.part[DA_PART_MEASUREMENTS]);
	report = two_ranges();
	take_away(&k, DA_PART_VCA);
	k.bundle.shape = DA_SHAPE_LOG;
	tsm_saw(DA_DIGEST_CHAIN, chain);
	tsm_saw(DA_DIGEST_MEASUREMENTS, buf_slice(&log));
	tsm_saw(DA_DIGEST_REPORT, report);
	for (size_t n = 0; n <= 33; n++) {
		give(&k, DA_PART_CHAIN, with_tail(chain, n));
		give(&k, DA_PART_MEASUREMENTS, with_tail(buf_slice(&log), n));
		give(&k, DA_PART_REPORT, with_tail(report, n));
		if (n == 33) {
			ck_assert_int_eq(kit_ask(&k), 7);
			ck_kit_fault(k, TSM_DIGEST_CHAIN, DA_F_DIGEST_DIFFERS);
			ck_kit_fault(k, TSM_DIGEST_REPORT,
			    DA_F_DIGEST_DIFFERS);
			ck_kit(k, CHAIN, DA_NOT_ASKED);
			continue;
		}
		verifies();
		ck_kit(k, TSM_DIGEST_CHAIN, DA_HOLDS);
		ck_kit(k, TSM_DIGEST_VCA, DA_HOLDS);
		ck_kit(k, TSM_DIGEST_MEASUREMENTS, DA_HOLDS);
		ck_kit(k, TSM_DIGEST_REPORT, DA_HOLDS);
		ck_assert_uint_eq(k.evidence.chain.raw.n, chain.n);
		ck_assert_uint_eq(k.evidence.bundle.part[DA_PART_REPORT].n,
		    report.n);
	}
	/* A tail that no digest cuts off is one byte too many. */
	give(&k, DA_PART_CHAIN, with_tail(chain, 1));
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&log));
	give(&k, DA_PART_REPORT, report);
	ticket.digest[DA_DIGEST_CHAIN].len = 0;
	ck_assert_int_ne(kit_ask(&k), 0);
	ck_kit_fault(k, WELL_FORMED, DA_F_CHAIN_LENGTH);
}
END_TEST

/* -- TDX: one digest of a blob that nobody reads, and no way for a nonce -- */

START_TEST(nothing_but_the_report_and_the_blob)
{
	struct da_slice info = da_slice_str("of a form that is not public");
	bool tolerate[DA_CHK_COUNT];

	memset(tolerate, 1, sizeof(tolerate));
	start(DA_PLATFORM_TDX, "1");
	ticket.has_nonce = ticket.has_tokens_at_lock = 1;
	memset(ticket.nonce, 0xaa, DA_NONCE);
	ticket.token[DA_TOKEN_LOCK] = (struct da_token){ 8, { 7 } };
	ticket.token_at_lock[DA_TOKEN_LOCK] = ticket.token[DA_TOKEN_LOCK];
	give(&k, DA_PART_REPORT, two_ranges());
	give(&k, DA_PART_DEVICE_INFO, info);
	tsm_saw(DA_DIGEST_REPORT, k.bundle.part[DA_PART_REPORT]);
	tsm_saw(DA_DIGEST_DEVICE_INFO, info);
	/* There is no such digest, even where a ticket brings one. */
	tsm_saw(DA_DIGEST_CHAIN, info);
	verifies();
	ck_kit(k, TSM_DIGEST_CHAIN, DA_UNKNOWN);
	ck_kit(k, TSM_DIGEST_VCA, DA_UNKNOWN);
	ck_kit(k, TSM_DIGEST_MEASUREMENTS, DA_UNKNOWN);
	ck_kit(k, TSM_DIGEST_REPORT, DA_HOLDS);
	ck_kit(k, TSM_TOKENS, DA_HOLDS);
	ck_assert_uint_eq(k.claims.findings.device_info, DA_HOLDS);
	/* Asked with zeros, and no token says that it was since the lock. */
	k.ask.tolerate = tolerate;
	verifies();
	k.exchange.nonce = 0;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	kit_ask(&k);
	ck_kit(k, NONCE, DA_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
	/* The blob is another one: nothing is parsed. */
	k.ask.tolerate = NULL;
	give(&k, DA_PART_DEVICE_INFO, da_slice_str("of another device"));
	ck_assert_int_eq(kit_ask(&k), 7);
	ck_kit_fault(k, TSM_DIGEST_MEASUREMENTS, DA_F_DIGEST_DIFFERS);
	ck_kit(k, WELL_FORMED, DA_NOT_ASKED);
	/* An empty one is, too; and one alone is nothing to verify. */
	give(&k, DA_PART_DEVICE_INFO, da_slice_of("", 0));
	ck_assert_int_eq(kit_ask(&k), 7);
	for (int p = DA_PART_CHAIN; p <= DA_PART_REPORT; p++)
		take_away(&k, (enum da_part)p);
	give(&k, DA_PART_DEVICE_INFO, info);
	ck_assert_int_ne(kit_ask(&k), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("platform");
	TCase *t = tcase_create("platform");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_head_is_never_read);
	tcase_add_test(t, the_anchor_decides_without_a_root_hash);
	tcase_add_test(t, a_tail_that_is_covered_is_passed_over);
	tcase_add_test(t, what_the_host_counted_too_many);
	tcase_add_test(t, nothing_but_the_report_and_the_blob);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Stage two, and the exit class of `verify`. */
#include "build_report.h"
#include "kit.h"

static struct kit k;
static struct da_ticket ticket;

static const struct da_range ranges[] = { { 0x100, 4, 0, 0 },
    { 0x104, 1, DA_RANGE_NON_TEE, 0 } };

static void
start(void)
{
	kit_start(&k, 0x12, &kit_p384);
	kit_make(&k);
}

static void
give_report(uint32_t n)
{
	struct buf b = build_report(ranges, n);

	give(&k, DA_PART_REPORT, exact(buf_slice(&b), b.n));
}

/* A ticket whose BAR 0 is as large as the report's ranges are. */
static void
give_ticket(void)
{
	ticket = (struct da_ticket){ .platform = DA_PLATFORM_EMULATED,
	    .bound = 1, .state = DA_STATE_LOCKED,
	    .hash = DA_HASH_SHA384, .page_unit = DA_UNIT_PAGE,
	    .bar_base = DA_BASE_RELATIVE };
	ticket.pci.bar[0] = (struct da_bar){ 0xf0000000, 0x8000 };
	k.ask.ticket = &ticket;
}

START_TEST(claims_of_everything)
{
	start();
	give_report(2);
	give_ticket();
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert(k.claims.has_blocks && k.claims.has_report &&
	    k.claims.has_map);
	ck_assert_ptr_eq(k.claims.evidence, &k.evidence);
	ck_assert_ptr_eq(k.claims.ticket, &ticket);
	ck_assert_uint_eq(k.claims.blocks.n, 3);
	ck_assert_uint_eq(k.claims.report.n_ranges, 2);
	ck_assert_uint_eq(k.claims.map.n, 2);
	ck_assert_uint_eq(k.claims.map.range[1].kind, DA_MMIO_SHARED);
	ck_kit(k, REPORT_SHAPE, DA_HOLDS);
	/* Nobody looked for a change. */
	ck_kit(k, CONTENT_CHANGED, DA_UNKNOWN);
}
END_TEST

START_TEST(nothing_is_claimed_without_a_proof)
{
	struct da_proof proof;

	start();
	ck_assert_int_eq(kit_ask(&k), 0);
	proof = (struct da_proof){ 0 };
	ck_assert(!da_claims_make(&k.evidence, &proof, &k.ask, &k.claims));
	ck_assert(!k.claims.has_blocks);
	ck_kit(k, SIGNATURE, DA_BROKEN);
	ck_assert_int_eq(da_verify_class(&k.bundle, &k.claims.findings), 1);
	proof = k.proof;
	proof.version++;
	ck_assert(!da_claims_make(&k.evidence, &proof, &k.ask, &k.claims));
	proof = k.proof;
	proof.proved = 2;
	ck_assert(!da_claims_make(&k.evidence, &proof, &k.ask, &k.claims));
	ck_assert(da_claims_make(&k.evidence, &k.proof, &k.ask, &k.claims));
	ck_assert(k.claims.has_blocks);
}
END_TEST

START_TEST(blocks_after_the_signature)
{
	struct buf one = { 0 };

	/* Signed by the device, and still no measurement record. */
	start();
	k.exchange.n_blocks = 4;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_BLOCK_COUNT);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_assert(!k.claims.has_blocks);
	put_block(&one, 1, 0x00, 0, 48);
	put_block(&one, 1, 0x00, 0, 48);
	k.exchange.n_blocks = 2;
	k.exchange.record = buf_slice(&one);
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_BLOCK_TWICE);
	/* With a signature that does not hold nobody looks at blocks. */
	k.leaf_key = new_key("P-384");
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit(k, WELL_FORMED, DA_HOLDS);
}
END_TEST

START_TEST(content_changed)
{
	start();
	k.exchange.answer = 0x10;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CONTENT_CHANGED, DA_UNKNOWN);
	k.exchange.answer = 0x20;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CONTENT_CHANGED, DA_HOLDS);
	/* A device that does not look has not seen that nothing changed. */
	k.exchange.answer = 0x00;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CONTENT_CHANGED, DA_UNKNOWN);
	/* 1.1 has no such bits. */
	kit_start(&k, 0x11, &kit_p384);
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CONTENT_CHANGED, DA_NOT_ASKED);
}
END_TEST

START_TEST(offsets_in_a_log)
{
	struct buf log = { 0 };

	start();
	k.exchange.n_blocks = 4;
	put_slice(&log, k.vca_raw);
	put_slice(&log, kit_measurements(&k));
	take_away(&k, DA_PART_VCA);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&log));
	k.bundle.shape = DA_SHAPE_LOG;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_BLOCK_COUNT);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_WELL_FORMED].offset,
	    k.vca_raw.n + 37 + 8 + k.exchange.record.n);
}
END_TEST

START_TEST(report_in_no_bars)
{
	start();
	give_report(2);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert(k.claims.has_report && !k.claims.has_map);
	ck_kit(k, REPORT_SHAPE, DA_UNKNOWN);
	give_ticket();
	ticket.page_unit = DA_UNIT_UNKNOWN;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REPORT_SHAPE, DA_UNKNOWN);
	ticket.page_unit = DA_UNIT_PAGE;
	ticket.bar_base = DA_BASE_UNKNOWN;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REPORT_SHAPE, DA_UNKNOWN);
	ticket.bar_base = DA_BASE_RELATIVE;
	ticket.pci.bar[0].size = 0x4000;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, REPORT_SHAPE, DA_F_RANGE_OUTSIDE);
	ck_assert(!k.claims.has_map);
	ticket.pci.bar[0].size = 0;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, REPORT_SHAPE, DA_UNKNOWN);
	ticket.pci.bar[5].size = 0x8000;
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, REPORT_SHAPE, DA_F_RANGE_BAR);
}
END_TEST

START_TEST(report_of_no_form)
{
	struct buf b = build_report(ranges, 2);

	start();
	give(&k, DA_PART_REPORT, exact(buf_slice(&b), b.n - 1));
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_SHORT);
	ck_assert_int_eq(k.claims.findings.of[DA_CHK_WELL_FORMED].part,
	    DA_PART_REPORT);
	set8(&b, 2, 1);
	give(&k, DA_PART_REPORT, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, REPORT_SHAPE, DA_F_REPORT_RESERVED);
}
END_TEST

/* As the plan says, signed anew; the exit class of `verify`. */
static int
ask_again(void)
{
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	return kit_ask(&k);
}

START_TEST(opaque_data_of_the_negotiated_format)
{
	start();
	ck_assert_int_eq(ask_again(), 0);
	ck_assert_int_eq(k.claims.opaque.format, DA_OPAQUE_FMT1);
	ck_assert_uint_eq(k.claims.opaque.n, 1);
	ck_assert_uint_eq(k.claims.opaque.raw.n, 12);
	ck_assert(!k.claims.has_nvidia);
	k.exchange.opaque = 0;
	ck_assert_int_eq(ask_again(), 0);
	ck_assert_uint_eq(k.claims.opaque.n, 0);
	/* Signed by the device, and still of no form. */
	k.exchange.opaque = 13;
	ck_assert_int_eq(ask_again(), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_OPAQUE_FORM);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_WELL_FORMED].offset,
	    37 + 8 + k.exchange.record.n + 32 + 2);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_assert(!k.claims.has_blocks);
}
END_TEST

START_TEST(opaque_data_of_the_vendors_own)
{
	start();
	k.vca.other_offer = 3;
	k.vca.other_sel = 1;	/* OpaqueDataFmt0 */
	kit_make(&k);
	k.exchange.opaque = 13;
	ck_assert_int_eq(ask_again(), 0);
	ck_assert_int_eq(k.claims.opaque.format, DA_OPAQUE_FMT0);
	start();
	k.vca.other_sel = 0;
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_OPAQUE_FORM);
	k.exchange.opaque = 0;
	ck_assert_int_eq(ask_again(), 0);
	kit_start(&k, 0x11, &kit_p384);
	kit_make(&k);
	k.exchange.opaque = 13;
	ck_assert_int_eq(ask_again(), 0);
	ck_assert_int_eq(k.claims.opaque.format, DA_OPAQUE_VENDOR);
	ck_assert(!k.claims.has_nvidia);
}
END_TEST

/* The opaque data of every exchange is looked at, not only of the last. */
START_TEST(opaque_data_of_an_earlier_exchange)
{
	struct exchange_plan count = { .version = 0x12, .opaque = 13 };

	start();
	put_exchange(&k.before, &count);
	ck_assert_int_eq(ask_again(), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_OPAQUE_FORM);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_WELL_FORMED].offset,
	    4 + 8 + 32 + 2);
}
END_TEST

/* One entry for index 0x11, and the value that it gives. */
static struct da_slice
make_log(struct da_hash_value *ret_hem)
{
	static const uint8_t zeros[48];
	struct buf entry = { 0 }, b = { 0 };
	struct da_slice parts[2];

	put32(&entry, 1);
	put32(&entry, 0x11);
	put8(&entry, 0x89);
	put16(&entry, 5);
	put_fill(&entry, 'e', 5);
	parts[0] = da_slice_of(zeros, sizeof(zeros));
	parts[1] = buf_slice(&entry);
	*ret_hem = da_hash_all(DA_HASH_SHA384, parts, 2);
	put32(&b, 1);
	put32(&b, (uint32_t)entry.n);
	put64(&b, 0);
	put_slice(&b, buf_slice(&entry));
	return exact(buf_slice(&b), b.n);
}

/* The record of a device that extended by that entry. */
static void
measure_hem(const struct da_hash_value *hem)
{
	struct buf record = { 0 };

	put_block(&record, 0x11, 0x08, 0, 48);
	memcpy(record.p + 7, hem->bytes, 48);
	k.exchange.record = buf_slice(&record);
	k.exchange.n_blocks = 1;
}

START_TEST(a_log_that_gives_its_block)
{
	struct da_hash_value hem;

	start();
	give(&k, DA_PART_LOG, make_log(&hem));
	measure_hem(&hem);
	ck_assert_int_eq(ask_again(), 0);
	ck_kit(k, MEASUREMENT_LOG, DA_HOLDS);
	ck_assert(k.claims.has_log);
	ck_assert_uint_eq(k.claims.log.n, 1);
	hem.bytes[47] ^= 1;
	measure_hem(&hem);
	ck_assert_int_eq(ask_again(), 8);
	ck_kit_fault(k, MEASUREMENT_LOG, DA_F_LOG_DIFFERS);
	take_away(&k, DA_PART_LOG);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, MEASUREMENT_LOG, DA_NOT_ASKED);
}
END_TEST

START_TEST(a_log_and_nothing_to_hold_it_against)
{
	struct da_hash_value hem;
	struct da_slice log = make_log(&hem);

	/* Blocks, and none of them extended. */
	start();
	give(&k, DA_PART_LOG, log);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, MEASUREMENT_LOG, DA_UNKNOWN);
	/* No measurements: a chain is what is verified then. */
	take_away(&k, DA_PART_MEASUREMENTS);
	take_away(&k, DA_PART_VCA);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, MEASUREMENT_LOG, DA_UNKNOWN);
	/* And of a log alone nothing is. */
	take_away(&k, DA_PART_CHAIN);
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit(k, MEASUREMENT_LOG, DA_UNKNOWN);
	ck_kit(k, WELL_FORMED, DA_HOLDS);
}
END_TEST

START_TEST(a_log_of_no_form)
{
	struct da_hash_value hem;
	struct buf b;

	start();
	b = buf_copy(make_log(&hem));
	measure_hem(&hem);
	for (size_t n = 0; n < b.n; n++) {
		give(&k, DA_PART_LOG, exact(buf_slice(&b), n));
		ck_assert_int_eq(n == 0 ? ask_again() : kit_ask(&k), 8);
		ck_kit_fault(k, WELL_FORMED, n == 0 ? DA_F_EMPTY : n < 16 ?
		    DA_F_SHORT : DA_F_LOG_FORM);
		ck_assert_int_eq(k.claims.findings.of[DA_CHK_WELL_FORMED].part,
		    DA_PART_LOG);
		ck_kit(k, MEASUREMENT_LOG, DA_NOT_ASKED);
		ck_assert(!k.claims.has_log);
	}
}
END_TEST

/* A report is not signed: alone it verifies by the TSM's digest only. */
START_TEST(report_alone)
{
	struct da_hash_value digest;

	start();
	take_away(&k, DA_PART_CHAIN);
	take_away(&k, DA_PART_VCA);
	take_away(&k, DA_PART_MEASUREMENTS);
	give_report(2);
	ck_assert_int_eq(kit_ask(&k), 7);
	give_ticket();
	ck_assert_int_eq(kit_ask(&k), 7);
	digest = da_hash_of(DA_HASH_SHA384, k.bundle.part[DA_PART_REPORT]);
	da_digest_set(&ticket.digest[DA_DIGEST_REPORT], DA_HASH_SHA384,
	    da_hash_bytes(&digest));
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, TSM_DIGEST_REPORT, DA_HOLDS);
	ck_kit(k, SIGNATURE, DA_NOT_ASKED);
	ticket.digest[DA_DIGEST_REPORT].bytes[47] ^= 1;
	ck_assert_int_eq(kit_ask(&k), 7);
	ck_kit_fault(k, TSM_DIGEST_REPORT, DA_F_DIGEST_DIFFERS);
}
END_TEST

START_TEST(chain_alone)
{
	start();
	take_away(&k, DA_PART_VCA);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CHAIN, DA_HOLDS);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	k.ask.anchors.n = 0;
	ck_assert_int_eq(kit_ask(&k), 3);
}
END_TEST

/* Of several that fail the contract's order decides. */
START_TEST(worst_class_decides)
{
	uint8_t other[DA_NONCE] = { 0 };

	start();
	k.leaf_key = new_key("P-384");
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	k.ask.nonce = da_slice_of(other, sizeof(other));
	k.ask.anchors.n = 0;
	ck_assert_int_eq(kit_ask(&k), 2);
	start();
	k.ask.nonce = da_slice_of(other, sizeof(other));
	k.ask.anchors.n = 0;
	ck_assert_int_eq(kit_ask(&k), 6);
	give_ticket();
	ticket.state = DA_STATE_ERROR;
	ck_assert_int_eq(kit_ask(&k), 9);
	ck_kit_fault(k, TSM_STATE, DA_F_TSM_ERROR);
}
END_TEST

START_TEST(nothing_given)
{
	struct da_hash_value digest;

	start();
	take_away(&k, DA_PART_CHAIN);
	take_away(&k, DA_PART_MEASUREMENTS);
	/* A negotiation is signed by nobody, as long as nothing follows. */
	ck_assert_int_eq(kit_ask(&k), 7);
	give_ticket();
	ck_assert_int_eq(kit_ask(&k), 7);
	digest = da_hash_of(DA_HASH_SHA384, k.vca_raw);
	da_digest_set(&ticket.digest[DA_DIGEST_VCA], DA_HASH_SHA384,
	    da_hash_bytes(&digest));
	ck_assert_int_eq(kit_ask(&k), 0);
	/* Of an answer without a part nothing is verified. */
	take_away(&k, DA_PART_VCA);
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_EMPTY);
	ck_kit(k, SIGNATURE, DA_NOT_ASKED);
	ck_assert(!k.claims.has_blocks && !k.claims.has_report);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("claims");
	TCase *t = tcase_create("claims");

	tcase_add_test(t, claims_of_everything);
	tcase_add_test(t, nothing_is_claimed_without_a_proof);
	tcase_add_test(t, blocks_after_the_signature);
	tcase_add_test(t, content_changed);
	tcase_add_test(t, offsets_in_a_log);
	tcase_add_test(t, report_in_no_bars);
	tcase_add_test(t, report_of_no_form);
	tcase_add_test(t, opaque_data_of_the_negotiated_format);
	tcase_add_test(t, opaque_data_of_the_vendors_own);
	tcase_add_test(t, opaque_data_of_an_earlier_exchange);
	tcase_add_test(t, a_log_that_gives_its_block);
	tcase_add_test(t, a_log_and_nothing_to_hold_it_against);
	tcase_add_test(t, a_log_of_no_form);
	tcase_add_test(t, report_alone);
	tcase_add_test(t, chain_alone);
	tcase_add_test(t, worst_class_decides);
	tcase_add_test(t, nothing_given);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where others fell, continued from test_lessons.c: certificates, records,
 * opaque data, interface reports, keys and roots.
 */
#include "build_report.h"
#include "strict.h"
#include "verifier/tdisp_report.h"

/* -- opaque data -- */

static void
opaque_is(struct da_slice raw, bool good)
{
	start(0x12);
	k.exchange.opaque_raw = exact(raw, raw.n);
	remake();
	if (good)
		verifies();
	else
		ck_refused(WELL_FORMED, DA_F_OPAQUE_FORM);
}

/* libspdm 6485badd, 9bf82b7d, 48cc0b3a: each length, before what it governs. */
START_TEST(libspdm_6485badd_opaque_lengths_come_first)
{
	opaque_is(BYTES("\1\0\0\0" "\0\2vv\2\0dd"), true);
	/* The vendor's id, the data, and the padding past the end. */
	opaque_is(BYTES("\1\0\0\0" "\0\xff" "vv\2\0dd"), false);
	opaque_is(BYTES("\1\0\0\0" "\0\2vv\xff\xff" "dd"), false);
	opaque_is(BYTES("\1\0\0\0" "\0\2vv\3\0dd"), false);
	opaque_is(BYTES("\1\0\0\0" "\0\0\1\0d\0\0"), false);
	opaque_is(BYTES("\1\0\0\0" "\0\0\1\0d\0\0\0"), true);
	opaque_is(BYTES("\1\0\0\0" "\0\0\1\0d\0\0\1"), false);
	opaque_is(BYTES("\1\0\0\0" "\0"), false);
	opaque_is(BYTES("\1\0\0"), false);
}
END_TEST

/* spdm-rs c26042c: TotalElements had to be 1. */
START_TEST(spdm_rs_c26042c_any_count_of_elements)
{
	opaque_is(BYTES("\2\0\0\0" "\0\0\0\0" "\3\0\4\0dddd"), true);
	opaque_is(BYTES("\3\0\0\0" "\0\0\0\0" "\1\0\0\0" "\0\0\0\0"), true);
	opaque_is(BYTES("\0\0\0\0"), false);
	opaque_is(BYTES("\2\0\0\0" "\0\0\0\0"), false);
	opaque_is(BYTES("\1\0\0\0" "\0\0\0\0" "\0\0\0\0"), false);
}
END_TEST

/* -- readers -- */

static struct da_slice
moved(struct da_slice s, size_t by)
{
	struct buf b = { 0 };
	struct da_slice all, ret;

	put_fill(&b, 0xee, by);
	put_slice(&b, s);
	all = exact(buf_slice(&b), b.n);
	ck_assert(da_slice_cut(all, by, s.n, &ret));
	return ret;
}

/* libspdm 070b4a3b, 89074616: wire fields read in place, as host words. */
START_TEST(libspdm_070b4a3b_fields_are_read_by_bytes)
{
	static const enum da_part parts[] = { DA_PART_CHAIN, DA_PART_VCA,
	    DA_PART_MEASUREMENTS };

	for (size_t by = 1; by < 8; by++) {
		start(0x13);
		for (size_t i = 0; i < 3; i++)
			give(&k, parts[i], moved(k.bundle.part[parts[i]], by));
		verifies();
		ck_assert_uint_eq(k.claims.blocks.n, 3);
	}
}
END_TEST

/* spdm-rs 59aa578, 0498f70, cd6d5fe: reads past the end, in every parser. */
START_TEST(spdm_rs_59aa578_no_prefix_is_read_past)
{
	static const enum da_part parts[] = { DA_PART_CHAIN, DA_PART_VCA,
	    DA_PART_MEASUREMENTS };

	start(0x13);
	for (size_t i = 0; i < 3; i++) {
		struct da_slice whole = k.bundle.part[parts[i]];

		for (size_t n = 0; n < whole.n; n++) {
			give(&k, parts[i], prefix(whole, n));
			ck_assert_int_ne(kit_ask(&k), 0);
			ck_assert_uint_eq(k.proof.proved, 0);
		}
		give(&k, parts[i], whole);
	}
	verifies();
}
END_TEST

static void
index_is(uint8_t index, bool good)
{
	struct buf record = { 0 };

	start(0x12);
	put_block(&record, index, 0x84, 0x11, 4);
	set_record(&record, 1);
	if (good)
		verifies();
	else
		ck_refused(WELL_FORMED, DA_F_BLOCK_INDEX);
}

/* spdm-rs 7c61e7e: an index off by one. */
START_TEST(spdm_rs_7c61e7e_first_and_last_index)
{
	index_is(0, false);
	index_is(1, true);
	index_is(0xfe, true);
	index_is(0xff, false);
}
END_TEST

/* spdm-rs 7c61e7e: a slot off by one. */
START_TEST(spdm_rs_7c61e7e_first_and_last_slot)
{
	for (uint8_t slot = 0; slot < 0x10; slot++) {
		start(0x12);
		k.exchange.slot = k.exchange.answer = slot;
		remake();
		if (slot < 8)
			verifies();
		else if (slot == 0xf)
			ck_refused(SLOT, DA_F_KEY_ABSENT);
		else
			ck_refused(WELL_FORMED, DA_F_SLOT_RESERVED);
	}
}
END_TEST

/* -- certificates -- */

/* libspdm 3277 (05d97dfe): whose issuer is its subject was a root. */
START_TEST(libspdm_3277_self_issued_is_not_self_signed)
{
	struct cert_plan middle;
	struct da_slice certs[2];

	start(0x12);
	middle = plan_middle();
	middle.subject = middle.issuer = k.leaf.issuer = "root";
	remake_with(&middle);
	verifies();	/* a CA of the root's own name, signed by the root */
	/* The same name and another key, in front: it is no anchor. */
	middle.signer = middle.key;
	kit_make(&k);
	certs[0] = make_cert(&middle);
	certs[1] = make_cert(&k.leaf);
	give_chain(certs, 2, certs[0]);
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	/* Nor does it pass below the true root. */
	remake_with(&middle);
	ck_refused(CHAIN, DA_F_LINK_SIGNATURE);
}
END_TEST

/* libspdm 3370 (340ecfb9): an empty basicConstraints passed for a CA's. */
START_TEST(libspdm_3370_self_issued_needs_the_ca_bit)
{
	struct cert_plan middle;

	start(0x12);
	middle = plan_middle();
	middle.subject = middle.issuer = k.leaf.issuer = "root";
	middle.ca = false;
	remake_with(&middle);
	ck_refused(CHAIN, DA_F_NOT_A_CA);
	middle.no_basic = true;
	remake_with(&middle);
	ck_refused(CHAIN, DA_F_NOT_A_CA);
}
END_TEST

/* libspdm ab4c457e: Length was not held against the bytes. */
START_TEST(libspdm_ab4c457e_chain_length_is_the_bytes)
{
	static const int off[] = { -1, 1 };

	for (size_t i = 0; i < 2; i++) {
		struct buf b;

		start(0x12);
		b = buf_copy(k.bundle.part[DA_PART_CHAIN]);
		set_le(&b, 0, (uint64_t)((int64_t)b.n + off[i]), 2);
		give(&k, DA_PART_CHAIN, exact(buf_slice(&b), b.n));
		ck_refused(WELL_FORMED, DA_F_CHAIN_LENGTH);
	}
}
END_TEST

/* spdm-rs df6d38d: Length of SPDM 1.4 was read as 16 bits. */
START_TEST(spdm_rs_df6d38d_length_of_14_has_32_bits)
{
	struct buf big = { 0 }, value = { 0 };
	struct buf chain;

	start(0x14);
	put_fill(&big, 0x5a, 0x11000);
	put8(&value, 0x04);
	put8(&value, 0x83);
	put8(&value, 0x01);
	put8(&value, 0x10);
	put8(&value, 0x00);
	put_slice(&value, buf_slice(&big));
	add_extra(&k.leaf, "1.3.6.1.4.1.99999.1", false, buf_slice(&value));
	remake();
	ck_assert_uint_gt(k.bundle.part[DA_PART_CHAIN].n, 0xffff);
	verifies();
	/* Cut to 16 bits it is another number. */
	chain = buf_copy(k.bundle.part[DA_PART_CHAIN]);
	set_le(&chain, 0, chain.n & 0xffff, 4);
	give(&k, DA_PART_CHAIN, exact(buf_slice(&chain), chain.n));
	ck_refused(WELL_FORMED, DA_F_CHAIN_LENGTH);
}
END_TEST

#define RESPONDER "\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x03"
#define REQUESTER "\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x04"

static void
eku_is(struct da_slice eku, bool good)
{
	start(0x12);
	add_extra(&k.leaf, "2.5.29.37", false, eku);
	remake();
	if (good)
		verifies();
	else
		ck_refused(LEAF_PROFILE, DA_F_LEAF_EKU);
}

/* spdm-rs b595bd4: a responder was judged by the requester's rule. */
START_TEST(spdm_rs_b595bd4_responder_is_no_requester)
{
	eku_is(BYTES("\x30\x0c" RESPONDER), true);
	eku_is(BYTES("\x30\x18" REQUESTER RESPONDER), true);
	eku_is(BYTES("\x30\x0c" REQUESTER), false);
	/* Another use, and none of SPDM's: that is not the rule's matter. */
	eku_is(BYTES("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"), true);
}
END_TEST

/* spdm-rs 6c507ae: digitalSignature was asked of CA certificates. */
START_TEST(spdm_rs_6c507ae_leaf_rules_are_for_the_leaf)
{
	struct cert_plan middle;

	start(0x12);
	middle = plan_middle();
	middle.key_usage = 1 << 5;	/* keyCertSign and nothing else */
	remake_with(&middle);
	verifies();
	k.leaf.key_usage = 1 << 5;
	remake_with(&middle);
	ck_refused(LEAF_PROFILE, DA_F_LEAF_KEY_USAGE);
}
END_TEST

/* -- records -- */

static void
record_is(struct buf record, uint8_t n, enum da_why why)
{
	start(0x12);
	set_record(&record, n);
	ck_refused(WELL_FORMED, why);
}

/* libspdm 96a7a396, 9bca6ad2, 2d4c5318, ecd0cd28: sums, counts and sizes. */
START_TEST(libspdm_96a7a396_record_is_the_sum_of_its_blocks)
{
	struct buf one = { 0 }, b;

	put_block(&one, 1, 0x00, 0x11, 48);
	b = buf_copy(buf_slice(&one));
	put8(&b, 0);
	record_is(b, 1, DA_F_BLOCK_COUNT);
	record_is(buf_copy(da_slice_of(one.p, one.n - 1)), 1,
	    DA_F_BLOCK_COUNT);
	record_is(buf_copy(buf_slice(&one)), 0, DA_F_BLOCK_COUNT);
	record_is((struct buf){ 0 }, 1, DA_F_BLOCK_COUNT);
	/* A digest of another size than the negotiated hash's. */
	b = (struct buf){ 0 };
	put_block(&b, 1, 0x00, 0x11, 32);
	record_is(b, 1, DA_F_BLOCK_SIZE);
}
END_TEST

/* -- TDISP reports -- */

/* spdm-rs 949aa84, d1efad6: layouts; attribute bit 4 was declared as PRS. */
START_TEST(spdm_rs_949aa84_layout_of_a_range)
{
	static const struct da_range one = { 0x0102030405060708,
	    0x11121314, DA_RANGE_NON_TEE, 0x2122 };
	struct buf b = build_report(&one, 1);
	struct da_report report;
	struct da_range range;
	struct da_fault fault;

	ck_assert_mem_eq(b.p + 16, "\x08\x07\x06\x05\x04\x03\x02\x01"
	    "\x14\x13\x12\x11\x04\x00\x22\x21", 16);
	ck_assert(da_report_parse(buf_slice(&b), &report, &fault));
	range = da_report_range(&report, 0);
	ck_assert(range.first_page == one.first_page &&
	    range.pages == one.pages && range.attributes == 4 &&
	    range.id == 0x2122);
	for (unsigned int bit = 4; bit < 16; bit++) {
		set_le(&b, 16 + 12, 1u << bit, 2);
		ck_assert(da_report_parse(buf_slice(&b), &report, &fault));
		ck_assert(!da_report_shape(buf_slice(&b), &report, &fault));
		ck_fault(fault, DA_F_REPORT_RESERVED);
	}
}
END_TEST

/* spdm-emu, requester: it walked mmio_range_count ranges, whatever came. */
START_TEST(spdm_emu_requester_ranges_are_bounded)
{
	static const struct da_range one = { 16, 1, 0, 0 };
	struct buf b = build_report(&one, 1);
	struct da_report report;
	struct da_fault fault;

	ck_assert(da_report_parse(exact(buf_slice(&b), b.n), &report, &fault));
	set_le(&b, 12, 2, 4);
	ck_assert(!da_report_parse(exact(buf_slice(&b), b.n), &report, &fault));
	ck_fault(fault, DA_F_REPORT_COUNT);
}
END_TEST

/* spdm-emu, responder: its own report was wrong; none vouches for itself. */
START_TEST(spdm_emu_responder_a_report_proves_nothing_itself)
{
	static const struct da_range one = { 16, 1, 0, 0 };
	struct buf b = build_report(&one, 1);
	struct da_ticket ticket = { .platform = DA_PLATFORM_EMULATED,
	    .bound = 1, .state = DA_STATE_LOCKED };

	memset(&k, 0, sizeof(k));
	give(&k, DA_PART_REPORT, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 7);
	ck_kit(k, TSM_DIGEST_REPORT, DA_UNKNOWN);
	k.ask.ticket = &ticket;
	ck_assert_int_eq(kit_ask(&k), 7);
	/* The TSM's word is what it takes. */
	ticket.hash = DA_HASH_SHA256;
	{
		struct da_hash_value digest = da_hash_of(DA_HASH_SHA256,
		    buf_slice(&b));

		da_digest_set(&ticket.digest[DA_DIGEST_REPORT],
		    DA_HASH_SHA256, da_hash_bytes(&digest));
	}
	ck_assert_int_eq(kit_ask(&k), 0);
}
END_TEST

/* libspdm issue 1816 again, of a count of 32 bits in the smallest report. */
START_TEST(libspdm_1816_counts_do_not_wrap)
{
	static const uint32_t counts[] = { 1, 0x0fffffff, 0x10000000,
	    0x10000001, 0xffffffff };
	struct da_report report;
	struct da_fault fault;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct buf b = { 0 };

		put_fill(&b, 0, 12);
		put32(&b, counts[i]);
		put32(&b, 0);
		ck_assert(!da_report_parse(exact(buf_slice(&b), b.n), &report,
		    &fault));
		ck_fault(fault, DA_F_REPORT_COUNT);
	}
}
END_TEST

/* -- keys and roots -- */

/* spdm-emu, secret library: slot 4's key signed for slot 0. */
START_TEST(spdm_emu_secret_keys_go_by_slot)
{
	EVP_PKEY *slot_0, *slot_4;

	start(0x12);
	slot_0 = k.leaf_key;
	slot_4 = new_key("P-384");
	k.leaf_key = slot_4;	/* who signs; the leaf is slot 0's */
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
	k.exchange.answer = 4;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SLOT, DA_F_SLOT_DIFFERS);
	/* Nor does a chain of slot 4 stand for slot 0. */
	k.leaf_key = slot_0;
	k.exchange.answer = 0;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	k.bundle.slot_known = true;
	k.bundle.slot = 4;
	ck_refused(SLOT, DA_F_SLOT_CHAIN);
	k.bundle.slot = 0;
	verifies();
}
END_TEST

/* nvtrust, right: the evidence's own root is dropped for a pinned one. */
START_TEST(nvtrust_root_of_the_evidence_is_not_trusted)
{
	EVP_PKEY *pinned = new_key("P-384");
	struct cert_plan p = ca_plan("root", pinned, "root", pinned);

	start(0x12);
	k.ask.anchors.der[0] = make_cert(&p);
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	k.bundle.chain_form = DA_CHAIN_DER;
	give(&k, DA_PART_CHAIN, da_slice_of(k.bundle.part[DA_PART_CHAIN].p +
	    52, k.bundle.part[DA_PART_CHAIN].n - 52));
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	k.ask.anchors.der[0] = k.root_der;
	verifies();
}
END_TEST

/* nvtrust: chains had to have five certificates. */
START_TEST(nvtrust_chains_have_any_length)
{
	for (size_t cas = 0; cas <= DA_MAX_CERTS - 2; cas++) {
		char names[DA_MAX_CERTS][8];
		struct da_slice certs[DA_MAX_CERTS];
		EVP_PKEY *above;
		const char *issuer = "root";

		start(0x12);
		above = k.root_key;
		certs[0] = k.root_der;
		for (size_t i = 0; i < cas; i++) {
			EVP_PKEY *key = new_key("P-384");
			struct cert_plan p;

			snprintf(names[i], sizeof(names[i]), "ca%zu", i);
			p = ca_plan(names[i], key, issuer, above);
			certs[i + 1] = make_cert(&p);
			issuer = names[i];
			above = key;
		}
		k.leaf.issuer = issuer;
		k.leaf.signer = above;
		certs[cas + 1] = make_cert(&k.leaf);
		give_chain(certs, cas + 2, k.root_der);
		verifies();
	}
}
END_TEST

/* nvtrust: an unknown type of opaque data was an exception. */
START_TEST(nvtrust_unknown_opaque_types_are_carried)
{
	start(0x11);
	k.exchange.opaque_raw = BYTES("\x03\x00\x04\x00" "1.2\0"
	    "\xff\x7f\x02\x00" "??");
	remake();
	verifies();
	ck_assert(k.claims.has_nvidia && k.claims.nvidia.n == 2);
	/* Below 1.2 they are the vendor's own: no form of theirs is ours. */
	k.exchange.opaque_raw = BYTES("\x03\x00\xff\xff");
	remake();
	verifies();
	ck_assert(!k.claims.has_nvidia);
}
END_TEST

/* nvtrust: of the request only the nonce was looked at. */
START_TEST(nvtrust_the_request_is_looked_at)
{
	struct buf record = { 0 };

	/* One index was asked for, and the answer has another, or more. */
	start(0x12);
	k.exchange.operation = 1;
	remake();
	ck_refused(WELL_FORMED, DA_F_BLOCK_COUNT);
	put_block(&record, 2, 0x84, 0x22, 8);
	set_record(&record, 1);
	ck_refused(WELL_FORMED, DA_F_BLOCK_INDEX);
	/* No signature was asked for, and a nonce that is there is none. */
	start(0x12);
	k.exchange.is_signed = false;
	k.exchange.sig_size = 0;
	give(&k, DA_PART_MEASUREMENTS, transcript());
	ck_refused(SIGNATURE, DA_F_SIGNATURE_ABSENT);
	/* Another one's nonce, with all else right. */
	start(0x12);
	k.exchange.nonce = 0xab;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_refused(NONCE, DA_F_NONCE_DIFFERS);
	/* A reserved bit asks for something that nobody here knows. */
	start(0x12);
	{
		struct buf b = buf_copy(k.bundle.part[DA_PART_MEASUREMENTS]);

		set8(&b, 2, 0x81);
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	}
	ck_refused(WELL_FORMED, DA_F_MEAS_ATTRIBUTE);
}
END_TEST

/* nvtrust: each certificate that verified joined the trusted store. */
START_TEST(nvtrust_no_certificate_becomes_an_anchor)
{
	struct cert_plan middle;
	struct da_chain_memo memo = { 0 };
	struct da_slice certs[2];

	start(0x12);
	middle = plan_middle();
	k.ask.memo = &memo;
	remake_with(&middle);
	verifies();
	certs[0] = make_cert(&middle);
	certs[1] = make_cert(&k.leaf);
	give_chain(certs, 2, certs[0]);	/* the middle as its own root */
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	ck_assert_uint_eq(k.ask.anchors.n, 1);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("lessons_parts");
	TCase *t = tcase_create("lessons_parts");

	tcase_add_test(t, libspdm_6485badd_opaque_lengths_come_first);
	tcase_add_test(t, spdm_rs_c26042c_any_count_of_elements);
	tcase_add_test(t, libspdm_070b4a3b_fields_are_read_by_bytes);
	tcase_add_test(t, spdm_rs_59aa578_no_prefix_is_read_past);
	tcase_add_test(t, spdm_rs_7c61e7e_first_and_last_index);
	tcase_add_test(t, spdm_rs_7c61e7e_first_and_last_slot);
	tcase_add_test(t, libspdm_3277_self_issued_is_not_self_signed);
	tcase_add_test(t, libspdm_3370_self_issued_needs_the_ca_bit);
	tcase_add_test(t, libspdm_ab4c457e_chain_length_is_the_bytes);
	tcase_add_test(t, spdm_rs_df6d38d_length_of_14_has_32_bits);
	tcase_add_test(t, spdm_rs_b595bd4_responder_is_no_requester);
	tcase_add_test(t, spdm_rs_6c507ae_leaf_rules_are_for_the_leaf);
	tcase_add_test(t, libspdm_96a7a396_record_is_the_sum_of_its_blocks);
	tcase_add_test(t, spdm_rs_949aa84_layout_of_a_range);
	tcase_add_test(t, spdm_emu_requester_ranges_are_bounded);
	tcase_add_test(t, spdm_emu_responder_a_report_proves_nothing_itself);
	tcase_add_test(t, libspdm_1816_counts_do_not_wrap);
	tcase_add_test(t, spdm_emu_secret_keys_go_by_slot);
	tcase_add_test(t, nvtrust_root_of_the_evidence_is_not_trusted);
	tcase_add_test(t, nvtrust_chains_have_any_length);
	tcase_add_test(t, nvtrust_unknown_opaque_types_are_carried);
	tcase_add_test(t, nvtrust_the_request_is_looked_at);
	tcase_add_test(t, nvtrust_no_certificate_becomes_an_anchor);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

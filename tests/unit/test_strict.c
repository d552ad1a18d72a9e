/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the field's reference library was seen to accept, row by row of that
 * list; here each is refused, by the check that it belongs to.
 */
#include "strict.h"

/* Its backend sets no-check-time; its own check asks for 1970 to 9999 only. */
START_TEST(libspdm_accepts_expired_leaf)
{
	start(0x12);
	k.leaf.to = k.ask.at - 1;
	remake();
	ck_refused(VALIDITY, DA_F_EXPIRED);
	/* Without a time it is not known, which is no yes either. */
	k.ask.has_time = false;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, VALIDITY, DA_UNKNOWN);
}
END_TEST

/* Links are verified pairwise there, never as a path. */
START_TEST(libspdm_accepts_exceeded_path_length)
{
	struct cert_plan middle;

	start(0x12);
	middle = plan_middle();
	remake_with(&middle);
	verifies();
	k.root.path_length = 0;
	remake_with(&middle);
	ck_refused(CHAIN, DA_F_PATH_LENGTH);
}
END_TEST

/* OpenSSL reads an absent keyUsage as all bits. */
START_TEST(libspdm_accepts_leaf_without_key_usage)
{
	start(0x12);
	k.leaf.key_usage = -1;
	remake();
	ck_refused(LEAF_PROFILE, DA_F_LEAF_KEY_USAGE);
}
END_TEST

/* Its authority check returns true where nothing was provisioned. */
START_TEST(libspdm_accepts_without_an_anchor)
{
	start(0x12);
	k.ask.anchors.n = 0;
	ck_refused(CHAIN, DA_F_NO_ANCHOR);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

/* A warning there, which the error macro does not catch. */
START_TEST(libspdm_warns_of_another_root)
{
	EVP_PKEY *other = new_key("P-384");
	struct cert_plan stranger = ca_plan("root", other, "root", other);

	start(0x12);
	k.ask.anchors.der[0] = make_cert(&stranger);
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

START_TEST(libspdm_accepts_too_large_a_number_of_blocks)
{
	struct buf record = { 0 };

	start(0x12);
	put_block(&record, 1, 0x00, 0x11, 48);
	set_record(&record, 1);
	verifies();
	set_record(&record, 2);
	ck_refused(WELL_FORMED, DA_F_BLOCK_COUNT);
	set_record(&record, 0);
	ck_refused(WELL_FORMED, DA_F_BLOCK_COUNT);
}
END_TEST

START_TEST(libspdm_accepts_an_index_twice)
{
	struct buf record = { 0 };

	start(0x12);
	put_block(&record, 1, 0x00, 0x11, 48);
	put_block(&record, 1, 0x00, 0x22, 48);
	set_record(&record, 2);
	ck_refused(WELL_FORMED, DA_F_BLOCK_TWICE);
	/* The same value is the same index, too. */
	record.n = 0;
	put_block(&record, 1, 0x00, 0x11, 48);
	put_block(&record, 1, 0x00, 0x11, 48);
	set_record(&record, 2);
	ck_refused(WELL_FORMED, DA_F_BLOCK_TWICE);
}
END_TEST

/* DMTF's ValueSize is not looked at beside MeasurementSize. */
START_TEST(libspdm_does_not_compare_value_size)
{
	static const int off[] = { -1, 1 };

	for (size_t i = 0; i < 2; i++) {
		struct buf record = { 0 };

		start(0x12);
		put_block(&record, 2, 0x84, 0x22, 8);
		set_le(&record, 5, (uint64_t)(8 + off[i]), 2);
		set_record(&record, 1);
		ck_refused(WELL_FORMED, DA_F_BLOCK_SIZE);
	}
}
END_TEST

/* Count 1, one element of 8 bytes, four bytes that nobody counts. */
START_TEST(libspdm_does_not_look_behind_the_last_element)
{
	start(0x12);
	k.exchange.opaque_raw = BYTES("\1\0\0\0" "\0\0\4\0dddd");
	remake();
	verifies();
	k.exchange.opaque_raw = BYTES("\1\0\0\0" "\0\0\4\0dddd" "\0\0\0\0");
	remake();
	ck_refused(WELL_FORMED, DA_F_OPAQUE_FORM);
}
END_TEST

/* Transports pad to 4; here nothing covers such bytes, and they are refused. */
START_TEST(libspdm_ignores_bytes_behind_the_signature)
{
	for (size_t n = 1; n <= 4; n++) {
		start(0x12);
		append(DA_PART_MEASUREMENTS, da_slice_of("\0\0\0\0", n));
		ck_refused(WELL_FORMED, DA_F_TRAILING);
	}
}
END_TEST

/* MEAS_CAP 01 is a success there, and the caller must know. */
START_TEST(libspdm_accepts_unsigned_measurements)
{
	start(0x12);
	k.exchange.is_signed = false;
	k.exchange.sig_size = 0;
	give(&k, DA_PART_MEASUREMENTS, transcript());
	ck_refused(SIGNATURE, DA_F_SIGNATURE_ABSENT);
	ck_kit(k, NONCE, DA_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

/* There a bad signature wins over bad blocks; here they are not even read. */
START_TEST(libspdm_checks_blocks_after_the_signature)
{
	struct buf record = { 0 };

	start(0x12);
	put_block(&record, 0, 0x7f, 0x11, 48);
	k.exchange.record = buf_slice(&record);
	k.exchange.n_blocks = 1;
	give_signed(transcript(), kit_message(&k, BYTES("other bytes")));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
	ck_kit(k, WELL_FORMED, DA_HOLDS);	/* as far as stage one reads */
	ck_assert(!k.claims.has_blocks);
}
END_TEST

START_TEST(libspdm_passes_an_unknown_value_type)
{
	for (unsigned int kind = DA_MEAS_KINDS; kind < 0x80; kind++) {
		struct buf record = { 0 };

		start(0x12);
		put_block(&record, 1, kind, 0x11, 48);
		set_record(&record, 1);
		ck_refused(WELL_FORMED, DA_F_BLOCK_KIND);
		kind += 20;
	}
}
END_TEST

/* RootHash is compared there only where an anchor is provisioned. */
START_TEST(libspdm_compares_root_hash_with_an_anchor_only)
{
	struct da_slice leaf;

	start(0x12);
	leaf = make_cert(&k.leaf);
	give_chain(&leaf, 1, k.root_der);
	verifies();			/* the root itself was left out */
	give_chain(&leaf, 1, leaf);
	ck_refused(CHAIN, DA_F_ROOT_UNKNOWN);
	k.ask.anchors.n = 0;
	ck_refused(CHAIN, DA_F_NO_ANCHOR);
	/* And with the root in front of it RootHash must be the root's. */
	start(0x12);
	give_chain((const struct da_slice[]){ k.root_der, leaf }, 2, leaf);
	ck_refused(CHAIN, DA_F_ROOT_HASH);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("strict");
	TCase *t = tcase_create("strict");

	tcase_add_test(t, libspdm_accepts_expired_leaf);
	tcase_add_test(t, libspdm_accepts_exceeded_path_length);
	tcase_add_test(t, libspdm_accepts_leaf_without_key_usage);
	tcase_add_test(t, libspdm_accepts_without_an_anchor);
	tcase_add_test(t, libspdm_warns_of_another_root);
	tcase_add_test(t, libspdm_accepts_too_large_a_number_of_blocks);
	tcase_add_test(t, libspdm_accepts_an_index_twice);
	tcase_add_test(t, libspdm_does_not_compare_value_size);
	tcase_add_test(t, libspdm_does_not_look_behind_the_last_element);
	tcase_add_test(t, libspdm_ignores_bytes_behind_the_signature);
	tcase_add_test(t, libspdm_accepts_unsigned_measurements);
	tcase_add_test(t, libspdm_checks_blocks_after_the_signature);
	tcase_add_test(t, libspdm_passes_an_unknown_value_type);
	tcase_add_test(t, libspdm_compares_root_hash_with_an_anchor_only);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

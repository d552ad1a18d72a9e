/* SPDX-License-Identifier: Apache-2.0 */
/* From a bundle to evidence: what belongs together, and who says what. */
#include "kit.h"
#include "verifier/sig.h"

static struct kit k;
static struct da_fault fault;

static void
start(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_make(&k);
}

static bool
read_it(void)
{
	memset(&fault, 0, sizeof(fault));
	return da_evidence_read(&k.bundle, k.ask.assumed, &k.evidence, &fault);
}

static void
refused(enum da_why why, enum da_part part)
{
	ck_assert(!read_it());
	ck_fault(fault, why);
	ck_assert_str_eq(da_part_name(fault.part), da_part_name(part));
}

START_TEST(versions)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		start((uint8_t)v);
		ck_assert(read_it());
		ck_assert_uint_eq(k.evidence.version, v);
		ck_assert(k.evidence.has_vca && k.evidence.has_chain &&
		    k.evidence.has_meas);
		ck_assert(k.evidence.algs_signed == (v >= 0x12));
		ck_assert_int_eq(k.evidence.algs.asym, DA_ASYM_ECDSA_P384);
		ck_assert_int_eq(k.evidence.algs.hash, DA_HASH_SHA384);
		ck_assert_uint_eq(k.evidence.chain.n, 2);
		ck_assert_uint_eq(k.evidence.meas.n, 1);
		ck_assert(k.evidence.meas.is_signed);
	}
}
END_TEST

START_TEST(without_a_vca)
{
	struct da_algs algs = { DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };

	for (unsigned int v = 0x10; v <= 0x14; v++) {
		start((uint8_t)v);
		take_away(&k, DA_PART_VCA);
		k.ask.assumed = &algs;
		if (v <= 0x11) {
			ck_assert(read_it());
			ck_assert_uint_eq(k.evidence.version, v);
			ck_assert(!k.evidence.algs_signed);
			k.ask.assumed = NULL;
			refused(DA_F_ALG_UNKNOWN, DA_PART_MEASUREMENTS);
		} else {
			refused(DA_F_VCA_ABSENT, DA_PART_MEASUREMENTS);
		}
	}
	start(0x11);
	take_away(&k, DA_PART_VCA);
	give(&k, DA_PART_MEASUREMENTS, BYTES("\x21\xe0\x00\x00"));
	refused(DA_F_MEAS_VERSION, DA_PART_MEASUREMENTS);
	give(&k, DA_PART_MEASUREMENTS, BYTES("\x15\xe0\x00\x00"));
	refused(DA_F_VERSION_UNSUPPORTED, DA_PART_MEASUREMENTS);
}
END_TEST

static void
asked_with(uint8_t version, enum da_asym asym, enum da_hash hash,
    enum da_hash meas_hash)
{
	static struct da_algs algs;

	algs = (struct da_algs){ asym, hash, meas_hash };
	start(version);
	take_away(&k, DA_PART_VCA);
	k.ask.assumed = &algs;
}

/* A word that cannot be kept is refused by its name, and before any parsing. */
START_TEST(algorithms_that_the_asker_names)
{
	static const enum da_asym later[] = { DA_ASYM_ED25519, DA_ASYM_ED448,
	    DA_ASYM_SM2, DA_ASYM_MLDSA_44, DA_ASYM_MLDSA_87,
	    DA_ASYM_SLHDSA_SHA2_128S, DA_ASYM_SLHDSA_SHAKE_256F };

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		for (unsigned int v = 0x10; v <= 0x11; v++) {
			asked_with((uint8_t)v, later[i], DA_HASH_SHA384,
			    DA_HASH_SHA384);
			refused(DA_F_ALG_UNSUPPORTED, DA_PART_MEASUREMENTS);
			take_away(&k, DA_PART_MEASUREMENTS);
			/* A chain has no version: what can be asked may be. */
			if (da_sig_can(later[i]))
				ck_assert(read_it());
			else
				refused(DA_F_ALG_UNSUPPORTED, DA_PART_CHAIN);
		}
	asked_with(0x11, DA_ASYM_ECDSA_P384, DA_HASH_SM3, DA_HASH_SHA384);
	refused(DA_F_ALG_UNSUPPORTED, DA_PART_MEASUREMENTS);
	asked_with(0x11, DA_ASYM_ECDSA_P384, DA_HASH_SHA384, DA_HASH_SM3);
	refused(DA_F_ALG_UNSUPPORTED, DA_PART_MEASUREMENTS);
	asked_with(0x11, DA_ASYM_ECDSA_P384, DA_HASH_SHA384, DA_HASH_NONE);
	ck_assert(read_it());
	/* From 1.2 on nobody's word will do, whatever it is. */
	asked_with(0x12, DA_ASYM_MLDSA_44, DA_HASH_SHA384, DA_HASH_SHA384);
	refused(DA_F_VCA_ABSENT, DA_PART_MEASUREMENTS);
}
END_TEST

/* A chain of more than 64 KiB is SPDM 1.4's, or of nobody's version. */
START_TEST(chains_of_more_than_16_bits)
{
	struct buf big = { 0 }, ext = { 0 };

	put_fill(&big, 0x5a, DA_MAX_CHAIN_13);
	put_bytes(&ext, "\x04\x82", 2);
	put8(&ext, 0xff);
	put8(&ext, 0xff);
	put_slice(&ext, buf_slice(&big));
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		kit_start(&k, (uint8_t)v, &kit_p384);
		add_extra(&k.leaf, "1.2.3.4", false, buf_slice(&ext));
		kit_make(&k);
		ck_assert_uint_gt(k.bundle.part[DA_PART_CHAIN].n,
		    DA_MAX_CHAIN_13);
		if (v == 0x14)
			ck_assert_int_eq(kit_ask(&k), 0);
		else
			refused(DA_F_TOO_LONG, DA_PART_CHAIN);
		ck_assert(v == 0x14 || fault.offset == DA_MAX_CHAIN_13);
		take_away(&k, DA_PART_VCA);
		take_away(&k, DA_PART_MEASUREMENTS);
		ck_assert(read_it());
	}
}
END_TEST

START_TEST(vca_goes_before_what_is_assumed)
{
	struct da_algs algs = { DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
	    DA_HASH_SHA256 };

	start(0x11);
	k.ask.assumed = &algs;
	ck_assert(read_it());
	ck_assert_int_eq(k.evidence.algs.asym, DA_ASYM_ECDSA_P384);
}
END_TEST

START_TEST(vca_that_is_none)
{
	start(0x11);
	give(&k, DA_PART_VCA, da_slice_of(k.vca_raw.p, k.vca_raw.n - 1));
	refused(DA_F_SHORT, DA_PART_VCA);
	give(&k, DA_PART_VCA, k.bundle.part[DA_PART_MEASUREMENTS]);
	refused(DA_F_VCA_CODE, DA_PART_VCA);
}
END_TEST

START_TEST(vca_of_another_version)
{
	struct da_slice measurements;

	start(0x13);
	measurements = k.bundle.part[DA_PART_MEASUREMENTS];
	start(0x12);
	give(&k, DA_PART_MEASUREMENTS, measurements);
	refused(DA_F_VCA_OTHER, DA_PART_MEASUREMENTS);
}
END_TEST

START_TEST(log_with_the_vca_in_front)
{
	struct buf log = { 0 };

	start(0x12);
	put_slice(&log, k.bundle.part[DA_PART_VCA]);
	put_slice(&log, k.bundle.part[DA_PART_MEASUREMENTS]);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&log));
	k.bundle.shape = DA_SHAPE_LOG;
	refused(DA_F_VCA_TWICE, DA_PART_VCA);
	take_away(&k, DA_PART_VCA);
	ck_assert(read_it());
	ck_assert(k.evidence.has_vca);
	ck_assert(da_slice_eq(k.evidence.vca.raw, k.vca_raw));
	ck_assert_uint_eq(k.evidence.exchanges.n, log.n - k.vca_raw.n);
	/* Offsets are the part's. */
	log.p[k.vca_raw.n + 1] = 0x7f;
	refused(DA_F_MEAS_CODE, DA_PART_MEASUREMENTS);
	ck_assert_uint_eq(fault.offset, k.vca_raw.n + 1);
	log.p[1] = 0x7f;
	refused(DA_F_VCA_CODE, DA_PART_MEASUREMENTS);
	/* Nothing follows. */
	give(&k, DA_PART_MEASUREMENTS, k.vca_raw);
	refused(DA_F_EMPTY, DA_PART_MEASUREMENTS);
}
END_TEST

START_TEST(response_alone)
{
	struct da_slice s;

	start(0x12);
	s = k.bundle.part[DA_PART_MEASUREMENTS];
	give(&k, DA_PART_MEASUREMENTS, da_slice_of(s.p + 37, s.n - 37));
	k.bundle.shape = DA_SHAPE_RESPONSE;
	refused(DA_F_MEAS_NO_REQUEST, DA_PART_MEASUREMENTS);
	k.bundle.shape = DA_SHAPE_PAIRS;
	refused(DA_F_MEAS_NO_REQUEST, DA_PART_MEASUREMENTS);
}
END_TEST

START_TEST(chain_is_needed)
{
	start(0x12);
	take_away(&k, DA_PART_CHAIN);
	refused(DA_F_CHAIN_ABSENT, DA_PART_CHAIN);
	/* A chain alone may be read; a VCA says its hash. */
	start(0x12);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert(read_it());
	ck_assert(!k.evidence.has_meas);
	take_away(&k, DA_PART_VCA);
	ck_assert(read_it());
	ck_assert(!k.evidence.has_vca);
	ck_assert_int_eq(k.evidence.chain.hash, DA_HASH_SHA384);
}
END_TEST

START_TEST(empty_and_too_long)
{
	static const struct {
		enum da_part part;
		size_t cap;
	} caps[] = { { DA_PART_CHAIN, DA_MAX_CHAIN },
	    { DA_PART_VCA, DA_MAX_VCA },
	    { DA_PART_MEASUREMENTS, DA_MAX_MEAS },
	    { DA_PART_REPORT, DA_MAX_REPORT } };
	struct buf b = { 0 };

	put_fill(&b, 0, DA_MAX_MEAS + 1);
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		start(0x12);
		give(&k, caps[i].part, da_slice_of(b.p, 0));
		refused(DA_F_EMPTY, caps[i].part);
		give(&k, caps[i].part, da_slice_of(b.p, caps[i].cap + 1));
		refused(DA_F_TOO_LONG, caps[i].part);
	}
}
END_TEST

START_TEST(negotiation)
{
	start(0x12);
	k.vca.asym_offer = k.vca.asym_sel = 0x80000000;
	kit_make(&k);
	refused(DA_F_ALG_UNSUPPORTED, DA_PART_VCA);
	start(0x12);
	k.vca.asym_offer = 0x10;
	kit_make(&k);
	refused(DA_F_ALG_NOT_OFFERED, DA_PART_VCA);
	/* Measurements without an agreement on how they are hashed. */
	start(0x12);
	k.vca.spec_sel = 0;
	kit_make(&k);
	refused(DA_F_ALG_NONE, DA_PART_VCA);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert(read_it());
}
END_TEST

START_TEST(report_is_not_read_here)
{
	start(0x12);
	give(&k, DA_PART_REPORT, da_slice_of("garbage", 7));
	ck_assert(read_it());
	take_away(&k, DA_PART_CHAIN);
	take_away(&k, DA_PART_VCA);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert(read_it());
	ck_assert_uint_eq(k.evidence.version, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evidence");
	TCase *t = tcase_create("evidence");

	tcase_add_test(t, versions);
	tcase_add_test(t, without_a_vca);
	tcase_add_test(t, algorithms_that_the_asker_names);
	tcase_add_test(t, chains_of_more_than_16_bits);
	tcase_add_test(t, vca_goes_before_what_is_assumed);
	tcase_add_test(t, vca_that_is_none);
	tcase_add_test(t, vca_of_another_version);
	tcase_add_test(t, log_with_the_vca_in_front);
	tcase_add_test(t, response_alone);
	tcase_add_test(t, chain_is_needed);
	tcase_add_test(t, empty_and_too_long);
	tcase_add_test(t, negotiation);
	tcase_add_test(t, report_is_not_read_here);
	suite_add_tcase(s, t);
	return run_suite(s);
}

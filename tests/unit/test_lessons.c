/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where others fell: one test for each known bug of libspdm, spdm-rs, spdm-emu
 * and nvtrust, named after it, through our own entries.  Bugs of one kind share
 * a test, whose comment names them all.  Here: messages, transcripts and what
 * is negotiated; test_lessons_parts.c has what stands in them.  (nvtrust c4dc1ef
 * and 3e57ab1 replaced dependencies, and teach nothing about evidence.)
 */
#include "build_challenge.h"
#include "strict.h"
#include "verifier/sig.h"

/* A message of SPDM's with nothing in it that a reader would miss. */
static struct da_slice
message(uint8_t version, uint8_t code)
{
	struct buf b = { 0 };

	put_head(&b, version, code, 1, 0);
	put_fill(&b, 0, 60);
	return buf_slice(&b);
}

/* -- CHALLENGE, by DSP0274; written without the verifier -- */

/* What a responder signs: A is the VCA, B what lies between, C the exchange. */
static struct da_slice
challenge_message(struct da_slice between, struct da_slice exchange)
{
	struct da_slice m1m2[] = { k.vca_raw, between, exchange };
	struct da_hash_value h = da_hash_all(k.algs.hash, m1m2, 3);
	struct buf m = { 0 };

	for (int i = 0; i < 4; i++)
		put_bytes(&m, "dmtf-spdm-v1.2.*", 16);
	put_bytes(&m, "\0\0\0\0responder-challenge_auth signing", 36);
	put_slice(&m, da_hash_bytes(&h));
	return buf_slice(&m);
}

/* CHALLENGE of slot 0 with `between` given, and M1/M2 over `covered`. */
static void
give_challenge(struct da_slice between, struct da_slice covered)
{
	static uint8_t nonce[DA_NONCE];
	struct da_hash_value chain = da_hash_of(k.algs.hash,
	    k.bundle.part[DA_PART_CHAIN]);
	struct challenge_plan p = { .version = 0x12, .nonce = 0xc1, .mask = 1,
	    .chain_hash = da_hash_bytes(&chain) };
	struct buf b = { 0 };

	memset(nonce, p.nonce, sizeof(nonce));
	k.ask.challenge_nonce = da_slice_of(nonce, sizeof(nonce));
	put_challenge(&b, &p);
	put_slice(&b, sign_raw(k.leaf_key, k.algs.md, challenge_message(covered,
	    buf_slice(&b)), 48));
	give(&k, DA_PART_CHALLENGE, exact(buf_slice(&b), b.n));
	take_away(&k, DA_PART_BETWEEN);
	if (between.n > 0)
		give(&k, DA_PART_BETWEEN, exact(between, between.n));
}

static struct da_slice
digests(void)
{
	struct da_hash_value chain = da_hash_of(k.algs.hash,
	    k.bundle.part[DA_PART_CHAIN]);
	struct digests_plan p = { .version = 0x12, .provisioned = 1,
	    .digest = { da_hash_bytes(&chain) } };
	struct buf b = { 0 };

	put_digests(&b, &p);
	return buf_slice(&b);
}

/* GET_CERTIFICATE and its answer; sizes as they are said. */
static struct da_slice
certificate(uint32_t portion, uint32_t remainder)
{
	struct portion_plan p = { .version = 0x12, .ask = portion,
	    .portion = portion, .remainder = remainder };
	struct buf b = { 0 };

	put_portion(&b, &p, k.bundle.part[DA_PART_CHAIN]);
	return buf_slice(&b);
}

/* -- one transcript, one flow -- */

/* In CHALLENGE's place, and between it and the VCA. */
static void
refused_at_challenge(uint8_t code)
{
	struct da_slice nothing = { NULL, 0 };
	struct buf b;

	start(0x12);
	give_challenge(nothing, nothing);
	verifies();
	b = buf_copy(k.bundle.part[DA_PART_CHALLENGE]);
	set8(&b, 1, code);
	give(&k, DA_PART_CHALLENGE, buf_slice(&b));
	ck_refused(WELL_FORMED, DA_F_CHALLENGE_CODE);
	start(0x12);
	b = buf_copy(digests());
	put_slice(&b, message(0x12, code));
	give_challenge(buf_slice(&b), buf_slice(&b));
	ck_refused(WELL_FORMED, DA_F_BETWEEN_CODE);
}

/* Where the evidence has messages: behind the VCA, before and behind L1/L2. */
static void
refused_everywhere(uint8_t code)
{
	struct buf b;

	start(0x12);
	append(DA_PART_VCA, message(0x12, code));
	ck_refused(WELL_FORMED, DA_F_TRAILING);
	start(0x12);
	append(DA_PART_MEASUREMENTS, message(0x12, code));
	ck_refused(WELL_FORMED, DA_F_TRAILING);
	start(0x12);
	put_slice(&k.before, message(0x12, code));
	remake();
	ck_refused(WELL_FORMED, DA_F_MEAS_CODE);
	start(0x12);
	b = buf_copy(k.vca_raw);
	set8(&b, b.n - 51, code);	/* ALGORITHMS */
	give(&k, DA_PART_VCA, buf_slice(&b));
	ck_refused(WELL_FORMED, DA_F_VCA_CODE);
	refused_at_challenge(code);
}

/* libspdm: KEY_EXCHANGE began, PSK_FINISH ended, and nobody was proved. */
START_TEST(cve_2023_31127_modes_do_not_mix)
{
	static const uint8_t sessions[] = { 0xe4, 0x64, 0xe5, 0x65, 0xe6,
	    0x66, 0xe7, 0x67, 0xea, 0xec };

	for (size_t i = 0; i < sizeof(sessions); i++)
		refused_everywhere(sessions[i]);
}
END_TEST

/* libspdm 713e32c0: lengths of GET_CSR; it is no evidence here. */
START_TEST(libspdm_713e32c0_get_csr_is_no_evidence)
{
	refused_everywhere(0xed);
	refused_everywhere(0x6d);
}
END_TEST

/* libspdm 140c30cb, ed3e1c25: DIGESTS joined a transcript by its type. */
START_TEST(libspdm_140c30cb_membership_is_by_position)
{
	struct da_slice nothing = { NULL, 0 }, b;

	refused_everywhere(0x81);
	refused_everywhere(0x01);
	refused_everywhere(0x02);
	/* Where its place is, M1/M2 has it; and nowhere else has it been. */
	start(0x12);
	b = digests();
	give_challenge(b, b);
	verifies();
	ck_kit(k, CHALLENGE, DA_HOLDS);
	give_challenge(b, nothing);
	ck_refused(CHALLENGE, DA_F_CHALLENGE_WRONG);
	give_challenge(nothing, b);
	ck_refused(CHALLENGE, DA_F_CHALLENGE_WRONG);
}
END_TEST

/* -- numbers that a device chooses -- */

/* libspdm before 2.3.3, spdm-rs 724a07c: a shift by CTExponent. */
START_TEST(cve_2023_32690_ctexponent_is_not_used)
{
	static const uint8_t exponents[] = { 0, 31, 32, 63, 64, 255 };
	struct da_vca first, other;
	struct vca_plan p = vca_plan(0x12);
	struct vca_at at;
	struct da_fault fault;

	for (size_t i = 0; i < sizeof(exponents); i++) {
		struct buf b = build_vca(&p, &at);

		set8(&b, at.get_caps + 5, exponents[i]);
		set8(&b, at.caps + 5, exponents[i]);
		ck_assert(da_vca_parse(buf_slice(&b), &other, &fault));
		other.raw = da_slice_of(NULL, 0);
		if (i == 0)
			first = other;
		ck_assert_mem_eq(&other, &first, sizeof(first));
	}
}
END_TEST

/* libspdm issue 1816: portion and remainder, 16 bits each, wrapped to 0. */
START_TEST(libspdm_1816_lengths_do_not_wrap)
{
	struct buf b;
	size_t at;

	/* The record's 24 bits, and the opaque data's 16. */
	start(0x12);
	b = buf_copy(k.bundle.part[DA_PART_MEASUREMENTS]);
	at = 37 + 5;
	set_le(&b, at, 0xffffff, 3);
	give(&k, DA_PART_MEASUREMENTS, exact(buf_slice(&b), b.n));
	ck_refused(WELL_FORMED, DA_F_SHORT);
	start(0x12);
	b = buf_copy(k.bundle.part[DA_PART_MEASUREMENTS]);
	at = 37 + 8 + k.exchange.record.n + 32;
	set_le(&b, at, 0xffff, 2);
	give(&k, DA_PART_MEASUREMENTS, exact(buf_slice(&b), b.n));
	ck_refused(WELL_FORMED, DA_F_MEAS_OPAQUE);
	/* ALGORITHMS' Length and the chain's. */
	start(0x12);
	b = buf_copy(k.vca_raw);
	set_le(&b, b.n - 52 + 4, 0xffff, 2);
	give(&k, DA_PART_VCA, exact(buf_slice(&b), b.n));
	ck_refused(WELL_FORMED, DA_F_VCA_LENGTH);
	start(0x12);
	b = buf_copy(k.bundle.part[DA_PART_CHAIN]);
	set_le(&b, 0, 0xffff, 2);
	give(&k, DA_PART_CHAIN, exact(buf_slice(&b), b.n));
	ck_refused(WELL_FORMED, DA_F_CHAIN_LENGTH);
}
END_TEST

/* That bug itself: the whole chain, of 65,536 bytes, was none. */
START_TEST(libspdm_1816_portions_do_not_wrap)
{
	struct da_slice b;

	start(0x12);
	b = certificate((uint32_t)k.bundle.part[DA_PART_CHAIN].n, 0);
	give_challenge(b, b);
	verifies();
	ck_kit(k, CHALLENGE, DA_HOLDS);
	b = certificate(4, 0xfffc);
	give_challenge(b, b);
	ck_refused(WELL_FORMED, DA_F_BETWEEN_FORM);
	b = certificate(0, 0);
	give_challenge(b, b);
	ck_refused(WELL_FORMED, DA_F_BETWEEN_FORM);
}
END_TEST

/* -- what is hashed -- */

/* libspdm c2e16733: the VCA was hashed once an exchange. */
START_TEST(libspdm_c2e16733_vca_is_hashed_once)
{
	struct exchange_plan first;
	struct da_slice parts[3];
	struct buf b = { 0 }, sent;

	start(0x12);
	first = k.exchange;
	first.is_signed = false;
	put_exchange(&k.before, &first);
	remake();
	verifies();
	/* Signed with the VCA once more in front of the second. */
	parts[0] = buf_slice(&k.before);
	parts[1] = k.vca_raw;
	parts[2] = transcript();
	for (size_t i = 0; i < 3; i++)
		put_slice(&b, parts[i]);
	sent = buf_copy(parts[0]);
	put_slice(&sent, parts[2]);
	give_signed(buf_slice(&sent), kit_message(&k, buf_slice(&b)));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
}
END_TEST

/* libspdm 309e79d2, c93c2284, 8ec93790: a buffer's length, opaque left out. */
START_TEST(libspdm_309e79d2_exactly_the_message_is_hashed)
{
	struct da_slice sent;
	struct buf longer, shorter = { 0 };
	size_t at;

	start(0x12);
	sent = transcript();
	give_signed(sent, kit_message(&k, sent));
	verifies();
	longer = buf_copy(sent);
	put_fill(&longer, 0, 16);
	give_signed(sent, kit_message(&k, buf_slice(&longer)));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
	give_signed(sent, kit_message(&k, da_slice_of(sent.p, sent.n - 1)));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
	at = sent.n - k.exchange.opaque;
	put_bytes(&shorter, sent.p, at);
	give_signed(sent, kit_message(&k, buf_slice(&shorter)));
	ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
}
END_TEST

/* spdm-rs 043291a: the prefix said 1.2 in a connection of 1.3. */
START_TEST(spdm_rs_043291a_prefix_has_the_negotiated_version)
{
	for (uint8_t version = 0x12; version <= 0x14; version++)
		for (uint8_t said = 0x12; said <= 0x14; said++) {
			struct kit other;

			start(version);
			other = k;
			other.version = said;
			give_signed(transcript(), kit_message(&other,
			    transcript()));
			if (said == version)
				verifies();
			else
				ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
		}
}
END_TEST

/* spdm-rs 14aaf00: ML-DSA was verified with an empty context. */
START_TEST(spdm_rs_14aaf00_context_stands_beside_the_message)
{
	static const struct kit_algs algs[] = {
		{ DA_ASYM_MLDSA_65, DA_HASH_SHA384, NULL, "SHA384" },
		{ DA_ASYM_ED448, DA_HASH_SHA512, NULL, "SHA512" },
	};
	const struct da_slice none = { NULL, 0 };

	for (size_t i = 0; i < 2; i++) {
		struct buf b;

		if (!da_sig_can(algs[i].asym)) {
			fprintf(stderr, "SKIPPED: %s: not in this OpenSSL\n",
			    da_asym_alg(algs[i].asym)->name);
			continue;
		}
		kit_start(&k, 0x14, &algs[i]);
		remake();
		verifies();
		b = buf_copy(transcript());
		put_slice(&b, sign_message(k.leaf_key, none,
		    kit_message(&k, transcript())));
		give(&k, DA_PART_MEASUREMENTS, exact(buf_slice(&b), b.n));
		ck_refused(SIGNATURE, DA_F_SIGNATURE_WRONG);
	}
}
END_TEST

/* -- what was negotiated -- */

static void
caps_are(bool requesters, uint32_t caps, bool alias)
{
	struct vca_plan p = vca_plan(0x12);
	struct da_fault fault;
	struct da_vca vca;
	struct vca_at at;
	struct buf b = build_vca(&p, &at);

	set_le(&b, (requesters ? at.get_caps : at.caps) + 8, caps, 4);
	ck_assert(da_vca_parse(buf_slice(&b), &vca, &fault));
	ck_assert_int_eq((vca.responder_caps & DA_CAP_ALIAS_CERT) != 0, alias);
}

/* libspdm 67528757: its own capabilities were taken for the peer's. */
START_TEST(libspdm_67528757_each_end_speaks_for_itself)
{
	caps_are(true, DA_CAP_ALIAS_CERT, false);
	caps_are(false, DA_CAP_ALIAS_CERT, true);
	/* What was offered is not yet selected. */
	start(0x12);
	k.vca.asym_offer = 0xffffffff;
	k.vca.hash_offer = 0xffffffff;
	remake();
	verifies();
	ck_assert_int_eq(k.evidence.algs.asym, DA_ASYM_ECDSA_P384);
	ck_assert_int_eq(k.evidence.algs.hash, DA_HASH_SHA384);
}
END_TEST

/* spdm-rs cb5655c: a device may select less than it was offered, no more. */
START_TEST(spdm_rs_cb5655c_selection_inside_offer)
{
	start(0x12);
	k.vca.asym_offer = 0x10;
	remake();
	ck_refused(ALGORITHMS, DA_F_ALG_NOT_OFFERED);
	start(0x12);
	k.vca.hash_offer = 0x01;
	remake();
	ck_refused(ALGORITHMS, DA_F_ALG_NOT_OFFERED);
	start(0x12);
	k.vca.spec_offer = 0;
	remake();
	ck_refused(ALGORITHMS, DA_F_ALG_NOT_OFFERED);
}
END_TEST

/* spdm-rs 893d100: PqcAsymSel below 1.4 stood in reserved bytes. */
START_TEST(spdm_rs_893d100_reserved_bytes_select_nothing)
{
	for (uint8_t version = 0x10; version <= 0x13; version++) {
		start(version);
		k.vca.pqc_sel = 2;
		remake();
		verifies();
		ck_assert_int_eq(k.evidence.algs.asym, DA_ASYM_ECDSA_P384);
		k.vca.pqc_offer = 2;
		k.vca.asym_sel = 0;
		remake();
		if (version < 0x12)
			ck_assert_int_ne(kit_ask(&k), 0);
		ck_refused(ALGORITHMS, DA_F_ALG_NONE);
	}
	start(0x14);
	k.vca.pqc_sel = k.vca.pqc_offer = 2;
	remake();
	ck_refused(ALGORITHMS, DA_F_ALG_MANY);
}
END_TEST

/* spdm-rs 305cdbb: SHA3 was missing from a mask; every bit of both. */
START_TEST(spdm_rs_305cdbb_every_bit_of_every_hash)
{
	for (unsigned int h = 1; h < DA_HASH_COUNT; h++) {
		const struct da_hash_alg *alg = da_hash_alg((enum da_hash)h);
		struct vca_plan p = vca_plan(0x12);
		struct da_fault fault;
		struct da_algs algs;
		struct da_vca vca;
		struct vca_at at;
		struct buf b;

		ck_assert_uint_eq(alg->meas_bit, alg->base_bit << 1);
		p.hash_sel = p.hash_offer = alg->base_bit;
		p.meas_hash_sel = alg->meas_bit;
		b = build_vca(&p, &at);
		ck_assert(da_vca_parse(buf_slice(&b), &vca, &fault));
		if (!da_hash_can((enum da_hash)h)) {
			fprintf(stderr, "SKIPPED: %s: not in this OpenSSL\n",
			    alg->name);
			continue;
		}
		ck_assert(da_vca_algs(&vca, &algs, &fault));
		ck_assert_uint_eq(algs.hash, h);
		ck_assert_uint_eq(algs.meas_hash, h);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("lessons");
	TCase *t = tcase_create("lessons");

	tcase_add_test(t, cve_2023_31127_modes_do_not_mix);
	tcase_add_test(t, libspdm_713e32c0_get_csr_is_no_evidence);
	tcase_add_test(t, libspdm_140c30cb_membership_is_by_position);
	tcase_add_test(t, cve_2023_32690_ctexponent_is_not_used);
	tcase_add_test(t, libspdm_1816_lengths_do_not_wrap);
	tcase_add_test(t, libspdm_1816_portions_do_not_wrap);
	tcase_add_test(t, libspdm_c2e16733_vca_is_hashed_once);
	tcase_add_test(t, libspdm_309e79d2_exactly_the_message_is_hashed);
	tcase_add_test(t, spdm_rs_043291a_prefix_has_the_negotiated_version);
	tcase_add_test(t, spdm_rs_14aaf00_context_stands_beside_the_message);
	tcase_add_test(t, libspdm_67528757_each_end_speaks_for_itself);
	tcase_add_test(t, spdm_rs_cb5655c_selection_inside_offer);
	tcase_add_test(t, spdm_rs_893d100_reserved_bytes_select_nothing);
	tcase_add_test(t, spdm_rs_305cdbb_every_bit_of_every_hash);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return run_suite(suite());
}

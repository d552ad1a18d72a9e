/* SPDX-License-Identifier: Apache-2.0 */
/* What ALGORITHMS selects: one known bit each, inside the offer. */
#include "build_spdm.h"
#include "verifier/sig.h"
#include "verifier/spdm_vca.h"

static struct da_vca vca;
static struct da_fault fault;
static struct vca_at at;

static enum da_why
select_in(const struct vca_plan *p, struct da_algs *ret)
{
	struct buf b = build_vca(p, &at);

	ck_assert(da_vca_parse(buf_slice(&b), &vca, &fault));
	memset(&fault, 0, sizeof(fault));
	if (da_vca_algs(&vca, ret, &fault))
		return DA_F_NONE;
	ck_assert_int_eq(fault.part, DA_PART_VCA);
	return fault.why;
}

static void
not_selected(const struct vca_plan *p, enum da_why why, size_t offset)
{
	struct da_algs algs;

	ck_assert_int_eq(select_in(p, &algs), why);
	ck_fault(fault, why);
	ck_assert_uint_eq(fault.offset, at.algorithms + offset);
}

START_TEST(selection)
{
	struct vca_plan p = vca_plan(0x12);
	struct da_algs algs;

	ck_assert_int_eq(select_in(&p, &algs), DA_F_NONE);
	ck_assert_int_eq(algs.asym, DA_ASYM_ECDSA_P384);
	ck_assert_int_eq(algs.hash, DA_HASH_SHA384);
	ck_assert_int_eq(algs.meas_hash, DA_HASH_SHA384);
	p.meas_hash_sel = 0x01;
	ck_assert_int_eq(select_in(&p, &algs), DA_F_NONE);
	ck_assert_int_eq(algs.meas_hash, DA_HASH_NONE);
	p.meas_hash_sel = p.spec_sel = 0;
	ck_assert_int_eq(select_in(&p, &algs), DA_F_NONE);
	ck_assert_int_eq(algs.meas_hash, DA_HASH_NONE);
}
END_TEST

/*
 * Bits 0 to 11, of which some builds of OpenSSL lack SM2, and those before 3.2
 * the context that SPDM gives Ed448.
 */
static bool
asym_is_there(unsigned int bit)
{
	if (bit == 9)
		return da_sig_can(DA_ASYM_SM2);
	return bit < 11 || (bit == 11 && da_sig_can(DA_ASYM_ED448));
}

static bool
hash_is_there(unsigned int bit)
{
	return bit < 6 || (bit == 6 && da_hash_can(DA_HASH_SM3));
}

START_TEST(every_bit_of_a_selection)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		struct vca_plan p = vca_plan(0x12), q = p, r = p;
		uint32_t v = UINT32_C(1) << bit;
		struct da_algs algs;

		p.asym_offer = p.asym_sel = v;
		ck_assert_int_eq(select_in(&p, &algs), asym_is_there(bit) ?
		    DA_F_NONE : DA_F_ALG_UNSUPPORTED);
		ck_assert(!asym_is_there(bit) ||
		    da_asym_alg(algs.asym)->bit == v);
		q.hash_offer = q.hash_sel = v;
		ck_assert_int_eq(select_in(&q, &algs),
		    hash_is_there(bit) ? DA_F_NONE :
		    DA_F_ALG_UNSUPPORTED);
		ck_assert(!hash_is_there(bit) || algs.hash ==
		    da_hash_of_base_bit(v));
		r.meas_hash_sel = v;
		/* Bit 0: raw bit streams. */
		ck_assert_int_eq(select_in(&r, &algs), bit == 0 ||
		    hash_is_there(bit - 1) ? DA_F_NONE :
		    DA_F_ALG_UNSUPPORTED);
		ck_assert(bit >= 7 || !hash_is_there(bit - 1) ||
		    algs.meas_hash == da_hash_of_base_bit(v >> 1));
	}
}
END_TEST

START_TEST(every_bit_of_pqc)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t v = UINT32_C(1) << bit;
		enum da_asym asym = da_asym_of_pqc_bit(v);
		struct vca_plan p = vca_plan(0x14);
		struct da_algs algs;

		p.asym_sel = 0;
		p.pqc_offer = p.pqc_sel = v;
		ck_assert((asym != DA_ASYM_NONE) == (bit < 15));
		if (!da_sig_can(asym)) {
			not_selected(&p, DA_F_ALG_UNSUPPORTED, 20);
			continue;
		}
		ck_assert_int_eq(select_in(&p, &algs), DA_F_NONE);
		ck_assert_int_eq(algs.asym, asym);
	}
}
END_TEST

/* RSA and ECDSA from 1.0, SM2 and EdDSA from 1.2, PQC from 1.4. */
START_TEST(what_came_with_which_version)
{
	for (int a = DA_ASYM_NONE; a <= DA_ASYM_COUNT; a++)
		for (unsigned int v = 0x10; v <= 0x14; v++) {
			unsigned int since = a < DA_ASYM_SM2 ? 0x10 :
			    a < DA_ASYM_MLDSA_44 ? 0x12 : 0x14;

			ck_assert(da_asym_fits((uint8_t)v, (enum da_asym)a) ==
			    (v >= since && da_sig_can((enum da_asym)a)));
		}
	for (unsigned int v = 0x10; v <= 0x14; v++)
		ck_assert(da_hash_fits((uint8_t)v, DA_HASH_SM3) ==
		    (v >= 0x12 && da_hash_can(DA_HASH_SM3)));
	ck_assert(!da_hash_fits(0x14, DA_HASH_NONE));
}
END_TEST

START_TEST(selection_refused)
{
	struct vca_plan p = vca_plan(0x12);

	p.asym_sel = 0;
	not_selected(&p, DA_F_ALG_NONE, 12);
	p.asym_sel = 0x90;
	not_selected(&p, DA_F_ALG_MANY, 12);
	p.asym_sel = 0x100;
	not_selected(&p, DA_F_ALG_NOT_OFFERED, 12);
	p = vca_plan(0x12);
	p.hash_sel = 0;
	not_selected(&p, DA_F_ALG_NONE, 16);
	p.hash_sel = 0x03;
	not_selected(&p, DA_F_ALG_MANY, 16);
	p.hash_sel = 0x04;
	not_selected(&p, DA_F_ALG_NOT_OFFERED, 16);
	p.hash_offer = p.hash_sel = 0x80;
	not_selected(&p, DA_F_ALG_UNSUPPORTED, 16);
	p = vca_plan(0x12);
	p.meas_hash_sel = 0x05;
	not_selected(&p, DA_F_ALG_MANY, 8);
	p.meas_hash_sel = 0x100;
	not_selected(&p, DA_F_ALG_UNSUPPORTED, 8);
	p = vca_plan(0x12);
	p.spec_sel = 3;
	not_selected(&p, DA_F_ALG_MANY, 6);
	p.spec_sel = 2;
	not_selected(&p, DA_F_ALG_NOT_OFFERED, 6);
	p.spec_offer = 2;
	not_selected(&p, DA_F_ALG_UNSUPPORTED, 6);
}
END_TEST

/* Bits that came with 1.2 select nothing before it. */
START_TEST(reserved_bits_of_11)
{
	struct vca_plan p = vca_plan(0x11), q = p;
	struct da_algs algs;

	p.hash_offer = p.hash_sel = 0x40;
	not_selected(&p, DA_F_ALG_UNSUPPORTED, 16);
	q.meas_hash_sel = 0x80;
	not_selected(&q, DA_F_ALG_UNSUPPORTED, 8);
	q = vca_plan(0x11);
	q.asym_offer = q.asym_sel = 0x400;
	not_selected(&q, DA_F_ALG_UNSUPPORTED, 12);
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		q = vca_plan((uint8_t)v);
		q.asym_offer = q.asym_sel = 0x400;
		if (v < 0x12)
			not_selected(&q, DA_F_ALG_UNSUPPORTED, 12);
		else
			ck_assert_int_eq(select_in(&q, &algs), DA_F_NONE);
	}
}
END_TEST

START_TEST(pqc_only_from_14)
{
	struct vca_plan p = vca_plan(0x13);
	struct da_algs algs;

	/* Reserved bytes below 1.4 (spdm-rs 893d100). */
	p.pqc_offer = p.pqc_sel = 2;
	ck_assert_int_eq(select_in(&p, &algs), DA_F_NONE);
	ck_assert_uint_eq(vca.pqc_sel, 0);
	p.asym_sel = 0;
	not_selected(&p, DA_F_ALG_NONE, 12);
	p = vca_plan(0x14);
	p.pqc_offer = p.pqc_sel = 2;
	not_selected(&p, DA_F_ALG_MANY, 12);
	p.asym_sel = 0;
	p.pqc_offer = p.pqc_sel = 0x8000;
	not_selected(&p, DA_F_ALG_UNSUPPORTED, 20);
	p.pqc_offer = 2;
	p.pqc_sel = 4;
	not_selected(&p, DA_F_ALG_NOT_OFFERED, 20);
	p.pqc_offer = p.pqc_sel = 6;
	not_selected(&p, DA_F_ALG_MANY, 20);
}
END_TEST

START_TEST(measurements_need_their_algorithms)
{
	struct vca_plan p = vca_plan(0x12);
	struct buf b = build_vca(&p, &at);

	ck_assert(da_vca_parse(buf_slice(&b), &vca, &fault));
	ck_assert(da_vca_measures(&vca, &fault));
	vca.meas_hash_sel = 0x01;
	ck_assert(da_vca_measures(&vca, &fault));
	vca.meas_hash_sel = 0;
	ck_assert(!da_vca_measures(&vca, &fault));
	ck_fault(fault, DA_F_ALG_NONE);
	ck_assert_uint_eq(fault.offset, at.algorithms + 8);
	vca.meas_hash_sel = 4;
	vca.meas_spec_sel = 0;
	ck_assert(!da_vca_measures(&vca, &fault));
	ck_fault(fault, DA_F_ALG_NONE);
	ck_assert_uint_eq(fault.offset, at.algorithms + 6);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("select");
	TCase *t = tcase_create("select");

	tcase_add_test(t, selection);
	tcase_add_test(t, every_bit_of_a_selection);
	tcase_add_test(t, every_bit_of_pqc);
	tcase_add_test(t, what_came_with_which_version);
	tcase_add_test(t, selection_refused);
	tcase_add_test(t, reserved_bits_of_11);
	tcase_add_test(t, pqc_only_from_14);
	tcase_add_test(t, measurements_need_their_algorithms);
	suite_add_tcase(s, t);
	return run_suite(s);
}

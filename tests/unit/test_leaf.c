/* SPDX-License-Identifier: Apache-2.0 */
/* DSP0274's rules for the certificate whose key signs measurements. */
#include "der.h"
#include "verifier/path.h"

#define DMTF "\x2b\x06\x01\x04\x01\x83\x1c\x82\x12"
#define OID(arc) "\x06\x0a" DMTF arc
#define RESPONDER OID("\x03")
#define REQUESTER OID("\x04")

static struct da_chain chain;
static struct da_fault fault;
static struct da_slice leaf;

static struct da_slice
usage(const char *bits)
{
	return extension(KEY_USAGE, true, da_slice_of(bits, 4));
}

static struct da_slice
not_a_ca(void)
{
	return extension(BASIC, true, BYTES("\x30\x00"));
}

/* A leaf with these extensions, under a certificate that does not matter. */
static void
with(struct da_slice list)
{
	struct parts p = valid_parts();

	p.extensions = list.n == 0 ? list : extensions(list);
	leaf = cert_of(&p);
	p = valid_parts();
	ck_assert(da_chain_parse(join(cert_of(&p), leaf), DA_CHAIN_DER,
	    DA_HASH_NONE, &chain, &fault));
}

static void
fits(uint8_t version, enum da_cert_model model)
{
	ck_assert_msg(da_leaf_fits(&chain, DA_ASYM_ECDSA_P384, version, model,
	    &fault), "%s", da_fault_text(fault.why)->name);
}

static void
refused(uint8_t version, enum da_cert_model model, enum da_why why)
{
	ck_assert(!da_leaf_fits(&chain, DA_ASYM_ECDSA_P384, version, model,
	    &fault));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CHAIN);
	ck_assert_uint_eq(fault.offset, chain.raw.n - leaf.n);
}

START_TEST(plain)
{
	with(join(usage("\x03\x02\x07\x80"), not_a_ca()));
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		fits((uint8_t)v, DA_MODEL_DEVICE);
		fits((uint8_t)v, DA_MODEL_ALIAS);
	}
}
END_TEST

START_TEST(key_of_another_algorithm)
{
	with(usage("\x03\x02\x07\x80"));
	for (int a = DA_ASYM_NONE + 1; a < DA_ASYM_COUNT; a++) {
		bool same = a == DA_ASYM_ECDSA_P384;

		ck_assert_int_eq(da_leaf_fits(&chain, (enum da_asym)a, 0x12,
		    DA_MODEL_DEVICE, &fault), same);
		if (!same)
			ck_fault(fault, DA_F_LEAF_KEY);
	}
	/* Nothing was negotiated: a chain alone. */
	ck_assert(da_leaf_fits(&chain, DA_ASYM_NONE, 0, DA_MODEL_UNKNOWN,
	    &fault));
}
END_TEST

START_TEST(key_usage)
{
	with(da_slice_of(NULL, 0));
	refused(0x12, DA_MODEL_DEVICE, DA_F_LEAF_KEY_USAGE);
	with(usage("\x03\x02\x02\x04"));
	refused(0x12, DA_MODEL_DEVICE, DA_F_LEAF_KEY_USAGE);
	with(usage("\x03\x02\x06\x40"));
	refused(0x12, DA_MODEL_DEVICE, DA_F_LEAF_KEY_USAGE);
	with(usage("\x03\x02\x05\xa0"));
	fits(0x12, DA_MODEL_DEVICE);
}
END_TEST

/* The reference library reads an absent one as all bits. */
START_TEST(leaf_without_key_usage)
{
	with(not_a_ca());
	for (int v = 0x10; v <= 0x14; v++)
		for (int m = DA_MODEL_UNKNOWN; m <= DA_MODEL_GENERIC; m++)
			refused((uint8_t)v, (enum da_cert_model)m,
			    DA_F_LEAF_KEY_USAGE);
}
END_TEST

/* A point beside its curve is no key, whoever certified it. */
START_TEST(a_point_beside_the_curve)
{
	struct da_slice spki;

	with(usage("\x03\x02\x07\x80"));
	spki = chain.cert[chain.n - 1].spki;
	ck_assert(da_leaf_fits(&chain, DA_ASYM_NONE, 0x12, DA_MODEL_DEVICE,
	    &fault));
	((uint8_t *)(uintptr_t)spki.p)[spki.n - 1] ^= 1;
	ck_assert(!da_leaf_fits(&chain, DA_ASYM_NONE, 0x12, DA_MODEL_DEVICE,
	    &fault));
	ck_fault(fault, DA_F_LEAF_KEY);
}
END_TEST

START_TEST(basic_constraints)
{
	with(usage("\x03\x02\x07\x80"));
	fits(0x11, DA_MODEL_DEVICE);
	fits(0x12, DA_MODEL_DEVICE);
	refused(0x13, DA_MODEL_DEVICE, DA_F_LEAF_NO_BASIC);
	refused(0x14, DA_MODEL_DEVICE, DA_F_LEAF_NO_BASIC);
	with(join(usage("\x03\x02\x02\x84"), extension(BASIC, true,
	    BYTES("\x30\x03\x01\x01\xff"))));
	refused(0x11, DA_MODEL_DEVICE, DA_F_LEAF_IS_CA);
	refused(0x13, DA_MODEL_DEVICE, DA_F_LEAF_IS_CA);
}
END_TEST

static void
with_eku(struct da_slice oids)
{
	with(join(usage("\x03\x02\x07\x80"), extension(EKU, true,
	    tlv(0x30, oids))));
}

START_TEST(extended_key_usage)
{
	with_eku(BYTES(REQUESTER));
	refused(0x12, DA_MODEL_DEVICE, DA_F_LEAF_EKU);
	with_eku(BYTES("\x06\x02\x2a\x03" REQUESTER));
	refused(0x12, DA_MODEL_DEVICE, DA_F_LEAF_EKU);
	with_eku(BYTES(RESPONDER));
	fits(0x12, DA_MODEL_DEVICE);
	with_eku(BYTES(REQUESTER RESPONDER));
	fits(0x12, DA_MODEL_DEVICE);
	with_eku(BYTES(RESPONDER REQUESTER));
	fits(0x12, DA_MODEL_DEVICE);
	/* Present, and of neither role: nothing is said. */
	with_eku(BYTES("\x06\x02\x2a\x03"));
	fits(0x12, DA_MODEL_DEVICE);
}
END_TEST

static void
with_spdm(struct da_slice value)
{
	with(join(usage("\x03\x02\x07\x80"), extension(BYTES(DMTF "\x06"),
	    false, value)));
}

START_TEST(hardware_identity)
{
	struct da_slice hardware = tlv(0x30, BYTES(OID("\x02")));
	struct da_slice mutable = tlv(0x30, BYTES(OID("\x05")));

	with_spdm(tlv(0x30, hardware));
	fits(0x12, DA_MODEL_DEVICE);
	refused(0x12, DA_MODEL_ALIAS, DA_F_LEAF_HARDWARE_ID);
	with_spdm(tlv(0x30, join(mutable, hardware)));
	refused(0x12, DA_MODEL_ALIAS, DA_F_LEAF_HARDWARE_ID);
	with_spdm(tlv(0x30, mutable));
	fits(0x12, DA_MODEL_ALIAS);
}
END_TEST

/* A chain of the leaf alone, whose root was left out. */
static void
alone(struct da_slice list)
{
	struct parts p = valid_parts();

	p.extensions = extensions(list);
	leaf = cert_of(&p);
	ck_assert(da_chain_parse(leaf, DA_CHAIN_DER, DA_HASH_NONE, &chain,
	    &fault));
}

/* DSP0274: firmware made it, under the device's own certificate. */
START_TEST(alias_leaf_has_one_above)
{
	alone(join(usage("\x03\x02\x07\x80"), not_a_ca()));
	refused(0x12, DA_MODEL_ALIAS, DA_F_LEAF_ALIAS_ALONE);
	fits(0x12, DA_MODEL_DEVICE);
	fits(0x12, DA_MODEL_UNKNOWN);
}
END_TEST

/* No rule is loosened by who provisioned the slot, or by nobody's word. */
START_TEST(models_without_rules_of_their_own)
{
	static const enum da_cert_model models[] = { DA_MODEL_UNKNOWN,
	    DA_MODEL_DEVICE, DA_MODEL_GENERIC };

	for (size_t i = 0; i < 3; i++) {
		with_spdm(tlv(0x30, tlv(0x30, BYTES(OID("\x02")))));
		fits(0x12, models[i]);
		refused(0x13, models[i], DA_F_LEAF_NO_BASIC);
		with(not_a_ca());
		refused(0x13, models[i], DA_F_LEAF_KEY_USAGE);
		with_eku(BYTES(REQUESTER));
		refused(0x12, models[i], DA_F_LEAF_EKU);
	}
}
END_TEST

/* Lesson of spdm-rs 6c507ae: what a leaf must be, its issuers need not. */
START_TEST(leaf_rules_are_for_the_leaf)
{
	struct parts ca = valid_parts(), end = valid_parts();

	ca.extensions = extensions(join(join(usage("\x03\x02\x02\x04"),
	    extension(BASIC, true, BYTES("\x30\x03\x01\x01\xff"))),
	    extension(EKU, false, tlv(0x30, BYTES(REQUESTER)))));
	end.extensions = extensions(join(usage("\x03\x02\x07\x80"),
	    not_a_ca()));
	ck_assert(da_chain_parse(join(cert_of(&ca), cert_of(&end)),
	    DA_CHAIN_DER, DA_HASH_NONE, &chain, &fault));
	for (int model = DA_MODEL_UNKNOWN; model <= DA_MODEL_GENERIC; model++)
		fits(0x13, (enum da_cert_model)model);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("leaf");
	TCase *t = tcase_create("leaf");

	tcase_add_test(t, plain);
	tcase_add_test(t, key_of_another_algorithm);
	tcase_add_test(t, key_usage);
	tcase_add_test(t, leaf_without_key_usage);
	tcase_add_test(t, a_point_beside_the_curve);
	tcase_add_test(t, basic_constraints);
	tcase_add_test(t, extended_key_usage);
	tcase_add_test(t, hardware_identity);
	tcase_add_test(t, alias_leaf_has_one_above);
	tcase_add_test(t, models_without_rules_of_their_own);
	tcase_add_test(t, leaf_rules_are_for_the_leaf);
	suite_add_tcase(s, t);
	return run_suite(s);
}

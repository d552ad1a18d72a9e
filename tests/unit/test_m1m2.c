/* SPDX-License-Identifier: Apache-2.0 */
/*
 * M1/M2: what a CHALLENGE proves, with measurements and without.
 */
#include "kit_challenge.h"
#include "verifier/sig.h"

static struct kit k;
static struct challenge_kit c;

/* The kit as it stands, and the plans of a CHALLENGE for it. */
static void
start(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_make(&k);
	challenge_start(&c, &k);
}

static void
challenge_refused(enum da_why why)
{
	challenge_make(&c, &k);
	ck_assert_int_eq(kit_ask(&k), da_fault_text(why)->exit_class);
	ck_kit_fault(k, CHALLENGE, why);
	ck_assert_uint_eq(k.proof.proved, 0);
}

START_TEST(every_algorithm_and_version)
{
	static const struct kit_algs algs[] = {
		{ DA_ASYM_ECDSA_P256, DA_HASH_SHA256, NULL, "SHA256" },
		{ DA_ASYM_ECDSA_P384, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_ECDSA_P521, DA_HASH_SHA3_384, NULL, "SHA3-384" },
		{ DA_ASYM_RSASSA_2048, DA_HASH_SHA256, NULL, "SHA256" },
		{ DA_ASYM_RSAPSS_3072, DA_HASH_SHA384, NULL, "SHA384" },
		{ DA_ASYM_ED25519, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_ED448, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_SM2, DA_HASH_SM3, NULL, "SM3" },
		{ DA_ASYM_MLDSA_65, DA_HASH_SHA384, NULL, "SHA384" },
	};

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		for (unsigned int v = 0x10; v <= 0x14; v++) {
			if (!da_asym_fits((uint8_t)v, algs[i].asym) ||
			    (algs[i].asym >= DA_ASYM_MLDSA_44 && v < 0x14))
				continue;
			kit_start(&k, (uint8_t)v, &algs[i]);
			kit_make(&k);
			challenge_start(&c, &k);
			challenge_make(&c, &k);
			ck_assert_int_eq(kit_ask(&k), 0);
			ck_kit(k, CHALLENGE, DA_HOLDS);
			ck_kit(k, ALGORITHMS, DA_HOLDS);
			ck_kit(k, SIGNATURE, DA_HOLDS);
			ck_assert_uint_eq(k.proof.proved, 1);
			/* By another key of that kind. */
			c.key = new_key_of(algs[i].asym);
			challenge_refused(DA_F_CHALLENGE_WRONG);
			ck_kit(k, ALGORITHMS, v < 0x12 ? DA_UNKNOWN :
			    DA_HOLDS);
		}
}
END_TEST

/* Chain, VCA and CHALLENGE: a device that is there, and says nothing else. */
START_TEST(without_measurements)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		start((uint8_t)v);
		take_away(&k, DA_PART_MEASUREMENTS);
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		ck_kit(k, ALGORITHMS, DA_HOLDS);
		ck_kit(k, SIGNATURE, DA_NOT_ASKED);
		ck_kit(k, NONCE, DA_NOT_ASKED);
		ck_kit(k, CHAIN, DA_HOLDS);
		ck_kit(k, LEAF_PROFILE, DA_HOLDS);
		ck_assert(!k.claims.has_blocks);
		/* Nobody says which nonce it was: no failure, and no yes. */
		k.ask.challenge_nonce.n = 0;
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_UNKNOWN);
		ck_kit(k, ALGORITHMS, DA_UNKNOWN);
		k.ask.anchors.n = 0;
		ck_assert_int_eq(kit_ask(&k), 3);
	}
}
END_TEST

START_TEST(nonces)
{
	for (unsigned int v = 0x11; v <= 0x13; v++) {
		start((uint8_t)v);
		challenge_make(&c, &k);
		c.nonce[31] ^= 1;
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit_fault(k, CHALLENGE, DA_F_CHALLENGE_NONCE);
		ck_assert_uint_eq(k.claims.findings.of[DA_CHK_CHALLENGE].offset,
		    4);
		/* Half a nonce is none; the measurements' is another one. */
		c.nonce[31] ^= 1;
		k.ask.challenge_nonce.n = 16;
		kit_ask(&k);
		ck_kit(k, CHALLENGE, DA_UNKNOWN);
		k.ask.challenge_nonce = k.ask.nonce;
		kit_ask(&k);
		ck_kit_fault(k, CHALLENGE, DA_F_CHALLENGE_NONCE);
	}
}
END_TEST

START_TEST(what_is_signed)
{
	static const uint8_t versions[] = { 0x11, 0x12, 0x13 };

	for (size_t i = 0; i < 3; i++) {
		struct da_slice vca;

		/* Another VCA, and M1/M2 without what was between. */
		start(versions[i]);
		vca = k.vca_raw;
		k.vca_raw = da_slice_of("", 0);
		challenge_refused(DA_F_CHALLENGE_WRONG);
		k.vca_raw = vca;
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		take_away(&k, DA_PART_BETWEEN);
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit_fault(k, CHALLENGE, DA_F_CHALLENGE_WRONG);
		/* A chain that the requester had: nothing was between. */
		c.without_between = true;
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
	}
}
END_TEST

/* A signature of MEASUREMENTS is none of CHALLENGE_AUTH. */
START_TEST(contexts_differ)
{
	struct buf b;
	struct da_slice pieces[3], signature;

	start(0x12);
	challenge_make(&c, &k);
	b = buf_copy(k.bundle.part[DA_PART_CHALLENGE]);
	pieces[0] = k.vca_raw;
	pieces[1] = k.bundle.part[DA_PART_BETWEEN];
	pieces[2] = da_slice_of(b.p, b.n - 96);
	{
		struct buf flat = { 0 };

		put_slice(&flat, pieces[1]);
		put_slice(&flat, pieces[2]);
		signature = sign_spdm(k.leaf_key, k.algs.asym, k.algs.md,
		    kit_message(&k, buf_slice(&flat)));
	}
	memcpy(b.p + b.n - 96, signature.p, 96);
	give(&k, DA_PART_CHALLENGE, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, CHALLENGE, DA_F_CHALLENGE_WRONG);
}
END_TEST

START_TEST(challenged_slot)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .slot_known = 1, .slot = 2 };

	for (unsigned int v = 0x11; v <= 0x14; v++) {
		kit_start(&k, (uint8_t)v, &kit_p384);
		k.exchange.slot = k.exchange.answer = 2;
		kit_make(&k);
		challenge_start(&c, &k);
		c.plan.slot = c.plan.answer = c.portion.slot = 2;
		c.plan.mask = c.digests.provisioned = 0x05;
		c.digests.supported = 0x05;
		k.ask.ticket = &ticket;
		ticket.slot = 2;
		k.bundle.slot_known = true;
		k.bundle.slot = 2;
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		c.plan.answer = 0;
		challenge_refused(DA_F_CHALLENGE_SLOT);
		c.plan.answer = 2;
		c.plan.mask = 0x01;	/* which holds no chain there */
		challenge_refused(DA_F_CHALLENGE_SLOT);
		c.plan.mask = 0x05;
		k.bundle.slot = 0;
		challenge_refused(DA_F_CHALLENGE_SLOT);
		k.bundle.slot = 2;
		ticket.slot = 0;
		challenge_refused(DA_F_CHALLENGE_SLOT);
		ticket.slot = 2;
		/* Measurements of another slot than that. */
		k.exchange.slot = k.exchange.answer = 0;
		give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
		k.bundle.slot_known = false;
		k.ask.ticket = NULL;
		challenge_refused(DA_F_CHALLENGE_SLOT);
	}
}
END_TEST

START_TEST(challenged_chain)
{
	start(0x12);
	c.hashed = da_slice_str("another chain");
	challenge_refused(DA_F_CHALLENGE_CHAIN);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_CHALLENGE].offset, 40);
	/* DIGESTS or the portions of another, and signed all the same. */
	start(0x12);
	c.digests.digest[0] = kept_digest(DA_HASH_SHA384,
	    da_slice_str("another chain"));
	challenge_refused(DA_F_BETWEEN_CHAIN);
	start(0x12);
	{
		struct da_slice chain = k.bundle.part[DA_PART_CHAIN];
		struct buf b = buf_copy(chain);

		b.p[b.n - 1] ^= 1;
		c.plan.chain_hash = kept_digest(DA_HASH_SHA384, chain);
		c.digests.digest[0] = c.plan.chain_hash;
		give(&k, DA_PART_CHAIN, buf_slice(&b));
		challenge_make(&c, &k);
		give(&k, DA_PART_CHAIN, chain);
	}
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, CHALLENGE, DA_F_BETWEEN_CHAIN);
}
END_TEST

/* Certificates out of PEM are not what was hashed: nothing to compare with. */
START_TEST(certificates_alone)
{
	struct da_slice chain;

	start(0x12);
	challenge_make(&c, &k);
	chain = k.bundle.part[DA_PART_CHAIN];
	give(&k, DA_PART_CHAIN, da_slice_of(chain.p + 52, chain.n - 52));
	k.bundle.chain_form = DA_CHAIN_DER;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CHALLENGE, DA_UNKNOWN);
	c.key = new_key("P-384");
	give(&k, DA_PART_CHAIN, chain);
	challenge_make(&c, &k);
	give(&k, DA_PART_CHAIN, da_slice_of(chain.p + 52, chain.n - 52));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, CHALLENGE, DA_F_CHALLENGE_WRONG);
}
END_TEST

START_TEST(opaque_data)
{
	start(0x12);
	c.plan.opaque = BYTES("\x01\0\0\0\0\0\x04\0" "data");
	challenge_make(&c, &k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CHALLENGE, DA_HOLDS);
	c.plan.opaque = BYTES("\x02\0\0\0\0\0\x04\0" "data");
	challenge_refused(DA_F_OPAQUE_FORM);
	/* Below 1.2 it is the vendor's own. */
	start(0x11);
	c.plan.opaque = BYTES("\x02\0\0\0\0\0\x04\0" "data");
	challenge_make(&c, &k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CHALLENGE, DA_HOLDS);
}
END_TEST

static struct da_fault
not_read(void)
{
	struct da_fault fault = { 0 };

	ck_assert(!da_evidence_read(&k.bundle, k.ask.assumed, &k.evidence,
	    &fault));
	note_fault(fault.why);
	return fault;
}

START_TEST(parts_that_belong_together)
{
	struct da_algs algs = { DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };
	struct da_fault fault;
	struct buf big = { 0 };

	start(0x12);
	challenge_make(&c, &k);
	take_away(&k, DA_PART_CHALLENGE);
	fault = not_read();
	ck_assert_int_eq(fault.why, DA_F_EMPTY);
	ck_assert_int_eq(fault.part, DA_PART_CHALLENGE);
	/* M1/M2 begins with the VCA, whatever the asker says was agreed. */
	start(0x11);
	challenge_make(&c, &k);
	take_away(&k, DA_PART_VCA);
	k.ask.assumed = &algs;
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, ALGORITHMS, DA_F_VCA_ABSENT);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert_int_eq(kit_ask(&k), 3);
	start(0x12);
	take_away(&k, DA_PART_MEASUREMENTS);
	challenge_make(&c, &k);
	take_away(&k, DA_PART_CHAIN);
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, CHAIN, DA_F_CHAIN_ABSENT);
	/* Empty, and over their caps. */
	put_fill(&big, 0, DA_MAX_BETWEEN + 1);
	start(0x12);
	challenge_make(&c, &k);
	give(&k, DA_PART_BETWEEN, da_slice_of(big.p, 0));
	ck_assert_int_eq(not_read().why, DA_F_EMPTY);
	give(&k, DA_PART_BETWEEN, da_slice_of(big.p, DA_MAX_BETWEEN + 1));
	ck_assert_int_eq(not_read().why, DA_F_TOO_LONG);
	take_away(&k, DA_PART_BETWEEN);
	give(&k, DA_PART_CHALLENGE, da_slice_of(big.p, DA_MAX_CHALLENGE + 1));
	ck_assert_int_eq(not_read().why, DA_F_TOO_LONG);
}
END_TEST

/* Each bit of both parts, in a version with and one without a context. */
START_TEST(every_bit_counts)
{
	static const struct kit_algs p256 = { DA_ASYM_ECDSA_P256,
	    DA_HASH_SHA256, "P-256", "SHA256" };
	static const enum da_part parts[] = { DA_PART_CHALLENGE,
	    DA_PART_BETWEEN, DA_PART_VCA };
	enum da_part part = parts[_i % 3];
	struct da_slice whole;

	kit_start(&k, (uint8_t)(0x11 + _i / 3), &p256);
	k.root.key = k.root.signer = k.leaf.signer = new_key("P-256");
	kit_make(&k);
	take_away(&k, DA_PART_MEASUREMENTS);
	challenge_start(&c, &k);
	challenge_make(&c, &k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, CHALLENGE, DA_HOLDS);
	whole = k.bundle.part[part];
	for (size_t at = 0; at < whole.n; at++) {
		struct buf b = buf_copy(whole);

		b.p[at] ^= (uint8_t)(1u << at % 8);
		give(&k, part, buf_slice(&b));
		ck_assert_msg(kit_ask(&k) > 1, "%s %zu", da_part_name(part),
		    at);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("m1m2");
	TCase *t = tcase_create("m1m2");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, every_algorithm_and_version);
	tcase_add_test(t, without_measurements);
	tcase_add_test(t, nonces);
	tcase_add_test(t, what_is_signed);
	tcase_add_test(t, contexts_differ);
	tcase_add_test(t, challenged_slot);
	tcase_add_test(t, challenged_chain);
	tcase_add_test(t, certificates_alone);
	tcase_add_test(t, opaque_data);
	tcase_add_test(t, parts_that_belong_together);
	tcase_add_loop_test(t, every_bit_counts, 0, 9);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was signed: series with resets, slot 0xF, multi-key connections.
 */
#include "kit_challenge.h"
#include "verifier/derwalk.h"

static struct kit k;
static struct challenge_kit c;

static void
start_several(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_several_keys(&k);
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

static struct da_fault
not_read(void)
{
	struct da_fault fault = { 0 };

	ck_assert(!da_evidence_read(&k.bundle, k.ask.assumed, &k.evidence,
	    &fault));
	note_fault(fault.why);
	return fault;
}

/* -- what the responder said that it can -- */

START_TEST(capabilities)
{
	static const struct {
		uint32_t caps;
		bool is_signed, fits;
	} rows[] = {
		{ DA_CAP_MEAS_SIG, true, true },
		{ DA_CAP_MEAS_SIG, false, true },
		{ DA_CAP_MEAS_NO_SIG, false, true },
		{ DA_CAP_MEAS_NO_SIG, true, false },
		{ DA_CAP_MEAS, true, false },
		{ DA_CAP_MEAS, false, false },
		{ 0, true, false },
		{ 0, false, false },
	};

	for (unsigned int v = 0x10; v <= 0x14; v++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct buf b = { 0 };

			kit_start(&k, (uint8_t)v, &kit_p384);
			k.vca.caps = DA_CAP_CERT | rows[i].caps;
			kit_make(&k);
			k.exchange.is_signed = false;
			put_exchange(&b, &k.exchange);
			if (!rows[i].is_signed)
				give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
			if (!rows[i].fits)
				ck_assert_int_eq(not_read().why,
				    DA_F_CAPABILITY);
			else
				ck_assert_int_eq(kit_ask(&k),
				    rows[i].is_signed ? 0 : 2);
		}
	/* An unsigned exchange behind a signed one does not hide it. */
	kit_start(&k, 0x12, &kit_p384);
	k.vca.caps = DA_CAP_CERT | DA_CAP_MEAS_NO_SIG;
	kit_make(&k);
	{
		struct buf b = buf_copy(k.bundle.part[DA_PART_MEASUREMENTS]);

		k.exchange.is_signed = false;
		put_exchange(&b, &k.exchange);
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	}
	ck_assert_int_eq(not_read().why, DA_F_CAPABILITY);
}
END_TEST

/* -- series with resets -- */

/* A signed exchange with its own nonce, behind what is there. */
static void
add_series(struct buf *b, uint8_t nonce)
{
	k.exchange.nonce = nonce;
	put_slice(b, kit_measurements(&k));
}

START_TEST(each_series_is_proved)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct buf b = { 0 }, bad;
		size_t first, second;

		kit_start(&k, (uint8_t)v, &kit_p384);
		kit_make(&k);
		add_series(&b, 0x01);
		first = b.n;
		add_series(&b, 0x02);
		second = b.n;
		add_series(&b, 0xaa);
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_assert_uint_eq(k.evidence.meas.n_before, 2);
		ck_assert_uint_eq(k.claims.blocks.n, 3);
		/* A byte of the first series, and of its signature. */
		bad = buf_copy(buf_slice(&b));
		bad.p[first - 96 - 20] ^= 1;
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&bad));
		ck_assert_int_ne(kit_ask(&k), 0);
		bad = buf_copy(buf_slice(&b));
		bad.p[first - 1] ^= 1;
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&bad));
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
		ck_assert_uint_eq(k.claims.findings.of[DA_CHK_SIGNATURE].offset,
		    first - 96);
		ck_assert_uint_eq(k.proof.proved, 0);
		bad = buf_copy(buf_slice(&b));
		bad.p[second - 1] ^= 1;
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&bad));
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
	}
}
END_TEST

/* Old answers behind the fresh one: the last nonce is not the asker's. */
START_TEST(only_the_last_series_claims)
{
	struct exchange_plan p = { .version = 0x12, .operation = 9,
	    .n_blocks = 1 };
	struct buf b = { 0 }, one = { 0 }, two = { 0 };

	kit_start(&k, 0x12, &kit_p384);
	kit_make(&k);
	add_series(&b, 0xaa);
	add_series(&b, 0x01);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
	/* What an earlier series measured is no claim. */
	put_block(&one, 9, 0x87, 0x44, 8);
	p.record = buf_slice(&one);
	put_exchange(&k.before, &p);
	b = (struct buf){ 0 };
	add_series(&b, 0x01);
	k.before = (struct buf){ 0 };
	add_series(&b, 0xaa);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert_uint_eq(k.claims.blocks.n, 3);
	for (uint16_t i = 0; i < 3; i++)
		ck_assert_uint_ne(k.claims.blocks.block[i].index, 9);
	/* An exchange that no signature follows. */
	put_slice(&two, buf_slice(&b));
	put_exchange(&two, &p);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&two));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_ABSENT);
	ck_assert(!k.claims.has_blocks);
}
END_TEST

/* Signed as one, a reset in the middle is none. */
START_TEST(a_reset_is_where_the_signature_is)
{
	struct buf b = { 0 };

	kit_start(&k, 0x12, &kit_p384);
	kit_make(&k);
	add_series(&b, 0x01);
	put_slice(&k.before, buf_slice(&b));
	add_series(&b, 0xaa);
	/* kit_measurements() wrote the first series once more, in front. */
	give(&k, DA_PART_MEASUREMENTS, da_slice_of(b.p + b.n / 3,
	    b.n - b.n / 3));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
}
END_TEST

START_TEST(series_of_another_slot)
{
	struct buf b = { 0 };

	kit_start(&k, 0x12, &kit_p384);
	kit_make(&k);
	k.exchange.slot = k.exchange.answer = 1;
	add_series(&b, 0x01);
	k.exchange.slot = k.exchange.answer = 0;
	add_series(&b, 0xaa);
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SLOT, DA_F_SLOT_DIFFERS);
}
END_TEST

/* -- slot 0xF: a key that the owner provisioned -- */

static bool tolerate[DA_CHK_COUNT];

static void
start_key(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	k.vca.caps = DA_CAP_CHAL | DA_CAP_MEAS_SIG | DA_CAP_PUB_KEY_ID;
	k.exchange.slot = k.exchange.answer = 0x0f;
	kit_make(&k);
	kit_ask(&k);
	k.ask.provisioned = k.evidence.chain.cert[1].spki;
	take_away(&k, DA_PART_CHAIN);
}

static void
key_refused(enum da_why why)
{
	ck_assert_int_eq(kit_ask(&k), da_fault_text(why)->exit_class);
	ck_kit_fault(k, SIGNATURE, why);
	ck_assert_uint_eq(k.proof.proved, 0);
	ck_assert(!k.claims.has_blocks);
}

START_TEST(a_provisioned_key)
{
	for (unsigned int v = 0x11; v <= 0x14; v++) {
		start_key((uint8_t)v);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHAIN, DA_NOT_ASKED);
		ck_kit(k, LEAF_PROFILE, DA_NOT_ASKED);
		ck_kit(k, SLOT, DA_HOLDS);
		ck_kit(k, SIGNATURE, DA_HOLDS);
		ck_kit(k, NONCE, DA_HOLDS);
		ck_assert_uint_eq(k.proof.proved, 1);
		ck_assert_uint_eq(k.claims.blocks.n, 3);
		/* A policy's question, too. */
		for (int i = 0; i < DA_CHK_COUNT; i++)
			tolerate[i] = i != DA_CHK_SLOT;
		k.ask.tolerate = tolerate;
		kit_ask(&k);
		ck_assert_uint_eq(k.proof.proved, 1);
		/* Freshness is not what a key gives. */
		k.ask.nonce.n = 0;
		kit_ask(&k);
		ck_assert_uint_eq(k.proof.proved, 0);
	}
}
END_TEST

/* A host that says 0xF gets nothing where the owner named no key. */
START_TEST(no_provisioned_key)
{
	for (int i = 0; i < DA_CHK_COUNT; i++)
		tolerate[i] = true;
	for (unsigned int v = 0x11; v <= 0x14; v++) {
		start_key((uint8_t)v);
		k.ask.provisioned.n = 0;
		key_refused(DA_F_KEY_ABSENT);
		ck_kit_fault(k, SLOT, DA_F_KEY_ABSENT);
		k.ask.tolerate = tolerate;
		key_refused(DA_F_KEY_ABSENT);
		/* A chain beside it does not help: the leaf's key is another's. */
		k.ask.tolerate = NULL;
		give(&k, DA_PART_CHAIN, kit_chain(&k));
		k.ask.anchors.der[0] = k.root_der;
		key_refused(DA_F_KEY_ABSENT);
		k.ask.tolerate = tolerate;
		key_refused(DA_F_KEY_ABSENT);
	}
}
END_TEST

START_TEST(another_provisioned_key)
{
	struct da_slice own;

	start_key(0x12);
	own = k.ask.provisioned;
	kit_ask(&k);
	k.leaf_key = new_key("P-384");
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	key_refused(DA_F_SIGNATURE_WRONG);
	/* Not of the negotiated algorithm; not a key at all; cut off. */
	start_key(0x12);
	{
		struct cert_plan p256 = k.leaf;
		struct da_slice cert;
		struct da_der d;
		struct da_cert read;

		p256.key = new_key("P-256");
		cert = make_cert(&p256);
		d = da_der_over(da_cur_of(cert), DA_PART_CHAIN);
		ck_assert(da_cert_read(&d, &read));
		k.ask.provisioned = read.spki;
	}
	key_refused(DA_F_KEY_FORM);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_SIGNATURE].part,
	    DA_PART_KEY);
	k.ask.provisioned = da_slice_str("-----BEGIN PUBLIC KEY-----");
	key_refused(DA_F_KEY_FORM);
	k.ask.provisioned = da_slice_of(own.p, own.n - 1);
	key_refused(DA_F_KEY_FORM);
}
END_TEST

/* Whose names would a chain lend that did not sign?  Nobody's. */
START_TEST(a_chain_beside_the_key)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .slot_known = 1, .slot = 0 };

	start_key(0x12);
	give(&k, DA_PART_CHAIN, kit_chain(&k));
	k.ask.anchors.der[0] = k.root_der;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit(k, CHAIN, DA_HOLDS);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_kit_fault(k, SLOT, DA_F_SLOT_CHAIN);
	ck_assert_uint_eq(k.proof.proved, 0);
	/* A leaf's signature is not the owner's key's, nor the other way. */
	start_key(0x12);
	k.exchange.slot = k.exchange.answer = 0;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, CHAIN, DA_F_CHAIN_ABSENT);
	start_key(0x12);
	k.ask.ticket = &ticket;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SLOT, DA_F_SLOT_TSM);
	/* Unsigned, no slot is named: there has to be a chain. */
	start_key(0x12);
	k.exchange.is_signed = false;
	k.exchange.answer = 0;
	{
		struct buf b = { 0 };

		put_exchange(&b, &k.exchange);
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	}
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, CHAIN, DA_F_CHAIN_ABSENT);
}
END_TEST

START_TEST(the_key_is_the_sessions)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .platform = DA_PLATFORM_EMULATED, .hash = DA_HASH_SHA384 };
	struct da_hash_value key;

	start_key(0x12);
	key = da_hash_of(DA_HASH_SHA384, k.ask.provisioned);
	da_digest_set(&ticket.digest[DA_DIGEST_PUBLIC_KEY], DA_HASH_SHA384,
	    da_hash_bytes(&key));
	k.ask.ticket = &ticket;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, SESSION_KEY, DA_HOLDS);
	ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes[0] ^= 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SESSION_KEY, DA_F_SESSION_KEY);
}
END_TEST

START_TEST(the_key_is_challenged)
{
	for (unsigned int v = 0x11; v <= 0x14; v++) {
		start_key((uint8_t)v);
		challenge_start(&c, &k);
		c.plan.slot = 0xff;
		c.plan.answer = 0x0f;
		c.plan.mask = 0;
		c.without_between = true;
		c.hashed = k.ask.provisioned;
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		ck_kit(k, ALGORITHMS, DA_HOLDS);
		take_away(&k, DA_PART_MEASUREMENTS);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		c.plan.chain_hash.n = 0;
		c.hashed = da_slice_str("another key");
		challenge_refused(DA_F_CHALLENGE_CHAIN);
		k.ask.provisioned.n = 0;
		challenge_refused(DA_F_KEY_ABSENT);
	}
}
END_TEST

/* -- multi-key connections -- */

START_TEST(several_keys)
{
	for (unsigned int v = 0x13; v <= 0x14; v++) {
		start_several((uint8_t)v);
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 0);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		ck_kit(k, SLOT, DA_HOLDS);
		ck_kit(k, LEAF_PROFILE, DA_HOLDS);
		c.digests.usage[0] = DA_USE_CHALLENGE;
		challenge_make(&c, &k);
		ck_assert_int_eq(kit_ask(&k), 2);
		ck_kit(k, CHALLENGE, DA_HOLDS);
		ck_kit_fault(k, SLOT, DA_F_KEY_USE);
		c.digests.usage[0] = DA_USE_MEASUREMENTS;
		challenge_refused(DA_F_KEY_USE);
	}
}
END_TEST

/* What DIGESTS forbid is forbidden, whether a CHALLENGE covers them or not. */
START_TEST(several_keys_and_less_said)
{
	start_several(0x13);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, SLOT, DA_HOLDS);
	c.digests.usage[0] = DA_USE_CHALLENGE;
	challenge_make(&c, &k);
	k.ask.challenge_nonce.n = 0;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit(k, CHALLENGE, DA_UNKNOWN);
	ck_kit_fault(k, SLOT, DA_F_KEY_USE);
	ck_assert_uint_eq(k.proof.proved, 0);
	c.without_between = true;
	take_away(&k, DA_PART_BETWEEN);
	challenge_make(&c, &k);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, SLOT, DA_HOLDS);
	ck_assert_uint_eq(k.proof.proved, 1);
}
END_TEST

static void
model_is(uint8_t model)
{
	c.digests.info[0] = c.portion.info = model;
	challenge_make(&c, &k);
	kit_ask(&k);
}

/* One that says it is the device's own. */
static void
add_hardware(struct cert_plan *plan)
{
	add_extra(plan, "1.3.6.1.4.1.412.274.6", false, BYTES("\x30\x0e"
	    "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x02"));
}

static void
start_hardware(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_several_keys(&k);
	add_hardware(&k.leaf);
}

START_TEST(whose_leaf)
{
	start_hardware(0x13);
	/* The capability does not say it where each slot has its own. */
	k.vca.caps |= DA_CAP_ALIAS_CERT;
	kit_make(&k);
	challenge_start(&c, &k);
	model_is(1);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	ck_assert_int_eq(k.proof.proved, 1);
	model_is(2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
	/* Unsigned, alias is believed, and device is not. */
	k.ask.challenge_nonce.n = 0;
	kit_ask(&k);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
	challenge_start(&c, &k);
	model_is(1);
	k.ask.challenge_nonce.n = 0;
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	take_away(&k, DA_PART_BETWEEN);
	take_away(&k, DA_PART_CHALLENGE);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
}
END_TEST

/* Unsaid, the certificates say it: two of one chain are not both the device. */
START_TEST(whose_leaf_by_the_chain)
{
	start_hardware(0x13);
	add_hardware(&k.root);
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

/* The memo keeps no answer for another model than the one it was given for. */
START_TEST(a_memo_is_of_one_model)
{
	static struct da_chain_memo memo;

	start_hardware(0x13);
	kit_make(&k);
	challenge_start(&c, &k);
	k.ask.memo = &memo;
	for (int i = 0; i < 2; i++) {
		model_is(1);
		ck_kit(k, LEAF_PROFILE, DA_HOLDS);
		model_is(2);
		ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
		model_is(1);
		k.ask.challenge_nonce.n = 0;
		kit_ask(&k);
		ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	}
	ck_assert_uint_eq(memo.walks, 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("authenticate");
	TCase *t = tcase_create("authenticate");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, capabilities);
	tcase_add_test(t, each_series_is_proved);
	tcase_add_test(t, only_the_last_series_claims);
	tcase_add_test(t, a_reset_is_where_the_signature_is);
	tcase_add_test(t, series_of_another_slot);
	tcase_add_test(t, a_provisioned_key);
	tcase_add_test(t, no_provisioned_key);
	tcase_add_test(t, another_provisioned_key);
	tcase_add_test(t, a_chain_beside_the_key);
	tcase_add_test(t, the_key_is_the_sessions);
	tcase_add_test(t, the_key_is_challenged);
	tcase_add_test(t, several_keys);
	tcase_add_test(t, several_keys_and_less_said);
	tcase_add_test(t, whose_leaf);
	tcase_add_test(t, whose_leaf_by_the_chain);
	tcase_add_test(t, a_memo_is_of_one_model);
	suite_add_tcase(s, t);
	return run_suite(s);
}

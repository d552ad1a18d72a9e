/* SPDX-License-Identifier: Apache-2.0 */
/* Stage one on evidence that verifies, and on evidence that just does not. */
#include "kit.h"
#include "verifier/table.h"

static struct kit k;

static void
start(uint8_t version)
{
	kit_start(&k, version, &kit_p384);
	kit_make(&k);
}

static void
verifies(void)
{
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_assert_uint_eq(k.proof.proved, 1);
	ck_kit(k, WELL_FORMED, DA_HOLDS);
	ck_kit(k, CHAIN, DA_HOLDS);
	ck_kit(k, LEAF_PROFILE, DA_HOLDS);
	ck_kit(k, SIGNATURE, DA_HOLDS);
	ck_kit(k, SLOT, DA_HOLDS);
	ck_kit(k, NONCE, DA_HOLDS);
	ck_assert(k.claims.has_blocks);
}

START_TEST(every_algorithm_and_version)
{
	static const struct kit_algs algs[] = {
		{ DA_ASYM_ECDSA_P256, DA_HASH_SHA256, NULL, "SHA256" },
		{ DA_ASYM_ECDSA_P384, DA_HASH_SHA384, NULL, "SHA384" },
		{ DA_ASYM_ECDSA_P521, DA_HASH_SHA512, NULL, "SHA512" },
		/* Any hash with any curve. */
		{ DA_ASYM_ECDSA_P256, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_ECDSA_P521, DA_HASH_SHA256, NULL, "SHA256" },
		{ DA_ASYM_ECDSA_P384, DA_HASH_SHA3_384, NULL, "SHA3-384" },
		{ DA_ASYM_RSASSA_2048, DA_HASH_SHA256, NULL, "SHA256" },
		{ DA_ASYM_RSAPSS_2048, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_RSASSA_3072, DA_HASH_SHA384, NULL, "SHA384" },
		{ DA_ASYM_RSAPSS_3072, DA_HASH_SHA3_256, NULL, "SHA3-256" },
		{ DA_ASYM_RSASSA_4096, DA_HASH_SHA3_512, NULL, "SHA3-512" },
		{ DA_ASYM_RSAPSS_4096, DA_HASH_SHA384, NULL, "SHA384" },
		{ DA_ASYM_ED25519, DA_HASH_SHA512, NULL, "SHA512" },
		{ DA_ASYM_ED448, DA_HASH_SHA512, NULL, "SHA512" },
	};

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		for (unsigned int v = 0x10; v <= 0x14; v++) {
			if (!da_asym_fits((uint8_t)v, algs[i].asym))
				continue;
			kit_start(&k, (uint8_t)v, &algs[i]);
			kit_make(&k);
			verifies();
			ck_kit(k, VALIDITY, DA_HOLDS);
			ck_kit(k, ALGORITHMS, v < 0x12 ? DA_UNKNOWN :
			    DA_HOLDS);
			ck_kit(k, TSM_STATE, DA_UNKNOWN);
			ck_assert_uint_eq(k.claims.blocks.n, 3);
			if (v != 0x12)
				continue;
			/* By another key of that kind. */
			k.leaf_key = new_key_of(algs[i].asym);
			give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
			ck_assert_int_eq(kit_ask(&k), 2);
			ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
		}
}
END_TEST

/* SPDM 1.0 names no slot and is asked with a nonce all the same. */
START_TEST(version_10)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .slot_known = 1, .slot = 0 };

	start(0x10);
	k.bundle.slot_known = true;
	k.ask.ticket = &ticket;
	verifies();
	ck_assert_uint_eq(k.evidence.meas.slot_asked, 0);
	ticket.slot = 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SLOT, DA_F_SLOT_TSM);
	k.ask.ticket = NULL;
	k.bundle.slot = 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SLOT, DA_F_SLOT_CHAIN);
	/* SPDM 1.1's request has one byte more. */
	start(0x10);
	k.exchange.version = 0x11;
	kit_make(&k);
	ck_assert_int_ne(kit_ask(&k), 0);
}
END_TEST

/* What the asker takes upon himself reaches the path. */
START_TEST(critical_extensions)
{
	start(0x12);
	add_extra(&k.leaf, "1.2.3.4.5", true, BYTES("\x30\x00"));
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, CHAIN, DA_F_EXT_CRITICAL);
	k.ask.critical.n = 1;
	k.ask.critical.oid[0] = BYTES("\x2a\x03\x04\x05");
	verifies();
}
END_TEST

/* -- a chain that several functions of a device have -- */

static struct da_chain_memo memo;

/* The answers are those of a question without a memo, to the byte. */
static int
ask_both(void)
{
	struct da_findings with;
	int class;

	k.ask.memo = &memo;
	class = kit_ask(&k);
	with = k.claims.findings;
	k.ask.memo = NULL;
	ck_assert_int_eq(kit_ask(&k), class);
	ck_assert_mem_eq(&with, &k.claims.findings, sizeof(with));
	return class;
}

static void
start_memo(uint8_t version)
{
	memset(&memo, 0, sizeof(memo));
	start(version);
}

START_TEST(a_chain_is_walked_once)
{
	start_memo(0x12);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(ask_both(), 0);
	ck_assert_uint_eq(memo.walks, 1);
	/* Other measurements of the same chain. */
	k.exchange.nonce = 0xbb;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(ask_both(), 6);
	ck_assert_uint_eq(memo.walks, 1);
	ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
}
END_TEST

START_TEST(another_byte_is_another_chain)
{
	struct da_slice chain;
	struct buf b;

	start_memo(0x12);
	ck_assert_int_eq(ask_both(), 0);
	chain = k.bundle.part[DA_PART_CHAIN];
	b = buf_copy(chain);
	b.p[b.n - 1] ^= 1;	/* in the leaf's signature */
	give(&k, DA_PART_CHAIN, buf_slice(&b));
	ck_assert_int_eq(ask_both(), 2);
	ck_kit_fault(k, CHAIN, DA_F_LINK_SIGNATURE);
	ck_assert_uint_eq(memo.walks, 2);
	/* Broken stays broken, and the good one is walked anew. */
	ck_assert_int_eq(ask_both(), 2);
	ck_kit_fault(k, CHAIN, DA_F_LINK_SIGNATURE);
	ck_assert_uint_gt(k.claims.findings.of[DA_CHK_CHAIN].offset, 0);
	ck_assert_uint_eq(memo.walks, 2);
	give(&k, DA_PART_CHAIN, chain);
	ck_assert_int_eq(ask_both(), 0);
	ck_assert_uint_eq(memo.walks, 3);
}
END_TEST

START_TEST(broken_chains_are_kept_with_their_faults)
{
	start_memo(0x12);
	k.ask.anchors.n = 0;
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(ask_both(), 3);
		ck_kit_fault(k, CHAIN, DA_F_NO_ANCHOR);
	}
	ck_assert_uint_eq(memo.walks, 1);
	start_memo(0x12);
	k.ask.at = VALID_TO + 1;
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(ask_both(), 2);
		ck_kit_fault(k, VALIDITY, DA_F_EXPIRED);
	}
	start_memo(0x13);
	k.leaf.no_basic = true;
	kit_make(&k);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(ask_both(), 2);
		ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_NO_BASIC);
	}
	ck_assert_uint_eq(memo.walks, 1);
}
END_TEST

/* The answer depends on more than the chain's bytes. */
START_TEST(a_memo_is_of_one_negotiation)
{
	struct da_slice chain, root;

	/* The same leaf may do without basicConstraints below 1.3 only. */
	start_memo(0x12);
	k.leaf.no_basic = true;
	kit_make(&k);
	chain = k.bundle.part[DA_PART_CHAIN];
	root = k.root_der;
	ck_assert_int_eq(ask_both(), 0);
	k.version = k.vca.version = k.exchange.version = 0x13;
	kit_make(&k);
	give(&k, DA_PART_CHAIN, chain);
	k.ask.anchors.der[0] = root;
	ck_assert_int_eq(ask_both(), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_NO_BASIC);
	ck_assert_uint_eq(memo.walks, 2);
	/* An alias chain by its responder's word. */
	start_memo(0x12);
	add_extra(&k.leaf, "1.3.6.1.4.1.412.274.6", false, BYTES("\x30\x0e"
	    "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x02"));
	kit_make(&k);
	chain = k.bundle.part[DA_PART_CHAIN];
	root = k.root_der;
	ck_assert_int_eq(ask_both(), 0);
	k.vca.caps |= DA_CAP_ALIAS_CERT;
	kit_make(&k);
	give(&k, DA_PART_CHAIN, chain);
	k.ask.anchors.der[0] = root;
	ck_assert_int_eq(ask_both(), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
}
END_TEST

/* As GPUs send it: no VCA, and the asker says what was used. */
START_TEST(without_a_vca)
{
	struct da_algs algs = { DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
	    DA_HASH_SHA384 };

	start(0x11);
	take_away(&k, DA_PART_VCA);
	k.ask.assumed = &algs;
	verifies();
	ck_kit(k, ALGORITHMS, DA_UNKNOWN);
	take_away(&k, DA_PART_MEASUREMENTS);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, ALGORITHMS, DA_NOT_ASKED);
	give(&k, DA_PART_VCA, k.vca_raw);
	ck_assert_int_eq(kit_ask(&k), 0);
	ck_kit(k, ALGORITHMS, DA_UNKNOWN);
}
END_TEST

START_TEST(a_series_of_exchanges)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct exchange_plan p = { .version = (uint8_t)v };
		struct buf one = { 0 };

		kit_start(&k, (uint8_t)v, &kit_p384);
		put_exchange(&k.before, &p);
		put_block(&one, 9, 0x87, 0x44, 8);
		p.operation = 9;
		p.n_blocks = 1;
		p.record = buf_slice(&one);
		put_exchange(&k.before, &p);
		kit_make(&k);
		verifies();
		ck_assert_uint_eq(k.claims.blocks.n, 4);
		ck_assert_uint_eq(k.claims.blocks.block[2].index, 9);
	}
}
END_TEST

/* What every byte of the signed parts is worth; P-256, because it is many. */
START_TEST(every_bit_counts)
{
	static const struct kit_algs p256 = { DA_ASYM_ECDSA_P256,
	    DA_HASH_SHA256, "P-256", "SHA256" };
	static const enum da_part parts[] = { DA_PART_VCA,
	    DA_PART_MEASUREMENTS, DA_PART_CHAIN };
	enum da_part part = parts[_i % 3];
	struct da_slice whole;

	kit_start(&k, _i < 3 ? 0x12 : 0x13, &p256);
	k.root.key = k.root.signer = k.leaf.signer = new_key("P-256");
	kit_make(&k);
	verifies();
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

START_TEST(signature)
{
	start(0x12);
	k.exchange.is_signed = false;
	k.exchange.answer = 0;
	{
		struct buf b = { 0 };

		put_exchange(&b, &k.exchange);
		give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	}
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_ABSENT);
	ck_assert_uint_eq(k.proof.proved, 0);
	ck_assert(!k.claims.has_blocks);
	/* Another key than the leaf's. */
	start(0x12);
	k.leaf_key = new_key("P-384");
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_SIGNATURE].offset,
	    k.bundle.part[DA_PART_MEASUREMENTS].n - 96);
	ck_assert(!k.claims.has_blocks);
}
END_TEST

START_TEST(what_is_signed)
{
	/* 1.2 without the VCA, and with the prefix of another version. */
	start(0x12);
	k.vca_raw = da_slice_of("", 0);
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
	start(0x12);
	k.version = 0x13;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
	k.version = 0x11;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
	/* Another hash than the negotiated one. */
	start(0x12);
	k.algs.md = "SHA256";
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SIGNATURE, DA_F_SIGNATURE_WRONG);
}
END_TEST

START_TEST(nonce)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .has_nonce = 1 };
	uint8_t other[DA_NONCE] = { 0 };

	start(0x12);
	k.ask.nonce = da_slice_of(other, sizeof(other));
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_NONCE].offset, 4);
	ck_assert_uint_eq(k.proof.proved, 0);
	/* None given is not fresh, either. */
	k.ask.nonce = da_slice_of(NULL, 0);
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit(k, NONCE, DA_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
	k.ask.nonce = da_slice_of(k.bundle.part[DA_PART_MEASUREMENTS].p + 4,
	    31);
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit(k, NONCE, DA_UNKNOWN);
	/* The ticket's decides. */
	start(0x12);
	k.ask.ticket = &ticket;
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
	memset(ticket.nonce, 0xaa, DA_NONCE);
	k.ask.nonce = da_slice_of(NULL, 0);
	verifies();
}
END_TEST

static bool tolerate[DA_CHK_COUNT];

static void
put_token(struct da_token *token, uint8_t byte)
{
	token->len = 8;
	memset(token->bytes, byte, sizeof(token->bytes));
}

/* A platform whose host, or whose TSM, never passes the guest's nonce on. */
static struct da_ticket
ticket_of(enum da_platform platform, const char *abi)
{
	struct da_ticket t = { .bound = 1, .state = DA_STATE_LOCKED,
	    .state_trusted = 1, .platform = (uint8_t)platform,
	    .has_nonce = 1, .has_tokens_at_lock = 1 };

	snprintf(t.abi, sizeof(t.abi), "%s", abi);
	memset(t.nonce, 0xaa, DA_NONCE);
	for (int i = 0; i < DA_TOKEN_COUNT; i++) {
		put_token(&t.token_at_lock[i], 1);
		put_token(&t.token[i], i == DA_TOKEN_LOCK ? 1 : 2);
	}
	return t;
}

START_TEST(nonce_that_the_platform_loses)
{
	static const struct {
		enum da_platform platform;
		const char *abi;
		bool loses;
	} rows[] = {
		{ DA_PLATFORM_ARM_CCA, "bet0", true },
		{ DA_PLATFORM_TDX, "1", true },
		{ DA_PLATFORM_ARM_CCA, "alp20", false },
		{ DA_PLATFORM_ARM_CCA, "", false },
		{ DA_PLATFORM_SEV_TIO, "1", false },
		{ DA_PLATFORM_SEV_TIO, "2", false },
		{ DA_PLATFORM_COVE_IO, "1", false },
		{ DA_PLATFORM_EMULATED, "1", false },
		{ DA_PLATFORM_NONE, "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct da_ticket t = ticket_of(rows[i].platform, rows[i].abi);

		start(0x12);
		k.ask.ticket = &t;
		verifies();
		/* Any other nonce is broken, everywhere. */
		k.exchange.nonce = 0x01;
		give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
		ck_assert_int_eq(kit_ask(&k), 6);
		ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
		k.exchange.nonce = 0;
		give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
		ck_assert_int_eq(kit_ask(&k), 6);
		if (!rows[i].loses)
			ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
		else
			ck_kit(k, NONCE, DA_UNKNOWN);
		ck_assert_uint_eq(k.proof.proved, 0);
	}
	/* Nobody names the platform. */
	start(0x12);
	k.exchange.nonce = 0;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	ck_assert_int_eq(kit_ask(&k), 6);
	ck_kit_fault(k, NONCE, DA_F_NONCE_DIFFERS);
}
END_TEST

/* Tolerated, and even then only where the tokens changed since the lock. */
START_TEST(stage_two_without_the_nonce)
{
	struct da_ticket t = ticket_of(DA_PLATFORM_ARM_CCA, "bet0");

	for (int i = 0; i < DA_CHK_COUNT; i++)
		tolerate[i] = true;
	start(0x12);
	k.exchange.nonce = 0;
	give(&k, DA_PART_MEASUREMENTS, kit_measurements(&k));
	k.ask.ticket = &t;
	k.ask.tolerate = tolerate;
	kit_ask(&k);
	ck_kit(k, NONCE, DA_UNKNOWN);
	ck_kit(k, TSM_TOKENS, DA_HOLDS);
	ck_assert_uint_eq(k.proof.proved, 1);
	tolerate[DA_CHK_NONCE] = false;
	kit_ask(&k);
	ck_assert_uint_eq(k.proof.proved, 0);
	tolerate[DA_CHK_NONCE] = true;
	t.has_tokens_at_lock = 0;
	kit_ask(&k);
	ck_kit(k, TSM_TOKENS, DA_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
	t = ticket_of(DA_PLATFORM_ARM_CCA, "bet0");
	put_token(&t.token[DA_TOKEN_MEASUREMENTS], 1);
	kit_ask(&k);
	ck_kit_fault(k, TSM_TOKENS, DA_F_TOKEN_STALE);
	ck_assert_uint_eq(k.proof.proved, 0);
	/* No nonce at all on a platform that has one: not what is tolerated. */
	t = ticket_of(DA_PLATFORM_EMULATED, "1");
	t.has_nonce = 0;
	k.ask.nonce = da_slice_of(NULL, 0);
	kit_ask(&k);
	ck_kit(k, NONCE, DA_UNKNOWN);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

static void
slot_refused(enum da_why why)
{
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), da_fault_text(why)->exit_class);
	ck_kit_fault(k, SLOT, why);
	ck_assert_uint_eq(k.proof.proved, 0);
}

START_TEST(slots)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .slot_known = 1, .slot = 3 };

	for (unsigned int v = 0x11; v <= 0x14; v++) {
		kit_start(&k, (uint8_t)v, &kit_p384);
		k.exchange.slot = k.exchange.answer = 3;
		kit_make(&k);
		k.bundle.slot_known = true;
		k.bundle.slot = 3;
		k.ask.ticket = &ticket;
		verifies();
		k.exchange.answer = 2;
		slot_refused(DA_F_SLOT_DIFFERS);
		k.exchange.answer = 3;
		k.bundle.slot = 0;
		slot_refused(DA_F_SLOT_CHAIN);
		k.bundle.slot_known = false;
		ticket.slot = 0;
		slot_refused(DA_F_SLOT_TSM);
		ticket.slot = 3;
		k.exchange.slot = k.exchange.answer = 0x0f;
		slot_refused(DA_F_KEY_ABSENT);
	}
}
END_TEST

START_TEST(session_key)
{
	struct da_ticket ticket = { .bound = 1, .state = DA_STATE_LOCKED,
	    .platform = DA_PLATFORM_EMULATED, .hash = DA_HASH_SHA384 };
	struct da_hash_value key;

	start(0x12);
	k.ask.ticket = &ticket;
	verifies();
	ck_kit(k, SESSION_KEY, DA_UNKNOWN);
	key = da_hash_of(DA_HASH_SHA384, k.evidence.chain.cert[1].spki);
	da_digest_set(&ticket.digest[DA_DIGEST_PUBLIC_KEY], DA_HASH_SHA384,
	    da_hash_bytes(&key));
	verifies();
	ck_kit(k, SESSION_KEY, DA_HOLDS);
	ticket.digest[DA_DIGEST_PUBLIC_KEY].bytes[0] ^= 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, SESSION_KEY, DA_F_SESSION_KEY);
	ck_assert_uint_eq(k.claims.findings.of[DA_CHK_SESSION_KEY].offset,
	    da_slice_offset(k.bundle.part[DA_PART_CHAIN],
	    k.evidence.chain.cert[1].spki));
	/* What another platform's digest covers is not known. */
	ticket.platform = DA_PLATFORM_SEV_TIO;
	verifies();
	ck_kit(k, SESSION_KEY, DA_UNKNOWN);
}
END_TEST

START_TEST(chain_and_time)
{
	start(0x12);
	k.ask.anchors.n = 0;
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, CHAIN, DA_F_NO_ANCHOR);
	ck_assert(!k.claims.has_blocks);
	start(0x12);
	k.ask.at = VALID_TO + 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, VALIDITY, DA_F_EXPIRED);
	k.ask.at = VALID_FROM - 1;
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, VALIDITY, DA_F_NOT_YET_VALID);
	k.ask.has_time = false;
	verifies();
	ck_kit(k, VALIDITY, DA_UNKNOWN);
	/* A leaf on another curve is a refusal, not another algorithm. */
	start(0x12);
	k.leaf.key = new_key("P-256");
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_KEY);
	start(0x13);
	k.leaf.no_basic = true;
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_NO_BASIC);
	/* The certificate model is the responder's word in its VCA. */
	start(0x12);
	add_extra(&k.leaf, "1.3.6.1.4.1.412.274.6", false, BYTES("\x30\x0e"
	    "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x02"));
	kit_make(&k);
	verifies();
	k.vca.caps |= DA_CAP_ALIAS_CERT;
	kit_make(&k);
	ck_assert_int_eq(kit_ask(&k), 2);
	ck_kit_fault(k, LEAF_PROFILE, DA_F_LEAF_HARDWARE_ID);
}
END_TEST

static void
digest(struct da_ticket *t, enum da_digest_of of, enum da_part part)
{
	struct da_hash_value h = da_hash_of(DA_HASH_SHA384,
	    k.bundle.part[part]);

	da_digest_set(&t->digest[of], DA_HASH_SHA384, da_hash_bytes(&h));
}

START_TEST(no_parser_before_the_gate)
{
	struct da_ticket ticket = { .platform = DA_PLATFORM_EMULATED,
	    .bound = 1, .state = DA_STATE_LOCKED, .hash = DA_HASH_SHA384 };
	start(0x12);
	k.ask.ticket = &ticket;
	digest(&ticket, DA_DIGEST_CHAIN, DA_PART_CHAIN);
	digest(&ticket, DA_DIGEST_VCA, DA_PART_VCA);
	digest(&ticket, DA_DIGEST_MEASUREMENTS, DA_PART_MEASUREMENTS);
	verifies();
	ticket.digest[DA_DIGEST_CHAIN].bytes[0] ^= 1;
	ck_assert_int_eq(kit_ask(&k), 7);
	ck_kit_fault(k, TSM_DIGEST_CHAIN, DA_F_DIGEST_DIFFERS);
	ck_kit(k, WELL_FORMED, DA_NOT_ASKED);
	ck_kit(k, CHAIN, DA_NOT_ASKED);
	ck_assert_uint_eq(k.proof.proved, 0);
	/* Unknown: parsed only where the policy tolerates it. */
	ticket.digest[DA_DIGEST_CHAIN].len = 0;
	verifies();
	k.ask.tolerate = tolerate;
	ck_assert_int_ne(kit_ask(&k), 0);
	ck_kit(k, TSM_DIGEST_CHAIN, DA_UNKNOWN);
	ck_kit(k, WELL_FORMED, DA_NOT_ASKED);
	ck_assert_uint_eq(k.proof.proved, 0);
	tolerate[DA_CHK_TSM_DIGEST_CHAIN] = true;
	verifies();
}
END_TEST

START_TEST(evidence_that_cannot_be_read)
{
	start(0x12);
	give(&k, DA_PART_CHAIN, da_slice_of("\x30\x82", 2));
	ck_assert_int_eq(kit_ask(&k), 8);
	ck_kit_fault(k, WELL_FORMED, DA_F_SHORT);
	ck_kit(k, SIGNATURE, DA_NOT_ASKED);
	start(0x12);
	take_away(&k, DA_PART_VCA);
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, ALGORITHMS, DA_F_VCA_ABSENT);
	start(0x12);
	take_away(&k, DA_PART_CHAIN);
	ck_assert_int_eq(kit_ask(&k), 3);
	ck_kit_fault(k, CHAIN, DA_F_CHAIN_ABSENT);
}
END_TEST

/* What a policy asks is never answered by a report that nobody signed for. */
START_TEST(a_report_alone_is_for_people)
{
	start(0x12);
	take_away(&k, DA_PART_CHAIN);
	take_away(&k, DA_PART_VCA);
	take_away(&k, DA_PART_MEASUREMENTS);
	give(&k, DA_PART_REPORT, BYTES("report"));
	for (int i = 0; i < DA_CHK_COUNT; i++)
		tolerate[i] = true;
	k.ask.tolerate = NULL;
	kit_ask(&k);
	ck_assert_uint_eq(k.proof.proved, 1);
	k.ask.tolerate = tolerate;
	kit_ask(&k);
	ck_assert_uint_eq(k.proof.proved, 0);
}
END_TEST

START_TEST(every_check_has_its_question)
{
	for (int i = 0; i < DA_CHK_COUNT; i++)
		ck_assert_uint_gt(strlen(da_check_question((enum da_check)i)),
		    10);
	ck_assert_str_eq(da_check_question(DA_CHK_COUNT), "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("prove");
	TCase *t = tcase_create("prove");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, every_algorithm_and_version);
	tcase_add_test(t, version_10);
	tcase_add_test(t, critical_extensions);
	tcase_add_test(t, a_chain_is_walked_once);
	tcase_add_test(t, another_byte_is_another_chain);
	tcase_add_test(t, broken_chains_are_kept_with_their_faults);
	tcase_add_test(t, a_memo_is_of_one_negotiation);
	tcase_add_test(t, without_a_vca);
	tcase_add_test(t, a_series_of_exchanges);
	tcase_add_loop_test(t, every_bit_counts, 0, 6);
	tcase_add_test(t, signature);
	tcase_add_test(t, what_is_signed);
	tcase_add_test(t, nonce);
	tcase_add_test(t, nonce_that_the_platform_loses);
	tcase_add_test(t, stage_two_without_the_nonce);
	tcase_add_test(t, slots);
	tcase_add_test(t, session_key);
	tcase_add_test(t, chain_and_time);
	tcase_add_test(t, no_parser_before_the_gate);
	tcase_add_test(t, evidence_that_cannot_be_read);
	tcase_add_test(t, a_report_alone_is_for_people);
	tcase_add_test(t, every_check_has_its_question);
	suite_add_tcase(s, t);
	return run_suite(s);
}

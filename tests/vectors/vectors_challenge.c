/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CHALLENGE: the reference library's transcript of one, and evidence that is
 * made at run time for what nobody recorded: a context, several keys, a
 * provisioned key, series with resets, SPDM 1.0 and 1.1.
 */
#include "flips.h"

#include "tests/unit/kit_challenge.h"

#define RECORDED	"v1.2-p384-challenge"

static struct vec_question q;
static struct vec_answer answer;
static struct da_chain_memo memo;

/* -- the recorded one -- */

static void
ask_recorded(void)
{
	memset(&memo, 0, sizeof(memo));
	vec_libspdm(RECORDED, &q);
	vec_give(&q, DA_PART_CHALLENGE, vec_file("libspdm", RECORDED,
	    "challenge.bin"));
	vec_give(&q, DA_PART_BETWEEN, vec_file("libspdm", RECORDED,
	    "digests_certs.bin"));
	ck_assert(da_slice_cut(q.bundle.part[DA_PART_CHALLENGE], 4, DA_NONCE,
	    &q.ask.challenge_nonce));
	q.ask.memo = &memo;
}

/* M1/M2 as the independent script of the data computed it. */
START_TEST(recorded_verifies)
{
	struct da_json *json = vec_json("libspdm", RECORDED);
	struct da_slice pieces[3];
	struct da_hash_value h;

	ask_recorded();
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	ck_finding(answer.claims.findings, DA_CHK_ALGORITHMS, DA_HOLDS);
	pieces[0] = answer.evidence.vca.raw;
	pieces[1] = answer.evidence.between.raw;
	pieces[2] = answer.evidence.challenge.exchange;
	h = da_hash_all(DA_HASH_SHA384, pieces, 3);
	ck_assert(vec_is_hex(json, "challenge.m1m2_hash", da_hash_bytes(&h)));
	ck_assert_uint_eq(answer.evidence.challenge.summary_of,
	    DA_SUMMARY_ALL);
	/* Without the measurements it stands for itself. */
	q.bundle.given[DA_PART_MEASUREMENTS] = false;
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	ck_finding(answer.claims.findings, DA_CHK_ALGORITHMS, DA_HOLDS);
	da_json_free(json);
	vec_done();
}
END_TEST

START_TEST(recorded_with_other_nonces)
{
	uint8_t other[DA_NONCE];

	ask_recorded();
	memcpy(other, q.ask.challenge_nonce.p, sizeof(other));
	other[0] ^= 1;
	q.ask.challenge_nonce = da_slice_of(other, sizeof(other));
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 2);
	ck_finding_fault(answer.claims.findings, DA_CHK_CHALLENGE,
	    DA_F_CHALLENGE_NONCE);
	q.ask.challenge_nonce.n = 0;
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_UNKNOWN);
	vec_done();
}
END_TEST

/* A prefix that ends where a message does is whole, and signed by nobody. */
static void
cut_between(const char *name, struct vec_question ask)
{
	struct da_slice whole = ask.bundle.part[DA_PART_BETWEEN];
	size_t unsigned_ones = 0;

	for (size_t n = 0; n < whole.n; n++) {
		uint8_t *copy;

		vec_give(&ask, DA_PART_BETWEEN, whole);
		copy = vec_give_copy(&ask, DA_PART_BETWEEN, n);
		vec_ask(&ask, &answer);
		free(copy);
		ck_assert_msg(answer.exit_class == 8 || answer.exit_class == 2,
		    "%s, prefix of %zu: %d", name, n, answer.exit_class);
		unsigned_ones += answer.exit_class == 2;
	}
	ck_assert_uint_le(unsigned_ones, 4);
}

START_TEST(no_byte_of_the_recorded_may_change)
{
	ask_recorded();
	vec_flip_part(RECORDED, q, DA_PART_CHALLENGE);
	vec_flip_part(RECORDED, q, DA_PART_BETWEEN);
	vec_flip_part(RECORDED, q, DA_PART_VCA);
	vec_cut_part(RECORDED, q, DA_PART_CHALLENGE);
	cut_between(RECORDED, q);
	vec_done();
}
END_TEST

/* -- those that are made -- */

static struct kit k;
static struct challenge_kit c;

static const struct kit_algs p256 = { DA_ASYM_ECDSA_P256, DA_HASH_SHA256,
    "P-256", "SHA256" };

static void
start(uint8_t version)
{
	kit_start(&k, version, &p256);
	k.root_key = new_key("P-256");
	k.root.key = k.root.signer = k.leaf.signer = k.root_key;
}

static void
ask_kit(void)
{
	memset(&memo, 0, sizeof(memo));
	q = (struct vec_question){ .bundle = k.bundle, .ask = k.ask };
	q.ask.memo = &memo;
	vec_ask(&q, &answer);
	ck_assert_int_eq(answer.exit_class, 0);
}

static void
flip_all(const char *name, const enum da_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		vec_flip_part(name, q, parts[i]);
		if (parts[i] == DA_PART_BETWEEN)
			cut_between(name, q);
		else
			vec_cut_part(name, q, parts[i]);
	}
}

#define N(array)	(sizeof(array) / sizeof((array)[0]))

/* The VCA is signed in every version, and so no byte of it is free. */
static void
challenged(uint8_t version)
{
	static const enum da_part parts[] = { DA_PART_CHALLENGE,
	    DA_PART_BETWEEN, DA_PART_CHAIN };
	char name[32];

	snprintf(name, sizeof(name), "challenge 1.%d", version & 0x0f);
	kit_make(&k);
	challenge_start(&c, &k);
	challenge_make(&c, &k);
	ask_kit();
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	ck_finding(answer.claims.findings, DA_CHK_ALGORITHMS, DA_HOLDS);
	flip_all(name, parts, N(parts));
	vec_flip_part(name, q, DA_PART_MEASUREMENTS);
}

START_TEST(every_version)
{
	start((uint8_t)(0x10 + _i));
	challenged((uint8_t)(0x10 + _i));
}
END_TEST

START_TEST(no_byte_of_the_negotiation_may_change)
{
	struct da_slice whole;

	start((uint8_t)(0x10 + _i));
	kit_make(&k);
	challenge_start(&c, &k);
	challenge_make(&c, &k);
	ask_kit();
	whole = q.bundle.part[DA_PART_VCA];
	for (size_t at = 0; at < whole.n; at++) {
		uint8_t *copy;

		vec_give(&q, DA_PART_VCA, whole);
		copy = vec_give_copy(&q, DA_PART_VCA, whole.n);
		copy[at] ^= 0x10;
		vec_ask(&q, &answer);
		free(copy);
		ck_assert_msg(answer.exit_class > 1, "byte %zu", at);
	}
}
END_TEST

START_TEST(several_keys)
{
	start((uint8_t)(0x13 + _i));
	kit_several_keys(&k);
	challenged((uint8_t)(0x13 + _i));
}
END_TEST

START_TEST(large_certificates)
{
	static const enum da_part parts[] = { DA_PART_BETWEEN };

	start(0x14);
	k.vca.caps |= DA_CAP_LARGE_RESP;
	kit_make(&k);
	challenge_start(&c, &k);
	c.portion.large = true;
	challenge_make(&c, &k);
	ask_kit();
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	flip_all("large CERTIFICATE", parts, N(parts));
}
END_TEST

START_TEST(provisioned_key)
{
	static const enum da_part parts[] = { DA_PART_MEASUREMENTS,
	    DA_PART_CHALLENGE };
	char name[32];

	start((uint8_t)(0x11 + _i));
	k.vca.caps = DA_CAP_CHAL | DA_CAP_MEAS_SIG | DA_CAP_PUB_KEY_ID;
	k.exchange.slot = k.exchange.answer = 0x0f;
	kit_make(&k);
	kit_ask(&k);
	k.ask.provisioned = k.evidence.chain.cert[1].spki;
	take_away(&k, DA_PART_CHAIN);
	challenge_start(&c, &k);
	c.plan.slot = 0xff;
	c.plan.answer = 0x0f;
	c.without_between = true;
	c.hashed = k.ask.provisioned;
	challenge_make(&c, &k);
	ask_kit();
	ck_finding(answer.claims.findings, DA_CHK_CHALLENGE, DA_HOLDS);
	ck_finding(answer.claims.findings, DA_CHK_SIGNATURE, DA_HOLDS);
	snprintf(name, sizeof(name), "slot 0xF 1.%d", 1 + _i);
	flip_all(name, parts, N(parts));
}
END_TEST

START_TEST(series_with_a_reset)
{
	struct exchange_plan p = { .version = (uint8_t)(0x10 + _i) };
	struct buf b = { 0 };
	char name[32];

	start(p.version);
	kit_make(&k);
	put_exchange(&k.before, &p);
	k.exchange.nonce = 0x01;
	put_slice(&b, kit_measurements(&k));
	k.exchange.nonce = 0xaa;
	put_slice(&b, kit_measurements(&k));
	give(&k, DA_PART_MEASUREMENTS, buf_slice(&b));
	ask_kit();
	ck_assert_uint_eq(answer.evidence.meas.n_before, 1);
	snprintf(name, sizeof(name), "two series 1.%d", _i);
	vec_flip_part(name, q, DA_PART_MEASUREMENTS);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("vectors: challenge");
	TCase *recorded = tcase_create("recorded");
	TCase *made = tcase_create("made");

	vec_need_folder("libspdm", "the recorded CHALLENGE");
	tcase_add_test(recorded, recorded_verifies);
	tcase_add_test(recorded, recorded_with_other_nonces);
	tcase_add_test(recorded, no_byte_of_the_recorded_may_change);
	tcase_add_loop_test(made, every_version, 0, 5);
	tcase_add_loop_test(made, no_byte_of_the_negotiation_may_change, 0, 5);
	tcase_add_loop_test(made, several_keys, 0, 2);
	tcase_add_test(made, large_certificates);
	tcase_add_loop_test(made, provisioned_key, 0, 4);
	tcase_add_loop_test(made, series_with_a_reset, 0, 5);
	tcase_set_timeout(recorded, 300);
	tcase_set_timeout(made, 300);
	suite_add_tcase(suite, recorded);
	suite_add_tcase(suite, made);
	return run_suite(suite);
}

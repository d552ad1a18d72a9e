/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated device as an SPDM responder, asked by messages that are written
 * here by hand, and believed by the real verifier only.
 */
#include "tests/emulator/doe.h"
#include "tests/emulator/responder.h"
#include "unit.h"
#include "verifier/claims.h"

#define NOV_2026 1793491200
#define CHUNK	(UINT32_C(1) << 17)
#define OTHER	0x05	/* a request that there is not */

static const uint8_t versions[] = { 0x12, 0x13 };

static struct emu_vendor vendor;
static struct emu_device device;
static struct emu_responder r;
static struct emu_bytes q, answer;

/* What the requester keeps. */
static struct emu_bytes vca, between, pairs, chain, challenge;
static uint8_t nonce[32], challenge_nonce[32];

/* What the device's surroundings heard, and what they have to give. */
static struct emu_bytes heard[DA_DIGEST_COUNT];
static struct emu_bytes interface_report;
static bool is_locked;

static void
hear(void *context, enum da_digest_of of, struct da_slice bytes)
{
	ck_assert_ptr_eq(context, &device);
	heard[of].n = 0;
	emu_put(&heard[of], bytes.p, bytes.n);
}

static bool
give(void *context, uint32_t function, struct emu_bytes *ret)
{
	ck_assert_ptr_eq(context, &device);
	ck_assert_uint_eq(function, 0x0100);
	*ret = interface_report;
	return is_locked;
}

static void
set_up(uint8_t version)
{
	const struct emu_ear ear = { &device, hear, give };

	memset(heard, 0, sizeof(heard));
	ck_assert(emu_vendor_make("Example", &vendor));
	ck_assert(emu_device_make(&vendor, version, 1, &device));
	emu_responder_start(&r, &device, &ear);
}

static void
tear_down(void)
{
	emu_device_free(&device);
	emu_vendor_free(&vendor);
}

/* -- requests -- */

static void
begin(uint8_t version, uint8_t code, uint8_t param1, uint8_t param2)
{
	const uint8_t head[4] = { version, code, param1, param2 };

	q.n = 0;
	q.full = false;
	emu_put(&q, head, sizeof(head));
}

static void
ask(void)
{
	emu_responder_answer(&r, emu_slice(&q), &answer);
	ck_assert(!answer.full);
	ck_assert_uint_ge(answer.n, 4);
}

static void
keep(struct emu_bytes *log)
{
	emu_put(log, q.p, q.n);
	emu_put(log, answer.p, answer.n);
	ck_assert(!log->full);
}

static void
answered(uint8_t code)
{
	ck_assert_msg(answer.p[1] == code, "%02x, not %02x: error %02x",
	    answer.p[1], code, answer.p[2]);
}

static void
refused(uint8_t error)
{
	answered(0x7f);
	ck_assert_uint_eq(answer.p[2], error);
	ck_assert_uint_eq(answer.n, 4);
}

static void
get_version(void)
{
	begin(0x10, 0x84, 0, 0);
	ask();
}

static void
get_capabilities(uint8_t version, uint32_t flags, uint32_t transfer)
{
	begin(version, 0xe1, 0, 0);
	emu_put_zero(&q, 4);
	emu_put_le(&q, flags, 4);
	emu_put_le(&q, transfer, 4);
	emu_put_le(&q, 65536, 4);
	ask();
}

static void
put_algorithms(uint8_t version, uint32_t asym, uint32_t hash)
{
	begin(version, 0xe3, 1, 0);
	emu_put_le(&q, 36, 2);
	emu_put_u8(&q, 1);
	emu_put_u8(&q, 2);
	emu_put_le(&q, asym, 4);
	emu_put_le(&q, hash, 4);
	emu_put_zero(&q, 16);
	emu_put_le(&q, 0x00102002, 4);	/* a DHE table */
}

static void
negotiate(uint8_t version, uint32_t flags, uint32_t transfer)
{
	vca.n = 0;
	get_version();
	answered(0x04);
	keep(&vca);
	get_capabilities(version, flags, transfer);
	answered(0x61);
	keep(&vca);
	put_algorithms(version, 0x90, 0x03);
	ask();
	answered(0x63);
	keep(&vca);
}

static void
get_digests(uint8_t version)
{
	begin(version, 0x81, 0, 0);
	ask();
}

static void
get_certificate(uint8_t version, size_t offset, size_t length)
{
	begin(version, 0x82, 0, 0);
	emu_put_le(&q, offset, 2);
	emu_put_le(&q, length, 2);
	ask();
}

/* Portions of at most `size`. */
static void
read_chain(uint8_t version, size_t size)
{
	size_t portion, left;

	between.n = chain.n = 0;
	get_digests(version);
	answered(0x01);
	keep(&between);
	do {
		get_certificate(version, chain.n, size);
		answered(0x02);
		keep(&between);
		portion = answer.p[4] | (size_t)answer.p[5] << 8;
		left = answer.p[6] | (size_t)answer.p[7] << 8;
		ck_assert_uint_eq(answer.n, 8 + portion);
		ck_assert_uint_gt(portion, 0);
		ck_assert_uint_le(portion, size);
		emu_put(&chain, answer.p + 8, portion);
	} while (left != 0);
	ck_assert(da_slice_eq(emu_slice(&chain), emu_slice(&device.chain)));
}

static void
put_context(uint8_t version)
{
	if (version >= 0x13)
		emu_put(&q, "context!", 8);
}

static void
ask_challenge(uint8_t version, uint8_t summary)
{
	emu_random(challenge_nonce, sizeof(challenge_nonce));
	begin(version, 0x83, 0, summary);
	emu_put(&q, challenge_nonce, sizeof(challenge_nonce));
	put_context(version);
	ask();
}

static void
put_measurements(uint8_t version, uint8_t attributes, uint8_t operation)
{
	begin(version, 0xe0, attributes, operation);
	if ((attributes & 1) != 0) {
		emu_random(nonce, sizeof(nonce));
		emu_put(&q, nonce, sizeof(nonce));
		emu_put_u8(&q, 0);
	}
	put_context(version);
}

static void
ask_measurements(uint8_t version, uint8_t attributes, uint8_t operation)
{
	put_measurements(version, attributes, operation);
	ask();
}

/* -- what the verifier makes of it -- */

static struct {
	struct da_bundle bundle;
	struct da_ask ask;
	struct da_evidence evidence;
	struct da_proof proof;
	struct da_claims claims;
	struct emu_bytes root;
} v;

static void
give_part(enum da_part part, const struct emu_bytes *bytes)
{
	v.bundle.given[part] = bytes->n != 0;
	v.bundle.part[part] = emu_slice(bytes);
}

static void
verify(void)
{
	memset(&v, 0, sizeof(v));
	ck_assert(emu_put_cert(&v.root, vendor.root.cert));
	give_part(DA_PART_CHAIN, &chain);
	give_part(DA_PART_VCA, &vca);
	give_part(DA_PART_MEASUREMENTS, &pairs);
	give_part(DA_PART_CHALLENGE, &challenge);
	if (challenge.n != 0)
		give_part(DA_PART_BETWEEN, &between);
	v.ask = (struct da_ask){ .anchors = { 1, { emu_slice(&v.root) } },
		.nonce = da_slice_of(nonce, sizeof(nonce)),
		.challenge_nonce = da_slice_of(challenge_nonce,
		sizeof(challenge_nonce)), .has_time = true, .at = NOV_2026 };
	da_prove(&v.bundle, &v.ask, &v.evidence, &v.proof);
	da_claims_make(&v.evidence, &v.proof, &v.ask, &v.claims);
}

#define holds(check)	ck_finding(v.claims.findings, check, DA_HOLDS)

static void
is_verified(void)
{
	verify();
	holds(DA_CHK_WELL_FORMED);
	holds(DA_CHK_CHAIN);
	holds(DA_CHK_LEAF_PROFILE);
	holds(DA_CHK_ALGORITHMS);
	holds(DA_CHK_SIGNATURE);
	holds(DA_CHK_SLOT);
	holds(DA_CHK_NONCE);
	holds(DA_CHK_CONTENT_CHANGED);
	ck_assert_int_eq(da_verify_class(&v.bundle, &v.claims.findings), 0);
}

/* -- the whole collection -- */

START_TEST(everything_is_verified)
{
	static const uint8_t summaries[] = { 0x00, 0x01, 0xff };
	uint8_t version = versions[_i];

	set_up(version);
	for (size_t i = 0; i < 3; i++) {
		pairs.n = challenge.n = 0;
		negotiate(version, CHUNK, 4096);
		read_chain(version, i == 0 ? 65535 : 300 + i);
		ask_challenge(version, summaries[i]);
		answered(0x03);
		keep(&challenge);
		ask_measurements(version, 1, 0xff);
		answered(0x60);
		keep(&pairs);
		is_verified();
		holds(DA_CHK_CHALLENGE);
		ck_assert_uint_eq(v.evidence.version, version);
		ck_assert_uint_eq(v.claims.blocks.n, 7);
	}
	tear_down();
}
END_TEST

/* A device of 1.3 speaks 1.2 with those who do; one of 1.2 only that. */
START_TEST(the_requester_chooses)
{
	set_up(0x13);
	pairs.n = challenge.n = 0;
	negotiate(0x12, 0, 4096);
	read_chain(0x12, 1000);
	ask_measurements(0x12, 1, 0xff);
	keep(&pairs);
	is_verified();
	ck_assert_uint_eq(v.evidence.version, 0x12);
	tear_down();
	set_up(0x12);
	get_version();
	ck_assert_uint_eq(answer.n, 8);
	get_capabilities(0x13, 0, 4096);
	refused(0x41);
	tear_down();
}
END_TEST

/* What the surroundings hear is what the requester has. */
START_TEST(what_is_heard)
{
	set_up(0x12);
	pairs.n = challenge.n = 0;
	negotiate(0x12, 0, 1024);
	ck_assert(da_slice_eq(emu_slice(&heard[DA_DIGEST_VCA]),
	    emu_slice(&vca)));
	ck_assert_uint_eq(heard[DA_DIGEST_CHAIN].n, 0);
	read_chain(0x12, 500);
	ck_assert(da_slice_eq(emu_slice(&heard[DA_DIGEST_CHAIN]),
	    emu_slice(&chain)));
	ask_measurements(0x12, 0, 1);
	keep(&pairs);
	ck_assert_uint_eq(heard[DA_DIGEST_MEASUREMENTS].n, 0);
	ask_measurements(0x12, 1, 2);
	keep(&pairs);
	ck_assert(da_slice_eq(emu_slice(&heard[DA_DIGEST_MEASUREMENTS]),
	    emu_slice(&pairs)));
	tear_down();
}
END_TEST

/* -- L1/L2 -- */

/* The count, then each index; the last one is signed. */
START_TEST(a_series)
{
	static const uint8_t index[] = { 1, 2, 3, 4, 5, 6, 0xfe };
	uint8_t version = versions[_i];

	set_up(version);
	negotiate(version, CHUNK, 4096);
	read_chain(version, 4000);
	for (int twice = 0; twice < 2; twice++) {
		pairs.n = challenge.n = 0;
		ask_measurements(version, 0, 0);
		answered(0x60);
		ck_assert_uint_eq(answer.p[2], 7);
		keep(&pairs);
		for (size_t i = 0; i < 7; i++) {
			ask_measurements(version, i == 6, index[i]);
			answered(0x60);
			keep(&pairs);
		}
		is_verified();
		ck_assert_uint_eq(v.claims.blocks.n, 7);
	}
	tear_down();
}
END_TEST

/* DSP0274: any other request, or an error, ends L1/L2 and begins it anew. */
START_TEST(a_series_that_is_broken_off)
{
	set_up(0x12);
	negotiate(0x12, CHUNK, 4096);
	read_chain(0x12, 4000);
	for (int how = 0; how < 3; how++) {
		pairs.n = challenge.n = 0;
		ask_measurements(0x12, 0, 1);
		keep(&pairs);
		if (how == 0)
			get_digests(0x12);
		else if (how == 1)
			ask_measurements(0x12, 0, 0x77);
		else
			begin(0x12, OTHER, 0, 0), ask();
		ask_measurements(0x12, 1, 0xff);
		keep(&pairs);
		verify();
		ck_finding_fault(v.claims.findings, DA_CHK_SIGNATURE,
		    DA_F_SIGNATURE_WRONG);
		/* What was said before does not count. */
		memmove(pairs.p, pairs.p + pairs.n - q.n - answer.n,
		    q.n + answer.n);
		pairs.n = q.n + answer.n;
		is_verified();
	}
	tear_down();
}
END_TEST

/* GET_MEASUREMENTS drops what was between. */
START_TEST(a_challenge_too_late)
{
	set_up(0x12);
	negotiate(0x12, CHUNK, 4096);
	read_chain(0x12, 4000);
	pairs.n = challenge.n = 0;
	ask_measurements(0x12, 1, 0xff);
	ask_challenge(0x12, 0);
	keep(&challenge);
	verify();
	ck_finding_fault(v.claims.findings, DA_CHK_CHALLENGE,
	    DA_F_CHALLENGE_WRONG);
	between.n = 0;
	verify();
	holds(DA_CHK_CHALLENGE);
	tear_down();
}
END_TEST

/* -- chunks -- */

/* Fetches the large answer to the request that stands in q. */
static void
fetch_chunks(uint8_t version, size_t transfer)
{
	struct emu_bytes asked = q, whole = { 0 };
	uint8_t handle = answer.p[4], last;
	size_t size = 0, head = 16;
	unsigned int n = 0;

	answered(0x7f);
	ck_assert_uint_eq(answer.p[2], 0x0f);
	ck_assert_uint_eq(answer.n, 5);
	do {
		begin(version, 0x86, 0, handle);
		emu_put_le(&q, n, 2);
		ask();
		answered(0x06);
		last = answer.p[2] & 1;
		ck_assert_uint_eq(answer.p[3], handle);
		ck_assert_uint_eq(answer.p[4], n & 0xff);
		ck_assert_uint_le(answer.n, transfer);
		if (n == 0)
			size = answer.p[12] | (size_t)answer.p[13] << 8;
		ck_assert_uint_eq(answer.n - head, answer.p[8] |
		    (size_t)answer.p[9] << 8);
		ck_assert(last || answer.n == transfer);
		emu_put(&whole, answer.p + head, answer.n - head);
		head = 12;
		n++;
	} while (!last);
	ck_assert_uint_gt(n, 1);
	ck_assert_uint_eq(whole.n, size);
	q = asked;
	answer = whole;
}

START_TEST(a_large_answer)
{
	static const size_t transfers[] = { 42, 64, 100, 333 };

	set_up(0x12);
	for (size_t i = 0; i < 4; i++) {
		pairs.n = challenge.n = 0;
		negotiate(0x12, CHUNK, (uint32_t)transfers[i]);
		/* DIGESTS has 52 bytes. */
		get_digests(0x12);
		if (transfers[i] < 52)
			fetch_chunks(0x12, transfers[i]);
		answered(0x01);
		between.n = 0;
		keep(&between);
		chain = device.chain;
		for (size_t at = 0; at < chain.n;) {
			get_certificate(0x12, at, 65535);
			answered(0x02);
			ck_assert_uint_le(answer.n, transfers[i]);
			keep(&between);
			at += answer.n - 8;
		}
		ask_challenge(0x12, 0xff);
		if (transfers[i] < 232)
			fetch_chunks(0x12, transfers[i]);
		keep(&challenge);
		ask_measurements(0x12, 0, 0);
		if (transfers[i] < 42)
			fetch_chunks(0x12, transfers[i]);
		keep(&pairs);
		ask_measurements(0x12, 1, 0xff);
		fetch_chunks(0x12, transfers[i]);
		answered(0x60);
		keep(&pairs);
		is_verified();
		holds(DA_CHK_CHALLENGE);
	}
	tear_down();
}
END_TEST

START_TEST(chunks_out_of_order)
{
	set_up(0x12);
	negotiate(0x12, CHUNK, 64);
	begin(0x12, 0x86, 0, 1);
	emu_put_le(&q, 0, 2);
	ask();
	refused(0x04);
	for (int how = 0; how < 3; how++) {
		uint8_t handle;

		ask_measurements(0x12, 1, 0xff);
		ck_assert_uint_eq(answer.p[2], 0x0f);
		handle = answer.p[4];
		if (how == 2)	/* something else in between drops it */
			get_digests(0x12);
		begin(0x12, 0x86, 0, (uint8_t)(handle + (how == 0)));
		emu_put_le(&q, how == 1, 2);
		ask();
		refused(how == 2 ? 0x04 : 0x01);
		begin(0x12, 0x86, 0, handle);
		emu_put_le(&q, 0, 2);
		ask();
		refused(0x04);
	}
	/* Who cannot have chunks has no answer, and its transcript is lost. */
	negotiate(0x12, 0, 64);
	ask_measurements(0x12, 1, 0xff);
	refused(0x0d);
	begin(0x12, 0x86, 0, 1);
	emu_put_le(&q, 0, 2);
	ask();
	refused(0x07);
	tear_down();
}
END_TEST

/* One piece of the request `whole`. */
static void
send_piece(const struct emu_bytes *whole, uint8_t handle, size_t sequence,
    size_t at, size_t n)
{
	begin(0x12, 0x85, at + n == whole->n, handle);
	emu_put_le(&q, sequence, 2);
	emu_put_zero(&q, 2);
	emu_put_le(&q, n, 4);
	if (sequence == 0)
		emu_put_le(&q, whole->n, 4);
	emu_put(&q, whole->p + at, n);
	ask();
}

START_TEST(a_large_request)
{
	struct emu_bytes whole;

	set_up(0x12);
	negotiate(0x12, CHUNK, 4096);
	read_chain(0x12, 4000);
	pairs.n = challenge.n = 0;
	put_measurements(0x12, 1, 0xff);
	whole = q;
	for (size_t at = 0; at < whole.n; at += 10) {
		send_piece(&whole, 9, at / 10, at, whole.n - at < 10 ?
		    whole.n - at : 10);
		answered(0x05);
		ck_assert_uint_eq(answer.p[3], 9);
		ck_assert_uint_eq(answer.p[4], at / 10);
	}
	ck_assert_uint_gt(answer.n, 6);
	memmove(answer.p, answer.p + 6, answer.n - 6);
	answer.n -= 6;
	answered(0x60);
	q = whole;
	keep(&pairs);
	is_verified();
	/* The second piece of nothing; one too long; a chunk in chunks. */
	send_piece(&whole, 9, 1, 10, 10);
	refused(0x01);
	send_piece(&whole, 9, 0, 0, 10);
	answered(0x05);
	send_piece(&whole, 8, 1, 10, 10);
	refused(0x01);
	whole.p[1] = 0x86;
	send_piece(&whole, 9, 0, 0, whole.n);
	refused(0x01);
	tear_down();
}
END_TEST

/* -- wrong order, wrong form -- */

START_TEST(wrong_order)
{
	set_up(0x13);
	get_digests(0x13);
	refused(0x04);
	get_capabilities(0x13, 0, 4096);
	refused(0x04);
	ck_assert_uint_eq(answer.p[0], 0x10);
	get_version();
	put_algorithms(0x13, 0x80, 0x02);
	ask();
	refused(0x04);
	get_capabilities(0x14, 0, 4096);
	refused(0x41);
	get_capabilities(0x11, 0, 4096);
	refused(0x41);
	get_capabilities(0x13, 0, 41);
	refused(0x01);
	get_capabilities(0x13, 0, 42);
	answered(0x61);
	get_capabilities(0x13, 0, 42);
	refused(0x04);
	ask_measurements(0x13, 1, 0xff);
	refused(0x04);
	put_algorithms(0x12, 0x80, 0x02);
	ask();
	refused(0x41);
	/* Nothing in common: P-256 alone, SHA-256 alone. */
	put_algorithms(0x13, 0x10, 0x02);
	ask();
	refused(0x01);
	put_algorithms(0x13, 0x80, 0x01);
	ask();
	refused(0x01);
	/* A Length that is not the message's; several keys a slot. */
	put_algorithms(0x13, 0x80, 0x02);
	q.p[4]++;
	ask();
	refused(0x01);
	put_algorithms(0x13, 0x80, 0x02);
	q.p[7] |= 0x10;
	ask();
	refused(0x01);
	put_algorithms(0x13, 0x80, 0x02);
	ask();
	answered(0x63);
	begin(0x13, OTHER, 0, 0);
	ask();
	answered(0x7f);
	ck_assert_uint_eq(answer.p[2], 0x07);
	ck_assert_uint_eq(answer.p[3], OTHER);
	get_digests(0x12);
	refused(0x41);
	tear_down();
}
END_TEST

START_TEST(wrong_form)
{
	set_up(0x12);
	negotiate(0x12, CHUNK, 4096);
	get_certificate(0x12, device.chain.n, 1);
	refused(0x01);
	get_certificate(0x12, 65535, 65535);
	refused(0x01);
	get_certificate(0x12, 0, 0);
	refused(0x01);
	begin(0x12, 0x82, 1, 0);	/* slot 1 is empty */
	emu_put_le(&q, 0xffff0000, 4);
	ask();
	refused(0x01);
	ask_challenge(0x12, 2);
	refused(0x01);
	put_measurements(0x12, 1, 0xff);
	q.p[36] = 1;
	ask();
	refused(0x01);
	ask_measurements(0x12, 0, 0x10);
	refused(0x01);
	/* Padding of a DOE object is taken, a whole word is not. */
	put_measurements(0x12, 1, 0xff);
	emu_put_zero(&q, 3);
	ask();
	answered(0x60);
	put_measurements(0x12, 1, 0xff);
	emu_put_zero(&q, 4);
	ask();
	refused(0x01);
	tear_down();
}
END_TEST

/* Padding is no part of what is signed. */
START_TEST(padding_is_not_signed)
{
	set_up(0x12);
	negotiate(0x12, CHUNK, 4096);
	read_chain(0x12, 4000);
	pairs.n = challenge.n = 0;
	put_measurements(0x12, 1, 0xff);
	emu_put_zero(&q, 3);
	ask();
	q.n -= 3;
	keep(&pairs);
	is_verified();
	tear_down();
}
END_TEST

static uint32_t
draw(uint32_t below)
{
	static uint32_t state = 12345;

	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

/* Each request, cut, changed and lengthened: an answer within the transfer. */
START_TEST(anything_at_all)
{
	set_up(0x13);
	for (int i = 0; i < 4000; i++) {
		if (i % 50 == 0)
			negotiate(i % 100 == 0 ? 0x12 : 0x13, CHUNK,
			    42 + draw(300));
		begin(r.version, (uint8_t)(0x80 + draw(8)),
		    (uint8_t)draw(3), (uint8_t)draw(3));
		if (draw(4) == 0)
			q.p[1] = draw(2) == 0 ? 0xe0 : 0xfe;
		for (uint32_t n = draw(60); n > 0; n--)
			emu_put_u8(&q, (uint8_t)(draw(3) == 0 ? draw(256) :
			    draw(3)));
		q.n = draw(8) == 0 ? draw((uint32_t)q.n + 1) : q.n;
		emu_responder_answer(&r, emu_slice(&q), &answer);
		ck_assert_uint_ge(answer.n, 4);
		ck_assert(r.stage != EMU_STAGE_ALGORITHMS ||
		    answer.n <= r.transfer);
		if (r.stage != EMU_STAGE_ALGORITHMS)
			negotiate(0x12, CHUNK, 42 + draw(300));
	}
	tear_down();
}
END_TEST

/* -- TDISP in VENDOR_DEFINED -- */

static void
get_report(uint8_t type, size_t offset, size_t length)
{
	begin(0x12, 0xfe, 0, 0);
	emu_put_le(&q, 3, 2);
	emu_put_u8(&q, 2);
	emu_put_le(&q, 1, 2);
	emu_put_le(&q, 1 + 20, 2);
	emu_put_u8(&q, 1);
	emu_put_u8(&q, 0x10);
	emu_put_u8(&q, type);
	emu_put_zero(&q, 2);
	emu_put_le(&q, 0x0100, 4);
	emu_put_zero(&q, 8);
	emu_put_le(&q, offset, 2);
	emu_put_le(&q, length, 2);
	ask();
	answered(0x7e);
}

static void
tdisp_refused(uint8_t code)
{
	ck_assert_uint_eq(answer.n, 12 + 16 + 8);
	ck_assert_uint_eq(answer.p[13], 0x7f);
	ck_assert_uint_eq(answer.p[28], code);
}

START_TEST(the_interface_report)
{
	struct emu_bytes got = { 0 };
	size_t n = 1, left = 1;

	set_up(0x12);
	negotiate(0x12, CHUNK, 60);
	interface_report.n = 0;
	for (unsigned int i = 0; i < 100; i++)
		emu_put_u8(&interface_report, (uint8_t)i);
	is_locked = false;
	get_report(0x84, 0, 65535);
	tdisp_refused(4);
	is_locked = true;
	get_report(0x84, 10, 20);	/* from the middle */
	tdisp_refused(4);
	while (left != 0) {
		get_report(0x84, got.n, 65535);
		ck_assert_uint_eq(answer.p[13], 0x04);
		ck_assert_uint_le(answer.n, 60);
		n = answer.p[28] | (size_t)answer.p[29] << 8;
		left = answer.p[30] | (size_t)answer.p[31] << 8;
		ck_assert_uint_eq(answer.n, 32 + n);
		ck_assert_uint_eq(got.n + n + left, 100);
		emu_put(&got, answer.p + 32, n);
	}
	ck_assert(da_slice_eq(emu_slice(&got), emu_slice(&interface_report)));
	ck_assert(da_slice_eq(emu_slice(&got),
	    emu_slice(&heard[DA_DIGEST_REPORT])));
	get_report(0x84, 100, 1);
	tdisp_refused(1);
	get_report(0x84, 0, 0);
	tdisp_refused(1);
	get_report(0x83, 0, 0);
	tdisp_refused(7);
	q.p[9]++;			/* payload length */
	ask();
	refused(0x01);
	tear_down();
}
END_TEST

/* -- DOE -- */

static void
ask_doe(uint8_t type, size_t words, size_t n)
{
	struct emu_bytes object = { 0 };

	emu_put_le(&object, 1, 2);
	emu_put_u8(&object, type);
	emu_put_u8(&object, 0);
	emu_put_le(&object, words, 4);
	emu_put(&object, q.p, n);
	answer.n = 0;
	emu_doe_answer(&r, emu_slice(&object), &answer);
}

START_TEST(doe_objects)
{
	set_up(0x12);
	begin(0x10, 0x84, 0, 0);
	ask_doe(1, 3, 4);
	ck_assert_uint_eq(answer.n, 16);
	ck_assert_uint_eq(answer.p[4], 4);
	ck_assert_uint_eq(answer.p[9], 0x04);
	ask_doe(1, 4, 4);		/* longer than it is */
	ck_assert_uint_eq(answer.n, 0);
	ask_doe(1, 3, 3);
	ck_assert_uint_eq(answer.n, 0);
	ask_doe(2, 3, 4);		/* secured messages: none */
	ck_assert_uint_eq(answer.n, 0);
	begin(0, 0, 0, 0);		/* discovery: two features */
	ask_doe(0, 3, 4);
	ck_assert_uint_eq(answer.p[10], 0);
	ck_assert_uint_eq(answer.p[11], 1);
	begin(1, 0, 0, 0);
	ask_doe(0, 3, 4);
	ck_assert_uint_eq(answer.p[10], 1);
	ck_assert_uint_eq(answer.p[11], 0);
	tear_down();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("responder");
	TCase *tc = tcase_create("responder");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, everything_is_verified, 0, 2);
	tcase_add_test(tc, the_requester_chooses);
	tcase_add_test(tc, what_is_heard);
	tcase_add_loop_test(tc, a_series, 0, 2);
	tcase_add_test(tc, a_series_that_is_broken_off);
	tcase_add_test(tc, a_challenge_too_late);
	tcase_add_test(tc, a_large_answer);
	tcase_add_test(tc, chunks_out_of_order);
	tcase_add_test(tc, a_large_request);
	tcase_add_test(tc, wrong_order);
	tcase_add_test(tc, wrong_form);
	tcase_add_test(tc, padding_is_not_signed);
	tcase_add_test(tc, anything_at_all);
	tcase_add_test(tc, the_interface_report);
	tcase_add_test(tc, doe_objects);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* CHALLENGE and CHALLENGE_AUTH as bytes, for every version. */
#include "build_challenge.h"
#include "verifier/spdm_challenge.h"

#define SIG	96
#define HASH	48

static const struct da_algs algs = { DA_ASYM_ECDSA_P384, DA_HASH_SHA384,
    DA_HASH_SHA384 };
static struct da_challenge ch;
static struct da_vca vca;
static struct da_fault fault;

static struct challenge_plan
plan(uint8_t version)
{
	static uint8_t hash[HASH];

	memset(hash, 0x66, sizeof(hash));
	vca = (struct da_vca){ .version = version,
	    .responder_caps = DA_CAP_CHAL | DA_CAP_MEAS_SIG };
	return (struct challenge_plan){ .version = version, .slot = 3,
	    .summary = 0xff, .nonce = 0xaa, .answer = 3, .mask = 0x09,
	    .chain_hash = da_slice_of(hash, HASH), .summary_size = HASH,
	    .opaque = da_slice_of("opaque!", 7), .sig_size = SIG };
}

static struct buf
build(const struct challenge_plan *p)
{
	struct buf b = { 0 };

	put_challenge(&b, p);
	return b;
}

static bool
read_it(struct da_slice s)
{
	return da_challenge_read(s, &vca, &algs, &ch, &fault);
}

static void
refused(const struct buf *b, enum da_why why, size_t offset)
{
	ck_assert(!read_it(exact(buf_slice(b), b->n)));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_CHALLENGE);
	ck_assert_uint_eq(fault.offset, offset);
}

static void
refused_with(const struct buf *b, size_t at, unsigned int v, enum da_why why,
    size_t offset)
{
	struct buf copy = buf_copy(buf_slice(b));

	set8(&copy, at, v);
	refused(&copy, why, offset);
}

START_TEST(every_version)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct challenge_plan p = plan((uint8_t)v);
		struct buf b = build(&p);
		size_t request = v < 0x13 ? 36 : 44;

		ck_assert_msg(read_it(exact(buf_slice(&b), b.n)), "%s",
		    da_fault_text(fault.why)->name);
		ck_assert_uint_eq(ch.slot_asked, 3);
		ck_assert_uint_eq(ch.slot_answered, 3);
		ck_assert_uint_eq(ch.slot_mask, 0x09);
		ck_assert_uint_eq(ch.nonce.n, 32);
		ck_assert_uint_eq(ch.nonce.p[31], 0xaa);
		ck_assert(da_slice_eq(ch.chain_hash, p.chain_hash));
		ck_assert_uint_eq(ch.summary_of, DA_SUMMARY_ALL);
		ck_assert_uint_eq(ch.summary.n, HASH);
		ck_assert_uint_eq(ch.summary.p[0], 0x5a);
		ck_assert(da_slice_eq(ch.opaque, p.opaque));
		ck_assert_uint_eq(ch.exchange.n, b.n - SIG);
		ck_assert_uint_eq(ch.signature.n, SIG);
		ck_assert_uint_eq(ch.signature.p[0], 0x55);
		ck_assert_uint_eq(da_slice_offset(ch.exchange, ch.chain_hash),
		    request + 4);
	}
}
END_TEST

START_TEST(every_prefix_is_malformed)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct challenge_plan p = plan((uint8_t)v);
		struct buf b = build(&p);

		for (size_t n = 0; n < b.n; n++) {
			ck_assert(!read_it(prefix(buf_slice(&b), n)));
			ck_fault(fault, DA_F_SHORT);
			ck_assert_uint_le(fault.offset, n);
		}
		put8(&b, 0);
		refused(&b, DA_F_TRAILING, b.n - 1);
	}
}
END_TEST

START_TEST(codes_and_versions)
{
	struct challenge_plan p = plan(0x12);
	struct buf b = build(&p);

	refused_with(&b, 1, 0xe0, DA_F_CHALLENGE_CODE, 1);
	refused_with(&b, 1, 0x03, DA_F_CHALLENGE_CODE, 1);
	refused_with(&b, 37, 0x7f, DA_F_CHALLENGE_CODE, 37);
	refused_with(&b, 37, 0x83, DA_F_CHALLENGE_CODE, 37);
	refused_with(&b, 0, 0x11, DA_F_VCA_OTHER, 0);
	refused_with(&b, 0, 0x13, DA_F_VCA_OTHER, 0);
	refused_with(&b, 36, 0x11, DA_F_MEAS_VERSION, 36);
	vca.responder_caps &= ~DA_CAP_CHAL;
	refused(&b, DA_F_CAPABILITY, 0);
}
END_TEST

/* 0 to 7, and 0xFF for a provisioned key, which came with SPDM 1.1. */
START_TEST(slots)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct challenge_plan p = plan((uint8_t)v);

		for (unsigned int slot = 0; slot < 256; slot++) {
			struct buf b;

			p.slot = (uint8_t)slot;
			p.answer = slot == 0xff ? 0x0f : (uint8_t)slot;
			b = build(&p);
			if (slot > 7 && (slot != 0xff || v < 0x11)) {
				refused(&b, DA_F_SLOT_RESERVED, 2);
				continue;
			}
			ck_assert(read_it(buf_slice(&b)));
			ck_assert_uint_eq(ch.slot_asked, slot & 0x0f);
			ck_assert_uint_eq(ch.slot_answered, slot & 0x0f);
		}
		/* The upper half is not of the slot, but in SPDM 1.0. */
		p.slot = 2;
		p.answer = 0x82;
		{
			struct buf b = build(&p);

			ck_assert(read_it(buf_slice(&b)));
		}
		ck_assert_uint_eq(ch.slot_answered, v < 0x11 ? 0x82 : 2);
	}
}
END_TEST

START_TEST(summaries)
{
	struct challenge_plan p = plan(0x12);
	struct buf b;

	for (unsigned int of = 0; of < 256; of++) {
		bool known = of == 0 || of == 1 || of == 0xff;

		p.summary = (uint8_t)of;
		p.summary_size = of == 0 ? 0 : HASH;
		b = build(&p);
		ck_assert((da_summary_name((uint8_t)of) != NULL) == known);
		if (!known) {
			refused(&b, DA_F_CHALLENGE_SUMMARY, 3);
			continue;
		}
		ck_assert(read_it(buf_slice(&b)));
		ck_assert_uint_eq(ch.summary_of, of);
		ck_assert_uint_eq(ch.summary.n, p.summary_size);
	}
	/* Who does not measure sums nothing up. */
	p = plan(0x12);
	vca.responder_caps = DA_CAP_CHAL;
	p.summary_size = 0;
	b = build(&p);
	ck_assert(read_it(buf_slice(&b)));
	ck_assert_uint_eq(ch.summary.n, 0);
	/* Asked for and absent, and the other way about: sizes give it away. */
	vca.responder_caps |= DA_CAP_MEAS_NO_SIG;
	ck_assert(!read_it(buf_slice(&b)));
	p.summary = 0;
	p.summary_size = HASH;
	b = build(&p);
	ck_assert(!read_it(buf_slice(&b)));
}
END_TEST

START_TEST(opaque_is_bounded)
{
	static uint8_t zeros[1025];
	struct challenge_plan p = plan(0x12);
	struct buf b;

	p.opaque = da_slice_of(zeros, 1024);
	b = build(&p);
	ck_assert(read_it(buf_slice(&b)));
	ck_assert_uint_eq(ch.opaque.n, 1024);
	p.opaque.n = 1025;
	b = build(&p);
	refused(&b, DA_F_MEAS_OPAQUE, 36 + 4 + HASH + 32 + HASH);
	p.opaque.n = 0;
	b = build(&p);
	ck_assert(read_it(buf_slice(&b)));
	ck_assert_uint_eq(ch.opaque.n, 0);
}
END_TEST

START_TEST(context_is_echoed)
{
	for (unsigned int v = 0x13; v <= 0x14; v++) {
		struct challenge_plan p = plan((uint8_t)v);
		struct buf b = build(&p);
		size_t at = b.n - SIG - 8;

		for (size_t i = 0; i < 8; i++) {
			refused_with(&b, at + i, 0xcd, DA_F_MEAS_CONTEXT, at);
			refused_with(&b, 36 + i, 0xcd, DA_F_MEAS_CONTEXT, at);
		}
	}
}
END_TEST

START_TEST(real_one)
{
	struct da_slice raw;

	if (!load("libspdm/v1.2-p384-challenge/challenge.bin", &raw))
		return;
	plan(0x12);
	ck_assert(read_it(raw));
	ck_assert_uint_eq(ch.slot_asked, 0);
	ck_assert_uint_eq(ch.slot_mask, 1);
	ck_assert_uint_eq(ch.summary_of, DA_SUMMARY_ALL);
	ck_assert_uint_eq(ch.exchange.n, raw.n - SIG);
	for (size_t n = 0; n < raw.n; n++)
		ck_assert(!read_it(prefix(raw, n)));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("challenge");
	TCase *t = tcase_create("challenge");

	tcase_add_test(t, every_version);
	tcase_add_test(t, every_prefix_is_malformed);
	tcase_add_test(t, codes_and_versions);
	tcase_add_test(t, slots);
	tcase_add_test(t, summaries);
	tcase_add_test(t, opaque_is_bounded);
	tcase_add_test(t, context_is_echoed);
	tcase_add_test(t, real_one);
	suite_add_tcase(s, t);
	return run_suite(s);
}

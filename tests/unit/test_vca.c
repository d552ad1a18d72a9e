/* SPDX-License-Identifier: Apache-2.0 */
/* The six messages, and what they select. */
#include "build_spdm.h"
#include "verifier/caps.h"
#include "verifier/sig.h"
#include "verifier/spdm_vca.h"

static struct da_vca vca;
static struct da_fault fault;
static struct vca_at at;

static bool
parse(const struct buf *b)
{
	return da_vca_parse(exact(buf_slice(b), b->n), &vca, &fault);
}

/* A valid VCA of this version with v written over n bytes at `where`. */
static void
refused(struct buf b, size_t where, uint64_t v, size_t n, enum da_why why)
{
	set_le(&b, where, v, n);
	ck_assert(!parse(&b));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_VCA);
}

static struct buf
valid(uint8_t version)
{
	struct vca_plan p = vca_plan(version);

	return build_vca(&p, &at);
}

START_TEST(every_version_is_read)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct vca_plan p = vca_plan((uint8_t)v);
		struct buf b;

		p.caps = DA_CAP_ALIAS_CERT | 2;
		p.req_caps = 0x02c0;
		b = build_vca(&p, &at);
		ck_assert(parse(&b));
		ck_assert_uint_eq(vca.version, v);
		ck_assert_uint_eq(vca.raw.n, b.n);
		ck_assert_uint_eq(vca.sel_at, at.algorithms + 12);
		ck_assert_uint_eq(vca.responder_caps, p.caps);
		ck_assert_uint_eq(vca.caps_at, at.caps + 8);
		ck_assert_uint_eq(vca.requester_caps, v < 0x11 ? 0 :
		    p.req_caps);
		ck_assert_uint_eq(vca.asym_sel, 0x80);
		ck_assert_uint_eq(vca.asym_offer, 0x90);
		ck_assert_uint_eq(vca.hash_sel, 0x02);
		ck_assert_uint_eq(vca.hash_offer, 0x03);
		ck_assert_uint_eq(vca.meas_hash_sel, 0x04);
		ck_assert_uint_eq(vca.meas_spec_sel, 1);
		ck_assert_uint_eq(vca.other_sel, v < 0x12 ? 0 : 2);
	}
}
END_TEST

START_TEST(every_prefix_is_malformed)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct vca_plan p = vca_plan((uint8_t)v);
		struct da_cur c;
		struct buf b;

		p.block_asked = p.block = v >= 0x13;
		p.caps = p.req_caps = DA_CAP_CHUNK;
		b = build_vca(&p, &at);
		ck_assert(parse(&b));
		for (size_t n = 0; n < b.n; n++) {
			ck_assert(!da_vca_parse(prefix(buf_slice(&b), n), &vca,
			    &fault));
			ck_fault(fault, n == 0 ? DA_F_EMPTY : DA_F_SHORT);
			ck_assert_uint_le(fault.offset, n);
			/* In front of a log the cursor stays where it was. */
			c = da_cur_of(prefix(buf_slice(&b), n));
			ck_assert(!da_vca_read(&c, DA_PART_MEASUREMENTS, &vca,
			    &fault));
			ck_fault(fault, DA_F_SHORT);
			ck_assert_int_eq(fault.part, DA_PART_MEASUREMENTS);
			ck_assert_uint_eq(c.at, 0);
		}
	}
}
END_TEST

START_TEST(ends_with_algorithms)
{
	struct buf b = valid(0x12);
	struct da_cur c;

	put8(&b, 0);
	ck_assert(!parse(&b));
	ck_fault(fault, DA_F_TRAILING);
	ck_assert_uint_eq(fault.offset, at.end);
	/* In front of a log the cursor stays behind it. */
	c = da_cur_of(buf_slice(&b));
	ck_assert(da_vca_read(&c, DA_PART_MEASUREMENTS, &vca, &fault));
	ck_assert_uint_eq(c.at, at.end);
	ck_assert_uint_eq(vca.raw.n, at.end);
	put_fill(&b, 0, DA_MAX_VCA);
	ck_assert(!parse(&b));
	ck_fault(fault, DA_F_TOO_LONG);
}
END_TEST

START_TEST(order_of_messages)
{
	struct buf b = valid(0x13);
	const size_t begin[] = { 0, at.version, at.get_caps, at.caps,
	    at.negotiate, at.algorithms };

	for (size_t i = 0; i < 6; i++) {
		refused(buf_copy(buf_slice(&b)), begin[i] + 1, 0x7f, 1,
		    DA_F_VCA_CODE);
		ck_assert_uint_eq(fault.offset, begin[i] + 1);
	}
	/* A message may not stand twice. */
	b = buf_copy(da_slice_of(b.p, at.version));
	put_slice(&b, buf_slice(&b));
	ck_assert(!parse(&b));
	ck_fault(fault, DA_F_VCA_CODE);
}
END_TEST

START_TEST(one_version)
{
	struct buf b = valid(0x12);
	struct da_slice s = buf_slice(&b);

	refused(buf_copy(s), 0, 0x12, 1, DA_F_VCA_VERSION);
	refused(buf_copy(s), at.version, 0x12, 1, DA_F_VCA_VERSION);
	refused(buf_copy(s), at.get_caps, 0x13, 1, DA_F_VCA_VERSION);
	refused(buf_copy(s), at.caps, 0x11, 1, DA_F_VCA_VERSION);
	refused(buf_copy(s), at.negotiate, 0x13, 1, DA_F_VCA_VERSION);
	refused(buf_copy(s), at.algorithms, 0x11, 1, DA_F_VCA_VERSION);
	/* VERSION has to list it; update and alpha take no part. */
	b = buf_copy(s);
	set_le(&b, at.version + 6 + 4, 0x1234, 2);
	ck_assert(parse(&b));
	refused(b, at.version + 6 + 4, 0x1300, 2, DA_F_VCA_VERSION);
	ck_assert_uint_eq(fault.offset, at.get_caps);
}
END_TEST

START_TEST(versions_from_nowhere)
{
	static const uint8_t versions[] = { 0x15, 0x20, 0x0f, 0x00 };
	struct buf b = valid(0x12);

	for (size_t i = 0; i < sizeof(versions); i++) {
		set_le(&b, at.version + 6, (uint64_t)versions[i] << 8, 2);
		refused(b, at.get_caps, versions[i], 1,
		    DA_F_VERSION_UNSUPPORTED);
	}
}
END_TEST

START_TEST(length_is_the_message)
{
	static const int off[] = { -4, -1, 1, 4 };

	for (unsigned int v = 0x10; v <= 0x14; v++)
		for (size_t i = 0; i < 4; i++) {
			struct buf b = valid((uint8_t)v);
			struct da_slice s = buf_slice(&b);
			unsigned int n = v == 0x10 ? 32 : 48;

			refused(buf_copy(s), at.negotiate + 4,
			    (uint64_t)((int)n + off[i]), 2, DA_F_VCA_LENGTH);
			ck_assert_uint_eq(fault.offset, at.negotiate + 4);
			refused(buf_copy(s), at.algorithms + 4,
			    (uint64_t)((int)n + 4 + off[i]), 2,
			    DA_F_VCA_LENGTH);
			ck_assert_uint_eq(fault.offset, at.algorithms + 4);
			refused(buf_copy(s), at.negotiate + 4, 0xffff, 2,
			    DA_F_VCA_LENGTH);
		}
}
END_TEST

START_TEST(tables_rise)
{
	struct buf b = valid(0x12);
	struct da_slice s = buf_slice(&b);
	size_t request = at.negotiate + 32, response = at.algorithms + 36;
	const size_t tables[] = { request, response };

	for (size_t i = 0; i < 2; i++) {
		/* Twice, falling, reserved, of another fixed size. */
		refused(buf_copy(s), tables[i] + 4, 2, 1, DA_F_VCA_TABLE);
		refused(buf_copy(s), tables[i], 4, 1, DA_F_VCA_TABLE);
		refused(buf_copy(s), tables[i], 1, 1, DA_F_VCA_TABLE);
		refused(buf_copy(s), tables[i] + 12, 6, 1, DA_F_VCA_TABLE);
		refused(buf_copy(s), tables[i] + 1, 0x10, 1, DA_F_VCA_TABLE);
		refused(buf_copy(s), tables[i] + 1, 0x00, 1, DA_F_VCA_TABLE);
	}
	/* An answer names no external algorithm in a table. */
	refused(buf_copy(s), response + 13, 0x21, 1, DA_F_SHORT);
	refused(buf_copy(s), response + 1, 0x21, 1, DA_F_VCA_TABLE);
	/* A count of tables that are not there. */
	refused(buf_copy(s), at.algorithms + 2, 5, 1, DA_F_SHORT);
	refused(buf_copy(s), at.algorithms + 2, 3, 1, DA_F_VCA_LENGTH);
	/* 1.4 knows two more. */
	b = valid(0x14);
	set8(&b, at.negotiate + 32 + 12, 7);
	set8(&b, at.algorithms + 36 + 12, 7);
	ck_assert(parse(&b));
	refused(b, at.algorithms + 36 + 12, 8, 1, DA_F_VCA_TABLE);
}
END_TEST

START_TEST(external_algorithms)
{
	struct vca_plan p = vca_plan(0x11);
	struct buf b, more = { 0 };

	p.n_external = 20;
	b = build_vca(&p, &at);
	ck_assert(parse(&b));
	/* The bound is on the message, whichever list it is. */
	refused(buf_copy(buf_slice(&b)), at.negotiate + 29, 1, 1,
	    DA_F_VCA_TABLE);
	ck_assert_uint_eq(fault.offset, at.negotiate + 28);
	p.tables = false;
	b = build_vca(&p, &at);
	put_bytes(&more, b.p, at.algorithms);
	put_bytes(&more, "\x02\x21\x10\x00" "DMTF", 8);
	put_bytes(&more, b.p + at.algorithms, b.n - at.algorithms);
	set8(&more, at.negotiate + 2, 1);
	refused(buf_copy(buf_slice(&more)), at.negotiate + 4, 120, 2,
	    DA_F_VCA_TABLE);
	/* One less in the lists, and the table's is the twentieth. */
	more.n = 0;
	put_bytes(&more, b.p, at.algorithms - 4);
	put_bytes(&more, "\x02\x21\x10\x00" "DMTF", 8);
	put_bytes(&more, b.p + at.algorithms, b.n - at.algorithms);
	set8(&more, at.negotiate + 2, 1);
	set8(&more, at.negotiate + 4, 116);
	set8(&more, at.negotiate + 28, 19);
	ck_assert(parse(&more));
	p = vca_plan(0x10);
	p.n_external = 8;
	b = build_vca(&p, &at);
	ck_assert(parse(&b));
	refused(buf_copy(buf_slice(&b)), at.negotiate + 28, 9, 1,
	    DA_F_VCA_TABLE);
	/* Selected, it is an algorithm that nobody here knows. */
	refused(buf_copy(buf_slice(&b)), at.algorithms + 32, 1, 1,
	    DA_F_ALG_UNSUPPORTED);
	ck_assert_uint_eq(fault.offset, at.algorithms + 32);
	refused(buf_copy(buf_slice(&b)), at.algorithms + 33, 1, 1,
	    DA_F_ALG_UNSUPPORTED);
}
END_TEST

static void
block_refused(const struct vca_plan *p)
{
	struct buf b = build_vca(p, &at);

	ck_assert(!parse(&b));
	ck_fault(fault, DA_F_CAPABILITY);
	ck_assert_uint_eq(fault.offset, at.caps + 8);
}

START_TEST(supported_block_of_13)
{
	struct vca_plan p = vca_plan(0x13);
	struct buf b;
	size_t block;

	p.block_asked = p.block = true;
	p.caps = p.req_caps = DA_CAP_CHUNK;
	b = build_vca(&p, &at);
	block = at.caps + 20;
	ck_assert_uint_eq(at.negotiate - block, 46);
	ck_assert(parse(&b));
	ck_assert_uint_eq(vca.asym_offer, 0x90);
	/* What the device could is no offer and no selection. */
	set_le(&b, block + 6, 0xffffffff, 4);
	ck_assert(parse(&b));
	ck_assert_uint_eq(vca.asym_offer, 0x90);
	refused(buf_copy(buf_slice(&b)), block + 2, 45, 2, DA_F_VCA_LENGTH);
	refused(buf_copy(buf_slice(&b)), block + 2, 0xffff, 2,
	    DA_F_VCA_LENGTH);
	refused(buf_copy(buf_slice(&b)), block, 3, 1, DA_F_VCA_LENGTH);
	/* Nobody asked, or one of the two cannot take it in chunks. */
	p.block_asked = false;
	block_refused(&p);
	p.block = false;
	b = build_vca(&p, &at);
	set8(&b, at.caps + 2, 1);
	ck_assert(!parse(&b));
	ck_fault(fault, DA_F_CAPABILITY);
	p.block_asked = p.block = true;
	p.caps = 0x16;
	block_refused(&p);
	p.caps = DA_CAP_CHUNK;
	p.req_caps = 0;
	block_refused(&p);
	/* 1.2 has no such bit. */
	p = vca_plan(0x12);
	p.block_asked = true;
	b = build_vca(&p, &at);
	set8(&b, at.caps + 2, 1);
	ck_assert(parse(&b));
}
END_TEST

/* A table selects one of what the request's table of that type has. */
START_TEST(tables_select_what_is_offered)
{
	for (unsigned int v = 0x11; v <= 0x14; v++) {
		struct buf b = valid((uint8_t)v);
		struct da_slice s = buf_slice(&b);
		size_t offer = at.negotiate + 32, sel = at.algorithms + 36;

		/* DHE: 0x10 in both. */
		refused(buf_copy(s), sel + 2, 0x08, 2, DA_F_ALG_NOT_OFFERED);
		ck_assert_uint_eq(fault.offset, sel + 2);
		refused(buf_copy(s), sel + 2, 0x18, 2, DA_F_ALG_MANY);
		refused(buf_copy(s), offer + 2, 0x08, 2,
		    DA_F_ALG_NOT_OFFERED);
		/* Another type's offer is none; nothing may be selected. */
		refused(buf_copy(s), sel + 4 + 2, 0x10, 2,
		    DA_F_ALG_NOT_OFFERED);
		set_le(&b, sel + 2, 0, 2);
		ck_assert(parse(&b));
		set_le(&b, offer + 2, 0x18, 2);
		set_le(&b, sel + 2, 0x08, 2);
		ck_assert(parse(&b));
	}
}
END_TEST

static void
agrees(const struct vca_plan *p, enum da_why why, const size_t *message,
    size_t offset)
{
	struct buf b = build_vca(p, &at);

	ck_assert(parse(&b));
	fault.why = DA_F_NONE;
	ck_assert_msg(da_vca_agrees(&vca, &fault) == (why == DA_F_NONE),
	    "%s", da_fault_text(fault.why)->name);
	if (why == DA_F_NONE)
		return;
	ck_fault(fault, why);
	ck_assert_uint_eq(fault.offset, *message + offset);
}

START_TEST(opaque_formats)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct vca_plan p = vca_plan((uint8_t)v);
		bool told = v >= 0x12;

		p.other_offer = 3;
		for (unsigned int sel = 0; sel <= 2; sel++) {
			p.other_sel = (uint8_t)sel;
			agrees(&p, DA_F_NONE, &at.caps, 0);
		}
		p.other_sel = 3;
		agrees(&p, told ? DA_F_ALG_MANY : DA_F_NONE,
		    &at.algorithms, 7);
		p.other_offer = 1;
		p.other_sel = 2;
		agrees(&p, told ? DA_F_ALG_NOT_OFFERED : DA_F_NONE,
		    &at.algorithms, 7);
	}
}
END_TEST

START_TEST(log_specification)
{
	for (unsigned int v = 0x12; v <= 0x14; v++) {
		struct buf b = valid((uint8_t)v);
		size_t offer = at.negotiate + 31, sel = at.algorithms + 31;

		set8(&b, sel, 1);
		ck_assert(parse(&b));
		ck_assert(da_vca_agrees(&vca, &fault) == (v < 0x13));
		if (v < 0x13)
			continue;
		ck_fault(fault, DA_F_ALG_NOT_OFFERED);
		ck_assert_uint_eq(fault.offset, sel);
		set8(&b, offer, 3);
		ck_assert(parse(&b));
		ck_assert(da_vca_agrees(&vca, &fault));
		set8(&b, sel, 3);
		ck_assert(parse(&b));
		ck_assert(!da_vca_agrees(&vca, &fault));
		ck_fault(fault, DA_F_ALG_MANY);
	}
}
END_TEST

/* MULTI_KEY_CAP: never, always, as agreed, reserved; either end's. */
START_TEST(several_keys)
{
	static const bool allowed[4][2] = { { true, false }, { false, true },
	    { true, true }, { false, false } };

	for (unsigned int v = 0x12; v <= 0x14; v++)
		for (unsigned int i = 0; i < 8; i++) {
			struct vca_plan p = vca_plan((uint8_t)v);
			bool on = (i & 1) != 0;
			bool fits = v < 0x13 || allowed[i >> 1][on];

			p.caps |= (i >> 1) << 26;
			p.other_offer = on ? 0x12 : 0x02;
			agrees(&p, fits ? DA_F_NONE : DA_F_CAPABILITY,
			    &at.caps, 8);
			ck_assert(da_vca_is_multi_key(&vca) ==
			    (on && v >= 0x13));
			p = vca_plan((uint8_t)v);
			p.req_caps = (i >> 1) << 26;
			p.other_sel = on ? 0x12 : 0x02;
			agrees(&p, fits ? DA_F_NONE : DA_F_CAPABILITY,
			    &at.caps, 8);
			ck_assert(!da_vca_is_multi_key(&vca));
		}
}
END_TEST

/* A key that was provisioned stands in a chain's place. */
START_TEST(flags_have_their_version)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct vca_plan p = vca_plan((uint8_t)v);

		p.caps |= DA_CAP_PUB_KEY_ID;
		agrees(&p, v < 0x11 ? DA_F_NONE : DA_F_CAPABILITY,
		    &at.caps, 8);
		p.caps &= ~DA_CAP_CERT;
		agrees(&p, DA_F_NONE, &at.caps, 0);
		ck_assert(da_vca_has(&vca, DA_CAP_PUB_KEY_ID) == (v >= 0x11));
		p.caps = DA_CAP_ALIAS_CERT | DA_CAP_CHUNK | DA_CAP_LARGE_RESP;
		agrees(&p, DA_F_NONE, &at.caps, 0);
		ck_assert(da_vca_has(&vca, DA_CAP_ALIAS_CERT) == (v >= 0x12));
		ck_assert(da_vca_has(&vca, DA_CAP_CHUNK) == (v >= 0x12));
		ck_assert(da_vca_has(&vca, DA_CAP_LARGE_RESP) == (v >= 0x14));
		ck_assert(!da_vca_has(&vca, DA_CAP_ALIAS_CERT | DA_CAP_CERT));
	}
}
END_TEST

START_TEST(real_ones)
{
	static const struct {
		const char *file;
		unsigned int version, asym, hash;
		enum da_why why;
	} real[] = {
		{ "v1.0-p256-sha256-all", 0x10, 0x10, 1, DA_F_NONE },
		{ "v1.1-p256-sha256-all", 0x11, 0x10, 1, DA_F_NONE },
		{ "v1.1-p384-sha384-onebyone", 0x11, 0x80, 2, DA_F_NONE },
		{ "v1.2-p256-chunked", 0x12, 0x10, 1, DA_F_NONE },
		{ "v1.2-p521-sha512-all", 0x12, 0x100, 4, DA_F_NONE },
		{ "v1.3-p384-sha384-all", 0x13, 0x80, 2, DA_F_NONE },
		{ "v1.4-p256-sha256-all", 0x14, 0x10, 1, DA_F_NONE },
		{ "v1.2-ed25519-sha256-all", 0x12, 0x400, 1, DA_F_NONE },
		{ "v1.2-rsassa3072-sha384-all", 0x12, 0x04, 2, DA_F_NONE },
		{ "v1.2-rsapss3072-sha384-all", 0x12, 0x08, 2, DA_F_NONE },
		{ "v1.4-mldsa65-sha384-all", 0x14, 0, 2,
		    DA_F_ALG_UNSUPPORTED },
	};

	for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++) {
		struct da_slice raw;
		struct da_algs algs;
		enum da_why why = real[i].asym == 0 &&
		    da_sig_can(DA_ASYM_MLDSA_65) ? DA_F_NONE : real[i].why;
		char name[80];

		snprintf(name, sizeof(name), "libspdm/%s/vca.bin",
		    real[i].file);
		if (!load(name, &raw))
			return;
		ck_assert_msg(da_vca_parse(raw, &vca, &fault), "%s: %s", name,
		    da_fault_text(fault.why)->name);
		ck_assert_uint_eq(vca.version, real[i].version);
		ck_assert_uint_eq(vca.asym_sel, real[i].asym);
		ck_assert_uint_eq(vca.hash_sel, real[i].hash);
		ck_assert(da_vca_measures(&vca, &fault));
		fault.why = DA_F_NONE;
		ck_assert(da_vca_algs(&vca, &algs, &fault) ==
		    (why == DA_F_NONE));
		ck_assert_int_eq(fault.why, why);
		ck_assert(da_vca_agrees(&vca, &fault));
		for (size_t n = 0; n < raw.n; n++)
			ck_assert(!da_vca_parse(prefix(raw, n), &vca, &fault));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("vca");
	TCase *t = tcase_create("vca");

	tcase_add_test(t, every_version_is_read);
	tcase_add_test(t, every_prefix_is_malformed);
	tcase_add_test(t, ends_with_algorithms);
	tcase_add_test(t, order_of_messages);
	tcase_add_test(t, one_version);
	tcase_add_test(t, versions_from_nowhere);
	tcase_add_test(t, length_is_the_message);
	tcase_add_test(t, tables_rise);
	tcase_add_test(t, external_algorithms);
	tcase_add_test(t, supported_block_of_13);
	tcase_add_test(t, tables_select_what_is_offered);
	tcase_add_test(t, opaque_formats);
	tcase_add_test(t, log_specification);
	tcase_add_test(t, several_keys);
	tcase_add_test(t, flags_have_their_version);
	tcase_add_test(t, real_ones);
	suite_add_tcase(s, t);
	return run_suite(s);
}

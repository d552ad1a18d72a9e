/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of GET_MEASUREMENTS / MEASUREMENTS, for every version. */
#include "build_spdm.h"
#include "verifier/spdm_meas.h"

#define SIG 96

static struct da_meas meas;
static struct da_fault fault;

static struct exchange_plan
plan(uint8_t version, bool is_signed)
{
	static const uint8_t record[] = { 1, 1, 7, 0, 0x87, 4, 0, 9, 9, 9, 9 };

	return (struct exchange_plan){ .version = version,
	    .is_signed = is_signed, .operation = 0xff, .nonce = 0xaa,
	    .n_blocks = 1, .record = { record, sizeof(record) },
	    .opaque = 5, .sig_size = SIG };
}

/* Two unsigned exchanges and a signed one; where each begins is noted. */
static struct buf
series(uint8_t version, size_t begin[3])
{
	struct exchange_plan p = plan(version, false);
	struct buf b = { 0 };

	begin[0] = b.n;
	put_exchange(&b, &p);
	begin[1] = b.n;
	put_exchange(&b, &p);
	begin[2] = b.n;
	p.is_signed = true;
	put_exchange(&b, &p);
	return b;
}

static bool
read_it(struct da_slice s, uint8_t version)
{
	return da_meas_read(exact(s, s.n), version, SIG, &meas, &fault);
}

static void
refused(struct buf b, uint8_t version, enum da_why why)
{
	ck_assert(!read_it(buf_slice(&b), version));
	ck_fault(fault, why);
	ck_assert_int_eq(fault.part, DA_PART_MEASUREMENTS);
}

static void
refused_with(struct da_slice s, uint8_t version, size_t at, unsigned int v,
    enum da_why why)
{
	struct buf b = buf_copy(s);

	set8(&b, at, v);
	refused(b, version, why);
}

START_TEST(one_signed_exchange)
{
	static const size_t request[] = { 36, 37, 37, 45, 45 };

	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct exchange_plan p = plan((uint8_t)v, true);
		struct buf b = { 0 };

		p.slot = 0xf3;
		p.answer = 0xd4;	/* changed 1 from 1.2 on, slot 4 */
		p.total = 7;
		put_exchange(&b, &p);
		ck_assert(read_it(buf_slice(&b), (uint8_t)v));
		ck_assert_uint_eq(meas.version, v);
		ck_assert_uint_eq(meas.n, 1);
		ck_assert(meas.is_signed);
		ck_assert_uint_eq(meas.exchange[0].request.n,
		    request[v - 0x10]);
		ck_assert_uint_eq(meas.exchange[0].response.n,
		    b.n - request[v - 0x10] - SIG);
		ck_assert(da_slice_eq(meas.exchange[0].record, p.record));
		ck_assert_uint_eq(meas.exchange[0].opaque.n, 5);
		ck_assert_uint_eq(meas.exchange[0].opaque.p[0], 0x0f);
		ck_assert_uint_eq(meas.exchange[0].operation, 0xff);
		ck_assert_uint_eq(meas.exchange[0].n_blocks, 1);
		ck_assert_uint_eq(meas.exchange[0].total, 7);
		ck_assert_uint_eq(meas.nonce.n, 32);
		ck_assert_uint_eq(meas.nonce.p[31], 0xaa);
		ck_assert_uint_eq(meas.signature.n, SIG);
		ck_assert_uint_eq(meas.signature.p[0], 0x55);
		ck_assert_uint_eq(meas.transcript.n, b.n - SIG);
		ck_assert_uint_eq(meas.slot_asked, v == 0x10 ? 0 : 3);
		ck_assert_uint_eq(meas.slot_answered, v == 0x10 ? 0 : 4);
		ck_assert_uint_eq(meas.content_changed, v < 0x12 ? 0 : 1);
	}
}
END_TEST

START_TEST(a_series)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		size_t begin[3];
		struct buf b = series((uint8_t)v, begin);

		ck_assert(read_it(buf_slice(&b), (uint8_t)v));
		ck_assert_uint_eq(meas.n, 3);
		ck_assert(meas.is_signed);
		ck_assert_uint_eq(meas.transcript.n, b.n - SIG);
		ck_assert_uint_eq(meas.exchange[1].request.n,
		    v < 0x13 ? 4 : 12);
	}
}
END_TEST

START_TEST(unsigned_only_is_well_formed)
{
	struct exchange_plan p = plan(0x12, false);
	struct buf b = { 0 };

	put_exchange(&b, &p);
	put_exchange(&b, &p);
	ck_assert(read_it(buf_slice(&b), 0x12));
	ck_assert(!meas.is_signed);
	ck_assert_uint_eq(meas.n, 2);
	ck_assert_uint_eq(meas.nonce.n, 0);
	ck_assert_uint_eq(meas.signature.n, 0);
	ck_assert_uint_eq(meas.transcript.n, b.n);
}
END_TEST

START_TEST(prefixes_are_malformed)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		size_t begin[3];
		struct buf b = series((uint8_t)v, begin);

		for (size_t n = 0; n < b.n; n++) {
			struct da_slice s = da_slice_of(b.p, n);

			if (n != 0 && (n == begin[1] || n == begin[2])) {
				ck_assert(read_it(s, (uint8_t)v));
				ck_assert(!meas.is_signed);
				continue;
			}
			ck_assert(!read_it(s, (uint8_t)v));
			ck_fault(fault, n == 0 ? DA_F_EMPTY : DA_F_SHORT);
			ck_assert_uint_le(fault.offset, n);
		}
	}
}
END_TEST

START_TEST(nothing_after_the_signature)
{
	size_t begin[3];
	struct buf b = series(0x12, begin), c = buf_copy(buf_slice(&b));
	struct exchange_plan p = plan(0x12, false);

	put8(&b, 0);
	refused(b, 0x12, DA_F_TRAILING);
	ck_assert_uint_eq(fault.offset, b.n - 1);
	put_fill(&b, 0xe0, 3);
	refused(b, 0x12, DA_F_TRAILING);
	put_exchange(&c, &p);
	/* An exchange may follow, and begins a series that nobody signed. */
	ck_assert(read_it(buf_slice(&c), 0x12));
	ck_assert(!meas.is_signed);
	ck_assert_uint_eq(meas.n, 1);
	ck_assert_uint_eq(meas.n_before, 1);
}
END_TEST

START_TEST(signature_size_decides)
{
	size_t begin[3];
	struct buf b = series(0x11, begin);

	ck_assert(!da_meas_read(buf_slice(&b), 0x11, SIG - 1, &meas, &fault));
	ck_fault(fault, DA_F_TRAILING);
	ck_assert(!da_meas_read(buf_slice(&b), 0x11, SIG + 1, &meas, &fault));
	ck_fault(fault, DA_F_SHORT);
	ck_assert(!da_meas_read(buf_slice(&b), 0x11, 0, &meas, &fault));
	ck_fault(fault, DA_F_ALG_UNKNOWN);
}
END_TEST

START_TEST(codes)
{
	size_t begin[3];
	struct buf b = series(0x12, begin);
	struct da_slice s = buf_slice(&b);

	refused_with(s, 0x12, 1, 0x7f, DA_F_MEAS_CODE);
	refused_with(s, 0x12, begin[1] + 1, 0x81, DA_F_MEAS_CODE);
	ck_assert_uint_eq(fault.offset, begin[1] + 1);
	/* A response has no request in front of it; an ERROR answers one. */
	refused_with(s, 0x12, begin[1] + 1, 0x60, DA_F_MEAS_NO_REQUEST);
	refused_with(s, 0x12, 4 + 1, 0x7f, DA_F_MEAS_CODE);
	refused_with(s, 0x12, 4 + 1, 0xe0, DA_F_MEAS_CODE);
	b = buf_copy(da_slice_of(b.p + 4, b.n - 4));
	refused(b, 0x12, DA_F_MEAS_NO_REQUEST);
}
END_TEST

START_TEST(versions_agree)
{
	size_t begin[3];
	struct buf b = series(0x12, begin);
	struct da_slice s = buf_slice(&b);

	refused(b, 0x13, DA_F_VCA_OTHER);
	refused(b, 0x11, DA_F_VCA_OTHER);
	refused_with(s, 0x12, 4, 0x13, DA_F_MEAS_VERSION);
	refused_with(s, 0x12, begin[1], 0x11, DA_F_MEAS_VERSION);
	refused_with(s, 0x12, begin[2], 0x10, DA_F_MEAS_VERSION);
}
END_TEST

START_TEST(version_without_a_vca)
{
	size_t begin[3];
	struct buf b;

	for (unsigned int v = 0x10; v <= 0x11; v++) {
		b = series((uint8_t)v, begin);
		ck_assert(read_it(buf_slice(&b), 0));
		ck_assert_uint_eq(meas.version, v);
		refused_with(buf_slice(&b), 0, begin[1], v ^ 1,
		    DA_F_MEAS_VERSION);
	}
	for (unsigned int v = 0x12; v <= 0x14; v++) {
		b = series((uint8_t)v, begin);
		refused(b, 0, DA_F_VCA_ABSENT);
	}
	refused_with(buf_slice(&b), 0, 0, 0x15, DA_F_VERSION_UNSUPPORTED);
	refused_with(buf_slice(&b), 0, 0, 0x00, DA_F_MEAS_VERSION);
	refused_with(buf_slice(&b), 0, 0, 0x20, DA_F_MEAS_VERSION);
}
END_TEST

START_TEST(opaque_is_bounded)
{
	struct exchange_plan p = plan(0x12, true);
	struct buf b = { 0 };

	p.opaque = 1024;
	put_exchange(&b, &p);
	ck_assert(read_it(buf_slice(&b), 0x12));
	ck_assert_uint_eq(meas.exchange[0].opaque.n, 1024);
	p.opaque = 1025;
	b = (struct buf){ 0 };
	put_exchange(&b, &p);
	refused(b, 0x12, DA_F_MEAS_OPAQUE);
	ck_assert_uint_eq(fault.offset, 37 + 8 + p.record.n + 32);
}
END_TEST

START_TEST(context_is_echoed)
{
	for (int is_signed = 0; is_signed < 2; is_signed++) {
		struct exchange_plan p = plan(0x13, is_signed != 0);
		struct buf b = { 0 };
		size_t at;

		put_exchange(&b, &p);
		at = b.n - (is_signed ? SIG : 0) - 8;
		ck_assert(read_it(buf_slice(&b), 0x13));
		refused_with(buf_slice(&b), 0x13, at, 0,
		    DA_F_MEAS_CONTEXT);
		ck_assert_uint_eq(fault.offset, at);
		refused_with(buf_slice(&b), 0x13, at + 7, 0xcd,
		    DA_F_MEAS_CONTEXT);
	}
}
END_TEST

START_TEST(content_changed)
{
	for (unsigned int changed = 0; changed < 4; changed++) {
		struct exchange_plan p = plan(0x12, true);
		struct buf b = { 0 };

		p.answer = (uint8_t)(changed << 4);
		put_exchange(&b, &p);
		if (changed == 3) {
			refused(b, 0x12, DA_F_MEAS_CHANGED);
			ck_assert_uint_eq(fault.offset, 37 + 3);
			continue;
		}
		ck_assert(read_it(buf_slice(&b), 0x12));
		ck_assert_uint_eq(meas.content_changed, changed);
	}
	/* An unsigned response says nothing of it; 1.1 has no such bits. */
	for (unsigned int v = 0x11; v <= 0x12; v++) {
		struct exchange_plan p = plan((uint8_t)v, false);
		struct buf b = { 0 };

		p.answer = 0x20;
		put_exchange(&b, &p);
		if (v == 0x12)
			refused(b, 0x12, DA_F_MEAS_CHANGED);
		else
			ck_assert(read_it(buf_slice(&b), 0x11));
	}
}
END_TEST

START_TEST(bounds)
{
	struct exchange_plan p = plan(0x12, false);
	struct buf b = { 0 };

	for (int i = 0; i < DA_MAX_EXCHANGES; i++)
		put_exchange(&b, &p);
	ck_assert(read_it(buf_slice(&b), 0x12));
	ck_assert_uint_eq(meas.n, DA_MAX_EXCHANGES);
	put_exchange(&b, &p);
	refused(b, 0x12, DA_F_MEAS_MANY);
	put_fill(&b, 0, DA_MAX_MEAS);
	refused(b, 0x12, DA_F_TOO_LONG);
	/* The cap itself may be reached. */
	b = (struct buf){ 0 };
	put_fill(&b, 0, DA_MAX_MEAS - 46);
	p.record = buf_slice(&b);
	p.opaque = 0;
	b = (struct buf){ 0 };
	put_exchange(&b, &p);
	ck_assert_uint_eq(b.n, DA_MAX_MEAS);
	ck_assert(read_it(buf_slice(&b), 0x12));
	/* A record of 16 MiB that is not there. */
	b = (struct buf){ 0 };
	put_exchange(&b, &p);
	set_le(&b, 4 + 5, 0xffffff, 3);
	refused(b, 0x12, DA_F_SHORT);
}
END_TEST

/* Which bits of Param1 a version has; those above are reserved. */
START_TEST(attributes)
{
	static const uint8_t known[] = { 1, 1, 3, 7, 7 };

	for (unsigned int v = 0x10; v <= 0x14; v++)
		for (unsigned int bits = 0; bits < 256; bits++) {
			struct exchange_plan p = plan((uint8_t)v,
			    (bits & 1) != 0);
			struct buf b = { 0 };

			put_exchange(&b, &p);
			set8(&b, 2, bits);
			if ((bits & ~known[v - 0x10] & 0xff) == 0) {
				ck_assert(read_it(buf_slice(&b), (uint8_t)v));
				continue;
			}
			refused(b, (uint8_t)v, DA_F_MEAS_ATTRIBUTE);
			ck_assert_uint_eq(fault.offset, 2);
		}
}
END_TEST

START_TEST(slots)
{
	for (unsigned int v = 0x11; v <= 0x14; v++)
		for (unsigned int slot = 0; slot < 256; slot++) {
			struct exchange_plan p = plan((uint8_t)v, true);
			unsigned int low = slot & 0x0f;
			struct buf b = { 0 };

			p.slot = (uint8_t)slot;
			put_exchange(&b, &p);
			if (low <= 7 || low == 0x0f) {
				ck_assert(read_it(buf_slice(&b), (uint8_t)v));
				ck_assert_uint_eq(meas.slot_asked, low);
				continue;
			}
			refused(b, (uint8_t)v, DA_F_SLOT_RESERVED);
			ck_assert_uint_eq(fault.offset, 36);
		}
}
END_TEST

/* A signature ends a series; what counts is what the last one says. */
START_TEST(series_of_series)
{
	for (unsigned int v = 0x10; v <= 0x14; v++) {
		struct exchange_plan p = plan((uint8_t)v, true);
		size_t begin[3], first, third;
		struct buf b = series((uint8_t)v, begin);

		first = b.n;
		p.slot = p.answer = 2;
		put_exchange(&b, &p);
		third = b.n;
		p = plan((uint8_t)v, false);
		put_exchange(&b, &p);
		p = plan((uint8_t)v, true);
		p.nonce = 0xbb;
		p.slot = 5;
		p.answer = v < 0x12 ? 6 : 0x26;
		put_exchange(&b, &p);
		ck_assert(read_it(buf_slice(&b), (uint8_t)v));
		ck_assert(meas.is_signed);
		ck_assert_uint_eq(meas.n_before, 2);
		ck_assert_uint_eq(meas.n, 2);
		ck_assert_uint_eq(meas.transcript.n, b.n - third - SIG);
		ck_assert_uint_eq(meas.nonce.p[0], 0xbb);
		ck_assert_uint_eq(meas.slot_asked, v == 0x10 ? 0 : 5);
		ck_assert_uint_eq(meas.slot_answered, v == 0x10 ? 0 : 6);
		ck_assert_uint_eq(meas.content_changed, v < 0x12 ? 0 : 2);
		ck_assert_uint_eq(meas.before[0].transcript.n, first - SIG);
		ck_assert_uint_eq(meas.before[0].signature.n, SIG);
		ck_assert_uint_eq(meas.before[0].slot_asked, 0);
		ck_assert_uint_eq(meas.before[1].transcript.n,
		    third - first - SIG);
		ck_assert_uint_eq(meas.before[1].slot_asked,
		    v == 0x10 ? 0 : 2);
		/* An exchange behind the last signature is nobody's. */
		p = plan((uint8_t)v, false);
		put_exchange(&b, &p);
		ck_assert(read_it(buf_slice(&b), (uint8_t)v));
		ck_assert(!meas.is_signed);
		ck_assert_uint_eq(meas.n_before, 3);
		ck_assert_uint_eq(meas.nonce.n, 0);
		ck_assert_uint_eq(meas.slot_asked, 0);
		ck_assert_uint_eq(meas.content_changed, 0);
	}
}
END_TEST

START_TEST(series_are_bounded)
{
	struct exchange_plan p = plan(0x12, true);
	struct buf b = { 0 };

	for (int i = 0; i < DA_MAX_SERIES; i++)
		put_exchange(&b, &p);
	ck_assert(read_it(buf_slice(&b), 0x12));
	ck_assert_uint_eq(meas.n_before, DA_MAX_SERIES - 1);
	put_exchange(&b, &p);
	refused(b, 0x12, DA_F_MEAS_SERIES);
	ck_assert_uint_eq(fault.offset, b.n / 9 * 8);
}
END_TEST

struct real {
	const char *file;
	uint8_t version;
	uint16_t sig_size, n;
	bool is_signed;
};

static const struct real reals[] = {
	{ "libspdm/v1.0-p256-sha256-all/measurements.bin", 0, 64, 1, true },
	{ "libspdm/v1.1-p256-sha256-all/measurements.bin", 0, 64, 1, true },
	{ "libspdm/v1.1-p384-sha384-onebyone/measurements.bin", 0, 96, 9,
	    true },
	{ "libspdm/v1.2-p256-chunked/measurements.bin", 0x12, 64, 1, true },
	{ "libspdm/v1.2-p384-sha384-onebyone/measurements.bin", 0x12, 96, 9,
	    true },
	{ "libspdm/v1.2-p521-sha512-all/measurements.bin", 0x12, 132, 1,
	    true },
	{ "libspdm/v1.2-rsapss3072-sha384-all/measurements.bin", 0x12, 384,
	    1, true },
	{ "libspdm/v1.2-ed25519-sha256-all/measurements.bin", 0x12, 64, 1,
	    true },
	{ "libspdm/v1.3-p384-sha384-onebyone/measurements.bin", 0x13, 96, 9,
	    true },
	{ "libspdm/v1.3-p384-sha384-all/measurements.bin", 0x13, 96, 1,
	    true },
	{ "libspdm/v1.4-p256-sha256-all/measurements.bin", 0x14, 64, 1,
	    true },
	{ "libspdm/v1.4-mldsa65-sha384-all/measurements.bin", 0x14, 3309, 1,
	    true },
	{ "libspdm/neg-v1.2-p256-nosig/measurements.bin", 0x12, 64, 1,
	    false },
	{ "nvidia/hopper-a/report.bin", 0, 96, 1, true },
	{ "nvidia/blackwell/report.bin", 0, 96, 1, true },
	{ "nvidia/ls10-switch/report.bin", 0, 96, 1, true },
};

START_TEST(real_one)
{
	const struct real *r = &reals[_i];
	unsigned int boundaries = 0;
	struct da_slice raw;

	if (!load(r->file, &raw))
		return;
	ck_assert_msg(da_meas_read(raw, r->version, r->sig_size, &meas,
	    &fault), "%s: %s", r->file, da_fault_text(fault.why)->name);
	ck_assert_uint_eq(meas.n, r->n);
	ck_assert(meas.is_signed == r->is_signed);
	ck_assert_uint_eq(meas.transcript.n, raw.n -
	    (r->is_signed ? r->sig_size : 0));
	for (size_t n = 1; n < raw.n; n++)
		if (da_meas_read(prefix(raw, n), r->version, r->sig_size,
		    &meas, &fault)) {
			ck_assert(!meas.is_signed);
			boundaries++;
		} else {
			ck_assert_int_eq(fault.why, DA_F_SHORT);
		}
	ck_assert_uint_eq(boundaries, r->n - 1u);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("meas");
	TCase *t = tcase_create("meas");

	tcase_add_test(t, one_signed_exchange);
	tcase_add_test(t, a_series);
	tcase_add_test(t, unsigned_only_is_well_formed);
	tcase_add_test(t, prefixes_are_malformed);
	tcase_add_test(t, nothing_after_the_signature);
	tcase_add_test(t, signature_size_decides);
	tcase_add_test(t, codes);
	tcase_add_test(t, versions_agree);
	tcase_add_test(t, version_without_a_vca);
	tcase_add_test(t, opaque_is_bounded);
	tcase_add_test(t, context_is_echoed);
	tcase_add_test(t, content_changed);
	tcase_add_test(t, bounds);
	tcase_add_test(t, attributes);
	tcase_add_test(t, slots);
	tcase_add_test(t, series_of_series);
	tcase_add_test(t, series_are_bounded);
	tcase_add_loop_test(t, real_one, 0,
	    (int)(sizeof(reals) / sizeof(reals[0])));
	suite_add_tcase(s, t);
	return run_suite(s);
}

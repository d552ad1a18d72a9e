/* SPDX-License-Identifier: Apache-2.0 */
/* The strict DER walk: what BER allows and this does not. */
#include "build.h"
#include "verifier/derwalk.h"

/* Bytes of a literal; the NUL that ends it is none of them. */
#define OVER(literal) over(literal, sizeof(literal) - 1)

static struct da_der
over(const char *bytes, size_t n)
{
	return da_der_over(da_cur_of(exact(da_slice_of(bytes, n), n)),
	    DA_PART_CHAIN);
}

static void
is_refused(const struct da_der *d, enum da_why why)
{
	ck_assert(!da_der_ok(d));
	ck_fault(d->fault, why);
	ck_assert_int_eq(d->fault.part, DA_PART_CHAIN);
}

START_TEST(takes_elements)
{
	struct da_der d = OVER("\x04\x03" "abc" "\x30\x00\x0c\x01z");
	struct da_slice s = da_der_take(&d, DA_DER_OCTET_STRING);

	ck_assert(da_slice_eq(s, da_slice_str("abc")));
	ck_assert_uint_eq(da_der_peek(&d), DA_DER_SEQUENCE);
	s = da_der_element(&d);
	ck_assert_uint_eq(s.n, 2);
	s = da_der_element(&d);
	ck_assert(da_slice_eq(s, da_slice_of("\x0c\x01z", 3)));
	ck_assert(da_der_ok(&d));
	ck_assert(da_all_read(&d.c));
	ck_assert_uint_eq(da_der_peek(&d), 0);
}
END_TEST

START_TEST(lengths)
{
	static const struct {
		const char *head;
		size_t n, contents;
	} good[] = { { "\x04\x7f", 2, 0x7f }, { "\x04\x81\x80", 3, 0x80 },
	    { "\x04\x81\xff", 3, 0xff }, { "\x04\x82\x01\x00", 4, 0x100 },
	    { "\x04\x82\xff\xff", 4, 0xffff },
	    { "\x04\x83\x01\x00\x00", 5, 0x10000 },
	    { "\x04\x83\x04\x00\x00", 5, 0x40000 } };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct buf b = { 0 };
		struct da_der d;

		put_bytes(&b, good[i].head, good[i].n);
		put_fill(&b, 0, good[i].contents);
		d = over((const char *)b.p, b.n);
		ck_assert_uint_eq(da_der_take(&d, 4).n, good[i].contents);
		ck_assert(da_der_ok(&d));
		d = over((const char *)b.p, b.n - 1);
		da_der_take(&d, 4);
		is_refused(&d, DA_F_SHORT);
	}
}
END_TEST

START_TEST(lengths_of_ber)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
		{ "\x30\x80\x00\x00", 4 },	/* indefinite */
		{ "\x04\x81\x7f", 3 },		/* not minimal */
		{ "\x04\x81\x00", 3 },
		{ "\x04\x82\x00\xff", 4 },
		{ "\x04\x82\x00\x00", 4 },
		{ "\x04\x83\x00\xff\xff", 5 },
		{ "\x04\x83\x00\x00\x00", 5 },
		{ "\x04\x84\x01\x00\x00\x00", 6 },	/* over any cap */
		{ "\x04\x84\xff\xff\xff\xff", 6 },
		{ "\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10 },
		{ "\x04\xff", 2 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf b = { 0 };
		struct da_der d;

		put_bytes(&b, bad[i].bytes, bad[i].n);
		put_fill(&b, 0, 300);
		d = over((const char *)b.p, b.n);
		da_der_element(&d);
		is_refused(&d, DA_F_DER_LENGTH);
	}
}
END_TEST

START_TEST(cut_off)
{
	static const char whole[] = "\x30\x06\x04\x01z\x02\x01\x05";

	for (size_t n = 0; n + 1 < sizeof(whole); n++) {
		struct da_der d = over(whole, n), in;

		in = da_der_enter(&d, DA_DER_SEQUENCE);
		da_der_take(&in, DA_DER_OCTET_STRING);
		da_der_small_int(&in);
		da_der_leave(&d, &in);
		is_refused(&d, DA_F_SHORT);
		/* Once refused, nothing more is read. */
		ck_assert_uint_eq(da_der_element(&d).n, 0);
		ck_assert_uint_eq(da_der_take(&d, DA_DER_SEQUENCE).n, 0);
		ck_assert_uint_eq(da_der_peek(&d), 0);
	}
	{
		struct da_der d = over("\x04\x82\x01", 3);

		da_der_element(&d);
		is_refused(&d, DA_F_SHORT);
	}
}
END_TEST

START_TEST(tags)
{
	struct da_der d = OVER("\x04\x00");

	da_der_take(&d, DA_DER_SEQUENCE);
	is_refused(&d, DA_F_DER_TAG);
	/* High tag numbers have no place in a certificate. */
	d = OVER("\x1f\x20\x00");
	da_der_element(&d);
	is_refused(&d, DA_F_DER_TAG);
	d = OVER("\xbf\x03\x00");
	da_der_element(&d);
	is_refused(&d, DA_F_DER_TAG);
}
END_TEST

START_TEST(inner_walks)
{
	struct da_der d = OVER("\x30\x03\x04\x01z\x05\x00"), in;

	in = da_der_enter(&d, DA_DER_SEQUENCE);
	da_der_leave(&d, &in);
	is_refused(&d, DA_F_TRAILING);
	ck_assert_uint_eq(d.fault.offset, 2);
	/* An element may not leave the one around it. */
	d = OVER("\x30\x03\x04\x02z\x05\x00");
	in = da_der_enter(&d, DA_DER_SEQUENCE);
	da_der_take(&in, DA_DER_OCTET_STRING);
	da_der_leave(&d, &in);
	is_refused(&d, DA_F_SHORT);
	/* The first fault wins. */
	da_der_refuse(&d, DA_F_CERT_TIME);
	is_refused(&d, DA_F_SHORT);
}
END_TEST

START_TEST(booleans)
{
	struct da_der d = OVER("\x01\x01\x00\x01\x01\xff");

	ck_assert(!da_der_boolean(&d));
	ck_assert(da_der_boolean(&d));
	ck_assert(da_der_ok(&d));
	d = OVER("\x01\x01\x01");
	ck_assert(!da_der_boolean(&d));
	is_refused(&d, DA_F_DER_VALUE);
	d = OVER("\x01\x02\xff\xff");
	ck_assert(!da_der_boolean(&d));
	is_refused(&d, DA_F_DER_VALUE);
	d = OVER("\x01\x00");
	ck_assert(!da_der_boolean(&d));
	is_refused(&d, DA_F_DER_VALUE);
}
END_TEST

START_TEST(integers)
{
	static const struct {
		const char *bytes;
		size_t n;
		uint32_t value;
	} good[] = { { "\x02\x01\x00", 3, 0 }, { "\x02\x01\x7f", 3, 0x7f },
	    { "\x02\x02\x00\x80", 4, 0x80 },
	    { "\x02\x04\x7f\xff\xff\xff", 6, 0x7fffffff } };
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = { { "\x02\x00", 2 }, { "\x02\x01\x80", 3 },
	    { "\x02\x02\x00\x7f", 4 }, { "\x02\x02\x00\x00", 4 },
	    { "\x02\x04\x80\x00\x00\x00", 6 },
	    { "\x02\x05\x00\xff\xff\xff\xff", 7 } };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct da_der d = over(good[i].bytes, good[i].n);

		ck_assert_uint_eq(da_der_small_int(&d), good[i].value);
		ck_assert(da_der_ok(&d));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct da_der d = over(bad[i].bytes, bad[i].n);

		ck_assert_uint_eq(da_der_small_int(&d), 0);
		is_refused(&d, DA_F_DER_VALUE);
	}
}
END_TEST

START_TEST(bit_strings)
{
	struct da_der d = OVER("\x03\x03\x00\x12\x34");
	struct da_slice s = da_der_octet_bits(&d);

	ck_assert(da_slice_eq(s, da_slice_of("\x12\x34", 2)));
	ck_assert(da_der_ok(&d));
	d = OVER("\x03\x01\x00");
	ck_assert_uint_eq(da_der_octet_bits(&d).n, 0);
	ck_assert(da_der_ok(&d));
	d = OVER("\x03\x02\x01\x12");
	da_der_octet_bits(&d);
	is_refused(&d, DA_F_DER_VALUE);
	d = OVER("\x03\x00");
	da_der_octet_bits(&d);
	is_refused(&d, DA_F_DER_VALUE);
}
END_TEST

START_TEST(named_bits)
{
	static const struct {
		const char *bytes;
		size_t n;
		uint32_t flags;
	} good[] = { { "\x03\x02\x07\x80", 4, 1 }, { "\x03\x02\x02\x04", 4,
	    1 << 5 }, { "\x03\x02\x01\x86", 4, 0x61 },
	    { "\x03\x03\x07\x00\x80", 5, 1 << 8 },
	    { "\x03\x01\x00", 3, 0 },
	    { "\x03\x05\x00\x80\x00\x00\x01", 7, 0x80000001 } };
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = { { "\x03\x00", 2 }, { "\x03\x01\x01", 3 },
	    { "\x03\x02\x00\x80", 4 },		/* zero bits at the end */
	    { "\x03\x02\x07\xc0", 4 },		/* padding that is not zero */
	    { "\x03\x02\x08\x80", 4 }, { "\x03\x02\x07\x00", 4 },
	    { "\x03\x06\x00\x01\x01\x01\x01\x01", 8 } };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct da_der d = over(good[i].bytes, good[i].n);

		ck_assert_uint_eq(da_der_flags(&d), good[i].flags);
		ck_assert(da_der_ok(&d));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct da_der d = over(bad[i].bytes, bad[i].n);

		ck_assert_uint_eq(da_der_flags(&d), 0);
		is_refused(&d, DA_F_DER_VALUE);
	}
}
END_TEST

static void
oid_is(const char *bytes, size_t n, const char *text)
{
	char buf[40];

	if (text == NULL) {
		ck_assert(!da_oid_text(da_slice_of(bytes, n), buf,
		    sizeof(buf)));
		return;
	}
	ck_assert(da_oid_text(da_slice_of(bytes, n), buf, sizeof(buf)));
	ck_assert_str_eq(buf, text);
}

START_TEST(oid_texts)
{
	char small[11];

	oid_is("\x55\x1d\x0f", 3, "2.5.29.15");
	oid_is("\x2b\x06\x01\x04\x01\x83\x1c\x82\x12\x06", 10,
	    "1.3.6.1.4.1.412.274.6");
	oid_is("\x88\x37", 2, "2.999");
	oid_is("", 0, NULL);
	oid_is("\x2b\x83", 2, NULL);
	oid_is("\x2b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 12, NULL);
	for (size_t n = 0; n <= sizeof(small); n++)
		ck_assert_int_eq(da_oid_text(da_slice_of("\x55\x1d\x0f", 3),
		    small, n), n >= sizeof("2.5.29.15"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("derwalk");
	TCase *t = tcase_create("derwalk");

	tcase_add_test(t, takes_elements);
	tcase_add_test(t, lengths);
	tcase_add_test(t, lengths_of_ber);
	tcase_add_test(t, cut_off);
	tcase_add_test(t, tags);
	tcase_add_test(t, inner_walks);
	tcase_add_test(t, booleans);
	tcase_add_test(t, integers);
	tcase_add_test(t, bit_strings);
	tcase_add_test(t, named_bits);
	tcase_add_test(t, oid_texts);
	suite_add_tcase(s, t);
	return run_suite(s);
}

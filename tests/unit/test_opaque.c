/* SPDX-License-Identifier: Apache-2.0 */
/* Opaque data: formats, the table of elements, and what libspdm read past. */
#include "build.h"
#include "verifier/opaque.h"
#include "verifier/spdm_vca.h"

static struct da_opaque opaque;
static struct da_fault fault;

/* Behind four bytes of another field, so that offsets are the part's. */
#define BEFORE 4u

static bool
read_as(enum da_opaque_format format, const struct buf *table)
{
	struct buf part = { 0 };
	struct da_slice whole, inner;
	struct da_cur c;

	put_fill(&part, 0xee, BEFORE);
	put_slice(&part, buf_slice(table));
	whole = exact(buf_slice(&part), part.n);
	ck_assert(da_slice_cut(whole, BEFORE, table->n, &inner));
	c = da_cur_of(whole);
	return da_opaque_read(da_cur_over(&c, inner), DA_PART_MEASUREMENTS,
	    format, &opaque, &fault);
}

static void
refused(const struct buf *table, size_t at)
{
	ck_assert(!read_as(DA_OPAQUE_FMT1, table));
	ck_fault(fault, DA_F_OPAQUE_FORM);
	ck_assert_int_eq(fault.part, DA_PART_MEASUREMENTS);
	ck_assert_uint_eq(fault.offset, BEFORE + at);
}

static void
put_element(struct buf *b, unsigned int registry, unsigned int vendor,
    unsigned int data)
{
	size_t from = b->n;

	put8(b, registry);
	put8(b, vendor);
	put_fill(b, 0x77, vendor);
	put16(b, data);
	put_fill(b, 0xda, data);
	while ((b->n - from) % 4 != 0)
		put8(b, 0);
}

static struct buf
table(unsigned int n)
{
	struct buf b = { 0 };

	put32(&b, n);
	return b;
}

/* One of each length modulo 4: three kinds of padding and none. */
static struct buf
four(void)
{
	struct buf b = table(4);

	put_element(&b, 0, 0, 4);
	put_element(&b, 3, 2, 5);
	put_element(&b, 4, 4, 6);
	put_element(&b, 11, 0, 7);
	return b;
}

START_TEST(elements)
{
	static const struct { uint8_t registry; size_t vendor, data; } want[] =
	    { { 0, 0, 4 }, { 3, 2, 5 }, { 4, 4, 6 }, { 11, 0, 7 } };
	struct buf b = four();
	struct da_opaque_element e;
	struct da_cur c;

	ck_assert(read_as(DA_OPAQUE_FMT1, &b));
	ck_assert_uint_eq(opaque.n, 4);
	ck_assert(da_slice_eq(opaque.raw, buf_slice(&b)));
	c = da_cur_of(opaque.elements);
	for (size_t i = 0; i < 4; i++) {
		ck_assert(da_opaque_next(&c, &e));
		ck_assert_uint_eq(e.registry, want[i].registry);
		ck_assert_uint_eq(e.vendor.n, want[i].vendor);
		ck_assert_uint_eq(e.data.n, want[i].data);
		ck_assert_uint_eq(e.data.p[e.data.n - 1], 0xda);
	}
	ck_assert(da_all_read(&c));
	ck_assert(!da_opaque_next(&c, &e));
}
END_TEST

/* spdm-rs c26042c: TotalElements had to be 1. */
START_TEST(any_positive_count)
{
	for (unsigned int n = 1; n <= 255; n++) {
		struct buf b = table(n);

		for (unsigned int i = 0; i < n; i++)
			put_element(&b, 0, 0, 0);
		ck_assert(read_as(DA_OPAQUE_FMT1, &b));
		ck_assert_uint_eq(opaque.n, n);
		if (n == 255)
			continue;
		set8(&b, 0, n + 1);
		refused(&b, b.n);
	}
}
END_TEST

START_TEST(no_elements)
{
	struct buf b = table(0);

	refused(&b, 0);
	put_element(&b, 0, 0, 0);
	refused(&b, 0);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct buf b = four();

	for (size_t n = 1; n < b.n; n++) {
		struct buf cut = buf_copy(da_slice_of(b.p, n));

		ck_assert(!read_as(DA_OPAQUE_FMT1, &cut));
		ck_fault(fault, DA_F_OPAQUE_FORM);
		ck_assert_uint_le(fault.offset, BEFORE + n);
	}
}
END_TEST

/* Padding that is cut off is an element that is. */
START_TEST(padding_is_part_of_its_element)
{
	struct da_opaque_element e;
	struct da_cur c;
	struct buf b = { 0 };

	put_element(&b, 0, 0, 1);
	for (size_t n = 0; n < b.n; n++) {
		c = da_cur_of(prefix(buf_slice(&b), n));
		ck_assert(!da_opaque_next(&c, &e));
	}
	b = table(1);
	put_element(&b, 0, 0, 1);
	for (size_t n = b.n - 3; n < b.n; n++) {
		struct buf cut = buf_copy(da_slice_of(b.p, n));

		refused(&cut, 4);
	}
}
END_TEST

/* libspdm does not look behind the last element. */
START_TEST(nothing_after_the_last_element)
{
	struct buf b = four();
	size_t end = b.n;

	for (unsigned int i = 0; i < 8; i++) {
		put8(&b, 0);
		refused(&b, end);
	}
	b = four();
	set8(&b, 0, 3);
	refused(&b, end - 12);
}
END_TEST

START_TEST(reserved_is_zero)
{
	for (size_t at = 1; at < 4; at++) {
		struct buf b = four();

		set8(&b, at, 1);
		refused(&b, 0);
		set8(&b, at, 0x80);
		refused(&b, 0);
	}
}
END_TEST

START_TEST(padding_is_zero)
{
	for (unsigned int data = 1; data <= 4; data++) {
		struct buf b = table(2);
		size_t at = b.n, end;

		put_element(&b, 0, 0, data);
		end = b.n;
		put_element(&b, 0, 0, 4);
		for (size_t i = at + 4 + data; i < end; i++) {
			struct buf spoilt = buf_copy(buf_slice(&b));

			set8(&spoilt, i, 1);
			refused(&spoilt, at);
		}
	}
}
END_TEST

/* libspdm 6485badd, 9bf82b7d, 48cc0b3a: lengths are held to what is left. */
START_TEST(lengths_past_the_end)
{
	static const unsigned int lengths[] = { 5, 8, 9, 0xff, 0x7fff, 0xfffc,
	    0xffff };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct buf b = table(1);

		put_element(&b, 0, 0, 4);
		set_le(&b, 6, lengths[i], 2);
		refused(&b, 4);
		b = table(1);
		put_element(&b, 0, 0, 4);
		set8(&b, 5, lengths[i] & 0xff);
		refused(&b, 4);
	}
}
END_TEST

START_TEST(registries)
{
	for (unsigned int id = 0; id < 256; id++) {
		struct buf b = table(1);

		put_element(&b, id, 2, 2);
		ck_assert_int_eq(read_as(DA_OPAQUE_FMT1, &b), id < 12);
		ck_assert_int_eq(da_registry_name((uint8_t)id) != NULL,
		    id < 12);
		if (id >= 12)
			refused(&b, 4);
	}
	ck_assert_str_eq(da_registry_name(3), "pci-sig");
}
END_TEST

START_TEST(selected_by_algorithms)
{
	for (uint8_t v = DA_SPDM_10; v <= DA_SPDM_14; v++)
		for (unsigned int sel = 0; sel < 256; sel++) {
			unsigned int bits = sel & 0xf;
			enum da_opaque_format want = v < DA_SPDM_12 ?
			    DA_OPAQUE_VENDOR : bits == 1 ? DA_OPAQUE_FMT0 :
			    bits == 2 ? DA_OPAQUE_FMT1 : DA_OPAQUE_NONE;

			ck_assert_int_eq(da_opaque_format(v, (uint8_t)sel),
			    want);
		}
}
END_TEST

START_TEST(other_formats)
{
	struct buf b = { 0 };

	for (enum da_opaque_format f = DA_OPAQUE_NONE; f <= DA_OPAQUE_FMT1;
	    f++) {
		ck_assert(read_as(f, &b));
		ck_assert_uint_eq(opaque.raw.n, 0);
		ck_assert_uint_eq(opaque.n, 0);
	}
	put_fill(&b, 0x0f, 5);
	ck_assert(read_as(DA_OPAQUE_VENDOR, &b));
	ck_assert_uint_eq(opaque.raw.n, 5);
	ck_assert_uint_eq(opaque.n, 0);
	ck_assert(read_as(DA_OPAQUE_FMT0, &b));
	ck_assert_uint_eq(opaque.elements.n, 0);
	/* As libspdm's requester: what was not negotiated is not said. */
	ck_assert(!read_as(DA_OPAQUE_NONE, &b));
	ck_fault(fault, DA_F_OPAQUE_FORM);
	ck_assert_uint_eq(fault.offset, BEFORE);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("opaque");
	TCase *t = tcase_create("opaque");

	tcase_add_test(t, elements);
	tcase_add_test(t, any_positive_count);
	tcase_add_test(t, no_elements);
	tcase_add_test(t, every_prefix_is_refused);
	tcase_add_test(t, padding_is_part_of_its_element);
	tcase_add_test(t, nothing_after_the_last_element);
	tcase_add_test(t, reserved_is_zero);
	tcase_add_test(t, padding_is_zero);
	tcase_add_test(t, lengths_past_the_end);
	tcase_add_test(t, registries);
	tcase_add_test(t, selected_by_algorithms);
	tcase_add_test(t, other_formats);
	suite_add_tcase(s, t);
	return run_suite(s);
}
